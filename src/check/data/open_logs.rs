//! DATA-410: logs that may hold personal data, open to people who observe.

use crate::check::case::{Case, Check};
use crate::check::data::handled;
use crate::check::fixes::put_in;
use crate::derive::operations::Logged;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Role, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "DATA-410",
        title: "logs may hold personal data without protection",
        severity: Severity::Low,
    },
    find,
};

/// One finding for each role, because it is the role's reading that is decided on.
fn find(case: &Case) -> Vec<Diagnostic> {
    let unprotected: Vec<(ServiceId, DataClass)> = case
        .facts
        .operations
        .log_groups
        .iter()
        .filter_map(|group| match group.of {
            Logged::Application(id) => Some((id, unprotected(case, id)?)),
            Logged::Access(_) | Logged::Connections(_) => None,
        })
        .collect();
    case.model.roles.values().filter_map(|role| exposed(case, role, &unprotected)).collect()
}

/// The most sensitive class a service handles, when its log group could have a key of its own and has none.
fn unprotected(case: &Case, id: ServiceId) -> Option<DataClass> {
    let service = &case.model.services[id];
    let shared =
        service.kind.setting("logs-key").is_some() && service.settings.word("logs-key") != Some("own");
    handled(case, id).into_iter().filter(|class| shared && class.is_sensitive()).max()
}

fn exposed(case: &Case, role: &Role, unprotected: &[(ServiceId, DataClass)]) -> Option<Diagnostic> {
    let read: Vec<&(ServiceId, DataClass)> =
        unprotected.iter().filter(|(id, _)| observes(role, *id)).collect();
    let ((first, class), rest) = read.split_first().map(|(first, rest)| (**first, rest))?;
    let (reader, service) = (&role.name, &case.model.services[first].name);
    let class_name = class.name();
    let message = match rest.len() {
        0 => phrase!(
            "`{reader}` reads the logs of `{service}`: {class_name}",
            "`{reader}` lee los registros de `{service}`: {class_name}"
        ),
        more => phrase!(
            "`{reader}` reads the logs of `{service}` and of {more} more: {class_name}",
            "`{reader}` lee los registros de `{service}` y de {more} más: {class_name}"
        ),
    };
    let finding = CHECK.rule.at(role.span).message(message).subject(reader.as_str());
    let finding = read.iter().fold(finding, |finding, (id, class)| {
        finding.label(case.model.services[*id].span, phrase!("handles {}", "maneja {}", class.name()))
    });
    let edits = read.iter().filter_map(|(id, _)| put_in(&case.model.services[*id], "logs-key own")).collect();
    let title = Phrase::new("write `logs-key own` in their braces", "escribir `logs-key own` en sus llaves");
    Some(finding.fix(title, edits).help(Phrase::new(
        "give the log groups keys of their own: write `logs-key own` in their services' braces",
        "da clave propia a los grupos de registros: escribe `logs-key own` en las llaves de sus servicios",
    )))
}

/// May the role read what the service logs? Who administers may read everything, which is another rule's business.
fn observes(role: &Role, id: ServiceId) -> bool {
    role.permits.iter().any(|permit| permit.verb == "observe" && permit.on.contains(&id))
}
