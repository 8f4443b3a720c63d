//! COST-509: budget filter that matches nothing.

use crate::check::case::{Case, Check};
use crate::check::cost::budgets;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Scope;

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
            let found = found.message("the budget counts nothing: what it is for has no price");
            let name = &case.model.system.name;
            found.help(format!("let it count the system: `budget … for {name}`"))
        })
        .collect()
}
