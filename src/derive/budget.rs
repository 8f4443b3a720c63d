//! Budgets: what the expected and the greatest cost make of each limit, and which thresholds are worth an alert.
//!
//! The hours at maximum that fit in a month are (limit - expected) over what an hour at maximum adds; the proposed
//! threshold is 110 % of the expected cost over the limit, rounded up to 5 %, at most 95 %. Sources: own rule of thumb;
//! AWS Budgets' limits from the catalogue's kind `budget` (10 notifications, each with 10 e-mails and one topic).

use crate::catalog::Catalog;
use crate::derive::cost::{Cost, Points, share};
use crate::model::{Model, Period, Scope, ServiceId, Spending};
use crate::units::{MicroUsd, Percent};

/// What a budget will see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetFacts {
    /// The budget, by its position in the model.
    pub budget: usize,
    /// The cost of what it counts, over its own period.
    pub cost: Points<MicroUsd>,
    /// Expected over limit; nothing when the limit is nothing.
    pub expected_share: Option<Percent>,
    /// Maximum over limit; nothing when the limit is nothing.
    pub max_share: Option<Percent>,
    /// Hours at maximum in a month before the limit is reached; nothing when it is never reached.
    pub hours_at_max: Option<u64>,
    /// The threshold proposed for what was spent.
    pub proposed_actual: Percent,
    /// The threshold proposed for what AWS expects to be spent.
    pub proposed_forecast: Percent,
    /// Thresholds for what was spent that lie below the expected cost: they would be crossed every period.
    pub crossed: Vec<Percent>,
    /// The most notifications AWS accepts.
    pub most_notifications: u64,
}

/// Derives what each budget of a model will see.
pub fn derive(model: &Model, catalog: &Catalog, cost: &Cost) -> Vec<BudgetFacts> {
    let month = u64::from(catalog.hours_per_month());
    let quota = catalog.kind("budget").and_then(|kind| kind.quota("notifications-per-budget"));
    let most_notifications = quota.map_or(10, |quota| quota.value);
    let facts = |at: usize| {
        let budget = model.budgets.get(at)?;
        let cost = scoped(model, cost, &budget.scope, budget.period);
        let expected_share = share(cost.expected, budget.limit);
        let alerts = budget.alerts.iter().map(|(threshold, _)| threshold);
        let actual =
            alerts.filter(|threshold| threshold.of == Spending::Actual).map(|threshold| threshold.share);
        Some(BudgetFacts {
            budget: at,
            expected_share,
            max_share: share(cost.max, budget.limit),
            hours_at_max: hours_at_max(cost, budget.limit, month),
            proposed_actual: proposed(expected_share),
            proposed_forecast: Percent::WHOLE,
            crossed: actual.filter(|share| part(budget.limit, *share) < cost.expected).collect(),
            most_notifications,
            cost,
        })
    };
    (0..model.budgets.len()).filter_map(facts).collect()
}

/// The cost of what a budget counts, over its period.
fn scoped(model: &Model, cost: &Cost, scope: &Scope, period: Period) -> Points<MicroUsd> {
    cost.sum(|line| counts(model, scope, line.service)).map(|monthly| over(monthly, period))
}

/// Does a budget of this scope count what is billed to a service, or to none?
pub fn counts(model: &Model, scope: &Scope, service: Option<ServiceId>) -> bool {
    match (scope, service) {
        (Scope::System, _) => true,
        (Scope::Service(wanted), Some(service)) => *wanted == service,
        (Scope::Place(place), Some(service)) => {
            model.enclosing(model.services[service].place).any(|(id, _)| id == *place)
        }
        (_, None) => false,
    }
}

/// A month's cost over another period; a month has 730 hours.
fn over(monthly: MicroUsd, period: Period) -> MicroUsd {
    match period {
        Period::Daily => MicroUsd(i64::try_from(i128::from(monthly.0) * 24 / 730).unwrap_or(i64::MAX)),
        Period::Monthly => monthly,
        Period::Quarterly => MicroUsd(monthly.0.saturating_mul(3)),
        Period::Annually => MicroUsd(monthly.0.saturating_mul(12)),
    }
}

/// `share` of an amount of money.
pub fn part(amount: MicroUsd, share: Percent) -> MicroUsd {
    let product = i128::from(amount.0) * i128::from(share.0) / 1_000_000;
    MicroUsd(i64::try_from(product).unwrap_or(i64::MAX))
}

/// Hours at maximum before the limit is reached, rounded to the nearest; nothing when a whole month at maximum stays below it.
fn hours_at_max(cost: Points<MicroUsd>, limit: MicroUsd, month: u64) -> Option<u64> {
    let (left, more) = (
        i128::from(limit.0) - i128::from(cost.expected.0),
        i128::from(cost.max.0) - i128::from(cost.expected.0),
    );
    if cost.max <= limit || more <= 0 {
        return None;
    }
    let hours = (left.max(0) * i128::from(month) * 2 + more) / (2 * more);
    u64::try_from(hours).ok()
}

/// 110 % of the expected share, rounded up to 5 %, at most 95 %; 80 % when there is no share.
fn proposed(expected: Option<Percent>) -> Percent {
    let Some(expected) = expected else { return Percent(800_000) };
    let raised = expected.0.saturating_mul(110) / 100;
    Percent(raised.div_ceil(50_000).saturating_mul(50_000).clamp(50_000, 950_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(dollars: i64) -> MicroUsd {
        MicroUsd(dollars * 1_000_000)
    }

    #[test]
    fn the_seeds_reference_figures_hold() {
        let cost = Points {
            zero: MicroUsd(397_690_000),
            expected: MicroUsd(588_240_000),
            max: MicroUsd(1_317_140_000),
        };
        assert_eq!(hours_at_max(cost, usd(700), 730), Some(112));
        assert_eq!(proposed(share(cost.expected, usd(700))), Percent(950_000));
        assert_eq!(share(cost.zero, cost.expected).map(|share| share.percent(0)).as_deref(), Some("68"));
        assert_eq!(part(usd(700), Percent(800_000)), usd(560));
    }

    #[test]
    fn a_limit_that_is_never_reached_has_no_hours() {
        let cost = Points { zero: usd(1), expected: usd(2), max: usd(3) };
        assert_eq!(hours_at_max(cost, usd(3), 730), None);
        assert_eq!(hours_at_max(cost, usd(1), 730), Some(0));
        assert_eq!(share(usd(1), usd(0)), None);
    }
}
