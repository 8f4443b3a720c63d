//! IAM-111: people who write production data by hand.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::derive::access::{Grant, Principal};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Role, RoleId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "IAM-111",
        title: "developer with data-plane write in production",
        severity: Severity::High,
    },
    find,
};

/// Kinds whose content is data.
const KEEPERS: [Trait; 3] = [Trait::Datastore, Trait::Buffer, Trait::Secret];

fn find(case: &Case) -> Vec<Diagnostic> {
    if !case.model.is_production() {
        return Vec::new();
    }
    let roles = case.model.roles.iter().filter(|(_, role)| !role.break_glass);
    roles.flat_map(|(id, role)| of_role(case, id, role)).collect()
}

/// One finding a line and service.
fn of_role(case: &Case, id: RoleId, role: &Role) -> Vec<Diagnostic> {
    let writes = case.facts.access.of(&Principal::Role(id)).iter().filter(|grant| is_data_write(case, grant));
    let mut seen = std::collections::BTreeSet::new();
    let first = writes.filter(|grant| seen.insert((grant.resource.service, grant.causes.clone())));
    first.filter_map(|grant| finding(case, role, grant)).collect()
}

/// Does a grant change content? Verbs made for people (`operate`, `redrive`, …) change configuration, not content.
fn is_data_write(case: &Case, grant: &Grant) -> bool {
    let Some(service) = grant.resource.service.map(|id| &case.model.services[id]) else { return false };
    let keeps = KEEPERS.iter().any(|keeper| service.kind.has(*keeper));
    keeps && grant.is_identity_allow() && grant.is_change() && !service.kind.is_human_verb(&grant.verb)
}

fn finding(case: &Case, role: &Role, grant: &Grant) -> Option<Diagnostic> {
    let service = &case.model.services[grant.resource.service?];
    let message = phrase!(
        "`{}` can change the content of `{}` in production",
        "`{}` puede cambiar el contenido de `{}` en producción",
        role.name,
        service.name
    );
    let help = phrase!(
        "limit it to `observe {}`, or make it a `break-glass` role with `mfa` and `session 1 h`",
        "limítalo a `observe {}`, o hazlo un rol `break-glass` con `mfa` y `session 1 h`",
        service.name
    );
    Some(
        CHECK.rule.at(grant.causes.first().copied()?).message(message).help(help).subject(role.name.as_str()),
    )
}
