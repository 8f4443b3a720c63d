//! Instance sizes: what one buys, and what it costs an hour.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::kind::is_from_memory;
use crate::catalog::{number, price};
use crate::units::{Bytes, MicroUsd, Percent};

/// One size.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// The name, such as `t3.medium`.
    #[serde(skip)]
    pub name: String,
    /// Processors.
    pub vcpu: u32,
    /// Memory.
    #[serde(rename = "memory_gib", deserialize_with = "number::gibibytes")]
    pub memory: Bytes,
    /// The price of an hour in us-east-1, in picodollars (10^-12 USD).
    #[serde(rename = "usd", deserialize_with = "number::pico")]
    pub pico_usd: i128,
    /// Of a burstable size, the share of each processor that may be used for ever.
    #[serde(default, deserialize_with = "number::maybe_share")]
    pub burstable: Option<Percent>,
    /// Where the figures come from.
    pub src: String,
}

impl Size {
    /// What `thousandths / 1000` hours cost, rounded half up.
    pub fn amount(&self, thousandths: u128) -> MicroUsd {
        price::amount(self.pico_usd, 1, thousandths)
    }

    /// Is the price unverified?
    pub fn is_from_memory(&self) -> bool {
        is_from_memory(&self.src)
    }
}

/// `sizes.toml`: tables of sizes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Sizes {
    pub schema: u32,
    /// Hours of a reckoned month.
    #[serde(default = "month")]
    pub hours_per_month: u32,
    #[serde(flatten)]
    tables: IndexMap<String, IndexMap<String, Size>>,
}

fn month() -> u32 {
    730
}

impl Sizes {
    /// Gives each size its name.
    pub fn named(mut self) -> Self {
        for (name, size) in self.tables.values_mut().flatten() {
            size.name.clone_from(name);
        }
        self
    }

    /// Adds the sizes of a project; a size of the same name is replaced.
    pub fn extend(&mut self, other: Self) {
        for (table, sizes) in other.named().tables {
            self.tables.entry(table).or_default().extend(sizes);
        }
    }

    pub fn get(&self, table: &str, name: &str) -> Option<&Size> {
        self.tables.get(table)?.get(name)
    }

    pub fn table(&self, table: &str) -> impl Iterator<Item = &Size> {
        self.tables.get(table).into_iter().flat_map(IndexMap::values)
    }
}
