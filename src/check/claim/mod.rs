//! Claims: each predicate is one function; the report prints *holds* or *does not hold, because …*.

mod access;
mod figures;
mod resilience;
mod storage;

use crate::check::Case;
use crate::model::{Claim, ServiceId};
use crate::text::{Phrase, Span, Text};

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// The model does not say enough to tell.
    Open,
}

/// What a predicate finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What became of it.
    pub outcome: Outcome,
    /// Why, as a clause that follows *because*.
    pub because: Phrase,
    /// The lines that decide it.
    pub evidence: Vec<Span>,
}

/// A claim and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The claim, by its position in the model.
    pub claim: usize,
    /// What became of it; a negated claim holds when its predicate does not.
    pub finding: Finding,
}

/// A predicate: pure, over the model and its facts.
type Predicate = fn(&Case<'_>, &Claim) -> Finding;

/// Every predicate by its word; `model::PREDICATES` lists the same words.
pub const PREDICATES: &[(&str, Predicate)] = &[
    ("independent", resilience::independent),
    ("ordered", resilience::ordered),
    ("fixed-cost", figures::fixed_cost),
    ("reachable-only", access::reachable_only),
    ("authenticated", access::authenticated),
    ("survives-zone-loss", resilience::survives_zone_loss),
    ("encrypted", storage::encrypted),
    ("no-public-store", storage::no_public_store),
    ("recovers", storage::recovers),
    ("latency", figures::latency),
    ("availability", figures::availability),
];

/// The verdict on every claim, in model order.
pub fn verdicts(case: &Case<'_>) -> Vec<Verdict> {
    let each = |(at, claim): (usize, &Claim)| Some(Verdict { claim: at, finding: judge(case, claim)? });
    case.model.claims.iter().enumerate().filter_map(each).collect()
}

fn judge(case: &Case<'_>, claim: &Claim) -> Option<Finding> {
    let (_, predicate) = PREDICATES.iter().find(|(word, _)| *word == claim.predicate.value)?;
    let finding = predicate(case, claim);
    let outcome = match finding.outcome {
        Outcome::Holds if claim.negated => Outcome::Fails,
        Outcome::Fails if claim.negated => Outcome::Holds,
        as_found => as_found,
    };
    Some(Finding { outcome, ..finding })
}

/// It holds, because.
fn holds(en: impl Into<Text>, es: impl Into<Text>) -> Finding {
    Finding { outcome: Outcome::Holds, because: Phrase::new(en, es), evidence: Vec::new() }
}

/// It does not hold, because, by these lines.
fn fails(en: impl Into<Text>, es: impl Into<Text>, evidence: Vec<Span>) -> Finding {
    Finding { outcome: Outcome::Fails, because: Phrase::new(en, es), evidence }
}

/// The model does not say enough.
fn open(en: impl Into<Text>, es: impl Into<Text>) -> Finding {
    Finding { outcome: Outcome::Open, because: Phrase::new(en, es), evidence: Vec::new() }
}

/// A service's name in back-ticks.
fn name(case: &Case<'_>, id: ServiceId) -> String {
    format!("`{}`", case.model.services[id].name)
}

/// Names in back-ticks, joined with each language's *and*.
struct Names {
    en: String,
    es: String,
}

/// The names of services.
fn names(case: &Case<'_>, ids: &[ServiceId]) -> Names {
    let all: Vec<String> = ids.iter().map(|id| name(case, *id)).collect();
    Names { en: listed(&all, "and"), es: listed(&all, "y") }
}

/// `a, b and c`.
fn listed(all: &[String], and: &str) -> String {
    match all.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {and} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The first failure among the subjects, otherwise this success.
fn first_failure(failures: impl IntoIterator<Item = Finding>, success: Finding) -> Finding {
    failures.into_iter().next().unwrap_or(success)
}
