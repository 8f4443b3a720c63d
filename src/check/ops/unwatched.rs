//! OPS-601: something the system cannot do without fails, and nobody is told.

use std::collections::BTreeSet;

use crate::check::case::{Case, Check};
use crate::check::ops::watched_by_topic;
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ServiceId, Value};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "OPS-601", title: "no alarm on a hard dependency", severity: Severity::Medium },
    find,
};

/// One finding for the system: `alarms auto` watches all there is to watch at once.
fn find(case: &Case) -> Vec<Diagnostic> {
    if case.model.alarms.as_ref().is_some_and(|alarms| alarms.auto) {
        return Vec::new();
    }
    let watched = watched(case);
    let hard: BTreeSet<ServiceId> =
        case.facts.paths.all.iter().flat_map(|path| path.services(case.model)).collect();
    let alone: Vec<ServiceId> =
        hard.into_iter().filter(|id| !watched.contains(id) && is_ours(case, *id)).collect();
    let Some((first, rest)) = alone.split_first() else { return Vec::new() };
    let first = name(case, *first);
    let message = match rest.len() {
        0 => phrase!("no alarm tells when `{first}` fails", "ninguna alarma avisa si falla `{first}`"),
        more => phrase!(
            "no alarm tells when `{first}` and {more} more fails",
            "ninguna alarma avisa si fallan `{first}` y {more} más"
        ),
    };
    let finding = CHECK.rule.at(case.model.system.span).message(message);
    let finding = alone.iter().take(8).fold(finding, |finding, id| {
        finding.label(case.model.services[*id].span, Phrase::new("nobody watches it", "nadie lo vigila"))
    });
    let finding = finding
        .help(Phrase::new(
            "derive them: `alarms auto -> NAME` of a `sns`",
            "dedúcelas: `alarms auto -> NAME` de un `sns`",
        ))
        .subject(case.model.system.name.as_str());
    vec![watched_by_topic(case, finding)]
}

fn is_ours(case: &Case, id: ServiceId) -> bool {
    !case.model.services[id].kind.is_outside()
}

/// What derived and declared alarms watch.
fn watched(case: &Case) -> BTreeSet<ServiceId> {
    let derived = case.facts.operations.alarms.iter().map(|alarm| alarm.subject);
    let alarms = case.model.services.values().filter(|service| service.is_a("alarm"));
    let declared = alarms.filter_map(|alarm| match alarm.settings.0.get("on")?.value {
        Value::Service(id) => Some(id),
        _ => None,
    });
    derived.chain(declared).collect()
}
