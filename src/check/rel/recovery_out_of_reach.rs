//! REL-110: recovery objective not met by the chosen backup.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::name;
use crate::derive::recovery::Recoverable;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Recovery;
use crate::text::{Phrase, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-110",
        title: "recovery objective not met by the chosen backup",
        severity: Severity::Medium,
    },
    find,
};

/// A log of changes reaches up to five minutes before now.
const LOGGED: Millis = Millis(300_000);

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let each = case.facts.recovery.iter().filter_map(|found| {
        let stated = case.model.recoveries.get(found.recovery)?;
        finding(case, stated, found)
    });
    each.collect()
}

fn finding(case: &Case<'_>, stated: &Recovery, found: &Recoverable) -> Option<Diagnostic> {
    let subject = name(case, found.service);
    let lossy = stated.rpo.filter(|_| !found.keeps_enough(stated));
    let message = match (lossy, found.loses) {
        (Some(rpo), None) => phrase!(
            "`{subject}` keeps no copies, {rpo} of loss were allowed",
            "`{subject}` no guarda copias, se admitía perder {rpo}"
        ),
        (Some(rpo), Some(loses)) => {
            phrase!(
                "`{subject}` may lose {loses}, {rpo} were allowed",
                "`{subject}` puede perder {loses}, se admitían {rpo}"
            )
        }
        (None, _) => {
            let rto = stated.rto.filter(|_| !found.is_in_time(stated))?;
            phrase!(
                "bringing `{subject}` back takes {}, {rto} were allowed",
                "recuperar `{subject}` lleva {}, se admitían {rto}",
                found.takes.spoken()
            )
        }
    };
    let finding = CHECK.rule.at(stated.span).message(message).subject(subject.as_str());
    let finding = match copies(case, stated, found) {
        Some(setting) => written(case, found.service, setting, finding),
        None => finding,
    };
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

/// The setting with which the store would lose no more than is allowed; no setting makes a restore faster.
fn copies(case: &Case<'_>, stated: &Recovery, found: &Recoverable) -> Option<&'static str> {
    let kind = &case.model.services[found.service].kind;
    let enough = stated.rpo.is_some_and(|rpo| rpo >= LOGGED);
    let setting = ["pitr", "backup 7 d"].into_iter().find(|setting| {
        let word = setting.split(' ').next().unwrap_or(setting);
        kind.setting(word).is_some() && (word == "pitr" || kind.has(Trait::Sql))
    });
    setting.filter(|_| found.is_in_time(stated) && enough)
}
