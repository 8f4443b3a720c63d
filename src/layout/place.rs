//! Coordinates across the layers: x of all elements of a container by network simplex, then ends of
//! lines slide along the sides of nodes until lines are straight.

use super::hierarchy::is_nest;
use super::plan::Plan;
use super::scene::{Point, Size};
use super::sheet::{El, Kind, Seg, Sheet};
use super::simplex::{Arc, solve};
use super::spacing::{
    CORNER, LEAST_GROUP, LINE_GAP, LINE_TO_LABEL, LINE_TO_NODE, NODE_GAP, PAD, PORT_PAD, TITLE_INSET,
    TITLE_TOP, TITLE_UNDER, TRACK_GAP,
};
use super::tree::Nest;

/// Work allowed for one container, per element and line.
const BUDGET_EACH: u64 = 30_000;
/// Work allowed for one container.
const BUDGET: u64 = 2_000_000;

/// The inner distances of a container and what its title needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pads {
    pub(crate) left: i32,
    pub(crate) right: i32,
    pub(crate) top: i32,
    pub(crate) bottom: i32,
    pub(crate) least: Size,
    pub(crate) title: Size,
    /// True when the title is in the way of lines from above.
    pub(crate) strip: bool,
}

impl Pads {
    /// The distances of one container; the page has none.
    pub(crate) fn new(plan: &Plan, nest: Nest) -> Self {
        let title = plan.title[nest];
        let none = Self { left: 0, right: 0, top: 0, bottom: 0, least: Size::default(), title, strip: false };
        if nest == plan.tree.root() {
            return none;
        }
        let shown = title.w > 0 && title.h > 0;
        let band = |thickness: i32| if shown { TITLE_TOP + thickness + TITLE_UNDER } else { PAD };
        let long = |length: i32| (length + 2 * TITLE_INSET).max(LEAST_GROUP);
        if plan.turned {
            let least = Size { w: LEAST_GROUP, h: long(title.h) };
            Self { left: band(title.w) - 200, right: PAD, top: PAD, bottom: PAD, least, ..none }
        } else {
            let least = Size { w: long(title.w), h: LEAST_GROUP };
            Self { left: PAD, right: PAD, top: band(title.h), bottom: PAD, least, strip: shown, ..none }
        }
    }

    /// From the left border to the first element of a layer.
    fn first(&self, port_layer: bool) -> i32 {
        if port_layer && self.strip { PORT_PAD } else { self.left }
    }

    /// From the last element of a layer to the right border.
    fn last(&self, port_layer: bool) -> i32 {
        if port_layer { self.right.min(PORT_PAD) } else { self.right }
    }
}

/// Sets all x and the width of the container.
pub(crate) fn place(plan: &Plan, sheet: &mut Sheet, pads: Pads) {
    if sheet.elements.is_empty() {
        sheet.size.w = pads.least.w;
        sheet.title = title_corner(plan, TITLE_INSET);
        return;
    }
    let (spots, arcs) = constraints(sheet, pads);
    let budget = (super::plan::weight(spots).unsigned_abs() * BUDGET_EACH).min(BUDGET);
    let ranks = solve(spots, arcs, budget);
    let left = ranks.iter().rev().nth(1).copied().unwrap_or(0);
    let right = ranks.last().copied().unwrap_or(0);
    for (element, x) in sheet.elements.iter_mut().zip(&ranks) {
        element.x = x - left;
    }
    sheet.size.w = right - left;
    make_room(plan, sheet, pads);
    slide(plan, sheet);
}

fn gap(sheet: &Sheet, left: El, right: El) -> i32 {
    let rank = |el: El| match sheet.elements[el].kind {
        Kind::Item(_) => 2,
        Kind::Label => 1,
        Kind::Line | Kind::Port => 0,
    };
    match (rank(left), rank(right)) {
        (2, 2) => NODE_GAP,
        (2, _) | (_, 2) => LINE_TO_NODE,
        (0, 0) => LINE_GAP,
        _ => LINE_TO_LABEL,
    }
}

/// One variable per element, one per line, then the left and the right border.
fn constraints(sheet: &Sheet, pads: Pads) -> (usize, Vec<Arc>) {
    use super::arena::Key;
    let elements = sheet.elements.len();
    let (left, right) = (elements + sheet.segs.len(), elements + sheet.segs.len() + 1);
    let mut arcs = Vec::with_capacity(2 * elements + 2 * sheet.segs.len() + 1);
    for (number, layer) in sheet.layers.iter().enumerate() {
        let (Some(first), Some(last)) = (layer.first(), layer.last()) else { continue };
        let ports = number == 0 || number == sheet.last_layer();
        arcs.push(Arc::new(left, first.at(), pads.first(ports), 0));
        for (&a, &b) in layer.iter().zip(layer.iter().skip(1)) {
            arcs.push(Arc::new(a.at(), b.at(), sheet.elements[a].size.w + gap(sheet, a, b), 0));
        }
        arcs.push(Arc::new(last.at(), right, sheet.elements[*last].size.w + pads.last(ports), 0));
    }
    arcs.push(Arc::new(left, right, pads.least.w, 1));
    for key in sheet.segs.keys() {
        let seg = &sheet.segs[key];
        let shift = seg.enters.offset - seg.leaves.offset;
        let pull = pull(sheet, key);
        arcs.push(Arc::new(elements + key.at(), seg.top.at(), shift.max(0), pull));
        arcs.push(Arc::new(elements + key.at(), seg.bottom.at(), (-shift).max(0), pull));
    }
    (right + 1, arcs)
}

/// How much a line wants to be straight.
fn pull(sheet: &Sheet, seg: Seg) -> i32 {
    let seg = &sheet.segs[seg];
    let boxes = [seg.top, seg.bottom].into_iter().filter(|&el| sheet.is_box(el)).count();
    [16, 4, 3].into_iter().nth(boxes).unwrap_or(3)
}

fn title_corner(plan: &Plan, along: i32) -> Point {
    if plan.turned { Point { x: TITLE_TOP, y: TITLE_INSET } } else { Point { x: along, y: TITLE_TOP } }
}

/// Finds a stretch of the upper border for the title where no line crosses; makes one when there is none.
fn make_room(plan: &Plan, sheet: &mut Sheet, pads: Pads) {
    sheet.title = title_corner(plan, TITLE_INSET);
    if !pads.strip {
        return;
    }
    let ports = sheet.layers.iter().next().map(Vec::as_slice).unwrap_or_default();
    let mut lines: Vec<i32> = ports.iter().map(|&el| sheet.elements[el].x).collect();
    lines.sort_unstable();
    let Some(&first) = lines.first() else { return };
    lines.push(sheet.size.w - TITLE_INSET + TRACK_GAP);
    let mut from = TITLE_INSET - TRACK_GAP;
    for line in lines {
        if line - from >= pads.title.w + 2 * TRACK_GAP {
            sheet.title.x = from + TRACK_GAP;
            return;
        }
        from = line;
    }
    let shift = (TITLE_INSET + pads.title.w + TRACK_GAP - first).max(0);
    for element in sheet.elements.iter_mut() {
        element.x += shift;
    }
    sheet.size.w += shift;
}

/// Straightens what can be straightened by moving ends of lines along the sides of nodes.
fn slide(plan: &Plan, sheet: &mut Sheet) {
    for _ in 0..3 {
        for seg in sheet.segs.keys() {
            slide_line(plan, sheet, seg);
        }
    }
}

fn slide_line(plan: &Plan, sheet: &mut Sheet, key: Seg) {
    let (upper, lower) = (sheet.upper_x(key), sheet.lower_x(key));
    if upper == lower {
        return;
    }
    let seg = sheet.segs[key];
    let above = free_range(plan, sheet, seg.top, key, false);
    let below = free_range(plan, sheet, seg.bottom, key, true);
    let (low, high) = (above.0.max(below.0), above.1.min(below.1));
    if low > high {
        return;
    }
    let wanted = match (above.0 == above.1, below.0 == below.1) {
        (true, _) => upper,
        (_, true) => lower,
        _ => i32::midpoint(upper, lower),
    };
    let x = wanted.clamp(low, high);
    sheet.segs[key].leaves.offset = x - sheet.elements[seg.top].x;
    sheet.segs[key].enters.offset = x - sheet.elements[seg.bottom].x;
}

/// Where an end may lie without passing its neighbours on the same side.
fn free_range(plan: &Plan, sheet: &Sheet, el: El, key: Seg, on_top: bool) -> (i32, i32) {
    let own = if on_top { sheet.lower_x(key) } else { sheet.upper_x(key) };
    let element = &sheet.elements[el];
    if !sheet.is_box(el) || is_nest(plan, sheet, el) {
        return (own, own);
    }
    let (mut low, mut high) = (element.x + CORNER - 200, element.x + element.size.w - CORNER + 200);
    let mut avoid = |x: i32| {
        if x < own {
            low = low.max(x + LINE_TO_LABEL);
        } else {
            high = high.min(x - LINE_TO_LABEL);
        }
    };
    let lines = if on_top { sheet.ups.row(el) } else { sheet.downs.row(el) };
    for &other in lines.iter().filter(|&&other| other != key) {
        avoid(if on_top { sheet.lower_x(other) } else { sheet.upper_x(other) });
    }
    if !on_top {
        for &bridge in sheet.bridged.row(el) {
            let (from, to) = sheet.span_x(bridge);
            let span = &sheet.spans[bridge];
            if span.from == el {
                avoid(from);
            }
            if span.to == el {
                avoid(to);
            }
        }
    }
    if low > high { (own, own) } else { (low.min(own), high.max(own)) }
}
