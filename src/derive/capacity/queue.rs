//! Functions by Little's law, and queues by what flows in and out of them.

use crate::catalog::Trait;
use crate::derive::capacity::{Capacity, Given};
use crate::derive::order::carries_load;
use crate::model::{FlowId, Mode, ServiceId};
use crate::units::{Millis, PerSecond};

/// A service that runs once for each event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The service.
    pub service: ServiceId,
    /// Mean duration of one execution.
    pub work: Millis,
    /// Executions at once at the usual rate, in thousandths: rate times duration.
    pub usual: u64,
    /// Executions at once at peak, in thousandths.
    pub peak: u64,
    /// The most executions at once: stated, otherwise the account's quota.
    pub most: u64,
    /// Did the model state the most?
    pub stated: bool,
}

/// A queue and those who work on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The queue.
    pub service: ServiceId,
    /// The flows by which it is worked on.
    pub consumers: Vec<FlowId>,
    /// What arrives usually.
    pub usual: PerSecond,
    /// What arrives at peak.
    pub peak: PerSecond,
    /// What all consumers can do at most.
    pub service_rate: PerSecond,
    /// Does what arrives usually stay below that?
    pub stable: bool,
    /// Messages that pile up in one peak; the month's peak time is spread evenly over its days.
    pub backlog: u64,
    /// How long those take to be worked off afterwards; nothing when they never are.
    pub drain: Option<Millis>,
    /// How old a message may become: the queue's `max-age`, otherwise its retention.
    pub bound: Option<Millis>,
}

/// Executions at once, by Little's law: rate times duration, in thousandths.
pub(crate) fn concurrency(rate: PerSecond, work: Millis) -> u64 {
    u64::try_from(u128::from(rate.0) * u128::from(work.0) / 1_000).unwrap_or(u64::MAX)
}

pub(super) fn function(given: Given<'_>, service: ServiceId) -> Option<Function> {
    let node = &given.model.services[service];
    let quota = node.kind.quota("concurrency-per-region")?.value;
    let work = node.settings.time("work").unwrap_or(Millis(200));
    let rates = given.load.service(service);
    let scaled = node.settings.scaling().map(|policy| policy.max);
    let stated = node.settings.count("concurrency").or(scaled);
    Some(Function {
        service,
        work,
        usual: concurrency(rates.usual, work),
        peak: concurrency(rates.peak, work),
        most: stated.unwrap_or(quota),
        stated: stated.is_some(),
    })
}

pub(super) fn queues(given: Given<'_>, found: &Capacity) -> Vec<Queue> {
    let buffers = given.model.services.ids().filter(|id| given.model.services[*id].kind.has(Trait::Buffer));
    buffers.filter_map(|id| queue(given, found, id)).collect()
}

fn queue(given: Given<'_>, found: &Capacity, service: ServiceId) -> Option<Queue> {
    let works_on = |id: &FlowId| {
        let flow = &given.model.flows[*id];
        carries_load(flow) && flow.mode() != Mode::Batch
    };
    let consumers: Vec<FlowId> = given.touching.from(service).iter().copied().filter(works_on).collect();
    if consumers.is_empty() {
        return None;
    }
    let node = &given.model.services[service];
    let load = given.load.service(service);
    let summed: PerSecond = consumers.iter().filter_map(|id| consumer_rate(given, found, *id)).sum();
    let service_rate = fifo_limit(given, service).map_or(summed, |limit| limit.min(summed));
    let backlog = pile(load.peak, service_rate, daily(load.peak_time));
    let bound = node.settings.time("max-age").or_else(|| node.settings.time("retention"));
    Some(Queue {
        service,
        usual: load.usual,
        peak: load.peak,
        service_rate,
        stable: load.usual < service_rate || load.peak.0 == 0,
        backlog,
        drain: drain(backlog, load.usual, service_rate),
        bound,
        consumers,
    })
}

/// What one consumer can do at most: units times servers over the time one message takes.
fn consumer_rate(given: Given<'_>, found: &Capacity, flow: FlowId) -> Option<PerSecond> {
    let to = given.model.flows[flow].to;
    let group = found.group(to).map(|group| (group.max.saturating_mul(group.servers), group.work));
    let function = found.function(to).map(|function| (function.most, function.work));
    let (servers, work) = group.or(function)?;
    Some(PerSecond(servers.saturating_mul(1_000_000) / work.0.max(1)))
}

/// A queue that keeps order takes only so many calls a second.
fn fifo_limit(given: Given<'_>, service: ServiceId) -> Option<PerSecond> {
    let node = &given.model.services[service];
    let limit = node.kind.capacity.count("fifo_tps_per_api").filter(|_| node.settings.is_on("fifo"))?;
    Some(PerSecond(limit.saturating_mul(1_000)))
}

/// The part of a month's peak time that falls on one day.
fn daily(peak_time: Millis) -> Millis {
    Millis(peak_time.0.saturating_mul(24) / 730)
}

/// What piles up when more arrives than is worked off.
fn pile(arriving: PerSecond, worked: PerSecond, time: Millis) -> u64 {
    let excess = u128::from((arriving - worked).0);
    u64::try_from(excess * u128::from(time.0) / 1_000_000).unwrap_or(u64::MAX)
}

/// Backlog over what is left of the service rate.
fn drain(backlog: u64, usual: PerSecond, worked: PerSecond) -> Option<Millis> {
    let left = (worked - usual).0;
    match (backlog, left) {
        (0, _) => Some(Millis(0)),
        (_, 0) => None,
        _ => u64::try_from(u128::from(backlog) * 1_000_000 / u128::from(left)).ok().map(Millis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn littles_law_counts_executions() {
        assert_eq!(concurrency(PerSecond(5_000), Millis(300)), 1_500);
        assert_eq!(concurrency(PerSecond(u64::MAX), Millis(u64::MAX)), u64::MAX);
    }

    #[test]
    fn a_backlog_drains_at_what_is_left_of_the_service_rate() {
        let worked = PerSecond(50_000);
        let backlog = pile(PerSecond(80_000), worked, Millis(3_600_000));
        assert_eq!(backlog, 108_000);
        assert_eq!(drain(backlog, PerSecond(20_000), worked), Some(Millis(3_600_000)));
        assert_eq!(drain(backlog, worked, worked), None);
        assert_eq!(drain(0, worked, worked), Some(Millis(0)));
    }
}
