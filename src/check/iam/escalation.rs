//! IAM-108: a principal that can make itself another one.
//!
//! Two ways: it holds a set of actions known to lead there, or it may rewrite a service that holds rights it does not hold
//! itself. With a second factor, short sessions and a boundary the finding is `high` instead of an error: some role has to be
//! able to do it.

use std::collections::BTreeSet;

use crate::check::case::{Case, Check};
use crate::check::iam::{is_guarded, missing_guards, name_of, place_of};
use crate::derive::access::{Control, Grant, Principal, control_of};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Role, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-108", title: "privilege-escalation path", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    case.facts.access.principals().filter_map(|principal| finding(case, principal)).collect()
}

fn finding(case: &Case, principal: &Principal) -> Option<Diagnostic> {
    let grants = case.facts.access.of(principal);
    let sets = known_sets(case, grants);
    let rewritten = rewritten(case, principal, grants);
    let how = match (sets.first(), rewritten.first()) {
        (Some(set), _) => phrase!("it holds {set}", "tiene {set}"),
        (None, Some((service, _))) => {
            phrase!("it can rewrite `{}`", "puede reescribir `{}`", case.model.services[*service].name)
        }
        (None, None) => return None,
    };
    let name = name_of(case.model, principal);
    let role = role_of(case, principal);
    let finding = CHECK
        .rule
        .at(place_of(case.model, principal)?)
        .message(phrase!(
            "`{name}` can gain rights it was not given",
            "`{name}` puede ganar permisos que nadie le dio"
        ))
        .note(how)
        .severity(if role.is_some_and(is_guarded) { Severity::High } else { Severity::Error })
        .help(advice(role))
        .subject(name.as_str());
    Some(rewritten.iter().fold(finding, |finding, (service, grant)| label(case, finding, *service, grant)))
}

fn role_of<'a>(case: &Case<'a>, principal: &Principal) -> Option<&'a Role> {
    match principal {
        Principal::Role(id) => Some(&case.model.roles[*id]),
        _ => None,
    }
}

fn advice(role: Option<&Role>) -> Phrase {
    match role.map(missing_guards) {
        Some(missing) if !missing.is_empty() => {
            phrase!(
                "split the role, or guard it: add `{}`",
                "divide el rol, o ponle límites: añade `{}`",
                missing.join("; ")
            )
        }
        Some(_) => Phrase::new(
            "keep the group small: the role has its guards already",
            "mantén pequeño el grupo: el rol ya tiene sus límites",
        ),
        None => Phrase::new(
            "take the permission away: a service needs no rights over other services' code",
            "quítale el permiso: un servicio no necesita derechos sobre el código de otros",
        ),
    }
}

fn label(case: &Case, finding: Diagnostic, service: ServiceId, grant: &Grant) -> Diagnostic {
    let name = &case.model.services[service].name;
    let span = grant.causes.first().copied().unwrap_or_default();
    finding.label(
        span,
        phrase!(
            "{} on `{name}`, whose role can do more",
            "{} sobre `{name}`, cuyo rol puede más",
            grant.actions.join(", ")
        ),
    )
}

/// The known sets a principal holds; those made only of rights over one service's code are judged by that service's rights.
fn known_sets(case: &Case, grants: &[Grant]) -> Vec<String> {
    let held: BTreeSet<&str> = grants
        .iter()
        .filter(|grant| grant.is_identity_allow() && !is_bound_pass(grant))
        .flat_map(|grant| grant.actions.iter().map(String::as_str))
        .collect();
    let sets = case.catalog.escalations().iter();
    let complete = sets.filter(|set| set.actions.iter().all(|action| held.contains(action.as_str())));
    let by_policy = complete.filter(|set| {
        set.actions.iter().any(|action| action.starts_with("iam:") || !action.starts_with("lambda:"))
    });
    by_policy.map(|set| set.actions.join(" and ")).collect()
}

/// A role that may only be passed to one service, by name, opens no way.
fn is_bound_pass(grant: &Grant) -> bool {
    let bound = grant.conditions.keys().any(|(_, key)| key == "iam:PassedToService");
    bound && grant.resource.arn != "*" && grant.actions.iter().all(|action| action == "iam:PassRole")
}

/// The services a principal can rewrite although their role holds what it does not.
fn rewritten<'a>(case: &Case<'a>, principal: &Principal, grants: &'a [Grant]) -> Vec<(ServiceId, &'a Grant)> {
    let own: BTreeSet<Right> = rights(grants).collect();
    let mut found: Vec<(ServiceId, &Grant)> = Vec::new();
    for grant in grants.iter().filter(|grant| control_of(grant) == Some(Control::Rewrite)) {
        let Some(service) = grant.resource.service else { continue };
        let other = Principal::Service(service);
        let gains = rights(case.facts.access.of(&other)).any(|right| !own.contains(&right));
        if other != *principal && gains && found.iter().all(|(known, _)| *known != service) {
            found.push((service, grant));
        }
    }
    found
}

/// One action on one resource; what a kind needs to live is no gain.
type Right<'a> = (&'a str, Option<ServiceId>, &'a str);

fn rights(grants: &[Grant]) -> impl Iterator<Item = Right<'_>> {
    let real = grants.iter().filter(|grant| {
        grant.is_identity_allow() && !matches!(grant.reason, crate::derive::access::Reason::Base(_))
    });
    real.flat_map(|grant| {
        let (service, arn) = (grant.resource.service, grant.resource.arn.as_str());
        grant.actions.iter().map(move |action| (action.as_str(), service, arn))
    })
}
