//! Braces and their partners.

use crate::syntax::rules;
use crate::syntax::scan::{DEEPEST, Scan};
use crate::text::{Phrase, phrase};

/// An opening brace.
#[derive(Clone, Copy)]
struct Brace {
    /// Where it stands.
    at: usize,
    /// The number of its line among those noted.
    line: usize,
    /// The indentation of its line.
    indent: usize,
}

/// The braces seen so far.
#[derive(Default)]
pub(super) struct Braces {
    /// Those without a partner yet.
    open: Vec<Brace>,
    /// Those whose partner is indented like that of an outer block, with the partner's place.
    suspects: Vec<(Brace, usize)>,
    /// How many levels too deep the pass is, and where that began.
    too_deep: (usize, usize),
    /// Was anything too deep?
    had_too_deep: bool,
    /// The stretch of a merge conflict whose braces do not count.
    hidden: (usize, usize),
}

impl Braces {
    /// Does the pass stand in a block that is nested too deep?
    pub(super) const fn is_too_deep(&self) -> bool {
        self.too_deep.0 > 0
    }

    /// Braces between `start` and `end` do not count.
    pub(super) const fn hide(&mut self, start: usize, end: usize) {
        self.hidden = (start, end);
    }

    /// Do braces not count here?
    pub(super) const fn is_hidden(&self, at: usize) -> bool {
        at >= self.hidden.0 && at < self.hidden.1
    }
}

impl Scan<'_> {
    /// An opening brace of so many bytes.
    pub(super) fn open_brace(&mut self, bytes: usize) {
        let at = self.at;
        self.at += bytes;
        if self.braces.is_hidden(at) {
            return;
        }
        if self.braces.is_too_deep() {
            self.braces.too_deep.0 += 1;
        } else if self.braces.open.len() >= DEEPEST {
            let message = phrase!(
                "blocks are nested more than {DEEPEST} deep",
                "hay más de {DEEPEST} bloques unos dentro de otros"
            );
            self.report(rules::TOO_DEEP.at(self.span(at, at + bytes)).message(message));
            self.braces.too_deep = (1, at);
            self.braces.had_too_deep = true;
        } else {
            let indent = self.lines.last().map_or(0, |line| line.indent);
            self.braces.open.push(Brace { at, line: self.lines.len(), indent });
        }
    }

    /// A closing brace of so many bytes.
    pub(super) fn close_brace(&mut self, bytes: usize) {
        let at = self.at;
        self.at += bytes;
        if self.braces.is_hidden(at) {
            return;
        }
        if self.braces.is_too_deep() {
            self.braces.too_deep.0 -= 1;
            if !self.braces.is_too_deep() {
                self.repair(self.braces.too_deep.1 + 1, at, "");
            }
        } else if let Some(brace) = self.braces.open.pop() {
            self.suspect(brace, at);
        } else {
            self.report(rules::STRAY_BRACE.at(self.span(at, at + bytes)).help(Phrase::new(
                "delete it, or open the block it should close",
                "bórrala, o abre el bloque que debe cerrar",
            )));
            self.repair(at, at + bytes, "");
        }
    }

    /// A closing brace that stands further left than its block began was meant for an outer block.
    fn suspect(&mut self, brace: Brace, at: usize) {
        let Some(line) = self.lines.last() else { return };
        if line.first == at && self.lines.len() > brace.line && line.indent < brace.indent {
            self.braces.suspects.push((brace, at));
        }
    }

    /// Reports the blocks that are still open, and closes them where they seem to end.
    pub(super) fn finish_braces(&mut self) {
        if self.braces.is_too_deep() {
            self.repair(self.braces.too_deep.1 + 1, self.text.len(), "");
            self.braces.too_deep = (0, 0);
        }
        if self.braces.had_too_deep {
            return;
        }
        let open = std::mem::take(&mut self.braces.open);
        let suspects = std::mem::take(&mut self.braces.suspects);
        let certain = open.len().saturating_sub(suspects.len());
        for (brace, noticed) in suspects.into_iter().take(open.len()) {
            self.unclosed(brace, Some(noticed));
        }
        for brace in open.into_iter().rev().take(certain) {
            self.unclosed(brace, None);
        }
    }

    /// Reports one open block, and closes it.
    fn unclosed(&mut self, brace: Brace, noticed: Option<usize>) {
        let end = self.text.len();
        let guess = self.lines.get(brace.line..).unwrap_or_default().iter();
        let guess =
            guess.clone().find(|line| line.indent <= brace.indent).map(|line| (line.start, line.first));
        let finding = rules::UNCLOSED_BLOCK.at(self.span(brace.at, brace.at + 1));
        let finding = match (noticed, guess) {
            (Some(at), _) => finding.label(
                self.span(at, at + 1),
                Phrase::new(
                    "this brace is indented like the end of an outer block",
                    "esta llave está sangrada como el final de un bloque exterior",
                ),
            ),
            (None, Some((_, first))) => finding.label(
                self.span(first, first),
                Phrase::new("it seems to end before this line", "parece terminar antes de esta línea"),
            ),
            (None, None) => finding
                .label(self.span(end, end), Phrase::new("the file ends here", "aquí termina el archivo")),
        };
        self.report(finding.help(Phrase::new("close the block with `}`", "cierra el bloque con `}`")));
        match guess {
            Some((start, _)) => self.close_before(start),
            None => self.tail.push_str("\n}"),
        }
    }

    /// Puts a closing brace at the end of the line before `start`: in the place of its newline, or of its comment.
    fn close_before(&mut self, start: usize) {
        let before = self.text.get(..start.saturating_sub(1)).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.get(line_start..).unwrap_or("");
        let kept = crate::syntax::strings::without_comment(line).len();
        let comment = line.get(kept..).unwrap_or("").find('#');
        match comment {
            Some(offset) => self.repair(line_start + kept + offset, before.len(), "}"),
            None => self.repair(before.len(), before.len() + 1, "}"),
        }
    }
}
