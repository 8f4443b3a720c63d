//! SCALE-210: upstream scales beyond the database's connections.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::capacity::Pool;
use crate::diag::{Diagnostic, Rule, Severity};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "SCALE-210",
        title: "upstream scales beyond the database's connections",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let short = case.facts.capacity.pools.iter().filter(|pool| pool.demand > pool.planned());
    short.map(|pool| finding(case, pool)).collect()
}

fn finding(case: &Case<'_>, pool: &Pool) -> Diagnostic {
    let subject = name(case, pool.service);
    let message = format!("callers may open {} connections to `{subject}`", pool.demand);
    let note = format!("it accepts about {}, of which {} may be planned with", pool.limit, pool.planned());
    let found = about(&CHECK.rule, case, pool.service).message(message).note(note);
    let found = pool.callers.iter().fold(found, |found, (id, count)| {
        let flow = &case.model.flows[*id];
        found.label(flow.span, format!("`{}` holds up to {count}", name(case, flow.from)))
    });
    found.help("share connections through an `rds-proxy`, hold fewer with `pool 5`, lower a maximum, or take a larger size")
}
