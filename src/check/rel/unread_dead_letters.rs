//! REL-105: nobody reads the dead-letter queue.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::ops::watched_by_topic;
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-105", title: "nobody reads the dead-letter queue", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let told = case.model.alarms.as_ref().is_some_and(|alarms| alarms.auto && !alarms.to.is_empty());
    let dead = |id: &ServiceId| {
        let service = &case.model.services[*id];
        service.is_derived() && service.kind.has(Trait::Buffer)
    };
    let unread = case.model.services.ids().filter(|id| dead(id) && !told && !has_reader(case, *id));
    unread.map(|id| finding(case, id)).collect()
}

/// May somebody send the messages back?
fn has_reader(case: &Case<'_>, id: ServiceId) -> bool {
    let mut permits = case.model.roles.values().flat_map(|role| &role.permits);
    permits.any(|permit| matches!(permit.verb.as_str(), "redrive" | "administer") && permit.on.contains(&id))
}

fn finding(case: &Case<'_>, id: ServiceId) -> Diagnostic {
    let name = &case.model.services[id].name;
    let message = phrase!(
        "nobody hears of what arrives in `{name}`, and nobody may send it back",
        "nadie se entera de lo que llega a `{name}`, y nadie puede devolverlo"
    );
    let found = watched_by_topic(case, about(&CHECK.rule, case, id).message(message));
    found
        .help(Phrase::new("be told: `alarms auto -> ops`", "entérate: `alarms auto -> ops`"))
        .help(phrase!("let a role act: `redrive {name}`", "deja que un rol actúe: `redrive {name}`"))
}
