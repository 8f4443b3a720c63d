//! MODEL-720: a front that stands before nothing.

use crate::catalog::{Kind, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-720", title: "front with nothing behind it", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let mut callers: Vec<bool> = vec![false; case.model.services.len()];
    for flow in case.model.flows.values() {
        if let Some(calls) = callers.get_mut(flow.from.index()) {
            *calls = true;
        }
    }
    let calls = |index: usize| callers.get(index).copied().unwrap_or_default();
    let fronts = case.model.services.iter().filter(|(id, service)| {
        needs_target(&service.kind) && !calls(id.index()) && service.settings.service("origin").is_none()
    });
    fronts
        .map(|(id, service)| {
            let finding = about(&CHECK.rule, case, id);
            let finding = finding.message(phrase!(
                "nothing stands behind `{}`",
                "no hay nada detrás de `{}`",
                service.name
            ));
            let verb = if service.kind.has(Trait::Pool) { "connect" } else { "call" };
            finding.help(phrase!(
                "draw what it passes requests to: `{} -> NAME : {verb}`",
                "dibuja a quién pasa las peticiones: `{} -> NAME : {verb}`",
                service.name
            ))
        })
        .collect()
}

/// AWS refuses to make these without a target: a cache in front of an origin, a pool of connections.
fn needs_target(kind: &Kind) -> bool {
    kind.has(Trait::Pool) || kind.has(Trait::Cache) && kind.has(Trait::Entry)
}
