//! SCALE-215: work longer than its host allows.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::latency::PathLatency;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "SCALE-215", title: "work longer than its host allows", severity: Severity::Error },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let hosts = case.model.services.ids().filter_map(|id| above_host(case, id));
    let mut entries: Vec<ServiceId> = Vec::new();
    let mut found: Vec<Diagnostic> = hosts.collect();
    for way in &case.facts.latency.paths {
        let above = above_entry(case, way).filter(|(id, _)| !entries.contains(id));
        if let Some((id, finding)) = above {
            entries.push(id);
            found.push(finding);
        }
    }
    found
}

/// A quota in seconds, as time.
fn quota(case: &Case<'_>, id: ServiceId, name: &str) -> Option<Millis> {
    case.model.services[id].kind.quota(name).map(|quota| Millis(quota.value.saturating_mul(1_000)))
}

/// Work that takes longer than its host lets anything run, or than the service's own stop.
fn above_host(case: &Case<'_>, id: ServiceId) -> Option<Diagnostic> {
    let settings = &case.model.services[id].settings;
    let host = quota(case, id, "timeout")?;
    let stop = settings.time("timeout").map_or(host, |stop| stop.min(host));
    let takes = settings.time("p99").or_else(|| settings.time("work")).filter(|takes| *takes > stop)?;
    let message = phrase!(
        "`{}` takes {takes}, its host stops it after {stop}",
        "`{}` tarda {takes}, su anfitrión lo detiene tras {stop}",
        name(case, id)
    );
    let found = about(&CHECK.rule, case, id).message(message);
    Some(found.help(Phrase::new(
        "split it, raise its `timeout` up to 15 min, or let `fargate` or `batch` do what takes longer",
        "divídelo, sube su `timeout` hasta 15 min, o deja a `fargate` o `batch` lo que dure más",
    )))
}

/// A way whose answer comes later than its entry waits.
fn above_entry(case: &Case<'_>, way: &PathLatency) -> Option<(ServiceId, Diagnostic)> {
    let path = case.facts.paths.all.get(way.path)?;
    let waits = quota(case, path.start, "integration-timeout")?;
    let stated =
        case.model.services[path.start].settings.time("timeout").map_or(waits, |stated| stated.min(waits));
    let takes = way.p99_bound.unwrap_or(Millis(way.mean.0 / 1_000));
    if takes <= stated || path.flows.iter().any(|id| !case.model.flows[*id].is_sync()) {
        return None;
    }
    let message = phrase!(
        "an answer takes {takes}, `{}` waits {stated}",
        "una respuesta tarda {takes}, `{}` espera {stated}",
        name(case, path.start)
    );
    let names: Vec<&str> = path.services(case.model).into_iter().map(|id| name(case, id).as_str()).collect();
    let found = about(&CHECK.rule, case, path.start).message(message).note(names.join(" -> "));
    Some((
        path.start,
        found.help(Phrase::new(
            "answer at once and work later: `front -> jobs : send` and `jobs -> worker : consume`",
            "responde al instante y trabaja después: `front -> jobs : send` y `jobs -> worker : consume`",
        )),
    ))
}
