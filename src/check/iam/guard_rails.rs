//! IAM-112: wide rights without guard rails.

use crate::check::case::{Case, Check};
use crate::check::iam::{is_guarded, missing_guards};
use crate::derive::access::Principal;
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::{Role, RoleId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-112", title: "admin role without guard rails", severity: Severity::High },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let wide = case.model.roles.iter().filter(|(id, role)| administers(case, *id) && !is_guarded(role));
    wide.map(|(_, role)| finding(role)).collect()
}

fn administers(case: &Case, id: RoleId) -> bool {
    let grants = case.facts.access.of(&Principal::Role(id));
    grants.iter().any(|grant| grant.is_identity_allow() && grant.level == "permissions")
}

fn finding(role: &Role) -> Diagnostic {
    let missing = missing_guards(role).join("; ");
    let message = phrase!("`{}` administers without guard rails", "`{}` administra sin límites", role.name);
    let help = phrase!("add `{missing}` to the role", "añade `{missing}` al rol");
    // A session that is stated but long is somebody's decision.
    let edit = role.session.is_none().then(|| Edit::inside(role.span, missing.clone()));
    let title = phrase!("add `{missing}`", "añadir `{missing}`");
    CHECK
        .rule
        .at(role.span)
        .fix(title, edit.into_iter().collect())
        .message(message)
        .note(phrase!("missing: {missing}", "falta: {missing}"))
        .help(help)
        .subject(role.name.as_str())
}
