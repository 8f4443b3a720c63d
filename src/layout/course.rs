//! Which container holds which piece of which flow.

use super::arena::{Arena, Key};
use super::plan::{Plan, weight};
use super::sheet::{Joint, Link, Shape, Sheet};
use super::tree::{Item, Nest, Tree};

/// A border crossed by a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Top,
    Bottom,
}

/// The piece of a flow between two kids of a container; a loop joins a kid to itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inner {
    pub(crate) flow: usize,
    pub(crate) from: Item,
    pub(crate) to: Item,
}

/// The piece of a flow between a kid and the border.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass {
    pub(crate) flow: usize,
    /// The kid; `None` when the flow ends on the border and comes from outside.
    pub(crate) item: Option<Item>,
    pub(crate) side: Side,
    /// True when the flow runs from the kid to the border.
    pub(crate) outward: bool,
    pub(crate) joint: Joint,
}

/// The pieces of flows in each container. Passes are added from the outside in, when the layers of the
/// outer container have decided at which side a flow leaves.
#[derive(Debug)]
pub(crate) struct Courses {
    pub(crate) inner: Arena<Nest, Vec<Inner>>,
    pub(crate) passes: Arena<Nest, Vec<Pass>>,
}

impl Courses {
    /// The pieces known before any layer is.
    pub(crate) fn new(plan: &Plan) -> Self {
        let nests = plan.tree.kids.len();
        let mut courses =
            Self { inner: Arena::filled(nests, Vec::new()), passes: Arena::filled(nests, Vec::new()) };
        for (flow, ends) in plan.ends.iter().enumerate() {
            if let Some((from, to)) = *ends {
                courses.add(&plan.tree, flow, from, to);
            }
        }
        courses
    }

    fn add(&mut self, tree: &Tree, flow: usize, from: Item, to: Item) {
        let inside = |nest: Option<Nest>, item| nest.filter(|&nest| from != to && tree.holds(nest, item));
        if let Some(nest) = inside(tree.nest(from), to) {
            let item = Some(tree.kid_towards(nest, to));
            let pass = Pass { flow, item, side: Side::Top, outward: false, joint: Joint::Free };
            self.passes[nest].push(pass);
        } else if let Some(nest) = inside(tree.nest(to), from) {
            let item = Some(tree.kid_towards(nest, from));
            let pass = Pass { flow, item, side: Side::Bottom, outward: true, joint: Joint::Free };
            self.passes[nest].push(pass);
        } else {
            let nest = tree.common(tree.parent(from), tree.parent(to));
            let (from, to) = (tree.kid_towards(nest, from), tree.kid_towards(nest, to));
            self.inner[nest].push(Inner { flow, from, to });
        }
    }

    /// Hands the pieces of a built container on to its kids.
    pub(crate) fn descend(&mut self, plan: &Plan, nest: Nest, sheet: &Sheet) {
        let passes = self.passes[nest].clone();
        let mut next_pass = passes.iter();
        for link in &sheet.links {
            let Some((from, to)) = plan.ends.get(link.flow).copied().flatten() else { continue };
            let flow = link.flow;
            if link.phase == 0 {
                let (source, target) = inner_joints(link, sheet);
                let (side, into) = inner_sides(link);
                self.enter(&plan.tree, nest, from, Start { flow, side, outward: true, joint: source });
                let side = into;
                self.enter(&plan.tree, nest, to, Start { flow, side, outward: false, joint: target });
            } else if let Some(&Pass { item: Some(_), side, outward, .. }) = next_pass.next() {
                let end = if outward { from } else { to };
                let joint = pass_joint(link, side);
                self.enter(&plan.tree, nest, end, Start { flow, side, outward, joint });
            }
        }
    }

    fn enter(&mut self, tree: &Tree, outer: Nest, end: Item, start: Start) {
        let kid = tree.kid_towards(outer, end);
        let Some(nest) = tree.nest(kid) else { return };
        let item = (kid != end).then(|| tree.kid_towards(nest, end));
        let Start { flow, side, outward, joint } = start;
        self.passes[nest].push(Pass { flow, item, side, outward, joint });
    }
}

/// A piece that is about to enter a kid.
#[derive(Clone, Copy)]
struct Start {
    flow: usize,
    side: Side,
    outward: bool,
    joint: Joint,
}

/// When the pieces of a flow join: outward from the inside out, the middle, inward from the outside in.
pub(crate) fn phase(tree: &Tree, nest: Nest, pass: &Pass) -> i64 {
    let depth = weight(tree.depth(nest));
    if pass.outward { -depth } else { depth }
}

fn inner_sides(link: &Link) -> (Side, Side) {
    match link.shape {
        Shape::Line(_) if link.along => (Side::Bottom, Side::Top),
        Shape::Line(_) => (Side::Top, Side::Bottom),
        _ => (Side::Bottom, Side::Bottom),
    }
}

fn inner_joints(link: &Link, sheet: &Sheet) -> (Joint, Joint) {
    let top = |segs: &[_]| segs.first().map_or(Joint::Free, |&seg| Joint::SegTop(seg));
    let bottom = |segs: &[_]| segs.last().map_or(Joint::Free, |&seg| Joint::SegBottom(seg));
    match &link.shape {
        Shape::Line(segs) if link.along => (top(segs), bottom(segs)),
        Shape::Line(segs) => (bottom(segs), top(segs)),
        Shape::Over(left, right, _) => (top(left), top(right)),
        Shape::Bridge(bridge) if bridge.at() < sheet.spans.len() => {
            (Joint::BridgeFrom(*bridge), Joint::BridgeTo(*bridge))
        }
        _ => (Joint::Free, Joint::Free),
    }
}

fn pass_joint(link: &Link, side: Side) -> Joint {
    match (&link.shape, side) {
        (Shape::Line(segs), Side::Top) => segs.last().map_or(Joint::Free, |&seg| Joint::SegBottom(seg)),
        (Shape::Line(segs), Side::Bottom) => segs.first().map_or(Joint::Free, |&seg| Joint::SegTop(seg)),
        _ => Joint::Free,
    }
}
