//! Prices of regions: factors on the home region's list prices, and a project's own prices.

use serde::Deserialize;
use toml::Spanned;

use crate::catalog::kind::is_from_memory;
use crate::catalog::number;
use crate::units::Percent;

/// `regions.toml`: factors on the home region's prices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Regions {
    pub schema: u32,
    /// The region whose list prices the catalogue holds.
    pub home: String,
    pub factor: Vec<RegionFactor>,
}

/// How many times the home region's price some things cost in another region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionFactor {
    /// The region.
    pub region: String,
    /// The kinds it holds for; all when there is none.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The prices of those kinds it holds for; all when there is none.
    #[serde(default)]
    pub items: Vec<String>,
    /// The factor.
    #[serde(deserialize_with = "number::share")]
    pub factor: Percent,
    /// Where it comes from, with its date.
    pub src: String,
}

impl RegionFactor {
    /// Does it hold for a price of a kind in a region?
    pub fn covers(&self, region: &str, kind: &str, item: &str) -> bool {
        let holds =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|known| known == name);
        self.region == region && holds(&self.kinds, kind) && holds(&self.items, item)
    }

    /// Is it unverified?
    pub fn is_from_memory(&self) -> bool {
        is_from_memory(&self.src)
    }
}

/// A project's own price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPrice {
    /// The region it holds in; every one when nothing is said.
    pub region: Option<String>,
    /// The kind, by its identifier.
    pub kind: String,
    /// The price of the kind, or the size of an instance.
    pub subject: PriceSubject,
    /// The price of `per` units, in picodollars (10^-12 USD).
    pub pico_usd: i128,
    /// How many units it buys; as many as the catalogue's price when nothing is said.
    pub per: Option<u64>,
    /// Where it comes from, with its date.
    pub src: String,
}

/// What a project's own price is the price of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceSubject {
    /// A price of the kind, by its identifier.
    Item(String),
    /// An hour of a size.
    Size(String),
}

/// A project's `prices.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceFile {
    pub schema: u32,
    /// Where the prices come from.
    pub source: Spanned<String>,
    /// The day they were read: `2026-11-01`.
    pub date: Spanned<String>,
    #[serde(default)]
    pub price: Vec<PriceRow>,
    #[serde(default)]
    pub factor: Vec<FactorRow>,
}

/// One `[[price]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceRow {
    #[serde(default)]
    pub region: Option<Spanned<String>>,
    /// A kind by its word or identifier.
    pub kind: Spanned<String>,
    #[serde(default)]
    pub item: Option<Spanned<String>>,
    #[serde(default)]
    pub size: Option<Spanned<String>>,
    #[serde(deserialize_with = "number::pico")]
    pub usd: i128,
    #[serde(default)]
    pub per: Option<Spanned<u64>>,
}

/// One `[[factor]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorRow {
    pub region: Spanned<String>,
    /// Kinds by their words or identifiers; all when there is none.
    #[serde(default)]
    pub kinds: Vec<Spanned<String>>,
    #[serde(deserialize_with = "number::share")]
    pub factor: Percent,
}

/// Does a text look like the name of a region: `eu-west-1`?
pub(super) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number =
        |part: &&str| !part.is_empty() && part.len() < 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts
        .split_last()
        .is_some_and(|(last, words)| words.len() >= 2 && words.iter().all(is_word) && is_number(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_from_other_words() {
        assert!(["eu-west-1", "us-gov-east-1", "ap-southeast-2"].into_iter().all(is_region));
        assert!(!["eu-west", "europe", "eu-west-1a", "EU-WEST-1", "eu--1", ""].into_iter().any(is_region));
    }

    #[test]
    fn a_factor_covers_what_it_names_and_everything_when_it_names_nothing() {
        let row = |kinds: &[&str], items: &[&str]| RegionFactor {
            region: "eu-west-1".to_owned(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            factor: Percent(1_100_000),
            src: String::new(),
        };
        assert!(row(&[], &[]).covers("eu-west-1", "nat", "hour"));
        assert!(row(&["nat"], &["hour"]).covers("eu-west-1", "nat", "hour"));
        assert!(!row(&["nat"], &["hour"]).covers("eu-west-1", "nat", "gb"));
        assert!(!row(&[], &[]).covers("eu-west-2", "nat", "hour"));
    }
}
