//! How a kind scales and what one unit of it can do.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::number;

/// A metric a group of units can follow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingMetric {
    /// The identifier in the data.
    pub name: String,
    /// What an architect types after `on`.
    pub word: String,
    /// AWS's predefined metric; without one it is a metric the emitter defines.
    #[serde(default)]
    pub predefined: Option<String>,
    /// What it counts.
    pub unit: String,
    /// The target when none is stated, in thousandths of a unit.
    #[serde(deserialize_with = "number::milli")]
    pub default_target: u64,
    /// The range of sensible targets, in thousandths of a unit; `(0, 0)` when there is none.
    #[serde(deserialize_with = "number::milli_range")]
    pub sane: (u64, u64),
}

/// How a kind scales.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// What is counted.
    pub unit: String,
    /// How the number can be chosen.
    pub policies: Vec<String>,
    /// The metrics it can follow.
    pub metrics: Vec<ScalingMetric>,
    /// The least that production needs, in thousandths of a unit.
    #[serde(default, deserialize_with = "number::maybe_milli")]
    pub min_prod: Option<u64>,
    /// The least when nothing is stated, in thousandths of a unit.
    #[serde(default, deserialize_with = "number::maybe_milli")]
    pub default_min: Option<u64>,
    /// The most when nothing is stated, in thousandths of a unit.
    #[serde(default, deserialize_with = "number::maybe_milli")]
    pub default_max: Option<u64>,
    /// The smallest change, in thousandths of a unit.
    #[serde(default, deserialize_with = "number::maybe_milli")]
    pub step: Option<u64>,
    /// Does it grow by a larger size?
    #[serde(default)]
    pub vertical: bool,
    /// Does its disk grow by itself?
    #[serde(default)]
    pub storage_autoscaling: bool,
    /// Seconds until a new unit carries load.
    #[serde(default)]
    pub warmup_s: Option<u64>,
    /// How fast new executions may appear.
    #[serde(default)]
    pub burst: Option<Burst>,
    /// How fast a queue's event-source mapping grows.
    #[serde(default)]
    pub esm_sqs: Option<EventSourceGrowth>,
    /// What happens when it scales to nothing.
    #[serde(default)]
    pub auto_pause: String,
}

/// How fast new executions may appear.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// New executions each second.
    pub per_s: u64,
    /// A remark.
    pub note: String,
    /// Where the figure comes from.
    pub src: String,
}

/// How fast a queue's event-source mapping grows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSourceGrowth {
    /// Executions at the start.
    pub start: u64,
    /// Further executions each minute.
    pub per_minute: u64,
    /// The most executions.
    pub max: u64,
    /// Where the figures come from.
    pub src: String,
}

impl Scaling {
    /// The metric an architect types.
    pub fn metric(&self, word: &str) -> Option<&ScalingMetric> {
        self.metrics.iter().find(|metric| metric.word == word || metric.name == word)
    }
}

/// One figure of the capacity table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number, in millionths.
    Number(Millionths),
    /// A rule, a size, a source.
    Text(String),
}

/// A number in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Millionths(pub i128);

impl<'de> Deserialize<'de> for Millionths {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        number::Scaled::<6>::deserialize(from).map(|scaled| Self(scaled.0))
    }
}

/// What one unit of a kind can do, by the names of the data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Capacity {
    /// The figures.
    pub figures: IndexMap<String, Figure>,
}

impl Capacity {
    /// A number in millionths.
    pub fn millionths(&self, name: &str) -> Option<u64> {
        match self.figures.get(name)? {
            Figure::Number(Millionths(value)) => u64::try_from(*value).ok(),
            Figure::Text(_) => None,
        }
    }

    /// A number, without its decimals.
    pub fn count(&self, name: &str) -> Option<u64> {
        self.millionths(name).map(|value| value / 1_000_000)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.figures.get(name)? {
            Figure::Text(text) => Some(text),
            Figure::Number(_) => None,
        }
    }

    /// The connections a server of this memory accepts: nominal memory times the share that counts, divided by the bytes
    /// one connection takes, and at most the cap. Nothing when the kind does not limit them.
    pub fn connections(&self, memory: crate::units::Bytes) -> Option<u64> {
        let cap = self.count("connection_cap");
        let Some(bytes) = self.count("connection_bytes").filter(|bytes| *bytes > 0) else { return cap };
        let share = self.millionths("nominal_memory_share").unwrap_or(1_000_000);
        let usable = u128::from(memory.0) * u128::from(share) / 1_000_000;
        let found = u64::try_from(usable / u128::from(bytes)).unwrap_or(u64::MAX);
        Some(found.min(cap.unwrap_or(u64::MAX)))
    }
}

/// What AWS Budgets accepts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the lists are AWS's own enumerations, named as in its API")]
pub struct BudgetFacts {
    pub time_unit: Vec<String>,
    pub budget_type: Vec<String>,
    pub notification_type: Vec<String>,
    pub comparison: Vec<String>,
    pub threshold_type: Vec<String>,
    pub subscribers: Vec<String>,
    pub action_type: Vec<String>,
    pub ssm_subtype: Vec<String>,
    pub approval: Vec<String>,
    pub auto_adjust: Vec<String>,
    pub forecasted_not_on: Vec<String>,
    pub forecasted_src: String,
    pub forecast_needs_history_weeks: u32,
    pub forecast_src: String,
    pub tag_filter: String,
    pub tag_filter_src: String,
    pub default_thresholds: Vec<BudgetThreshold>,
}

/// One threshold of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetThreshold {
    /// Percent of the limit.
    pub at: u32,
    /// `ACTUAL` or `FORECASTED`.
    #[serde(rename = "type")]
    pub kind: String,
}
