//! From the table of alarms to the alarms of a system.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::derive::network::Network;
use crate::derive::operations::Alarm;
use crate::derive::operations::table::{Only, ROWS, Row, Threshold};
use crate::model::{Model, Service, ServiceId};
use crate::text::{Ident, Span};

/// The alarms of a model that asks for them (`alarms auto -> ops`), service by service.
pub(super) fn derive(model: &Model, catalog: &Catalog, network: &Network) -> Vec<Alarm> {
    let Some(stated) = model.alarms.as_ref().filter(|alarms| alarms.auto) else { return Vec::new() };
    let watched = model.services.ids().filter(|id| !stated.to.contains(id));
    let balancers = balancers(network);
    watched
        .flat_map(|id| {
            let balancer = balancers.get(&id).copied().flatten();
            service_alarms(model, catalog, balancer, stated.span, id)
        })
        .collect()
}

/// The balancer on the first route to each service that has one.
fn balancers(network: &Network) -> BTreeMap<ServiceId, Option<ServiceId>> {
    network.routes.iter().rev().map(|route| (route.service, route.balancer)).collect()
}

fn service_alarms(
    model: &Model,
    catalog: &Catalog,
    balancer: Option<ServiceId>,
    stated: Span,
    id: ServiceId,
) -> Vec<Alarm> {
    let service = &model.services[id];
    let rows = ROWS.iter().filter(|row| row.kinds.contains(&service.kind.id.as_str()));
    let rows = rows.filter(|row| is_about(model, balancer, row.only, id));
    rows.filter_map(|row| alarm(catalog, balancer, stated, (id, service), row)).collect()
}

/// Is the row about this thing of its kind?
fn is_about(model: &Model, balancer: Option<ServiceId>, only: Only, id: ServiceId) -> bool {
    match only {
        Only::All => true,
        Only::Balanced => balancer.is_some(),
        Only::DeadLetters => takes_failures(model, id),
        Only::LiveQueues => !takes_failures(model, id),
    }
}

/// Does a queue take what failed in another? A derived one does, and so does one that a setting `dlq` names.
fn takes_failures(model: &Model, id: ServiceId) -> bool {
    let is_derived = model.services[id].name.as_str().rsplit('.').next() == Some("dlq");
    is_derived || model.named_by(id).any(|(_, setting)| setting == "dlq")
}

fn alarm(
    catalog: &Catalog,
    balancer: Option<ServiceId>,
    stated: Span,
    (id, service): (ServiceId, &Service),
    row: &Row,
) -> Option<Alarm> {
    let causes = std::iter::once(stated).chain(service.causes().iter().copied()).collect();
    Some(Alarm {
        name: Ident::sanitized(&format!("{}.{}", service.name, row.id)),
        subject: id,
        balancer,
        namespace: row.namespace,
        metric: row.metric,
        statistic: row.statistic,
        comparison: row.comparison,
        threshold: threshold(catalog, service, row.threshold)?,
        period: row.window.0,
        periods: row.window.1,
        dimension: row.dimension,
        why: row.why,
        causes,
    })
}

/// The threshold for this thing; nothing when it does not state what it depends on.
fn threshold(catalog: &Catalog, service: &Service, threshold: Threshold) -> Option<u64> {
    let share = |whole: u64, percent: u64| whole / 100 * percent;
    match threshold {
        Threshold::Fixed(value) => Some(value),
        Threshold::Seconds(setting, otherwise) => {
            Some(service.settings.time(setting).map_or(otherwise, crate::units::Millis::seconds))
        }
        Threshold::ShareOfBytes(setting, percent) => Some(share(service.settings.bytes(setting)?.0, percent)),
        Threshold::ShareOfTime(setting, percent) => Some(service.settings.time(setting)?.0 * percent / 100),
        Threshold::Connections(bytes_each) => connections(catalog, service, bytes_each),
    }
}

/// Four fifths of the connections a database accepts, by the memory of its size; nine tenths of the nominal memory count,
/// because the engine needs the rest (measured 88 to 97 %).
fn connections(catalog: &Catalog, service: &Service, bytes_each: u64) -> Option<u64> {
    let size = catalog.size(&service.kind.id, service.settings.word("size")?)?;
    let most = (size.memory.0 / 10 * 9 / bytes_each).min(5_000);
    Some((most * 4 / 5).max(1))
}
