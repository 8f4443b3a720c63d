//! REL-142: function calls function synchronously.

use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-142",
        title: "function calls function synchronously",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let is_function = |id| case.facts.capacity.function(id).is_some();
    let waits = case
        .model
        .whole_flows()
        .filter(|(_, flow)| flow.is_sync() && is_function(flow.from) && is_function(flow.to));
    waits
        .map(|(id, flow)| {
            let (from, to) = (name(case, flow.from), name(case, flow.to));
            let message = phrase!(
                "`{from}` is paid for while it waits for `{to}`",
                "`{from}` se paga mientras espera a `{to}`"
            );
            let help = phrase!(
                "let a queue stand between: `{from} -> jobs : send` and `jobs -> {to} : consume`",
                "pon una cola en medio: `{from} -> jobs : send` y `jobs -> {to} : consume`"
            );
            on_flow(&CHECK.rule, case, id).message(message).help(help)
        })
        .collect()
}
