//! Exact geometry of points, boxes and straight pieces in whole numbers.

use super::super::occupancy::hits;
use super::super::scene::{Point, Rect};
use super::Piece;

/// Twice the signed area of the triangle `a`, `b`, `c`.
pub(super) fn cross(a: Point, b: Point, c: Point) -> i64 {
    let (dx, dy) = (i64::from(b.x) - i64::from(a.x), i64::from(b.y) - i64::from(a.y));
    let (ex, ey) = (i64::from(c.x) - i64::from(a.x), i64::from(c.y) - i64::from(a.y));
    dx * ey - dy * ex
}

/// The scalar product of `b − a` and `d − c`.
fn dot(a: Point, b: Point, c: Point, d: Point) -> i64 {
    let across = (i64::from(b.x) - i64::from(a.x)) * (i64::from(d.x) - i64::from(c.x));
    across + (i64::from(b.y) - i64::from(a.y)) * (i64::from(d.y) - i64::from(c.y))
}

/// The distance of two points, rounded down.
pub(super) fn distance(a: Point, b: Point) -> i64 {
    dot(a, b, a, b).isqrt()
}

/// The length of a line.
pub(super) fn length(line: &[Point]) -> i64 {
    line.iter().zip(line.iter().skip(1)).map(|(&a, &b)| distance(a, b)).sum()
}

/// True when a piece runs through the inside of a box.
pub(super) fn enters(a: Point, b: Point, rect: &Rect) -> bool {
    hits(&Rect::spanned(a, b), rect) && straddles(a, b, rect)
}

/// True when corners of a box lie on both sides of the piece's line.
fn straddles(a: Point, b: Point, rect: &Rect) -> bool {
    if a.x == b.x || a.y == b.y {
        return true;
    }
    let corners =
        [(rect.x, rect.y), (rect.right(), rect.y), (rect.x, rect.bottom()), (rect.right(), rect.bottom())];
    let sides = corners.map(|(x, y)| cross(a, b, Point { x, y }).signum());
    sides.contains(&1) && sides.contains(&-1)
}

/// How two pieces of different lines meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    None,
    Cross,
    Touch,
    Lane,
    Tight,
}

/// Classifies a pair of pieces: near pieces are parallel when the sine of their angle is below 0.02.
pub(super) fn meeting(s: &Piece, t: &Piece) -> Meeting {
    let turn = wide(cross_of(s, t));
    let (long_s, long_t) = (distance(s.a, s.b).max(1), distance(t.a, t.b).max(1));
    if turn.abs() * 50 < wide(long_s) * wide(long_t) {
        return side_by_side(s, t, long_s);
    }
    let sign = turn.signum();
    let along_s = cross_from(s.a, t.a, t) * sign;
    let along_t = cross_from(s.a, t.a, s) * sign;
    // The meeting lies between the ends when its share is in 0..1; ends have 0.3 px of play.
    let place = |share: i128, long: i64| (share * wide(long), turn.abs() * wide(long), turn.abs() * 30);
    let (us, ends_s, play) = place(along_s, long_s);
    let (ut, ends_t, _) = place(along_t, long_t);
    if us > play && us < ends_s - play && ut > play && ut < ends_t - play {
        return Meeting::Cross;
    }
    let touches = us >= -play && us <= ends_s + play && ut >= -play && ut <= ends_t + play;
    if touches { Meeting::Touch } else { Meeting::None }
}

fn wide(value: i64) -> i128 {
    i128::from(value)
}

/// The vector product of the directions of two pieces.
fn cross_of(s: &Piece, t: &Piece) -> i64 {
    let (dx, dy) = (i64::from(s.b.x) - i64::from(s.a.x), i64::from(s.b.y) - i64::from(s.a.y));
    let (ex, ey) = (i64::from(t.b.x) - i64::from(t.a.x), i64::from(t.b.y) - i64::from(t.a.y));
    dx * ey - dy * ex
}

/// The vector product of `to − from` and the direction of a piece.
fn cross_from(from: Point, to: Point, piece: &Piece) -> i128 {
    wide(cross_of(&Piece { edge: 0, a: from, b: to }, piece))
}

fn side_by_side(s: &Piece, t: &Piece, long: i64) -> Meeting {
    let gap = cross(s.a, s.b, t.a).abs().max(cross(s.a, s.b, t.b).abs());
    if gap > 550 * long {
        return Meeting::None;
    }
    let (a, b) = (dot(s.a, s.b, s.a, t.a), dot(s.a, s.b, s.a, t.b));
    let shared = a.max(b).min(long * long) - a.min(b).max(0);
    if shared < 300 * long {
        Meeting::None
    } else if gap < 120 * long {
        Meeting::Lane
    } else if shared > 1_200 * long {
        Meeting::Tight
    } else {
        Meeting::None
    }
}

/// Corners of a line that turn by more than 0.2 rad, after steps below 1.5 px are dropped.
pub(super) fn bends(line: &[Point]) -> usize {
    let kept = simplified(line);
    let triples = kept.iter().zip(kept.iter().skip(1)).zip(kept.iter().skip(2));
    triples.filter(|&((&a, &b), &c)| turns(a, b, c)).count()
}

/// The tangent of 0.2 rad is 0.20271.
fn turns(a: Point, b: Point, c: Point) -> bool {
    let ahead = dot(a, b, b, c);
    ahead <= 0 || wide(cross(a, b, c)).abs() * 100_000 > wide(ahead) * 20_271
}

/// Douglas and Peucker's simplification with a tolerance of 1.5 px.
fn simplified(line: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    let mut parts = vec![line];
    while let Some(part) = parts.pop() {
        let (Some(&first), Some(&last)) = (part.first(), part.last()) else { continue };
        let inner = part.iter().enumerate().skip(1).take(part.len().saturating_sub(2));
        let far = inner.map(|(place, &at)| (off(at, first, last), std::cmp::Reverse(place))).max();
        match far {
            Some((distance, std::cmp::Reverse(place))) if distance > 150 * 150 => {
                parts.extend(part.get(place..));
                parts.extend(part.get(..=place));
            }
            _ if kept.last() == Some(&first) => kept.push(last),
            _ => kept.extend([first, last]),
        }
    }
    kept
}

/// The squared distance of a point from a piece.
fn off(at: Point, a: Point, b: Point) -> i128 {
    let along = dot(a, b, a, at);
    let long = dot(a, b, a, b);
    if long == 0 || along <= 0 {
        return wide(dot(a, at, a, at));
    }
    if along >= long {
        return wide(dot(b, at, b, at));
    }
    wide(cross(a, b, at)).pow(2) / wide(long)
}

#[cfg(test)]
mod tests {
    use super::{Meeting, Piece, Point, Rect, bends, enters, meeting};

    fn at(x: i32, y: i32) -> Point {
        Point { x, y }
    }

    fn piece(a: (i32, i32), b: (i32, i32)) -> Piece {
        Piece { edge: 0, a: at(a.0, a.1), b: at(b.0, b.1) }
    }

    #[test]
    fn pieces_cross_touch_and_share_lanes() {
        let level = piece((0, 0), (10_000, 0));
        let meets = |other| meeting(&level, &other);
        assert_eq!(meets(piece((5_000, -500), (5_000, 500))), Meeting::Cross);
        assert_eq!(meets(piece((5_000, -500), (6_000, 500))), Meeting::Cross);
        assert_eq!(meets(piece((5_000, 0), (5_000, 500))), Meeting::Touch);
        assert_eq!(meets(piece((5_000, 40), (5_000, 500))), Meeting::None);
        assert_eq!(meets(piece((2_000, 100), (9_000, 100))), Meeting::Lane);
        assert_eq!(meets(piece((2_000, 500), (9_000, 500))), Meeting::Tight);
        assert_eq!(meets(piece((2_000, 600), (9_000, 600))), Meeting::None);
    }

    #[test]
    fn a_slanted_piece_may_pass_a_corner() {
        let rect = Rect { x: 0, y: 0, w: 1_000, h: 1_000 };
        assert!(enters(at(-100, 500), at(500, -100), &rect));
        assert!(!enters(at(-100, 50), at(50, -100), &rect));
        assert!(!enters(at(0, -100), at(0, 2_000), &rect));
    }

    #[test]
    fn small_steps_are_no_bends() {
        assert_eq!(bends(&[at(0, 0), at(0, 5_000), at(100, 5_000), at(100, 9_000)]), 0);
        assert_eq!(bends(&[at(0, 0), at(0, 5_000), at(900, 5_000), at(900, 9_000)]), 2);
    }
}
