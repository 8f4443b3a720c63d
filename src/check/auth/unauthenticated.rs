//! AUTH-301: a public way in that nobody has to authenticate for.

use crate::check::auth::{entries, is_authorised, is_public_on_purpose};
use crate::check::case::{Case, Check};
use crate::check::fixes::{only_pool, written};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

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
        let finding = CHECK
            .rule
            .at(service.span)
            .message(phrase!("anybody can call `{name}`", "cualquiera puede llamar a `{name}`"));
        let finding = match service.kind.setting("auth") {
            Some(_) => finding.help(phrase!(
                "declare a `cognito` and write `auth NAME` in the braces of `{name}`",
                "declara un `cognito` y escribe `auth NAME` en las llaves de `{name}`"
            )),
            None => finding,
        };
        let finding = finding
            .help(phrase!(
                "or write `public {name} because \"…\"` when it is meant",
                "o escribe `public {name} because \"…\"` si es lo que se quiere"
            ))
            .subject(name.as_str());
        match only_pool(case).filter(|_| service.kind.setting("auth").is_some()) {
            Some(pool) => written(case, id, &format!("auth {}", case.model.services[pool].name), finding),
            None => finding,
        }
    })
    .collect()
}
