//! COST-508: alert below the planned spend.

use crate::check::case::{Case, Check};
use crate::check::cost::budgets;
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::Spending;
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-508", title: "alert below the planned spend", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let early = budgets(case).filter_map(|(budget, facts)| {
        let share = facts.crossed.first().copied()?;
        let amount = share.of(budget.limit.0.max(0).unsigned_abs()) / 1_000_000;
        let expected = facts.cost.expected.usd(0);
        let message = phrase!(
            "the alert at {} % ({amount} USD) fires every period",
            "la alerta al {} % ({amount} USD) salta en cada periodo",
            share.percent(0)
        );
        let found = super::at_budget(&CHECK.rule, case, budget).message(message);
        let help = phrase!(
            "take the derived thresholds: `alert {}% actual, {}% forecast`",
            "toma los umbrales derivados: `alert {}% actual, {}% forecast`",
            facts.proposed_actual.percent(0),
            facts.proposed_forecast.percent(0)
        );
        let found = found.note(phrase!("{expected} USD are expected", "se prevén {expected} USD")).help(help);
        let proposed = format!("{}% actual", facts.proposed_actual.percent(0));
        let mut crossed =
            budget.alerts.iter().map(|(threshold, _)| threshold).filter(|threshold| {
                threshold.of == Spending::Actual && facts.crossed.contains(&threshold.share)
            });
        // Of several alerts too early, people say which one stays.
        let edit = crossed.next().filter(|_| crossed.next().is_none());
        let title = phrase!("write `{proposed}`", "escribir `{proposed}`");
        Some(found.fix(title, edit.map(|at| Edit::replace(at.span, proposed)).into_iter().collect()))
    });
    early.collect()
}
