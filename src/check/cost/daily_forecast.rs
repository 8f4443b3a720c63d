//! COST-507: forecast alert on a daily budget.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::{Period, Spending, Threshold};
use crate::text::Phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-507", title: "forecast alert on a daily budget", severity: Severity::Error },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let daily = case.model.budgets.iter().filter(|budget| budget.period == Period::Daily);
    let forecasts = daily.filter_map(|budget| {
        let alerts = budget.alerts.iter().map(|(threshold, _)| threshold);
        let all = alerts.chain(budget.actions.iter().map(|action| &action.at));
        let forecasts: Vec<&Threshold> = all.filter(|threshold| threshold.of == Spending::Forecast).collect();
        let forecast = forecasts.first()?;
        let edits = forecasts
            .iter()
            .map(|at| Edit::replace(at.span, format!("{}% actual", at.share.percent(0))))
            .collect();
        let found = super::at_budget(&CHECK.rule, case, budget);
        let found = found.message(Phrase::new(
            "a daily budget cannot alert on a forecast: AWS refuses it",
            "un presupuesto diario no puede avisar de un pronóstico: AWS lo rechaza",
        ));
        let found = found.label(forecast.span, Phrase::new("the forecast", "el pronóstico"));
        let title = Phrase::new("alert on what is spent", "avisar de lo gastado");
        Some(found.fix(title, edits).help(Phrase::new(
            "alert on what is spent, or make the budget monthly",
            "avisa de lo gastado, o haz mensual el presupuesto",
        )))
    });
    forecasts.collect()
}
