//! Latency: how long an answer takes, who gives up first, how often calls repeat, and what is too large to pass.
//!
//! Mean times add along a way of calls whose caller waits: each service's stated work plus its mean wait in the queue at
//! the usual rate. Of stated 99th percentiles the sum is an upper bound; when all are stated, the mean sum plus the root
//! of the summed squares of the distances is the estimate for independent hops. A caller must wait at least as long as
//! what it calls may take: its own work plus, for each of its calls, the wait times one more than the retries.
//! Source: Well-Architected REL05-BP03 and REL05-BP05; limits of the entries from the catalogue's quotas.

use std::collections::BTreeMap;

use crate::catalog::Trait;
use crate::derive::capacity::Capacity;
use crate::derive::capacity::erlang::{MicroErlang, Queueing, queueing};
use crate::derive::load;
use crate::derive::order::{Wiring, is_hard};
use crate::derive::paths::{Path, Paths};
use crate::model::{Flow, FlowId, Mode, Model, Service, ServiceId};
use crate::units::{Bytes, Micros, Millis, PerSecond};

/// How long one way takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLatency {
    /// The way, by its position in [`Paths::all`].
    pub path: usize,
    /// Mean time, of the services that state their work.
    pub mean: Micros,
    /// The sum of the 99th percentiles, an upper bound; nothing unless every service with work states one.
    pub p99_bound: Option<Millis>,
    /// The 99th percentile when the hops are independent; nothing unless every service with work states one.
    pub p99_estimate: Option<Millis>,
    /// Services on it whose time nobody knows; they are not counted.
    pub unknown: Vec<ServiceId>,
    /// How often its end may be called for one request when every call fails: the product of one more than the retries.
    pub attempts: u64,
}

/// Who waits how long on one call, and how long the answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The call.
    pub flow: FlowId,
    /// How long the caller waits.
    pub waits: Millis,
    /// The longest time the answer may take by the timeouts behind it.
    pub needs: Millis,
    /// Did the model state one of the times or retries involved?
    pub stated: bool,
}

/// What may pass on one flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The flow.
    pub flow: FlowId,
    /// The largest message.
    pub limit: Bytes,
    /// The service that sets the limit.
    pub set_by: ServiceId,
    /// The quota's name in the catalogue.
    pub quota: String,
}

/// Times and limits of a system.
#[derive(Debug, Clone, Default)]
pub struct Latency {
    /// Each way.
    pub paths: Vec<PathLatency>,
    /// Each call whose caller waits.
    pub patience: Vec<Patience>,
    /// Each flow with a limit on what passes, in model order.
    pub payloads: Vec<Payload>,
}

/// Derives the times of a model.
pub fn derive(model: &Model, paths: &Paths, capacity: &Capacity) -> Latency {
    let each = |(at, path): (usize, &Path)| path_latency(model, capacity, at, path);
    Latency {
        paths: paths.all.iter().enumerate().map(each).collect(),
        patience: patience(model),
        payloads: model.whole_flows().filter_map(|(id, flow)| payload(model, id, flow)).collect(),
    }
}

/// The queue in front of a group at the usual rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HopQueue {
    /// What arrives.
    pub rate: PerSecond,
    /// Units that run.
    pub units: u64,
    /// Processors of each.
    pub servers: u64,
    /// What is offered to them.
    pub offered: MicroErlang,
    /// How they fare.
    pub fares: Queueing,
}

/// The mean time of one service on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// Its stated work.
    pub work: Millis,
    /// The mean wait before it at the usual rate.
    pub wait: Micros,
    /// What it waits for; nothing when it does not queue.
    pub queue: Option<HopQueue>,
}

/// The mean time of a service that states its work.
pub fn waited(model: &Model, capacity: &Capacity, id: ServiceId) -> Option<Hop> {
    let work = model.services[id].settings.time("work")?;
    let queue = capacity.group(id).map(|group| {
        let (rate, units, servers) = (group.usual.rate, group.usual.running, group.servers);
        let offered = MicroErlang::offered(rate, group.work);
        let fares = queueing(units.saturating_mul(servers), offered, group.work);
        HopQueue { rate, units, servers, offered, fares }
    });
    let wait = queue.and_then(|queue| queue.fares.wait).unwrap_or_default();
    Some(Hop { work, wait, queue })
}

/// The stated mean time of a service, with its mean wait at the usual rate.
fn mean(model: &Model, capacity: &Capacity, id: ServiceId) -> Option<Micros> {
    waited(model, capacity, id).map(|hop| Micros(hop.work.0.saturating_mul(1_000)) + hop.wait)
}

fn path_latency(model: &Model, capacity: &Capacity, at: usize, path: &Path) -> PathLatency {
    let services = path.services(model);
    let known: Vec<(Micros, Option<Millis>)> = services
        .iter()
        .filter_map(|id| Some((mean(model, capacity, *id)?, model.services[*id].settings.time("p99"))))
        .collect();
    let unknown = services.iter().copied().filter(|id| model.services[*id].settings.time("work").is_none());
    let total: Micros = known.iter().map(|(mean, _)| *mean).sum();
    let p99s: Option<Vec<Millis>> = known.iter().map(|(_, p99)| *p99).collect();
    let p99s = p99s.filter(|all| !all.is_empty());
    let tries = path.flows.iter().map(|id| load::retries(model, &model.flows[*id]).saturating_add(1));
    PathLatency {
        path: at,
        mean: total,
        p99_bound: p99s.as_ref().map(|all| all.iter().copied().sum()),
        p99_estimate: p99s.map(|all| estimate(total, &known, &all)),
        unknown: unknown.collect(),
        attempts: tries.fold(1, u64::saturating_mul),
    }
}

/// Mean sum plus the root of the summed squares of each hop's distance between its percentile and its mean.
fn estimate(total: Micros, known: &[(Micros, Option<Millis>)], p99s: &[Millis]) -> Millis {
    let squares = known.iter().zip(p99s).map(|((mean, _), p99)| {
        let distance = u128::from(p99.0.saturating_mul(1_000).saturating_sub(mean.0));
        distance.saturating_mul(distance)
    });
    let spread = squares.fold(0_u128, u128::saturating_add).isqrt();
    let micros = u128::from(total.0).saturating_add(spread);
    Millis(u64::try_from(micros.div_ceil(1_000)).unwrap_or(u64::MAX))
}

/// Is its `timeout` the time after which its host stops it, instead of the wait for one of its calls?
fn is_stopped_by_its_host(service: &Service) -> bool {
    service.kind.quota("timeout").is_some()
}

/// How long the caller of a flow waits: the arrow says, otherwise the called system outside, otherwise the caller; a balancer
/// on the way closes an idle connection.
fn waits(model: &Model, flow: &Flow) -> Option<Millis> {
    let (from, to) = (&model.services[flow.from], &model.services[flow.to]);
    let outside = to.settings.time("timeout").filter(|_| to.kind.is_outside());
    let wait = flow.timeout.or(outside).or_else(|| from.settings.time("timeout"));
    let idle = flow.through.iter().filter_map(|id| model.services[*id].settings.time("idle")).min();
    match (wait, idle) {
        (Some(wait), Some(idle)) => Some(wait.min(idle)),
        (wait, idle) => wait.or(idle),
    }
}

/// One call of a service, and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTime {
    /// The call.
    pub flow: FlowId,
    /// How long its caller waits; nothing for a function without a wait of its own, whose host's bound covers it.
    pub waits: Millis,
    /// How often it is repeated.
    pub retries: u64,
}

/// The longest time a service may take to answer, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTime {
    /// Its own work: the 99th percentile where it is stated.
    pub own: Millis,
    /// Its calls.
    pub calls: Vec<CallTime>,
    /// After which time its host stops it.
    pub stop: Option<Millis>,
}

impl AnswerTime {
    /// All of it.
    pub fn total(&self) -> Millis {
        let each = |call: &CallTime| Millis(call.waits.0.saturating_mul(call.retries.saturating_add(1)));
        let sum = self.calls.iter().fold(self.own, |sum, call| sum + each(call));
        self.stop.map_or(sum, |stop| stop.min(sum))
    }
}

/// The longest time a service may take to answer.
pub fn answer_time<'a>(
    model: &Model,
    id: ServiceId,
    calls: impl IntoIterator<Item = &'a FlowId>,
) -> AnswerTime {
    let service = &model.services[id];
    let own = service.settings.time("p99").or_else(|| service.settings.time("work")).unwrap_or_default();
    let is_stopped = is_stopped_by_its_host(service);
    let call = |flow_id: &FlowId| {
        let flow = &model.flows[*flow_id];
        let is_covered = flow.timeout.is_none() && is_stopped;
        let waits = waits(model, flow).filter(|_| !is_covered).unwrap_or_default();
        CallTime { flow: *flow_id, waits, retries: load::retries(model, flow) }
    };
    let stop = service.settings.time("timeout").filter(|_| is_stopped);
    AnswerTime { own, calls: calls.into_iter().map(call).collect(), stop }
}

fn patience(model: &Model) -> Vec<Patience> {
    let wiring = Wiring::new(model, is_hard);
    let answers: BTreeMap<ServiceId, Millis> =
        model.services.ids().map(|id| (id, answer_time(model, id, wiring.out(id)).total())).collect();
    let link = |(id, flow): (FlowId, &Flow)| {
        let calls = !wiring.out(flow.to).is_empty();
        let waits = waits(model, flow).filter(|_| is_hard(flow) && calls)?;
        let needs = answers.get(&flow.to).copied().unwrap_or_default();
        Some(Patience { flow: id, waits, needs, stated: is_stated(model, &wiring, flow) })
    };
    model.whole_flows().filter_map(link).collect()
}

/// Did the model state a time or a number of retries that decides this call?
fn is_stated(model: &Model, wiring: &Wiring, flow: &Flow) -> bool {
    let settings = |id: ServiceId| {
        let settings = &model.services[id].settings;
        settings.is_stated("timeout") || settings.is_stated("retries") || settings.is_stated("p99")
    };
    let arrow = |flow: &Flow| flow.timeout.is_some() || flow.retries.is_some();
    let behind = wiring.out(flow.to).iter().any(|id| arrow(&model.flows[*id]));
    settings(flow.from) || settings(flow.to) || arrow(flow) || behind
}

/// Quotas that bound one message, by the catalogue's names, and the way of carrying they hold for.
const MESSAGE_QUOTAS: [(&str, Option<Mode>); 9] = [
    ("payload", None),
    ("message-size", None),
    ("record-size", None),
    ("event-size", None),
    ("item-size", None),
    ("object-size", None),
    ("secret-size", None),
    ("sync-payload", Some(Mode::Sync)),
    ("async-payload", Some(Mode::Async)),
];

/// The smallest bound on a message along a flow: of the entry it leaves, of what it passes, of where it ends.
fn payload(model: &Model, id: FlowId, flow: &Flow) -> Option<Payload> {
    let is_entry = model.services[flow.from].kind.has(Trait::Entry);
    let starts = std::iter::once(flow.from).filter(|_| is_entry);
    let along = starts.chain(flow.through.iter().copied()).chain(std::iter::once(flow.to));
    let bounds = along.flat_map(|service| {
        let kind = &model.services[service].kind;
        let holds = |mode: Option<Mode>| mode.is_none_or(|mode| mode == flow.mode());
        let named = MESSAGE_QUOTAS.iter().filter(move |(_, mode)| holds(*mode));
        named.filter_map(move |(name, _)| kind.quota(name).map(|quota| (Bytes(quota.value), service, *name)))
    });
    let (limit, set_by, quota) = bounds.min_by_key(|(limit, ..)| *limit)?;
    Some(Payload { flow: id, limit, set_by, quota: quota.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_hops_add_in_squares() {
        let hop = (Micros(10_000), Some(Millis(40)));
        let found = estimate(Micros(20_000), &[hop, hop], &[Millis(40), Millis(40)]);
        assert_eq!(found, Millis(63));
    }
}
