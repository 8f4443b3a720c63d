//! What a kind costs: list prices in us-east-1, on demand, as exact integers.

use serde::Deserialize;

use crate::catalog::kind::is_from_memory;
use crate::catalog::number;
use crate::units::MicroUsd;

/// When a price applies, as a condition on the thing's settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum When {
    /// The setting has this value.
    Is(String, String),
    /// The setting has another value, or is not written.
    IsNot(String, String),
    /// The setting is written, and not `off`.
    Set(String),
    /// The setting is not written, or `off`.
    Unset(String),
}

impl From<String> for When {
    fn from(text: String) -> Self {
        let (negated, rest) = text.strip_prefix('!').map_or((false, text.as_str()), |rest| (true, rest));
        match (negated, rest.split_once('=')) {
            (false, Some((setting, value))) => Self::Is(setting.to_owned(), value.to_owned()),
            (true, Some((setting, value))) => Self::IsNot(setting.to_owned(), value.to_owned()),
            (false, None) => Self::Set(rest.to_owned()),
            (true, None) => Self::Unset(rest.to_owned()),
        }
    }
}

impl When {
    /// Does it apply? `value` answers what a setting says: nothing when it is not written, `on` for a bare flag.
    pub fn applies<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::Is(setting, wanted) => value(setting) == Some(wanted.as_str()),
            Self::IsNot(setting, wanted) => value(setting) != Some(wanted.as_str()),
            Self::Set(setting) => value(setting).is_some_and(|value| value != "off"),
            Self::Unset(setting) => value(setting).is_none_or(|value| value == "off"),
        }
    }

    /// The setting it looks at.
    pub fn setting(&self) -> &str {
        match self {
            Self::Is(setting, _) | Self::IsNot(setting, _) | Self::Set(setting) | Self::Unset(setting) => {
                setting
            }
        }
    }
}

/// How many of a priced thing there are when nothing drives the number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// So many.
    Count(u64),
    /// As many as there are of this, such as `azs`.
    Of(String),
}

/// One price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The identifier within the kind.
    pub id: String,
    /// The price of `per` units, in picodollars (10^-12 USD).
    #[serde(rename = "usd", deserialize_with = "number::pico")]
    pub pico_usd: i128,
    /// How many units it buys.
    pub per: u64,
    /// What is counted.
    pub unit: String,
    /// What drives the number; without it there is one a thing.
    #[serde(default)]
    pub scales: Option<String>,
    /// When it applies.
    #[serde(default)]
    pub when: Option<When>,
    /// The table of sizes that replaces the price by the chosen size's.
    #[serde(default)]
    pub table: Option<String>,
    /// The first unit of the month that this tier covers.
    #[serde(default)]
    pub tier_from: Option<u64>,
    /// The first unit that it no longer covers.
    #[serde(default)]
    pub tier_to: Option<u64>,
    /// What a standby in a second zone multiplies it by.
    #[serde(default)]
    pub multi_az_factor: Option<u64>,
    /// Only when it is asked for.
    #[serde(default)]
    pub optional: bool,
    /// How many when nothing drives the number.
    #[serde(default)]
    pub default_qty: Option<Quantity>,
    /// Units free in a month.
    #[serde(default)]
    pub free: Option<u64>,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// Where the price comes from, with its date.
    #[serde(default)]
    pub src: String,
}

impl Price {
    /// What `thousandths / 1000` units cost, rounded half up; tiers and free units are the caller's business.
    pub fn amount(&self, thousandths: u128) -> MicroUsd {
        amount(self.pico_usd, self.per, thousandths)
    }

    /// Is the price unverified?
    pub fn is_from_memory(&self) -> bool {
        is_from_memory(&self.src)
    }
}

/// The cost of `thousandths / 1000` units at `pico_usd` for each `per` of them, rounded half up.
pub(super) fn amount(pico_usd: i128, per: u64, thousandths: u128) -> MicroUsd {
    let units = i128::try_from(thousandths).unwrap_or(i128::MAX);
    let divisor = i128::from(per.max(1)).saturating_mul(1_000_000_000);
    let product = pico_usd.saturating_mul(units);
    let rounded = product.saturating_mul(2).saturating_add(divisor) / divisor.saturating_mul(2);
    MicroUsd(i64::try_from(rounded).unwrap_or(i64::MAX))
}

/// Units free in a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeTier {
    /// The price it applies to.
    pub id: String,
    /// How many units.
    pub qty: u64,
    /// Where the figure comes from.
    pub src: String,
}

/// All prices of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pricing {
    /// The prices.
    pub items: Vec<Price>,
    /// What is free.
    #[serde(default)]
    pub free_tier: Vec<FreeTier>,
}

impl Pricing {
    /// The price of an id.
    pub fn item(&self, id: &str) -> Option<&Price> {
        self.items.iter().find(|price| price.id == id)
    }

    /// Units of a price that are free in a month.
    pub fn free_units(&self, id: &str) -> u64 {
        let tier = self.free_tier.iter().find(|free| free.id == id).map(|free| free.qty);
        tier.or_else(|| self.item(id).and_then(|price| price.free)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_round_half_up_to_a_microdollar() {
        assert_eq!(amount(22_500_000_000, 1, 730_000), MicroUsd(16_425_000));
        assert_eq!(amount(200_000_000_000, 1_000_000, 1_000), MicroUsd(0));
        assert_eq!(amount(500_000, 1, 1_000), MicroUsd(1));
    }

    #[test]
    fn conditions_read_settings() {
        let fifo = |name: &str| (name == "fifo").then_some("on");
        assert!(When::from("fifo".to_owned()).applies(fifo));
        assert!(!When::from("!fifo".to_owned()).applies(fifo));
        assert!(When::from("!plan=lite".to_owned()).applies(fifo));
        assert!(!When::from("mode=express".to_owned()).applies(fifo));
    }
}
