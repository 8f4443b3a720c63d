//! What gives way first as the load grows: the limits of `archc simulate`, in the report's language.

use serde::Serialize;

use crate::ask::simulate::{self, Break, Factor, Growth, Sort, Target};
use crate::catalog::Catalog;
use crate::check::Review;
use crate::emit::report::Subject;
use crate::emit::report::markdown::Markdown;
use crate::units::PerSecond;

/// How many times the stated load is looked at, and in how many steps.
pub(super) const REACH: u128 = 10;
const STEPS: usize = 8;
/// How many limits are told.
const LIMITS: usize = 6;

/// One limit, and where it is met.
#[derive(Debug, Serialize)]
pub(super) struct GrowthRow {
    what: Markdown,
    limit: Markdown,
    times: Option<String>,
    rate: String,
    bill: String,
}

/// Lets the stated load grow; nothing when none is stated.
pub(super) fn grown(review: &Review, catalog: &Catalog) -> Option<Growth> {
    let target = Target::Times(Factor(REACH * Factor::ONE.0));
    simulate::grow(&review.model, catalog, &review.facts.operations, target, STEPS).ok()
}

/// The first limits that the growing load meets, in order.
pub(super) fn growth(subject: Subject<'_>) -> Vec<GrowthRow> {
    let breaks = subject.growth.map(|growth| growth.breaks.as_slice()).unwrap_or_default();
    breaks.iter().take(LIMITS).map(|found| row(subject, found)).collect()
}

fn row(subject: Subject<'_>, found: &Break) -> GrowthRow {
    GrowthRow {
        what: match found.service {
            Some(id) => subject.name(id),
            None if found.sort == Sort::Budget => Markdown::own(subject.say("the system", "el sistema")),
            None => Markdown::code(&found.name),
        },
        limit: Markdown::own(found.sort.word(subject.language)),
        times: (found.factor > Factor::ONE).then(|| simulate::times(found.factor).replace('x', " ×")),
        rate: rounded(found.rate),
        bill: found.expected.usd(0),
    }
}

/// A rate as a reader needs it: whole calls a second from ten on.
pub(super) fn rounded(rate: PerSecond) -> String {
    if rate.0 < 10_000 { rate.to_string() } else { PerSecond(rate.0 / 1_000 * 1_000).to_string() }
}
