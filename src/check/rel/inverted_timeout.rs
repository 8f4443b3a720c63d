//! REL-143: timeout budget inverted.

use crate::check::case::{Case, Check};
use crate::check::fixes::on_arrow;
use crate::check::place::{name, on_flow};
use crate::derive::latency::Patience;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-143", title: "timeout budget inverted", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let inverted = case.facts.latency.patience.iter().filter(|call| call.stated && call.waits < call.needs);
    inverted.map(|call| finding(case, call)).collect()
}

fn finding(case: &Case<'_>, call: &Patience) -> Diagnostic {
    let flow = &case.model.flows[call.flow];
    let (from, to) = (name(case, flow.from), name(case, flow.to));
    let message = phrase!(
        "`{from}` gives up after {}, `{to}` may take {}",
        "`{from}` se rinde tras {}, `{to}` puede tardar {}",
        call.waits.spoken(),
        call.needs.spoken()
    );
    let found = on_flow(&CHECK.rule, case, call.flow).message(message);
    let behind = case.model.whole_flows_from(flow.to).filter(|(_, next)| next.is_sync() && !next.soft);
    let found = behind.take(3).fold(found, |found, (_, next)| {
        found.label(next.span, Phrase::new("waits here in turn", "espera aquí a su vez"))
    });
    let seconds = call.needs.0.div_ceil(1_000);
    let longer = phrase!(
        "wait longer: `{from} -> {to} : {} timeout {seconds} s`",
        "espera más: `{from} -> {to} : {} timeout {seconds} s`",
        flow.verb
    );
    on_arrow(flow, &format!("timeout {seconds} s"), found).help(longer).help(phrase!(
        "or shorten what `{to}` waits for: `timeout 2 s retries 1` on its arrows",
        "o acorta lo que `{to}` espera: `timeout 2 s retries 1` en sus flechas"
    ))
}
