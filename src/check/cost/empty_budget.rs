//! COST-509: budget filter that matches nothing.

use crate::check::case::{Case, Check};
use crate::check::cost::budgets;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Scope;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-509", title: "budget filter that matches nothing", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let empty = budgets(case).filter(|(budget, facts)| {
        budget.scope != Scope::System && facts.cost.is_zero() && case.facts.cost.totals.max.0 > 0
    });
    empty
        .map(|(budget, _)| {
            let found = super::at_budget(&CHECK.rule, case, budget);
            let found = found.message(Phrase::new(
                "the budget counts nothing: what it is for has no price",
                "el presupuesto no cuenta nada: aquello a lo que se refiere no tiene precio",
            ));
            let name = &case.model.system.name;
            found.help(phrase!(
                "let it count the system: `budget … for {name}`",
                "haz que cuente el sistema: `budget … for {name}`"
            ))
        })
        .collect()
}
