//! Kids without flows: a column beside the layers, or a grid when there is nothing else.

use super::place::Pads;
use super::plan::{Plan, weight};
use super::scene::{Point, Size};
use super::sheet::Sheet;
use super::spacing::{LOOSE_GAP, NODE_GAP, PX};

/// Places the kids without flows and sets the final size of the container.
pub(crate) fn place(plan: &Plan, sheet: &mut Sheet, pads: Pads, sizes: &[Size]) {
    sheet.size.w = sheet.size.w.max(pads.least.w);
    sheet.stretch(pads.least.h);
    if sizes.is_empty() {
        return;
    }
    let alone = sheet.elements.is_empty();
    let tallest = sizes.iter().map(|size| size.h).max().unwrap_or(0);
    let room = if alone { grid_height(plan, sizes) } else { sheet.size.h - pads.top - pads.bottom };
    let left = if alone { pads.left } else { sheet.size.w - pads.right + NODE_GAP + 4 * PX };
    let mut columns =
        Columns { pads, room: room.max(tallest), x: left, y: pads.top, width: 0, end: pads.top };
    for ((_, at), size) in sheet.loose.iter_mut().zip(sizes) {
        *at = columns.put(*size);
    }
    sheet.size.w = (columns.x + columns.width + pads.right).max(pads.least.w);
    sheet.stretch(columns.end + pads.bottom);
    sheet.size.h = sheet.size.h.max(pads.least.h);
}

/// The height at which a grid of these boxes is a little wider than high on the page.
fn grid_height(plan: &Plan, sizes: &[Size]) -> i32 {
    let air = |size: &Size| i64::from(size.w + NODE_GAP) * i64::from(size.h + LOOSE_GAP);
    let area: i64 = sizes.iter().map(air).sum();
    let (wide, high) = if plan.turned { (3, 5) } else { (17, 10) };
    let height = (area / wide * high).isqrt();
    i32::try_from(height).unwrap_or(i32::MAX / 4).max(i32::try_from(weight(sizes.len()).min(1)).unwrap_or(0))
}

/// Boxes from above to below, then the next column.
struct Columns {
    pads: Pads,
    room: i32,
    x: i32,
    y: i32,
    width: i32,
    end: i32,
}

impl Columns {
    fn put(&mut self, size: Size) -> Point {
        if self.y > self.pads.top && self.y + size.h > self.pads.top + self.room + 2 * PX {
            self.x += self.width + NODE_GAP;
            self.y = self.pads.top;
            self.width = 0;
        }
        let at = Point { x: self.x, y: self.y };
        self.end = self.end.max(self.y + size.h);
        self.y += size.h + LOOSE_GAP;
        self.width = self.width.max(size.w);
        at
    }
}
