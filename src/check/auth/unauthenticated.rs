//! AUTH-301: a public way in that nobody has to authenticate for.

use crate::check::auth::{entries, is_authorised, is_public_on_purpose};
use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "AUTH-301", title: "public path without authentication", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let bare = entries(case).filter(|id| !is_authorised(case, *id) && !is_public_on_purpose(case, *id));
    bare.map(|id| {
        let service = &case.model.services[id];
        let name = &service.name;
        let finding = CHECK.rule.at(service.span).message(format!("anybody can call `{name}`"));
        let finding = match service.kind.setting("auth") {
            Some(_) => {
                finding.help(format!("declare a `cognito` and write `auth NAME` in the braces of `{name}`"))
            }
            None => finding,
        };
        finding
            .help(format!("or write `public {name} because \"…\"` when it is meant"))
            .subject(name.as_str())
    })
    .collect()
}
