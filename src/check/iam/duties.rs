//! IAM-110: duties in one hand that should be in two.

use std::collections::BTreeSet;

use crate::check::case::{Case, Check};
use crate::derive::access::Principal;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Role, RoleId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "IAM-110",
        title: "separation of duties: one role deploys and approves",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let roles = case.model.roles.iter().filter(|(_, role)| !role.break_glass);
    roles.filter_map(|(id, role)| finding(case, id, role)).collect()
}

fn finding(case: &Case, id: RoleId, role: &Role) -> Option<Diagnostic> {
    let grants = case.facts.access.of(&Principal::Role(id)).iter().filter(|grant| grant.is_identity_allow());
    let rights: BTreeSet<&str> = grants.flat_map(|grant| grant.actions.iter().map(String::as_str)).collect();
    let duties = case.catalog.duties().iter();
    let mut found = duties.filter_map(|duty| {
        let action = duty.actions.iter().find(|action| rights.contains(action.as_str()))?;
        Some(format!("{} ({action})", duty.name))
    });
    let (first, second) = (found.next()?, found.next()?);
    let all: Vec<String> = [first, second].into_iter().chain(found).collect();
    let message = phrase!(
        "`{}` holds {} duties that belong in different hands",
        "`{}` reúne {} funciones que deben estar en manos distintas",
        role.name,
        all.len()
    );
    let help = Phrase::new(
        "split it into a role that builds, one that administers and one that observes",
        "divídelo en un rol que construye, otro que administra y otro que observa",
    );
    Some(
        CHECK.rule.at(role.span).message(message).note(all.join(", ")).help(help).subject(role.name.as_str()),
    )
}
