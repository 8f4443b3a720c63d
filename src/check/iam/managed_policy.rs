//! IAM-116: a policy that AWS keeps and changes.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Role;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-116", title: "AWS managed policy attached", severity: Severity::Low },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    case.model.roles.values().flat_map(of_role).collect()
}

fn of_role(role: &Role) -> Vec<Diagnostic> {
    let is_managed =
        |text: &crate::text::Text| text.chars().collect::<String>().contains(":iam::aws:policy/");
    let managed = role.policies.iter().filter(|policy| is_managed(&policy.value));
    managed
        .map(|policy| {
            let message = phrase!(
                "`{}` uses a policy that AWS writes and changes",
                "`{}` usa una política que AWS escribe y cambia",
                role.name
            );
            let help = Phrase::new(
                "replace it by verbs: `observe`, `operate`, `administer`",
                "sustitúyela por verbos: `observe`, `operate`, `administer`",
            );
            CHECK.rule.at(policy.span).message(message).help(help).subject(role.name.as_str())
        })
        .collect()
}
