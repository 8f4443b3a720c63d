//! What no service is billed for by itself: traffic, logs of requests, and derived alarms.

use crate::catalog::Trait;
use crate::derive::assumption::{Assumption, OWN};
use crate::derive::cost::item::{Counted, Reckoning};
use crate::derive::cost::{Points, drivers};
use crate::derive::load::FlowLoad;
use crate::derive::operations::Operations;
use crate::model::{ContainerKind, Flow, Model, ServiceId};
use crate::text::{Span, phrase};

/// What one request leaves in the log of the entry it comes in by, in bytes.
pub const LOG_BYTES: u64 = 500;

/// Adds traffic, logs and alarms.
pub(super) fn add(reckoning: &mut Reckoning<'_>, operations: &Operations) {
    let flows: Vec<(&Flow, FlowLoad)> = {
        let given = reckoning.given;
        given.model.whole_flows().map(|(id, flow)| (flow, given.load.flow(id))).collect()
    };
    for (flow, load) in &flows {
        traffic(reckoning, flow, *load);
    }
    logs(reckoning);
    alarms(reckoning, operations);
}

/// Bytes a month as thousandths of a gigabyte, times `numerator / denominator`.
fn gigabytes(load: FlowLoad, numerator: u64, denominator: u64) -> Points<u64> {
    let part = |uses: u64| {
        let bytes =
            u128::from(uses).saturating_mul(u128::from(load.message.0)).saturating_mul(numerator.into());
        u64::try_from(drivers::gigabytes(bytes / u128::from(denominator.max(1))) / 1_000).unwrap_or(u64::MAX)
    };
    Points { zero: 0, expected: part(load.expected), max: part(load.max) }
}

/// The traffic of one flow: to the internet, between zones, between regions.
fn traffic(reckoning: &mut Reckoning<'_>, flow: &Flow, load: FlowLoad) {
    let model = reckoning.given.model;
    let zones = model.system.zones.max(1);
    let billed = if leaves(model, flow) {
        ("internet-egress-gb", gigabytes(load, 1, 1))
    } else if model.region_of(flow.from) != model.region_of(flow.to) && !is_outside(model, flow) {
        ("inter-region-gb", gigabytes(load, 1, 1))
    } else if crosses_zones(model, flow) {
        ("cross-az-gb", gigabytes(load, (zones - 1).saturating_mul(2), zones))
    } else {
        return;
    };
    let by = if model.services[flow.from].kind.is_outside() { flow.to } else { flow.from };
    price(
        reckoning,
        "vpc",
        billed.0,
        Counted { service: Some(by), quantity: billed.1, causes: vec![flow.span] },
    );
}

fn is_outside(model: &Model, flow: &Flow) -> bool {
    [flow.from, flow.to].iter().any(|id| model.services[*id].kind.is_outside())
}

/// Does an answer or a call go out to the internet at the system's own expense? (A content network bills its own traffic.)
fn leaves(model: &Model, flow: &Flow) -> bool {
    let inner = if model.services[flow.from].kind.is_outside() { flow.to } else { flow.from };
    let kind = &model.services[inner].kind;
    let bills_itself = kind.pricing.items.iter().any(|price| price.scales.as_deref() == Some("egress_gb"));
    is_outside(model, flow) && !bills_itself && !kind.is_outside()
}

/// Is it between two things in zones, so that a part of the traffic changes the zone? An application balancer's own traffic to
/// its targets is not billed, and neither is a copy that a database makes of itself.
fn crosses_zones(model: &Model, flow: &Flow) -> bool {
    let balanced = |id: &ServiceId| model.services[*id].kind.has(Trait::L7);
    let inside = |id: ServiceId| model.place_of(id, ContainerKind::Vpc).is_some();
    let by_balancer = balanced(&flow.from) || flow.through.iter().any(balanced);
    model.system.zones > 1
        && !by_balancer
        && inside(flow.from)
        && inside(flow.to)
        && model.services[flow.to].kind.zonal
}

/// Adds a line with a price of a kind that is no service of the model.
fn price(reckoning: &mut Reckoning<'_>, kind: &str, item: &str, counted: Counted) {
    let catalog = reckoning.given.catalog;
    if let Some((kind, price)) = catalog.kind(kind).and_then(|kind| Some((kind, kind.pricing.item(item)?))) {
        reckoning.line(kind, price, None, counted);
    }
}

/// The log of each request, once, where it comes in.
fn logs(reckoning: &mut Reckoning<'_>) {
    let model = reckoning.given.model;
    for id in model.services.ids() {
        let service = &model.services[id];
        if !service.settings.is_on("logs") {
            continue;
        }
        let outside = |flow: &crate::model::FlowId| model.services[model.flows[*flow].from].kind.is_outside();
        let from_outside = reckoning.given.touching.reaching(id).iter().any(outside);
        let stated = reckoning.given.load.is_stated(id);
        if !(stated || from_outside) {
            continue;
        }
        let load = reckoning.given.load.service(id);
        let part = |uses: u64| uses.saturating_mul(LOG_BYTES) / 1_000_000;
        let quantity = Points { zero: 0, expected: part(load.expected), max: part(load.max) };
        if quantity.max > 0 {
            let what = phrase!("log of a request at `{}`", "registro de una petición en `{}`", service.name);
            let state = format!("{} {} {{ logs off }}", service.kind.word, service.name);
            reckoning.assumptions.push(Assumption::new(
                what,
                format!("{LOG_BYTES} B"),
                OWN,
                service.span,
                state,
            ));
        }
        price(
            reckoning,
            "logs",
            "ingest-gb",
            Counted { service: Some(id), quantity, causes: vec![service.span] },
        );
    }
}

/// The derived alarms.
fn alarms(reckoning: &mut Reckoning<'_>, operations: &Operations) {
    let count = u64::try_from(operations.alarms.len()).unwrap_or(u64::MAX).saturating_mul(1_000);
    let causes: Vec<Span> = reckoning.given.model.alarms.iter().map(|alarms| alarms.span).collect();
    let quantity = Points { zero: count, expected: count, max: count };
    price(reckoning, "alarm", "alarm", Counted { service: None, quantity, causes });
}
