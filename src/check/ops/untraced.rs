//! OPS-605: a long way of which one part records no traces.

use std::collections::BTreeMap;

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, ServiceId};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "OPS-605", title: "no tracing across a multi-hop path", severity: Severity::Low },
    find,
};

/// From so many hops on, a slow answer cannot be found without traces.
const LONG: usize = 3;

/// One finding for each service that breaks a trace, whatever the number of ways through it.
fn find(case: &Case) -> Vec<Diagnostic> {
    let mut broken: BTreeMap<ServiceId, ServiceId> = BTreeMap::new();
    for path in case.facts.paths.all.iter().filter(|path| path.flows.len() >= LONG) {
        for id in path.services(case.model).into_iter().filter(|id| is_untraced(&case.model.services[*id])) {
            broken.entry(id).or_insert(path.start);
        }
    }
    broken
        .into_iter()
        .map(|(id, start)| {
            let (name, start) = (&case.model.services[id].name, &case.model.services[start].name);
            let message = format!("traces of the calls from `{start}` break off at `{name}`");
            about(&CHECK.rule, case, id).message(message).help("write `tracing` in its braces")
        })
        .collect()
}

fn is_untraced(service: &Service) -> bool {
    service.kind.setting("tracing").is_some() && !service.settings.is_on("tracing")
}
