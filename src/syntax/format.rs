//! The canonical form of a model's text: what `archc fmt` writes.
//!
//! Two spaces for each block, one space between words, at most one blank line between statements. A block that was
//! written on one line stays there if it fits. Nothing is aligned, so that a change touches one line. Comments, the
//! order of statements, line breaks after commas and strings are kept as they are.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::syntax::parse;
use crate::text::{FileId, Source};

/// The longest line a one-line block may make, in characters.
const WIDTH: usize = 140;

/// The canonical form of a model's text; nothing when it has syntax findings, because then it may mean something else.
pub fn format(source: &Source) -> Option<String> {
    let (_, findings) = parse(FileId(0), source);
    if findings.iter().any(|finding| finding.code.starts_with("SYN-")) {
        return None;
    }
    let mut tokens = tokens(&source.text).into_iter().peekable();
    let mut out = String::with_capacity(source.text.len());
    while tokens.peek().is_some() {
        let block = block(&mut tokens, false);
        print_items(&block.items, 0, &mut out);
    }
    Some(out)
}

/// The smallest parts the form is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// A word, a string, an arrow, a colon, a question mark.
    Word(&'t str),
    Comma,
    Open,
    Close,
    Semicolon,
    Newline,
    Comment(&'t str),
}

/// The tokens of a whole text.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut rest = text.trim_start_matches('\u{FEFF}');
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        all.extend(token_of(token, first));
        rest = after;
    }
    all
}

/// How many bytes the token at the beginning of `rest` has.
fn token_length(rest: &str, first: char) -> usize {
    match first {
        '#' => rest.find('\n').unwrap_or(rest.len()),
        '"' => string_length(rest),
        '-' if rest.starts_with("->") => 2,
        '{' | '}' | ';' | ',' | ':' | '?' | '\n' => 1,
        c if c.is_whitespace() => c.len_utf8(),
        _ => word_length(rest),
    }
}

fn word_length(rest: &str) -> usize {
    let ends = |at: usize, c: char| {
        c.is_whitespace()
            || "{};,:?#\"".contains(c)
            || rest.get(at..).is_some_and(|rest| rest.starts_with("->"))
    };
    rest.char_indices().find(|(at, c)| ends(*at, *c)).map_or(rest.len(), |(at, _)| at)
}

fn string_length(rest: &str) -> usize {
    if let Some(long) = rest.strip_prefix("\"\"\"") {
        return long.find("\"\"\"").map_or(rest.len(), |length| length + 6);
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\n' => return at,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

fn token_of(token: &str, first: char) -> Option<Token<'_>> {
    match first {
        '#' => Some(Token::Comment(token.trim_end())),
        '{' => Some(Token::Open),
        '}' => Some(Token::Close),
        ';' => Some(Token::Semicolon),
        ',' => Some(Token::Comma),
        '\n' => Some(Token::Newline),
        c if c.is_whitespace() => None,
        _ => Some(Token::Word(token)),
    }
}

/// One part of a statement's line.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'t> {
    Word(&'t str),
    Comma,
    /// A line break after a comma, with the comment before it.
    Break(Option<&'t str>),
}

/// A statement or setting, or a comment on a line of its own.
#[derive(Debug, Default)]
struct Item<'t> {
    /// Does a blank line stand before it?
    spaced: bool,
    pieces: Vec<Piece<'t>>,
    block: Option<Block<'t>>,
    /// The comment behind it, or on its own line when there are no pieces.
    comment: Option<&'t str>,
}

/// What stands between two braces.
#[derive(Debug, Default)]
struct Block<'t> {
    items: Vec<Item<'t>>,
    /// The comment behind the opening brace.
    comment: Option<&'t str>,
    /// Did both braces stand on one line?
    inline: bool,
}

/// The tokens that are not taken yet.
type Rest<'t> = Peekable<IntoIter<Token<'t>>>;

/// Reads items up to the closing brace, which is taken, or the end.
fn block<'t>(rest: &mut Rest<'t>, braces: bool) -> Block<'t> {
    let mut block = Block { inline: true, ..Block::default() };
    // A file begins as if behind a new line, a block does not.
    let mut newlines = usize::from(!braces);
    while let Some(token) = rest.next() {
        match token {
            Token::Close => break,
            Token::Newline => newlines += 1,
            Token::Semicolon => {}
            Token::Comment(comment) => add_comment(&mut block, comment, newlines),
            token => {
                let spaced = newlines > 1 && !block.items.is_empty();
                block.inline &= newlines == 0 || !braces;
                newlines = 0;
                block.items.push(item(token, spaced, rest));
            }
        }
        if matches!(token, Token::Comment(_)) {
            newlines = 0;
        }
    }
    block.inline &= newlines == 0;
    block
}

/// A comment stands behind what its line holds, or on its own line.
fn add_comment<'t>(block: &mut Block<'t>, comment: &'t str, newlines: usize) {
    let spaced = newlines > 1 && !block.items.is_empty();
    block.inline = false;
    match block.items.last_mut() {
        Some(last) if newlines == 0 && last.comment.is_none() => last.comment = Some(comment),
        None if newlines == 0 => block.comment = Some(comment),
        _ => block.items.push(Item { spaced, comment: Some(comment), ..Item::default() }),
    }
}

/// Reads one statement that begins with `first`.
fn item<'t>(first: Token<'t>, spaced: bool, rest: &mut Rest<'t>) -> Item<'t> {
    let mut item = Item { spaced, ..Item::default() };
    let mut next = Some(first);
    while let Some(token) = next {
        match token {
            Token::Open => {
                item.block = Some(block(rest, true));
                return item;
            }
            Token::Word(word) => item.pieces.push(Piece::Word(word)),
            Token::Comma => {
                item.pieces.push(Piece::Comma);
                line_breaks(rest, &mut item.pieces);
            }
            _ => return item,
        }
        next = rest.next_if(|token| matches!(token, Token::Open | Token::Word(_) | Token::Comma));
    }
    item
}

/// Takes the line breaks after a comma, with their comments.
fn line_breaks<'t>(rest: &mut Rest<'t>, pieces: &mut Vec<Piece<'t>>) {
    let mut broken = false;
    loop {
        let comment = match rest.next_if(|token| matches!(token, Token::Comment(_))) {
            Some(Token::Comment(comment)) => Some(comment),
            _ => None,
        };
        let newline = rest.next_if_eq(&Token::Newline).is_some();
        if comment.is_some() || newline && !broken {
            pieces.push(Piece::Break(comment));
            broken = true;
        }
        if !newline {
            return;
        }
    }
}

fn print_items(items: &[Item<'_>], depth: usize, out: &mut String) {
    for item in items {
        if item.spaced {
            out.push('\n');
        }
        print_item(item, depth, out);
    }
}

fn print_item(item: &Item<'_>, depth: usize, out: &mut String) {
    indent(depth, out);
    if item.pieces.is_empty() && item.block.is_none() {
        out.push_str(item.comment.unwrap_or(""));
        out.push('\n');
        return;
    }
    print_pieces(&item.pieces, depth, out);
    if let Some(block) = &item.block {
        print_block(block, depth, out);
    }
    print_comment(item.comment, out);
    out.push('\n');
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn print_comment(comment: Option<&str>, out: &mut String) {
    if let Some(comment) = comment {
        out.push_str("  ");
        out.push_str(comment);
    }
}

fn print_pieces(pieces: &[Piece<'_>], depth: usize, out: &mut String) {
    let mut before: Option<&Piece<'_>> = None;
    for piece in pieces {
        match piece {
            Piece::Comma => out.push(','),
            Piece::Break(comment) => {
                print_comment(*comment, out);
                out.push('\n');
                indent(depth + 2, out);
            }
            Piece::Word(word) => {
                let joined = *word == "%" && before.is_some_and(is_figure);
                if !joined && !matches!(before, None | Some(Piece::Break(_))) {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
        before = Some(piece);
    }
}

/// Is it a number without a unit?
fn is_figure(piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Word(word) if word.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// Prints ` { … }`, on one line if it was and fits.
fn print_block(block: &Block<'_>, depth: usize, out: &mut String) {
    let column = out.rsplit('\n').next().unwrap_or("").chars().count();
    if let Some(line) = one_line(block).filter(|line| column + line.chars().count() <= WIDTH) {
        out.push_str(&line);
        return;
    }
    out.push_str(" {");
    print_comment(block.comment, out);
    out.push('\n');
    print_items(&block.items, depth + 1, out);
    indent(depth, out);
    out.push('}');
}

/// The block as ` { a; b }`, or nothing when it was not written on one line.
fn one_line(block: &Block<'_>) -> Option<String> {
    if !block.inline {
        return None;
    }
    let items: Option<Vec<String>> = block.items.iter().map(one_line_item).collect();
    let items = items?;
    Some(if items.is_empty() { " { }".to_owned() } else { format!(" {{ {} }}", items.join("; ")) })
}

fn one_line_item(item: &Item<'_>) -> Option<String> {
    let mut text = String::new();
    print_pieces(&item.pieces, 0, &mut text);
    if let Some(block) = &item.block {
        text.push_str(&one_line(block)?);
    }
    (!text.contains('\n') && item.comment.is_none()).then_some(text)
}
