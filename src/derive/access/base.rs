//! Grants that a service needs to live, whatever it talks to: logs, Session Manager, network interfaces, images.

use crate::catalog::Base;
use crate::derive::access::verbs::{self, Ask};
use crate::derive::access::{Grant, Principal, Reason};
use crate::model::{ContainerKind, Model, ServiceId};
use crate::text::Phrase;

/// The grants of all services.
pub(super) fn grants(model: &Model) -> Vec<Grant> {
    model.services.ids().flat_map(|id| service_grants(model, id)).collect()
}

fn service_grants(model: &Model, id: ServiceId) -> Vec<Grant> {
    let rows = model.services[id].kind.base.iter().filter(|row| applies(model, id, row));
    rows.flat_map(|row| row_grants(model, id, row)).collect()
}

/// Does the service stand in a network, or have the setting the row is for?
fn applies(model: &Model, id: ServiceId, row: &Base) -> bool {
    match row.when.as_deref() {
        None => true,
        Some("vpc") => model.place_of(id, ContainerKind::Vpc).is_some(),
        Some(setting) => model.services[id].settings.is_on(setting),
    }
}

fn row_grants(model: &Model, id: ServiceId, row: &Base) -> Vec<Grant> {
    let service = &model.services[id];
    let reason = Reason::Base(Phrase::new(row.why.as_str(), row.why_es.as_str()));
    let role = row.role.clone().unwrap_or_default();
    // Roles beside the one that code runs under (`execution`) stay the service's own.
    let holder = if role.is_empty() { model.runs_as(id) } else { id };
    let ask = Ask { role, ..Ask::identity(Principal::Service(holder), reason, service.causes()) };
    row.allow
        .iter()
        .map(|allow| verbs::allow_grant(model, &ask, ("", None), allow, &service.kind, Some(id)))
        .collect()
}
