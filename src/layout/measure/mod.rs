//! How good a drawing is: hard defects, of which a good drawing has none, and soft measures.
//!
//! Everything is computed from the scene alone, whoever laid it out.

mod boxes;
mod geometry;
mod labels;
mod lines;
mod pairs;

use super::grid::Grid;
use super::plan::weight;
use super::scene::{Defect, Direction, Graph, Point, Rect, Scene};
use super::tree::{Item, Nest, Tree};
use geometry::{bends, length};

/// The measures of a drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Hard defects, sorted; a defect that counts twice is listed twice.
    pub defects: Vec<Defect>,
    /// Pairs of pieces of lines that cross, and pairs of unrelated lines that only touch.
    pub crossings: usize,
    /// Corners of all lines; steps below 1.5 px do not count.
    pub bends: usize,
    /// Length of all lines in hundredths of a pixel.
    pub length: i64,
    /// Pairs of lines that run less than 5.5 px apart for more than 12 px.
    pub tight: usize,
    /// Lines whose target lies before their source in the reading direction.
    pub upward: usize,
    /// The box around everything.
    pub bounds: Rect,
    /// Area of `bounds` per area of all nodes, in thousandths.
    pub area: i64,
    /// Width per height of `bounds`, in thousandths.
    pub aspect: i64,
}

impl Measures {
    /// Number of hard defects.
    pub fn hard(&self) -> usize {
        self.defects.len()
    }
}

/// One straight piece of a line.
#[derive(Clone, Copy, Debug)]
struct Piece {
    edge: usize,
    a: Point,
    b: Point,
}

impl Piece {
    fn rect(&self) -> Rect {
        Rect::spanned(self.a, self.b)
    }
}

/// A drawing prepared for measuring.
struct Sight<'a> {
    graph: &'a Graph,
    scene: &'a Scene,
    tree: Tree,
    lines: Vec<Vec<Point>>,
    pieces: Vec<Piece>,
    bounds: Rect,
    node_grid: Grid,
    group_grid: Grid,
    title_grid: Grid,
    piece_grid: Grid,
}

/// Cells of about the size of a box.
const BOX_CELL: i32 = 25_600;
/// Cells of about the distance of lines.
const LINE_CELL: i32 = 12_800;

/// Measures a drawing of `graph`.
pub fn measure(graph: &Graph, scene: &Scene) -> Measures {
    let sight = Sight::new(graph, scene);
    let mut defects = Vec::new();
    boxes::check(&sight, &mut defects);
    lines::check(&sight, &mut defects);
    labels::check(&sight, &mut defects);
    let meetings = pairs::meetings(&sight);
    defects.extend(meetings.lanes.iter().map(|&(a, b)| Defect::SharedLane(a, b)));
    defects.sort_unstable();
    let bounds = sight.bounds;
    let held: i64 = scene.nodes.iter().map(|node| i64::from(node.w) * i64::from(node.h)).sum();
    let (wide, high) = (i64::from(bounds.w.max(100)), i64::from(bounds.h.max(100)));
    Measures {
        defects,
        crossings: meetings.crossings,
        bends: sight.lines.iter().map(|line| bends(line)).sum(),
        length: sight.lines.iter().map(|line| length(line)).sum(),
        tight: meetings.tight,
        upward: sight.upward(),
        bounds,
        area: per_thousand(wide, high, held),
        aspect: wide * 1_000 / high,
    }
}

fn per_thousand(wide: i64, high: i64, held: i64) -> i64 {
    let share = i128::from(wide) * i128::from(high) * 1_000 / i128::from(held.max(10_000));
    i64::try_from(share).unwrap_or(i64::MAX)
}

impl<'a> Sight<'a> {
    fn new(graph: &'a Graph, scene: &'a Scene) -> Self {
        let lines: Vec<Vec<Point>> =
            scene.edges.iter().map(|route| super::draw::tidied(route.points.iter().copied())).collect();
        let piece = |(edge, line): (usize, &Vec<Point>)| -> Vec<Piece> {
            line.iter().zip(line.iter().skip(1)).map(|(&a, &b)| Piece { edge, a, b }).collect()
        };
        let pieces: Vec<Piece> = lines.iter().enumerate().flat_map(piece).collect();
        let bounds = bounds(scene);
        Self {
            node_grid: Grid::over(bounds, scene.nodes.iter().copied(), BOX_CELL),
            group_grid: Grid::over(bounds, scene.groups.iter().map(|group| group.rect), BOX_CELL),
            title_grid: Grid::over(bounds, scene.groups.iter().map(|group| group.title), BOX_CELL),
            piece_grid: Grid::over(bounds, pieces.iter().map(Piece::rect), LINE_CELL),
            tree: Tree::new(graph),
            graph,
            scene,
            lines,
            pieces,
            bounds,
        }
    }

    /// True when the group is or holds the item.
    fn holds(&self, group: usize, item: Option<Item>) -> bool {
        use super::arena::Key;
        item.is_some_and(|item| self.tree.holds(Nest::of(group), item))
    }

    fn items(&self, edge: usize) -> (Option<Item>, Option<Item>) {
        let ends = self.graph.edges.get(edge).map(|edge| (edge.from, edge.to));
        ends.map_or((None, None), |(from, to)| (self.tree.item(from), self.tree.item(to)))
    }

    /// True when two edges have an end in common.
    fn related(&self, a: usize, b: usize) -> bool {
        let Some((a, b)) = self.graph.edges.get(a).zip(self.graph.edges.get(b)) else { return false };
        a.from == b.from || a.to == b.to || a.from == b.to || a.to == b.from
    }

    fn upward(&self) -> usize {
        let along = |rect: Rect| match self.scene.direction {
            Direction::Right => 2 * rect.x + rect.w,
            _ => 2 * rect.y + rect.h,
        };
        let back = |edge: &&super::scene::Edge| {
            let ends = self.scene.rect(edge.from).zip(self.scene.rect(edge.to));
            ends.is_some_and(|(from, to)| along(to) < along(from) - 200)
        };
        self.graph.edges.iter().filter(back).count()
    }
}

/// The box around everything drawn.
pub(super) fn bounds(scene: &Scene) -> Rect {
    let corner = |&at: &Point| Rect { x: at.x, y: at.y, w: 0, h: 0 };
    let labels = scene.edges.iter().filter_map(|route| route.label);
    let groups = scene.groups.iter().map(|group| group.rect);
    let boxes = scene.nodes.iter().copied().chain(groups).chain(labels);
    let all = boxes.chain(scene.edges.iter().flat_map(|route| &route.points).map(corner));
    all.reduce(|a, b| {
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Rect { x, y, w: a.right().max(b.right()) - x, h: a.bottom().max(b.bottom()) - y }
    })
    .unwrap_or_default()
}

/// Mean length of a line in thousandths of the mean node's diagonal, as the square root of its area.
pub fn relative_length(scene: &Scene, measures: &Measures) -> i64 {
    let held: i64 = scene.nodes.iter().map(|node| i64::from(node.w) * i64::from(node.h)).sum();
    let mean = (held / weight(scene.nodes.len()).max(1)).isqrt().max(1);
    measures.length * 1_000 / (weight(scene.edges.len()).max(1) * mean)
}
