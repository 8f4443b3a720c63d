//! Removal of steps on the finished drawing: an upright run moves into the column of the next one when
//! that touches nothing and adds no crossing.
//!
//! The scene is the one before axes are turned back: lines run downwards.

use super::draw::tidied;
use super::occupancy::Occupancy;
use super::scene::{Graph, Point, Rect, Scene};
use super::spacing::{PX, ROW_GAP};

/// Passes over all lines.
const PASSES: usize = 3;
/// Distance of the end of a line from the corners of its box.
const CORNER: i32 = 10 * PX;

/// Straightens the lines of a scene.
pub(crate) fn polish(graph: &Graph, scene: &mut Scene) {
    let mut polish = Polish { room: Occupancy::new(graph, scene), graph, scene };
    for _ in 0..PASSES {
        let mut changed = false;
        for edge in 0..polish.graph.edges.len() {
            changed |= polish.line(edge);
        }
        if !changed {
            break;
        }
    }
    polish.room.write_back(polish.scene);
}

struct Polish<'a> {
    graph: &'a Graph,
    scene: &'a mut Scene,
    room: Occupancy,
}

impl Polish<'_> {
    /// Straightens one line as long as that works.
    fn line(&mut self, edge: usize) -> bool {
        let mut changed = false;
        let mut start = 0;
        while let Some([a, b, c, d]) = four(self.room.line(edge), start) {
            if is_step(a, b, c, d) && self.step(edge, start, [a, b, c, d]) {
                changed = true;
                start = 0;
            } else {
                start += 1;
            }
        }
        changed
    }

    /// Tries the columns of both runs and, for small steps, the one between.
    fn step(&mut self, edge: usize, start: usize, points: [Point; 4]) -> bool {
        let [a, b, c, d] = points;
        let middle = ((a.x - c.x).abs() < ROW_GAP * 3 / 2).then_some(i32::midpoint(a.x, c.x));
        for x in [Some(a.x), Some(c.x), middle].into_iter().flatten() {
            if !self.ends_fit(edge, start, x) {
                continue;
            }
            let line = self.room.line(edge).iter().enumerate();
            let moved = |(place, &at): (usize, &Point)| {
                if (start..start + 4).contains(&place) { Point { x, y: at.y } } else { at }
            };
            let line = tidied(line.map(moved));
            let label = self.room.label(edge).map(|rect| follow(rect, [a, b], [c, d], x));
            if self.room.fits(edge, &line, label) && !self.room.crosses_more(edge, &line) {
                self.room.put(edge, line, label);
                return true;
            }
        }
        false
    }

    /// The first and the last point stay on their boxes.
    fn ends_fit(&self, edge: usize, start: usize, x: i32) -> bool {
        let Some(ends) = self.graph.edges.get(edge) else { return false };
        let on = |rect: Option<Rect>| rect.is_some_and(|r| x >= r.x + CORNER && x <= r.right() - CORNER);
        let last = start + 4 == self.room.line(edge).len();
        (start > 0 || on(self.scene.rect(ends.from))) && (!last || on(self.scene.rect(ends.to)))
    }
}

fn four(line: &[Point], start: usize) -> Option<[Point; 4]> {
    line.get(start..start + 4).and_then(|points| points.try_into().ok())
}

/// Two upright runs in the same sense with a level part between.
fn is_step(a: Point, b: Point, c: Point, d: Point) -> bool {
    let shape = a.x == b.x && b.y == c.y && c.x == d.x;
    shape && (b.y - a.y).signum() * (d.y - c.y).signum() > 0
}

/// The label moves with the run it stands on.
fn follow(rect: Rect, first: [Point; 2], second: [Point; 2], x: i32) -> Rect {
    let (middle, level) = (rect.x + rect.w / 2, rect.y + rect.h / 2);
    let on = |[a, b]: [Point; 2]| {
        let within = a.y.min(b.y) - PX <= level && level <= a.y.max(b.y) + PX;
        within && (a.x - middle).abs() < 2 * PX
    };
    if on(first) || on(second) { Rect { x: x - rect.w / 2, ..rect } } else { rect }
}
