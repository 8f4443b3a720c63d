//! REL-102: availability of a path below its objective.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::derive::availability::{Chain, Step};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Slo, Target};
use crate::text::phrase;
use crate::units::PerBillion;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-102",
        title: "availability of a path below its objective",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.slos.iter().filter_map(|slo| finding(case, slo)).collect()
}

/// The chain that an objective is about: a journey's way to acceptance, or the least available way from a service.
fn chain<'a>(case: &Case<'a>, slo: &Slo) -> Option<(String, &'a Chain)> {
    match slo.on.as_ref()? {
        Target::Journey(at) => {
            let found = case.facts.availability.journeys.iter().find(|journey| journey.journey == *at)?;
            Some((case.model.journeys.get(*at)?.name.to_string(), &found.accepts))
        }
        Target::Service(id) => {
            let worst = case.facts.availability.worst_from(&case.facts.paths, *id)?;
            Some((case.model.services[*id].name.to_string(), &worst.chain))
        }
    }
}

fn finding(case: &Case<'_>, slo: &Slo) -> Option<Diagnostic> {
    let (subject, chain) = chain(case, slo)?;
    let below = slo.objective.0 > 0 && chain.availability < PerBillion::from(slo.objective);
    let worst = chain.worst.filter(|_| below)?;
    let (found, objective) = (chain.availability.percent(3), slo.objective.percent(3));
    let message = phrase!(
        "`{subject}` reaches {found} %, its objective is {objective} %",
        "`{subject}` llega al {found} %, su objetivo es {objective} %"
    );
    let note = phrase!("the weakest part is `{}`", "lo más débil es `{}`", name(case, worst));
    let found = CHECK.rule.at(slo.span).message(message).note(note).subject(subject);
    let gains = chain.changes.iter().take(3).map(|change| {
        let (name, after) = (name(case, change.service), change.after.percent(3));
        match change.step {
            Step::Soft => phrase!("live without `{name}`: {after} %", "vivir sin `{name}`: {after} %"),
            Step::Redundant => {
                phrase!("a second zone for `{name}`: {after} %", "una segunda zona para `{name}`: {after} %")
            }
        }
    });
    Some(gains.fold(found, Diagnostic::help))
}
