//! SCALE-207: over-provisioned minimum.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::check::scale::slow_growth::ready_before;
use crate::derive::capacity::Group;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-207", title: "over-provisioned minimum", severity: Severity::Low },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let idle = case.facts.capacity.groups.iter().filter(|group| is_idle(case, group));
    idle.map(|group| {
        let (subject, need) = (name(case, group.service), group.usual);
        let message = phrase!(
            "`{subject}` keeps {} for a load that needs {}",
            "`{subject}` mantiene {:#} para una carga que necesita {}",
            noun::UNIT.count(group.min),
            need.units
        );
        let least = least(case, group);
        let help = phrase!(
            "lower the minimum: `scale {subject} {least}..{} on cpu 50%`",
            "baja el mínimo: `scale {subject} {least}..{} on cpu 50%`",
            group.max
        );
        let found = about(&CHECK.rule, case, group.service)
            .message(message)
            .note(phrase!("usual load {}", "carga habitual {}", need.rate))
            .help(help);
        written(case, group.service, &scale(case, group.service, (least, group.max.max(least)), None), found)
    })
    .collect()
}

/// What the loss of a zone and a stated burst ask for.
fn least(case: &Case<'_>, group: &Group) -> u64 {
    group.usual.zone_loss.max(ready_before(case, group)).max(2)
}

/// Does it keep more than twice what it needs, and more than the loss of a zone or a burst asks for?
fn is_idle(case: &Case<'_>, group: &Group) -> bool {
    let need = group.usual;
    let known = need.rate.0 > 0 && group.scale_stated;
    known && group.min > need.units.saturating_mul(2) && group.min > least(case, group)
}
