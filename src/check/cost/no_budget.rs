//! COST-504: no budget.

use crate::check::case::{Case, Check};
use crate::check::fixes::{added, only_topic};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Budget, Scope};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "COST-504", title: "no budget", severity: Severity::High }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let model = case.model;
    if model.budgets.iter().any(|budget| budget.scope == Scope::System) || case.facts.cost.totals.max.0 == 0 {
        return Vec::new();
    }
    let priced = case.facts.cost.lines.iter().filter_map(|line| line.service);
    let open = priced.filter(|id| !model.budgets.iter().any(|budget| counts(case, budget, *id))).count();
    if open == 0 {
        return Vec::new();
    }
    let message = if model.budgets.is_empty() {
        Phrase::new(
            "no budget limits what the system spends",
            "ningún presupuesto limita lo que gasta el sistema",
        )
    } else {
        Phrase::new("no budget covers the whole system", "ningún presupuesto cubre todo el sistema")
    };
    let totals = case.facts.cost.totals;
    let found = CHECK.rule.at(model.system.span).message(message).subject(model.system.name.as_str());
    let note = phrase!(
        "{} a month are expected, {} at maximum scale",
        "se prevén {} al mes, {} con todo al máximo",
        totals.expected,
        totals.max
    );
    let limit = (totals.expected.0 / 1_000_000).saturating_mul(12) / 100 * 10 + 10;
    let name = &model.system.name;
    let help = phrase!(
        "set one: `budget {limit} USD monthly for {name} {{ alert 80% actual, 100% forecast -> ops }}`",
        "pon uno: `budget {limit} USD monthly for {name} {{ alert 80% actual, 100% forecast -> ops }}`"
    );
    let found = found.note(note).help(help);
    vec![match only_topic(case).filter(|_| model.budgets.is_empty()) {
        Some(topic) => {
            let topic = &model.services[topic].name;
            let alerts = format!("alert 90% actual, 100% forecast -> {topic}");
            added(case, &format!("budget {limit} USD monthly for {name} {{ {alerts} }}"), found)
        }
        None => found,
    }]
}

/// Does a budget count a service?
fn counts(case: &Case<'_>, budget: &Budget, id: crate::model::ServiceId) -> bool {
    match &budget.scope {
        Scope::System => true,
        Scope::Service(service) => *service == id,
        Scope::Place(place) => {
            case.model.enclosing(case.model.services[id].place).any(|(known, _)| known == *place)
        }
    }
}
