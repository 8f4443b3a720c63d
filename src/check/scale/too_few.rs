//! SCALE-202: minimum below two in production.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-202", title: "minimum below two in production", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    if !case.model.is_production() {
        return Vec::new();
    }
    let lonely = case.facts.capacity.groups.iter().filter(|group| group.scale_stated && group.min < 2);
    lonely
        .map(|group| {
            let subject = name(case, group.service);
            let message = phrase!(
                "`{subject}` may run on {} unit in production",
                "`{subject}` puede quedar con {} unidad en producción",
                group.min
            );
            let note = Phrase::new(
                "a zone that fails, or a deployment, stops it",
                "una zona que falla, o un despliegue, lo detiene",
            );
            let help = phrase!(
                "at least two: `scale {subject} 2..{} on cpu 50%`",
                "al menos dos: `scale {subject} 2..{} on cpu 50%`",
                group.max.max(2)
            );
            let found = about(&CHECK.rule, case, group.service).message(message).note(note).help(help);
            let wanted = scale(case, group.service, (2, group.max.max(2)), None);
            written(case, group.service, &wanted, found)
        })
        .collect()
}
