//! Which boxes are near a place: a uniform grid over the drawing.

use std::ops::Range;

use super::arena::Arena;
use super::scene::{Point, Rect};

/// A grid of lists of boxes with their numbers.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// The side of a cell is two to this power.
    shift: u32,
    across: usize,
    down: usize,
    corner: Point,
    cells: Arena<usize, Vec<Entry>>,
}

/// A box in a cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    number: u32,
    rect: Rect,
}

/// The columns and rows of cells that a box touches.
struct Touched {
    columns: Range<usize>,
    rows: Range<usize>,
}

impl Grid {
    /// An empty grid over `bounds` for about `count` boxes, with cells of at least half of `least` on a side.
    pub(crate) fn new(bounds: Rect, count: usize, least: i32) -> Self {
        let (wide, high) = (i64::from(bounds.w.max(1)), i64::from(bounds.h.max(1)));
        let each = (wide * high / (4 * super::plan::weight(count) + 1_024)).isqrt();
        let shift = each.max(i64::from(least.max(1))).ilog2();
        let number = |length: i64| usize::try_from(length >> shift).unwrap_or(0) + 1;
        let (across, down) = (number(wide), number(high));
        Self {
            shift,
            across,
            down,
            corner: Point { x: bounds.x, y: bounds.y },
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

    fn column(&self, x: i32) -> usize {
        let steps = x.saturating_sub(self.corner.x).max(0) >> self.shift;
        usize::try_from(steps).unwrap_or(0).min(self.across - 1)
    }

    fn row(&self, y: i32) -> usize {
        let steps = y.saturating_sub(self.corner.y).max(0) >> self.shift;
        usize::try_from(steps).unwrap_or(0).min(self.down - 1)
    }

    fn touched(&self, rect: &Rect) -> Touched {
        Touched {
            columns: self.column(rect.x)..self.column(rect.right()) + 1,
            rows: self.row(rect.y)..self.row(rect.bottom()) + 1,
        }
    }

    fn cells_of(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let Touched { columns, rows } = self.touched(rect);
        let across = self.across;
        rows.flat_map(move |row| columns.clone().map(move |column| row * across + column))
    }

    /// Enters a box.
    pub(crate) fn add(&mut self, number: usize, rect: &Rect) {
        let entry = Entry { number: u32::try_from(number).unwrap_or(u32::MAX), rect: *rect };
        for cell in self.cells_of(rect) {
            self.cells[cell].push(entry);
        }
    }

    /// Takes a box out again.
    pub(crate) fn remove(&mut self, number: usize, rect: &Rect) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        for cell in self.cells_of(rect) {
            self.cells[cell].retain(|entry| entry.number != number);
        }
    }

    /// The numbers of the boxes that overlap or touch `rect`, each once.
    pub(crate) fn near(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<'_> {
        let rect = *rect;
        let found = move |cell| {
            let here = self.cells[cell].iter().filter(move |entry| entry.rect.meets(&rect));
            here.filter(move |entry| self.is_first(cell, &entry.rect, &rect))
        };
        self.cells_of(&rect).flat_map(found).map(|entry| entry.number as usize)
    }

    /// True in the first of the cells that two boxes share: the one with the upper left corner of their overlap.
    fn is_first(&self, cell: usize, a: &Rect, b: &Rect) -> bool {
        cell == self.row(a.y.max(b.y)) * self.across + self.column(a.x.max(b.x))
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
    fn what_meets_is_near_once() {
        let mut chance = Chance::new(23);
        let bounds = Rect { x: 0, y: 0, w: 9_900, h: 9_900 };
        let all = boxes(&mut chance, 120);
        let mut grid = Grid::over(bounds, all.iter().copied(), 100);
        grid.remove(7, &all[7]);
        for probe in boxes(&mut chance, 50) {
            let mut near: Vec<usize> = grid.near(&probe).collect();
            for (number, rect) in all.iter().enumerate() {
                assert_eq!(near.contains(&number), number != 7 && rect.meets(&probe));
            }
            near.sort_unstable();
            assert!(near.is_sorted_by(|a, b| a < b), "each once");
        }
    }
}
