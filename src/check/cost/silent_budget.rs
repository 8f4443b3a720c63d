//! COST-505: budget without an alert or a subscriber.

use crate::check::case::{Case, Check};
use crate::check::place::flows_from;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Budget, ServiceId};
use crate::text::Phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "COST-505",
        title: "budget without an alert or a subscriber",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.budgets.iter().filter_map(|budget| finding(case, budget)).collect()
}

fn finding(case: &Case<'_>, budget: &Budget) -> Option<Diagnostic> {
    let heard = |to: &[ServiceId]| to.iter().any(|id| reaches_somebody(case, *id));
    let message = if budget.alerts.is_empty() {
        Phrase::new("the budget has a limit and no alert", "el presupuesto tiene un límite y ninguna alerta")
    } else if budget.alerts.iter().any(|(_, to)| !heard(to)) {
        Phrase::new("an alert of the budget reaches nobody", "una alerta del presupuesto no llega a nadie")
    } else {
        return None;
    };
    let found = super::at_budget(&CHECK.rule, case, budget).message(message);
    Some(found.help(Phrase::new("tell somebody: `alert 80% actual, 100% forecast -> ops` with `sns ops { email \"ops@example.com\" }`", "avisa a alguien: `alert 80% actual, 100% forecast -> ops` con `sns ops { email \"ops@example.com\" }`")))
}

/// Does a person or a system hear of what is published there?
fn reaches_somebody(case: &Case<'_>, id: ServiceId) -> bool {
    let service = &case.model.services[id];
    let stated = service.settings.is_on("email") || service.settings.is_on("url");
    stated || service.kind.is_outside() || flows_from(case, id).next().is_some()
}
