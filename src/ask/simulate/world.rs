//! The model under another load, with the limits it states raised as far as the load needs.

use crate::ask::simulate::gauge::{Gauge, gauges};
use crate::ask::simulate::{Factor, Point};
use crate::catalog::{Catalog, Trait};
use crate::derive::operations::Operations;
use crate::derive::{budget, capacity, cost, load};
use crate::model::{Model, ScalePolicy, ServiceId, Setting, SettingSource, Value};
use crate::units::{MicroUsd, PerSecond};

/// Figures of one load.
pub(super) struct Figures {
    pub load: load::Load,
    pub capacity: capacity::Capacity,
    pub cost: cost::Cost,
    pub budgets: Vec<budget::BudgetFacts>,
}

/// One load: its point on the curve and how each limit stands.
pub(super) struct Sample {
    pub point: Point,
    pub gauges: Vec<Gauge>,
}

/// A model that can be put under any load.
pub(super) struct World<'a> {
    /// The model as written.
    pub model: &'a Model,
    pub catalog: &'a Catalog,
    /// Its capacity as written.
    pub stated: capacity::Capacity,
    operations: &'a Operations,
    /// The model that grows.
    grown: Model,
}

impl<'a> World<'a> {
    pub fn new(model: &'a Model, catalog: &'a Catalog, operations: &'a Operations) -> Self {
        let load = load::derive(model, catalog);
        let stated = capacity::derive(model, catalog, &load);
        Self { model, catalog, stated, operations, grown: model.clone() }
    }

    /// The system at a multiple of its load. Loads are asked for in rising order, so raised limits stay raised.
    pub fn at(&mut self, factor: Factor) -> Sample {
        for (grown, stated) in self.grown.loads.iter_mut().zip(&self.model.loads) {
            grown.usual = times(stated.usual, factor);
            grown.peak = times(stated.peak, factor);
        }
        let load = load::derive(&self.grown, self.catalog);
        let wanted = capacity::derive(&self.grown, self.catalog, &load);
        let raised = self.raise(&wanted);
        let capacity = if raised { capacity::derive(&self.grown, self.catalog, &load) } else { wanted };
        let cost = cost::derive(&self.grown, self.catalog, &load, &capacity, self.operations);
        let budgets = budget::derive(&self.grown, self.catalog, &cost);
        let rate = self.grown.loads.iter().map(|load| load.peak.max(load.usual)).sum();
        let point = Point { factor, rate, expected: cost.totals.expected, max: cost.totals.max };
        let figures = Figures { load, capacity, cost, budgets };
        Sample { point, gauges: gauges(self, &figures) }
    }

    /// Raises the stated maxima to what is needed; says whether one had to be.
    fn raise(&mut self, wanted: &capacity::Capacity) -> bool {
        let groups = wanted.groups.iter().filter(|group| group.peak.units > group.max);
        let functions = wanted.functions.iter().filter(|function| function.stated);
        let groups: Vec<(ServiceId, u64)> = groups.map(|group| (group.service, group.peak.units)).collect();
        let functions: Vec<(ServiceId, u64)> = functions
            .map(|function| (function.service, function.peak.div_ceil(1_000), function.most))
            .filter(|(_, needed, most)| needed > most)
            .map(|(service, needed, _)| (service, needed))
            .collect();
        for (service, units) in &groups {
            let min = wanted.group(*service).map_or(1, |group| group.min);
            self.set_most(*service, min, *units);
        }
        for (service, executions) in &functions {
            if let Some(setting) = self.grown.services[*service].settings.0.get_mut("concurrency") {
                setting.value = Value::Count(*executions);
            } else {
                self.set_most(*service, 0, *executions);
            }
        }
        !groups.is_empty() || !functions.is_empty()
    }

    /// Sets the most units of a scaling rule; one is made where the kind's usual bounds were taken.
    fn set_most(&mut self, service: ServiceId, min: u64, most: u64) {
        let service = &mut self.grown.services[service];
        let fresh = ScalePolicy { min, max: most, exact: None, metric: None, target: None };
        let policy = service.settings.scaling().cloned().unwrap_or(fresh);
        let value = Value::Scaling(ScalePolicy { max: most, ..policy });
        let span = service.settings.span("scale").unwrap_or(service.span);
        service.settings.0.insert("scale".to_owned(), Setting { value, span, source: SettingSource::Stated });
    }

    /// Budgets over a month, by what they are for.
    pub fn budgets(&self) -> Vec<(String, MicroUsd)> {
        self.model
            .budgets
            .iter()
            .map(|budget| (super::gauge::budget_name(self.model, budget), budget.limit))
            .collect()
    }

    /// What is no limit here although it may be one.
    pub fn remarks(&self) -> Vec<String> {
        let is_database = |id: &ServiceId| self.model.services[*id].kind.has(Trait::Sql);
        let databases = self.model.services.ids().filter(is_database);
        let names: Vec<String> = databases.map(|id| format!("`{}`", self.model.services[id].name)).collect();
        let sql = (!names.is_empty()).then(|| {
            format!(
                "how many statements a second {} can carry is not known; connections are a limit here, processors and disks are not",
                crate::ask::answer::listed(&names)
            )
        });
        let prices =
            "prices are list prices; discounts for large volumes that nobody publishes are not in the bill";
        sql.into_iter().chain([prices.to_owned()]).collect()
    }
}

/// A rate times a factor.
fn times(rate: PerSecond, factor: Factor) -> PerSecond {
    let product = u128::from(rate.0).saturating_mul(factor.0) / Factor::ONE.0;
    PerSecond(u64::try_from(product).unwrap_or(u64::MAX))
}
