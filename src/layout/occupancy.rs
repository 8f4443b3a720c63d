//! What is where on a finished drawing, and whether a line could run elsewhere.

use super::arena::{Arena, Key};
use super::grid::Grid;
use super::scene::{Graph, Point, Rect, Scene};
use super::spacing::PX;
use super::tree::{Item, Nest, Tree};

/// From a line to a foreign node.
const TO_NODE: i32 = 7 * PX;
/// From the middle of a line to its own node.
const TO_OWN_NODE: i32 = 5 * PX;
/// From a line to a foreign group.
const TO_GROUP: i32 = 6 * PX;
/// From a line to a border it runs along.
const TO_BORDER: i32 = 7 * PX;
/// From a line to a title.
const TO_TITLE: i32 = 3 * PX;
/// From a line to a label.
const TO_LABEL: i32 = 8 * PX;
/// Between parallel lines.
const TO_LINE: i32 = 9 * PX;
/// From a crossing to the ends of both pieces.
const CLEAN: i32 = 2 * PX;
/// Least sides of cells.
const CELLS: (i32, i32) = (9_600, 6_400);

/// Who owns a box.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Node(Item),
    Group(Item, Nest),
    Title,
}

/// A straight piece of a line.
#[derive(Clone, Copy, Debug)]
struct Piece {
    edge: usize,
    rect: Rect,
    upright: bool,
}

/// The boxes, lines and labels of a drawing.
#[derive(Debug)]
pub(crate) struct Occupancy {
    tree: Tree,
    page: Rect,
    ends: Arena<usize, Option<(Item, Item)>>,
    boxes: Arena<usize, (Rect, Owner)>,
    box_grid: Grid,
    lines: Arena<usize, Vec<Point>>,
    pieces: Arena<usize, Piece>,
    pieces_of: Arena<usize, Vec<usize>>,
    line_grid: Grid,
    labels: Arena<usize, Option<Rect>>,
    label_grid: Grid,
}

impl Occupancy {
    /// Reads a scene.
    pub(crate) fn new(graph: &Graph, scene: &Scene) -> Self {
        let tree = Tree::new(graph);
        let boxes = boxes(&tree, scene);
        let bounds = Rect { x: 0, y: 0, w: scene.size.w, h: scene.size.h };
        let edges = graph.edges.len();
        let mut room = Self {
            ends: graph.edges.iter().map(|edge| tree.item(edge.from).zip(tree.item(edge.to))).collect(),
            box_grid: Grid::over(bounds, boxes.iter().map(|entry| entry.0), CELLS.0),
            boxes,
            tree,
            page: bounds,
            lines: Arena::filled(edges, Vec::new()),
            pieces: Arena::default(),
            pieces_of: Arena::filled(edges, Vec::new()),
            line_grid: Grid::new(bounds, 4 * edges, CELLS.1),
            labels: Arena::filled(edges, None),
            label_grid: Grid::new(bounds, edges, CELLS.0),
        };
        for (edge, route) in scene.edges.iter().enumerate() {
            room.put(edge, route.points.clone(), route.label);
        }
        room
    }

    /// The line of an edge.
    pub(crate) fn line(&self, edge: usize) -> &[Point] {
        &self.lines[edge]
    }

    /// The label of an edge.
    pub(crate) fn label(&self, edge: usize) -> Option<Rect> {
        self.labels[edge]
    }

    /// Writes lines and labels into the scene.
    pub(crate) fn write_back(self, scene: &mut Scene) {
        let labels = self.labels.into_vec();
        for ((route, points), label) in scene.edges.iter_mut().zip(self.lines.into_vec()).zip(labels) {
            route.points = points;
            route.label = label;
        }
    }

    /// Replaces the line and the label of an edge.
    pub(crate) fn put(&mut self, edge: usize, line: Vec<Point>, label: Option<Rect>) {
        for piece in std::mem::take(&mut self.pieces_of[edge]) {
            self.line_grid.remove(piece, &self.pieces[piece].rect);
        }
        for (&a, &b) in line.iter().zip(line.iter().skip(1)) {
            let rect = Rect::spanned(a, b);
            let number = self.pieces.push(Piece { edge, rect, upright: a.x == b.x });
            self.line_grid.add(number, &rect);
            self.pieces_of[edge].push(number);
        }
        if let Some(old) = self.labels[edge] {
            self.label_grid.remove(edge, &old);
        }
        if let Some(new) = label {
            self.label_grid.add(edge, &new);
        }
        self.labels[edge] = label;
        self.lines[edge] = line;
    }

    /// True when the pieces that a new line brings cross more lines than those that it takes away.
    pub(crate) fn crosses_more(&self, edge: usize, line: &[Point]) -> bool {
        let old = &self.lines[edge];
        self.crossings(edge, fresh(line, old)) > self.crossings(edge, fresh(old, line))
    }

    /// How often pieces of a line cross the lines of other edges.
    fn crossings<'a>(&self, edge: usize, pieces: impl Iterator<Item = (Point, Point)> + 'a) -> usize {
        let of_piece = |(a, b): (Point, Point)| {
            let (rect, upright) = (Rect::spanned(a, b), a.x == b.x);
            let is_crossed = |&number: &usize| {
                let other = &self.pieces[number];
                let (v, h) = if upright { (&rect, &other.rect) } else { (&other.rect, &rect) };
                let is_foreign = other.edge != edge && other.upright != upright;
                is_foreign && h.x < v.x && v.x < h.right() && v.y < h.y && h.y < v.bottom()
            };
            self.line_grid.near(&rect).filter(is_crossed).count()
        };
        pieces.map(of_piece).sum()
    }

    /// True when the new pieces of a line and its label touch nothing.
    pub(crate) fn fits(&self, edge: usize, line: &[Point], label: Option<Rect>) -> bool {
        let count = line.len().saturating_sub(1);
        let mut new = pieces(line).enumerate().filter(|(_, piece)| !has(&self.lines[edge], *piece));
        let free = new.all(|(place, (a, b))| {
            let at_end = place == 0 || place + 1 == count;
            let piece = Piece { edge, rect: Rect::spanned(a, b), upright: a.x == b.x };
            self.clear_of_boxes(&piece, at_end) && self.clear_of_labels(&piece) && self.clear_of_lines(&piece)
        });
        free && (label == self.labels[edge] || self.label_fits(edge, line, label))
    }

    fn clear_of_boxes(&self, piece: &Piece, at_end: bool) -> bool {
        let Some((from, to)) = self.ends[piece.edge] else { return false };
        self.box_grid.near(&piece.rect.grown(TO_LABEL)).all(|number| {
            let (rect, owner) = self.boxes[number];
            match owner {
                Owner::Node(item) => {
                    let own = item == from || item == to;
                    let room = if !own {
                        TO_NODE
                    } else if at_end {
                        -PX / 2
                    } else {
                        TO_OWN_NODE
                    };
                    !hits(&piece.rect, &rect.grown(room))
                }
                Owner::Group(item, _) if item == from || item == to => {
                    !hits(&piece.rect, &rect.grown(-PX / 2))
                }
                Owner::Group(_, nest) if self.tree.holds(nest, from) || self.tree.holds(nest, to) => {
                    passes_border(piece, &rect)
                }
                Owner::Group(..) => !hits(&piece.rect, &rect.grown(TO_GROUP)),
                Owner::Title => !hits(&piece.rect, &rect.grown(TO_TITLE)),
            }
        })
    }

    fn clear_of_labels(&self, piece: &Piece) -> bool {
        self.label_grid.near(&piece.rect.grown(TO_LABEL)).all(|other| {
            let label = self.labels[other].filter(|_| other != piece.edge);
            label.is_none_or(|label| !hits(&piece.rect, &label.grown(TO_LABEL)))
        })
    }

    fn clear_of_lines(&self, piece: &Piece) -> bool {
        self.line_grid.near(&piece.rect.grown(TO_LINE)).all(|number| {
            let other = &self.pieces[number];
            other.edge == piece.edge
                || if other.upright == piece.upright { apart(piece, other) } else { is_clean(piece, other) }
        })
    }

    /// How many lines a piece of a new line would cross; `None` when it touches anything else.
    pub(crate) fn way(&self, edge: usize, a: Point, b: Point, at_end: bool) -> Option<usize> {
        let piece = Piece { edge, rect: Rect::spanned(a, b), upright: a.x == b.x };
        if !self.clear_of_boxes(&piece, at_end) || !self.clear_of_labels(&piece) {
            return None;
        }
        let mut crossed = 0;
        for number in self.line_grid.near(&piece.rect.grown(TO_LINE)) {
            let other = &self.pieces[number];
            if other.edge == edge {
                continue;
            }
            if other.upright == piece.upright {
                if !apart(&piece, other) {
                    return None;
                }
            } else if crosses_within(&piece.rect, &other.rect, piece.upright) {
                crossed += 1;
            }
        }
        Some(crossed)
    }

    /// The columns and rows beside all that stands in `window`.
    pub(crate) fn lanes(&self, window: &Rect, beside: i32) -> (Vec<i32>, Vec<i32>) {
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        let mut add = |rect: &Rect, by: i32| {
            xs.extend([rect.x - by, rect.right() + by]);
            ys.extend([rect.y - by, rect.bottom() + by]);
        };
        for number in self.box_grid.near(window) {
            let (rect, owner) = self.boxes[number];
            add(&rect, beside);
            if matches!(owner, Owner::Group(..)) {
                add(&rect, -beside);
            }
        }
        for rect in self.label_grid.near(window).filter_map(|edge| self.labels[edge]) {
            add(&rect, beside);
        }
        for number in self.line_grid.near(window) {
            add(&self.pieces[number].rect, beside);
        }
        xs.retain(|x| window.x <= *x && *x <= window.right());
        ys.retain(|y| window.y <= *y && *y <= window.bottom());
        (xs, ys)
    }

    /// True when a label may lie there on its line.
    pub(crate) fn label_fits(&self, edge: usize, line: &[Point], label: Option<Rect>) -> bool {
        let Some(label) = label else { return true };
        let around = label.grown(2 * PX);
        let on_line = line.iter().zip(line.iter().skip(1)).any(|(&a, &b)| hits(&Rect::spanned(a, b), &label));
        on_line
            && self.page.contains(&label)
            && self.box_grid.near(&around).all(|number| match self.boxes[number] {
                (rect, Owner::Group(..)) => !rect.overlaps(&around) || rect.contains(&around),
                (rect, _) => !rect.overlaps(&around),
            })
            && self.label_grid.near(&around).all(|other| {
                let label = self.labels[other].filter(|_| other != edge);
                label.is_none_or(|label| !label.overlaps(&around))
            })
            && self.line_grid.near(&around).all(|number| {
                let piece = &self.pieces[number];
                piece.edge == edge || !hits(&piece.rect, &around)
            })
    }
}

/// The straight pieces of a line.
fn pieces(line: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    line.iter().copied().zip(line.iter().skip(1).copied())
}

fn has(line: &[Point], piece: (Point, Point)) -> bool {
    pieces(line).any(|own| own == piece)
}

/// The pieces of a line that another does not have.
fn fresh<'a>(line: &'a [Point], known: &'a [Point]) -> impl Iterator<Item = (Point, Point)> + 'a {
    pieces(line).filter(|&piece| !has(known, piece))
}

fn boxes(tree: &Tree, scene: &Scene) -> Arena<usize, (Rect, Owner)> {
    let nodes = scene.nodes.iter().enumerate().map(|(node, &rect)| (rect, Owner::Node(Item::of(node))));
    let groups = scene.groups.iter().enumerate().flat_map(|(group, drawn)| {
        let nest = Nest::of(group);
        [(drawn.rect, Owner::Group(tree.item_of(nest), nest)), (drawn.title, Owner::Title)]
    });
    nodes.chain(groups).collect()
}

/// True when a piece runs through the inside of a box.
pub(super) fn hits(piece: &Rect, rect: &Rect) -> bool {
    let meets = |low: i32, high: i32, from: i32, to: i32| {
        if low == high { from < low && low < to } else { low.max(from) < high.min(to) }
    };
    let across = meets(piece.x, piece.right(), rect.x, rect.right());
    across && meets(piece.y, piece.bottom(), rect.y, rect.bottom())
}

/// A line crosses a border around one of its ends only from above or below, and never runs along it.
fn passes_border(piece: &Piece, rect: &Rect) -> bool {
    let p = &piece.rect;
    if piece.upright {
        let beside = (p.x - rect.x).abs() < TO_BORDER || (p.x - rect.right()).abs() < TO_BORDER;
        return !beside || p.bottom() < rect.y || p.y > rect.bottom();
    }
    let along = (p.y - rect.y).abs() < TO_BORDER || (p.y - rect.bottom()).abs() < TO_BORDER;
    if along && p.x < rect.right() && p.right() > rect.x {
        return false;
    }
    let level = rect.y < p.y && p.y < rect.bottom();
    let through = |x: i32| p.x < x && x < p.right();
    !(level && (through(rect.x) || through(rect.right())))
}

/// Parallel pieces keep their distance where they run side by side.
fn apart(a: &Piece, b: &Piece) -> bool {
    let (p, q) = (&a.rect, &b.rect);
    let (gap, shared) = if a.upright {
        ((p.x - q.x).abs(), p.bottom().min(q.bottom()) - p.y.max(q.y))
    } else {
        ((p.y - q.y).abs(), p.right().min(q.right()) - p.x.max(q.x))
    };
    gap >= TO_LINE || shared < -4 * PX
}

/// True when a piece passes the middle of another at right angles; its own first end does not count.
fn crosses_within(piece: &Rect, other: &Rect, upright: bool) -> bool {
    let (v, h) = if upright { (piece, other) } else { (other, piece) };
    let within = |low: i32, at: i32, high: i32| low < at && at <= high;
    within(h.x, v.x, h.right()) && within(v.y, h.y, v.bottom())
}

/// Pieces at right angles cross well inside both or not at all.
fn is_clean(a: &Piece, b: &Piece) -> bool {
    let (v, h) = if a.upright { (&a.rect, &b.rect) } else { (&b.rect, &a.rect) };
    let meets = |by: i32| {
        let across = h.x - by < v.x && v.x < h.right() + by;
        across && v.y - by < h.y && h.y < v.bottom() + by
    };
    !meets(PX) || meets(-CLEAN)
}
