//! COST-501: expected cost above the budget.

use crate::check::case::{Case, Check};
use crate::check::cost::{budgets, largest};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-501", title: "expected cost above the budget", severity: Severity::Error },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let above = budgets(case).filter(|(budget, facts)| facts.cost.expected > budget.limit);
    above
        .map(|(budget, facts)| {
            let (expected, limit) = (facts.cost.expected.usd(0), budget.limit.usd(0));
            let message = phrase!(
                "{expected} USD are expected, the budget is {limit} USD",
                "se prevén {expected} USD, el presupuesto es {limit} USD"
            );
            let found = super::at_budget(&CHECK.rule, case, budget).message(message);
            let found = largest(case, 5).into_iter().fold(found, Diagnostic::help);
            found.help(Phrase::new(
                "lower one of these, or raise the limit",
                "baja uno de estos, o sube el límite",
            ))
        })
        .collect()
}
