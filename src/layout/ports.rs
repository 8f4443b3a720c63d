//! Where lines meet the sides of nodes and labels.

use super::hierarchy::{Arrival, is_nest, turn};
use super::plan::{Plan, length};
use super::sheet::{Bridge, El, Kind, Seg, Sheet};
use super::spacing::{CORNER, LEAST_PORT_GAP, PORT_GAP};

/// One end of a line at an element.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tip {
    SegTop(Seg),
    SegBottom(Seg),
    BridgeFrom(Bridge),
    BridgeTo(Bridge),
}

/// Sets the offsets of all lines at elements that are no containers.
pub(crate) fn offsets(plan: &Plan, sheet: &mut Sheet) {
    for el in sheet.elements.keys() {
        match sheet.elements[el].kind {
            Kind::Label if sheet.ups.row(el).len() == 2 => both_sides(sheet, el),
            Kind::Item(_) if is_nest(plan, sheet, el) => {}
            _ => {
                spread(sheet, el, upper_tips(sheet, el));
                spread(sheet, el, lower_tips(sheet, el));
            }
        }
    }
}

/// Two lines that come down beside a label.
fn both_sides(sheet: &mut Sheet, el: El) {
    let mut tips = upper_tips(sheet, el);
    tips.sort_unstable();
    let width = sheet.elements[el].size.w;
    set_all(sheet, tips, [LEAST_PORT_GAP - 100, width - LEAST_PORT_GAP + 100]);
}

fn upper_tips(sheet: &Sheet, el: El) -> Vec<(Arrival, Tip)> {
    let ups = sheet.ups.row(el).iter();
    ups.map(|&seg| ((sheet.upper(seg), 0), Tip::SegBottom(seg))).collect()
}

fn lower_tips(sheet: &Sheet, el: El) -> Vec<(Arrival, Tip)> {
    let downs = sheet.downs.row(el).iter();
    let mut tips: Vec<(Arrival, Tip)> = downs.map(|&seg| ((sheet.lower(seg), 0), Tip::SegTop(seg))).collect();
    for &bridge in sheet.bridged.row(el) {
        let span = &sheet.spans[bridge];
        if span.from == el {
            tips.push((turn(sheet, bridge, true), Tip::BridgeFrom(bridge)));
        }
        if span.to == el {
            tips.push((turn(sheet, bridge, false), Tip::BridgeTo(bridge)));
        }
    }
    tips
}

fn spread(sheet: &mut Sheet, el: El, mut tips: Vec<(Arrival, Tip)>) {
    tips.sort_unstable();
    tips.dedup();
    let offsets = even_offsets(tips.len(), sheet.elements[el].size.w);
    set_all(sheet, tips, offsets);
}

fn set_all(sheet: &mut Sheet, tips: Vec<(Arrival, Tip)>, offsets: impl IntoIterator<Item = i32>) {
    for ((_, tip), offset) in tips.into_iter().zip(offsets) {
        set(sheet, tip, offset);
    }
}

/// `count` places on a side of `width`, even and around its middle; when there is no room for all,
/// neighbours share a place.
fn even_offsets(count: usize, width: i32) -> Vec<i32> {
    let free = (width - 2 * CORNER).max(0);
    let gaps = length(count.saturating_sub(1));
    let most = free / LEAST_PORT_GAP;
    let used = gaps.min(most);
    let step = if used > 0 { (free / used).clamp(LEAST_PORT_GAP, PORT_GAP) } else { 0 };
    let share = |index: usize| {
        let slot = i64::from(length(index)) * i64::from(used + 1) / i64::from(gaps + 1);
        i32::try_from(slot).unwrap_or(0)
    };
    let slots = (0..count).map(|index| if gaps > used { share(index) } else { length(index) });
    slots.map(|slot| width / 2 + step * (2 * slot - used) / 2).collect()
}

fn set(sheet: &mut Sheet, tip: Tip, offset: i32) {
    match tip {
        Tip::SegTop(seg) => sheet.segs[seg].leaves.offset = offset,
        Tip::SegBottom(seg) => sheet.segs[seg].enters.offset = offset,
        Tip::BridgeFrom(bridge) => sheet.spans[bridge].leaves.offset = offset,
        Tip::BridgeTo(bridge) => sheet.spans[bridge].enters.offset = offset,
    }
}

#[cfg(test)]
mod tests {
    use super::even_offsets;
    use crate::layout::spacing::{CORNER, LEAST_PORT_GAP};

    #[test]
    fn places_are_inside_and_symmetric() {
        for count in 1..200 {
            let places = even_offsets(count, 12_800);
            assert!(places.is_sorted());
            assert!(places.iter().all(|place| (CORNER..=12_800 - CORNER).contains(place)));
            let ends = (places.first().unwrap() + places.last().unwrap() - 12_800).abs();
            assert!(ends <= LEAST_PORT_GAP, "{count} places lean by {ends}");
        }
    }

    #[test]
    fn a_narrow_side_has_one_place() {
        assert_eq!(even_offsets(3, 1_000), [500, 500, 500]);
    }
}
