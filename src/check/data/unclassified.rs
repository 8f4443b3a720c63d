//! DATA-405: a store that does not say what it holds.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-405", title: "unclassified datastore", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let stores = case.model.services.iter().filter(|(_, service)| service.kind.has(Trait::Datastore));
    let silent = stores.filter(|(_, service)| !service.is_derived() && service.holds().next().is_none());
    silent
        .map(|(id, service)| {
            let finding = about(&CHECK.rule, case, id).message(phrase!(
                "`{}` does not say what it holds",
                "`{}` no dice qué guarda",
                service.name
            ));
            finding.help(Phrase::new(
                "write the class in its braces: `holds internal` (or `public`, `pii`, `payment`, `secret`)",
                "escribe la clase en sus llaves: `holds internal` (o `public`, `pii`, `payment`, `secret`)",
            ))
        })
        .collect()
}
