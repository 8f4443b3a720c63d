//! COST-513: budget that AWS refuses.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Budget, ServiceId, Spending, Threshold};
use crate::text::{Phrase, Span, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-513", title: "budget that AWS refuses", severity: Severity::Error },
    find,
};

/// The most alerts of a budget (`CreateBudget`, `NotificationsWithSubscribers`).
const MOST_ALERTS: usize = 10;

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.budgets.iter().flat_map(|budget| findings(case, budget)).collect()
}

fn findings(case: &Case<'_>, budget: &Budget) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> =
        budget.alerts.iter().filter_map(|(at, to)| unheard(case, budget, at.span, to)).collect();
    let heard: Vec<ServiceId> = budget.alerts.iter().flat_map(|(_, to)| to).copied().collect();
    let acts = budget.actions.first().filter(|_| found.is_empty());
    found.extend(acts.and_then(|action| unheard(case, budget, action.span, heard.get(..1).unwrap_or(&[]))));
    found.extend(repeated(case, budget));
    if budget.alerts.len() > MOST_ALERTS {
        let message = phrase!(
            "the budget has {} alerts, and AWS takes {MOST_ALERTS}",
            "el presupuesto tiene {} alertas, y AWS admite {MOST_ALERTS}",
            budget.alerts.len()
        );
        found.push(super::at_budget(&CHECK.rule, case, budget).message(message));
    }
    found
}

/// An alert or action goes to one topic, or to the system's owner when that is an e-mail address.
fn unheard(case: &Case<'_>, budget: &Budget, span: Span, to: &[ServiceId]) -> Option<Diagnostic> {
    let name = |id: ServiceId| &case.model.services[id].name;
    let is_topic = |id: ServiceId| {
        let service = &case.model.services[id];
        service.is_a("sns") && !service.settings.is_on("fifo")
    };
    let message = match to {
        [] if case.model.system.address().is_some() => return None,
        [] => Phrase::new(
            "nobody is told, and AWS takes no alert without a subscriber",
            "no se avisa a nadie, y AWS no admite una alerta sin suscriptor",
        ),
        [one] if is_topic(*one) => return None,
        [one] => phrase!(
            "AWS Budgets tells standard topics alone, and `{}` is none",
            "AWS Budgets solo avisa a temas estándar, y `{}` no lo es",
            name(*one)
        ),
        [..] => phrase!(
            "AWS Budgets tells one topic, and here are {}",
            "AWS Budgets avisa a un tema, y aquí hay {}",
            to.len()
        ),
    };
    let finding = super::at_budget(&CHECK.rule, case, budget).message(message);
    Some(finding.label(span, Phrase::new("here", "aquí")).help(Phrase::new(
        "name one topic: `alert 80% actual, 100% forecast -> ops` with `sns ops { email \"ops@example.com\" }`",
        "nombra un tema: `alert 80% actual, 100% forecast -> ops` con `sns ops { email \"ops@example.com\" }`",
    )))
}

/// Two alerts at the same threshold are one to AWS.
fn repeated(case: &Case<'_>, budget: &Budget) -> Option<Diagnostic> {
    let key = |at: &Threshold| (at.share, at.of == Spending::Forecast);
    let all: Vec<&Threshold> = budget.alerts.iter().map(|(at, _)| at).collect();
    let twice = |(index, at): (usize, &&Threshold)| {
        let first = all.iter().take(index).find(|other| key(other) == key(at))?;
        Some((first.span, at.span))
    };
    let (first, second) = all.iter().enumerate().find_map(twice)?;
    let finding = super::at_budget(&CHECK.rule, case, budget)
        .message(Phrase::new("two alerts have the same threshold", "dos alertas tienen el mismo umbral"));
    Some(
        finding
            .label(first, Phrase::new("the first", "la primera"))
            .label(second, Phrase::new("the second", "la segunda"))
            .help(Phrase::new("delete one of them", "borra una de ellas")),
    )
}
