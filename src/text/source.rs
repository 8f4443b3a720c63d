//! Files of a run and their lines.

use crate::text::{FileId, Span};

/// One file: what it is called in messages, and its characters.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as the user would type it, relative to the project; `-` for standard input.
    pub name: String,
    /// The characters.
    pub text: String,
    lines: LineIndex,
}

impl Source {
    /// Takes a text and finds its lines.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = LineIndex::new(&text);
        Self { name: name.into(), text, lines }
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> LineColumn {
        self.lines.position(&self.text, offset)
    }

    /// The characters between two offsets; empty when they do not lie on character boundaries.
    pub fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// The line (without its end) that holds a byte offset.
    pub fn line_at(&self, offset: u32) -> &str {
        let (start, end) = self.lines.bounds(offset, &self.text);
        self.slice(start, end).trim_end_matches(['\n', '\r'])
    }
}

/// A place as people count: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// Where each line begins.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the line starts of `text` in one pass.
    pub fn new(text: &str) -> Self {
        let after_newlines = text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
        Self { starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// Line and column of `offset`; an offset past the end counts as the end.
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = text.get(start..(offset as usize).min(text.len())).unwrap_or("");
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        LineColumn { line: number(line), column: number(before.chars().count() + 1) }
    }

    /// First byte of the line that holds `offset`, and first byte of the next line.
    fn bounds(&self, offset: u32, text: &str) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        (start, self.starts.get(line).copied().unwrap_or(whole))
    }
}

/// All files of a run. The model's own file is the first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and names it.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = u16::try_from(self.files.len()).unwrap_or(u16::MAX);
        self.files.push(source);
        FileId(id)
    }

    /// The file of an id.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(usize::from(id.0))
    }

    /// All files in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The characters of a span; empty when the file is unknown.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| source.slice(span.start, span.end))
    }

    /// `webshop.arch:38`, the form provenance comments use.
    pub fn place(&self, span: Span) -> String {
        let Some(source) = self.get(span.file) else { return String::new() };
        format!("{}:{}", source.name, source.position(span.start).line)
    }

    /// The trimmed line of the model that a span begins on.
    pub fn line(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| source.line_at(span.start).trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("a", "añb\nc");
        assert_eq!(source.position(0), LineColumn { line: 1, column: 1 });
        assert_eq!(source.position(3), LineColumn { line: 1, column: 3 });
        assert_eq!(source.position(5), LineColumn { line: 2, column: 1 });
        assert_eq!(source.line_at(5), "c");
        assert_eq!(source.line_at(1), "añb");
    }
}
