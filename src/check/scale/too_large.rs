//! SCALE-214: payload above a limit of a hop.

use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::derive::latency::Payload;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-214", title: "payload above a limit of a hop", severity: Severity::Error },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.facts.latency.payloads.iter().filter_map(|payload| finding(case, payload)).collect()
}

fn finding(case: &Case<'_>, payload: &Payload) -> Option<Diagnostic> {
    let size = case.model.flows[payload.flow].size.filter(|size| *size > payload.limit)?;
    let by = name(case, payload.set_by);
    let message = phrase!(
        "a message of {size} does not pass `{by}`, which takes {}",
        "un mensaje de {size} no pasa por `{by}`, que acepta {}",
        payload.limit
    );
    let found = on_flow(&CHECK.rule, case, payload.flow).message(message);
    let found = found.label(
        case.model.services[payload.set_by].span,
        phrase!("its quota `{}`", "su cuota `{}`", payload.quota),
    );
    Some(found.help(Phrase::new(
        "upload it straight to a bucket (`customer -> media : presign`) and send a reference",
        "súbelo directamente a un bucket (`customer -> media : presign`) y envía una referencia",
    )))
}
