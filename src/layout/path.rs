//! A line of its own through a finished drawing: the cheapest orthogonal way between two boxes (A*, Hart, Nilsson and
//! Raphael 1968) over the columns and rows beside what stands there.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::draw::tidied;
use super::occupancy::Occupancy;
use super::plan::weight;
use super::scene::{Point, Rect, Size};
use super::spacing::{CORNER, PX};

/// From the middle of a line to what it passes.
const BESIDE: i32 = 13 * PX;
/// How far around both ends a line is looked for first.
const NEAR: i32 = 320 * PX;
/// A corner costs as much as this length, and a crossing as much as that.
const CORNER_COST: i64 = 6_000;
const CROSSING_COST: i64 = 40_000;
/// Places looked at before a line is given up.
const MOST_LOOKS: usize = 60_000;
/// Between two places for the end of a line on a side.
const END_STEP: i32 = 22 * PX;
/// Places for ends on each half of a side.
const ENDS: i32 = 4;
/// Between two places where a label is tried.
const LABEL_STEP: i32 = 10 * PX;

/// Both ends of a wanted line, and what it carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) edge: usize,
    pub(crate) from: Rect,
    pub(crate) to: Rect,
    pub(crate) label: Option<Size>,
    /// True where the line leaves its box to the inside: the other end is in it.
    pub(crate) inside: (bool, bool),
}

/// The way of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Course {
    Up,
    Down,
    Left,
    Right,
}

impl Course {
    const ALL: [Self; 4] = [Self::Up, Self::Down, Self::Left, Self::Right];

    fn back(self) -> Self {
        let back = [Self::Down, Self::Up, Self::Right, Self::Left];
        let mut pairs = Self::ALL.into_iter().zip(back);
        pairs.find(|pair| pair.0 == self).map_or(self, |pair| pair.1)
    }
}

/// A line and its label where both are free; `None` when there is no such way.
pub(crate) fn path(room: &Occupancy, wanted: &Wanted) -> Option<(Vec<Point>, Option<Rect>)> {
    [NEAR, i32::MAX / 8].into_iter().find_map(|reach| {
        let line = Search::new(room, wanted, reach).run()?;
        let label = match wanted.label {
            None => None,
            Some(size) => Some(place_label(room, wanted.edge, &line, size)?),
        };
        room.fits(wanted.edge, &line, label).then_some((line, label))
    })
}

/// A place and the course on which it was reached.
type State = (usize, usize, Course);

struct Search<'a> {
    room: &'a Occupancy,
    wanted: &'a Wanted,
    xs: Vec<i32>,
    ys: Vec<i32>,
    goals: BTreeMap<(i32, i32), Course>,
    starts: Vec<(Point, Course)>,
}

impl<'a> Search<'a> {
    fn new(room: &'a Occupancy, wanted: &'a Wanted, reach: i32) -> Self {
        let starts = ends(&wanted.from, wanted.inside.0);
        let goals = ends(&wanted.to, wanted.inside.1);
        let (a, b) = (wanted.from.grown(reach), wanted.to.grown(reach));
        let window = Rect::spanned(
            Point { x: a.x.min(b.x), y: a.y.min(b.y) },
            Point { x: a.right().max(b.right()), y: a.bottom().max(b.bottom()) },
        );
        let (mut xs, mut ys) = room.lanes(&window, BESIDE);
        for (at, _) in starts.iter().chain(&goals) {
            xs.push(at.x);
            ys.push(at.y);
        }
        for lanes in [&mut xs, &mut ys] {
            lanes.sort_unstable();
            lanes.dedup();
        }
        let goals = goals.into_iter().map(|(at, course)| ((at.x, at.y), course.back())).collect();
        Self { room, wanted, xs, ys, goals, starts }
    }

    fn run(&self) -> Option<Vec<Point>> {
        let mut known: BTreeMap<State, (i64, Option<State>)> = BTreeMap::new();
        let mut open = BinaryHeap::new();
        for &(at, course) in &self.starts {
            let state = (self.xs.binary_search(&at.x).ok()?, self.ys.binary_search(&at.y).ok()?, course);
            known.insert(state, (0, None));
            open.push(Reverse((self.rest(at), 0, state)));
        }
        for _ in 0..MOST_LOOKS {
            let Reverse((_, cost, state)) = open.pop()?;
            if known.get(&state).is_some_and(|best| best.0 < cost) {
                continue;
            }
            let at = self.at(state)?;
            let is_start = known.get(&state).is_some_and(|best| best.1.is_none());
            if !is_start && self.goals.get(&(at.x, at.y)) == Some(&state.2) {
                return Some(self.traced(&known, state));
            }
            for course in Course::ALL {
                let turns = course != state.2;
                if course == state.2.back() || is_start && turns {
                    continue;
                }
                let Some(next) = self.step(state, course) else { continue };
                let Some(there) = self.at(next) else { continue };
                let at_end = is_start || self.goals.contains_key(&(there.x, there.y));
                let Some(crossed) = self.room.way(self.wanted.edge, at, there, at_end) else { continue };
                let length = i64::from((there.x - at.x).abs() + (there.y - at.y).abs());
                let price = length + weight(crossed) * CROSSING_COST + if turns { CORNER_COST } else { 0 };
                let total = cost + price;
                if known.get(&next).is_none_or(|best| total < best.0) {
                    known.insert(next, (total, Some(state)));
                    open.push(Reverse((total + self.rest(there), total, next)));
                }
            }
        }
        None
    }

    fn at(&self, state: State) -> Option<Point> {
        Some(Point { x: *self.xs.get(state.0)?, y: *self.ys.get(state.1)? })
    }

    fn step(&self, (x, y, _): State, course: Course) -> Option<State> {
        let (x, y) = match course {
            Course::Up => (x, y.checked_sub(1)?),
            Course::Down => (x, y + 1),
            Course::Left => (x.checked_sub(1)?, y),
            Course::Right => (x + 1, y),
        };
        (x < self.xs.len() && y < self.ys.len()).then_some((x, y, course))
    }

    /// The least that is still to go.
    fn rest(&self, at: Point) -> i64 {
        let to = &self.wanted.to;
        let gap = |at: i32, low: i32, high: i32| i64::from((low - at).max(at - high).max(0));
        gap(at.x, to.x, to.right()) + gap(at.y, to.y, to.bottom())
    }

    fn traced(&self, known: &BTreeMap<State, (i64, Option<State>)>, last: State) -> Vec<Point> {
        let before = |state: &State| known.get(state).and_then(|best| best.1);
        let states = std::iter::successors(Some(last), before);
        let mut points: Vec<Point> = states.filter_map(|state| self.at(state)).collect();
        points.reverse();
        tidied(points)
    }
}

/// Where a line may leave a box, and on which course.
fn ends(rect: &Rect, inside: bool) -> Vec<(Point, Course)> {
    let places = |low: i32, length: i32| {
        let middle = low + length / 2;
        let all = (-ENDS..=ENDS).map(move |step| middle + step * END_STEP);
        all.filter(move |at| low + CORNER <= *at && *at <= low + length - CORNER || *at == middle)
    };
    let facing = |course: Course| if inside { course.back() } else { course };
    let mut found = Vec::new();
    for x in places(rect.x, rect.w) {
        found.push((Point { x, y: rect.bottom() }, facing(Course::Down)));
        found.push((Point { x, y: rect.y }, facing(Course::Up)));
    }
    for y in places(rect.y, rect.h) {
        found.push((Point { x: rect.right(), y }, facing(Course::Right)));
        found.push((Point { x: rect.x, y }, facing(Course::Left)));
    }
    found
}

/// The place for a label on a line, as near to the middle of a long piece as can be.
pub(crate) fn place_label(room: &Occupancy, edge: usize, line: &[Point], size: Size) -> Option<Rect> {
    let mut tried: Vec<(i32, Rect)> = Vec::new();
    for (a, b) in line.iter().zip(line.iter().skip(1)) {
        let (span, middle) =
            (Rect::spanned(*a, *b), Point { x: i32::midpoint(a.x, b.x), y: i32::midpoint(a.y, b.y) });
        let half = span.w.max(span.h) / 2;
        for step in 0..=half / LABEL_STEP {
            for shift in [step * LABEL_STEP, -step * LABEL_STEP] {
                let (x, y) =
                    if span.h > 0 { (middle.x, middle.y + shift) } else { (middle.x + shift, middle.y) };
                tried.push((
                    shift.abs() - half,
                    Rect { x: x - size.w / 2, y: y - size.h / 2, w: size.w, h: size.h },
                ));
            }
        }
    }
    tried.sort_by_key(|place| place.0);
    tried.into_iter().map(|place| place.1).find(|&rect| room.label_fits(edge, line, Some(rect)))
}
