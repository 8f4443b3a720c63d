//! NET-212: a network whose connections nobody records.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ContainerKind;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "NET-212", title: "flow logs off", severity: Severity::Low }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let vpcs = case.model.places.values().filter(|place| place.kind == ContainerKind::Vpc);
    let silent = vpcs.filter(|place| !place.settings.is_on("flow-logs"));
    silent
        .map(|place| {
            let span = place.settings.span("flow-logs").unwrap_or(place.span);
            let message = phrase!(
                "nothing records the connections of `{}`",
                "nada registra las conexiones de `{}`",
                place.name
            );
            let finding = CHECK.rule.at(span).message(message).subject(place.name.as_str());
            finding.help(Phrase::new("keep them: `flow-logs 30 d`", "guárdalas: `flow-logs 30 d`"))
        })
        .collect()
}
