//! `file:line:column: severity[CODE] message`, one line each.

use std::fmt::Write as _;

use crate::diag::render::{sound, unwaived};
use crate::diag::{Diagnostic, Severity};
use crate::text::{Sources, Text};

/// The findings, one line each.
pub(super) fn render(findings: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for finding in unwaived(findings) {
        let place = place(finding, sources);
        let severity = Severity::name(finding.severity);
        let _infallible =
            writeln!(out, "{place}{severity}[{}] {}", finding.code, finding.message.en().terminal());
    }
    out
}

/// `file:line:column: `, or nothing when the finding has no place.
fn place(finding: &Diagnostic, sources: &Sources) -> String {
    let Some((source, start, _)) = sound(finding.span, sources) else { return String::new() };
    format!("{}:{}:{}: ", Text::new(&source.name).terminal(), start.line, start.column)
}
