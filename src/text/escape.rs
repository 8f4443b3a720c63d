//! User text, and the only ways out of it.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

/// Words a user wrote. There is no `Display`: each output asks for the form it needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(String);

/// What means something to XML.
const MARKUP: &[u8] = b"&<>\"'";

impl Text {
    /// Takes user text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The characters, for measuring, comparing and parsing; never for an output.
    pub fn chars(&self) -> std::str::Chars<'_> {
        self.0.chars()
    }

    /// Is it exactly these characters?
    pub fn is(&self, other: &str) -> bool {
        self.0 == other
    }

    /// Character data or a quoted attribute value of SVG; what XML 1.0 forbids becomes U+FFFD.
    pub fn svg(&self) -> String {
        if self.is_plain(MARKUP) {
            return self.0.clone();
        }
        self.0.chars().map(xml_legal).fold(String::with_capacity(self.0.len() + 16), push_markup)
    }

    /// Appends the same to a document.
    pub fn push_svg(&self, out: &mut String) {
        if self.is_plain(MARKUP) {
            out.push_str(&self.0);
        } else {
            out.push_str(&self.svg());
        }
    }

    /// Character data or a quoted attribute value of HTML.
    pub fn html(&self) -> String {
        self.svg()
    }

    /// Inline Markdown: no character can open a construct, and the text stays on one line.
    pub fn markdown(&self) -> String {
        let escaped = self.0.chars().map(xml_legal).map(one_line).fold(String::new(), push_markdown);
        guard_line_start(escaped)
    }

    /// Inline Markdown of a message of archc: names in back-ticks become code, everything else is escaped.
    ///
    /// What could end a table's cell or a line cannot stand inside; such a stretch is escaped as a whole.
    pub fn markdown_with_code(&self) -> String {
        let legal = |c: char| !c.is_control() && c != '|' && !is_direction_control(c);
        let parts: Vec<&str> = self.0.split('`').collect();
        let paired = parts.len() % 2 == 1;
        let inside =
            |at: usize, part: &str| paired && at % 2 == 1 && !part.is_empty() && part.chars().all(legal);
        if !parts.iter().enumerate().all(|(at, part)| at % 2 == 0 || inside(at, part)) {
            return self.markdown();
        }
        let piece = |(at, part): (usize, &&str)| {
            if at % 2 == 1 { format!("`{part}`") } else { escape_markdown(part) }
        };
        parts.iter().enumerate().map(piece).collect()
    }

    /// The inside of a quoted HCL string: quotes, escapes and templates are neutral.
    pub fn hcl(&self) -> String {
        if self.is_plain(b"\"\\$%") { self.0.clone() } else { hcl_string(&self.0) }
    }

    /// The inside of a quoted string of Graphviz: no escape of its own, no entity, one line.
    pub fn dot(&self) -> String {
        let legal = self.0.chars().map(xml_legal).map(one_line);
        legal.fold(String::with_capacity(self.0.len()), push_dot)
    }

    /// The inside of a quoted label of Mermaid: what could open Markdown, markup or a directive is an entity.
    pub fn mermaid(&self) -> String {
        let legal = self.0.chars().map(xml_legal).map(one_line).enumerate();
        legal.fold(String::with_capacity(self.0.len()), push_mermaid)
    }

    /// The inside of a double-quoted string of D2: no escape, no substitution, one line.
    pub fn d2(&self) -> String {
        let legal = self.0.chars().map(xml_legal).map(one_line);
        legal.fold(String::with_capacity(self.0.len()), push_d2)
    }

    /// One line for a terminal: control and direction-changing characters are shown as escapes.
    pub fn terminal(&self) -> String {
        if self.is_plain(b"") {
            return self.0.clone();
        }
        self.0.chars().fold(String::with_capacity(self.0.len()), push_terminal)
    }

    /// One quoted CSV field that no spreadsheet takes for a formula.
    pub fn csv(&self) -> String {
        let guard = if self.0.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        if self.is_plain(b"\"") {
            return format!("\"{guard}{}\"", self.0);
        }
        format!("\"{guard}{}\"", self.0.replace('"', "\"\"").replace(['\r', '\n'], " "))
    }

    /// Printable ASCII without these characters: most texts, which need no look at each character.
    fn is_plain(&self, without: &[u8]) -> bool {
        self.0.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !without.contains(&byte))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// JSON strings are escaped by the serializer.
impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl schemars::JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// Control characters, non-characters and direction overrides have no place in a document.
pub(super) fn xml_legal(c: char) -> char {
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if control || matches!(c, '\u{FFFE}' | '\u{FFFF}') || is_direction_control(c) { '\u{FFFD}' } else { c }
}

fn one_line(c: char) -> char {
    if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }
}

fn push_markup(mut out: String, c: char) -> String {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
    out
}

fn push_dot(mut out: String, c: char) -> String {
    match c {
        '"' | '\\' => out.extend(['\\', c]),
        '&' => out.push_str("&amp;"),
        c => out.push(c),
    }
    out
}

/// Mermaid writes entities as `#35;`; a digit or a sign at the start of a label would begin a list.
fn push_mermaid(mut out: String, (place, c): (usize, char)) -> String {
    let harmless = c.is_alphanumeric() || !c.is_ascii() || " _,/:()·".contains(c);
    let opens = !harmless || (c.is_ascii_digit() && place == 0);
    if opens && !(place > 0 && "-.%".contains(c) && !out.ends_with(c)) {
        // Writing to a string cannot fail.
        let _ = write!(out, "#{};", u32::from(c));
    } else {
        out.push(c);
    }
    out
}

fn push_d2(mut out: String, c: char) -> String {
    if matches!(c, '"' | '\\' | '$') {
        out.push('\\');
    }
    out.push(c);
    out
}

fn push_markdown(mut out: String, c: char) -> String {
    if matches!(c, '&' | '<' | '>') {
        return push_markup(out, c);
    }
    if r"\`*_{}[]#!|~$^".contains(c) {
        out.push('\\');
    }
    out.push(c);
    out
}

fn escape_markdown(text: &str) -> String {
    text.chars().map(xml_legal).map(one_line).fold(String::new(), push_markdown)
}

/// Some characters open a construct only where a line begins: a list, a rule, a heading's underline, a number's dot.
fn guard_line_start(mut escaped: String) -> String {
    let digits = escaped.chars().take_while(char::is_ascii_digit).count();
    let opens_here = escaped
        .chars()
        .nth(digits)
        .is_some_and(|c| if digits > 0 { ".)".contains(c) } else { "-+=".contains(c) });
    if opens_here {
        escaped.insert(digits, '\\');
    }
    escaped
}

fn push_terminal(mut out: String, c: char) -> String {
    if c.is_control() || is_direction_control(c) {
        out.extend(c.escape_unicode());
    } else {
        out.push(c);
    }
    out
}

/// The Unicode characters that reorder what a reader sees (UAX #9: explicit controls and marks).
pub fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The inside of a quoted HCL string for any text (HCL native syntax: quoted templates).
fn hcl_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens_template = matches!(c, '$' | '%') && rest.peek() == Some(&'{');
        push_hcl(&mut out, c, opens_template);
    }
    out
}

fn push_hcl(out: &mut String, c: char, opens_template: bool) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if opens_template => out.extend([c, c]),
        c if c.is_control() => out.push('\u{FFFD}'),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_out_neutralises_its_own_special_characters() {
        let hostile = Text::new("<a href=\"x\">${y} %{z} \u{1b}[31m | `b` \u{202e}");
        assert!(!hostile.svg().contains('<') && !hostile.svg().contains('\u{1b}'));
        assert_eq!(Text::new("${a}\"\n").hcl(), "$${a}\\\"\\n");
        assert!(!hostile.terminal().contains('\u{1b}') && !hostile.terminal().contains('\u{202e}'));
        assert_eq!(Text::new("a|b_c").markdown(), "a\\|b\\_c");
        assert_eq!(Text::new("1. x").markdown(), "1\\. x");
        assert_eq!(Text::new("- x (y).").markdown(), "\\- x (y).");
        assert_eq!(Text::new("`a_b` of *x*").markdown_with_code(), "`a_b` of \\*x\\*");
        assert_eq!(Text::new("`<b>|` x").markdown_with_code(), "\\`&lt;b&gt;\\|\\` x");
        assert_eq!(Text::new("odd ` tick").markdown_with_code(), "odd \\` tick");
        assert_eq!(Text::new("a \"b\" \\N").dot(), "a \\\"b\\\" \\\\N");
        assert_eq!(Text::new("1. `x` %% #").mermaid(), "#49;. #96;x#96; %#37; #35;");
        assert_eq!(Text::new("${x} \"y\"").d2(), "\\${x} \\\"y\\\"");
        assert_eq!(Text::new("=1+1\"").csv(), "\"'=1+1\"\"\"");
    }
}
