//! A place for one more box in a finished drawing: free as it stands, or where its containers may grow, or where a strip
//! is let in that pushes as little aside as can be.

use super::arena::Key;
use super::plan::weight;
use super::scene::{GroupBox, Point, Rect, Route, Scene, Size};
use super::spacing::{PAD, PX};
use super::tree::{Item, Nest, Tree};

/// Around a new box: beside it and above it.
const AIR: (i32, i32) = (34 * PX, 32 * PX);
/// Around lines, labels and titles.
const LINE_AIR: i32 = 14 * PX;
/// Between the border of a container that grows and what is outside.
const GROWTH_AIR: i32 = 12 * PX;
/// Places that are tried with their lines, and strips that are tried.
const MOST_SPOTS: usize = 8;
const MOST_STRIPS: usize = 12;

/// Which box is to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcomer {
    pub(crate) node: usize,
    pub(crate) size: Size,
    /// The box it should stand near.
    pub(crate) near: Option<Rect>,
    /// Width that a label beside it needs.
    pub(crate) label: i32,
}

/// Drawings with room for one more box at the place that comes with them, the best first.
pub(crate) fn spots<'a>(
    tree: &'a Tree,
    scene: &'a Scene,
    placed: &'a [bool],
    new: &'a Newcomer,
) -> impl Iterator<Item = (Scene, Rect)> + 'a {
    let field = Field { tree, scene, placed, new };
    // Strips push boxes aside, so they are not even looked for while there is another way.
    let strips = std::iter::once_with(move || field.strips()).flatten();
    let widened = strips.filter_map(|strip| let_in(scene, &strip)).take(MOST_STRIPS);
    let pushed = widened.flat_map(move |scene| Field { scene: &scene, ..field }.spots().into_iter().take(2));
    field.spots().into_iter().chain(pushed)
}

#[derive(Clone, Copy)]
struct Field<'a> {
    tree: &'a Tree,
    scene: &'a Scene,
    /// False for nodes without a place.
    placed: &'a [bool],
    new: &'a Newcomer,
}

impl Field<'_> {
    fn home(&self) -> Nest {
        self.tree.parent(Item::of(self.new.node))
    }

    /// The containers around the box, from the inside out, without the page.
    fn around(&self) -> Vec<usize> {
        let root = self.tree.root();
        let up = |nest: &Nest| Some(self.tree.parent(self.tree.item_of(*nest))).filter(|up| *up != root);
        let first = Some(self.home()).filter(|home| *home != root);
        std::iter::successors(first, up).map(Key::at).collect()
    }

    fn nodes(&self) -> impl Iterator<Item = (usize, Rect)> + '_ {
        let all = self.scene.nodes.iter().zip(self.placed).enumerate();
        all.filter(|(_, (_, placed))| **placed).map(|(node, (rect, _))| (node, *rect))
    }

    fn group(&self, group: usize) -> Option<&GroupBox> {
        self.scene.groups.get(group)
    }

    fn spots(&self) -> Vec<(Scene, Rect)> {
        let (xs, ys) = self.places();
        let all = xs.iter().flat_map(|&x| ys.iter().map(move |&y| (x, y)));
        let rects = all.map(|(x, y)| Rect { x, y, w: self.new.size.w, h: self.new.size.h });
        let mut rated: Vec<(i64, Rect)> = rects.filter_map(|rect| Some((self.rate(&rect)?, rect))).collect();
        rated.sort_by_key(|(rate, rect)| (*rate, rect.y, rect.x));
        let mut found: Vec<(Scene, Rect)> = Vec::new();
        for (_, rect) in rated {
            if found.iter().all(|(_, other)| (other.x - rect.x).abs() + (other.y - rect.y).abs() > AIR.0) {
                found.push((self.grown(&rect), rect));
            }
            if found.len() == MOST_SPOTS {
                break;
            }
        }
        found
    }

    /// Columns and rows where the box may begin.
    fn places(&self) -> (Vec<i32>, Vec<i32>) {
        let Size { w, h } = self.new.size;
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        let mut beside = |rect: &Rect, air: (i32, i32)| {
            xs.extend([
                rect.x,
                rect.right() - w,
                rect.x + (rect.w - w) / 2,
                rect.right() + air.0,
                rect.x - air.0 - w,
            ]);
            ys.extend([rect.y, rect.bottom() - h, rect.bottom() + air.1, rect.y - air.1 - h]);
        };
        let home = self.around().first().copied();
        for (_, rect) in self.nodes() {
            if home.and_then(|home| self.group(home)).is_none_or(|home| home.rect.contains(&rect)) {
                beside(&rect, AIR);
            }
        }
        for group in
            self.scene.groups.iter().enumerate().filter(|(group, _)| Some(*group) != home).map(|(_, g)| g)
        {
            beside(&group.rect, AIR);
        }
        if let Some(near) = self.new.near {
            beside(&near, (self.new.label + AIR.0, 2 * AIR.1));
        }
        if let Some(home) = home.and_then(|home| self.group(home)) {
            let inner = home.rect.grown(-PAD);
            xs.extend([inner.x, inner.right() - w, inner.right(), inner.x - w]);
            ys.extend([home.title.bottom() + LINE_AIR, inner.bottom() - h, inner.bottom(), inner.y - h]);
        }
        for list in [&mut xs, &mut ys] {
            list.sort_unstable();
            list.dedup();
        }
        (xs, ys)
    }

    /// How far from its neighbour a place is, and how much its containers have to grow; `None` when it is taken.
    fn rate(&self, rect: &Rect) -> Option<i64> {
        let around = self.around();
        let wide =
            Rect { x: rect.x - AIR.0, y: rect.y - AIR.1, w: rect.w + 2 * AIR.0, h: rect.h + 2 * AIR.1 };
        let foreign = |group: &usize| !around.contains(group);
        if self.nodes().any(|(_, other)| other.overlaps(&wide)) || self.meets_lines(&rect.grown(LINE_AIR)) {
            return None;
        }
        let groups = self.scene.groups.iter().enumerate();
        for (group, drawn) in groups {
            let taken = foreign(&group) && drawn.rect.overlaps(&wide);
            if taken || drawn.title.overlaps(&rect.grown(LINE_AIR)) {
                return None;
            }
        }
        let growth = self.growth(rect, &around)?;
        Some(growth + self.new.near.map_or(0, |near| self.distance(rect, &near)))
    }

    fn meets_lines(&self, rect: &Rect) -> bool {
        self.scene.edges.iter().any(|route| {
            let labelled = route.label.is_some_and(|label| label.overlaps(rect));
            labelled || steps(route).any(|(a, b)| Rect::spanned(a, b).meets(rect))
        })
    }

    /// Between the middles; more where the label of the line between has no room.
    fn distance(&self, rect: &Rect, near: &Rect) -> i64 {
        let gap = |a: i32, a_end: i32, b: i32, b_end: i32| (b - a_end).max(a - b_end).max(0);
        let across = gap(rect.x, rect.right(), near.x, near.right());
        let along = gap(rect.y, rect.bottom(), near.y, near.bottom());
        let tight = along < AIR.1 && across < self.new.label + AIR.0;
        let middle = |rect: &Rect| (rect.x + rect.w / 2, rect.y + rect.h / 2);
        let (a, b) = (middle(rect), middle(near));
        i64::from((a.0 - b.0).abs()) + i64::from((a.1 - b.1).abs()) + if tight { 40_000 } else { 0 }
    }

    /// How much the containers grow for a box; `None` when something is in the way.
    fn growth(&self, rect: &Rect, around: &[usize]) -> Option<i64> {
        let mut inner = rect.grown(PAD);
        let mut sum = 0;
        for &group in around {
            let old = self.group(group)?.rect;
            if old.contains(&inner) {
                return Some(sum);
            }
            let new = union(&old, &inner);
            let strips = beyond(&old, &new);
            if strips.iter().any(|strip| !self.is_free(strip, group, around)) {
                return None;
            }
            sum += i64::from(new.w - old.w) + i64::from(new.h - old.h);
            inner = new.grown(PAD);
        }
        Some(sum)
    }

    /// True when a container may grow over a strip.
    fn is_free(&self, strip: &Rect, group: usize, around: &[usize]) -> bool {
        let wide = strip.grown(GROWTH_AIR);
        let nest = Nest::of(group);
        let node =
            |(node, rect): (usize, Rect)| rect.overlaps(&wide) && !self.tree.holds(nest, Item::of(node));
        let other = |(other, drawn): (usize, &GroupBox)| {
            let is_outer = around.contains(&other);
            let is_inner = self.tree.holds(nest, self.tree.item_of(Nest::of(other)));
            drawn.rect.overlaps(&wide) && !is_outer && !is_inner
                || drawn.title.overlaps(&wide) && other != group
        };
        let line = |route: &Route| {
            route.label.is_some_and(|label| label.overlaps(&wide))
                || steps(route).any(|(a, b)| Rect::spanned(a, b).meets(&wide) && !passes(a, b, &wide))
        };
        !self.nodes().any(node)
            && !self.scene.groups.iter().enumerate().any(other)
            && !self.scene.edges.iter().any(line)
    }

    /// The drawing with containers that hold `rect`.
    fn grown(&self, rect: &Rect) -> Scene {
        let mut scene = self.scene.clone();
        let mut inner = rect.grown(PAD);
        for group in self.around() {
            let Some(drawn) = scene.groups.get_mut(group) else { break };
            drawn.rect = union(&drawn.rect, &inner);
            inner = drawn.rect.grown(PAD);
        }
        scene
    }

    /// Strips that would make room beside each box of the container, those that push the fewest boxes first.
    fn strips(&self) -> Vec<Strip> {
        let home = self.around().first().and_then(|home| self.group(*home)).map(|home| home.rect);
        let Size { w, h } = self.new.size;
        let mut strips = Vec::new();
        for (_, rect) in self.nodes() {
            if home.is_some_and(|home| !home.contains(&rect)) {
                continue;
            }
            for (upright, ats) in
                [(true, [rect.x, rect.right() + LINE_AIR]), (false, [rect.y, rect.bottom() + LINE_AIR])]
            {
                let by = if upright { w + 2 * AIR.0 + self.new.label } else { h + 3 * AIR.1 };
                strips.extend(ats.map(|at| Strip { upright, at, by }));
            }
        }
        if let Some(home) = home {
            strips.push(Strip {
                upright: true,
                at: home.right() - PAD / 2,
                by: w + 2 * AIR.0 + self.new.label,
            });
            strips.push(Strip { upright: false, at: home.bottom() - PAD / 2, by: h + 3 * AIR.1 });
        }
        strips.sort_by_key(|strip| (self.pushed(strip), strip.upright, strip.at));
        strips.dedup_by_key(|strip| (strip.upright, strip.at));
        strips
    }

    /// How many boxes change their place among the others.
    fn pushed(&self, strip: &Strip) -> i64 {
        let low = |rect: &Rect| if strip.upright { rect.x } else { rect.y };
        let after = self.nodes().filter(|(_, rect)| low(rect) >= strip.at).count();
        let all = self.nodes().count();
        weight(after.min(all - after))
    }
}

/// A straight strip through the whole drawing.
#[derive(Clone, Copy, Debug)]
struct Strip {
    /// Is it a column?
    upright: bool,
    at: i32,
    by: i32,
}

/// The drawing with a strip let in; `None` when the strip would cut a box.
fn let_in(scene: &Scene, strip: &Strip) -> Option<Scene> {
    let mut wide = scene.clone();
    let moved = |low: &mut i32| *low += if *low >= strip.at { strip.by } else { 0 };
    let pushed = |rect: &mut Rect| -> bool {
        let (low, length) = if strip.upright { (&mut rect.x, rect.w) } else { (&mut rect.y, rect.h) };
        let cut = *low < strip.at && *low + length >= strip.at;
        moved(low);
        !cut || length == 0
    };
    for route in &mut wide.edges {
        for point in &mut route.points {
            moved(if strip.upright { &mut point.x } else { &mut point.y });
        }
        if !route.label.as_mut().is_none_or(&pushed) {
            return None;
        }
    }
    if !wide.nodes.iter_mut().all(&pushed) {
        return None;
    }
    for group in &mut wide.groups {
        let whole = group.rect;
        if !pushed(&mut group.title) {
            return None;
        }
        if !pushed(&mut group.rect) {
            let length = if strip.upright { &mut group.rect.w } else { &mut group.rect.h };
            *length += strip.by;
            (group.rect.x, group.rect.y) = (whole.x, whole.y);
        }
    }
    Some(wide)
}

fn union(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect { x, y, w: a.right().max(b.right()) - x, h: a.bottom().max(b.bottom()) - y }
}

/// The pieces of a line.
fn steps(route: &Route) -> impl Iterator<Item = (Point, Point)> + '_ {
    route.points.iter().copied().zip(route.points.iter().skip(1).copied())
}

/// The parts of a grown box that it had not before.
fn beyond(old: &Rect, new: &Rect) -> Vec<Rect> {
    let parts = [
        Rect { w: old.x - new.x, ..*new },
        Rect { x: old.right(), w: new.right() - old.right(), ..*new },
        Rect { h: old.y - new.y, ..*new },
        Rect { y: old.bottom(), h: new.bottom() - old.bottom(), ..*new },
    ];
    parts.into_iter().filter(|part| part.w > 0 && part.h > 0).collect()
}

/// True when a piece runs through a strip from one long side to the other.
fn passes(a: Point, b: Point, strip: &Rect) -> bool {
    let span = Rect::spanned(a, b);
    let across = strip.w < strip.h;
    let level = a.y == b.y;
    if level != across {
        return false;
    }
    if across {
        span.x < strip.x && span.right() > strip.right()
    } else {
        span.y < strip.y && span.bottom() > strip.bottom()
    }
}
