//! REL-106: visibility timeout shorter than processing.

use crate::check::case::{Case, Check};
use crate::check::fixes::put_in;
use crate::check::place::{about, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, Service, ServiceId};
use crate::text::{Phrase, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "REL-106",
        title: "visibility timeout shorter than processing",
        severity: Severity::High,
    },
    find,
};

/// A function's queue hides a message for six times the function's time, as AWS asks.
const TIMES: u64 = 6;

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let each = case.model.whole_flows().filter(|(_, flow)| flow.initiator() == flow.to);
    each.filter_map(|(_, flow)| finding(case, flow)).collect()
}

/// How long a message must stay hidden so that its consumer can finish.
fn needed(consumer: &Service) -> Option<Millis> {
    let stopped = consumer.kind.quota("timeout").and_then(|_| consumer.settings.time("timeout"));
    let works = consumer.settings.time("p99").or_else(|| consumer.settings.time("work"));
    stopped.map(|time| Millis(time.0.saturating_mul(TIMES))).or(works)
}

fn finding(case: &Case<'_>, flow: &Flow) -> Option<Diagnostic> {
    let queue: ServiceId = flow.from;
    let settings = &case.model.services[queue].settings;
    let hidden = settings.time("visibility").filter(|_| settings.is_stated("visibility"))?;
    let needed = needed(&case.model.services[flow.to]).filter(|needed| *needed > hidden)?;
    let message = phrase!(
        "`{}` shows a message again after {hidden}, too soon",
        "`{}` vuelve a mostrar un mensaje tras {hidden}, demasiado pronto",
        name(case, queue)
    );
    let note = phrase!("`{}` may take {needed}", "`{}` puede tardar {needed}", name(case, flow.to));
    let found = about(&CHECK.rule, case, queue)
        .message(message)
        .note(note)
        .label(flow.span, Phrase::new("consumed here", "se consume aquí"));
    let word = &case.model.services[queue].kind.word;
    let help = phrase!(
        "leave it out, or write `{word} {} {{ visibility {needed} }}`",
        "quítalo, o escribe `{word} {} {{ visibility {needed} }}`",
        name(case, queue)
    );
    let edit = put_in(&case.model.services[queue], &format!("visibility {needed}"));
    let title = phrase!("write `visibility {needed}`", "escribir `visibility {needed}`");
    Some(found.fix(title, edit.into_iter().collect()).help(help))
}
