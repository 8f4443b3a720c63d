//! D2: containers as nested shapes, sequences as sequence diagrams.

use std::fmt::Write as _;

use crate::emit::export::nest::Blocks;
use crate::emit::export::{joined, key, lines};
use crate::emit::svg::Picture;
use crate::layout::Direction;
use crate::text::Text;
use crate::view::{Edge, End, Group, Message, Node, Sequence, Stroke, View};

const BLOCKS: Blocks = Blocks { open, card, close: "}", depth: 0 };

/// A view as nested shapes.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let right = picture.scene.direction == Direction::Right;
    let mut out = format!("# {}\ndirection: {}\n", view.name, if right { "right" } else { "down" });
    out.push_str(&BLOCKS.write(view));
    for edge in &view.edges {
        out.extend(line(view, edge));
    }
    out
}

fn open(group: &Group) -> Vec<String> {
    let title = joined(&[group.title.clone(), group.note.clone()], Text::d2, " ");
    let first = format!("{}: \"{title}\" {{", key('g', &group.id));
    let dashed = group.derived.then(|| "style.stroke-dash: 4".to_owned());
    std::iter::once(first).chain(dashed).collect()
}

fn card(node: &Node) -> String {
    let style = if node.derived { " {style.stroke-dash: 4}" } else { "" };
    format!("{}: \"{}\"{style}", key('n', &node.id), joined(&lines(node), Text::d2, "\\n"))
}

fn line(view: &View, edge: &Edge) -> Option<String> {
    let (from, to) = (path(view, edge.from)?, path(view, edge.to)?);
    let dash = match edge.stroke {
        Stroke::Sync | Stroke::Grant => None,
        Stroke::Async => Some("style.stroke-dash: 5"),
        Stroke::Attach => Some("style.stroke-dash: 2"),
    };
    let colour = edge.sensitive.then_some("style.stroke: \"#c02c50\"");
    let styles: Vec<&str> = dash.into_iter().chain(colour).collect();
    let style = if styles.is_empty() { String::new() } else { format!(" {{{}}}", styles.join("; ")) };
    Some(format!("{from} -> {to}: \"{}\"{style}\n", edge.label.d2()))
}

/// The name of an end with those of the containers around it, the outermost first.
fn path(view: &View, end: End) -> Option<String> {
    let (prefix, mut parent) = match end {
        End::Node(node) => ('n', view.nodes.get(node)?.parent),
        End::Group(group) => ('g', view.groups.get(group)?.parent),
    };
    let mut parts = vec![key(prefix, view.end_id(end)?)];
    // A ring of containers is no nesting; the walk ends with the number of containers.
    for _ in &view.groups {
        let Some(group) = parent.and_then(|parent| view.groups.get(parent)) else { break };
        parts.push(key('g', &group.id));
        parent = group.parent;
    }
    parts.reverse();
    Some(parts.join("."))
}

/// A sequence as a sequence diagram.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = format!("# {}\nshape: sequence_diagram\n", sequence.name);
    for lane in &sequence.lanes {
        let label = joined(&[lane.title.clone(), lane.subtitle.clone()], Text::d2, "\\n");
        let _ = writeln!(out, "{}: \"{label}\"", key('n', &lane.id));
    }
    for (number, message) in (1..).zip(&sequence.messages) {
        out.extend(call(sequence, message, number));
    }
    out
}

fn call(sequence: &Sequence, message: &Message, number: usize) -> Option<String> {
    let (from, to) = (sequence.lanes.get(message.from)?, sequence.lanes.get(message.to)?);
    let style = if message.is_async { " {style.stroke-dash: 5}" } else { "" };
    let words = joined(&[message.label.clone(), message.note.clone()], Text::d2, "\\n");
    Some(format!("{} -> {}: \"{number}. {words}\"{style}\n", key('n', &from.id), key('n', &to.id)))
}
