//! Large containers become readable ones: kids with many flows among them are gathered in frames that nobody sees.
//!
//! Layers of hundreds of boxes cross everywhere and take time. So a container with many kids is divided first, by
//! label propagation with a bound on the size of each gathering (Meyerhenke, Sanders and Schulz, "Partitioning complex
//! networks via size-constrained clustering", 2014), and again until it has few. The frames are groups without a
//! title at the end of [`Graph::groups`]; the engine takes them out of the finished drawing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::arena::{Arena, Key, Rows};
use super::scene::{Edge, Graph, Group, Size};
use super::tree::{Item, Nest, Tree};

/// A container with more kids is divided.
const MANY: usize = 60;
/// Kids in one gathering at most.
const MOST: usize = 12;
/// A kid with more flows inside its container is a hub: it belongs everywhere, so it stays alone.
const HUB: usize = 24;
/// Passes over the kids of a container.
const PASSES: usize = 6;
/// Depth of frames within frames at most.
const LEVELS: usize = 8;

/// The graph with frames in all containers of many kids; `None` when it needs none.
pub(crate) fn gathered(graph: &Graph) -> Option<Graph> {
    let levels = std::iter::successors(divided(graph), divided);
    levels.take(LEVELS).last()
}

/// One level of frames in each container that has too many kids; `None` when there is none to divide.
fn divided(graph: &Graph) -> Option<Graph> {
    let tree = Tree::new(graph);
    let large: Vec<Nest> = tree.order.iter().copied().filter(|&nest| tree.kids[nest].len() > MANY).collect();
    if large.is_empty() {
        return None;
    }
    let flows = flows(graph, &tree);
    let mut next = graph.clone();
    for nest in large {
        for members in gatherings(graph, &tree, nest, flows.row(nest)) {
            frame(&mut next, &tree, nest, &members);
        }
    }
    (next.groups.len() > graph.groups.len()).then_some(next)
}

/// Two kids of one container that a flow joins, by slot.
type Pair = (usize, usize);

/// The flows inside each container, as pairs of its kids.
fn flows(graph: &Graph, tree: &Tree) -> Rows<Nest, Pair> {
    let pair = |edge: &Edge| {
        let (from, to) = tree.item(edge.from).zip(tree.item(edge.to))?;
        let nest = tree.common(tree.parent(from), tree.parent(to));
        let slots = (tree.slot(tree.kid_towards(nest, from)), tree.slot(tree.kid_towards(nest, to)));
        (slots.0 != slots.1).then_some((nest, slots))
    };
    let pairs: Vec<(Nest, Pair)> = graph.edges.iter().filter_map(pair).collect();
    Rows::group(tree.kids.len(), &pairs)
}

/// Which kids of a container belong together.
fn gatherings(graph: &Graph, tree: &Tree, nest: Nest, flows: &[Pair]) -> Vec<Vec<Item>> {
    let kids = &tree.kids[nest];
    let both: Vec<Pair> = flows.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    let near: Rows<usize, usize> = Rows::group(kids.len(), &both);
    let is_peer = |item: Item| {
        tree.nest(item).and_then(|nest| graph.groups.get(nest.at())).is_some_and(|group| group.peer)
    };
    let alone = kids.iter().enumerate().map(|(slot, &item)| near.row(slot).len() > HUB || is_peer(item));
    let labels = settled(&near, alone.collect());
    let mut members: BTreeMap<usize, Vec<Item>> = BTreeMap::new();
    for (&label, &item) in labels.iter().zip(kids) {
        members.entry(label).or_default().push(item);
    }
    members.into_values().filter(|members| members.len() > 1).collect()
}

/// The gathering of each kid; those that stay `alone` have one of their own.
fn settled(near: &Rows<usize, usize>, alone: Arena<usize, bool>) -> Arena<usize, usize> {
    let kids = alone.len();
    let mut labels = Labels { near, alone, of: (0..kids).collect(), size: Arena::filled(kids, 1) };
    for _ in 0..PASSES {
        let moves = labels.of.keys().filter(|&kid| labels.settle(kid)).count();
        if moves == 0 {
            break;
        }
    }
    labels.of
}

/// The gathering of each kid while they settle.
struct Labels<'a> {
    near: &'a Rows<usize, usize>,
    alone: Arena<usize, bool>,
    of: Arena<usize, usize>,
    size: Arena<usize, usize>,
}

impl Labels<'_> {
    /// Moves a kid to the gathering with room that most of its flows lead to; false when it stays.
    fn settle(&mut self, kid: usize) -> bool {
        let own = self.of[kid];
        let mut pulls: BTreeMap<usize, usize> = BTreeMap::new();
        for &other in self.near.row(kid).iter().filter(|&&other| !self.alone[other]) {
            *pulls.entry(self.of[other]).or_default() += 1;
        }
        let here = pulls.remove(&own).unwrap_or(0);
        let open = pulls.into_iter().filter(|&(label, pull)| pull > here && self.size[label] < MOST);
        let best = open.max_by_key(|&(label, pull)| (pull, Reverse(label)));
        let Some((label, _)) = best.filter(|_| !self.alone[kid]) else { return false };
        self.size[own] -= 1;
        self.size[label] += 1;
        self.of[kid] = label;
        true
    }
}

/// Puts a frame around some kids of a container.
fn frame(graph: &mut Graph, tree: &Tree, nest: Nest, members: &[Item]) {
    let frame = Some(graph.groups.len());
    let parent = (nest != tree.root()).then(|| nest.at());
    graph.groups.push(Group { parent, title: Size::default(), peer: false });
    for &item in members {
        let place = match tree.nest(item) {
            Some(inner) => graph.groups.get_mut(inner.at()).map(|group| &mut group.parent),
            None => graph.nodes.get_mut(item.at()).map(|node| &mut node.parent),
        };
        if let Some(place) = place {
            *place = frame;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arena, HUB, MANY, MOST, Rows, gathered, settled};
    use crate::layout::chance::Chance;
    use crate::layout::scene::{Edge, End, Graph, Node};

    fn graph(nodes: usize, flows: &[(usize, usize)]) -> Graph {
        let edge =
            |&(from, to): &(usize, usize)| Edge { from: End::Node(from), to: End::Node(to), label: None };
        Graph {
            nodes: vec![Node::default(); nodes],
            edges: flows.iter().map(edge).collect(),
            ..Graph::default()
        }
    }

    #[test]
    fn small_containers_stay_as_they_are() {
        let chain: Vec<(usize, usize)> = (1..MANY).map(|node| (node - 1, node)).collect();
        assert_eq!(gathered(&graph(MANY, &chain)), None);
    }

    #[test]
    fn modules_around_a_hub_get_a_frame_each() {
        let flow = |node: usize| if node.is_multiple_of(8) { (200, node) } else { (node - 1, node) };
        let flows: Vec<(usize, usize)> = (0..200).map(flow).collect();
        let framed = gathered(&graph(201, &flows)).unwrap();
        assert_eq!(framed.nodes[200].parent, None);
        for module in framed.nodes[..200].chunks(8) {
            assert!(module.iter().all(|node| node.parent.is_some() && node.parent == module[0].parent));
        }
    }

    #[test]
    fn no_gathering_is_too_large_or_holds_a_hub() {
        let mut chance = Chance::new(29);
        let pairs: Vec<(usize, usize)> = (0..900)
            .map(|flow| (if flow < 100 { 0 } else { chance.below(300) }, chance.below(300)))
            .collect();
        let near = Rows::group(300, &pairs);
        let alone: Arena<usize, bool> = (0..300).map(|kid| near.row(kid).len() > HUB).collect();
        let of = settled(&near, alone);
        let members = |label: usize| of.iter().filter(|&&other| other == label).count();
        assert!((0..300).all(|label| members(label) <= MOST));
        assert_eq!(members(of[0]), 1);
    }
}
