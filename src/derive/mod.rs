//! Floor 5: what follows from a model, computed once and read by all that comes after.
//!
//! Pure functions from a model to facts. This room must not know findings, words of a report, pictures or Terraform.

pub mod access;
pub mod assumption;
pub mod availability;
pub mod budget;
pub mod capacity;
pub mod cost;
pub mod latency;
pub mod load;
pub mod network;
pub mod operations;
pub(crate) mod order;
pub mod paths;
pub mod recovery;
pub mod size;

use crate::catalog::Catalog;
use crate::model::Model;

/// Everything that follows from a model. Every fact keeps the places in the model that cause it.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Who may do what, and why.
    pub access: access::Access,
    /// Subnets, security groups and their rules, endpoints and routes.
    pub network: network::Network,
    /// Alarms and log groups.
    pub operations: operations::Operations,
    /// Rates of services and flows.
    pub load: load::Load,
    /// Units, queues, connections and quotas.
    pub capacity: capacity::Capacity,
    /// Ways through the system.
    pub paths: paths::Paths,
    /// Times, timeouts and limits on messages.
    pub latency: latency::Latency,
    /// Availability of ways and journeys.
    pub availability: availability::Availability,
    /// What each `recover` statement may count on.
    pub recovery: Vec<recovery::Recoverable>,
    /// The bill at three points of load.
    pub cost: cost::Cost,
    /// What each budget will see, in model order.
    pub budgets: Vec<budget::BudgetFacts>,
    /// What figures had to assume, by place in the model.
    pub assumptions: Vec<assumption::Assumption>,
    /// Whole flows by the services they touch.
    pub(crate) touching: order::Touching,
}

/// Derives all facts of a model; never fails. What does not depend on each other is derived side by side.
pub fn derive(model: &Model, catalog: &Catalog) -> Facts {
    let wiring = || {
        let network = network::derive(model, catalog);
        let operations = operations::derive(model, catalog, &network);
        (network, operations)
    };
    let work = || {
        let load = load::derive(model, catalog);
        let capacity = capacity::derive(model, catalog, &load);
        (load, capacity)
    };
    let (access, ((network, operations), (load, capacity))) =
        rayon::join(|| access::derive(model, catalog), || rayon::join(wiring, work));
    let touching = order::Touching::new(model);
    figures(
        model,
        catalog,
        Facts { access, network, operations, load, capacity, touching, ..Facts::default() },
    )
}

/// Derives what follows from load and capacity: times, availability and money.
fn figures(model: &Model, catalog: &Catalog, facts: Facts) -> Facts {
    let promises = || {
        let paths = paths::derive(model);
        let latency = latency::derive(model, &paths, &facts.capacity);
        let availability = availability::derive(model, &paths);
        (paths, latency, availability)
    };
    let money = || {
        let cost = cost::derive(model, catalog, &facts.load, &facts.capacity, &facts.operations);
        let budgets = budget::derive(model, catalog, &cost);
        (cost, budgets)
    };
    let ((paths, latency, availability), (cost, budgets)) = rayon::join(promises, money);
    let recovery = recovery::derive(model);
    let parts =
        [&facts.load.assumptions, &facts.capacity.assumptions, &availability.assumptions, &cost.assumptions];
    let mut assumptions: Vec<assumption::Assumption> = parts.into_iter().flatten().cloned().collect();
    assumptions.extend(assumption::of_settings(model, &facts.touching));
    assumptions.sort_by(|a, b| (a.span, &a.state, &a.what).cmp(&(b.span, &b.state, &b.what)));
    // What two figures assume alike is written once.
    assumptions.dedup_by(|a, b| (a.span, &a.state) == (b.span, &b.state) && a.state.contains('{'));
    Facts { paths, latency, availability, recovery, cost, budgets, assumptions, ..facts }
}
