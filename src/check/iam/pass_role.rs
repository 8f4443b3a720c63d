//! IAM-109: the right to hand out roles without saying which and to whom.

use crate::check::case::{Case, Check};
use crate::check::iam::{name_of, without_statement};
use crate::derive::access::{Effect, Grant};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-109", title: "PassRole without a service condition", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let passes =
        case.facts.access.grants.iter().filter(|grant| grant.effect == Effect::Allow && is_open(grant));
    passes.map(|grant| finding(case, grant)).collect()
}

/// Passing is bound when one role is named and the service that may receive it.
fn is_open(grant: &Grant) -> bool {
    let passes = grant.actions.iter().any(|action| action == "iam:PassRole");
    let names_service = grant.conditions.keys().any(|(_, key)| key == "iam:PassedToService");
    let names_role = grant.resource.arn.contains(":role/") && !grant.resource.arn.ends_with('*');
    passes && !(names_service && names_role)
}

fn finding(case: &Case, grant: &Grant) -> Diagnostic {
    let name = name_of(case.model, &grant.principal);
    let span = grant.causes.first().copied().unwrap_or_default();
    let message = phrase!(
        "`{name}` may pass any role to any service",
        "`{name}` puede pasar cualquier rol a cualquier servicio"
    );
    let help = Phrase::new(
        "remove the raw action: verbs that start something under a role bring it, bound to both",
        "elimina la acción en bruto: los verbos que arrancan algo con un rol la traen, ligada a ambos",
    );
    let found = CHECK.rule.at(span).message(message).help(help).subject(name.as_str());
    without_statement(case, grant, found)
}
