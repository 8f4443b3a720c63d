//! DATA-407: a secret that stays the same for too long.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Service;
use crate::text::{Phrase, noun, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-407", title: "secret without rotation", severity: Severity::Medium },
    find,
};

/// After which a credential has been valid too long, in days.
const LONGEST_DAYS: u64 = 90;

fn find(case: &Case) -> Vec<Diagnostic> {
    let secrets = case.model.services.values().filter(|service| service.kind.has(Trait::Secret));
    secrets.filter_map(stale).collect()
}

fn stale(service: &Service) -> Option<Diagnostic> {
    let name = &service.name;
    let message = match service.settings.time("rotate") {
        None => phrase!("the secret `{name}` is never renewed", "el secreto `{name}` nunca se renueva"),
        Some(every) if every > Millis(LONGEST_DAYS * 86_400_000) => {
            phrase!(
                "the secret `{name}` is renewed every {} only",
                "el secreto `{name}` se renueva solo cada {:#}",
                noun::DAY.count(every.days())
            )
        }
        Some(_) => return None,
    };
    let span = service.settings.span("rotate").unwrap_or(service.span);
    Some(
        CHECK
            .rule
            .at(span)
            .message(message)
            .help(Phrase::new("renew it: `rotate 30 d`", "renuévalo: `rotate 30 d`"))
            .subject(name.as_str()),
    )
}
