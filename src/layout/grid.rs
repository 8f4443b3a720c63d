//! Which boxes are near a place: a uniform grid over the drawing.

use super::arena::Arena;
use super::scene::Rect;

/// A grid of lists of box numbers.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    cell: i32,
    across: usize,
    down: usize,
    corner: (i32, i32),
    cells: Arena<usize, Vec<u32>>,
}

/// The columns and rows of cells that a box touches.
struct Touched {
    columns: std::ops::RangeInclusive<usize>,
    rows: std::ops::RangeInclusive<usize>,
}

impl Grid {
    /// An empty grid over `bounds` for about `count` boxes, with cells of at least `least` on a side.
    pub(crate) fn new(bounds: Rect, count: usize, least: i32) -> Self {
        let (wide, high) = (i64::from(bounds.w.max(1)), i64::from(bounds.h.max(1)));
        let each = (wide * high / (4 * super::plan::weight(count) + 1_024)).isqrt();
        let cell = i32::try_from(each).unwrap_or(i32::MAX).max(least);
        let number = |length: i64| usize::try_from(length / i64::from(cell)).unwrap_or(0) + 1;
        let (across, down) = (number(wide), number(high));
        Self {
            cell,
            across,
            down,
            corner: (bounds.x, bounds.y),
            cells: Arena::filled(across * down, Vec::new()),
        }
    }

    /// A grid that holds all of `boxes`, numbered in their order.
    pub(crate) fn over(bounds: Rect, boxes: impl ExactSizeIterator<Item = Rect>, least: i32) -> Self {
        let mut grid = Self::new(bounds, boxes.len(), least);
        for (number, rect) in boxes.enumerate() {
            grid.add(number, &rect);
        }
        grid
    }

    fn touched(&self, rect: &Rect) -> Touched {
        let place = |at: i32, corner: i32, limit: usize| {
            let steps = (i64::from(at) - i64::from(corner)).max(0) / i64::from(self.cell);
            usize::try_from(steps).unwrap_or(0).min(limit - 1)
        };
        let column = |x| place(x, self.corner.0, self.across);
        let row = |y| place(y, self.corner.1, self.down);
        Touched { columns: column(rect.x)..=column(rect.right()), rows: row(rect.y)..=row(rect.bottom()) }
    }

    fn cells_of(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let Touched { columns, rows } = self.touched(rect);
        let across = self.across;
        rows.flat_map(move |row| columns.clone().map(move |column| row * across + column))
    }

    /// Enters a box.
    pub(crate) fn add(&mut self, number: usize, rect: &Rect) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        for cell in self.cells_of(rect) {
            self.cells[cell].push(number);
        }
    }

    /// Takes a box out again.
    pub(crate) fn remove(&mut self, number: usize, rect: &Rect) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        for cell in self.cells_of(rect) {
            self.cells[cell].retain(|&other| other != number);
        }
    }

    /// The numbers of boxes that may touch `rect`; a number may come more than once.
    pub(crate) fn near(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<'_> {
        let cells = self.cells_of(rect);
        cells.flat_map(|cell| self.cells[cell].iter().map(|&number| number as usize))
    }

    /// The same, sorted and each once.
    pub(crate) fn once(&self, rect: &Rect) -> Vec<usize> {
        let mut found: Vec<usize> = self.near(rect).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, Rect};
    use crate::layout::chance::Chance;

    fn boxes(chance: &mut Chance, count: usize) -> Vec<Rect> {
        let mut draw = |limit| i32::try_from(chance.below(limit)).unwrap();
        (0..count).map(|_| Rect { x: draw(9_000), y: draw(9_000), w: draw(900), h: draw(900) }).collect()
    }

    #[test]
    fn every_overlap_is_near() {
        let mut chance = Chance::new(23);
        let bounds = Rect { x: 0, y: 0, w: 9_900, h: 9_900 };
        let all = boxes(&mut chance, 120);
        let mut grid = Grid::over(bounds, all.iter().copied(), 100);
        grid.remove(7, &all[7]);
        for probe in boxes(&mut chance, 50) {
            let near = grid.once(&probe);
            for (number, rect) in all.iter().enumerate() {
                assert!(number == 7 || !rect.overlaps(&probe) || near.contains(&number));
            }
            assert!(!near.contains(&7));
        }
    }
}
