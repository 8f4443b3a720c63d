//! MODEL-703: a store that is written and never read, or read and never written.

use crate::catalog::{Level, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Flow, Mode, Service, ServiceId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "MODEL-703", title: "write-only store", severity: Severity::Low }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let stores = case.model.services.iter().filter(|(_, service)| is_store(service));
    stores
        .filter(|(id, _)| !is_named(case, *id))
        .filter_map(|(id, service)| one_way(case, id, service))
        .collect()
}

fn is_store(service: &Service) -> bool {
    let keeps = service.kind.has(Trait::Datastore) || service.kind.has(Trait::Buffer);
    keeps && !service.is_derived() && service.holds().max() != Some(DataClass::Public)
}

/// Does a setting of another service name it, such as the bucket for results of queries? Then that service uses it both ways.
fn is_named(case: &Case, id: ServiceId) -> bool {
    case.model.named_by(id).next().is_some()
}

/// Which ways a flow moves data at the store: in, out.
fn ways(service: &Service, id: ServiceId, flow: &Flow) -> (bool, bool) {
    if flow.from == id {
        return (false, true);
    }
    let level = service.kind.verb(&flow.verb).map(|verb| verb.level);
    match level {
        Some(Level::Read | Level::List) => (false, true),
        Some(Level::Network | Level::Permissions) | None => (true, true),
        Some(Level::Write) => (true, !matches!(flow.verb.as_str(), "write" | "send" | "publish" | "delete")),
    }
}

fn one_way(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let flows = case.model.flows_at(id).map(|(_, flow)| flow);
    let own = flows.filter(|flow| flow.is_whole() && flow.mode() != Mode::Attach);
    let (written, read) = own.map(|flow| ways(service, id, flow)).reduce(|a, b| (a.0 || b.0, a.1 || b.1))?;
    let name = &service.name;
    let (message, help) = match (written, read || is_read_by_people(case, id)) {
        (true, false) => (
            phrase!("`{name}` is written and never read", "`{name}` se escribe y nunca se lee"),
            phrase!(
                "draw the reader: `reports -> {name} : read`",
                "dibuja quien lee: `reports -> {name} : read`"
            ),
        ),
        (false, true) => (
            phrase!("`{name}` is read and never written", "`{name}` se lee y nunca se escribe"),
            phrase!(
                "draw the writer: `loader -> {name} : write`",
                "dibuja quien escribe: `loader -> {name} : write`"
            ),
        ),
        _ => return None,
    };
    Some(about(&CHECK.rule, case, id).message(message).help(help))
}

/// Does a role of people read what is stored?
fn is_read_by_people(case: &Case, id: ServiceId) -> bool {
    let permits = case.model.roles.values().flat_map(|role| &role.permits);
    let mut reading = permits.filter(|permit| permit.on.contains(&id));
    reading.any(|permit| matches!(permit.verb.as_str(), "read" | "query" | "readwrite"))
}
