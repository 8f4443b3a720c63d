//! DATA-410: logs that may hold personal data, open to people who observe.

use crate::check::case::{Case, Check};
use crate::check::data::handled;
use crate::check::place::about;
use crate::derive::operations::Logged;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Role, ServiceId};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "DATA-410",
        title: "logs may hold personal data without protection",
        severity: Severity::Low,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let groups = case.facts.operations.log_groups.iter();
    let written = groups.filter_map(|group| match group.of {
        Logged::Application(id) => Some(id),
        Logged::Access(_) | Logged::Connections(_) => None,
    });
    written.filter_map(|id| exposed(case, id)).collect()
}

fn exposed(case: &Case, id: ServiceId) -> Option<Diagnostic> {
    let service = &case.model.services[id];
    let may_have_key = service.kind.setting("logs-key").is_some();
    if !may_have_key || service.settings.word("logs-key") == Some("own") {
        return None;
    }
    let class = handled(case, id).into_iter().filter(|class| class.is_sensitive()).max()?;
    let reader = case.model.roles.values().find(|role| observes(role, id))?;
    let message = format!(
        "`{}` reads the logs of `{}`, which handles {}",
        reader.name,
        service.name,
        DataClass::name(class)
    );
    let finding = about(&CHECK.rule, case, id).message(message).label(reader.span, "may read them");
    Some(finding.help("give the log group a key of its own: write `logs-key own` in its braces"))
}

fn observes(role: &Role, id: ServiceId) -> bool {
    role.permits.iter().any(|permit| permit.verb == "observe" && permit.on.contains(&id))
}
