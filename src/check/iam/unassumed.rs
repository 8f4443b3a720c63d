//! IAM-107: a role nobody can assume.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "IAM-107", title: "role nobody assumes", severity: Severity::Medium }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let unassumed = case.model.roles.values().filter(|role| role.group.is_none());
    unassumed
        .map(|role| {
            let message =
                phrase!("nobody belongs to the role `{}`", "nadie pertenece al rol `{}`", role.name);
            let help = phrase!(
                "remove it, or say who: `role {} for group \"…\"`",
                "elimínalo, o di quién: `role {} for group \"…\"`",
                role.name
            );
            CHECK.rule.at(role.span).message(message).help(help).subject(role.name.as_str())
        })
        .collect()
}
