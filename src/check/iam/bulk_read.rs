//! IAM-118: a way to read much sensitive data at once, and a way out for it.

use std::collections::BTreeSet;

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::derive::access::{Grant, Principal};
use crate::derive::network::{Direction, Peer};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, DataClass, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-118", title: "bulk-read grant on sensitive data", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let services = case.model.services.ids().filter(|id| can_send_out(case, *id));
    services.flat_map(|id| of_service(case, id)).collect()
}

/// Can a service reach the internet? From a network only by a rule to anywhere; code outside a network always can.
fn can_send_out(case: &Case, id: ServiceId) -> bool {
    let is_code = case.model.services[id].kind.has(Trait::AssumesRole);
    let outside = case.model.place_of(id, ContainerKind::Vpc).is_none();
    let anywhere = |peer: &Peer| matches!(peer, Peer::Cidr(block) if block == "0.0.0.0/0");
    let mut out = case.facts.network.of(id).filter(|rule| rule.direction == Direction::Egress);
    is_code && (outside || out.any(|rule| anywhere(&rule.peer)))
}

fn of_service(case: &Case, id: ServiceId) -> Vec<Diagnostic> {
    let grants = case.facts.access.of(&Principal::Service(id));
    let mut seen = BTreeSet::new();
    let bulk = grants.iter().filter(|grant| is_bulk(case, grants, grant));
    let first = bulk.filter(|grant| seen.insert(grant.resource.service));
    first.filter_map(|grant| finding(case, id, grant)).collect()
}

/// A known bulk read of sensitive data; of objects only when they can be listed as well.
fn is_bulk(case: &Case, grants: &[Grant], grant: &Grant) -> bool {
    let Some(service) = grant.resource.service else { return false };
    let is_sensitive = case.model.services[service].holds().any(DataClass::is_sensitive);
    let known = case.catalog.exfiltration_actions();
    let reads = grant.actions.iter().any(|action| known.contains(action));
    let is_object = grant.resource.kind == "s3:object";
    let lists = || grants.iter().any(|other| is_whole_list(other, service));
    is_sensitive && reads && grant.is_identity_allow() && (!is_object || lists())
}

fn is_whole_list(grant: &Grant, service: ServiceId) -> bool {
    let lists = grant.actions.iter().any(|action| action == "s3:ListBucket");
    lists
        && grant.resource.service == Some(service)
        && !grant.conditions.keys().any(|(_, key)| key == "s3:prefix")
}

fn finding(case: &Case, id: ServiceId, grant: &Grant) -> Option<Diagnostic> {
    let (name, on) = (&case.model.services[id].name, &case.model.services[grant.resource.service?].name);
    let message = phrase!(
        "`{name}` can read all of `{on}` and send it anywhere",
        "`{name}` puede leer todo `{on}` y enviarlo a cualquier sitio"
    );
    let help = Phrase::new(
        "scope it (`prefix` of a bucket, `read` instead of `scan`), or take the way out away",
        "acótalo (`prefix` de un bucket, `read` en lugar de `scan`), o quítale la salida",
    );
    let note = grant.actions.join(", ");
    Some(
        CHECK
            .rule
            .at(grant.causes.first().copied()?)
            .message(message)
            .note(note)
            .help(help)
            .subject(name.as_str()),
    )
}
