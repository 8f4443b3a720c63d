//! SCALE-201: no upper bound.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, flows_to, name};
use crate::check::scale::rescale::scale;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "SCALE-201", title: "no upper bound", severity: Severity::High }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.services.ids().filter_map(|id| finding(case, id)).collect()
}

fn finding(case: &Case<'_>, id: ServiceId) -> Option<Diagnostic> {
    let group = case.facts.capacity.group(id).filter(|group| !group.scale_stated);
    let function = case.facts.capacity.function(id).filter(|function| !function.stated);
    let (subject, word) = (name(case, id), &case.model.services[id].kind.word);
    let (wanted, help) = match (group, function) {
        (Some(group), _) => {
            let help = phrase!(
                "set the bound: `scale {subject} {}..{} on cpu 50%`",
                "pon el límite: `scale {subject} {}..{} on cpu 50%`",
                group.min,
                group.max
            );
            (scale(case, id, (group.min, group.max), Some(("cpu", 50))), help)
        }
        (None, Some(_)) if is_pushed(case, id) => {
            let help = phrase!(
                "set the bound: `{word} {subject} {{ concurrency 20 }}`",
                "pon el límite: `{word} {subject} {{ concurrency 20 }}`"
            );
            ("concurrency 20".to_owned(), help)
        }
        _ => return None,
    };
    let message = phrase!("nothing bounds how far `{subject}` grows", "nada limita cuánto crece `{subject}`");
    let found = about(&CHECK.rule, case, id)
        .message(message)
        .note(Phrase::new(
            "a burst or a loop becomes a bill",
            "una ráfaga o un bucle se convierten en factura",
        ))
        .help(help);
    Some(written(case, id, &wanted, found))
}

/// Does something call it without waiting?
fn is_pushed(case: &Case<'_>, id: ServiceId) -> bool {
    flows_to(case, id).any(|flow| !flow.is_sync())
}
