//! Pictures for other tools: Graphviz DOT, Mermaid, D2 and draw.io. The first three get the content and lay it out
//! themselves; draw.io gets the places too.
//!
//! Names are spelled so that no keyword of the tool and no other name can be meant (`key`); words leave through the
//! tool's own escape of `Text`.

mod d2;
mod dot;
mod drawio;
mod mermaid;
mod nest;

use crate::emit::svg::Picture;
use crate::text::{Ident, Text};
use crate::view::{End, Node, Sequence, View};

/// A language of another tool.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// What `--format` calls it.
    pub name: &'static str,
    /// The ending of its files.
    pub ending: &'static str,
    /// A view in its language.
    pub view: fn(&View, &Picture) -> String,
    /// A sequence in its language.
    pub sequence: fn(&Sequence) -> String,
}

/// All of them.
pub const TOOLS: [Tool; 4] = [
    Tool { name: "dot", ending: "dot", view: dot::view, sequence: dot::sequence },
    Tool { name: "mermaid", ending: "mmd", view: mermaid::view, sequence: mermaid::sequence },
    Tool { name: "d2", ending: "d2", view: d2::view, sequence: d2::sequence },
    Tool { name: "drawio", ending: "drawio", view: drawio::view, sequence: drawio::sequence },
];

/// A name as letters, digits and underscores, after a prefix; two names never give the same.
fn key(prefix: char, name: &Ident) -> String {
    let mut out = format!("{prefix}_");
    for c in name.as_str().chars() {
        match c {
            '_' => out.push_str("__"),
            '.' => out.push_str("_d"),
            '-' => out.push_str("_h"),
            other => out.push(other),
        }
    }
    out
}

/// The lines on a card: title, kind, amount, and its cells on one line.
fn lines(node: &Node) -> Vec<Text> {
    let cells: Vec<String> = node.cells.iter().map(|cell| cell.label.chars().collect()).collect();
    let all = [node.title.clone(), node.subtitle.clone(), node.detail.clone(), Text::new(cells.join(" · "))];
    all.into_iter().filter(|line| !line.is_empty()).collect()
}

/// Texts that are not empty, each in a tool's own escape, with something between them.
fn joined(parts: &[Text], escape: fn(&Text) -> String, between: &str) -> String {
    let filled = parts.iter().filter(|part| !part.is_empty());
    filled.map(escape).collect::<Vec<_>>().join(between)
}

/// What an end of a flow is called.
fn end(view: &View, end: End) -> Option<String> {
    let prefix = if matches!(end, End::Node(_)) { 'n' } else { 'g' };
    view.end_id(end).map(|id| key(prefix, id))
}
