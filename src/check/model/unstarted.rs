//! MODEL-702: code that nothing ever starts.

use std::collections::BTreeSet;

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{about, flows_from};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{FlowGraph, Service, ServiceId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-702", title: "unreachable service", severity: Severity::Medium },
    find,
};

/// Reported of code that has flows; a service without any is MODEL-701's business.
fn find(case: &Case) -> Vec<Diagnostic> {
    let graph = FlowGraph::new(case.model, |_| true);
    let starts = case.model.services.iter().filter(|(id, service)| starts(case, *id, service));
    let started: BTreeSet<ServiceId> = graph.reachable_from(starts.map(|(id, _)| id)).into_iter().collect();
    let never = case.model.services.iter().filter(|(id, service)| {
        is_code(service) && !started.contains(id) && flows_from(case, *id).next().is_some()
    });
    never
        .map(|(id, service)| {
            let name = &service.name;
            let finding = about(&CHECK.rule, case, id)
                .message(phrase!("nothing ever starts `{name}`", "nada arranca nunca `{name}`"));
            finding.help(phrase!(
                "draw the arrow that starts it, such as `nightly -> {name} : invoke` of a `scheduler`",
                "dibuja la flecha que lo arranca, como `nightly -> {name} : invoke` de un `scheduler`"
            ))
        })
        .collect()
}

/// Does it run code that somebody wrote?
fn is_code(service: &Service) -> bool {
    !service.is_derived() && service.kind.has(Trait::AssumesRole) && service.kind.has(Trait::Target)
}

/// Does it act without being asked: people, systems outside, clocks, load that the model states?
fn starts(case: &Case, id: ServiceId, service: &Service) -> bool {
    service.kind.is_outside()
        || service.settings.is_on("schedule")
        || service.settings.is_on("pattern")
        || service.is_a("scheduler")
        || case.facts.load.is_stated(id)
        || case.model.publics.iter().any(|public| public.on == id)
}
