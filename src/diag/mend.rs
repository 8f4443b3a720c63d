//! From fixes to changed texts.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Edit};
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
        if self.inside {
            return inside(text, self.span, &self.text).unwrap_or_else(|| self.clone());
        }
        if self.text.is_empty() {
            return Self::replace(whole_line(text, self.span), "");
        }
        self.clone()
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
pub fn mend<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>, sources: &Sources) -> Vec<Mended> {
    let mut accepted: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
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

    #[test]
    fn a_statement_takes_its_line_with_it_when_it_stands_alone() {
        let text = "a\n  open port 22 on a  \nb; open x; c\n";
        assert_eq!(whole_line(text, Span::new(FileId(0), 4, 21)), Span::new(FileId(0), 2, 24));
        let inner = Span::new(FileId(0), 27, 33);
        assert_eq!(whole_line(text, inner), inner);
    }
}
