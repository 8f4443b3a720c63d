//! Dense storage read by typed keys. Knows nothing of drawing.
//!
//! A key is handed out by the arena that stores the value, so reading by key cannot miss, and code
//! that reads by key cannot mix two kinds of key.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use crate::units;

/// A dense number that names one cell of an [`Arena`].
pub(crate) trait Key: Copy + Ord {
    /// The key of the cell at `index`.
    fn of(index: usize) -> Self;
    /// The index of the cell.
    fn at(self) -> usize;
}

impl Key for usize {
    fn of(index: usize) -> Self {
        index
    }
    fn at(self) -> usize {
        self
    }
}

/// Declares a key type.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(u32);

        impl $crate::layout::arena::Key for $name {
            fn of(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
            fn at(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use key;

/// An arena whose cells are named by keys of type `K`, so that several arenas can share one kind of key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arena<K, T> {
    cells: units::Arena<T>,
    key: PhantomData<K>,
}

impl<K, T> Default for Arena<K, T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<K, T> From<Vec<T>> for Arena<K, T> {
    fn from(cells: Vec<T>) -> Self {
        Self { cells: cells.into_iter().collect(), key: PhantomData }
    }
}

impl<K, T> FromIterator<T> for Arena<K, T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        Self { cells: iter.into_iter().collect(), key: PhantomData }
    }
}

impl<K: Key, T> Arena<K, T> {
    /// `len` cells, each a copy of `value`.
    pub(crate) fn filled(len: usize, value: T) -> Self
    where
        T: Clone,
    {
        Self::from(vec![value; len])
    }

    /// Appends a cell and names it.
    pub(crate) fn push(&mut self, value: T) -> K {
        self.cells.members_mut().push(value);
        K::of(self.cells.len() - 1)
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// True without cells.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// All keys in order.
    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = K> + use<K, T> {
        (0..self.cells.len()).map(K::of)
    }

    /// All cells in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.cells.values()
    }

    /// All cells in order, to be changed.
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.cells.values_mut()
    }

    /// The cells as a vector.
    pub(crate) fn into_vec(self) -> Vec<T> {
        self.cells.into_members()
    }

    /// The cells as a vector to be changed in length.
    pub(crate) fn cells(&mut self) -> &mut Vec<T> {
        self.cells.members_mut()
    }

    /// Exchanges two cells.
    pub(crate) fn swap(&mut self, a: K, b: K) {
        self.cells.members_mut().swap(a.at(), b.at());
    }
}

impl<K: Key, T> Index<K> for Arena<K, T> {
    type Output = T;

    fn index(&self, key: K) -> &T {
        &self.cells[units::Id::from_index(key.at())]
    }
}

impl<K: Key, T> IndexMut<K> for Arena<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.cells[units::Id::from_index(key.at())]
    }
}

/// Lists of values per key in one vector (compressed rows).
#[derive(Clone, Debug)]
pub(crate) struct Rows<K, T> {
    starts: Vec<usize>,
    cells: Vec<T>,
    key: PhantomData<K>,
}

impl<K, T> Default for Rows<K, T> {
    fn default() -> Self {
        Self { starts: vec![0], cells: Vec::new(), key: PhantomData }
    }
}

impl<K: Key, T: Copy> Rows<K, T> {
    /// Groups `pairs` by key, each row in the order of the pairs.
    pub(crate) fn group(rows: usize, pairs: &[(K, T)]) -> Self {
        let mut starts: Arena<usize, usize> = Arena::filled(rows + 1, 0);
        for (key, _) in pairs {
            starts[key.at() + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut order: Arena<usize, usize> = Arena::filled(pairs.len(), 0);
        for (place, (key, _)) in pairs.iter().enumerate() {
            order[next[key.at()]] = place;
            next[key.at()] += 1;
        }
        let cells = order.iter().filter_map(|&place| pairs.get(place)).map(|pair| pair.1).collect();
        Self { starts: starts.into_vec(), cells, key: PhantomData }
    }

    fn bounds(&self, key: K) -> (usize, usize) {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or(self.cells.len());
        (at(key.at()), at(key.at() + 1))
    }

    /// The row of `key`.
    pub(crate) fn row(&self, key: K) -> &[T] {
        let (start, end) = self.bounds(key);
        self.cells.get(start..end).unwrap_or(&[])
    }
}
