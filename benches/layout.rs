//! Layout times side by side: this engine, layout-rs and, where it is installed, Graphviz `dot`.
//!
//! Run with `cargo bench --bench layout`. Times of `dot` are those of a whole process.

use std::fmt::Write;
use std::hint::black_box;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use archc::layout::{Direction, Edge, End, Engine, Graph, Group, Node, Size, layout};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// Nodes per group and groups per outer group.
const NEST: (usize, usize) = (6, 5);

/// A fixed sequence of numbers.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// An estate: groups of six nodes in groups of five, flows mostly near.
fn estate(nodes: usize) -> Graph {
    let title = Size { w: 11_000, h: 1_800 };
    let mut graph = Graph { direction: Direction::Down, ..Graph::default() };
    let mut level: Vec<usize> = (0..nodes.div_ceil(NEST.0)).collect();
    graph.groups.resize(level.len(), Group { parent: None, title, peer: false });
    while level.len() > 8 {
        let first = graph.groups.len();
        let outer = level.len().div_ceil(NEST.1);
        graph.groups.resize(first + outer, Group { parent: None, title, peer: false });
        for (place, &group) in level.iter().enumerate() {
            let parent = Some(first + place / NEST.1);
            graph.groups.iter_mut().skip(group).take(1).for_each(|group| group.parent = parent);
        }
        level = (first..first + outer).collect();
    }
    graph.nodes = (0..nodes)
        .map(|node| Node { parent: Some(node / NEST.0), size: Size { w: 13_000, h: 5_600 } })
        .collect();
    graph.edges = flows(nodes);
    graph
}

fn flows(nodes: usize) -> Vec<Edge> {
    let mut draws = Draws(5);
    let mut edges = Vec::new();
    for node in 1..nodes {
        let near = if node % NEST.0 == 0 { NEST.0 * NEST.1 } else { node % NEST.0 };
        let from = node.saturating_sub(1 + draws.below(near));
        let label = (draws.below(2) == 0).then_some(Size { w: 6_000, h: 1_400 });
        edges.push(Edge { from: End::Node(from), to: End::Node(node), label });
    }
    edges
}

/// The same without groups and labels, small enough for layout-rs.
fn flat(nodes: usize) -> Graph {
    let mut graph = estate(nodes);
    graph.groups.clear();
    graph.nodes.iter_mut().for_each(|node| node.parent = None);
    graph.edges.iter_mut().for_each(|edge| edge.label = None);
    graph
}

/// The graph as Graphviz text; nested groups become clusters.
fn dot_text(graph: &Graph) -> String {
    let mut text = String::from("digraph { compound=true; splines=ortho;\n");
    for (node, placed) in graph.nodes.iter().enumerate() {
        let cluster = placed.parent.map(|group| format!("subgraph cluster{group} {{ n{node} [shape=box] }}"));
        let _ = writeln!(text, "{}", cluster.unwrap_or_else(|| format!("n{node} [shape=box]")));
    }
    for edge in &graph.edges {
        if let (End::Node(from), End::Node(to)) = (edge.from, edge.to) {
            let _ = writeln!(text, "n{from} -> n{to}");
        }
    }
    text + "}\n"
}

/// Runs `dot`; false when it is not installed.
fn run_dot(text: &str) -> bool {
    let started = Command::new("dot").arg("-Tplain").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = started else { return false };
    let written = child.stdin.take().is_some_and(|mut pipe| pipe.write_all(text.as_bytes()).is_ok());
    written && child.wait_with_output().is_ok_and(|output| output.status.success())
}

fn nested(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nested");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for nodes in [10, 30, 100, 300, 1_000, 3_000, 10_000] {
        let graph = estate(nodes);
        group.bench_with_input(BenchmarkId::new("archc", nodes), &graph, |bench, graph| {
            bench.iter(|| black_box(layout(graph, Engine::Layered)));
        });
        let text = dot_text(&graph);
        if nodes <= 300 && run_dot(&text) {
            group.bench_with_input(BenchmarkId::new("dot", nodes), &text, |bench, text| {
                bench.iter(|| run_dot(text));
            });
        }
    }
}

fn small(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("flat");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    for nodes in [10, 20, 40] {
        let graph = flat(nodes);
        for (name, engine) in [("archc", Engine::Layered), ("layout-rs", Engine::LayoutRs)] {
            group.bench_with_input(BenchmarkId::new(name, nodes), &graph, |bench, graph| {
                bench.iter(|| black_box(layout(graph, engine)));
            });
        }
    }
}

criterion_group!(benches, nested, small);
criterion_main!(benches);
