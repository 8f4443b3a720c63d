//! DATA-408: files of users that others read before anybody looked at them.

use crate::catalog::{Level, Trait};
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, Service, ServiceId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-408", title: "file upload without validation step", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let buckets = case.model.services.iter().filter(|(_, service)| service.settings.is_on("accepts"));
    buckets.filter_map(|(id, service)| unchecked(case, id, service)).collect()
}

/// Whoever writes may read its own files; a reader that is somebody else gets what nobody looked at.
fn unchecked(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let writers: Vec<ServiceId> = acting(case, id, Level::Write);
    let reader = acting(case, id, Level::Read).into_iter().find(|reader| !writers.contains(reader))?;
    if writers.is_empty() || is_scanned(case, id) {
        return None;
    }
    let (name, reader) = (&service.name, &case.model.services[reader].name);
    let finding = about(&CHECK.rule, case, id).message(phrase!(
        "`{reader}` reads files of `{name}` that nobody checked",
        "`{reader}` lee archivos de `{name}` que nadie ha comprobado"
    ));
    Some(finding.help(phrase!(
        "check them first: `{name} -> scan : invoke` and `scan -> {name} : readwrite`",
        "compruébalos antes: `{name} -> scan : invoke` y `scan -> {name} : readwrite`"
    )))
}

/// Who acts on the bucket at this level or, for writing, lets users write.
fn acting(case: &Case, bucket: ServiceId, level: Level) -> Vec<ServiceId> {
    let on_bucket = case.model.whole_flows_to(bucket).filter(|(_, flow)| flow.resource() == bucket);
    let acts = |flow: &Flow| {
        let verb = case.model.services[bucket].kind.verb(&flow.verb);
        verb.is_some_and(|verb| verb.level == level)
    };
    on_bucket.filter(|(_, flow)| acts(flow)).map(|(_, flow)| flow.from).collect()
}

/// Does the bucket wake code that can put files elsewhere or take them away?
fn is_scanned(case: &Case, bucket: ServiceId) -> bool {
    let mut woken = case.model.whole_flows_from(bucket).map(|(_, flow)| flow.to);
    let acts = |id: ServiceId| {
        case.model.services[id].kind.has(Trait::AssumesRole)
            && case
                .model
                .whole_flows_from(id)
                .any(|(_, flow)| case.model.services[flow.to].kind.has(Trait::Datastore))
    };
    woken.any(acts)
}
