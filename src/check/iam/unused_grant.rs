//! IAM-101: a grant that no declared interaction uses.

use crate::check::case::{Case, Check};
use crate::check::place::{flows_from, flows_to};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Grant, Grantee, ServiceId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "IAM-101", title: "grant without a flow", severity: Severity::High }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    case.model.grants.iter().flat_map(|grant| of_grant(case, grant)).collect()
}

fn of_grant(case: &Case, grant: &Grant) -> Vec<Diagnostic> {
    let Grantee::Service(principal) = grant.principal.value else { return Vec::new() };
    let unused = grant.on.iter().filter(|on| !works_with(case, principal, on.value));
    unused.map(|on| finding(case, grant, principal, on.value)).collect()
}

/// Does a flow join the two, whichever way it runs?
fn works_with(case: &Case, principal: ServiceId, on: ServiceId) -> bool {
    flows_from(case, principal).any(|flow| flow.to == on)
        || flows_to(case, principal).any(|flow| flow.from == on)
}

fn finding(case: &Case, grant: &Grant, principal: ServiceId, on: ServiceId) -> Diagnostic {
    let (principal, on) = (&case.model.services[principal].name, &case.model.services[on].name);
    let verb = grant.verbs.first().map_or("VERB", |verb| verb.value.as_str());
    let message = phrase!(
        "`{principal}` is granted rights on `{on}`, but no flow joins them",
        "`{principal}` tiene permisos sobre `{on}`, pero ningún flujo los une"
    );
    let help = phrase!(
        "delete the grant, or declare the use: `{principal} -> {on} : {verb}`",
        "borra el permiso, o declara el uso: `{principal} -> {on} : {verb}`"
    );
    CHECK.rule.at(grant.span).message(message).help(help).subject(principal.as_str())
}
