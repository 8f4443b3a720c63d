//! Limits that do not grow by themselves: connections, balancer units, shards and quotas.

use crate::catalog::{Kind, Trait};
use crate::derive::capacity::{Capacity, Given};
use crate::derive::load::FlowLoad;
use crate::derive::size;
use crate::model::{Flow, FlowId, ServiceId};
use crate::units::{Bytes, Percent};

/// The connections of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The store.
    pub service: ServiceId,
    /// The connections it accepts.
    pub limit: u64,
    /// The same by the kind's formula on the size's whole memory.
    pub nominal: u64,
    /// That memory; nothing when nobody knows it.
    pub memory: Bytes,
    /// The share of the limit that may be planned with.
    pub headroom: Percent,
    /// Connections when every caller runs at its maximum.
    pub demand: u64,
    /// What each calling flow contributes: most units times pool.
    pub callers: Vec<(FlowId, u64)>,
}

impl Pool {
    /// Connections that may be planned with.
    pub fn planned(&self) -> u64 {
        self.headroom.of(self.limit)
    }
}

/// Capacity units of a balancer, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balancer {
    /// The balancer.
    pub service: ServiceId,
    /// At the usual rate.
    pub usual: u64,
    /// At peak.
    pub peak: u64,
    /// What is counted, the largest of which is billed: new connections a second, open ones, gigabytes an hour.
    pub dimensions: [Dimension; 3],
}

/// One thing that a balancer's capacity units count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dimension {
    /// What is used usually, in thousandths.
    pub usual: u64,
    /// What is used at peak, in thousandths.
    pub peak: u64,
    /// What one capacity unit covers.
    pub each: u64,
}

/// Shards of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    /// The stream.
    pub service: ServiceId,
    /// Shards it has; nothing when AWS adds them.
    pub shards: Option<u64>,
    /// Shards needed at peak.
    pub needed: u64,
}

/// What counts against a quota in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaUse {
    /// The quota's name in the catalogue.
    pub name: String,
    /// The kind it belongs to.
    pub kind: String,
    /// The region it holds in: AWS gives these quotas by region.
    pub region: String,
    /// The services that count against it, in model order.
    pub services: Vec<ServiceId>,
    /// What each of them needs at its maximum.
    pub parts: Vec<u64>,
    /// What they need together at their maximum.
    pub demand: u64,
    /// What AWS gives when nobody asks.
    pub limit: u64,
    /// What is counted.
    pub unit: String,
    /// Can AWS raise it?
    pub adjustable: bool,
}

pub(super) fn pools(given: Given<'_>, found: &Capacity) -> Vec<Pool> {
    let limited = |id: &ServiceId| given.model.services[*id].kind.has(Trait::ConnectionLimited);
    given.model.services.ids().filter(limited).filter_map(|id| pool(given, found, id)).collect()
}

fn pool(given: Given<'_>, found: &Capacity, service: ServiceId) -> Option<Pool> {
    let kind = &given.model.services[service].kind;
    let memory = store_memory(given, service).unwrap_or(Bytes(0));
    let limit = kind.capacity.connections(memory).filter(|limit| *limit > 0)?;
    let into = given.touching.reaching(service).iter().map(|id| (*id, &given.model.flows[*id]));
    let callers: Vec<(FlowId, u64)> = into
        .filter(|(_, flow)| flow.to == service && flow.is_sync())
        .filter_map(|(id, flow)| Some((id, connections(given, found, flow)?)))
        .collect();
    let headroom = kind.capacity.millionths("connections_headroom").map_or(Percent(800_000), Percent);
    let demand = callers.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let nominal = nominal(kind, memory).unwrap_or(limit);
    Some(Pool { service, limit, nominal, memory, headroom, demand, callers })
}

/// Memory of a store: its size's, otherwise the most capacity units times what one holds.
fn store_memory(given: Given<'_>, service: ServiceId) -> Option<Bytes> {
    let sized = size::memory(given.model, given.catalog, service);
    sized.or_else(|| {
        let node = &given.model.services[service];
        let each = node.kind.capacity.count("memory_per_acu_gib")?;
        let units = node.settings.scaling().map_or(8, |policy| policy.max);
        Some(Bytes(each.saturating_mul(units).saturating_mul(1 << 30)))
    })
}

/// The formula on the whole memory, without the share that the system keeps for itself.
fn nominal(kind: &Kind, memory: Bytes) -> Option<u64> {
    let each = kind.capacity.count("connection_bytes").filter(|bytes| *bytes > 0)?;
    Some((memory.0 / each).min(kind.capacity.count("connection_cap").unwrap_or(u64::MAX)))
}

/// Connections a caller holds when it runs at its maximum.
fn connections(given: Given<'_>, found: &Capacity, flow: &Flow) -> Option<u64> {
    let units = found.most_units(flow.from)?;
    let pool = given.model.services[flow.from].settings.count("pool").unwrap_or(1);
    Some(units.saturating_mul(pool))
}

/// The dimensions of a balancer's capacity units that flows decide, by the catalogue's names; the largest is billed. A
/// connection is taken to carry one request and to stay open for a second.
const DIMENSIONS: [[&str; 3]; 2] = [
    ["lcu_new_connections_per_s", "lcu_active_connections", "lcu_gb_per_hour"],
    ["nlcu_new_connections_per_s", "nlcu_active_connections", "nlcu_gb_per_hour"],
];

pub(super) fn balancer(given: Given<'_>, service: ServiceId) -> Option<Balancer> {
    let capacity = &given.model.services[service].kind.capacity;
    let names = DIMENSIONS.iter().find(|names| names.iter().all(|name| capacity.count(name).is_some()))?;
    let passing = passing(given, service);
    let (usual, peak) = (used(&passing, |load| load.usual.0), used(&passing, |load| load.peak.0));
    let each = names.map(|name| capacity.count(name).unwrap_or(1).max(1));
    let dimensions = std::array::from_fn(|at| {
        let of = |all: &[u64; 3]| all.get(at).copied().unwrap_or(0);
        Dimension { usual: of(&usual), peak: of(&peak), each: of(&each) }
    });
    let most = |used: fn(&Dimension) -> u64| dimensions.iter().map(|part| used(part) / part.each).max();
    let (usual, peak) = (most(|part| part.usual), most(|part| part.peak));
    Some(Balancer { service, usual: usual.unwrap_or(0), peak: peak.unwrap_or(0), dimensions })
}

/// What flows use of each dimension, in thousandths.
fn used(passing: &[(&Flow, FlowLoad)], rate_of: impl Fn(&FlowLoad) -> u64) -> [u64; 3] {
    let rate = passing.iter().fold(0, |sum: u64, (_, load)| sum.saturating_add(rate_of(load)));
    let bytes =
        |load: &FlowLoad| u128::from(rate_of(load)).saturating_mul(u128::from(load.message.0)) / 1_000;
    let bytes = passing.iter().fold(0, |sum: u128, (_, load)| sum.saturating_add(bytes(load)));
    let gigabytes = bytes.saturating_mul(3_600) / 1_000_000;
    [rate, rate, u64::try_from(gigabytes).unwrap_or(u64::MAX)]
}

/// Whole flows that pass a service or end at it, with their loads.
pub(crate) fn passing(given: Given<'_>, service: ServiceId) -> Vec<(&Flow, FlowLoad)> {
    let flows = given.touching.reaching(service).iter();
    flows.map(|id| (&given.model.flows[*id], given.load.flow(*id))).collect()
}

pub(super) fn stream(given: Given<'_>, service: ServiceId) -> Option<Stream> {
    let node = &given.model.services[service];
    let bytes_each = node.kind.capacity.count("shard_write_bytes_s")?;
    let records_each = node.kind.capacity.count("shard_write_records_s")?;
    let peak = given.load.service(service).peak;
    let record = node.settings.bytes("record").unwrap_or(Bytes(1_024));
    let bytes = u128::from(peak.0) * u128::from(record.0) / 1_000;
    let by_bytes = u64::try_from(bytes.div_ceil(u128::from(bytes_each.max(1)))).unwrap_or(u64::MAX);
    let by_records = peak.0.div_ceil(records_each.max(1).saturating_mul(1_000));
    let provisioned = node.settings.word("mode") == Some("provisioned");
    let shards = node.settings.count("shards").filter(|_| provisioned);
    Some(Stream { service, shards, needed: by_bytes.max(by_records).max(1) })
}

/// Quotas that add up over the services of a region: the quota's name, and what one service needs of it.
type Demand = fn(Given<'_>, &Capacity, ServiceId) -> Option<u64>;
const COUNTED: [(&str, Demand); 3] = [
    ("concurrency-per-region", |_, found, id| found.function(id).map(reserved)),
    ("account-rps", |given, _, id| Some(given.load.service(id).peak.0.div_ceil(1_000))),
    ("on-demand-standard-vcpus", |given, found, id| {
        let group = found.group(id)?;
        let processors = size::processors(given.model, given.catalog, id)?.div_ceil(1_000);
        Some(group.max.saturating_mul(processors))
    }),
];

/// What a function takes of the account's executions: its stated bound, otherwise what it needs at peak.
fn reserved(function: &super::Function) -> u64 {
    if function.stated { function.most } else { function.peak.div_ceil(1_000) }
}

pub(super) fn quotas(given: Given<'_>, found: &Capacity) -> Vec<QuotaUse> {
    let mut uses: Vec<QuotaUse> = Vec::new();
    for id in given.model.services.ids() {
        let kind = &given.model.services[id].kind;
        for (name, demand) in COUNTED {
            if let Some((quota, demand)) = kind.quota(name).zip(demand(given, found, id)) {
                let region = given.model.region_of(id);
                count(&mut uses, (kind, region), quota, id, demand);
            }
        }
    }
    uses
}

fn count(
    uses: &mut Vec<QuotaUse>,
    (kind, region): (&Kind, &str),
    quota: &crate::catalog::Quota,
    id: ServiceId,
    demand: u64,
) {
    let known = uses.iter_mut().find(|known| known.name == quota.name && known.region == region);
    if let Some(known) = known {
        known.demand = known.demand.saturating_add(demand);
        known.services.push(id);
        known.parts.push(demand);
        return;
    }
    uses.push(QuotaUse {
        name: quota.name.clone(),
        kind: kind.id.clone(),
        region: region.to_owned(),
        services: vec![id],
        parts: vec![demand],
        demand,
        limit: quota.value,
        unit: quota.unit.clone(),
        adjustable: quota.adjustable,
    });
}
