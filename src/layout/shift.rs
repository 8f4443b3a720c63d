//! What an edit moved in a drawing.

use super::scene::{Point, Rect};

/// How many of the boxes, each given as before and after, stand farther than `far` from where they would be if the whole
/// drawing had only been pushed. The push is that of the box which leaves the fewest.
pub fn displaced(boxes: &[(Rect, Rect)], far: i32) -> usize {
    let pushes: Vec<Point> = boxes.iter().map(|(before, after)| push(before, after)).collect();
    let left = |by: Point| pushes.iter().filter(|push| is_far(**push, by, far)).count();
    pushes.iter().copied().map(left).min().unwrap_or(0)
}

/// From the middle of a box to that of another.
fn push(before: &Rect, after: &Rect) -> Point {
    let middle = |low: i32, length: i32| low.saturating_add(length / 2);
    Point {
        x: middle(after.x, after.w) - middle(before.x, before.w),
        y: middle(after.y, after.h) - middle(before.y, before.h),
    }
}

fn is_far(push: Point, by: Point, far: i32) -> bool {
    let (x, y) = (i64::from(push.x) - i64::from(by.x), i64::from(push.y) - i64::from(by.y));
    x * x + y * y > i64::from(far) * i64::from(far)
}

#[cfg(test)]
mod tests {
    use super::{Rect, displaced};

    fn at(x: i32, y: i32) -> Rect {
        Rect { x, y, w: 100, h: 50 }
    }

    #[test]
    fn a_common_push_moves_nothing() {
        let boxes = [(at(0, 0), at(900, 70)), (at(500, 0), at(1_400, 70)), (at(0, 300), at(905, 370))];
        assert_eq!(displaced(&boxes, 10), 0);
    }

    #[test]
    fn what_leaves_the_common_push_has_moved() {
        let boxes = [(at(0, 0), at(0, 0)), (at(500, 0), at(500, 0)), (at(0, 300), at(0, 400))];
        assert_eq!(displaced(&boxes, 99), 1);
        assert_eq!(displaced(&boxes, 100), 0);
    }
}
