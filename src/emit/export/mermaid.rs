//! Mermaid: views as flowcharts, sequences as sequence diagrams.

use std::fmt::Write as _;

use crate::emit::export::nest::Blocks;
use crate::emit::export::{end, joined, key, lines};
use crate::emit::svg::Picture;
use crate::layout::Direction;
use crate::text::Text;
use crate::view::{Edge, Group, Message, Node, Sequence, Stroke, View};

const BLOCKS: Blocks = Blocks { open, card, close: "end", depth: 1 };

/// A view as a flowchart.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let right = picture.scene.direction == Direction::Right;
    let mut out = format!("%% {}\nflowchart {}\n", view.name, if right { "LR" } else { "TB" });
    out.push_str(&BLOCKS.write(view));
    for edge in &view.edges {
        out.extend(line(view, edge));
    }
    out.push_str("  classDef derived stroke-dasharray:4 3\n");
    out
}

fn open(group: &Group) -> Vec<String> {
    let title = joined(&[group.title.clone(), group.note.clone()], Text::mermaid, " ");
    vec![format!("subgraph {}[\"{title}\"]", key('g', &group.id))]
}

fn card(node: &Node) -> String {
    let class = if node.derived { ":::derived" } else { "" };
    format!("{}[\"{}\"]{class}", key('n', &node.id), joined(&lines(node), Text::mermaid, "<br/>"))
}

fn line(view: &View, edge: &Edge) -> Option<String> {
    let (from, to) = (end(view, edge.from)?, end(view, edge.to)?);
    let arrow = match (edge.stroke, edge.soft) {
        (Stroke::Sync | Stroke::Grant, false) => "-->",
        (Stroke::Sync | Stroke::Grant, true) => "--o",
        _ => "-.->",
    };
    let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", edge.label.mermaid()) };
    Some(format!("  {from} {arrow}{label} {to}\n"))
}

/// A sequence as a sequence diagram.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = format!("%% {}\nsequenceDiagram\n  autonumber\n", sequence.name);
    for lane in &sequence.lanes {
        let label = joined(&[lane.title.clone(), lane.subtitle.clone()], Text::mermaid, "<br/>");
        let _ = writeln!(out, "  participant {} as {label}", key('n', &lane.id));
    }
    for message in &sequence.messages {
        out.extend(call(sequence, message));
    }
    out
}

fn call(sequence: &Sequence, message: &Message) -> Option<String> {
    let (from, to) = (sequence.lanes.get(message.from)?, sequence.lanes.get(message.to)?);
    let arrow = if message.is_async { "--)" } else { "->>" };
    let words = joined(&[message.label.clone(), message.note.clone()], Text::mermaid, "<br/>");
    Some(format!("  {}{arrow}{}: {words}\n", key('n', &from.id), key('n', &to.id)))
}
