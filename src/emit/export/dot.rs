//! Graphviz DOT: containers as clusters.

use std::fmt::Write as _;

use crate::emit::export::nest::{Step, walk};
use crate::emit::export::{key, lines};
use crate::emit::svg::Picture;
use crate::layout::Direction;
use crate::text::Text;
use crate::view::{Edge, End, Message, Node, Sequence, Stroke, View};

const FONT: &str = "fontname=\"Inter,Helvetica,Arial\"";

/// A view as a directed graph.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let right = picture.scene.direction == Direction::Right;
    let mut out = head(&view.title, if right { "LR" } else { "TB" });
    let mut depth = 1;
    for step in walk(view) {
        match step {
            Step::Open(group) => {
                open(&mut out, view, group, depth);
                depth += 1;
            }
            Step::Node(node) => {
                out.push_str(&"  ".repeat(depth));
                out.extend(view.nodes.get(node).map(card));
            }
            Step::Close => {
                depth -= 1;
                let _ = writeln!(out, "{}}}", "  ".repeat(depth));
            }
        }
    }
    for edge in &view.edges {
        out.extend(line(view, edge));
    }
    out.push_str("}\n");
    out
}

fn head(title: &Text, direction: &str) -> String {
    format!(
        "digraph {{\n  graph [label=\"{}\", labelloc=t, rankdir={direction}, compound=true, newrank=true, {FONT}]\n  \
         node [shape=box, style=rounded, {FONT}, fontsize=11]\n  edge [{FONT}, fontsize=10]\n",
        title.dot()
    )
}

fn open(out: &mut String, view: &View, group: usize, depth: usize) {
    let Some(group) = view.groups.get(group) else { return };
    let indent = "  ".repeat(depth);
    let name = key('g', &group.id);
    let _ = writeln!(out, "{indent}subgraph cluster_{name} {{");
    let style = if group.derived { "rounded,dashed" } else { "rounded" };
    let title = joined(&[group.title.clone(), group.note.clone()], "  ");
    let _ = writeln!(out, "{indent}  label=\"{title}\"; labeljust=l; style=\"{style}\"");
    // What a flow to the container itself is tied to.
    let _ = writeln!(out, "{indent}  {name} [shape=point, style=invis, width=0, height=0, label=\"\"]");
}

fn joined(parts: &[Text], between: &str) -> String {
    let filled = parts.iter().filter(|part| !part.is_empty());
    filled.map(Text::dot).collect::<Vec<_>>().join(between)
}

fn card(node: &Node) -> String {
    let style = if node.derived { ", style=\"rounded,dashed\"" } else { "" };
    format!("{} [label=\"{}\"{style}]\n", key('n', &node.id), joined(&lines(node), "\\n"))
}

fn line(view: &View, edge: &Edge) -> Option<String> {
    let (from, to) = (end(view, edge.from)?, end(view, edge.to)?);
    let mut more = vec![format!("label=\"{}\"", edge.label.dot())];
    more.extend(matches!(edge.from, End::Group(_)).then(|| format!("ltail=cluster_{from}")));
    more.extend(matches!(edge.to, End::Group(_)).then(|| format!("lhead=cluster_{to}")));
    let style = match edge.stroke {
        Stroke::Sync | Stroke::Grant => None,
        Stroke::Async => Some("dashed"),
        Stroke::Attach => Some("dotted"),
    };
    more.extend(style.map(|style| format!("style={style}")));
    more.extend(edge.soft.then(|| "arrowhead=empty".to_owned()));
    more.extend(edge.sensitive.then(|| "color=\"#c02c50\"".to_owned()));
    Some(format!("  {from} -> {to} [{}]\n", more.join(", ")))
}

fn end(view: &View, end: End) -> Option<String> {
    let prefix = if matches!(end, End::Node(_)) { 'n' } else { 'g' };
    view.end_id(end).map(|id| key(prefix, id))
}

/// A sequence as a graph of numbered calls.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = head(&sequence.title, "LR");
    for lane in &sequence.lanes {
        let label = joined(&[lane.title.clone(), lane.subtitle.clone()], "\\n");
        let _ = writeln!(out, "  {} [label=\"{label}\"]", key('n', &lane.id));
    }
    for (number, message) in (1..).zip(&sequence.messages) {
        out.extend(call(sequence, message, number));
    }
    out.push_str("}\n");
    out
}

fn call(sequence: &Sequence, message: &Message, number: usize) -> Option<String> {
    let (from, to) = (sequence.lanes.get(message.from)?, sequence.lanes.get(message.to)?);
    let style = if message.is_async { ", style=dashed" } else { "" };
    let (from, to) = (key('n', &from.id), key('n', &to.id));
    Some(format!("  {from} -> {to} [label=\"{number}. {}\"{style}]\n", message.label.dot()))
}
