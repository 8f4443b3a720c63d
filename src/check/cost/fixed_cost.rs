//! COST-503: fixed cost dominates.

use crate::check::case::{Case, Check};
use crate::check::cost::largest_fixed;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};
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
        let message = phrase!(
            "{} % of the bill is there without load",
            "el {} % de la factura existe sin carga",
            share.percent(0)
        );
        let note = phrase!("{} of {} a month", "{} de {} al mes", totals.zero, totals.expected);
        let found = CHECK.rule.at(case.model.system.span).message(message).note(note);
        let found = found.subject(case.model.system.name.as_str());
        let found = largest_fixed(case, 3).into_iter().fold(found, Diagnostic::help);
        found.help(Phrase::new(
            "serverless variants, or one NAT gateway outside production: `nat one`",
            "variantes sin servidor, o una sola puerta NAT fuera de producción: `nat one`",
        ))
    });
    finding.into_iter().collect()
}
