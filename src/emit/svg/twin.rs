//! The text twin of a picture: the same content as an ordered list, for readers without eyes or without a browser.

use std::fmt::Write as _;

use crate::text::{Language, Text};
use crate::view::{Edge, Group, Node, Sequence, View, Word, word};

/// A view as a list: containers with what stands in them, then flows.
pub fn of_view(view: &View, language: Language) -> String {
    let trail = view.trail.iter().map(|link| link.title.terminal());
    let heading: Vec<String> = trail.chain([view.title.terminal()]).collect();
    let mut out = format!("{}\n", heading.join(" > "));
    section(&mut out, Word::Containers, language, view.groups.iter().map(|group| container(view, group)));
    section(&mut out, Word::Things, language, view.nodes.iter().map(|node| thing(view, node)));
    section(&mut out, Word::Lines, language, view.edges.iter().map(|edge| flow(view, edge)));
    out
}

fn section(out: &mut String, title: Word, language: Language, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = write!(out, "\n{}\n", word(title, language));
    for (number, line) in (1..).zip(lines) {
        let _ = writeln!(out, "{number:>4}. {line}");
    }
}

/// The parts that are there, joined.
fn joined(parts: &[&Text], between: &str) -> String {
    let filled = parts.iter().filter(|part| !part.is_empty());
    filled.map(|part| part.terminal()).collect::<Vec<_>>().join(between)
}

fn container(view: &View, group: &Group) -> String {
    let within = group.parent.and_then(|parent| view.groups.get(parent));
    let place = within.map_or_else(String::new, |parent| format!(" < {}", parent.title.terminal()));
    format!("{} [{}]{place}", joined(&[&group.title, &group.note], ", "), group.id)
}

fn thing(view: &View, node: &Node) -> String {
    let within = node.parent.and_then(|parent| view.groups.get(parent));
    let place = within.map_or_else(String::new, |parent| format!(" < {}", parent.title.terminal()));
    let cells: Vec<String> = node.cells.iter().map(|cell| cell.label.terminal()).collect();
    let cells = if cells.is_empty() { String::new() } else { format!(" ({})", cells.join(", ")) };
    let findings = node.badge.as_ref().map_or_else(String::new, |badge| format!(" ! {}", badge.count));
    let words = joined(&[&node.title, &node.subtitle, &node.detail], ", ");
    let page = node.opens.as_ref().map_or_else(String::new, |page| format!(" => {page}.txt"));
    format!("{words} [{}]{cells}{place}{findings}{page}", node.id)
}

fn flow(view: &View, edge: &Edge) -> String {
    let name = |end| view.end_title(end).map_or_else(String::new, Text::terminal);
    let label = if edge.label.is_empty() { String::new() } else { format!(": {}", edge.label.terminal()) };
    let soft = if edge.soft { " ?" } else { "" };
    format!("{} -> {}{label}{soft}", name(edge.from), name(edge.to))
}

/// A sequence as a list of its messages.
pub fn of_sequence(sequence: &Sequence) -> String {
    let mut out = format!("{}\n\n", sequence.title.terminal());
    let name = |lane: usize| sequence.lanes.get(lane).map_or_else(String::new, |lane| lane.title.terminal());
    for (number, message) in (1..).zip(&sequence.messages) {
        let words = joined(&[&message.label, &message.note], "; ");
        let _ = writeln!(out, "{number:>4}. {} -> {}: {words}", name(message.from), name(message.to));
    }
    out
}
