//! REL-111: deletion protection off in production.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, Value};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-111",
        title: "deletion protection off in production",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    if !case.model.is_production() {
        return Vec::new();
    }
    let open = case.model.services.iter().filter(|(_, service)| is_deletable(service));
    open.map(|(id, service)| {
        let message = phrase!(
            "one wrong apply may delete `{}`",
            "un solo despliegue equivocado puede borrar `{}`",
            service.name
        );
        let span = service.settings.span("deletion-protection").unwrap_or(service.span);
        let found = about(&CHECK.rule, case, id)
            .message(message)
            .label(span, Phrase::new("switched off here", "se desactiva aquí"));
        found.help(Phrase::new(
            "leave `deletion-protection` out: it is on in production",
            "quita `deletion-protection`: en producción está activa",
        ))
    })
    .collect()
}

/// Does it keep data, with its protection written off?
fn is_deletable(service: &Service) -> bool {
    let off = service.settings.0.get("deletion-protection").map(|setting| &setting.value)
        == Some(&Value::Flag(false));
    off && service.kind.has(Trait::Stateful) && service.kind.has(Trait::Datastore)
}
