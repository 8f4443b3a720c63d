//! Capacity: what each service needs to carry its load, and which limits stand in the way.
//!
//! Groups of units are reckoned as M/M/c queues with a processor as the server ([`erlang`]), functions by Little's law,
//! queues by their flow balance, databases by their connections, balancers by their capacity units, streams by shards.
//! Sources: the catalogue's `[capacity]`, `[scaling]` and `[quotas]` of each kind.

pub mod erlang;
mod group;
pub(crate) mod limits;
mod queue;

pub use group::{Group, Need};
pub use limits::{Balancer, Dimension, Pool, QuotaUse, Stream};
pub use queue::{Function, Queue};

use crate::catalog::Catalog;
use crate::derive::assumption::Assumption;
use crate::derive::load::Load;
use crate::derive::order::Touching;
use crate::model::{Model, ServiceId};

/// What the services of a system can carry.
#[derive(Debug, Clone, Default)]
pub struct Capacity {
    /// Groups of units with processors, in model order.
    pub groups: Vec<Group>,
    /// Functions, in model order.
    pub functions: Vec<Function>,
    /// Queues with consumers, in model order.
    pub queues: Vec<Queue>,
    /// Stores that limit connections, in model order.
    pub pools: Vec<Pool>,
    /// Balancers, in model order.
    pub balancers: Vec<Balancer>,
    /// Streams of shards, in model order.
    pub streams: Vec<Stream>,
    /// Account and service quotas that something here counts against, in model order.
    pub quotas: Vec<QuotaUse>,
    /// What had to be assumed.
    pub assumptions: Vec<Assumption>,
}

impl Capacity {
    /// The group of a service.
    pub fn group(&self, service: ServiceId) -> Option<&Group> {
        at(&self.groups, service, |group| group.service)
    }

    /// The function of a service.
    pub fn function(&self, service: ServiceId) -> Option<&Function> {
        at(&self.functions, service, |function| function.service)
    }

    /// The queue of a service.
    pub fn queue(&self, service: ServiceId) -> Option<&Queue> {
        at(&self.queues, service, |queue| queue.service)
    }

    /// The connections of a store.
    pub fn pool(&self, service: ServiceId) -> Option<&Pool> {
        at(&self.pools, service, |pool| pool.service)
    }

    /// The balancer of a service.
    pub fn balancer(&self, service: ServiceId) -> Option<&Balancer> {
        at(&self.balancers, service, |balancer| balancer.service)
    }

    /// The most units of a service that may run at once: of a group its maximum, of a function its concurrency.
    pub fn most_units(&self, service: ServiceId) -> Option<u64> {
        let group = self.group(service).map(|group| group.max);
        group.or_else(|| self.function(service).map(|function| function.most))
    }
}

/// The member of a list in model order that belongs to a service.
fn at<T>(all: &[T], service: ServiceId, key: impl Fn(&T) -> ServiceId) -> Option<&T> {
    all.get(all.binary_search_by_key(&service, key).ok()?)
}

/// What the parts of this room read.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub model: &'a Model,
    pub catalog: &'a Catalog,
    pub load: &'a Load,
    /// Whole flows by the services they touch.
    pub touching: &'a Touching,
}

/// Derives the capacity of a model under its load.
pub fn derive(model: &Model, catalog: &Catalog, load: &Load) -> Capacity {
    let touching = Touching::new(model);
    let given = Given { model, catalog, load, touching: &touching };
    let mut found = Capacity::default();
    for service in model.services.ids() {
        if let Some(group) = group::group(given, service) {
            group::assume(given, &group, &mut found.assumptions);
            found.groups.push(group);
        }
        found.functions.extend(queue::function(given, service));
        found.balancers.extend(limits::balancer(given, service));
        found.streams.extend(limits::stream(given, service));
    }
    found.queues = queue::queues(given, &found);
    found.pools = limits::pools(given, &found);
    found.quotas = limits::quotas(given, &found);
    found
}
