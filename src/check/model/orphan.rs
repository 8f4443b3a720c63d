//! MODEL-701: a service that nothing is connected with.

use std::collections::BTreeSet;

use crate::catalog::{Kind, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ServiceId, Value};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "MODEL-701", title: "orphan service", severity: Severity::Medium }, find };

/// What serves the system without being called.
const STANDS_APART: &[Trait] = &[
    Trait::Guard,
    Trait::Observability,
    Trait::Egress,
    Trait::PrivatePath,
    Trait::HumanAccess,
    Trait::Artifact,
    Trait::Tls,
];

fn find(case: &Case) -> Vec<Diagnostic> {
    let connected = connected(case);
    let alone = case.model.services.iter().filter(|(id, service)| {
        !service.is_derived() && !connected.contains(id) && !stands_apart(&service.kind)
    });
    alone
        .map(|(id, service)| {
            let finding = about(&CHECK.rule, case, id).message(phrase!(
                "nothing is connected with `{}`",
                "nada está conectado con `{}`",
                service.name
            ));
            finding.help(phrase!(
                "draw its arrows, such as `{} -> NAME : VERB`, or delete it",
                "dibuja sus flechas, como `{} -> NAME : VERB`, o bórralo",
                service.name
            ))
        })
        .collect()
}

fn stands_apart(kind: &Kind) -> bool {
    STANDS_APART.iter().any(|wanted| kind.has(*wanted))
}

/// Ends of flows, what settings name, and who hears alarms and budgets.
fn connected(case: &Case) -> BTreeSet<ServiceId> {
    let model = case.model;
    let ends = model.flows.values().flat_map(|flow| [flow.from, flow.to]);
    let named = model
        .services
        .values()
        .flat_map(|service| service.settings.0.values())
        .flat_map(|setting| named(&setting.value));
    let alarms = model.alarms.iter().flat_map(|alarms| alarms.to.iter().copied());
    let budgets =
        model.budgets.iter().flat_map(|budget| &budget.alerts).flat_map(|(_, to)| to.iter().copied());
    ends.chain(named).chain(alarms).chain(budgets).collect()
}

/// The services a value names.
fn named(value: &Value) -> Vec<ServiceId> {
    match value {
        Value::Service(id) => vec![*id],
        Value::Services(ids) => ids.clone(),
        _ => Vec::new(),
    }
}
