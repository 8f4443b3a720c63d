//! Growth: the stated load scaled up step by step, which limit breaks first, what it would take, and the bill.
//!
//! Each step is the model with its `load` statements multiplied, given to the same derivations as the model itself. Limits
//! that a model states (units, executions, throttles) are compared with what the load needs; connections, quotas and the bill
//! are reckoned as if every such limit had been raised, since that is what the system would become.

mod gauge;
mod told;
mod world;

use crate::catalog::Catalog;
use crate::derive::operations::Operations;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Model, ServiceId};
use crate::text::Span;
use crate::units::logarithm::{exp2, log2};
use crate::units::{MicroUsd, PerSecond};

pub use gauge::Sort;
pub use told::{answer as growth_answer, dollars, rate_words, times};

/// A multiple in millionths: 10x is 10 000 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(pub u128);

impl Factor {
    /// As stated.
    pub const ONE: Self = Self(1_000_000);
}

/// How far the load is to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// So many times the stated load.
    Times(Factor),
    /// Until the peaks of all `load` statements together are this rate, in millionths of an event a second.
    Rate(u128),
}

/// The fastest load that is reckoned with: a million million requests a second, in thousandths.
const FASTEST: u64 = 1_000_000_000_000_000;

/// The load cannot grow from nothing, or only shrinks.
pub const NO_GROWTH: Rule =
    Rule { code: "ASK-101", title: "a load that does not grow", severity: Severity::Error };
/// The load is beyond what can be reckoned with, and was held at that.
pub const SATURATED: Rule =
    Rule { code: "ASK-102", title: "a load beyond what can be reckoned with", severity: Severity::Medium };

/// The rules of growth, in the order of their codes.
pub const RULES: [&Rule; 2] = [&NO_GROWTH, &SATURATED];

/// The system at one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// How many times the stated load.
    pub factor: Factor,
    /// The peaks of all `load` statements together.
    pub rate: PerSecond,
    /// The expected bill of a month.
    pub expected: MicroUsd,
    /// The bill of a month at peak all the time.
    pub max: MicroUsd,
}

/// A limit that breaks on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// What is limited.
    pub sort: Sort,
    /// Whose it is; nothing for the whole account or a budget.
    pub service: Option<ServiceId>,
    /// What the limit is of, as a name.
    pub name: String,
    /// The limit, in words.
    pub limit: String,
    /// At how many times the stated load it breaks; [`Factor::ONE`] when it is broken already.
    pub factor: Factor,
    /// The peak rate of the whole system there.
    pub rate: PerSecond,
    /// The expected bill there.
    pub expected: MicroUsd,
    /// What is needed at the target, in the limit's own words.
    pub needed: String,
    /// What it would take at the target: a line to write, or whom to ask.
    pub takes: String,
    /// The lines of the model it follows from.
    pub causes: Vec<Span>,
}

/// How a system grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// From the stated load to the target, evenly on a logarithmic scale.
    pub points: Vec<Point>,
    /// What breaks, in order.
    pub breaks: Vec<Break>,
    /// Budgets over a month, with their names.
    pub budgets: Vec<(String, MicroUsd)>,
    /// What had to be held back, as findings.
    pub findings: Vec<Diagnostic>,
    /// What a reader should know besides.
    pub remarks: Vec<String>,
}

/// Lets the load of a model grow to a target in `steps` steps.
///
/// # Errors
/// A finding when no load is stated, or the target is not above it.
pub fn grow(
    model: &Model,
    catalog: &Catalog,
    operations: &Operations,
    target: Target,
    steps: usize,
) -> Result<Growth, Box<Diagnostic>> {
    let stated = stated_peak(model);
    let span = model.loads.first().map_or(model.system.span, |load| load.span);
    let (factor, held) = wanted(stated, target).ok_or_else(|| Box::new(no_growth(model, stated, span)))?;
    let mut world = world::World::new(model, catalog, operations);
    let factors = factors(factor, steps);
    let samples: Vec<world::Sample> = factors.iter().map(|factor| world.at(*factor)).collect();
    let mut growth = Growth {
        points: samples.iter().map(|sample| sample.point).collect(),
        breaks: gauge::breaks(&world, &samples),
        budgets: world.budgets(),
        findings: Vec::new(),
        remarks: world.remarks(),
    };
    if held {
        growth.findings.push(saturated(span, "the load grows to a million million rps and no further"));
    }
    if growth.points.iter().any(|point| point.max.0 == i64::MAX) {
        growth
            .findings
            .push(saturated(span, "the bill is larger than can be counted; it is shown as the largest"));
    }
    Ok(growth)
}

/// The peaks of all `load` statements together.
pub fn stated_peak(model: &Model) -> PerSecond {
    model.loads.iter().map(|load| load.peak.max(load.usual)).sum()
}

/// The factor that a target means, and whether it had to be held back; nothing when the load does not grow by it.
fn wanted(stated: PerSecond, target: Target) -> Option<(Factor, bool)> {
    let base = u128::from(stated.0);
    let asked = match target {
        Target::Times(factor) => factor.0,
        Target::Rate(rate) => rate.checked_mul(1_000).map_or(u128::MAX, |rate| rate / base.max(1)),
    };
    let most = u128::from(FASTEST) * Factor::ONE.0 / base.max(1);
    (base > 0 && asked > Factor::ONE.0 && most > Factor::ONE.0)
        .then_some((Factor(asked.min(most)), asked > most))
}

fn no_growth(model: &Model, stated: PerSecond, span: Span) -> Diagnostic {
    if stated.0 > 0 {
        let message = format!("the load is {stated} at peak already");
        return NO_GROWTH.at(span).message(message).help("name a target above it, such as `--load 10x`");
    }
    let entry = model.services.iter().find(|(_, service)| service.kind.has(crate::catalog::Trait::Entry));
    let name = entry.map_or("ENTRY", |(_, service)| service.name.as_str());
    let finding = NO_GROWTH.at(span).message("the model states no load, so there is none to scale");
    finding.help(format!("write `load {name} 20 rps, peak 100 rps for 60 h/month`"))
}

fn saturated(span: Span, message: &str) -> Diagnostic {
    SATURATED.at(span).message(message.to_owned())
}

/// Factors from one to the target, evenly on a logarithmic scale; both ends exact.
fn factors(target: Factor, steps: usize) -> Vec<Factor> {
    let whole = u128::from(log2(target.0, Factor::ONE.0));
    let last = steps.max(2) - 1;
    (0..=last)
        .map(|step| {
            let part = whole * step as u128 / last as u128;
            let inner = exp2(u64::try_from(part).unwrap_or(u64::MAX), Factor::ONE.0);
            if step == last { target } else { Factor(inner.clamp(Factor::ONE.0, target.0)) }
        })
        .collect()
}
