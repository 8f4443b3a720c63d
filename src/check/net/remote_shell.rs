//! NET-204: a way in for SSH or RDP.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "NET-204", title: "SSH or RDP path", severity: Severity::High }, find };

/// The ports of shells and what speaks there.
const SHELLS: &[(u16, &str)] = &[(22, "SSH"), (3389, "RDP")];

fn find(case: &Case) -> Vec<Diagnostic> {
    let shells = case.model.opens.iter().filter_map(|open| Some((open, shell(open.port)?)));
    shells
        .map(|(open, protocol)| {
            let on = name(case, open.on);
            let finding = CHECK.rule.at(open.span).message(phrase!("`{on}` is open to {protocol}", "`{on}` está abierto a {protocol}"));
            finding
                .help(phrase!(
                    "delete the line and give people the verb: `role developers for group \"dev\" {{ shell {on} }}`", "borra la línea y da el verbo a las personas: `role developers for group \"dev\" {{ shell {on} }}`"
                ))
                .subject(on.as_str())
        })
        .collect()
}

fn shell(port: u16) -> Option<&'static str> {
    SHELLS.iter().find(|(known, _)| *known == port).map(|(_, protocol)| *protocol)
}
