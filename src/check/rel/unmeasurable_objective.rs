//! REL-103: objective stated but not measurable.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Slo, Target};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-103", title: "objective stated but not measurable", severity: Severity::Low },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    case.model.slos.iter().filter_map(|slo| finding(case, slo)).collect()
}

fn finding(case: &Case<'_>, slo: &Slo) -> Option<Diagnostic> {
    let starts = |id| case.facts.paths.all.iter().any(|path| path.start == id);
    let message = match slo.on {
        None => Phrase::new("the objective states no entry", "el objetivo no nombra una entrada"),
        Some(Target::Service(id)) if !starts(id) => {
            phrase!(
                "nothing comes into the system by `{}`, so nothing can be measured there",
                "nada entra al sistema por `{}`, así que allí no se puede medir nada",
                name(case, id)
            )
        }
        Some(_) if slo.over.is_none() && slo.latency.is_none() => {
            Phrase::new("the objective states no window", "el objetivo no da una ventana de tiempo")
        }
        Some(_) => return None,
    };
    let found = CHECK.rule.at(slo.span).message(message);
    Some(found.help(Phrase::new(
        "state the window and an entry or a journey: `slo 99.8% over 30 d on front`",
        "indica la ventana y una entrada o un recorrido: `slo 99.8% over 30 d on front`",
    )))
}
