//! COST-506: only actual alerts.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Period, Spending};
use crate::text::Phrase;

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
        let found = found.message(Phrase::new(
            "the budget tells only what is already spent",
            "el presupuesto solo avisa de lo ya gastado",
        ));
        found
            .note(Phrase::new(
                "billing data is 8 to 12 hours old",
                "los datos de facturación llegan con 8 a 12 horas de retraso",
            ))
            .help(Phrase::new(
                "add a forecast: `alert 80% actual, 100% forecast -> ops`",
                "añade un pronóstico: `alert 80% actual, 100% forecast -> ops`",
            ))
    })
    .collect()
}
