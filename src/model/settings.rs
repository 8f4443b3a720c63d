//! Typed settings: what a declaration states, and what its kind assumes.

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use serde::Serialize;

use crate::model::ServiceId;
use crate::text::{Span, Text};
use crate::units::{Bytes, MicroUsd, Millis, PerSecond, Percent};

/// An IPv4 address block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    /// The first address.
    pub address: u32,
    /// The length of the prefix, 0 to 32.
    pub prefix: u8,
}

impl Cidr {
    /// The block written `10.0.0.0/16`; host bits must be 0.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let prefix: u8 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        let address = u32::from(address.parse::<std::net::Ipv4Addr>().ok()?);
        let hosts = u32::try_from((1_u64 << (32 - prefix)) - 1).unwrap_or(u32::MAX);
        (address & hosts == 0).then_some(Self { address, prefix })
    }

    /// How many addresses it holds.
    pub const fn addresses(self) -> u64 {
        1 << (32 - self.prefix)
    }

    /// Does it hold all of `other`?
    pub const fn holds(self, other: Self) -> bool {
        let last = self.address as u64 + self.addresses();
        self.prefix <= other.prefix && self.address <= other.address && (other.address as u64) < last
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", std::net::Ipv4Addr::from(self.address), self.prefix)
    }
}

impl Serialize for Cidr {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `scale 2..6 on requests 1000/min`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScalePolicy {
    /// The fewest units.
    pub min: u64,
    /// The most units.
    pub max: u64,
    /// Both bounds in thousandths, when they are not whole (capacity units of a database, say); the whole ones are then
    /// rounded outward.
    pub exact: Option<(u64, u64)>,
    /// The metric's name in the kind's catalogue file, when one is stated.
    pub metric: Option<String>,
    /// The target in the metric's own unit (percent, requests a minute, …), when one is stated.
    pub target: Option<u64>,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Stated, or stated `off`.
    Flag(bool),
    /// A number.
    Count(u64),
    /// A share.
    Percent(Percent),
    /// A time.
    Time(Millis),
    /// An amount of data.
    Bytes(Bytes),
    /// A rate.
    Rate(PerSecond),
    /// Money.
    Money(MicroUsd),
    /// A word.
    Word(String),
    /// Words.
    Words(Vec<String>),
    /// Text.
    Text(Text),
    /// A service.
    Service(ServiceId),
    /// Services.
    Services(Vec<ServiceId>),
    /// A scaling rule.
    Scaling(ScalePolicy),
    /// A storage class and the age at which objects move there.
    Transition(String, Millis),
    /// An address block.
    Cidr(Cidr),
}

impl Value {
    /// A figure or a word as the language writes it; nothing for what is neither.
    pub fn figure(&self) -> Option<String> {
        Some(match self {
            Self::Count(count) => count.to_string(),
            Self::Bytes(bytes) => bytes.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Rate(rate) => rate.to_string(),
            Self::Percent(share) => share.to_string(),
            Self::Word(word) => word.clone(),
            _ => return None,
        })
    }
}

/// Who gave a setting its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingSource {
    /// The declaration, or a statement about it.
    Stated,
    /// `defaults KIND { … }`.
    Defaults,
    /// `environment NAME { … }`.
    Environment,
    /// The catalogue: an assumption.
    Assumed,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its value.
    pub value: Value,
    /// Where it was written; of an assumption, the declaration.
    pub span: Span,
    /// Who gave it.
    pub source: SettingSource,
}

/// The settings of one thing, in the order they were stated; assumptions last. They are asked for by name very often, and
/// their names come from the catalogue alone, so the quick hash is safe.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Settings(pub IndexMap<String, Setting, FixedState>);

/// One accessor a type: the value when the setting is there and has this type.
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident -> $type:ty = $variant:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(&self, setting: &str) -> Option<$type> {
            match self.0.get(setting)?.value {
                Value::$variant(value) => Some(value),
                _ => None,
            }
        })*
    };
}

impl Settings {
    accessors! {
        /// A number.
        count -> u64 = Count;
        /// A share.
        percent -> Percent = Percent;
        /// A time.
        time -> Millis = Time;
        /// An amount of data.
        bytes -> Bytes = Bytes;
        /// A rate.
        rate -> PerSecond = Rate;
        /// Money.
        money -> MicroUsd = Money;
        /// A service.
        service -> ServiceId = Service;
        /// An address block.
        cidr -> Cidr = Cidr;
    }

    /// Is the setting there, and not `off`? A setting with a value counts as there.
    pub fn is_on(&self, setting: &str) -> bool {
        self.0.get(setting).is_some_and(|setting| setting.value != Value::Flag(false))
    }

    /// Was it written by the user (not assumed)?
    pub fn is_stated(&self, setting: &str) -> bool {
        self.0.get(setting).is_some_and(|setting| setting.source != SettingSource::Assumed)
    }

    /// A word.
    pub fn word(&self, setting: &str) -> Option<&str> {
        match &self.0.get(setting)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Words; a single word counts as a list of one.
    pub fn words(&self, setting: &str) -> &[String] {
        match self.0.get(setting).map(|setting| &setting.value) {
            Some(Value::Words(words)) => words,
            Some(Value::Word(word)) => std::slice::from_ref(word),
            _ => &[],
        }
    }

    /// Text.
    pub fn text(&self, setting: &str) -> Option<&Text> {
        match &self.0.get(setting)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The scaling rule.
    pub fn scaling(&self) -> Option<&ScalePolicy> {
        match &self.0.get("scale")?.value {
            Value::Scaling(scaling) => Some(scaling),
            _ => None,
        }
    }

    /// Where the setting was written.
    pub fn span(&self, setting: &str) -> Option<Span> {
        self.0.get(setting).map(|setting| setting.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_no_host_bits_and_know_what_they_hold() {
        let block = Cidr::parse("10.0.0.0/16").unwrap();
        assert_eq!(block.to_string(), "10.0.0.0/16");
        assert!(block.holds(Cidr::parse("10.0.255.0/24").unwrap()));
        assert!(!block.holds(Cidr::parse("10.1.0.0/24").unwrap()));
        for bad in ["10.0.0.1/16", "10.0.0.0/33", "10.0.0/8", "x/8"] {
            assert!(Cidr::parse(bad).is_none(), "{bad}");
        }
    }
}
