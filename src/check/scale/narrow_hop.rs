//! SCALE-212: throughput narrows along the path.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};
use crate::units::PerSecond;
use std::collections::BTreeSet;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-212", title: "throughput narrows along the path", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let ways = case.facts.paths.all.iter().filter(|path| path.from_outside);
    let on_the_way: BTreeSet<ServiceId> = ways.flat_map(|path| path.services(case.model)).collect();
    on_the_way.into_iter().filter_map(|id| finding(case, id)).collect()
}

/// What a service can carry at most, when something says so.
fn ceiling(case: &Case<'_>, id: ServiceId) -> Option<PerSecond> {
    let settings = &case.model.services[id].settings;
    let function = case.facts.capacity.function(id).filter(|function| function.stated);
    let runs =
        function.map(|function| PerSecond(function.most.saturating_mul(1_000_000) / function.work.0.max(1)));
    settings.rate("throttle").or(runs)
}

fn finding(case: &Case<'_>, id: ServiceId) -> Option<Diagnostic> {
    let (carries, arrives) = (ceiling(case, id)?, case.facts.load.service(id).peak);
    if carries >= arrives {
        return None;
    }
    let message = phrase!(
        "`{}` carries {carries}, {arrives} arrive at peak",
        "`{}` soporta {carries}, en el pico llegan {arrives}",
        name(case, id)
    );
    Some(about(&CHECK.rule, case, id).message(message).help(Phrase::new(
        "widen it, or put a queue or a cache before it",
        "ensánchalo, o pon delante una cola o una caché",
    )))
}
