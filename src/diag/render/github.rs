//! Workflow commands: `::error file=…,line=…,col=…,title=CODE::message`.

use std::fmt::Write as _;

use crate::diag::render::{sound, unwaived};
use crate::diag::{Diagnostic, Severity};
use crate::text::{Sources, Text};

/// The commands' word for each severity.
const WORDS: [(Severity, &str); 5] = [
    (Severity::Error, "error"),
    (Severity::High, "warning"),
    (Severity::Medium, "warning"),
    (Severity::Low, "notice"),
    (Severity::Info, "notice"),
];

/// The findings, one command each.
pub(super) fn render(findings: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for finding in unwaived(findings) {
        let word = WORDS
            .iter()
            .find(|(severity, _)| *severity == finding.severity)
            .map_or("notice", |(_, word)| word);
        let place = place(finding, sources);
        let code = property(finding.code);
        let _infallible = writeln!(out, "::{word} {place}title={code}::{}", data(&body(finding)));
    }
    out
}

/// `file=…,line=…,col=…,`, or nothing when the finding has no place.
fn place(finding: &Diagnostic, sources: &Sources) -> String {
    let Some((source, start, end)) = sound(finding.span, sources) else { return String::new() };
    let file = property(&Text::new(&source.name).terminal());
    let (line, column) = (start.line, start.column);
    format!("file={file},line={line},col={column},endLine={},endColumn={},", end.line, end.column)
}

/// The headline, and the advice in lines below it.
fn body(finding: &Diagnostic) -> String {
    let help = finding.help.iter().map(|help| format!("\nhelp: {}", help.en().terminal()));
    format!("{}{}", finding.message.en().terminal(), help.collect::<String>())
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
