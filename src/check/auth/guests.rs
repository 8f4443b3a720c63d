//! AUTH-306: credentials of AWS for whoever asks.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "AUTH-306", title: "guest access on an identity pool", severity: Severity::High },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let open = case.model.services.values().filter(|service| service.settings.is_on("guests"));
    open.map(|service| {
        let span = service.settings.span("guests").unwrap_or(service.span);
        let message = phrase!(
            "`{}` gives guests credentials of AWS",
            "`{}` da credenciales de AWS a los invitados",
            service.name
        );
        let finding = CHECK.rule.at(span).message(message).subject(service.name.as_str());
        finding.help(Phrase::new(
            "write `guests off`, and let a public API answer what guests may see",
            "escribe `guests off`, y que una API pública responda lo que los invitados pueden ver",
        ))
    })
    .collect()
}
