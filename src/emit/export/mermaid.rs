//! Mermaid: views as flowcharts, sequences as sequence diagrams.

use std::fmt::Write as _;

use crate::emit::export::nest::{Step, walk};
use crate::emit::export::{key, lines};
use crate::emit::svg::Picture;
use crate::layout::Direction;
use crate::text::Text;
use crate::view::{Edge, End, Message, Sequence, Stroke, View};

/// A view as a flowchart.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let right = picture.scene.direction == Direction::Right;
    let mut out = format!("%% {}\nflowchart {}\n", view.name, if right { "LR" } else { "TB" });
    let mut depth = 1;
    for step in walk(view) {
        match step {
            Step::Open(group) => {
                let Some(group) = view.groups.get(group) else { continue };
                let title = joined(&[group.title.clone(), group.note.clone()], " ");
                indent(&mut out, depth);
                let _ = writeln!(out, "subgraph {}[\"{title}\"]", key('g', &group.id));
                depth += 1;
            }
            Step::Node(node) => {
                let Some(node) = view.nodes.get(node) else { continue };
                indent(&mut out, depth);
                let class = if node.derived { ":::derived" } else { "" };
                let label = joined(&lines(node), "<br/>");
                let _ = writeln!(out, "{}[\"{label}\"]{class}", key('n', &node.id));
            }
            Step::Close => {
                depth -= 1;
                indent(&mut out, depth);
                out.push_str("end\n");
            }
        }
    }
    for edge in &view.edges {
        out.extend(line(view, edge));
    }
    out.push_str("  classDef derived stroke-dasharray:4 3\n");
    out
}

fn indent(out: &mut String, depth: usize) {
    out.push_str(&"  ".repeat(depth));
}

fn joined(parts: &[Text], between: &str) -> String {
    let filled = parts.iter().filter(|part| !part.is_empty());
    filled.map(Text::mermaid).collect::<Vec<_>>().join(between)
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

fn end(view: &View, end: End) -> Option<String> {
    let prefix = if matches!(end, End::Node(_)) { 'n' } else { 'g' };
    view.end_id(end).map(|id| key(prefix, id))
}

/// A sequence as a sequence diagram.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = format!("%% {}\nsequenceDiagram\n  autonumber\n", sequence.name);
    for lane in &sequence.lanes {
        let label = joined(&[lane.title.clone(), lane.subtitle.clone()], "<br/>");
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
    let words = joined(&[message.label.clone(), message.note.clone()], "<br/>");
    Some(format!("  {}{arrow}{}: {words}\n", key('n', &from.id), key('n', &to.id)))
}
