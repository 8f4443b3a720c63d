//! REL-110: recovery objective not met by the chosen backup.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::derive::recovery::Recoverable;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Recovery;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-110",
        title: "recovery objective not met by the chosen backup",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let each = case.facts.recovery.iter().filter_map(|found| {
        let stated = case.model.recoveries.get(found.recovery)?;
        finding(case, stated, found)
    });
    each.collect()
}

fn finding(case: &Case<'_>, stated: &Recovery, found: &Recoverable) -> Option<Diagnostic> {
    let subject = name(case, found.service);
    let message = match (stated.rpo, found.loses) {
        (Some(rpo), None) if rpo.0 > 0 => phrase!(
            "`{subject}` keeps no copies, {rpo} of loss were allowed",
            "`{subject}` no guarda copias, se admitía perder {rpo}"
        ),
        (Some(rpo), Some(loses)) if loses > rpo => {
            phrase!(
                "`{subject}` may lose {loses}, {rpo} were allowed",
                "`{subject}` puede perder {loses}, se admitían {rpo}"
            )
        }
        _ => {
            let rto = stated.rto.filter(|rto| *rto < found.takes)?;
            phrase!(
                "bringing `{subject}` back takes {} min, {rto} were allowed",
                "recuperar `{subject}` lleva {} min, se admitían {rto}",
                found.takes.minutes(0)
            )
        }
    };
    let finding = CHECK.rule.at(stated.span).message(message).subject(subject.as_str());
    let help = Phrase::new(
        "keep a moment-by-moment copy (`pitr`, `backup 7 d`), or state what is enough",
        "guarda una copia continua (`pitr`, `backup 7 d`), o indica lo que basta",
    );
    Some(
        finding
            .label(
                case.model.services[found.service].span,
                Phrase::new("restored from here", "se restaura desde aquí"),
            )
            .help(help),
    )
}
