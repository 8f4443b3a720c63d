//! SCALE-210: upstream scales beyond the database's connections.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::capacity::Pool;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, noun, phrase};

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
    let message = phrase!(
        "callers may open {} to `{subject}`",
        "quienes llaman pueden abrir {:#} a `{subject}`",
        noun::CONNECTION.count(pool.demand)
    );
    let note = phrase!(
        "it accepts about {}, of which {} may be planned with",
        "acepta unas {}, de las que se puede contar con {}",
        pool.limit,
        pool.planned()
    );
    let found = about(&CHECK.rule, case, pool.service).message(message).note(note);
    let found = pool.callers.iter().fold(found, |found, (id, count)| {
        let flow = &case.model.flows[*id];
        found.label(
            flow.span,
            phrase!("`{}` holds up to {count}", "`{}` mantiene hasta {count}", name(case, flow.from)),
        )
    });
    found.help(Phrase::new("share connections through an `rds-proxy`, hold fewer with `pool 5`, lower a maximum, or take a larger size", "comparte conexiones con un `rds-proxy`, mantén menos con `pool 5`, baja un máximo, o toma un tamaño mayor"))
}
