//! Characters the language does not use, and those that only look as if it did.

use crate::diag::{Diagnostic, Edit};
use crate::syntax::rules;
use crate::syntax::scan::Scan;
use crate::text::{Phrase, Span, is_direction_control, phrase};

/// What stands for a character that only looks like one of the language.
const LOOK_ALIKES: [(&str, &str); 9] = [
    ("→⟶➔➜➝➞⇒⟹⭢", "->"),
    ("：", ":"),
    ("；", ";"),
    ("，", ","),
    ("？", "?"),
    ("｛", "{"),
    ("｝", "}"),
    ("＃", "#"),
    (
        "\u{A0}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{202F}\u{205F}\u{3000}",
        " ",
    ),
];

/// Dashes that are no hyphen.
const DASHES: &str = "‐‑‒–—―−－";

/// Quotes of other languages and of word processors.
const QUOTES: &str = "“”„‟«»‹›‘’‚‛'`＂";

/// A letter with a mark, and the letter without it.
const BASE_LETTERS: [(&str, &str); 9] = [
    ("áàâäãåÁÀÂÄÃÅ", "a_"),
    ("éèêëÉÈÊË", "e_"),
    ("íìîïÍÌÎÏ", "i_"),
    ("óòôöõøÓÒÔÖÕØ", "o_"),
    ("úùûüÚÙÛÜ", "u_"),
    ("ñÑ", "n_"),
    ("çÇ", "c_"),
    ("ß", "ss"),
    ("ýÿÝ", "y_"),
];

/// A control character.
pub(super) fn control(span: Span) -> Diagnostic {
    rules::ILLEGAL_CHARACTER
        .at(span)
        .message(Phrase::new("a control character", "un carácter de control"))
        .help(Phrase::new("delete it", "bórralo"))
}

/// A character that makes a text read in another order than it is stored.
pub(super) fn direction_control(span: Span) -> Diagnostic {
    let message = Phrase::new(
        "an invisible character that changes the direction of text",
        "un carácter invisible que cambia la dirección del texto",
    );
    rules::ILLEGAL_CHARACTER
        .at(span)
        .message(message)
        .help(Phrase::new("delete it; in strings it is allowed", "bórralo; entre comillas sí se permite"))
}

/// What a look-alike stands for.
fn look_alike(c: char) -> Option<&'static str> {
    LOOK_ALIKES.iter().find(|(all, _)| all.contains(c)).map(|(_, meant)| *meant)
}

impl Scan<'_> {
    /// A character that is no part of the language's alphabet.
    pub(super) fn odd_character(&mut self) {
        let Some(c) = self.rest(self.at).chars().next() else { return };
        if c == '\r' {
            return self.carriage_return();
        }
        if QUOTES.contains(c) {
            return self.foreign_quote(c);
        }
        if DASHES.contains(c) {
            return self.dash(c);
        }
        if let Some(meant) = look_alike(c) {
            return self.look_alike(c, meant);
        }
        if c.is_alphanumeric() {
            return self.foreign_letter(c);
        }
        self.illegal(c);
    }

    /// A carriage return belongs to a newline; alone it ends a line of old texts.
    fn carriage_return(&mut self) {
        let at = self.at;
        self.at += 1;
        if !matches!(self.byte(self.at), Some(b'\n') | None) {
            let finding = control(self.span(at, at + 1)).message(Phrase::new(
                "a carriage return without a new line",
                "un retorno de carro sin salto de línea",
            ));
            self.report(finding);
            self.repair(at, self.at, "\n");
            self.begin_line();
        }
    }

    /// Reports a look-alike and puts what it stands for in its place.
    fn look_alike(&mut self, c: char, meant: &'static str) {
        let (start, bytes) = (self.at, c.len_utf8());
        let span = self.span(start, start + bytes);
        let message = match meant {
            " " => Phrase::new(
                "this space only looks like an ordinary space",
                "este espacio solo parece un espacio normal",
            ),
            meant => phrase!("`{c}` only looks like `{meant}`", "`{c}` solo se parece a `{meant}`"),
        };
        let fix = vec![Edit::replace(span, meant)];
        self.report(
            rules::LOOK_ALIKE
                .at(span)
                .message(message)
                .fix(Phrase::new("type the ordinary characters", "escribe los caracteres normales"), fix),
        );
        self.repair(start, start + bytes, meant);
        match meant {
            "{" => self.open_brace(bytes),
            "}" => self.close_brace(bytes),
            "#" => self.at = self.line_end(start),
            _ => self.at += bytes,
        }
    }

    /// A dash is taken for a hyphen, and with `>` for an arrow.
    fn dash(&mut self, c: char) {
        let (start, end) = (self.at, self.at + c.len_utf8());
        let arrow = self.byte(end) == Some(b'>');
        let (meant, instead) = if arrow { ("->", "  -") } else { ("-", "---") };
        let span = self.span(start, end + usize::from(arrow));
        let message =
            phrase!("`{c}` is a dash that only looks like `-`", "`{c}` es una raya que solo se parece a `-`");
        let fix = vec![Edit::replace(span, meant)];
        self.report(
            rules::LOOK_ALIKE
                .at(span)
                .message(message)
                .fix(Phrase::new("type the ordinary characters", "escribe los caracteres normales"), fix),
        );
        self.repair(start, end, instead);
        self.at = end;
    }

    /// A quote of another kind: it and its partner on the line are taken for ordinary quotes.
    fn foreign_quote(&mut self, c: char) {
        let (start, bytes) = (self.at, c.len_utf8());
        let inner = self.text.get(start + bytes..self.line_end(start)).unwrap_or("");
        let partner = |d: char| d == '"' || d == c || (!c.is_ascii() && QUOTES.contains(d) && !d.is_ascii());
        let Some((length, close)) = inner.char_indices().find(|(_, d)| partner(*d)) else {
            return self.illegal(c);
        };
        let close_at = start + bytes + length;
        let end = close_at + close.len_utf8();
        let span = self.span(start, end);
        let fix = vec![
            Edit::replace(self.span(start, start + bytes), "\""),
            Edit::replace(self.span(close_at, end), "\""),
        ];
        let message = Phrase::new("strings stand between `\"` and `\"`", "los textos van entre `\"` y `\"`");
        self.report(
            rules::LOOK_ALIKE
                .at(span)
                .message(message)
                .fix(Phrase::new("type the ordinary quotes", "escribe las comillas normales"), fix),
        );
        self.repair(
            start,
            start + bytes,
            if bytes == 3 {
                "  \""
            } else if bytes == 2 {
                " \""
            } else {
                "\""
            },
        );
        self.repair(close_at, end, "\"");
        self.at = end;
    }

    /// A letter outside ASCII in a word: reported once a word, and mended to its base letter.
    fn foreign_letter(&mut self, c: char) {
        let (start, bytes) = (self.at, c.len_utf8());
        if start >= self.reported_word {
            let word = self.rest(start).find(|d: char| !(d.is_alphanumeric() || "_-.".contains(d)));
            self.reported_word = start + word.unwrap_or(self.text.len() - start);
            let finding = rules::ILLEGAL_CHARACTER.at(self.span(start, start + bytes));
            let finding = finding.message(phrase!("`{c}` in a word", "`{c}` dentro de una palabra"));
            self.report(
                finding.help(Phrase::new(
                    "names and words are written with ASCII letters; a title in quotes may hold any text",
                    "nombres y palabras se escriben con letras ASCII; un título entre comillas admite cualquier texto",
                )),
            );
        }
        let base = BASE_LETTERS.iter().find(|(all, _)| all.contains(c)).map(|(_, base)| *base);
        self.repair(
            start,
            start + bytes,
            base.filter(|_| bytes == 2).unwrap_or("____".get(..bytes).unwrap_or("_")),
        );
        self.at += bytes;
    }

    /// Any other character; a run of them is one finding.
    fn illegal(&mut self, c: char) {
        let start = self.at;
        let same =
            |d: char| !d.is_alphanumeric() && !d.is_whitespace() && !"_.-*%+@<=>,:;?#\"{}/".contains(d);
        let run = self.rest(start + c.len_utf8()).find(|d: char| !same(d) || QUOTES.contains(d));
        let end = run.map_or(self.text.len(), |length| start + c.len_utf8() + length);
        let span = self.span(start, end);
        let finding = match c {
            c if is_direction_control(c) => direction_control(span),
            c if c.is_control() => control(span),
            c => rules::ILLEGAL_CHARACTER
                .at(span)
                .message(phrase!("`{c}` has no meaning here", "`{c}` no significa nada aquí")),
        };
        self.report(finding);
        self.repair(start, end, "");
        self.at = end;
    }
}
