//! OPS-605: a long way of which some parts record no traces.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::case::{Case, Check};
use crate::check::fixes::put_in;
use crate::check::place::{about, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "OPS-605", title: "no tracing across a multi-hop path", severity: Severity::Low },
    find,
};

/// From so many hops on, a slow answer cannot be found without traces.
const LONG: usize = 3;

/// One finding for each start of long ways, naming all that break the traces from there.
fn find(case: &Case) -> Vec<Diagnostic> {
    let mut broken: BTreeMap<ServiceId, BTreeSet<ServiceId>> = BTreeMap::new();
    for path in case.facts.paths.all.iter().filter(|path| path.flows.len() >= LONG) {
        let untraced =
            path.services(case.model).into_iter().filter(|id| is_untraced(&case.model.services[*id]));
        broken.entry(path.start).or_default().extend(untraced);
    }
    broken.into_iter().filter_map(|(start, parts)| finding(case, start, &parts)).collect()
}

fn finding(case: &Case, start: ServiceId, parts: &BTreeSet<ServiceId>) -> Option<Diagnostic> {
    let first = parts.first()?;
    let (from, at) = (name(case, start), name(case, *first));
    let message = match parts.len() - 1 {
        0 => phrase!(
            "traces from `{from}` break off at `{at}`",
            "las trazas desde `{from}` se cortan en `{at}`"
        ),
        more => phrase!(
            "traces from `{from}` break off at `{at}` and {more} more",
            "las trazas desde `{from}` se cortan en `{at}` y {more} más"
        ),
    };
    let finding = about(&CHECK.rule, case, start).message(message);
    let finding = parts.iter().fold(finding, |finding, id| {
        finding.label(case.model.services[*id].span, Phrase::new("records no traces", "no registra trazas"))
    });
    let edits = parts.iter().filter_map(|id| put_in(&case.model.services[*id], "tracing")).collect();
    let finding = finding
        .fix(Phrase::new("write `tracing` in their braces", "escribir `tracing` en sus llaves"), edits);
    Some(finding.help(Phrase::new(
        "write `tracing` in the braces of each, or once: `defaults KIND { tracing }`",
        "escribe `tracing` en las llaves de cada uno, o una vez: `defaults KIND { tracing }`",
    )))
}

fn is_untraced(service: &Service) -> bool {
    service.kind.setting("tracing").is_some() && !service.settings.is_on("tracing")
}
