//! What goes into a layout and what comes out. Lengths are hundredths of a pixel.

/// A boxes-and-lines picture to be laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Where flows point.
    pub direction: Direction,
    /// The services.
    pub nodes: Vec<Node>,
    /// The containers.
    pub groups: Vec<Group>,
    /// The flows.
    pub edges: Vec<Edge>,
}

/// The reading direction of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Whichever of the other two draws better.
    #[default]
    Auto,
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}

/// A box without content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The group that holds it, an index into [`Graph::groups`].
    pub parent: Option<usize>,
    /// Its size, which is kept.
    pub size: Size,
}

/// A box around nodes and other groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The group that holds it, an index into [`Graph::groups`].
    pub parent: Option<usize>,
    /// The box of its title.
    pub title: Size,
    /// Peers of one parent (zones, regions) stand side by side.
    pub peer: bool,
}

/// A line between two boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it starts.
    pub from: End,
    /// Where it points.
    pub to: End,
    /// The box of its label.
    pub label: Option<Size>,
}

/// What a line is tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// An index into [`Graph::nodes`].
    Node(usize),
    /// An index into [`Graph::groups`].
    Group(usize),
}

/// Width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

/// A place; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// An upright box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left side.
    pub x: i32,
    /// Upper side.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Rect {
    /// The side on the right.
    pub fn right(&self) -> i32 {
        self.x.saturating_add(self.w)
    }

    /// The lower side.
    pub fn bottom(&self) -> i32 {
        self.y.saturating_add(self.h)
    }

    /// The box made larger by `by` on each side; a negative `by` shrinks it.
    #[must_use]
    pub fn grown(&self, by: i32) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2 * by, h: self.h + 2 * by }
    }

    /// True when the two boxes share area.
    pub fn overlaps(&self, other: &Self) -> bool {
        let wide = self.right().min(other.right()) > self.x.max(other.x);
        wide && self.bottom().min(other.bottom()) > self.y.max(other.y)
    }

    /// True when the two boxes share a point, borders included.
    pub fn meets(&self, other: &Self) -> bool {
        let wide = self.right().min(other.right()) >= self.x.max(other.x);
        wide && self.bottom().min(other.bottom()) >= self.y.max(other.y)
    }

    /// True when `other` lies inside, borders included.
    pub fn contains(&self, other: &Self) -> bool {
        let across = other.x >= self.x && other.right() <= self.right();
        across && other.y >= self.y && other.bottom() <= self.bottom()
    }

    /// The box with its axes exchanged.
    #[must_use]
    pub fn turned(&self) -> Self {
        Self { x: self.y, y: self.x, w: self.h, h: self.w }
    }

    /// The smallest box around two points.
    pub fn spanned(a: Point, b: Point) -> Self {
        Self { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs(), h: (a.y - b.y).abs() }
    }
}

impl Size {
    /// Width and height exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        Self { w: self.h, h: self.w }
    }
}

impl Point {
    /// The axes exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        Self { x: self.y, y: self.x }
    }
}

/// A finished drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The direction chosen; never [`Direction::Auto`] after a layout.
    pub direction: Direction,
    /// The whole drawing starts at 0, 0 and has this size.
    pub size: Size,
    /// One box per node of the graph.
    pub nodes: Vec<Rect>,
    /// One box per group of the graph.
    pub groups: Vec<GroupBox>,
    /// One line per edge of the graph.
    pub edges: Vec<Route>,
    /// What is wrong with the drawing; empty when it is clean.
    pub defects: Vec<Defect>,
}

impl Scene {
    /// The box an end is tied to.
    pub fn rect(&self, end: End) -> Option<Rect> {
        match end {
            End::Node(node) => self.nodes.get(node).copied(),
            End::Group(group) => self.groups.get(group).map(|group| group.rect),
        }
    }
}

/// The box of a group and the box of its title inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupBox {
    /// The border.
    pub rect: Rect,
    /// The title.
    pub title: Rect,
}

/// The line of an edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Corners from source to target; empty when the edge names a box that does not exist.
    pub points: Vec<Point>,
    /// Where its label lies.
    pub label: Option<Rect>,
}

/// One hard defect of a drawing and the things involved, as indices into the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// Two nodes overlap.
    NodesOverlap(usize, usize),
    /// A node lies outside its group or on a foreign one (node, group).
    NodeMisplaced(usize, usize),
    /// A group lies outside its parent (group, parent).
    GroupMisplaced(usize, usize),
    /// Two groups overlap.
    GroupsOverlap(usize, usize),
    /// A line runs through a node (edge, node).
    LineThroughNode(usize, usize),
    /// A line runs through a foreign group (edge, group).
    LineThroughGroup(usize, usize),
    /// A line runs over a title (edge, group).
    LineOverTitle(usize, usize),
    /// A line crosses the border of a group more often than it must (edge, group).
    BorderCrossed(usize, usize),
    /// A line does not end on its box (edge).
    LooseEnd(usize),
    /// Two unrelated lines share a lane.
    SharedLane(usize, usize),
    /// A label lies on a node (edge, node).
    LabelOnNode(usize, usize),
    /// Two labels overlap (edge, edge).
    LabelsOverlap(usize, usize),
    /// A foreign line runs over a label (edge of the label, edge of the line).
    LabelOnLine(usize, usize),
    /// A label lies on the border of a group (edge, group).
    LabelOnBorder(usize, usize),
    /// A label lies on a title (edge, group).
    LabelOnTitle(usize, usize),
    /// A label is missing (edge).
    LabelMissing(usize),
    /// A label is away from its line (edge).
    LabelAway(usize),
}
