//! One pass over the bytes before the grammar: braces, quotes, characters, merge conflicts.
//!
//! What a grammar of statements cannot place well is found here: the brace that lacks its partner, the character that
//! only looks right, the marker a version control system left. Each is reported once and mended in a copy of the
//! text that keeps every byte offset, so that one mistake does not hide the statements behind it. The pass also
//! bounds the nesting, because the parser recurses on it.

mod braces;
mod characters;

use std::borrow::Cow;

use crate::diag::Diagnostic;
use crate::syntax::parts::MOST_FINDINGS;
use crate::syntax::rules;
use crate::text::{FileId, Phrase, Span, is_direction_control};

/// How deep blocks may be nested; models need three or four levels.
pub(super) const DEEPEST: usize = 64;

/// The lines that separate and end the sides of a merge conflict.
const MARKERS: [&str; 3] = ["\n|||||||", "\n=======", "\n>>>>>>>"];

/// What the scan hands on.
pub(super) struct Scanned<'t> {
    /// The text for the grammar: the same places, without the mistakes found here.
    pub text: Cow<'t, str>,
    /// The mistakes.
    pub findings: Vec<Diagnostic>,
}

/// Scans a whole text.
pub(super) fn scan(file: FileId, text: &str) -> Scanned<'_> {
    let mut scan = Scan::new(file, text);
    scan.run();
    scan.finish_braces();
    let mended = scan.mended();
    Scanned { text: mended, findings: scan.findings }
}

/// A line that begins outside strings and is not blank.
struct Line {
    /// Its first byte that is no space.
    first: usize,
    /// How many bytes of space precede it.
    indent: usize,
    /// The line's first byte.
    start: usize,
}

/// The state of the pass.
struct Scan<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    findings: Vec<Diagnostic>,
    /// Stretches to be overwritten, each with the characters that replace its beginning.
    repairs: Vec<(usize, usize, &'static str)>,
    /// What is added behind the end.
    tail: String,
    lines: Vec<Line>,
    braces: braces::Braces,
    /// A line that was looked at: a place in it, and its end.
    line_seen: (usize, usize),
    /// Where each of [`MARKERS`] stands next, as far as it was asked for.
    markers: [usize; 3],
    /// The end of the last word whose letters were reported.
    reported_word: usize,
}

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing to look at.
    Plain,
    /// A new line.
    Line,
    /// A comment.
    Comment,
    /// A string.
    Quote,
    /// `{`
    Open,
    /// `}`
    Close,
    /// Perhaps `//`.
    Slash,
    /// A character the language does not use.
    Odd,
}

/// What a byte begins; outside of words, spaces and punctuation it is odd.
const fn class(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b' ' | b'\t' | b'*'..=b'.' | b':'..=b'@' | b'%' => {
            Class::Plain
        }
        b'\n' => Class::Line,
        b'#' => Class::Comment,
        b'"' => Class::Quote,
        b'{' => Class::Open,
        b'}' => Class::Close,
        b'/' => Class::Slash,
        _ => Class::Odd,
    }
}

impl<'t> Scan<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            at: 0,
            findings: Vec::new(),
            repairs: Vec::new(),
            tail: String::new(),
            lines: Vec::new(),
            braces: braces::Braces::default(),
            line_seen: (usize::MAX, 0),
            markers: [0; 3],
            reported_word: 0,
        }
    }

    /// The byte at an offset.
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The text from an offset on.
    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or("")
    }

    /// The end of the line that holds an offset: its newline, or the end of the text.
    /// The last answer is kept, because a line may hold many places that ask.
    fn line_end(&mut self, at: usize) -> usize {
        if !(self.line_seen.0..=self.line_seen.1).contains(&at) {
            let end = self.rest(at).find('\n').map_or(self.text.len(), |length| at + length);
            self.line_seen = (at, end);
        }
        self.line_seen.1
    }

    /// Where the next line begins that starts with this marker of a merge conflict. The last answer is kept.
    fn marker(&mut self, which: usize, at: usize) -> Option<usize> {
        let known = self.markers.get(which).copied().unwrap_or(0);
        let marker = MARKERS.get(which).copied().unwrap_or("\n");
        let place = if known > at {
            known
        } else {
            self.rest(at).find(marker).map_or(usize::MAX, |from| at + from + 1)
        };
        if let Some(slot) = self.markers.get_mut(which) {
            *slot = place;
        }
        (place != usize::MAX).then_some(place)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    /// Reports, unless too much was reported already or the place lies too deep to matter.
    fn report(&mut self, finding: Diagnostic) {
        let hidden = self.braces.is_too_deep() || self.braces.is_hidden(finding.span.start as usize);
        if self.findings.len() < MOST_FINDINGS && !hidden {
            self.findings.push(finding);
        }
    }

    /// Overwrites `start..end` with `with` and spaces.
    fn repair(&mut self, start: usize, end: usize, with: &'static str) {
        self.repairs.push((start, end, with));
    }

    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = 3;
            self.repair(0, 3, "");
        }
        self.begin_line();
        while let Some(byte) = self.byte(self.at) {
            match class(byte) {
                Class::Plain => self.at += 1,
                Class::Line => self.next_line(),
                Class::Comment => self.comment(),
                Class::Quote => self.string(),
                Class::Open => self.open_brace(1),
                Class::Close => self.close_brace(1),
                Class::Slash => self.slash(),
                Class::Odd => self.odd_character(),
            }
        }
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.begin_line();
    }

    /// Notes where a line begins, and looks for the markers of a merge conflict.
    fn begin_line(&mut self) {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let indent = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(rest.len());
        let first = rest.get(indent).copied();
        if indent == 0 && matches!(first, Some(b'<' | b'>')) {
            self.conflict(start);
        }
        if !matches!(first, None | Some(b'\n' | b'\r' | b'#')) {
            self.lines.push(Line { first: start + indent, indent, start });
        }
        self.at = self.at.max(start + indent);
    }

    /// Takes away the markers of a merge conflict and its second side.
    fn conflict(&mut self, start: usize) {
        let end = self.line_end(start);
        let rest = self.rest(start);
        let begins = rest.starts_with("<<<<<<<");
        if self.braces.is_hidden(start) || !begins && !rest.starts_with(">>>>>>>") {
            return;
        }
        let help = Phrase::new(
            "keep what is right of both sides and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
            "conserva lo correcto de ambos lados y borra las líneas con `<<<<<<<`, `=======` y `>>>>>>>`",
        );
        let finding = rules::CONFLICT.at(self.span(start, end)).help(help);
        let second_side = self.marker(0, start).into_iter().chain(self.marker(1, start)).min();
        let last = self.marker(2, start).filter(|_| begins);
        let last = last.map(|last| (last, self.line_end(last)));
        let finding = match last {
            Some((from, to)) => finding.label(self.span(from, to), Phrase::new("up to here", "hasta aquí")),
            None => finding,
        };
        self.report(finding);
        self.repair(start, end, "");
        if let (Some(from), Some((_, to))) = (second_side, last) {
            self.repair(from, to, "");
            self.braces.hide(from, to);
        }
        self.at = end;
    }

    fn comment(&mut self) {
        let end = self.line_end(self.at);
        let comment = self.text.get(self.at..end).unwrap_or("");
        if !comment.is_ascii() {
            let controls = comment.char_indices().filter(|(_, c)| is_direction_control(*c));
            for (offset, c) in controls {
                self.report(characters::direction_control(
                    self.span(self.at + offset, self.at + offset + c.len_utf8()),
                ));
            }
        }
        self.at = end;
    }

    /// `// …` is how other languages begin a comment.
    fn slash(&mut self) {
        let before = self.at.checked_sub(1).and_then(|at| self.byte(at));
        let begins = matches!(before, None | Some(b' ' | b'\t' | b'\n' | b'{' | b'}' | b';'));
        if !begins || self.byte(self.at + 1) != Some(b'/') {
            self.at += 1;
            return;
        }
        let end = self.line_end(self.at);
        let finding = rules::FOREIGN.at(self.span(self.at, self.at + 2)).message(Phrase::new(
            "a comment begins with `#`, not `//`",
            "un comentario comienza con `#`, no con `//`",
        ));
        self.report(finding);
        self.repair(self.at, end, "#");
        self.at = end;
    }

    fn string(&mut self) {
        if self.rest(self.at).starts_with("\"\"\"") {
            return self.long_string();
        }
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\n' => break,
                b'\\' if !matches!(self.byte(self.at + 1), None | Some(b'\n')) => self.at += 2,
                b'\t' | b'\r' | 0x20.. => self.at += 1,
                _ => self.control_in_string(),
            }
        }
        self.unclosed_string(start);
    }

    fn control_in_string(&mut self) {
        self.report(characters::control(self.span(self.at, self.at + 1)));
        self.repair(self.at, self.at + 1, "");
        self.at += 1;
    }

    /// A string that its line ends. Closing braces at the end of the line probably stand outside of it.
    fn unclosed_string(&mut self, start: usize) {
        let end = self.at;
        let inner = self.text.get(start + 1..end).unwrap_or("");
        let kept = inner.trim_end_matches([' ', '\t', '\r', '}']).len();
        let tail = inner.get(kept..).unwrap_or("");
        let finding = rules::UNCLOSED_STRING.at(self.span(start, start + 1));
        let finding = finding.label(
            self.span(end, end),
            Phrase::new("the line ends before the string", "la línea termina antes que el texto"),
        );
        self.report(finding.help(Phrase::new(
            "close the string with `\"`; text of several lines stands between `\"\"\"` and `\"\"\"`",
            "cierra el texto con `\"`; el de varias líneas va entre `\"\"\"` y `\"\"\"`",
        )));
        if tail.starts_with(' ') && tail.contains('}') {
            self.at = start + 1 + kept + 1;
            self.repair(self.at - 1, self.at, "\"");
        }
    }

    fn long_string(&mut self) {
        let start = self.at;
        if let Some(length) = self.rest(start + 3).find("\"\"\"") {
            self.long_controls(start + 3, start + 3 + length);
            self.at = start + 3 + length + 3;
            return;
        }
        let end = self.text.len();
        let finding = rules::UNCLOSED_STRING.at(self.span(start, start + 3));
        let finding = finding.label(
            self.span(end, end),
            Phrase::new("the file ends before the string", "el archivo termina antes que el texto"),
        );
        self.report(
            finding.help(Phrase::new("close the string with `\"\"\"`", "cierra el texto con `\"\"\"`")),
        );
        self.repair(start, start + 3, "\"");
        self.at = self.line_end(start);
    }

    /// Control characters between triple quotes, where newlines are ordinary.
    fn long_controls(&mut self, start: usize, end: usize) {
        let inner = self.text.get(start..end).unwrap_or("").as_bytes();
        let controls = inner.iter().zip(start..).filter(|(byte, _)| **byte < 0x20);
        let odd: Vec<usize> =
            controls.filter(|(byte, _)| !matches!(byte, b'\n' | b'\r' | b'\t')).map(|(_, at)| at).collect();
        for at in odd {
            self.report(characters::control(self.span(at, at + 1)));
            self.repair(at, at + 1, "");
        }
    }

    /// The text with its repairs; untouched when there are none.
    fn mended(&mut self) -> Cow<'t, str> {
        if self.repairs.is_empty() && self.tail.is_empty() {
            return Cow::Borrowed(self.text);
        }
        let mut bytes = self.text.as_bytes().to_vec();
        for (start, end, with) in &self.repairs {
            overwrite(bytes.get_mut(*start..*end).unwrap_or_default(), with);
        }
        bytes.extend_from_slice(self.tail.as_bytes());
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Writes `with` at the beginning and spaces behind it; newlines stay where no character replaces them.
fn overwrite(bytes: &mut [u8], with: &str) {
    let mut with = with.bytes();
    for byte in bytes {
        match with.next() {
            Some(new) => *byte = new,
            None if *byte != b'\n' => *byte = b' ',
            None => {}
        }
    }
}
