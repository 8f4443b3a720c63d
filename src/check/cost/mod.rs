//! Rules about money: budgets, fixed cost, what is kept for ever.

mod above_budget;
mod alert_below_plan;
mod daily_forecast;
mod empty_budget;
mod endless_logs;
mod endless_storage;
mod fixed_cost;
mod maximum_above_budget;
mod no_budget;
mod old_prices;
mod only_actual;
mod refused_budget;
mod silent_budget;

use crate::check::case::{Case, Check};
use crate::derive::budget::BudgetFacts;
use crate::derive::cost::Points;
use crate::diag::{Diagnostic, Rule};
use crate::model::{Budget, Scope, ServiceId};
use crate::units::MicroUsd;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    above_budget::CHECK,
    maximum_above_budget::CHECK,
    fixed_cost::CHECK,
    no_budget::CHECK,
    silent_budget::CHECK,
    only_actual::CHECK,
    daily_forecast::CHECK,
    alert_below_plan::CHECK,
    empty_budget::CHECK,
    endless_logs::CHECK,
    endless_storage::CHECK,
    old_prices::CHECK,
    refused_budget::CHECK,
];

/// Budgets with what they will see.
fn budgets<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'a Budget, &'a BudgetFacts)> + use<'a> {
    let model = case.model;
    case.facts.budgets.iter().filter_map(|facts| Some((model.budgets.get(facts.budget)?, facts)))
}

/// A finding about a budget, under the name of what it counts.
fn at_budget(rule: &Rule, case: &Case<'_>, budget: &Budget) -> Diagnostic {
    let name = match &budget.scope {
        Scope::System => &case.model.system.name,
        Scope::Place(id) => &case.model.places[*id].name,
        Scope::Service(id) => &case.model.services[*id].name,
    };
    rule.at(budget.span).subject(name.as_str())
}

/// The services that cost the most by some figure, with it: `products_db: 117 USD`.
fn dearest(case: &Case<'_>, count: usize, figure: fn(Points<MicroUsd>) -> MicroUsd) -> Vec<String> {
    let each = case.model.services.ids().map(|id| (figure(case.facts.cost.of(id)), id));
    let mut all: Vec<(MicroUsd, ServiceId)> = each.filter(|(cost, _)| cost.0 > 0).collect();
    all.sort_by_key(|(cost, id)| (std::cmp::Reverse(*cost), *id));
    all.truncate(count);
    all.iter().map(|(cost, id)| format!("`{}`: {} USD", case.model.services[*id].name, cost.usd(0))).collect()
}

/// The services that are expected to cost the most.
fn largest(case: &Case<'_>, count: usize) -> Vec<String> {
    dearest(case, count, |points| points.expected)
}

/// The services that cost the most without load.
fn largest_fixed(case: &Case<'_>, count: usize) -> Vec<String> {
    dearest(case, count, |points| points.zero)
}
