//! IAM-102: a flow or a permission that no policy can satisfy.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{self, GrantVia, MechanismGrant};
use crate::check::case::{Case, Check};
use crate::check::iam::name_of;
use crate::derive::access::{Effect, Grant, Principal, Reason};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowId, ServiceId};
use crate::text::{Phrase, Span, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-102", title: "flow that no grant can satisfy", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let granted: BTreeSet<FlowId> = case.facts.access.grants.iter().filter_map(flow_of).collect();
    let missing = case.model.whole_flows().filter(|(id, flow)| needs_policy(flow) && !granted.contains(id));
    let missing = missing.filter(|(_, flow)| !is_permitted(case, flow)).map(|(_, flow)| no_grant(case, flow));
    missing.chain(denied(case)).collect()
}

const fn flow_of(grant: &Grant) -> Option<FlowId> {
    match grant.reason {
        Reason::Flow(id) => Some(id),
        _ => None,
    }
}

/// Does the mechanism need a policy in every configuration? One without grants is satisfied by the network alone; one that
/// grants to whoever calls the start grants nothing while nobody does.
fn needs_policy(flow: &Flow) -> bool {
    let is_policy = |row: &MechanismGrant| {
        row.when.is_none()
            && !matches!(row.principal, catalog::Principal::CallerOf(_))
            && matches!(row.via, GrantVia::Identity | GrantVia::ResourcePolicy | GrantVia::LambdaPermission)
    };
    flow.mechanism.as_ref().is_some_and(|mechanism| mechanism.grants.iter().any(is_policy))
}

/// People have no role of their own: a role of the model that permits the verb stands in for them.
fn is_permitted(case: &Case, flow: &Flow) -> bool {
    let permits = case.model.roles.values().flat_map(|role| &role.permits);
    let is_person = case.model.services[flow.from].kind.is_outside();
    is_person && permits.into_iter().any(|permit| permit.verb == flow.verb && permit.on.contains(&flow.to))
}

fn no_grant(case: &Case, flow: &Flow) -> Diagnostic {
    let (from, to) = (&case.model.services[flow.from], &case.model.services[flow.to]);
    let message = phrase!(
        "no policy can let `{}` {} `{}`",
        "ninguna política permite a `{}` {} sobre `{}`",
        from.name,
        flow.verb,
        to.name
    );
    let help = if from.kind.is_outside() {
        phrase!(
            "people work through a role: `role NAME for group \"…\" {{ {} {} }}`",
            "las personas actúan con un rol: `role NAME for group \"…\" {{ {} {} }}`",
            flow.verb,
            to.name
        )
    } else {
        phrase!(
            "use a verb that `{}` offers: `archc kinds {}` lists them",
            "usa un verbo que `{}` ofrezca: `archc kinds {}` los enumera",
            to.name,
            to.kind.word
        )
    };
    CHECK.rule.at(flow.span).message(message).help(help).subject(from.name.as_str())
}

/// Permissions that the role's own boundary takes away completely.
fn denied(case: &Case) -> Vec<Diagnostic> {
    case.model.roles.ids().flat_map(|id| denied_to(case, &Principal::Role(id))).collect()
}

fn denied_to(case: &Case, principal: &Principal) -> Vec<Diagnostic> {
    let grants = case.facts.access.of(principal);
    let mut denials: BTreeMap<Option<ServiceId>, BTreeSet<&str>> = BTreeMap::new();
    for denial in grants.iter().filter(|denial| denial.effect == Effect::Deny) {
        let actions = denial.actions.iter().map(String::as_str);
        denials.entry(denial.resource.service).or_default().extend(actions);
    }
    let permitted =
        grants.iter().filter(|grant| grant.reason == Reason::Permit && grant.resource.service.is_some());
    let mut by_line: BTreeMap<(Option<ServiceId>, &str, &[Span]), Line> = BTreeMap::new();
    for (order, grant) in permitted.enumerate() {
        let denied = denials.get(&grant.resource.service);
        let is_denied =
            denied.is_some_and(|denied| grant.actions.iter().all(|action| denied.contains(action.as_str())));
        let key = (grant.resource.service, grant.verb.as_str(), grant.causes.as_slice());
        let line = by_line.entry(key).or_insert(Line { order, grant, all: true });
        line.all &= is_denied;
    }
    let mut lines: Vec<Line> = by_line.into_values().filter(|line| line.all).collect();
    lines.sort_by_key(|line| line.order);
    lines.iter().map(|line| boundary(case, principal, line.grant)).collect()
}

/// The grants of one written permission on one thing: the first of them, and whether all of them are denied.
struct Line<'a> {
    order: usize,
    grant: &'a Grant,
    all: bool,
}

fn boundary(case: &Case, principal: &Principal, grant: &Grant) -> Diagnostic {
    let role = name_of(case.model, principal);
    let on = grant.resource.service.map(|id| case.model.services[id].name.to_string()).unwrap_or_default();
    let message = phrase!(
        "`{role}` may {} `{on}`, but its boundary denies it",
        "`{role}` tiene {} sobre `{on}`, pero su límite lo prohíbe",
        grant.verb
    );
    let span = grant.causes.first().copied().unwrap_or_default();
    let denials = case.facts.access.of(principal).iter().filter(|denial| denial.effect == Effect::Deny);
    let line = denials.into_iter().find_map(|denial| denial.causes.first()).copied();
    let finding = CHECK.rule.at(span).message(message).subject(role.as_str());
    let finding = finding.help(Phrase::new(
        "drop the permission, or narrow the `never` clause",
        "retira el permiso, o estrecha la cláusula `never`",
    ));
    match line {
        Some(line) => finding.label(line, Phrase::new("the boundary", "el límite")),
        None => finding,
    }
}
