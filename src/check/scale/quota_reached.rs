//! SCALE-209: account quota reached at maximum.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::derive::capacity::QuotaUse;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-209", title: "account quota reached at maximum", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let reached = case.facts.capacity.quotas.iter().filter(|quota| quota.demand > quota.limit);
    reached.filter_map(|quota| finding(case, quota)).collect()
}

/// A quota that AWS raises on request is a task before the first deployment; a hard one stops the design.
fn finding(case: &Case<'_>, quota: &QuotaUse) -> Option<Diagnostic> {
    let first = quota.services.first().copied()?;
    let names: Vec<String> = quota.services.iter().map(|id| format!("`{}`", name(case, *id))).collect();
    let (unit, demand, limit) = (&quota.unit, quota.demand, quota.limit);
    let message = phrase!(
        "at maximum {demand} {unit} are needed, a new account has {limit}",
        "al máximo hacen falta {demand} {unit}, una cuenta nueva tiene {limit}"
    );
    let found = crate::check::place::about(&CHECK.rule, case, first).message(message);
    let found = found.note(phrase!(
        "{} count against `{}` in {}",
        "{} cuentan para `{}` en {}",
        names.join(", "),
        quota.name,
        quota.region
    ));
    let found = if quota.adjustable { found.severity(Severity::Medium) } else { found };
    Some(found.help(phrase!(
        "ask AWS for {demand} of the quota before the first deployment, or lower a maximum",
        "pide a AWS una cuota de {demand} antes del primer despliegue, o baja un máximo"
    )))
}
