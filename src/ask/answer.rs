//! What a question is answered with: a sentence, and tables whose cells know what they are.

use crate::text::{Span, Text};
use crate::units::{MicroUsd, Micros, PerBillion, PerSecond, Percent};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The answer in one sentence, with names in back-ticks.
    pub headline: String,
    /// What it rests on.
    pub tables: Vec<Table>,
    /// What a reader should know besides, a sentence each.
    pub remarks: Vec<String>,
}

/// Rows of the same sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What programs call it.
    pub key: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Its rows; each has a cell a column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What programs call it, with the unit of a bare number.
    pub key: &'static str,
    /// What people call it.
    pub title: &'static str,
}

/// A column of these names.
pub(super) const fn column(key: &'static str, title: &'static str) -> Column {
    Column { key, title }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing to say.
    Nothing,
    /// Words of this program, names included.
    Words(String),
    /// Words of the user.
    Text(Text),
    /// Several words.
    List(Vec<String>),
    /// A number.
    Count(u64),
    /// A rate.
    Rate(PerSecond),
    /// A share.
    Share(Percent),
    /// An availability.
    Chance(PerBillion),
    /// A time.
    Time(Micros),
    /// Money.
    Money(MicroUsd),
    /// Places in the model.
    Places(Vec<Span>),
}

impl Cell {
    /// Words of this program.
    pub(super) fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// Places in order, each once.
    pub(super) fn places(places: impl IntoIterator<Item = Span>) -> Self {
        let mut places: Vec<Span> = places.into_iter().collect();
        places.sort();
        places.dedup();
        Self::Places(places)
    }
}

impl Answer {
    /// An answer of one sentence.
    pub(super) fn new(headline: impl Into<String>) -> Self {
        Self { headline: headline.into(), ..Self::default() }
    }

    /// With a table, unless it has no rows.
    #[must_use]
    pub(super) fn table(mut self, table: Table) -> Self {
        if !table.rows.is_empty() {
            self.tables.push(table);
        }
        self
    }

    /// With a remark, when there is one.
    #[must_use]
    pub(super) fn remark(mut self, remark: Option<String>) -> Self {
        self.remarks.extend(remark);
        self
    }
}

/// Names in back-ticks with commas; of many, the first few and how many more there are.
pub(super) fn named<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.to_string())).collect();
    listed(&all)
}

/// Words with commas; of many, the first few and how many more there are.
pub(super) fn listed(all: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
