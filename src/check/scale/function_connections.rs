//! SCALE-211: function concurrency against a connection-limited store.

use crate::check::case::{Case, Check};
use crate::check::fixes::put_in;
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "SCALE-211",
        title: "function concurrency against a connection-limited store",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for pool in &case.facts.capacity.pools {
        let functions = pool
            .callers
            .iter()
            .filter(|(id, _)| case.facts.capacity.function(case.model.flows[*id].from).is_some());
        for (id, count) in functions.filter(|(_, count)| *count > pool.planned()) {
            let flow = &case.model.flows[*id];
            let (from, to) = (name(case, flow.from), name(case, flow.to));
            let message = phrase!(
                "`{from}` alone may open {} to `{to}`",
                "`{from}` por sí sola puede abrir {:#} a `{to}`",
                noun::CONNECTION.count(*count)
            );
            let note = phrase!(
                "`{to}` accepts about {}; each execution holds its own",
                "`{to}` acepta unas {}; cada ejecución mantiene la suya",
                pool.limit
            );
            let each = case.model.services[flow.from].settings.count("pool").unwrap_or(1).max(1);
            let help = phrase!(
                "bound the function: `lambda {from} {{ concurrency {} }}`",
                "acota la función: `lambda {from} {{ concurrency {} }}`",
                pool.planned() / each
            );
            let finding = on_flow(&CHECK.rule, case, *id).message(message).note(note);
            let concurrency = format!("concurrency {}", pool.planned() / each);
            let edit = put_in(&case.model.services[flow.from], &concurrency);
            let title = phrase!("write `{concurrency}`", "escribir `{concurrency}`");
            let finding = finding.fix(title, edit.into_iter().collect());
            found.push(finding.help(help).help(Phrase::new(
                "or share connections through an `rds-proxy`",
                "o comparte conexiones con un `rds-proxy`",
            )));
        }
    }
    found
}
