//! A view as a document: measured, laid out, drawn.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::emit::lock::Places;
use crate::emit::svg::markup::Element;
use crate::emit::svg::page::{Sheet, Stamp, document};
use crate::emit::svg::{bands, card, frame, legend, line};
use crate::layout::{self as scenes, Engine, Graph, Scene};
use crate::text::{Ident, Language, Text};
use crate::view::{Direction, End, View, Word, word};

/// A drawn view.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The view's name.
    pub name: String,
    /// The SVG document.
    pub document: String,
    /// What is wrong with the drawing, by the layout's own measure.
    pub defects: Vec<scenes::Defect>,
    /// Where everything stands.
    pub scene: Scene,
    /// The graph that was laid out.
    pub graph: Graph,
    /// True when it keeps the places of an earlier drawing.
    pub is_kept: bool,
}

/// From this many services on, a picture has no rules for highlighting, which grow with the services.
const MOST_HIGHLIGHTED: usize = 120;

/// All lines fade when a service is under the pointer or in focus; the rules that follow keep its own.
const HIGHLIGHT: &str = ".e{transition:opacity .15s}svg:has(.n:is(:hover,:focus-within)) .e{opacity:.15}\
@media (prefers-reduced-motion){.e{transition:none}}";

/// A drawing of at most this width has no letter below 9 pixels when it is fitted to a page of 1 200: its smallest
/// letters have 12, and the page has margins.
const READABLE: i32 = 157_500;
/// Up to so many services a picture is meant to be read on one page.
const MOST_ON_A_PAGE: usize = 40;

/// A view with its boxes measured and laid out.
struct Layout {
    cards: Vec<card::Card>,
    heads: Vec<frame::Head>,
    graph: Graph,
    scene: Scene,
}

/// Lays out and draws a view.
pub fn draw(view: &View, stamp: &Stamp, language: Language, engine: Engine) -> Picture {
    drawn(view, stamp, language, (fitted(view, engine), false))
}

/// Draws a view where everything that an earlier drawing had stays at its place, if that can be done without a defect.
pub fn draw_kept(view: &View, stamp: &Stamp, language: Language, engine: Engine, places: &Places) -> Picture {
    let layout = match kept(view, places) {
        Some(layout) => (layout, true),
        None => (fitted(view, engine), false),
    };
    drawn(view, stamp, language, layout)
}

/// The cards that agree best with the earlier drawing, laid out where they stood.
fn kept(view: &View, places: &Places) -> Option<Layout> {
    let attempt = |cut| Attempt { cut, direction: view.direction, is_stacked: false };
    let measured = card::CUTS.map(|cut| sized(view, attempt(cut)));
    // Of equals the widest cards, which are tried first by who draws anew.
    let best = measured.into_iter().rev().max_by_key(|layout| places.agreement(view, &layout.graph))?;
    let scene = scenes::keep(&best.graph, &places.kept(view))?;
    Some(Layout { scene, ..best })
}

fn drawn(view: &View, stamp: &Stamp, language: Language, (layout, is_kept): (Layout, bool)) -> Picture {
    let scene = &layout.scene;
    let sheet = Sheet {
        title: &view.title,
        trail: &view.trail,
        summary: summary(view, language),
        size: scene.size,
        drawing: drawing(view, &layout),
        icons: icons(view),
        keys: legend::keys(view),
        rules: highlights(view),
        direction: Some(if scene.direction == scenes::Direction::Right { "LR" } else { "TB" }),
    };
    Picture {
        name: view.name.clone(),
        document: document(sheet, stamp, language),
        defects: layout.scene.defects.clone(),
        scene: layout.scene,
        graph: layout.graph,
        is_kept,
    }
}

/// The first layout that can be read on a page, from wide cards to narrow ones, downwards when the engine would rather
/// go right, and with regions below each other when nothing else helps; the narrowest drawing when none can, and the first for a view that no page could hold.
fn fitted(view: &View, engine: Engine) -> Layout {
    if view.is_page() {
        // There are many of them, so that each is laid out once.
        let once = Attempt { cut: card::NARROW, direction: view.direction, is_stacked: false };
        return laid_out(view, once, engine);
    }
    let [first, rest @ ..] = card::CUTS;
    let wide = Attempt { cut: first, direction: view.direction, is_stacked: false };
    let mut best = laid_out(view, wide, engine);
    if best.scene.size.w <= READABLE || view.nodes.len() > MOST_ON_A_PAGE {
        return best;
    }
    let turns = view.direction == Direction::Auto && best.scene.direction == scenes::Direction::Right;
    let direction = if turns { Direction::Down } else { view.direction };
    let has_peers = view.groups.iter().filter(|group| group.peer).count() > 1;
    let side_by_side = turns.then_some(first).into_iter().chain(rest);
    let attempts = side_by_side.map(|cut| Attempt { cut, direction, is_stacked: false });
    let stacked = card::CUTS.into_iter().filter(|_| has_peers);
    let attempts = attempts.chain(stacked.map(|cut| Attempt { cut, direction, is_stacked: true }));
    for attempt in attempts {
        let next = laid_out(view, attempt, engine);
        if next.scene.size.w < best.scene.size.w && next.scene.defects.len() <= best.scene.defects.len() {
            best = next;
        }
        if best.scene.size.w <= READABLE {
            break;
        }
    }
    best
}

/// One way to draw a view.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    cut: card::Cut,
    direction: Direction,
    /// Do regions stand below each other?
    is_stacked: bool,
}

fn laid_out(view: &View, attempt: Attempt, engine: Engine) -> Layout {
    let layout = sized(view, attempt);
    Layout { scene: scenes::layout(&layout.graph, engine), ..layout }
}

/// The boxes of a view with their sizes, without places.
fn sized(view: &View, attempt: Attempt) -> Layout {
    let Attempt { cut, direction, is_stacked } = attempt;
    let cards: Vec<card::Card> = view.nodes.iter().map(|node| card::measure(node, cut)).collect();
    let heads: Vec<frame::Head> = view.groups.iter().map(frame::measure).collect();
    let mut graph = graph(view, direction, &cards, &heads);
    for group in &mut graph.groups {
        group.peer &= !is_stacked;
    }
    Layout { cards, heads, graph, scene: Scene::default() }
}

/// The boxes and lines of a view, without words.
fn graph(view: &View, direction: Direction, cards: &[card::Card], heads: &[frame::Head]) -> Graph {
    let nodes = view.nodes.iter().zip(cards);
    let groups = view.groups.iter().zip(heads);
    Graph {
        direction: turned(direction),
        nodes: nodes.map(|(node, card)| scenes::Node { parent: node.parent, size: card.size }).collect(),
        groups: groups
            .map(|(group, head)| scenes::Group { parent: group.parent, title: head.size, peer: group.peer })
            .collect(),
        edges: view.edges.iter().map(edge).collect(),
    }
}

fn turned(wanted: Direction) -> scenes::Direction {
    match wanted {
        Direction::Auto => scenes::Direction::Auto,
        Direction::Down => scenes::Direction::Down,
        Direction::Right => scenes::Direction::Right,
    }
}

fn edge(edge: &crate::view::Edge) -> scenes::Edge {
    let end = |end| match end {
        End::Node(node) => scenes::End::Node(node),
        End::Group(group) => scenes::End::Group(group),
    };
    scenes::Edge { from: end(edge.from), to: end(edge.to), label: line::measure(edge).map(|(_, size)| size) }
}

/// Containers from the outside in, then flows, then services in model order: the order of focus and of reading.
fn drawing(view: &View, layout: &Layout) -> Vec<Element> {
    let Layout { cards, heads, scene, .. } = layout;
    let group_name =
        |group: Option<usize>| group.and_then(|group| view.groups.get(group)).map(|group| &group.id);
    let frames = view.groups.iter().zip(heads).zip(&scene.groups);
    let lines = view.edges.iter().zip(&scene.edges);
    let services = view.nodes.iter().zip(cards).zip(&scene.nodes);
    let mut drawn: Vec<_> = frames
        .map(|((group, head), place)| frame::draw(group, head, place, group_name(group.parent)))
        .collect();
    drawn.extend(bands::draw(view, scene));
    drawn.extend(lines.filter_map(|(edge, route)| line::draw(view, edge, route)));
    drawn.extend(services.map(|((node, card), area)| card::draw(node, card, *area, group_name(node.parent))));
    drawn.into_iter().map(Element::own_line).collect()
}

fn icons(view: &View) -> BTreeSet<&str> {
    let groups = view.groups.iter().map(|group| frame::glyph_of(group.kind));
    view.nodes.iter().map(|node| node.icon.as_str()).chain(groups).collect()
}

/// How many of what: what a screen reader says first.
fn summary(view: &View, language: Language) -> Text {
    let counts = [
        (view.nodes.len(), Word::Things),
        (view.groups.len(), Word::Containers),
        (view.edges.len(), Word::Lines),
    ];
    let parts: Vec<String> =
        counts.iter().map(|(count, of)| format!("{}: {count}", word(*of, language))).collect();
    Text::new(parts.join(", "))
}

/// Rules that dim the lines which do not touch the service under the pointer or in focus.
fn highlights(view: &View) -> String {
    if view.nodes.len() > MOST_HIGHLIGHTED || view.edges.is_empty() {
        return String::new();
    }
    let mut rules = String::from(HIGHLIGHT);
    for node in view.nodes.iter().filter(|node| touches(view, &node.id)) {
        let id = &node.id;
        let ends = format!("[data-from='{id}'],[data-to='{id}']");
        let _ = write!(rules, "svg:has([data-id='{id}']:is(:hover,:focus-within)) :is({ends}){{opacity:1}}");
    }
    rules
}

fn touches(view: &View, id: &Ident) -> bool {
    let is_end = |end| view.end_id(end) == Some(id);
    view.edges.iter().any(|edge| is_end(edge.from) || is_end(edge.to))
}
