//! AUTH-303: people who may change things sign in with a password alone.

use crate::catalog::{Level, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Role, Service};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "AUTH-303",
        title: "no MFA for people who hold write access",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let roles =
        case.model.roles.values().filter(|role| !role.mfa).filter_map(|role| role_without(case, role));
    let pools = case.model.services.iter().filter(|(_, service)| is_weak_pool(service));
    let pools = pools.map(|(id, service)| {
        let finding = about(&CHECK.rule, case, id).message(phrase!(
            "staff enter `{}` without a second factor",
            "el personal entra en `{}` sin un segundo factor",
            service.name
        ));
        finding
            .help(Phrase::new("write `mfa required` in its braces", "escribe `mfa required` en sus llaves"))
    });
    roles.chain(pools).collect()
}

fn is_weak_pool(service: &Service) -> bool {
    service.kind.has(Trait::IdentityProvider)
        && service.settings.is_on("staff")
        && service.settings.word("mfa") != Some("required")
}

/// The role's widest verb, when it changes something.
fn role_without(case: &Case, role: &Role) -> Option<Diagnostic> {
    let changes = |verb: &str, on: &crate::model::ServiceId| {
        let known = case.model.services[*on].kind.verb(verb);
        known.is_some_and(|verb| verb.level >= Level::Write)
    };
    let permit = role.permits.iter().find(|permit| permit.on.iter().any(|on| changes(&permit.verb, on)))?;
    let message = phrase!(
        "members of `{}` may `{}` without a second factor",
        "los miembros de `{}` tienen `{}` sin un segundo factor",
        role.name,
        permit.verb
    );
    let finding = CHECK.rule.at(role.span).message(message).subject(role.name.as_str());
    Some(
        finding.label(permit.span, Phrase::new("this changes things", "esto cambia cosas")).help(
            Phrase::new("write `mfa` in the braces of the role", "escribe `mfa` en las llaves del rol"),
        ),
    )
}
