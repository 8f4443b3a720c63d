//! OPS-603: an entry that does not record who called.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "OPS-603", title: "access logs off at an entry", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let entries = case.model.services.values().filter(|service| service.kind.has(Trait::Entry));
    let silent =
        entries.filter(|service| service.kind.setting("logs").is_some() && !service.settings.is_on("logs"));
    silent
        .map(|service| {
            let span = service.settings.span("logs").unwrap_or(service.span);
            let message =
                phrase!("`{}` does not record who calls it", "`{}` no registra quién lo llama", service.name);
            let finding = CHECK.rule.at(span).message(message).subject(service.name.as_str());
            finding.help(Phrase::new("keep the records: `logs 90 d`", "guarda los registros: `logs 90 d`"))
        })
        .collect()
}
