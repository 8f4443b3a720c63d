//! Lines: flows with round corners, heads and labels.

use crate::emit::svg::markup::{Element, Own, Px, Value as _, rect, text};
use crate::layout::{Point, Route, Size};
use crate::text::{Font, Text, Weight};
use crate::view::{Edge, Stroke, View};

const LABEL: Font = Font::new(Weight::Medium, 1_200);
const LABEL_WIDTH: i32 = 16_000;
const LABEL_PAD: i32 = 500;
const LABEL_HEIGHT: i32 = 1_800;
/// Half an em: no label's box is narrower than this for each character.
const HALF_EM: i32 = 600;
/// The radius of a corner.
const RADIUS: i32 = 800;

/// The label of a line as it is drawn, with its size; nothing when the line has none.
pub(super) fn measure(edge: &Edge) -> Option<(Text, Size)> {
    let shown = LABEL.ellipsis(&edge.label, LABEL_WIDTH);
    let characters = i32::try_from(shown.chars().count()).unwrap_or(i32::MAX);
    let width = LABEL.width(shown.chars()).max(characters.saturating_mul(HALF_EM)) + 2 * LABEL_PAD;
    (!shown.is_empty()).then_some((shown, Size { w: width, h: LABEL_HEIGHT }))
}

/// Draws a flow with its label.
pub(super) fn draw(view: &View, edge: &Edge, route: &Route) -> Option<Element> {
    let (from, to) = (view.end_id(edge.from)?, view.end_id(edge.to)?);
    if route.points.len() < 2 {
        return None;
    }
    let (class, head) = look(edge);
    let line = Element::new("path").with("class", class).with("d", Own(path(&route.points)));
    let drawn = Element::new("g")
        .with("class", "e")
        .with("data-kind", "edge")
        .with("data-id", &edge.id)
        .with("data-from", from)
        .with("data-to", to)
        .with("role", "graphics-symbol")
        .add(Element::new("title").say(hint(view, edge)))
        .add(line.with("marker-end", head));
    Some(drawn.add_all(label(edge, route)))
}

/// The classes and the arrowhead of a flow.
fn look(edge: &Edge) -> (Own, &'static str) {
    let stroke = match edge.stroke {
        Stroke::Sync | Stroke::Grant => "",
        Stroke::Async => " as",
        Stroke::Attach => " at",
    };
    let colour = match (edge.sensitive, edge.derived) {
        (true, _) => " pii",
        (false, true) => " dv",
        (false, false) => "",
    };
    let head = match (edge.soft, edge.sensitive) {
        (true, _) => "url(#m..soft)",
        (false, true) => "url(#m..pii)",
        (false, false) => "url(#m..head)",
    };
    (Own(format!("ln{stroke}{colour}")), head)
}

fn spoken(view: &View, edge: &Edge) -> Text {
    let name = |end| view.end_title(end).map_or_else(String::new, |title| title.chars().collect());
    let label: String = edge.label.chars().collect();
    let tail = if label.is_empty() { String::new() } else { format!(": {label}") };
    Text::new(format!("{} → {}{tail}", name(edge.from), name(edge.to)))
}

fn hint(view: &View, edge: &Edge) -> Text {
    let first: String = spoken(view, edge).chars().collect();
    let more: String = edge.hint.chars().collect();
    Text::new(if more.is_empty() { first } else { format!("{first}\n{more}") })
}

fn label(edge: &Edge, route: &Route) -> Option<Element> {
    let (shown, _) = measure(edge)?;
    let area = route.label?;
    let class = if edge.sensitive { "lt s" } else { "lt" };
    let middle = area.x + area.w / 2;
    Some(
        Element::new("g")
            .with("data-kind", "label")
            .with("data-for", &edge.id)
            .add(rect(area, 400).with("class", "lb"))
            .add(text(class, middle, area.y + area.h / 2 + 420, &shown)),
    )
}

/// Path data through the corners, each rounded as far as its two legs allow.
pub(super) fn path(points: &[Point]) -> String {
    let mut out = String::with_capacity(48 * points.len());
    let Some(first) = points.first() else { return out };
    push_step(&mut out, 'M', *first);
    for corner in points.windows(3) {
        if let [before, at, after] = corner {
            push_corner(&mut out, *before, *at, *after);
        }
    }
    if let Some(last) = points.last() {
        push_step(&mut out, 'L', *last);
    }
    out
}

fn push_corner(out: &mut String, before: Point, at: Point, after: Point) {
    let radius = RADIUS.min(distance(before, at) / 2).min(distance(at, after) / 2);
    push_step(out, 'L', towards(at, before, radius));
    push_step(out, 'Q', at);
    push_step(out, ' ', towards(at, after, radius));
}

fn push_step(out: &mut String, step: char, to: Point) {
    out.push(step);
    Px(to.x).push(out);
    out.push(' ');
    Px(to.y).push(out);
}

fn distance(a: Point, b: Point) -> i32 {
    (a.x - b.x).abs().max((a.y - b.y).abs())
}

/// The point `by` from `from` on the way to `to`; legs are upright or level.
fn towards(from: Point, to: Point, by: i32) -> Point {
    Point { x: from.x + (to.x - from.x).clamp(-by, by), y: from.y + (to.y - from.y).clamp(-by, by) }
}

/// The arrowheads: of a call, of a soft dependency, of a flow of sensitive data.
pub(super) fn heads() -> Vec<Element> {
    [("m..head", "ah"), ("m..soft", "ah-o"), ("m..pii", "ah-p")]
        .into_iter()
        .map(|(id, class)| head(id, class))
        .collect()
}

fn head(id: &'static str, class: &'static str) -> Element {
    Element::new("marker")
        .with("id", id)
        .with("viewBox", "-1 -1 12 12")
        .with("refX", "9.5")
        .with("refY", "5")
        .with("markerWidth", "10")
        .with("markerHeight", "10")
        .with("markerUnits", "userSpaceOnUse")
        .with("orient", "auto")
        .add(Element::new("path").with("class", class).with("d", "M.5 1L10 5 .5 9z"))
}
