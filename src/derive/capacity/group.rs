//! Groups of units behind a balancer: how many are needed, and why.

use crate::catalog::{Catalog, Trait};
use crate::derive::assumption::{Assumption, OWN};
use crate::derive::capacity::Given;
use crate::derive::capacity::erlang::{BOUNDS, MicroErlang, Queueing, least_units, queueing};
use crate::derive::size;
use crate::model::{Model, ScalePolicy, ServiceId};
use crate::text::{Wording, phrase};
use crate::units::{Millis, PerSecond, Percent};

/// What a group needs at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// The rate.
    pub rate: PerSecond,
    /// Units that the scaler will ask for: the most of the queueing answer and the target's.
    pub units: u64,
    /// Units that the queueing bounds alone ask for.
    pub queueing: u64,
    /// Units at which the scaling target is met; one when it has none that follows from the rate.
    pub by_target: u64,
    /// How those fare that the queueing bounds ask for.
    pub fares: Queueing,
    /// Units that run, between the group's minimum and maximum.
    pub running: u64,
    /// Mean use of a processor when those run.
    pub busy: Percent,
    /// Units needed so that the rest carries the load when one zone is lost.
    pub zone_loss: u64,
}

/// A group of units with processors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The service.
    pub service: ServiceId,
    /// The fewest units.
    pub min: u64,
    /// The most units.
    pub max: u64,
    /// Did the model state them?
    pub scale_stated: bool,
    /// Processors of a unit, rounded down, at least one.
    pub servers: u64,
    /// Mean time a processor is busy with one request.
    pub work: Millis,
    /// Did the model state the work?
    pub work_stated: bool,
    /// The metric it scales on, by the catalogue's name.
    pub metric: Option<String>,
    /// The metric's target in its own unit.
    pub target: Option<u64>,
    /// The requests a minute and unit at which its processors reach the planned use.
    pub derived_target: u64,
    /// At the usual rate.
    pub usual: Need,
    /// At the peak rate.
    pub peak: Need,
    /// Mean use of a processor at the usual rate when only the minimum runs.
    pub busy_at_min: Percent,
    /// The share of each processor that a burstable size may use for ever.
    pub baseline: Option<Percent>,
}

/// Share by which zone loss divides: zones and the zones that are left.
fn zones(model: &Model) -> (u64, u64) {
    let zones = model.system.zones.max(1);
    (zones, zones.saturating_sub(1))
}

/// The group of a service whose kind counts processors and scales.
pub(super) fn group(given: Given<'_>, service: ServiceId) -> Option<Group> {
    let Given { model, catalog, load, .. } = given;
    let kind = &model.services[service].kind;
    if kind.capacity.text("servers_per_unit") != Some("vcpu") || !kind.has(Trait::Scalable) {
        return None;
    }
    let (servers, work, work_stated) = serving(model, catalog, service);
    let (mut policy, scale_stated) = scaling(model, service);
    let named = policy.metric.as_deref().and_then(|word| kind.scaling.metric(word));
    policy.metric = named.map(|metric| metric.name.clone()).or(policy.metric);
    let rates = load.service(service);
    let need = |rate| need(model, Shape { servers, work, policy: &policy }, rate);
    let min = policy.min;
    let at_min = queueing(min.max(1).saturating_mul(servers), MicroErlang::offered(rates.usual, work), work);
    Some(Group {
        service,
        min,
        max: policy.max,
        scale_stated,
        servers,
        work,
        work_stated,
        derived_target: derived_target(servers, work),
        usual: need(rates.usual),
        peak: need(rates.peak),
        busy_at_min: at_min.busy,
        baseline: size::size_of(model, catalog, service).and_then(|size| size.burstable),
        metric: policy.metric.clone(),
        target: policy.target,
    })
}

/// Servers of a unit and the time one request keeps one busy. Less than a whole processor serves one request at a time, slower.
fn serving(model: &Model, catalog: &Catalog, service: ServiceId) -> (u64, Millis, bool) {
    let processors = size::processors(model, catalog, service).unwrap_or(1_000).max(1);
    let service = &model.services[service];
    let stated = service.settings.time("work").filter(|work| work.0 > 0);
    let rate = service.kind.capacity.count("rps_per_vcpu").filter(|rate| *rate > 0).unwrap_or(50);
    let work = stated.unwrap_or(Millis(1_000_u64.div_ceil(rate)));
    let slowed = if processors < 1_000 { work.0.saturating_mul(1_000) / processors } else { work.0 };
    ((processors / 1_000).max(1), Millis(slowed), stated.is_some())
}

/// The scaling rule: stated, otherwise the kind's usual bounds.
pub(super) fn scaling(model: &Model, service: ServiceId) -> (ScalePolicy, bool) {
    let service = &model.services[service];
    if let Some(policy) = service.settings.scaling() {
        let policy = ScalePolicy { max: policy.max.max(policy.min), ..policy.clone() };
        return (policy, service.settings.is_stated("scale"));
    }
    let bound =
        |thousandths: Option<u64>, otherwise| thousandths.map_or(otherwise, |bound| bound.div_ceil(1_000));
    let scaling = &service.kind.scaling;
    let (min, max) = (bound(scaling.default_min, 1), bound(scaling.default_max, 1));
    (ScalePolicy { min, max: max.max(min), exact: None, metric: None, target: None }, false)
}

/// What does not change with the rate.
#[derive(Clone, Copy)]
struct Shape<'a> {
    servers: u64,
    work: Millis,
    policy: &'a ScalePolicy,
}

fn need(model: &Model, shape: Shape<'_>, rate: PerSecond) -> Need {
    let Shape { servers, work, policy } = shape;
    let offered = MicroErlang::offered(rate, work);
    let (by_queueing, fares) = least_units(offered, work, servers, BOUNDS);
    let by_target = by_target(shape, rate, offered);
    let units = by_queueing.max(by_target);
    let running = units.clamp(policy.min.max(1), policy.max.max(policy.min).max(1));
    let (zones, left) = zones(model);
    let product = by_queueing.saturating_mul(zones);
    let zone_loss = if left == 0 { by_queueing } else { product.div_ceil(left) };
    let busy = queueing(running.saturating_mul(servers), offered, work).busy;
    Need { rate, units, queueing: by_queueing, by_target, fares, running, busy, zone_loss }
}

/// Units at which a target-tracking metric stands at its target.
fn by_target(shape: Shape<'_>, rate: PerSecond, offered: MicroErlang) -> u64 {
    let Some(target) = shape.policy.target.filter(|target| *target > 0) else { return 1 };
    match shape.policy.metric.as_deref() {
        Some("requests_per_target") => rate.0.saturating_mul(60).div_ceil(target.saturating_mul(1_000)),
        Some("cpu") => offered.0.div_ceil(target.saturating_mul(10_000).saturating_mul(shape.servers).max(1)),
        _ => 1,
    }
}

/// 60 s times the planned use times processors, over the work of one request.
fn derived_target(servers: u64, work: Millis) -> u64 {
    let busy_ms = u128::from(servers) * 60_000 * u128::from(BOUNDS.busy.0) / 1_000_000;
    u64::try_from(busy_ms / u128::from(work.0.max(1))).unwrap_or(u64::MAX)
}

/// What the group had to assume.
pub(super) fn assume(given: Given<'_>, group: &Group, out: &mut Vec<Assumption>) {
    let service = &given.model.services[group.service];
    let name = &service.name;
    if !group.work_stated {
        let state = format!("{} {name} {{ work {} }}", service.kind.word, group.work);
        out.push(Assumption::new(
            phrase!("work of a request at `{name}`", "trabajo de una petición en `{name}`"),
            group.work.to_string(),
            OWN,
            service.span,
            state,
        ));
    }
    if !group.scale_stated {
        let bounds = format!("{}..{}", group.min, group.max);
        let state = format!("scale {name} {bounds} on cpu 50%");
        out.push(Assumption::new(
            phrase!("units of `{name}`", "unidades de `{name}`"),
            bounds,
            Wording::new("catalogue: usual bounds of the kind", "catálogo: límites habituales del tipo"),
            service.span,
            state,
        ));
    }
}
