//! Cuts a long text between statements, so that its pieces can be parsed side by side.

use std::ops::Range;

/// The least a piece holds, in bytes: less is not worth a thread. A fixed figure, so that the pieces of a text do not depend
/// on the machine.
pub(super) const LEAST: usize = 16 * 1024;

/// The pieces of a text whose braces are balanced: each ends behind a newline that ends a statement outside all blocks.
pub(super) fn pieces(text: &str, least: usize) -> Vec<Range<usize>> {
    let mut cutter = Cutter { bytes: text.as_bytes(), at: 0, depth: 0, is_list_open: false };
    let (mut pieces, mut start) = (Vec::new(), 0);
    while let Some(end) = cutter.statement_end() {
        if end - start >= least && text.len() - end >= least {
            pieces.push(start..end);
            start = end;
        }
    }
    pieces.push(start..text.len());
    pieces
}

/// A walk over the bytes that knows strings, comments and blocks.
struct Cutter<'t> {
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    /// Was the last thing a comma? The list goes on in the next line then.
    is_list_open: bool,
}

impl Cutter<'_> {
    /// The byte behind the next newline that ends a statement outside all blocks.
    fn statement_end(&mut self) -> Option<usize> {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\n' if self.depth == 0 && !self.is_list_open => return Some(self.at),
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'#' => {
                    self.skip_comment();
                    continue;
                }
                b'"' => self.skip_string(),
                b'{' => self.depth += 1,
                b'}' => self.depth = self.depth.saturating_sub(1),
                _ => (),
            }
            self.is_list_open = *byte == b',';
        }
        None
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// To the newline.
    fn skip_comment(&mut self) {
        self.at += self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
    }

    /// Behind the string whose first quote was just passed; one on a single line ends with it.
    fn skip_string(&mut self) {
        if self.rest().starts_with(b"\"\"") {
            self.at += 2;
            let end = self.rest().windows(3).position(|three| three == b"\"\"\"");
            self.at += end.map_or(self.rest().len(), |end| end + 3);
            return;
        }
        let mut is_escaped = false;
        while let Some(byte) = self.bytes.get(self.at).filter(|byte| **byte != b'\n') {
            self.at += 1;
            if *byte == b'"' && !is_escaped {
                return;
            }
            is_escaped = *byte == b'\\' && !is_escaped;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text, 1).into_iter().map(|piece| text.get(piece).unwrap()).collect()
    }

    #[test]
    fn a_text_is_cut_only_where_a_statement_ends() {
        assert_eq!(cut("a\nb"), ["a\n", "b"]);
        assert_eq!(cut("a {\n b\n}\nc\n"), ["a {\n b\n}\n", "c\n"]);
        assert_eq!(cut("a -> b, # two\n c\nd"), ["a -> b, # two\n c\n", "d"]);
        assert_eq!(cut("a \"x{\"\nb"), ["a \"x{\"\n", "b"]);
        assert_eq!(cut("a \"\"\"\n{\n\"\"\"\nb"), ["a \"\"\"\n{\n\"\"\"\n", "b"]);
        assert_eq!(cut("a # {\nb"), ["a # {\n", "b"]);
        assert_eq!(cut("a \"\\\"\nb\"\nc"), ["a \"\\\"\n", "b\"\n", "c"]);
        assert_eq!(cut(""), [""]);
    }

    #[test]
    fn pieces_have_a_least_size_and_lose_nothing() {
        let text = "a\n".repeat(100);
        let pieces = pieces(&text, 30);
        assert!(pieces.iter().all(|piece| piece.len() >= 30));
        assert_eq!(pieces.iter().map(ExactSizeIterator::len).sum::<usize>(), text.len());
    }
}
