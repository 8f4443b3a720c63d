//! REL-140: cycle of synchronous calls.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowGraph, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-140", title: "cycle of synchronous calls", severity: Severity::Error },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let cycles = FlowGraph::new(case.model, Flow::is_sync).cycles();
    cycles.iter().filter_map(|cycle| finding(case, cycle)).collect()
}

fn finding(case: &Case<'_>, cycle: &[ServiceId]) -> Option<Diagnostic> {
    let inside = |flow: &Flow| flow.is_sync() && cycle.contains(&flow.from) && cycle.contains(&flow.to);
    let mut flows = case.model.whole_flows().map(|(_, flow)| flow).filter(|flow| inside(flow));
    let first = flows.next()?;
    let names: Vec<String> = cycle.iter().map(|id| format!("`{}`", name(case, *id))).collect();
    let message = match names.as_slice() {
        [one] => phrase!(
            "{one} calls itself and waits for the answer",
            "{one} se llama a sí mismo y espera la respuesta"
        ),
        _ => phrase!(
            "{} wait for each other in a circle",
            "{} se esperan unos a otros en círculo",
            names.join(", ")
        ),
    };
    let found = CHECK.rule.at(first.span).message(message).subject(name(case, first.from).as_str());
    let found = flows
        .take(4)
        .fold(found, |found, flow| found.label(flow.span, Phrase::new("and waits here", "y espera aquí")));
    Some(found.help(Phrase::new("let one of the arrows go over a queue: `clients -> changes : send` and `changes -> products : consume`", "haz que una de las flechas pase por una cola: `clients -> changes : send` y `changes -> products : consume`")))
}
