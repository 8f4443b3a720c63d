//! Strings of the language: their escapes, and pieces of text for messages.

/// The text of a string literal, and the offsets of the backslashes in it that begin no escape.
///
/// A missing closing quote is somebody else's finding. In a string between triple quotes the first newline and the
/// indentation that all lines share do not count, so that Markdown can be indented with the model.
pub(super) fn unquoted(literal: &str) -> (String, Vec<usize>) {
    if let Some(long) = literal.strip_prefix("\"\"\"") {
        return (unindented(long.strip_suffix("\"\"\"").unwrap_or(long)), Vec::new());
    }
    let inner = literal.strip_prefix('"').unwrap_or(literal);
    unescaped(inner)
}

/// Resolves escapes up to the closing quote; offsets count from the opening quote.
fn unescaped(inner: &str) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(inner.len());
    let mut bad = Vec::new();
    let mut rest = inner.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => break,
            '\\' => escape(rest.next().map(|(_, c)| c), at + 1, &mut text, &mut bad),
            c => text.push(c),
        }
    }
    (text, bad)
}

/// Adds what a backslash and `c` mean.
fn escape(c: Option<char>, at: usize, text: &mut String, bad: &mut Vec<usize>) {
    match c {
        Some(c @ ('"' | '\\')) => text.push(c),
        Some('n') => text.push('\n'),
        Some('t') => text.push('\t'),
        other => {
            text.push('\\');
            text.extend(other);
            bad.push(at);
        }
    }
}

/// The lines without a first empty one, a last blank one and the indentation they share.
fn unindented(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let Some(text) = text.strip_prefix('\n') else { return text };
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = text.split('\n').map(|line| line.get(shared..).unwrap_or("")).collect();
    let mut text = lines.join("\n");
    text.truncate(text.trim_end_matches([' ', '\t', '\n']).len());
    text
}

/// The first line of `text`, cut to `longest` characters.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    let mut short: String = line.chars().take(longest).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// The text before a comment that ends it, without the space between.
pub(super) fn without_comment(text: &str) -> &str {
    let mut inside = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '#' if !inside => return text.get(..at).unwrap_or(text).trim_end(),
            '"' if !escaped => inside = !inside,
            '\n' => inside = false,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    text.trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved_and_bad_ones_are_placed() {
        assert_eq!(unquoted(r#""a\"b\\c\n""#), ("a\"b\\c\n".to_owned(), vec![]));
        assert_eq!(unquoted(r#""a\qb""#), ("a\\qb".to_owned(), vec![2]));
        assert_eq!(unquoted("\"open"), ("open".to_owned(), vec![]));
    }

    #[test]
    fn long_strings_lose_the_indentation_they_share() {
        assert_eq!(unquoted("\"\"\"\n    # Title\n\n      code\n  \"\"\"").0, "# Title\n\n  code");
        assert_eq!(unquoted("\"\"\"one \"quoted\" line\"\"\"").0, "one \"quoted\" line");
    }

    #[test]
    fn pieces_for_messages_are_short() {
        assert_eq!(shortened("abc\ndef", 10), "abc…");
        assert_eq!(shortened("abcdef", 3), "abc…");
        assert_eq!(without_comment("a \"#\" b # c"), "a \"#\" b");
    }
}
