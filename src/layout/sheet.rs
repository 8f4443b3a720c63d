//! One container on the drawing board: its layers of elements and the lines between them.

use super::arena::{Arena, Rows, key};
use super::scene::{Point, Rect, Size};
use super::tree::Item;

key! {
    /// Something that takes room in a layer.
    El
}
key! {
    /// A line from one layer to the next.
    Seg
}
key! {
    /// A line that joins two elements of one layer from below.
    Bridge
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A node or group.
    Item(Item),
    /// The label of a flow.
    Label,
    /// A line that passes the layer.
    Line,
    /// A line that meets the border of the container.
    Port,
}

/// An element and its place; `x` and `y` are inside the container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub(crate) kind: Kind,
    pub(crate) layer: usize,
    pub(crate) size: Size,
    pub(crate) x: i32,
    pub(crate) y: i32,
}

impl Element {
    /// The box it takes.
    pub(crate) fn rect(&self) -> Rect {
        Rect { x: self.x, y: self.y, w: self.size.w, h: self.size.h }
    }
}

/// Where a line meets an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mouth {
    /// Which part of the width lies to the left, in 1/[`WHOLE`].
    pub(crate) part: i64,
    /// The distance from the left side.
    pub(crate) offset: i32,
}

/// The width of an element in the units of [`Mouth::part`].
pub(crate) const WHOLE: i64 = 1 << 16;

impl Mouth {
    /// In the middle of an element.
    pub(crate) const MIDDLE: Self = Self { part: WHOLE / 2, offset: 0 };
}

/// A line between neighbouring layers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) top: El,
    pub(crate) bottom: El,
    pub(crate) leaves: Mouth,
    pub(crate) enters: Mouth,
    /// The y of its level part.
    pub(crate) track: i32,
    /// A column between two level parts: its x and the y of the second part.
    pub(crate) dogleg: Option<Point>,
}

/// A line that leaves two elements of one layer downwards and joins them below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) flow: usize,
    pub(crate) from: El,
    pub(crate) to: El,
    pub(crate) leaves: Mouth,
    pub(crate) enters: Mouth,
    pub(crate) track: i32,
    pub(crate) label: Option<Rect>,
}

/// What a piece of a flow looks like inside one container.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Down from layer to layer.
    Line(Vec<Seg>),
    /// Nothing but a point on the border.
    Stub(El),
    /// Below one layer.
    Bridge(Bridge),
    /// Down to both sides of a label: from the source, from the target.
    Over(Vec<Seg>, Vec<Seg>, El),
}

/// A piece of a flow.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) flow: usize,
    pub(crate) shape: Shape,
    /// True when the flow runs along the shape and not against it.
    pub(crate) along: bool,
    /// Pieces of one flow join in this order.
    pub(crate) phase: i64,
}

/// Where a line of the outer container goes on inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// The flow ends on this border.
    Free,
    /// The upper end of a line of the outer container.
    SegTop(Seg),
    /// The lower end of a line of the outer container.
    SegBottom(Seg),
    /// The source end of a bridge of the outer container.
    BridgeFrom(Bridge),
    /// The target end of a bridge of the outer container.
    BridgeTo(Bridge),
}

/// A line that meets the border.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exit {
    pub(crate) el: El,
    pub(crate) joint: Joint,
}

/// One container while it is laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) elements: Arena<El, Element>,
    pub(crate) segs: Arena<Seg, Segment>,
    pub(crate) spans: Arena<Bridge, Span>,
    pub(crate) links: Vec<Link>,
    pub(crate) exits: Vec<Exit>,
    /// Elements from left to right; the first layer is the upper border, the last the lower.
    pub(crate) layers: Arena<usize, Vec<El>>,
    /// The place of an element in its layer.
    pub(crate) place: Arena<El, usize>,
    pub(crate) ups: Rows<El, Seg>,
    pub(crate) downs: Rows<El, Seg>,
    pub(crate) bridged: Rows<El, Bridge>,
    /// The element of each kid, by its slot.
    pub(crate) homes: Arena<usize, Option<El>>,
    /// Elements that are as high as their layer.
    pub(crate) peers: Vec<El>,
    /// Kids without flows, and where they stand.
    pub(crate) loose: Vec<(Item, Point)>,
    pub(crate) size: Size,
    pub(crate) title: Point,
}

impl Sheet {
    /// The order key of the upper end of a line.
    pub(crate) fn upper(&self, seg: Seg) -> i64 {
        let seg = &self.segs[seg];
        self.key(seg.top, seg.leaves)
    }

    /// The order key of the lower end of a line.
    pub(crate) fn lower(&self, seg: Seg) -> i64 {
        let seg = &self.segs[seg];
        self.key(seg.bottom, seg.enters)
    }

    fn key(&self, el: El, mouth: Mouth) -> i64 {
        super::plan::weight(self.place[el]) * WHOLE + mouth.part
    }

    /// The order keys of both ends of a bridge, left one first.
    pub(crate) fn reach(&self, bridge: Bridge) -> (i64, i64) {
        let span = &self.spans[bridge];
        let (a, b) = (self.key(span.from, span.leaves), self.key(span.to, span.enters));
        (a.min(b), a.max(b))
    }

    /// Writes down the place of every element of a layer.
    pub(crate) fn index_layer(&mut self, layer: usize) {
        for (place, &el) in self.layers[layer].iter().enumerate() {
            self.place[el] = place;
        }
    }

    /// The x of the upper end of a line.
    pub(crate) fn upper_x(&self, seg: Seg) -> i32 {
        let seg = &self.segs[seg];
        self.elements[seg.top].x + seg.leaves.offset
    }

    /// The x of the lower end of a line.
    pub(crate) fn lower_x(&self, seg: Seg) -> i32 {
        let seg = &self.segs[seg];
        self.elements[seg.bottom].x + seg.enters.offset
    }

    /// The x of both ends of a bridge, source first.
    pub(crate) fn span_x(&self, bridge: Bridge) -> (i32, i32) {
        let span = &self.spans[bridge];
        let (from, to) = (&self.elements[span.from], &self.elements[span.to]);
        (from.x + span.leaves.offset, to.x + span.enters.offset)
    }

    /// True when an element is a node or a group.
    pub(crate) fn is_box(&self, el: El) -> bool {
        matches!(self.elements[el].kind, Kind::Item(_))
    }

    /// The number of the lower border's layer.
    pub(crate) fn last_layer(&self) -> usize {
        self.layers.len().saturating_sub(1)
    }

    /// Moves the lower border down to `height`.
    pub(crate) fn stretch(&mut self, height: i32) {
        if height > self.size.h {
            self.size.h = height;
            self.drop_ports();
        }
    }

    /// Puts the lines of the lower border onto it.
    pub(crate) fn drop_ports(&mut self) {
        let bottom = self.size.h;
        if self.layers.is_empty() {
            return;
        }
        for el in self.layers[self.last_layer()].clone() {
            self.elements[el].y = bottom;
        }
    }
}
