//! Rules about who may do what: least privilege, escalation, guard rails.

mod blast_radius;
mod bulk_read;
mod credentials;
mod duties;
mod escalation;
mod guard_rails;
mod long_lived;
mod managed_policy;
mod no_reason;
mod open_policy;
mod pass_role;
mod people_write;
mod shared_role;
mod unassumed;
mod ungranted;
mod unknown_action;
mod unused_grant;
mod wildcard_action;
mod wildcard_resource;
mod wrong_resource;

use crate::check::case::{Case, Check};
use crate::derive::access::{Grant, Principal, Reason};
use crate::diag::{Diagnostic, Edit};
use crate::model::{Grant as Stated, Model, Role};
use crate::text::{Ident, Phrase, Span, Spanned, Text};

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    unused_grant::CHECK,
    ungranted::CHECK,
    wildcard_action::CHECK,
    wildcard_resource::CHECK,
    unknown_action::CHECK,
    wrong_resource::CHECK,
    unassumed::CHECK,
    escalation::CHECK,
    pass_role::CHECK,
    duties::CHECK,
    people_write::CHECK,
    guard_rails::CHECK,
    long_lived::CHECK,
    shared_role::CHECK,
    open_policy::CHECK,
    managed_policy::CHECK,
    credentials::CHECK,
    bulk_read::CHECK,
    blast_radius::CHECK,
    no_reason::CHECK,
];

/// The name of a principal.
fn name_of(model: &Model, principal: &Principal) -> Ident {
    match principal {
        Principal::Service(id) => model.services[*id].name.clone(),
        Principal::Role(id) => model.roles[*id].name.clone(),
        Principal::Aws(name) => Ident::sanitized(name),
        Principal::Anyone => Ident::sanitized("anyone"),
    }
}

/// Where a principal is declared; nothing for those outside the model.
fn place_of(model: &Model, principal: &Principal) -> Option<Span> {
    match principal {
        Principal::Service(id) => Some(model.services[*id].span),
        Principal::Role(id) => Some(model.roles[*id].span),
        Principal::Aws(_) | Principal::Anyone => None,
    }
}

/// The raw actions of all `grant` statements, with their statement.
fn raw_actions<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'a Stated, &'a Spanned<Text>)> + use<'a> {
    case.model.grants.iter().flat_map(|stated| stated.actions.iter().map(move |action| (stated, action)))
}

/// A raw action with the characters an action may have.
fn action_text(action: &Spanned<Text>) -> String {
    let legal = |c: &char| c.is_ascii_alphanumeric() || "*?:-_".contains(*c);
    action.value.chars().filter(legal).collect()
}

/// Is it written by hand, apart from a flow?
const fn is_explicit(grant: &Grant) -> bool {
    matches!(grant.reason, Reason::Explicit(_))
}

/// The finding with an edit that deletes the `grant` statement behind a grant, when that is all the statement says.
fn without_statement(case: &Case, grant: &Grant, finding: Diagnostic) -> Diagnostic {
    let Reason::Explicit(position) = grant.reason else { return finding };
    let stated = case.model.grants.get(position);
    let alone = stated.filter(|stated| stated.actions.len() + stated.verbs.len() == 1);
    let edit = alone.map(|stated| Edit::delete(stated.span));
    finding.fix(Phrase::new("delete this line", "borrar esta línea"), edit.into_iter().collect())
}

/// The longest session of a role with wide rights: one hour.
const LONGEST_SESSION: u64 = 3_600_000;

/// Does a role of people have a second factor, short sessions and a boundary?
fn is_guarded(role: &Role) -> bool {
    let short = role.session.is_some_and(|session| session.0 <= LONGEST_SESSION);
    role.mfa && short && (role.boundary || !role.nevers.is_empty())
}

/// The guard rails a role lacks, as it would write them.
fn missing_guards(role: &Role) -> Vec<&'static str> {
    let short = role.session.is_some_and(|session| session.0 <= LONGEST_SESSION);
    let bounded = role.boundary || !role.nevers.is_empty();
    let guards = [(role.mfa, "mfa"), (short, "session 1 h"), (bounded, "boundary")];
    guards.iter().filter(|(has, _)| !has).map(|(_, word)| *word).collect()
}
