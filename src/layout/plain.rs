//! The second engine: layout-rs, for small pictures without groups.
//!
//! It knows no groups, its lines are curves that may run through boxes, its time grows exponentially on
//! ladders and it panics on some graphs. So its input is capped, its panics are contained, and whatever it
//! refuses is laid out by the layered engine.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::layout::core::base::Orientation;
use ::layout::core::format::RenderBackend;
use ::layout::core::geometry::Point as Place;
use ::layout::core::style::StyleAttr;
use ::layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use ::layout::topo::layout::VisualGraph;

use super::measure::measure;
use super::scene::{Direction, End, Graph, Point, Rect, Route, Scene, Size};

/// Most nodes and most edges it is given.
const MOST: (usize, usize) = (40, 60);
/// Pieces in which a curve is drawn.
const PIECES: u8 = 10;

/// Lays out a small picture without groups; `None` when it is not one or the engine gave up.
pub(crate) fn plain(graph: &Graph) -> Option<Scene> {
    let small = graph.nodes.len() <= MOST.0 && graph.edges.len() <= MOST.1;
    let ends: Option<Vec<(usize, usize)>> = graph.edges.iter().map(|edge| nodes(graph, edge)).collect();
    let ends = ends.filter(|_| small && graph.groups.is_empty() && !graph.nodes.is_empty())?;
    let mut scene = catch_unwind(AssertUnwindSafe(|| drawn(graph, &ends))).ok()?;
    normalise(&mut scene);
    scene.defects = measure(graph, &scene).defects;
    Some(scene)
}

fn nodes(graph: &Graph, edge: &super::scene::Edge) -> Option<(usize, usize)> {
    let node = |end: End| match end {
        End::Node(node) if node < graph.nodes.len() => Some(node),
        _ => None,
    };
    node(edge.from).zip(node(edge.to)).filter(|(from, to)| from != to)
}

fn drawn(graph: &Graph, ends: &[(usize, usize)]) -> Scene {
    let right = graph.direction == Direction::Right;
    let orientation = if right { Orientation::LeftToRight } else { Orientation::TopToBottom };
    let mut picture = VisualGraph::new(orientation);
    picture.dag.set_validate(false);
    let style = StyleAttr::simple;
    let element = |size: Size| {
        let size = Place::new(f64::from(size.w) / 100., f64::from(size.h) / 100.);
        Element::create(ShapeKind::new_box(""), style(), orientation, size)
    };
    let handles: Vec<_> = graph.nodes.iter().map(|node| picture.add_node(element(node.size))).collect();
    for &(from, to) in ends {
        if let Some((&from, &to)) = handles.get(from).zip(handles.get(to)) {
            picture.add_edge(Arrow::default(), from, to);
        }
    }
    let mut pen = Pen::default();
    picture.do_it(false, false, false, &mut pen);
    let boxes = handles.iter().zip(&graph.nodes);
    let nodes = boxes.map(|(&handle, node)| around(picture.pos(handle).center(), node.size)).collect();
    let edges = pen
        .lines
        .into_iter()
        .zip(&graph.edges)
        .map(|(points, edge)| Route { label: edge.label.map(|size| label(&points, size)), points });
    let direction = if right { Direction::Right } else { Direction::Down };
    Scene { direction, nodes, edges: edges.collect(), ..Scene::default() }
}

/// Lines are drawn in the order in which edges were added.
#[derive(Default)]
struct Pen {
    lines: Vec<Vec<Point>>,
}

impl RenderBackend for Pen {
    fn draw_rect(&mut self, _: Place, _: Place, _: &StyleAttr, _: Option<String>, _: Option<usize>) {}
    fn draw_line(&mut self, _: Place, _: Place, _: &StyleAttr, _: Option<String>) {}
    fn draw_circle(&mut self, _: Place, _: Place, _: &StyleAttr, _: Option<String>) {}
    fn draw_text(&mut self, _: Place, _: &str, _: &StyleAttr) {}
    fn draw_arrow(
        &mut self,
        path: &[(Place, Place)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        _: Option<String>,
        _: &str,
    ) {
        self.lines.push(flattened(path));
    }
    fn create_clip(&mut self, _: Place, _: Place, _: usize) -> usize {
        0
    }
}

/// The path is a start with its control point, then control point and corner of each curve; the first
/// control point of a later curve mirrors the last one.
fn flattened(path: &[(Place, Place)]) -> Vec<Point> {
    let Some(&(start, first)) = path.first() else { return Vec::new() };
    let (mut at, mut control) = (start, first);
    let mut points = vec![point(at)];
    for &(second, end) in path.iter().skip(1) {
        for piece in 1..=PIECES {
            points.push(curve([at, control, second, end], f64::from(piece) / f64::from(PIECES)));
        }
        control = Place::new(2. * end.x - second.x, 2. * end.y - second.y);
        at = end;
    }
    points
}

/// A cubic Bézier curve at `t`.
fn curve(corners: [Place; 4], t: f64) -> Point {
    let u = 1. - t;
    let shares = [u * u * u, 3. * u * u * t, 3. * u * t * t, t * t * t];
    let sum = |axis: fn(&Place) -> f64| corners.iter().zip(shares).map(|(at, share)| share * axis(at)).sum();
    point(Place::new(sum(|at| at.x), sum(|at| at.y)))
}

fn point(at: Place) -> Point {
    Point { x: hundredths(at.x), y: hundredths(at.y) }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and a page is far smaller")]
fn hundredths(pixels: f64) -> i32 {
    (pixels * 100.).round() as i32
}

fn around(centre: Place, size: Size) -> Rect {
    let at = point(centre);
    Rect { x: at.x - size.w / 2, y: at.y - size.h / 2, w: size.w, h: size.h }
}

/// The label lies on the middle corner of the line.
fn label(points: &[Point], size: Size) -> Rect {
    let at = points.get(points.len() / 2).copied().unwrap_or_default();
    Rect { x: at.x - size.w / 2, y: at.y - size.h / 2, w: size.w, h: size.h }
}

/// Moves the picture so that it starts at 0, 0.
fn normalise(scene: &mut Scene) {
    let bounds = super::measure::bounds(scene);
    let moved = |rect: Rect| Rect { x: rect.x - bounds.x, y: rect.y - bounds.y, ..rect };
    for rect in &mut scene.nodes {
        *rect = moved(*rect);
    }
    for route in &mut scene.edges {
        for at in &mut route.points {
            *at = Point { x: at.x - bounds.x, y: at.y - bounds.y };
        }
        route.label = route.label.map(moved);
    }
    scene.size = Size { w: bounds.w, h: bounds.h };
}
