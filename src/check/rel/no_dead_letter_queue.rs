//! REL-104: missing dead-letter queue.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, Mode, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-104", title: "missing dead-letter queue", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<(ServiceId, &Flow)> = Vec::new();
    for (_, flow) in case.model.whole_flows() {
        if let Some(keeper) = keeper(case, flow).filter(|id| found.iter().all(|(known, _)| known != id)) {
            found.push((keeper, flow));
        }
    }
    found.into_iter().map(|(id, flow)| finding(case, id, flow)).collect()
}

/// The service that would keep what its consumer could not work off, when it does not.
fn keeper(case: &Case<'_>, flow: &Flow) -> Option<ServiceId> {
    let works = case.model.services[flow.to].kind.has(Trait::AssumesRole);
    let later = matches!(flow.mode(), Mode::Async | Mode::Stream);
    let can = |id: &ServiceId| case.model.services[*id].kind.setting("dlq").is_some();
    let keeper = [flow.from, flow.to].into_iter().find(can).filter(|_| works && later)?;
    let service = &case.model.services[keeper];
    (!service.settings.is_on("dlq") && !service.is_derived()).then_some(keeper)
}

fn finding(case: &Case<'_>, id: ServiceId, flow: &Flow) -> Diagnostic {
    let message = phrase!(
        "what `{}` cannot work off is lost: no dead-letter queue",
        "lo que `{}` no logra procesar se pierde: no hay cola de fallidos",
        name(case, flow.to)
    );
    let found = about(&CHECK.rule, case, id)
        .message(message)
        .label(flow.span, Phrase::new("worked off here", "se procesa aquí"));
    let word = &case.model.services[id].kind.word;
    found.help(phrase!(
        "keep what failed: `{word} {} {{ dlq after 5 }}`",
        "guarda lo fallido: `{word} {} {{ dlq after 5 }}`",
        name(case, id)
    ))
}
