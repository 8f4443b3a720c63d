//! SCALE-217: scaling target contradicts the stated service time.

use crate::check::case::{Case, Check};
use crate::check::fixes::put_in;
use crate::check::place::{about, name};
use crate::derive::capacity::Group;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "SCALE-217",
        title: "scaling target contradicts the stated service time",
        severity: Severity::Low,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.facts.capacity.groups.iter().filter_map(|group| finding(case, group)).collect()
}

fn finding(case: &Case<'_>, group: &Group) -> Option<Diagnostic> {
    let by_requests = group.metric.as_deref() == Some("requests_per_target") && group.work_stated;
    let target = group.target.filter(|_| by_requests)?;
    let derived = group.derived_target;
    let percent = target.saturating_mul(100).checked_div(derived)?;
    if (50..=130).contains(&percent) {
        return None;
    }
    let subject = name(case, group.service);
    let message = phrase!(
        "`{subject}` scales at {target} requests/min, its {} imply {derived}",
        "`{subject}` escala a {target} peticiones/min, sus {} implican {derived}",
        group.work
    );
    let note = if percent < 50 {
        Phrase::new(
            "units are added long before they are needed",
            "se añaden unidades mucho antes de que hagan falta",
        )
    } else {
        Phrase::new("units are added too late", "se añaden unidades demasiado tarde")
    };
    let service = &case.model.services[group.service];
    let span = service.settings.span("scale").unwrap_or(service.span);
    let help = phrase!(
        "take the derived target: `scale {subject} {}..{} on requests {derived}/min`",
        "toma el objetivo derivado: `scale {subject} {}..{} on requests {derived}/min`",
        group.min,
        group.max
    );
    let scale = format!("scale {}..{} on requests {derived}/min", group.min, group.max);
    let edit = put_in(service, &scale);
    let title = phrase!("write `{scale}`", "escribir `{scale}`");
    Some(
        about(&CHECK.rule, case, group.service)
            .message(message)
            .note(note)
            .label(span, Phrase::new("the target", "el objetivo"))
            .fix(title, edit.into_iter().collect())
            .help(help),
    )
}
