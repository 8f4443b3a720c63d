//! NET-202: a rule by hand that lets the whole internet in.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Open, OpenFrom};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "NET-202", title: "open ingress", severity: Severity::Error }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    case.model
        .opens
        .iter()
        .filter(|open| is_everybody(open) && !is_entry(case, open))
        .map(|open| {
            let name = &case.model.services[open.on].name;
            let message = phrase!(
                "port {} of `{name}` is open to the whole internet",
                "el puerto {} de `{name}` está abierto a todo internet",
                open.port
            );
            let help = Phrase::new(
                "delete the line: security-group rules are derived from flows",
                "borra la línea: las reglas de los grupos de seguridad se deducen de los flujos",
            );
            CHECK.rule.at(open.span).message(message).help(help).subject(name.as_str())
        })
        .collect()
}

/// Does it let every address in?
fn is_everybody(open: &Open) -> bool {
    matches!(open.from, OpenFrom::Cidr(cidr) if cidr.prefix == 0)
}

fn is_entry(case: &Case, open: &Open) -> bool {
    case.model.services[open.on].kind.has(Trait::Entry)
}
