//! SCALE-216: burstable size above its baseline.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::capacity::Group;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-216", title: "burstable size above its baseline", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.facts.capacity.groups.iter().filter_map(|group| finding(case, group)).collect()
}

fn finding(case: &Case<'_>, group: &Group) -> Option<Diagnostic> {
    let baseline = group.baseline.filter(|baseline| group.busy_at_min > *baseline)?;
    let subject = name(case, group.service);
    let (busy, base) = (group.busy_at_min.percent(0), baseline.percent(0));
    let message = phrase!(
        "`{subject}` is {busy} % busy, its size lasts at {base} %",
        "`{subject}` está ocupado al {busy} %, su tamaño aguanta el {base} %"
    );
    let note = Phrase::new(
        "above its baseline a burstable size is slowed, or billed 0.05 USD a processor and hour",
        "por encima de su base, un tamaño de ráfagas se frena, o se cobra a 0.05 USD por procesador y hora",
    );
    let found = about(&CHECK.rule, case, group.service).message(message).note(note);
    let more = group.min.saturating_mul(group.busy_at_min.0).div_ceil(baseline.0.max(1));
    let help = phrase!(
        "more units: `scale {subject} {more}..{} on cpu 50%`",
        "más unidades: `scale {subject} {more}..{} on cpu 50%`",
        group.max.max(more)
    );
    Some(
        found
            .help(Phrase::new(
                "a size of steady performance: `size m7g.large`",
                "un tamaño de rendimiento constante: `size m7g.large`",
            ))
            .help(help),
    )
}
