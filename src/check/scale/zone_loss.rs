//! SCALE-203: cannot survive the loss of an AZ.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-203", title: "cannot survive the loss of an AZ", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    if case.model.system.zones < 2 {
        return Vec::new();
    }
    let short =
        case.facts.capacity.groups.iter().filter(|group| group.min >= 2 && group.usual.zone_loss > group.min);
    short
        .map(|group| {
            let (subject, need) = (name(case, group.service), group.usual);
            let message = phrase!(
                "without one zone, `{subject}` cannot carry its usual load",
                "sin una zona, `{subject}` no soporta su carga habitual"
            );
            let note = phrase!(
                "needs {} at {}, and runs {} over {}",
                "necesita {:#} a {}, y ejecuta {} en {:#}",
                noun::UNIT.count(need.queueing),
                need.rate,
                group.min,
                noun::ZONE.count(case.model.system.zones)
            );
            let help = phrase!(
                "raise the minimum: `scale {subject} {}..{} on cpu 50%`",
                "sube el mínimo: `scale {subject} {}..{} on cpu 50%`",
                need.zone_loss,
                group.max.max(need.zone_loss)
            );
            let bounds = (need.zone_loss, group.max.max(need.zone_loss));
            let found = about(&CHECK.rule, case, group.service).message(message).note(note).help(help);
            written(case, group.service, &scale(case, group.service, bounds, None), found)
        })
        .collect()
}
