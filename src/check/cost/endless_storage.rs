//! COST-511: storage without lifecycle.

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, Value};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-511", title: "storage without lifecycle", severity: Severity::Low },
    find,
};

/// Settings each of which ends the keeping of something, and what piles up without it.
const ENDS: [(&str, &str, &str); 3] = [
    ("old-versions", "versioning", "old versions of objects"),
    ("abort", "storage", "parts of uploads that were broken off"),
    ("keep", "immutable", "images that nobody runs any more"),
];

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, service) in case.model.services.iter() {
        for (setting, _, what) in ENDS.iter().filter(|(setting, with, _)| is_endless(service, setting, with))
        {
            let message = format!("`{}` keeps {what} for ever", service.name);
            let span = service.settings.span(setting).unwrap_or(service.span);
            let finding = about(&CHECK.rule, case, id).message(message).label(span, "no end is set");
            found.push(finding.help(format!("leave `{setting}` out: an end is set by itself")));
        }
    }
    found
}

/// Is the end written off, and is there something that piles up?
fn is_endless(service: &Service, setting: &str, with: &str) -> bool {
    let off = service.settings.0.get(setting).is_some_and(|found| found.value == Value::Flag(false));
    off && service.settings.is_on(with)
}
