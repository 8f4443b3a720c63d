//! COST-502: maximum scale breaks the budget.

use crate::check::case::{Case, Check};
use crate::check::cost::budgets;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-502", title: "maximum scale breaks the budget", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let above = budgets(case)
        .filter(|(budget, facts)| facts.cost.max > budget.limit && facts.cost.expected <= budget.limit);
    above
        .map(|(budget, facts)| {
            let (max, limit) = (facts.cost.max.usd(0), budget.limit.usd(0));
            let message = phrase!(
                "at maximum scale {max} USD, the budget is {limit} USD",
                "con todo al máximo {max} USD, el presupuesto es {limit} USD"
            );
            let found = super::at_budget(&CHECK.rule, case, budget).message(message);
            let hours = facts.hours_at_max.map_or_else(Phrase::default, |hours| {
                phrase!(
                    "a month bears {} at maximum",
                    "un mes soporta {:#} al máximo",
                    noun::HOUR.count(hours)
                )
            });
            found.note(hours).help(Phrase::new(
                "lower a maximum, or raise the budget knowingly",
                "baja un máximo, o sube el presupuesto a sabiendas",
            ))
        })
        .collect()
}
