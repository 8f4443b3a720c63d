//! SCALE-205: metric does not follow the load.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, flows_to, name};
use crate::check::scale::rescale::scale;
use crate::derive::capacity::Group;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, ServiceId};
use crate::text::{Phrase, phrase};
use std::collections::BTreeSet;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-205", title: "metric does not follow the load", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let workers = workers(case);
    let is_worker = |group: &Group| workers.contains(&group.service);
    case.facts.capacity.groups.iter().filter_map(|group| finding(case, group, is_worker(group))).collect()
}

fn finding(case: &Case<'_>, group: &Group, is_worker: bool) -> Option<Diagnostic> {
    let metric = group.metric.as_deref()?;
    let subject = name(case, group.service);
    let bounds = format!("{}..{}", group.min, group.max);
    let (metric, why, help) = if is_worker && metric != "backlog_per_unit" {
        (
            ("backlog_per_unit", 100),
            Phrase::new(
                "a worker's load is what waits in its queue",
                "la carga de quien procesa es lo que espera en su cola",
            ),
            phrase!(
                "follow the backlog: `scale {subject} {bounds} on backlog 100`",
                "sigue lo acumulado: `scale {subject} {bounds} on backlog 100`"
            ),
        )
    } else if metric == "requests_per_target" && behind_network_balancer(case, group) {
        (
            ("cpu", 50),
            Phrase::new(
                "a network load balancer does not count requests",
                "un balanceador de red no cuenta peticiones",
            ),
            phrase!(
                "follow the processors: `scale {subject} {bounds} on cpu 50%`",
                "sigue los procesadores: `scale {subject} {bounds} on cpu 50%`"
            ),
        )
    } else {
        return None;
    };
    let message = phrase!(
        "`{subject}` follows a metric that does not show its load",
        "`{subject}` sigue una métrica que no muestra su carga"
    );
    let wanted = scale(case, group.service, (group.min, group.max), Some(metric));
    let found = about(&CHECK.rule, case, group.service).message(message).note(why).help(help);
    Some(written(case, group.service, &wanted, found))
}

/// The services that work on a queue and are not called besides.
fn workers(case: &Case<'_>) -> BTreeSet<ServiceId> {
    let flows = || case.model.whole_flows().map(|(_, flow)| flow);
    let from_queue = |flow: &&Flow| case.model.services[flow.from].kind.has(Trait::Buffer);
    let called: BTreeSet<ServiceId> = flows().filter(|flow| flow.is_sync()).map(|flow| flow.to).collect();
    flows().filter(from_queue).map(|flow| flow.to).filter(|to| !called.contains(to)).collect()
}

fn behind_network_balancer(case: &Case<'_>, group: &Group) -> bool {
    let is_network = |id: &ServiceId| case.model.services[*id].kind.has(Trait::L4);
    flows_to(case, group.service).any(|flow| is_network(&flow.from) || flow.through.iter().any(is_network))
}
