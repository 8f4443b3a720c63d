//! IAM-117: actions that hand out further access.

use crate::check::case::{Case, Check};
use crate::check::iam::{is_explicit, name_of, without_statement};
use crate::derive::access::Grant;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "IAM-117",
        title: "credential-returning action for a role that does not rotate",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let explicit =
        case.facts.access.grants.iter().filter(|grant| is_explicit(grant) && grant.verb.is_empty());
    explicit.filter_map(|grant| finding(case, grant)).collect()
}

fn finding(case: &Case, grant: &Grant) -> Option<Diagnostic> {
    let known = case.catalog.credential_actions();
    let action = grant.actions.iter().find(|action| known.contains(action))?;
    let name = name_of(case.model, &grant.principal);
    let message = phrase!(
        "`{action}` gives `{name}` further credentials",
        "`{action}` da a `{name}` otras credenciales"
    );
    let help = Phrase::new(
        "remove it, or declare the flow that needs it",
        "elimínala, o declara el flujo que la necesita",
    );
    let found = CHECK.rule.at(grant.causes.first().copied()?).message(message).help(help);
    Some(without_statement(case, grant, found.subject(name.as_str())))
}
