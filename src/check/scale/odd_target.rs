//! SCALE-204: unrealistic target.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "SCALE-204", title: "unrealistic target", severity: Severity::Medium }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.services.ids().filter_map(|id| finding(case, id)).collect()
}

fn finding(case: &Case<'_>, id: ServiceId) -> Option<Diagnostic> {
    let service = &case.model.services[id];
    let policy = service.settings.scaling()?;
    let metric = service.kind.scaling.metric(policy.metric.as_deref()?)?;
    let (low, high) = metric.sane;
    let target = policy.target?;
    if (low, high) == (0, 0) || (low..=high).contains(&target.saturating_mul(1_000)) {
        return None;
    }
    let message = phrase!(
        "`{}` aims at {target} {} of {}",
        "`{}` apunta a {target} {} de {}",
        name(case, id),
        metric.unit,
        metric.word
    );
    let (low, high) = (low / 1_000, high / 1_000);
    let span = service.settings.span("scale").unwrap_or(service.span);
    let found =
        about(&CHECK.rule, case, id).message(message).label(span, Phrase::new("the target", "el objetivo"));
    let wanted =
        scale(case, id, (policy.min, policy.max), Some((&metric.name, metric.default_target / 1_000)));
    Some(written(
        case,
        id,
        &wanted,
        found
            .note(phrase!(
                "sensible targets lie between {low} and {high}",
                "los objetivos sensatos están entre {low} y {high}"
            ))
            .help(phrase!("take {}", "toma {}", metric.default_target / 1_000)),
    ))
}
