//! COST-506: only actual alerts.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Period, Spending};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "COST-506", title: "only actual alerts", severity: Severity::Low }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let late = case.model.budgets.iter().filter(|budget| {
        let forecast = budget.alerts.iter().any(|(threshold, _)| threshold.of == Spending::Forecast);
        budget.period != Period::Daily && !budget.alerts.is_empty() && !forecast
    });
    late.map(|budget| {
        let found = super::at_budget(&CHECK.rule, case, budget);
        let found = found.message("the budget tells only what is already spent");
        found
            .note("billing data is 8 to 12 hours old")
            .help("add a forecast: `alert 80% actual, 100% forecast -> ops`")
    })
    .collect()
}
