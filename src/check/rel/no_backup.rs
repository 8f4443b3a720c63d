//! REL-109: no backup.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{about, flows_to};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Service;
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "REL-109", title: "no backup", severity: Severity::High }, find };

/// Settings each of which brings back what was deleted or spoilt.
const KEEPS: [&str; 3] = ["backup", "pitr", "versioning"];

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let stores = case.model.services.iter().filter(|(_, service)| is_bare(service));
    let bare = stores.filter(|(id, _)| !is_guarded(case, *id));
    bare.map(|(id, service)| {
        let message = phrase!(
            "nothing brings back what is lost in `{}`",
            "nada recupera lo que se pierda en `{}`",
            service.name
        );
        let setting = if service.kind.setting("pitr").is_some() { "pitr" } else { "backup 7 d" };
        let help = phrase!(
            "keep copies: `{} {} {{ {setting} }}`",
            "guarda copias: `{} {} {{ {setting} }}`",
            service.kind.word,
            service.name
        );
        about(&CHECK.rule, case, id).message(message).help(help)
    })
    .collect()
}

/// Does it keep data, and could but does not keep copies?
fn is_bare(service: &Service) -> bool {
    let keeps = service.kind.has(Trait::Datastore) && service.kind.has(Trait::Stateful);
    let can = KEEPS.iter().any(|setting| service.kind.setting(setting).is_some());
    keeps && can && !service.is_derived() && !KEEPS.iter().any(|setting| service.settings.is_on(setting))
}

/// Does a backup plan of the model cover it?
fn is_guarded(case: &Case<'_>, id: crate::model::ServiceId) -> bool {
    let guards = |from: crate::model::ServiceId| case.model.services[from].kind.has(Trait::Guard);
    flows_to(case, id).any(|flow| flow.verb == "backup" && guards(flow.from))
}
