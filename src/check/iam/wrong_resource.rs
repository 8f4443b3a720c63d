//! IAM-106: a raw action on a resource it does not work on.

use crate::check::case::{Case, Check};
use crate::check::iam::is_explicit;
use crate::derive::access::{Grant, Reason};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "IAM-106",
        title: "action on a resource type it does not support",
        severity: Severity::Error,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let raw = case.facts.access.grants.iter().filter(|grant| is_explicit(grant) && grant.verb.is_empty());
    raw.filter_map(|grant| finding(case, grant)).collect()
}

fn finding(case: &Case, grant: &Grant) -> Option<Diagnostic> {
    let service = &case.model.services[grant.resource.service?];
    let facts = case.catalog.action(grant.actions.first()?)?;
    let (prefix, kind) = grant.resource.kind.split_once(':')?;
    let is_own = facts.name.split_once(':').is_some_and(|(service, _)| service == prefix);
    let types: Vec<&str> = facts.resource_types().collect();
    if is_own && types.contains(&kind) {
        return None;
    }
    let message =
        phrase!("`{}` never matches `{}`", "`{}` nunca coincide con `{}`", facts.name, service.name);
    let note = match types.as_slice() {
        [] => Phrase::new("it has no resource-level support", "no admite permisos por recurso"),
        types => phrase!("it works on: {}", "actúa sobre: {}", types.join(", ")),
    };
    let help = if types.is_empty() {
        Phrase::new("write `on *`", "escribe `on *`")
    } else {
        Phrase::new("name a service of that sort", "nombra un servicio de ese tipo")
    };
    let span = grant.causes.first().copied()?;
    let found = CHECK.rule.at(span).message(message).note(note).help(help).subject(service.name.as_str());
    Some(if types.is_empty() { on_everything(case, grant, found) } else { found })
}

/// With an edit that writes `on *`, when the statement says nothing else.
fn on_everything(case: &Case, grant: &Grant, finding: Diagnostic) -> Diagnostic {
    let Reason::Explicit(position) = grant.reason else { return finding };
    let stated = case.model.grants.get(position);
    let alone = stated.filter(|stated| stated.actions.len() + stated.verbs.len() == 1);
    let on = alone.and_then(|stated| match stated.on.as_slice() {
        [only] => Some(only.span),
        _ => None,
    });
    let edit = on.map(|on| Edit::replace(on, "*"));
    finding.fix(Phrase::new("write `on *`", "escribir `on *`"), edit.into_iter().collect())
}
