//! Graphviz DOT: containers as clusters.

use std::fmt::Write as _;

use crate::emit::export::nest::Blocks;
use crate::emit::export::{end, joined, key, lines};
use crate::emit::svg::Picture;
use crate::layout::Direction;
use crate::text::Text;
use crate::view::{Edge, End, Group, Message, Node, Sequence, Stroke, View};

const FONT: &str = "fontname=\"Inter,Helvetica,Arial\"";

const BLOCKS: Blocks = Blocks { open, card, close: "}", depth: 1 };

/// A view as a directed graph.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let right = picture.scene.direction == Direction::Right;
    let mut out = head(&view.title, if right { "LR" } else { "TB" });
    out.push_str(&BLOCKS.write(view));
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

fn open(group: &Group) -> Vec<String> {
    let name = key('g', &group.id);
    let style = if group.derived { "rounded,dashed" } else { "rounded" };
    let title = joined(&[group.title.clone(), group.note.clone()], Text::dot, "  ");
    vec![
        format!("subgraph cluster_{name} {{"),
        format!("label=\"{title}\"; labeljust=l; style=\"{style}\""),
        // What a flow to the container itself is tied to.
        format!("{name} [shape=point, style=invis, width=0, height=0, label=\"\"]"),
    ]
}

fn card(node: &Node) -> String {
    let style = if node.derived { ", style=\"rounded,dashed\"" } else { "" };
    format!("{} [label=\"{}\"{style}]", key('n', &node.id), joined(&lines(node), Text::dot, "\\n"))
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

/// A sequence as a graph of numbered calls.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = head(&sequence.title, "LR");
    for lane in &sequence.lanes {
        let label = joined(&[lane.title.clone(), lane.subtitle.clone()], Text::dot, "\\n");
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
