//! draw.io (diagrams.net): boxes and lines where the SVG has them, free to be moved.

use crate::emit::export::{key, lines};
use crate::emit::svg::Picture;
use crate::emit::svg::markup::{Element, Own, Px};
use crate::layout::{Point, Rect, Route};
use crate::text::{Ident, Text};
use crate::view::{Edge, End, Group, Node, Sequence, Stroke, View};

/// The cell that holds what has no container.
const PAGE: &str = "1";
const GROUP: &str = "rounded=1;arcSize=10;absoluteArcSize=1;html=0;whiteSpace=wrap;container=1;collapsible=0;\
verticalAlign=top;align=left;spacingLeft=8;spacingTop=2;fontStyle=1;fillColor=none;strokeColor=#7446c8;";
const NODE: &str =
    "rounded=1;arcSize=8;absoluteArcSize=1;html=0;whiteSpace=wrap;fillColor=#ffffff;strokeColor=#586475;";
const EDGE: &str = "edgeStyle=orthogonalEdgeStyle;rounded=1;html=0;endArrow=classic;strokeColor=#4a5769;";

/// A view as a page of cells.
pub(super) fn view(view: &View, picture: &Picture) -> String {
    let scene = &picture.scene;
    let corner = |parent: Option<usize>| {
        parent
            .and_then(|parent| scene.groups.get(parent))
            .map_or(Point::default(), |group| Point { x: group.rect.x, y: group.rect.y })
    };
    let home = |parent: Option<usize>| {
        parent
            .and_then(|parent| view.groups.get(parent))
            .map_or_else(|| PAGE.to_owned(), |group| key('g', &group.id))
    };
    let groups = view.groups.iter().zip(&scene.groups);
    let mut cells: Vec<Element> = groups
        .map(|(group, place)| container(group, moved(place.rect, corner(group.parent)), home(group.parent)))
        .collect();
    let nodes = view.nodes.iter().zip(&scene.nodes);
    cells.extend(nodes.map(|(node, rect)| thing(node, moved(*rect, corner(node.parent)), home(node.parent))));
    let edges = view.edges.iter().zip(&scene.edges);
    cells.extend(edges.filter_map(|(edge, route)| line(view, picture, edge, route)));
    page(&view.title, cells)
}

fn page(title: &Text, cells: Vec<Element>) -> String {
    let base =
        [Element::new("mxCell").with("id", "0"), Element::new("mxCell").with("id", PAGE).with("parent", "0")];
    let root = Element::new("root").add_all(base).add_all(cells.into_iter().map(Element::own_line));
    let model = Element::new("mxGraphModel").with("grid", "0").with("page", "0").add(root);
    Element::new("mxfile").add(Element::new("diagram").with("name", title).add(model)).document()
}

fn moved(rect: Rect, corner: Point) -> Rect {
    Rect { x: rect.x - corner.x, y: rect.y - corner.y, ..rect }
}

fn geometry(rect: Rect) -> Element {
    Element::new("mxGeometry")
        .with("x", Px(rect.x))
        .with("y", Px(rect.y))
        .with("width", Px(rect.w))
        .with("height", Px(rect.h))
        .with("as", "geometry")
}

fn vertex(id: String, value: &Text, style: String, rect: Rect, parent: String) -> Element {
    Element::new("mxCell")
        .with("id", Own(id))
        .with("value", value)
        .with("style", Own(style))
        .with("vertex", "1")
        .with("parent", Own(parent))
        .add(geometry(rect))
}

fn stacked(parts: &[Text]) -> Text {
    let filled = parts.iter().filter(|part| !part.is_empty());
    Text::new(filled.map(|part| part.chars().collect::<String>()).collect::<Vec<_>>().join("\n"))
}

fn container(group: &Group, rect: Rect, parent: String) -> Element {
    let dashed = if group.derived { "dashed=1;" } else { "" };
    let words: Vec<String> = [&group.title, &group.note].map(|part| part.chars().collect()).to_vec();
    let title = Text::new(words.join("  ").trim_end());
    vertex(key('g', &group.id), &title, format!("{GROUP}{dashed}"), rect, parent)
}

fn thing(node: &Node, rect: Rect, parent: String) -> Element {
    let dashed = if node.derived { "dashed=1;" } else { "" };
    vertex(key('n', &node.id), &stacked(&lines(node)), format!("{NODE}{dashed}"), rect, parent)
}

fn line(view: &View, picture: &Picture, edge: &Edge, route: &Route) -> Option<Element> {
    let name = |end| {
        let prefix = if matches!(end, End::Node(_)) { 'n' } else { 'g' };
        view.end_id(end).map(|id| key(prefix, id))
    };
    let [first, inner @ .., last] = route.points.as_slice() else { return None };
    let dashed = match edge.stroke {
        Stroke::Sync | Stroke::Grant => "",
        Stroke::Async => "dashed=1;",
        Stroke::Attach => "dashed=1;dashPattern=1 3;",
    };
    let ends = [
        ("exit", *first, picture.scene.rect(scene_end(edge.from))?),
        ("entry", *last, picture.scene.rect(scene_end(edge.to))?),
    ];
    let anchors: String = ends.iter().map(|(side, at, rect)| anchor(side, *at, *rect)).collect();
    let points = inner.iter().map(|at| Element::new("mxPoint").with("x", Px(at.x)).with("y", Px(at.y)));
    let corners = Element::new("Array").with("as", "points").add_all(points);
    let geometry = Element::new("mxGeometry").with("relative", "1").with("as", "geometry").add(corners);
    let cell = Element::new("mxCell")
        .with("id", Own(key('e', &edge.id)))
        .with("value", &edge.label)
        .with("style", Own(format!("{EDGE}{dashed}{anchors}")))
        .with("edge", "1")
        .with("parent", PAGE)
        .with("source", Own(name(edge.from)?))
        .with("target", Own(name(edge.to)?));
    Some(cell.add(geometry))
}

fn scene_end(end: End) -> crate::layout::End {
    match end {
        End::Node(node) => crate::layout::End::Node(node),
        End::Group(group) => crate::layout::End::Group(group),
    }
}

/// Where on its box a line starts or ends, as shares of width and height.
fn anchor(side: &str, at: Point, rect: Rect) -> String {
    let share = |along: i32, length: i32| {
        let thousandths = i64::from(along) * 1_000 / i64::from(length.max(1));
        let thousandths = thousandths.clamp(0, 1_000);
        format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
    };
    let (x, y) = (share(at.x - rect.x, rect.w), share(at.y - rect.y, rect.h));
    format!("{side}X={x};{side}Y={y};{side}Dx=0;{side}Dy=0;")
}

/// Between two lifelines, and between two messages, in hundredths of a pixel.
const APART: i32 = 22_000;
const STEP: i32 = 5_000;
const HEAD: i32 = 8_000;
const LANE: i32 = 18_000;

/// A sequence as lifelines and numbered messages.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let rows = i32::try_from(sequence.messages.len()).unwrap_or(0) + 1;
    let height = HEAD + rows * STEP;
    let style = "shape=umlLifeline;perimeter=lifelinePerimeter;html=0;whiteSpace=wrap;size=80;collapsible=0;";
    let lanes = (0..).zip(&sequence.lanes).map(|(place, lane): (i32, _)| {
        let rect = Rect { x: place * APART, y: 0, w: LANE, h: height };
        let words = stacked(&[lane.title.clone(), lane.subtitle.clone()]);
        vertex(key('n', &lane.id), &words, style.to_owned(), rect, PAGE.to_owned())
    });
    let mut cells: Vec<Element> = lanes.collect();
    for (row, message) in (1..).zip(&sequence.messages) {
        let label: String = message.label.chars().collect();
        let words = Text::new(format!("{row}. {label}"));
        let y = HEAD + row * STEP;
        let middle = |lane: usize| i32::try_from(lane).unwrap_or(0) * APART + LANE / 2;
        let dashed = if message.is_async { "dashed=1;endArrow=open;" } else { "endArrow=block;" };
        let end = |name: &'static str, x: i32| {
            Element::new("mxPoint").with("x", Px(x)).with("y", Px(y)).with("as", name)
        };
        let geometry = Element::new("mxGeometry")
            .with("relative", "1")
            .with("as", "geometry")
            .add(end("sourcePoint", middle(message.from)))
            .add(end("targetPoint", middle(message.to)));
        let id = Ident::sanitized(&format!("message.{row}"));
        let cell = Element::new("mxCell")
            .with("id", Own(key('e', &id)))
            .with("value", &words)
            .with("style", Own(format!("html=0;verticalAlign=bottom;{dashed}")))
            .with("edge", "1")
            .with("parent", PAGE);
        cells.push(cell.add(geometry));
    }
    page(&sequence.title, cells)
}
