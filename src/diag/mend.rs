//! From fixes to changed texts.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Edit, Form};
use crate::text::{FileId, Sources, Span};

/// A file with the edits of some findings applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Which file.
    pub file: FileId,
    /// Its text afterwards.
    pub text: String,
}

impl Edit {
    /// The same edit as a plain replacement: where the braces are is known from the text alone.
    #[must_use]
    pub fn resolved(&self, sources: &Sources) -> Self {
        let text = sources.get(self.span.file).map_or("", |source| source.text.as_str());
        let placed = match &self.form {
            Form::Here if self.text.is_empty() => {
                Some(Self::replace(without_separator(text, whole_line(text, self.span)), ""))
            }
            Form::Here => None,
            Form::Inside => inside(text, self.span, &self.text),
            Form::Clause(word) => Some(clause(text, self.span, word, &self.text)),
            Form::Word(word) => word_in(text, self.span, word).map(|at| Self::replace(at, &self.text)),
            Form::Last => last(text, self.span, &self.text),
        };
        placed.unwrap_or_else(|| Self { form: Form::Here, ..self.clone() })
    }
}

/// Behind the opening brace that follows a head on its line, or new braces at the end of the statement.
fn inside(text: &str, head: Span, setting: &str) -> Option<Edit> {
    let rest = text.get(head.end as usize..)?;
    let stop = rest.find(['{', '}', '\n', ';', '#']).unwrap_or(rest.len());
    let at = |offset: usize| Some(head.end + u32::try_from(offset).ok()?);
    if rest.get(stop..)?.starts_with('{') {
        let place = at(stop + 1)?;
        return Some(Edit::replace(Span::new(head.file, place, place), format!(" {setting};")));
    }
    let place = at(rest.get(..stop)?.trim_end().len())?;
    Some(Edit::replace(Span::new(head.file, place, place), format!(" {{ {setting} }}")))
}

/// Where a word stands in a statement, whole and outside of longer words.
fn word_in(text: &str, statement: Span, word: &str) -> Option<Span> {
    let inside = text.get(statement.start as usize..statement.end as usize)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let is_whole = |at: usize| {
        let before = inside.get(..at).and_then(|part| part.chars().next_back());
        let after = inside.get(at + word.len()..).and_then(|part| part.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    };
    let (at, _) = inside.match_indices(word).find(|(at, _)| is_whole(*at))?;
    let start = statement.start + u32::try_from(at).ok()?;
    Some(Span::new(statement.file, start, start + u32::try_from(word.len()).ok()?))
}

/// Units that may stand apart from their number.
const UNITS: [&str; 8] = ["ms", "s", "min", "h", "d", "KB", "MB", "rps"];

/// In place of the clause of a statement that begins with the word: the word, its value, and the value's unit; behind the
/// statement when it has none.
fn clause(text: &str, statement: Span, word: &str, clause: &str) -> Edit {
    let Some(found) = word_in(text, statement, word) else {
        let end = Span::new(statement.file, statement.end, statement.end);
        return Edit::replace(end, format!(" {clause}"));
    };
    let rest = text.get(found.end as usize..statement.end as usize).unwrap_or("");
    let mut end = 0;
    for (number, piece) in rest.split_inclusive(' ').enumerate() {
        let is_value = piece.trim().is_empty() || number <= 1 || UNITS.contains(&piece.trim());
        if number > 2 || !is_value {
            break;
        }
        end += piece.len();
    }
    let kept = rest.get(..end).map_or(0, |value| value.trim_end().len());
    let whole = Span::new(statement.file, found.start, found.end + u32::try_from(kept).unwrap_or(0));
    Edit::replace(whole, clause)
}

/// A line of its own behind everything.
fn last(text: &str, span: Span, statement: &str) -> Option<Edit> {
    let end = u32::try_from(text.len()).ok()?;
    let before = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    Some(Edit::replace(Span::new(span.file, end, end), format!("{before}{statement}\n")))
}

/// A setting that goes takes the `;` behind it along, or the one before it where it is the last.
fn without_separator(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or("");
    let after = text.get(span.end as usize..).unwrap_or("");
    let is_inner = |part: &str| part.trim_end_matches([' ', '\t']).ends_with(['{', ';']);
    if !is_inner(before) {
        return span;
    }
    let behind = after.len() - after.trim_start_matches([' ', '\t']).len();
    if let Some(rest) = after.trim_start_matches([' ', '\t']).strip_prefix(';') {
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let end = span.end as usize + behind + 1 + blank;
        return Span::new(span.file, span.start, u32::try_from(end).unwrap_or(span.end));
    }
    let kept = before.trim_end_matches([' ', '\t']);
    match kept.strip_suffix(';') {
        Some(kept) => Span::new(span.file, u32::try_from(kept.len()).unwrap_or(span.start), span.end),
        None => span,
    }
}

/// A statement with its line, when it stands alone on it; otherwise itself.
fn whole_line(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or("");
    let after = text.get(span.end as usize..).unwrap_or("");
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let ends = after.find('\n').map_or(after.len(), |at| at + 1);
    let is_blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
    if !is_blank(before.get(begins..)) || !is_blank(after.get(..ends)) {
        return span;
    }
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(span.file, offset(begins), offset(span.end as usize + ends))
}

/// The texts after the fixes of the given findings, file by file. A fix that touches what an earlier one changes is left
/// out: it is looked at again when the changed model is read.
///
/// Where a text itself is broken only that is mended: what the rest of a broken statement says is not known.
pub fn mend<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>, sources: &Sources) -> Vec<Mended> {
    let mut accepted: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let findings: Vec<&Diagnostic> = findings.into_iter().collect();
    let is_of_text = |finding: &&Diagnostic| finding.code.starts_with("SYN-");
    let broken: BTreeSet<FileId> =
        findings.iter().copied().filter(is_of_text).map(|finding| finding.span.file).collect();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        if !is_of_text(&finding) && fix.edits.iter().any(|edit| broken.contains(&edit.span.file)) {
            continue;
        }
        let edits: Vec<Edit> = fix.edits.iter().map(|edit| edit.resolved(sources)).collect();
        let is_free = |edit: &Edit| {
            accepted.get(&edit.span.file).is_none_or(|known| known.iter().all(|other| !overlap(other, edit)))
        };
        if edits.iter().all(is_free) {
            for edit in edits {
                accepted.entry(edit.span.file).or_default().push(edit);
            }
        }
    }
    accepted.into_iter().filter_map(|(file, edits)| apply(file, edits, sources)).collect()
}

/// Do two edits touch? The same insertion twice does, two insertions at one place do not.
fn overlap(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.span, other.span);
    let both_empty = a.start == a.end && b.start == b.end;
    if both_empty { a == b && one.text == other.text } else { a.start < b.end && b.start < a.end || a == b }
}

fn apply(file: FileId, mut edits: Vec<Edit>, sources: &Sources) -> Option<Mended> {
    let mut text = sources.get(file)?.text.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    for edit in edits {
        let range = edit.span.start as usize..edit.span.end as usize;
        text.get(range.clone())?;
        text.replace_range(range, &edit.text);
    }
    Some(Mended { file, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    /// The text after one setting was put into the braces behind the first `length` characters of the second line.
    fn put(text: &str, length: u32) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.arch", text));
        let edit = Edit::inside(Span::new(file, 2, 2 + length), "pitr").resolved(&sources);
        apply(file, vec![edit], &sources).map(|mended| mended.text).unwrap_or_default()
    }

    #[test]
    fn a_setting_goes_into_the_braces_or_gets_some() {
        assert_eq!(put("#\ndynamodb a { holds pii }\n", 10), "#\ndynamodb a { pitr; holds pii }\n");
        assert_eq!(put("#\ndynamodb a {\n  holds pii\n}\n", 10), "#\ndynamodb a { pitr;\n  holds pii\n}\n");
        assert_eq!(put("#\ndynamodb a # a {\n", 10), "#\ndynamodb a { pitr } # a {\n");
        assert_eq!(put("#\ndynamodb a in net; s3 b { }\n", 10), "#\ndynamodb a in net { pitr }; s3 b { }\n");
        assert_eq!(put("#\ndynamodb a", 10), "#\ndynamodb a { pitr }");
    }

    /// The first line of the text after one edit of its first line.
    fn edited(line: &str, edit: impl Fn(Span) -> Edit) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.arch", line));
        let end = u32::try_from(line.len()).unwrap_or(0);
        let edit = edit(Span::new(file, 0, end)).resolved(&sources);
        apply(file, vec![edit], &sources).map(|mended| mended.text).unwrap_or_default()
    }

    #[test]
    fn a_clause_replaces_the_one_that_stands_or_goes_to_the_end() {
        let with = |line: &str, clause: &str| edited(line, |span| Edit::clause(span, clause));
        assert_eq!(with("a -> b : call", "timeout 5 s"), "a -> b : call timeout 5 s");
        assert_eq!(
            with("a -> b : call timeout 3 s retries 1", "timeout 5 s"),
            "a -> b : call timeout 5 s retries 1"
        );
        assert_eq!(
            with("a -> b : call timeout 3s retries 1", "timeout 5 s"),
            "a -> b : call timeout 5 s retries 1"
        );
        assert_eq!(
            with("a -> b : call retries 3 carries pii", "retries 0"),
            "a -> b : call retries 0 carries pii"
        );
        assert_eq!(with("a -> b : call tls off", "tls on"), "a -> b : call tls on");
    }

    #[test]
    fn a_word_is_found_whole() {
        let swapped = edited("raed -> b : raed, raeds", |span| Edit::word(span, "raeds", "read"));
        assert_eq!(swapped, "raed -> b : raed, read");
        assert_eq!(edited("a.front @front", |span| Edit::word(span, "front", "x")), "a.front @x");
    }

    #[test]
    fn a_statement_is_added_on_a_line_of_its_own() {
        assert_eq!(edited("a", |span| Edit::last(span, "b")), "a\nb\n");
        assert_eq!(edited("a\n", |span| Edit::last(span, "b")), "a\nb\n");
    }

    #[test]
    fn a_setting_goes_with_its_separator() {
        let mut sources = Sources::default();
        let line = "x { a 1; b 2; c 3 }";
        let file = sources.add(Source::new("a.arch", line));
        let without = |from: u32, to: u32| {
            let edit = Edit::delete(Span::new(file, from, to)).resolved(&sources);
            apply(file, vec![edit], &sources).map(|mended| mended.text).unwrap_or_default()
        };
        assert_eq!(without(4, 7), "x { b 2; c 3 }");
        assert_eq!(without(9, 12), "x { a 1; c 3 }");
        assert_eq!(without(14, 17), "x { a 1; b 2 }");
    }

    #[test]
    fn a_statement_takes_its_line_with_it_when_it_stands_alone() {
        let text = "a\n  open port 22 on a  \nb; open x; c\n";
        assert_eq!(whole_line(text, Span::new(FileId(0), 4, 21)), Span::new(FileId(0), 2, 24));
        let inner = Span::new(FileId(0), 27, 33);
        assert_eq!(whole_line(text, inner), inner);
    }
}
