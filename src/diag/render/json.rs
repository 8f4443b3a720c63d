//! An array of objects, one a finding.

use std::fmt::Write as _;

use serde::Serialize;

use crate::diag::render::sound;
use crate::diag::{Diagnostic, Edit, Severity};
use crate::text::{Phrase, Sources, Span, Text, is_direction_control};

/// A stretch of a file: bytes from 0, lines and columns from 1, columns in characters.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Remark<'a> {
    place: Option<Place<'a>>,
    text: &'a Phrase,
}

#[derive(Serialize)]
struct Replacement<'a> {
    place: Option<Place<'a>>,
    text: String,
}

#[derive(Serialize)]
struct Mending<'a> {
    title: &'a Phrase,
    edits: Vec<Replacement<'a>>,
}

/// One finding; fields are only ever added.
#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: Severity,
    title: &'static str,
    message: &'a Phrase,
    place: Option<Place<'a>>,
    note: &'a Phrase,
    labels: Vec<Remark<'a>>,
    help: &'a [Phrase],
    subject: Option<&'a Text>,
    fix: Option<Mending<'a>>,
    waived: Option<&'a Text>,
}

/// The findings as one JSON array.
pub(super) fn render(findings: &[Diagnostic], sources: &Sources) -> String {
    let all: Vec<Finding<'_>> = findings.iter().map(|found| finding(found, sources)).collect();
    printed(&all)
}

/// The JSON text of a value, in which no control character and no direction control stands as itself.
pub(super) fn printed(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| "[]".to_owned());
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Only strings hold such characters, and there the escape means the same.
        if (c.is_control() && c != '\n') || is_direction_control(c) {
            let _infallible = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

fn place(span: Span, sources: &Sources) -> Option<Place<'_>> {
    let (source, start, end) = sound(span, sources)?;
    Some(Place {
        file: &source.name,
        start: span.start,
        end: span.end,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    })
}

fn finding<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Finding<'a> {
    let replacement = |edit: &'a Edit| {
        let edit = edit.resolved(sources);
        Replacement { place: place(edit.span, sources), text: edit.text }
    };
    Finding {
        code: found.code,
        severity: found.severity,
        title: found.title,
        message: &found.message,
        place: place(found.span, sources),
        note: &found.note,
        labels: found
            .labels
            .iter()
            .map(|label| Remark { place: place(label.span, sources), text: &label.text })
            .collect(),
        help: &found.help,
        subject: found.subject.as_ref(),
        fix: found
            .fix
            .as_ref()
            .map(|fix| Mending { title: &fix.title, edits: fix.edits.iter().map(replacement).collect() }),
        waived: found.waived.as_ref(),
    }
}
