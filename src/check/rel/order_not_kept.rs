//! REL-108: order needed but not guaranteed.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Claim, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-108", title: "order needed but not guaranteed", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let claims =
        case.model.claims.iter().filter(|claim| claim.predicate.value == "ordered" && !claim.negated);
    claims.flat_map(|claim| claim.on.iter().filter_map(|id| finding(case, claim, *id))).collect()
}

fn finding(case: &Case<'_>, claim: &Claim, id: ServiceId) -> Option<Diagnostic> {
    let service = &case.model.services[id];
    let can = service.kind.setting("fifo").is_some();
    let kept = service.settings.is_on("fifo");
    let by = service.settings.word("fifo");
    let other_key = claim.key.as_deref().zip(by).is_some_and(|(wanted, by)| wanted != by);
    if !can || (kept && !other_key) {
        return None;
    }
    let message = phrase!(
        "`{}` does not keep the order that is claimed of it",
        "`{}` no guarda el orden que se afirma de ella",
        name(case, id)
    );
    let found = CHECK.rule.at(claim.span).message(message).subject(service.name.as_str());
    let key = claim.key.as_deref().unwrap_or("order_id");
    let help = phrase!(
        "keep it by a key: `{} {} {{ fifo by {key} }}`",
        "guárdalo por una clave: `{} {} {{ fifo by {key} }}`",
        service.kind.word,
        service.name
    );
    let found = written(case, id, &format!("fifo by {key}"), found);
    Some(
        found
            .label(
                service.span,
                if kept {
                    Phrase::new("keeps it by another key", "lo guarda por otra clave")
                } else {
                    Phrase::new("keeps no order", "no guarda orden")
                },
            )
            .help(help),
    )
}
