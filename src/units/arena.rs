//! Dense, typed ids: an index that can only be used on the arena it came from.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The place of a `T` in its [`Arena`].
pub struct Id<T>(u32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id of position `index`; for tables that run parallel to an arena.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX), PhantomData)
    }

    /// The position, from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{}", self.0)
    }
}
impl<T> serde::Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

#[cfg(test)]
thread_local! {
    /// How many members of arenas this thread was handed, or may have been: a walk counts whole when it begins.
    pub(crate) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Tests measure growth by it, which time cannot do.
#[inline]
fn count_work(members: usize) {
    #[cfg(test)]
    WORK.set(WORK.get() + members);
    #[cfg(not(test))]
    let _ = members;
}

/// A growing list whose members are named by [`Id`]s. Nothing is ever removed, so an id stays good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arena<T> {
    members: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { members: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Adds a member and names it.
    pub fn add(&mut self, member: T) -> Id<T> {
        self.members.push(member);
        Id::from_index(self.members.len() - 1)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Is there no member?
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The member of an id, or nothing when the id came from elsewhere.
    ///
    /// Not called `get`: an id of the same arena indexes it directly, and cannot miss.
    pub fn member(&self, id: Id<T>) -> Option<&T> {
        self.members.get(id.index())
    }

    /// All ids, in order of addition.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator + use<T> {
        count_work(self.len());
        (0..self.members.len()).map(Id::from_index)
    }

    /// All members with their ids, in order of addition.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> {
        count_work(self.len());
        self.members.iter().enumerate().map(|(index, member)| (Id::from_index(index), member))
    }

    /// All members, in order of addition.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        count_work(self.len());
        self.members.iter()
    }

    /// The members as a vector, for owners that hand out no ids across a change of its length.
    pub fn members_mut(&mut self) -> &mut Vec<T> {
        &mut self.members
    }

    /// The members, without their ids.
    pub fn into_members(self) -> Vec<T> {
        self.members
    }

    /// All members, to be changed, in order of addition.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.members.iter_mut()
    }
}

impl<T> FromIterator<T> for Arena<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self { members: members.into_iter().collect() }
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by the arena that holds its member, and nothing is removed"
    )]
    fn index(&self, id: Id<T>) -> &T {
        count_work(1);
        &self.members[id.index()]
    }
}

impl<T> IndexMut<Id<T>> for Arena<T> {
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by the arena that holds its member, and nothing is removed"
    )]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.members[id.index()]
    }
}
