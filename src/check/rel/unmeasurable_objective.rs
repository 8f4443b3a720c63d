//! REL-103: objective stated but not measurable.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-103", title: "objective stated but not measurable", severity: Severity::Low },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let missing = case.model.slos.iter().filter_map(|slo| {
        let what = match (slo.on.is_none(), slo.over.is_none() && slo.latency.is_none()) {
            (true, true) => "an entry and a window",
            (true, false) => "an entry",
            (false, true) => "a window",
            (false, false) => return None,
        };
        Some(
            CHECK
                .rule
                .at(slo.span)
                .message(format!(
                    "the objective states no {}",
                    what.trim_start_matches("an ").trim_start_matches("a ")
                ))
                .help(HELP),
        )
    });
    missing.collect()
}

const HELP: &str = "state the window and the entry: `slo 99.8% over 30 d on front`";
