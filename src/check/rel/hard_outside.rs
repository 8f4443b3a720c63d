//! REL-145: external dependency is hard.

use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Flow;
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-145", title: "external dependency is hard", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let hard = case.model.whole_flows().filter(|(_, flow)| is_unbounded(case, flow));
    hard.map(|(id, flow)| {
        let (from, to) = (name(case, flow.from), name(case, flow.to));
        let message = phrase!(
            "`{from}` fails with `{to}`, which is outside your control",
            "`{from}` falla con `{to}`, que no está en tus manos"
        );
        let help = phrase!(
            "bound it and live without it: `{from} -> {to} : {} ? timeout 2 s retries 1`",
            "acótalo y vive sin ello: `{from} -> {to} : {} ? timeout 2 s retries 1`",
            flow.verb
        );
        on_flow(&CHECK.rule, case, id).message(message).help(help)
    })
    .collect()
}

/// Is it a call to a system outside that nothing bounds?
fn is_unbounded(case: &Case<'_>, flow: &Flow) -> bool {
    let (from, to) = (&case.model.services[flow.from], &case.model.services[flow.to]);
    let outward = to.kind.is_outside() && !from.kind.is_outside();
    let bounded = flow.timeout.is_some() || to.settings.is_stated("timeout");
    outward && flow.is_sync() && !flow.soft && !bounded
}
