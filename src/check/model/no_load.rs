//! MODEL-707: an entry of which nobody says how much it is used.

use crate::check::auth::entries;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "MODEL-707", title: "load not stated", severity: Severity::Info }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let silent = entries(case).filter(|id| !case.facts.load.is_stated(*id));
    silent
        .map(|id| {
            let name = &case.model.services[id].name;
            let finding = about(&CHECK.rule, case, id)
                .message(phrase!("the load of `{name}` is not stated", "no se indica la carga de `{name}`"));
            let help = phrase!(
                "state it: `load {name} 20 rps, peak 100 rps for 60 h/month`",
                "indícala: `load {name} 20 rps, peak 100 rps for 60 h/month`"
            );
            finding
                .note(Phrase::new(
                    "capacity and cost reckon with an assumption",
                    "la capacidad y el costo cuentan con un supuesto",
                ))
                .help(help)
        })
        .collect()
}
