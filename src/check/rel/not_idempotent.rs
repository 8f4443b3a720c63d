//! REL-107: consumer not idempotent on an at-least-once source.

use crate::catalog::{Level, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowId, Mode, ServiceId};
use crate::text::phrase;
use std::collections::BTreeSet;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-107",
        title: "consumer not idempotent on an at-least-once source",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let writers = writers(case);
    let works = case.model.whole_flows().filter(|(_, flow)| writers.contains(&flow.to));
    works.filter_map(|(id, flow)| finding(case, id, flow)).collect()
}

/// The services that change something that others keep.
fn writers(case: &Case<'_>) -> BTreeSet<ServiceId> {
    let changes = |flow: &Flow| {
        let verb = case.model.services[flow.resource()].kind.verb(&flow.verb);
        flow.is_sync() && verb.is_some_and(|verb| verb.level >= Level::Write)
    };
    case.model.whole_flows().filter(|(_, flow)| changes(flow)).map(|(_, flow)| flow.from).collect()
}

fn finding(case: &Case<'_>, id: FlowId, flow: &Flow) -> Option<Diagnostic> {
    let twice = matches!(flow.mode(), Mode::Async | Mode::Stream) && flow.idempotent.is_none();
    let once = case.model.services[flow.from].settings.is_on("fifo");
    let works = case.model.services[flow.to].kind.has(Trait::AssumesRole);
    if !twice || once || !works {
        return None;
    }
    let message = phrase!(
        "`{}` may work on the same message twice",
        "`{}` puede procesar dos veces el mismo mensaje",
        name(case, flow.to)
    );
    let note = phrase!("`{}` delivers at least once", "`{}` entrega al menos una vez", name(case, flow.from));
    let arrow = format!("{} -> {}", name(case, flow.from), name(case, flow.to));
    let help = phrase!(
        "name the key that makes a repeat harmless: `{arrow} : {} idempotent by order_id`",
        "nombra la clave que hace inocua la repetición: `{arrow} : {} idempotent by order_id`",
        flow.verb
    );
    Some(on_flow(&CHECK.rule, case, id).message(message).note(note).help(help))
}
