//! A graph made ready for layout: sane sizes, axes turned for drawings that read to the right.
//!
//! All later phases lay out downwards; a drawing to the right is laid out with exchanged axes and turned
//! back when it is drawn.

use super::arena::Arena;
use super::scene::{Graph, Size};
use super::spacing::{GROUP_SHARE, LEAST_GROUP_AREA, NODE_GAP, PX, ROW_GAP};
use super::tree::{Item, Nest, Tree};

/// No box is taken to be larger than this (20 000 px), so that sums stay inside an `i32`.
const LARGEST: i32 = 20_000 * PX;

/// A folded container is about this wide for its height before its lines are drawn, in percent.
pub(crate) const FOLD: i64 = 160;

/// One way to draw a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// To the right, not downwards.
    pub(crate) turned: bool,
    /// Towers become rows, so that the drawing is about this wide for its height, in percent; 0 leaves them.
    pub(crate) fold: i64,
}

/// The input of all phases.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Nesting.
    pub(crate) tree: Tree,
    /// True when the axes are exchanged.
    pub(crate) turned: bool,
    /// True when towers become rows wherever that makes a page of them.
    pub(crate) folded: bool,
    /// How wide for its height the bulk of a folded drawing shall be, in percent.
    fold: i64,
    /// Sizes of nodes; groups and the page have none yet.
    pub(crate) size: Arena<Item, Size>,
    /// Sizes of titles.
    pub(crate) title: Arena<Nest, Size>,
    /// True for groups that stand beside their peers.
    pub(crate) peer: Arena<Item, bool>,
    /// Sizes of labels.
    pub(crate) label: Vec<Option<Size>>,
    /// The items each flow joins; `None` when an end does not exist.
    pub(crate) ends: Vec<Option<(Item, Item)>>,
    /// A guess of the area of each item in square pixels.
    pub(crate) area: Arena<Item, i64>,
}

impl Plan {
    /// Reads `graph` for one way to draw it.
    pub(crate) fn new(graph: &Graph, way: Way) -> Self {
        let Way { turned, fold } = way;
        let tree = Tree::new(graph);
        let fit = |size: Size| {
            let size = if turned { size.turned() } else { size };
            Size { w: size.w.clamp(0, LARGEST), h: size.h.clamp(0, LARGEST) }
        };
        let none = std::iter::repeat_n(Size::default(), graph.groups.len() + 1);
        let ends = graph.edges.iter().map(|edge| tree.item(edge.from).zip(tree.item(edge.to)));
        let mut plan = Self {
            turned,
            folded: fold > 0,
            fold,
            size: graph.nodes.iter().map(|node| fit(node.size)).chain(none).collect(),
            title: graph.groups.iter().map(|group| fit(group.title)).chain([Size::default()]).collect(),
            peer: peers(graph),
            label: graph.edges.iter().map(|edge| edge.label.map(fit)).collect(),
            ends: ends.collect(),
            area: Arena::default(),
            tree,
        };
        plan.area = plan.areas();
        plan
    }

    /// The label of a flow.
    pub(crate) fn label(&self, flow: usize) -> Option<Size> {
        self.label.get(flow).copied().flatten()
    }

    /// Nodes need their box and some air; groups need what they hold and more air.
    fn areas(&self) -> Arena<Item, i64> {
        let square = |w: i32, h: i32| i64::from(w / PX) * i64::from(h / PX);
        let grown = |size: &Size| square(size.w + NODE_GAP, size.h + ROW_GAP);
        let mut area: Arena<Item, i64> = self.size.iter().map(grown).collect();
        for &nest in self.tree.order.iter().rev() {
            let held: i64 = self.tree.kids[nest].iter().map(|&kid| area[kid]).sum();
            area[self.tree.item_of(nest)] = held * GROUP_SHARE / 100 + LEAST_GROUP_AREA;
        }
        area
    }

    /// The width a container should have, in hundredths of a pixel. In a folded drawing the containers that hold most
    /// of it decide its shape.
    pub(crate) fn fair_width(&self, nest: Nest) -> i64 {
        let area = self.area[self.tree.item_of(nest)];
        let whole = self.area[self.tree.item_of(self.tree.root())];
        let (wide, least) = match self.folded {
            true if 3 * area >= whole => (area * self.fold / 100, 200),
            true => (area * FOLD / 100, 400),
            false => (area * 11 / 5, 700),
        };
        wide.isqrt().max(least) * i64::from(PX)
    }

    /// A guess of the width of an item in hundredths of a pixel.
    pub(crate) fn guess_width(&self, item: Item) -> i64 {
        match self.tree.nest(item) {
            Some(_) if self.folded => (self.area[item] * 11 / 10).isqrt() * i64::from(PX),
            Some(_) => (self.area[item] * 3 / 2).isqrt() * i64::from(PX),
            None => i64::from(self.size[item].w + NODE_GAP),
        }
    }

    /// A guess of the height of an item in hundredths of a pixel.
    pub(crate) fn guess_height(&self, item: Item) -> i64 {
        match self.tree.nest(item) {
            Some(_) if self.folded => (self.area[item] * 10 / 11).isqrt() * i64::from(PX),
            Some(_) => (self.area[item] * 2 / 3).isqrt() * i64::from(PX),
            None => i64::from(self.size[item].h),
        }
    }
}

fn peers(graph: &Graph) -> Arena<Item, bool> {
    let nodes = graph.nodes.iter().map(|_| false);
    nodes.chain(graph.groups.iter().map(|group| group.peer)).chain([false]).collect()
}

/// A count as a coordinate.
pub(crate) fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A count as a weight.
pub(crate) fn weight(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
