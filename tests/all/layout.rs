//! The layout engine: clean drawings of everything, measured with figures of an independent yardstick.

use std::collections::BTreeMap;

use archc::layout::{
    Defect, Direction, Edge, End, Engine, Graph, Group, GroupBox, Measures, Node, Point, Rect, Route, Scene,
    Size, layout, measure,
};
use serde_json::Value;

/// Real architectures: name, text, most crossings, most bends, most area (thousandths of the nodes' area).
const CORPUS: [(&str, &str, usize, usize, i64); 3] = [
    ("seed", include_str!("../cases/layout/seed.json"), 1, 26, 11_167),
    ("three-tier", include_str!("../cases/layout/three-tier.json"), 8, 50, 14_622),
    ("serverless", include_str!("../cases/layout/serverless.json"), 4, 42, 13_524),
];

fn hundredths(value: &Value) -> i32 {
    (value.as_f64().unwrap() * 100.).round() as i32
}

fn size(value: &Value) -> Size {
    Size { w: hundredths(&value[0]), h: hundredths(&value[1]) }
}

fn names(list: &Value) -> BTreeMap<String, usize> {
    let rows = list.as_array().unwrap().iter().enumerate();
    rows.map(|(place, row)| (row["id"].as_str().unwrap().to_owned(), place)).collect()
}

fn rows<T>(list: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    list.as_array().unwrap().iter().map(read).collect()
}

/// Reads a graph; sizes are in pixels. A drawing has boxes instead, whose sizes do not matter here.
fn graph(value: &Value) -> Graph {
    let (nodes, groups) = (names(&value["nodes"]), names(&value["groups"]));
    let parent = |row: &Value| row["parent"].as_str().map(|name| groups[name]);
    let end = |name: &Value| match nodes.get(name.as_str().unwrap()) {
        Some(&node) => End::Node(node),
        None => End::Group(groups[name.as_str().unwrap()]),
    };
    let pair = |value: &Value| if value.is_array() { size(value) } else { Size::default() };
    Graph {
        direction: Direction::Down,
        nodes: rows(&value["nodes"], |row| Node { parent: parent(row), size: pair(&row["size"]) }),
        groups: rows(&value["groups"], |row| Group {
            parent: parent(row),
            title: if row["rect"].is_array() { Size::default() } else { pair(&row["title"]) },
            peer: row["peer"].as_bool().unwrap_or(false),
        }),
        edges: rows(&value["edges"], |row| Edge {
            from: end(&row["from"]),
            to: end(&row["to"]),
            label: row["label"].is_array().then(|| pair(&row["label"])),
        }),
    }
}

fn corpus(text: &str) -> Graph {
    graph(&serde_json::from_str(text).unwrap())
}

fn drawn(graph: &Graph) -> (Scene, Measures) {
    let scene = layout(graph, Engine::Layered);
    let measures = measure(graph, &scene);
    assert_eq!(scene.defects, measures.defects);
    (scene, measures)
}

/// Draws a graph and checks what must hold for every drawing.
fn clean(name: &str, graph: &Graph) -> Measures {
    let (scene, measures) = drawn(graph);
    assert_eq!(measures.defects, [], "{name}");
    for (node, rect) in graph.nodes.iter().zip(&scene.nodes) {
        assert_eq!((node.size.w, node.size.h), (rect.w, rect.h), "{name}");
    }
    for (edge, route) in graph.edges.iter().zip(&scene.edges) {
        assert_eq!(edge.label, route.label.map(|rect| Size { w: rect.w, h: rect.h }), "{name}");
        let steps = route.points.iter().zip(route.points.iter().skip(1));
        assert!(steps.clone().all(|(a, b)| a.x == b.x || a.y == b.y), "{name}: a slanted line");
    }
    let page = Rect { x: 0, y: 0, w: scene.size.w, h: scene.size.h };
    assert!(page.contains(&measures.bounds), "{name}: {:?} is not on the page {page:?}", measures.bounds);
    measures
}

#[test]
fn real_architectures_are_clean_and_simple() {
    for (name, text, crossings, bends, area) in CORPUS {
        let mut graph = corpus(text);
        let down = clean(name, &graph);
        assert!(down.crossings <= crossings, "{name}: {} crossings", down.crossings);
        assert!(down.bends <= bends, "{name}: {} bends", down.bends);
        assert!(down.area <= area, "{name}: {} area", down.area);
        graph.direction = Direction::Right;
        let right = clean(name, &graph);
        assert!(right.crossings <= crossings, "{name}: {} crossings to the right", right.crossings);
        graph.direction = Direction::Auto;
        let auto = clean(name, &graph);
        assert!(auto.crossings <= down.crossings.min(right.crossings), "{name}");
    }
}

#[test]
fn the_same_graph_gives_the_same_scene() {
    for (_, text, ..) in CORPUS {
        assert_eq!(drawn(&corpus(text)).0, drawn(&corpus(text)).0);
    }
}

/// Drawings of other engines, with figures of the yardstick (an independent implementation in floating
/// point) for the same rounded coordinates.
const DRAWN: [&str; 6] = [
    include_str!("../cases/layout/drawn/seed-straight.json"),
    include_str!("../cases/layout/drawn/seed-orthogonal.json"),
    include_str!("../cases/layout/drawn/three-tier-straight.json"),
    include_str!("../cases/layout/drawn/three-tier-orthogonal.json"),
    include_str!("../cases/layout/drawn/serverless-straight.json"),
    include_str!("../cases/layout/drawn/serverless-orthogonal.json"),
];

fn whole(value: &Value) -> i32 {
    i32::try_from(value.as_i64().unwrap()).unwrap()
}

fn rect(value: &Value) -> Rect {
    Rect { x: whole(&value[0]), y: whole(&value[1]), w: whole(&value[2]), h: whole(&value[3]) }
}

fn scene(value: &Value) -> Scene {
    let right = value["direction"] == "LR";
    Scene {
        direction: if right { Direction::Right } else { Direction::Down },
        nodes: rows(&value["nodes"], |row| rect(&row["rect"])),
        groups: rows(&value["groups"], |row| GroupBox {
            rect: rect(&row["rect"]),
            title: rect(&row["title"]),
        }),
        edges: rows(&value["edges"], |row| Route {
            points: rows(&row["points"], |at| Point { x: whole(&at[0]), y: whole(&at[1]) }),
            label: row["label"].is_array().then(|| rect(&row["label"])),
        }),
        ..Scene::default()
    }
}

/// The yardstick's word for a defect.
fn word(defect: &Defect) -> &'static str {
    match defect {
        Defect::NodesOverlap(..) => "node_overlaps",
        Defect::NodeMisplaced(..) | Defect::GroupMisplaced(..) => "containment",
        Defect::GroupsOverlap(..) => "group_overlaps",
        Defect::LineThroughNode(..) => "edge_through_node",
        Defect::LineThroughGroup(..) => "edge_through_group",
        Defect::LineOverTitle(..) => "edge_on_header",
        Defect::BorderCrossed(..) => "border_excess",
        Defect::LooseEnd(..) => "bad_ends",
        Defect::SharedLane(..) => "shared_lane_pairs",
        Defect::LabelOnNode(..) => "label_on_node",
        Defect::LabelsOverlap(..) => "label_on_label",
        Defect::LabelOnLine(..) => "label_on_edge",
        Defect::LabelOnBorder(..) => "label_on_border",
        Defect::LabelOnTitle(..) => "label_on_header",
        Defect::LabelMissing(..) => "label_missing",
        Defect::LabelAway(..) => "label_detached",
    }
}

fn figures(measures: &Measures) -> BTreeMap<&'static str, i64> {
    let int = |count: usize| i64::try_from(count).unwrap();
    let mut figures = BTreeMap::from([
        ("hard", int(measures.hard())),
        ("crossings", int(measures.crossings)),
        ("bends", int(measures.bends)),
        ("tight_pairs", int(measures.tight)),
        ("upward", int(measures.upward)),
    ]);
    for defect in &measures.defects {
        *figures.entry(word(defect)).or_default() += 1;
    }
    figures
}

#[test]
fn measures_agree_with_the_yardstick() {
    for text in DRAWN {
        let value: Value = serde_json::from_str(text).unwrap();
        let measures = measure(&graph(&value), &scene(&value));
        let own = figures(&measures);
        for (name, expected) in value["figures"].as_object().unwrap() {
            let expected = expected.as_i64().unwrap();
            let (own, play) = match name.as_str() {
                "length" => (measures.length, 100),
                "area_ratio" => (measures.area, 1),
                "aspect" => (measures.aspect, 1),
                name => (own.get(name).copied().unwrap_or(0), 0),
            };
            assert!((own - expected).abs() <= play, "{name}: {own} instead of {expected}");
        }
    }
}

/// A fixed sequence of numbers.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn length(&mut self, least: i32, more: usize) -> i32 {
        least + 100 * i32::try_from(self.below(more)).unwrap()
    }
}

/// A random nested graph with loops, parallel flows, flows to groups and into the own group.
fn random(seed: u64, most: usize) -> Graph {
    let mut draws = Draws(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 77);
    draws.below(2);
    let (groups, nodes) = (draws.below(most / 2), 1 + draws.below(most));
    let flows = draws.below(2 * nodes + 4);
    let directions = [Direction::Down, Direction::Right, Direction::Auto];
    let mut graph = Graph { direction: directions[draws.below(3)], ..Graph::default() };
    for group in 0..groups {
        let parent = (group > 0 && draws.below(3) > 0).then(|| draws.below(group));
        let title = Size { w: draws.length(6_000, 90), h: 1_800 };
        graph.groups.push(Group { parent, title, peer: draws.below(4) == 0 });
    }
    for _ in 0..nodes {
        let parent = (groups > 0 && draws.below(5) > 0).then(|| draws.below(groups));
        graph
            .nodes
            .push(Node { parent, size: Size { w: draws.length(9_000, 90), h: draws.length(4_000, 30) } });
    }
    let end = |draws: &mut Draws| {
        if groups > 0 && draws.below(8) == 0 {
            End::Group(draws.below(groups))
        } else {
            End::Node(draws.below(nodes))
        }
    };
    for _ in 0..flows {
        let (from, to) = (end(&mut draws), end(&mut draws));
        let label = (draws.below(2) == 0).then(|| Size { w: draws.length(2_000, 100), h: 1_400 });
        graph.edges.push(Edge { from, to, label });
    }
    graph
}

#[test]
fn random_graphs_are_clean() {
    for seed in 0..400 {
        clean(&format!("random graph {seed}"), &random(seed, 14));
    }
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn ten_thousand_random_graphs_are_clean() {
    for seed in 0..10_000 {
        clean(&format!("random graph {seed}"), &random(seed, 28));
    }
}

fn node(parent: Option<usize>) -> Node {
    Node { parent, size: Size { w: 12_800, h: 5_600 } }
}

fn group(parent: Option<usize>) -> Group {
    Group { parent, title: Size { w: 9_000, h: 1_800 }, peer: false }
}

fn flow(from: usize, to: usize) -> Edge {
    Edge { from: End::Node(from), to: End::Node(to), label: None }
}

fn labelled(from: End, to: End) -> Edge {
    Edge { from, to, label: Some(Size { w: 5_000, h: 1_400 }) }
}

fn flat(nodes: usize, edges: Vec<Edge>) -> Graph {
    Graph { direction: Direction::Down, nodes: vec![node(None); nodes], groups: Vec::new(), edges }
}

#[test]
fn extremes_are_clean() {
    clean("nothing", &Graph::default());
    clean("no flows", &flat(500, Vec::new()));
    clean("a ring", &flat(300, (0..300).map(|n| flow(n, (n + 1) % 300)).collect()));
    clean("a chain", &flat(3_000, (1..3_000).map(|n| flow(n - 1, n)).collect()));
    clean("a hub", &flat(1_001, (1..1_001).map(|n| flow(0, n)).collect()));
    clean("a sink", &flat(301, (1..301).map(|n| flow(n, 0)).collect()));
    clean("parallels", &flat(2, (0..200).map(|n| flow(n % 2, 1 - n % 2)).collect()));
    let names = (0..40).map(|_| labelled(End::Node(0), End::Node(1))).collect();
    clean("labelled parallels", &flat(2, names));
    let loops = (0..9).map(|_| labelled(End::Node(0), End::Node(0))).chain([flow(0, 0), flow(0, 0)]);
    clean("loops", &flat(1, loops.collect()));
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn enormous_extremes_are_clean() {
    let between = (2..1_002).flat_map(|n| [flow(0, n), flow(n, 1)]);
    assert_eq!(clean("between a hub and a sink", &flat(1_002, between.collect())).crossings, 0);
    clean("an endless chain", &flat(100_000, (1..100_000).map(|n| flow(n - 1, n)).collect()));
    let named = (1..1_001).map(|n| labelled(End::Node(n), End::Node(0)));
    clean("a thousand labels", &flat(1_001, named.collect()));
    clean("no flows at all", &flat(10_000, Vec::new()));
}

/// Small trees of eight that only share the one who calls them all.
fn modules(count: usize) -> Graph {
    let caller = |n: usize| {
        let first = n - (n - 1) % 8;
        if n == first { 0 } else { first + (n - 1 - first) / 2 }
    };
    flat(8 * count + 1, (1..=8 * count).map(|n| flow(caller(n), n)).collect())
}

#[test]
fn modules_of_a_large_estate_stay_apart() {
    assert_eq!(clean("modules", &modules(40)).crossings, 0);
}

#[test]
fn nested_extremes_are_clean() {
    let mut deep = flat(0, (1..64).map(|n| flow(n - 1, n)).collect());
    deep.nodes = (0..64).map(|n| node(Some(n))).collect();
    deep.groups = (0..64_usize).map(|n| group(n.checked_sub(1))).collect();
    clean("64 nested groups", &deep);
    let mut hollow = flat(1, Vec::new());
    hollow.groups = vec![group(None), group(Some(0)), group(None)];
    hollow.edges = vec![
        labelled(End::Group(1), End::Group(2)),
        labelled(End::Group(0), End::Group(1)),
        labelled(End::Group(1), End::Group(0)),
        labelled(End::Group(2), End::Group(2)),
        labelled(End::Node(0), End::Group(1)),
    ];
    clean("empty groups", &hollow);
}

#[test]
fn flows_inside_their_own_group_stay_inside() {
    let mut graph = flat(
        0,
        vec![
            labelled(End::Group(0), End::Node(0)),
            labelled(End::Node(0), End::Group(0)),
            labelled(End::Group(0), End::Node(1)),
        ],
    );
    graph.nodes = vec![node(Some(0)), node(Some(1))];
    graph.groups = vec![group(None), group(Some(0))];
    clean("own group", &graph);
    let scene = layout(&graph, Engine::Layered);
    let outer = scene.groups[0].rect;
    let inside = |at: &Point| outer.contains(&Rect { x: at.x, y: at.y, w: 0, h: 0 });
    assert!(scene.edges.iter().all(|route| route.points.iter().all(inside)));
}

#[test]
fn peers_stand_side_by_side() {
    let mut graph = flat(0, vec![flow(0, 1), flow(1, 2)]);
    graph.nodes = (0..3).map(|n| node(Some(n))).collect();
    graph.groups = vec![Group { peer: true, ..group(None) }; 3];
    clean("peers", &graph);
    let scene = layout(&graph, Engine::Layered);
    let tops: Vec<(i32, i32)> = scene.groups.iter().map(|group| (group.rect.y, group.rect.h)).collect();
    assert_eq!(tops, vec![tops[0]; 3]);
}

#[test]
fn nonsense_is_drawn_without_panic() {
    let mut graph = flat(2, vec![flow(0, 7), labelled(End::Group(9), End::Node(0)), flow(0, 1)]);
    graph.nodes[0].size = Size { w: -5, h: i32::MAX };
    graph.nodes[1].parent = Some(1);
    graph.groups = vec![group(Some(2)), group(Some(0)), group(Some(1)), group(Some(99))];
    let (scene, measures) = drawn(&graph);
    assert_eq!((scene.nodes.len(), scene.groups.len(), scene.edges.len()), (2, 4, 3));
    assert!(measures.defects.contains(&Defect::LooseEnd(0)));
    assert!(scene.edges[0].points.is_empty());
}

#[test]
fn layout_rs_draws_small_flat_pictures_and_leaves_the_rest() {
    let small = flat(5, vec![flow(0, 1), flow(0, 2), flow(1, 3), flow(2, 3), flow(3, 4)]);
    let scene = layout(&small, Engine::LayoutRs);
    let slanted = |route: &Route| route.points.len() > 4;
    assert!(scene.edges.iter().any(slanted), "curves are drawn in pieces");
    assert!(!scene.defects.iter().any(|defect| matches!(defect, Defect::NodesOverlap(..))));
    let large = flat(60, (1..60).map(|n| flow(n / 2, n)).collect());
    assert_eq!(layout(&large, Engine::LayoutRs), layout(&large, Engine::Layered));
    let nested = corpus(CORPUS[0].1);
    assert_eq!(layout(&nested, Engine::LayoutRs), layout(&nested, Engine::Layered));
}
