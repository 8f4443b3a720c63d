//! REL-140: cycle of synchronous calls.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowGraph, ServiceId};

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
        [one] => format!("{one} calls itself and waits for the answer"),
        _ => format!("{} wait for each other in a circle", names.join(", ")),
    };
    let found = CHECK.rule.at(first.span).message(message).subject(name(case, first.from).as_str());
    let found = flows.take(4).fold(found, |found, flow| found.label(flow.span, "and waits here"));
    Some(found.help("let one of the arrows go over a queue: `clients -> changes : send` and `changes -> products : consume`"))
}
