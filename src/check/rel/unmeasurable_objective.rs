//! REL-103: objective stated but not measurable.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Slo, Target};

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
        None => "the objective states no entry".to_owned(),
        Some(Target::Service(id)) if !starts(id) => {
            format!("nothing comes into the system by `{}`, so nothing can be measured there", name(case, id))
        }
        Some(_) if slo.over.is_none() && slo.latency.is_none() => "the objective states no window".to_owned(),
        Some(_) => return None,
    };
    let found = CHECK.rule.at(slo.span).message(message);
    Some(found.help("state the window and an entry or a journey: `slo 99.8% over 30 d on front`"))
}
