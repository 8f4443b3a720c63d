//! COST-506: only actual alerts.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::{Period, Spending};
use crate::text::{Phrase, Span};

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
        let found = found
            .note(Phrase::new(
                "billing data is 8 to 12 hours old",
                "los datos de facturación llegan con 8 a 12 horas de retraso",
            ))
            .help(Phrase::new(
                "add a forecast: `alert 80% actual, 100% forecast -> ops`",
                "añade un pronóstico: `alert 80% actual, 100% forecast -> ops`",
            ));
        let last = budget.alerts.last().map(|(threshold, _)| threshold.span);
        let edit = last.map(|last| Edit::replace(Span { start: last.end, ..last }, ", 100% forecast"));
        found.fix(Phrase::new("add `100% forecast`", "añadir `100% forecast`"), edit.into_iter().collect())
    })
    .collect()
}
