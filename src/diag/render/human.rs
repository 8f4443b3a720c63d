//! With the lines of the model, for a person at a terminal.

use std::fmt::Write as _;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diag::render::{count_line, sound, unwaived};
use crate::diag::{Diagnostic, Severity};
use crate::text::{Source, Sources, Span, Text};

/// A longer stretch of lines is not shown as one piece; far labels get a piece of their own.
const LONGEST_PIECE: usize = 4_000;
/// How much of a very long line is shown on either side of the place.
const AROUND: usize = 60;

/// How each severity is headed.
const LEVELS: [(Severity, Level<'static>); 5] = [
    (Severity::Error, Level::ERROR),
    (Severity::High, Level::WARNING),
    (Severity::Medium, Level::WARNING),
    (Severity::Low, Level::INFO),
    (Severity::Info, Level::INFO),
];

/// The findings with their lines, and how many there are.
pub(super) fn render(findings: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let mut out = String::new();
    for finding in unwaived(findings) {
        out.push_str(&renderer.render(&[group(finding, sources)]));
        out.push_str("\n\n");
    }
    out.push_str(&count_line(findings));
    out.push('\n');
    let fixable = unwaived(findings).filter(|finding| finding.fix.is_some()).count();
    if fixable > 0 {
        let _infallible = writeln!(out, "`archc check --fix` mends {fixable} of them");
    }
    if let Some(first) = unwaived(findings).next() {
        let _infallible =
            writeln!(out, "`archc explain {}` tells what a code means and what to do", first.code);
    }
    out
}

fn group<'a>(finding: &Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = LEVELS.iter().find(|(severity, _)| *severity == finding.severity);
    let level = level.map_or(Level::INFO, |(_, level)| level.clone()).with_name(finding.severity.name());
    let mut group =
        level.primary_title(finding.message.en().terminal()).id(finding.code).elements([] as [Origin<'_>; 0]);
    for (snippet, origin) in pieces(finding, sources) {
        group = match origin {
            Some(origin) => group.element(origin).element(snippet),
            None => group.element(snippet),
        };
    }
    // Where help is given, it says in its own words what the fix does.
    let title = finding.fix.as_ref().map(|fix| &fix.title).filter(|_| finding.help.is_empty());
    let advice = finding.help.iter().chain(title);
    group.elements(advice.map(|help| Level::HELP.message(help.en().terminal())))
}

/// A place with its words; the first of a finding is its own.
struct Mark<'a> {
    source: &'a Source,
    span: Span,
    text: String,
    is_primary: bool,
}

/// The places of a finding that are sound, in its order.
fn marks<'a>(finding: &Diagnostic, sources: &'a Sources) -> Vec<Mark<'a>> {
    let own = std::iter::once((finding.span, &finding.note, true));
    let others = finding.labels.iter().map(|label| (label.span, &label.text, false));
    let sound = own.chain(others).filter_map(|(span, text, is_primary)| {
        let (source, _, _) = sound(span, sources)?;
        Some(Mark { source, span, text: text.en().terminal(), is_primary })
    });
    sound.collect()
}

/// What is shown of the model: one piece when the marks are near each other, else one piece for each.
fn pieces<'a>(
    finding: &Diagnostic,
    sources: &'a Sources,
) -> Vec<(Snippet<'a, Annotation<'a>>, Option<Origin<'a>>)> {
    let marks = marks(finding, sources);
    let one_file = marks.windows(2).all(|pair| matches!(pair, [a, b] if a.span.file == b.span.file));
    let whole = marks.iter().map(|mark| mark.span).reduce(Span::to);
    let near = whole.is_some_and(|whole| (whole.end - whole.start) as usize <= LONGEST_PIECE);
    match (marks.first(), whole) {
        (Some(first), Some(whole)) if one_file && near => {
            piece(first.source, whole, &marks).into_iter().collect()
        }
        _ => marks
            .iter()
            .filter_map(|mark| piece(mark.source, mark.span, std::slice::from_ref(mark)))
            .collect(),
    }
}

/// The lines of `whole` with its marks. Of a very long line only the surroundings are shown.
fn piece<'a>(
    source: &'a Source,
    whole: Span,
    marks: &[Mark<'a>],
) -> Option<(Snippet<'a, Annotation<'a>>, Option<Origin<'a>>)> {
    let (from, to) = (whole.start as usize, whole.end as usize);
    let before = source.text.get(..from)?;
    let after = source.text.get(to..)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = to + after.find('\n').unwrap_or(after.len());
    let cut = end - start > LONGEST_PIECE;
    let (start, end) = if cut {
        (boundary(source, from, start), boundary_after(source, to.min(from + AROUND), end))
    } else {
        (start, end)
    };
    let text = source.text.get(start..end)?;
    let first = marks.first()?;
    let line = source.position(whole.start).line;
    let annotations = marks.iter().filter_map(|mark| annotation(mark, start, text.len()));
    let snippet =
        Snippet::source(text).line_start(line as usize).annotations(annotations.collect::<Vec<_>>());
    let name = Text::new(&source.name).terminal();
    if !cut {
        return Some((snippet.path(name), None));
    }
    // Columns of a cut line would be counted from the cut.
    let place = source.position(first.span.start);
    Some((snippet, Some(Origin::path(name).line(place.line as usize).char_column(place.column as usize))))
}

/// The character boundary at most [`AROUND`] bytes before `at`, but not before `least`.
fn boundary(source: &Source, at: usize, least: usize) -> usize {
    let wanted = at.saturating_sub(AROUND).max(least);
    (wanted..=at).find(|place| source.text.is_char_boundary(*place)).unwrap_or(at)
}

/// The character boundary at least [`AROUND`] bytes after `at`, but not after `most`.
fn boundary_after(source: &Source, at: usize, most: usize) -> usize {
    let wanted = (at + AROUND).min(most);
    (wanted..=most).find(|place| source.text.is_char_boundary(*place)).unwrap_or(most)
}

/// A mark inside the text that begins at `start`; what lies behind its end is cut off.
fn annotation<'a>(mark: &Mark<'a>, start: usize, length: usize) -> Option<Annotation<'a>> {
    let from = (mark.span.start as usize).checked_sub(start).filter(|from| *from <= length)?;
    let to = (mark.span.end as usize).checked_sub(start)?.min(length);
    let kind = if mark.is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(from..to);
    Some(if mark.text.is_empty() { annotation } else { annotation.label(mark.text.clone()) })
}
