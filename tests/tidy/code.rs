//! The project's own files, and Rust sources as flat token lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A text file of the project.
pub struct TextFile {
    /// Relative to the project, with `/`.
    pub path: String,
    pub text: String,
}

/// A Rust file outside tests, as tokens.
pub struct RustFile {
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

/// One token and its line. A delimiter is a token of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// One function with a body.
pub struct Function {
    pub name: String,
    pub place: String,
    /// From the word `fn` to the closing brace, both included.
    pub lines: usize,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below `folder` whose name ends with one of `endings` (all of them when there is none).
pub fn texts(folder: &str, endings: &[&str]) -> Vec<TextFile> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(at: &Path, endings: &[&str], found: &mut Vec<TextFile>) {
    if at.is_dir() {
        for entry in fs::read_dir(at).unwrap() {
            collect(&entry.unwrap().path(), endings, found);
        }
    } else if endings.is_empty() || endings.iter().any(|ending| at.to_string_lossy().ends_with(ending)) {
        let path = at.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        found.extend(fs::read_to_string(at).ok().map(|text| TextFile { path, text }));
    }
}

/// Every Rust file of the library and the command, without its `#[cfg(test)]` modules; read once.
pub fn rust_files() -> &'static [RustFile] {
    static FILES: OnceLock<Vec<RustFile>> = OnceLock::new();
    FILES.get_or_init(read_rust_files)
}

fn read_rust_files() -> Vec<RustFile> {
    let parse = |file: TextFile| {
        let stream: TokenStream = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
        RustFile { tokens: without_tests(flat(stream)), path: file.path, text: file.text }
    };
    texts("src", &[".rs"]).into_iter().map(parse).collect()
}

fn flat(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    push_all(stream, &mut tokens);
    tokens
}

fn push_all(stream: TokenStream, out: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => push_group(&group, out),
            TokenTree::Ident(ident) => out.push(Token { text: ident.to_string(), line }),
            TokenTree::Punct(punct) => out.push(Token { text: punct.as_char().to_string(), line }),
            TokenTree::Literal(literal) => out.push(Token { text: literal.to_string(), line }),
        }
    }
}

fn push_group(group: &Group, out: &mut Vec<Token>) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    out.push(Token { text: open.to_owned(), line: group.span_open().start().line });
    push_all(group.stream(), out);
    out.push(Token { text: close.to_owned(), line: group.span_close().start().line });
}

/// Do the tokens from `at` on read like `pattern`?
pub fn reads(tokens: &[Token], at: usize, pattern: &[&str]) -> bool {
    let rest = tokens.get(at..at + pattern.len());
    rest.is_some_and(|rest| rest.iter().zip(pattern).all(|(token, wanted)| token.text == *wanted))
}

/// The index after the group that opens at or after `at`, or after a `;` that comes first.
pub fn after_body(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            ";" if depth == 0 => return index + 1,
            _ => continue,
        }
        if depth == 0 && token.text == "}" {
            return index + 1;
        }
    }
    tokens.len()
}

#[expect(clippy::needless_pass_by_value, reason = "what is not kept is dropped here")]
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const TEST: &[&str] = &["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if reads(&tokens, at, TEST) {
            at = after_body(&tokens, at + TEST.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Every function of a file that has a body; those written inside others are counted too.
pub fn functions(file: &RustFile) -> Vec<Function> {
    let tokens = &file.tokens;
    let named =
        |at: &usize| tokens[*at].text == "fn" && tokens.get(at + 1).is_some_and(|next| next.text != "(");
    let measured = |at: usize| {
        let last = &tokens[after_body(tokens, at) - 1];
        let place = format!("{}:{}", file.path, tokens[at].line);
        let lines = last.line - tokens[at].line + 1;
        (last.text == "}").then(|| Function { name: tokens[at + 1].text.clone(), place, lines })
    };
    (0..tokens.len()).filter(named).filter_map(measured).collect()
}
