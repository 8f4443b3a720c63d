//! COST-503: fixed cost dominates.

use crate::check::case::{Case, Check};
use crate::check::cost::largest_fixed;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::units::Percent;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "COST-503", title: "fixed cost dominates", severity: Severity::Low }, find };

/// Above this part of the expected bill, fixed cost dominates.
const MOST: Percent = Percent(700_000);

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let above = case.facts.cost.fixed_share().filter(|share| *share > MOST);
    let finding = above.map(|share| {
        let totals = case.facts.cost.totals;
        let message = format!("{} % of the bill is there without load", share.percent(0));
        let note = format!("{} of {} a month", totals.zero, totals.expected);
        let found = CHECK.rule.at(case.model.system.span).message(message).note(note);
        let found = found.subject(case.model.system.name.as_str());
        let found = largest_fixed(case, 3).into_iter().fold(found, Diagnostic::help);
        found.help("serverless variants, or one NAT gateway outside production: `nat one`")
    });
    finding.into_iter().collect()
}
