//! Findings as text, one renderer per format.

mod github;
mod human;
mod json;
mod sarif;
mod short;

use crate::diag::{Diagnostic, Severity};
use crate::text::{LineColumn, Source, Sources, Span, noun};

pub use sarif::sarif;

/// A form findings can be printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// With the lines of the model, for a person at a terminal.
    Human,
    /// One line each, as editors and `grep` like it.
    Short,
    /// An array of objects (`docs/reference/findings.md`).
    Json,
    /// SARIF 2.1.0, for code-review services.
    Sarif,
    /// Workflow commands that a code host turns into remarks on a change.
    Github,
}

/// Writes findings in one format; the last parameter asks for colours.
type Render = fn(&[Diagnostic], &Sources, bool) -> String;

/// Every format: its name, and who writes it.
const FORMATS: [(&str, Format, Render); 5] = [
    ("human", Format::Human, human::render),
    ("short", Format::Short, |findings, sources, _| short::render(findings, sources)),
    ("json", Format::Json, |findings, sources, _| json::render(findings, sources)),
    ("sarif", Format::Sarif, |findings, sources, _| sarif(findings, sources, |_| None)),
    ("github", Format::Github, |findings, sources, _| github::render(findings, sources)),
];

impl Format {
    /// The names of all formats.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|(name, _, _)| *name)
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(known, _, _)| *known == name).map(|(_, format, _)| *format)
    }

    /// The name of the format.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(_, format, _)| *format == self).map_or("", |(name, _, _)| name)
    }
}

/// The findings in this format. Waived ones are counted for people and kept, with the waiver's reason, for programs.
pub fn render(format: Format, findings: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let found = FORMATS.iter().find(|(_, known, _)| *known == format);
    found.map_or_else(String::new, |(_, _, render)| render(findings, sources, color))
}

/// Findings that nobody waived.
fn unwaived(findings: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    findings.iter().filter(|finding| finding.waived.is_none())
}

/// The file of a span with the place in it, if the span is sound: inside the file and on character boundaries.
fn sound(span: Span, sources: &Sources) -> Option<(&Source, LineColumn, LineColumn)> {
    let source = sources.get(span.file)?;
    source.text.get(span.start as usize..span.end as usize)?;
    Some((source, source.position(span.start), source.position(span.end)))
}

/// `3 findings: 1 error, 2 low; 1 waived`
pub fn count_line(findings: &[Diagnostic]) -> String {
    let waived = findings.len() - unwaived(findings).count();
    let waived = if waived > 0 { format!("; {waived} waived") } else { String::new() };
    let count = |severity| unwaived(findings).filter(|finding| finding.severity == severity).count();
    let counts: Vec<String> = Severity::all()
        .map(|severity| (severity, count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    match unwaived(findings).count() {
        0 => format!("no findings{waived}"),
        all => format!("{}: {}{waived}", noun::FINDING.count(all), counts.join(", ")),
    }
}
