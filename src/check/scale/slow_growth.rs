//! SCALE-208: scale-out slower than the burst.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::check::scale::rescale::scale;
use crate::derive::capacity::Group;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowGraph, Load};
use crate::text::{Phrase, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-208", title: "scale-out slower than the burst", severity: Severity::Medium },
    find,
};

/// CloudWatch's period: how long it takes to see that the load has risen.
const SEEN_AFTER: Millis = Millis(60_000);

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let stated = case.model.loads.iter().filter_map(|load| Some((load, load.ramp?)));
    stated.flat_map(|(load, ramp)| slow(case, load, ramp)).collect()
}

/// Groups that callers wait for, and that have neither the units for the peak nor the time to start them.
fn slow(case: &Case<'_>, load: &Load, ramp: Millis) -> Vec<Diagnostic> {
    let reached = FlowGraph::new(case.model, Flow::is_sync).reachable(load.on);
    let groups = case.facts.capacity.groups.iter().filter(|group| reached.contains(&group.service));
    let short = groups.filter(|group| {
        ramp < ready_after(case, group) && group.peak.units.min(group.max) > group.usual.running
    });
    short.map(|group| finding(case, load, ramp, group)).collect()
}

/// The units that must run before a burst comes, because none can start in time; 0 where no burst is stated.
pub(super) fn ready_before(case: &Case<'_>, group: &Group) -> u64 {
    let bursts = case.model.loads.iter().filter_map(|load| Some((load.on, load.ramp?)));
    let mut sudden = bursts.filter(|(on, ramp)| {
        *ramp < ready_after(case, group)
            && FlowGraph::new(case.model, Flow::is_sync).reachable(*on).contains(&group.service)
    });
    sudden.next().map_or(0, |_| group.peak.units.min(group.max))
}

/// How long after the rise a new unit carries load.
fn ready_after(case: &Case<'_>, group: &Group) -> Millis {
    let service = &case.model.services[group.service];
    let usual = service.kind.scaling.warmup_s.unwrap_or(0).saturating_mul(1_000);
    let warmup = service.settings.time("warmup").map_or(usual, |stated| stated.0);
    Millis(SEEN_AFTER.0.saturating_add(warmup))
}

fn finding(case: &Case<'_>, load: &Load, ramp: Millis, group: &Group) -> Diagnostic {
    let (subject, ready) = (name(case, group.service), ready_after(case, group));
    let message = phrase!(
        "the peak comes within {}, new units of `{subject}` after {}",
        "el pico llega en {}, las unidades nuevas de `{subject}` tras {}",
        ramp.spoken(),
        ready.spoken()
    );
    let note = phrase!(
        "runs {} units before it, needs {} in it",
        "antes ejecuta {} unidades, en él necesita {}",
        group.usual.running,
        group.peak.units
    );
    let wanted = scale(case, group.service, (group.peak.units.min(group.max), group.max), None);
    let found = about(&CHECK.rule, case, group.service)
        .message(message)
        .note(note)
        .label(load.span, Phrase::new("how soon the peak comes", "cuándo llega el pico"))
        .help(phrase!("keep the units ready: `{wanted}`", "ten listas las unidades: `{wanted}`"))
        .help(Phrase::new("or let a queue take the rise", "o deja que una cola absorba la subida"));
    written(case, group.service, &wanted, found)
}
