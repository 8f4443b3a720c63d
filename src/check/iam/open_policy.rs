//! IAM-115: a resource policy that lets anybody in.

use crate::check::case::{Case, Check};
use crate::check::iam::without_statement;
use crate::derive::access::{Grant, Principal};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-115", title: "resource policy open to any principal", severity: Severity::Error },
    find,
};

/// Conditions that name who or where the request comes from.
const SOURCES: [&str; 6] = [
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpce",
    "aws:PrincipalOrgID",
    "aws:PrincipalAccount",
];

fn find(case: &Case) -> Vec<Diagnostic> {
    let pushed = case.facts.access.grants.iter().filter(|grant| is_unbound(grant));
    let mut seen = std::collections::BTreeSet::new();
    let first = pushed.filter(|grant| seen.insert((grant.resource.service, grant.causes.clone())));
    first.map(|grant| finding(case, grant)).collect()
}

/// Anyone, or any customer's use of an AWS service.
fn is_unbound(grant: &Grant) -> bool {
    let is_wide = matches!(grant.principal, Principal::Anyone | Principal::Aws(_));
    is_wide && !grant.conditions.keys().any(|(_, key)| SOURCES.contains(&key.as_str()))
}

fn finding(case: &Case, grant: &Grant) -> Diagnostic {
    let on = grant.resource.service.map_or("*", |id| case.model.services[id].name.as_str());
    let span = grant.causes.first().copied().unwrap_or_default();
    let message =
        phrase!("the policy of `{on}` lets anybody in", "la política de `{on}` deja entrar a cualquiera");
    let help = Phrase::new(
        "delete the grant and declare the flow: its grant names the source",
        "borra el permiso y declara el flujo: su permiso nombra el origen",
    );
    let found = CHECK.rule.at(span).message(message).help(help).subject(on);
    without_statement(case, grant, found)
}
