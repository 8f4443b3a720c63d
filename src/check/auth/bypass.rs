//! AUTH-302: a second door that the authoriser does not guard.

use crate::check::auth::{entries, is_authorised};
use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowGraph, Mode, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "AUTH-302",
        title: "entry point that bypasses the authorised one",
        severity: Severity::Error,
    },
    find,
};

/// What an authorised door and an open one both lead to directly is reached without a token by the open one.
fn find(case: &Case) -> Vec<Diagnostic> {
    let (guarded, open): (Vec<ServiceId>, Vec<ServiceId>) =
        entries(case).partition(|id| is_guarded(case, *id));
    let pairs = open.iter().flat_map(|open| guarded.iter().map(move |guarded| (*guarded, *open)));
    pairs.filter_map(|(guarded, open)| bypassed(case, guarded, open)).collect()
}

/// Is the door authorised, or does every way through it meet an authorised one?
fn is_guarded(case: &Case, id: ServiceId) -> bool {
    is_authorised(case, id)
}

fn bypassed(case: &Case, guarded: ServiceId, open: ServiceId) -> Option<Diagnostic> {
    let graph = FlowGraph::new(case.model, |flow| leads_on(case, flow));
    let behind = graph.reachable(guarded);
    if behind.contains(&open) {
        return None;
    }
    let past_the_guard = FlowGraph::new(case.model, |flow| leads_on(case, flow) && flow.to != guarded);
    let shared = past_the_guard
        .reachable(open)
        .into_iter()
        .find(|id| *id != open && behind.contains(id) && is_compute(case, *id))?;
    let [door, way_in, what] = [open, guarded, shared].map(|id| case.model.services[id].name.clone());
    let message = phrase!(
        "`{door}` reaches `{what}` without the authorizer of `{way_in}`",
        "`{door}` alcanza `{what}` sin el autorizador de `{way_in}`"
    );
    let finding = CHECK.rule.at(case.model.services[open].span).message(message);
    let finding = finding.label(
        case.model.services[guarded].span,
        Phrase::new("the authorised entry", "la entrada autorizada"),
    );
    let finding = finding
        .help(phrase!(
            "authorise `{door}` too, or take it off the way to `{what}`",
            "autoriza también `{door}`, o apártala del camino a `{what}`"
        ))
        .subject(door.as_str());
    let pool = case.model.services[guarded].settings.service("auth");
    Some(match pool.filter(|_| case.model.services[open].kind.setting("auth").is_some()) {
        Some(pool) => written(case, open, &format!("auth {}", case.model.services[pool].name), finding),
        None => finding,
    })
}

/// Does the flow carry a caller on?
fn leads_on(case: &Case, flow: &Flow) -> bool {
    flow.mode() != Mode::Attach
        && flow.initiator() == flow.from
        && !case.model.services[flow.from].kind.is_outside()
}

/// Is it a service that acts on a caller's behalf?
fn is_compute(case: &Case, id: ServiceId) -> bool {
    case.model.services[id].kind.has(crate::catalog::Trait::AssumesRole)
}
