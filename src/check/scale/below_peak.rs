//! SCALE-206: maximum below peak demand.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-206", title: "maximum below peak demand", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let short = case.facts.capacity.groups.iter().filter(|group| group.peak.units > group.max);
    short
        .map(|group| {
            let (subject, need) = (name(case, group.service), group.peak);
            let message = phrase!(
                "`{subject}` needs {} at its peak, the most allowed is {}",
                "`{subject}` necesita {:#} en su pico, el máximo es {}",
                noun::UNIT.count(need.units),
                group.max
            );
            let note = phrase!(
                "{} at {} each, {} a processor busy",
                "{} a {} cada una, {} de ocupación por procesador",
                need.rate,
                group.work,
                need.busy
            );
            let help = phrase!(
                "raise the maximum: `scale {subject} {}..{} on cpu 50%`",
                "sube el máximo: `scale {subject} {}..{} on cpu 50%`",
                group.min,
                need.units
            );
            let found = about(&CHECK.rule, case, group.service).message(message).note(note).help(help);
            let found = found.help(Phrase::new(
                "or lower the peak with `throttle` at the entry or a queue in front",
                "o baja el pico con `throttle` en la entrada o una cola delante",
            ));
            let wanted = scale(case, group.service, (group.min, need.units), None);
            written(case, group.service, &wanted, found)
        })
        .collect()
}
