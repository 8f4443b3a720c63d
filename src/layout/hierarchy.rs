//! Ports: how the order on a container's border and the lines outside agree.

use std::cmp::Ordering;

use super::arena::{Arena, Key};
use super::plan::{Plan, weight};
use super::sheet::{Bridge, El, Exit, Joint, Kind, Sheet, WHOLE};
use super::tree::Nest;

/// The sheets of all containers.
pub(crate) type Sheets = Arena<Nest, Sheet>;

/// Where a line arrives at an element, from left to right.
pub(crate) type Arrival = (i64, i64);

/// Far outside any layer, for ends of bridges that turn left or right.
const OUTSIDE: i64 = 1 << 48;

/// Tells the lines of `nest` where its kids' ports are, as parts of the kid's width.
pub(crate) fn read_ports(plan: &Plan, sheets: &mut Sheets, nest: Nest) {
    let mut outer = std::mem::take(&mut sheets[nest]);
    for &item in &plan.tree.kids[nest] {
        let Some(kid) = plan.tree.nest(item) else { continue };
        let inner = &sheets[kid];
        for exit in &inner.exits {
            let layer = inner.elements[exit.el].layer;
            let among = weight(inner.layers[layer].len().max(1));
            let part = (2 * weight(inner.place[exit.el]) + 1) * WHOLE / 2 / among;
            set_part(&mut outer, exit.joint, part);
        }
    }
    sheets[nest] = outer;
}

/// Takes all lines to meet their elements in the middle, as long as the order inside is not known.
pub(crate) fn blur_ports(sheet: &mut Sheet) {
    for seg in sheet.segs.iter_mut() {
        seg.leaves.part = WHOLE / 2;
        seg.enters.part = WHOLE / 2;
    }
}

fn set_part(sheet: &mut Sheet, joint: Joint, part: i64) {
    match joint {
        Joint::Free => {}
        Joint::SegTop(seg) => sheet.segs[seg].leaves.part = part,
        Joint::SegBottom(seg) => sheet.segs[seg].enters.part = part,
        Joint::BridgeFrom(bridge) => sheet.spans[bridge].leaves.part = part,
        Joint::BridgeTo(bridge) => sheet.spans[bridge].enters.part = part,
    }
}

/// Tells the lines of `nest` how far from the left of its kids their ports are.
pub(crate) fn read_offsets(plan: &Plan, sheets: &Sheets, nest: Nest, outer: &mut Sheet) {
    for &item in &plan.tree.kids[nest] {
        let Some(kid) = plan.tree.nest(item) else { continue };
        let inner = &sheets[kid];
        for exit in &inner.exits {
            let offset = inner.elements[exit.el].x;
            match exit.joint {
                Joint::Free => {}
                Joint::SegTop(seg) => outer.segs[seg].leaves.offset = offset,
                Joint::SegBottom(seg) => outer.segs[seg].enters.offset = offset,
                Joint::BridgeFrom(bridge) => outer.spans[bridge].leaves.offset = offset,
                Joint::BridgeTo(bridge) => outer.spans[bridge].enters.offset = offset,
            }
        }
    }
}

/// Sorts the ports of the kids of `nest` as the lines outside arrive.
pub(crate) fn write_ports(plan: &Plan, sheets: &mut Sheets, nest: Nest) {
    let outer = std::mem::take(&mut sheets[nest]);
    for &item in &plan.tree.kids[nest] {
        let Some(kid) = plan.tree.nest(item) else { continue };
        let inner = &mut sheets[kid];
        if inner.exits.is_empty() {
            continue;
        }
        let mut keys: Arena<El, Arrival> = Arena::filled(inner.elements.len(), (0, 0));
        for exit in &inner.exits {
            keys[exit.el] = arrival(&outer, exit).unwrap_or_else(|| own_arrival(inner, exit.el));
        }
        for layer in [0, inner.last_layer()] {
            inner.layers[layer].sort_by_key(|&el| keys[el]);
            inner.index_layer(layer);
        }
    }
    sheets[nest] = outer;
}

/// A flow that ends on the border has no line outside: it stays on the right.
fn own_arrival(inner: &Sheet, el: El) -> Arrival {
    (4 * OUTSIDE, weight(inner.place[el]))
}

/// Where the line outside of a port comes from.
fn arrival(outer: &Sheet, exit: &Exit) -> Option<Arrival> {
    match exit.joint {
        Joint::Free => None,
        Joint::SegTop(seg) => Some((outer.lower(seg), 0)),
        Joint::SegBottom(seg) => Some((outer.upper(seg), 0)),
        Joint::BridgeFrom(bridge) => Some(turn(outer, bridge, true)),
        Joint::BridgeTo(bridge) => Some(turn(outer, bridge, false)),
    }
}

/// The order key of an end of a bridge on its own element: bridges to the left come first, the widest
/// outermost, so that bridges nest; loops are on the right.
pub(crate) fn turn(sheet: &Sheet, bridge: Bridge, source: bool) -> Arrival {
    let span = &sheet.spans[bridge];
    let (own, other) = if source { (span.from, span.to) } else { (span.to, span.from) };
    let (here, there) = (sheet.place[own], sheet.place[other]);
    let left = if sheet.place[span.from] < sheet.place[span.to] { span.leaves } else { span.enters };
    let (reach, number) = (weight(there) * WHOLE, weight(bridge.at()));
    match here.cmp(&there) {
        Ordering::Less => (OUTSIDE - reach + left.part / 2, number),
        Ordering::Greater => (-OUTSIDE - reach - left.part / 2, -number),
        Ordering::Equal if source => (2 * OUTSIDE, number),
        Ordering::Equal => (3 * OUTSIDE, -number),
    }
}

/// True when an element is a container.
pub(crate) fn is_nest(plan: &Plan, sheet: &Sheet, el: El) -> bool {
    matches!(sheet.elements[el].kind, Kind::Item(item) if plan.tree.nest(item).is_some())
}
