//! REL-144: retry storm.

use crate::check::case::{Case, Check};
use crate::check::fixes::on_arrow;
use crate::check::place::{name, on_flow};
use crate::derive::latency::PathLatency;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::FlowId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "REL-144", title: "retry storm", severity: Severity::Medium }, find };

/// One request should not become more calls than this when everything fails.
const MOST: u64 = 8;

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut ends: Vec<FlowId> = Vec::new();
    let mut found = Vec::new();
    for way in case.facts.latency.paths.iter().filter(|way| way.attempts > MOST && is_stated(case, way)) {
        let last = case.facts.paths.all.get(way.path).and_then(|path| path.flows.last().copied());
        if let Some(last) = last.filter(|last| !ends.contains(last)) {
            ends.push(last);
            found.push(finding(case, way, last));
        }
    }
    found
}

/// Did the model state one of the retries on the way?
fn is_stated(case: &Case<'_>, way: &PathLatency) -> bool {
    let flows = case.facts.paths.all.get(way.path).map_or(&[][..], |path| path.flows.as_slice());
    flows
        .iter()
        .map(|id| &case.model.flows[*id])
        .any(|flow| flow.retries.is_some() || case.model.services[flow.from].settings.is_stated("retries"))
}

fn finding(case: &Case<'_>, way: &PathLatency, last: FlowId) -> Diagnostic {
    let to = name(case, case.model.flows[last].to);
    let message = phrase!(
        "one request may call `{to}` {} times when it fails",
        "una petición puede llamar a `{to}` {} veces cuando falla",
        way.attempts
    );
    let help = Phrase::new(
        "repeat in one place only: `retries 0` on the arrows behind it",
        "repite en un solo sitio: `retries 0` en las flechas de detrás",
    );
    let found = on_flow(&CHECK.rule, case, last)
        .message(message)
        .note(Phrase::new(
            "the product of the tries along the way",
            "el producto de los intentos por el camino",
        ))
        .help(help);
    on_arrow(&case.model.flows[last], "retries 0", found)
}
