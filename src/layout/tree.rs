//! Which box holds which: items, containers and their order.

use super::arena::{Arena, Key, key};
use super::scene::{End, Graph};

key! {
    /// A node (first), a group (then) or the page (last).
    Item
}
key! {
    /// A container: a group, or the page as the last one.
    Nest
}

/// The nesting of a graph. A parent that does not exist or holds itself counts as the page.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: usize,
    parent: Arena<Item, Nest>,
    depth: Arena<Nest, usize>,
    slot: Arena<Item, usize>,
    /// Items per container, in the order of the model.
    pub(crate) kids: Arena<Nest, Vec<Item>>,
    /// Containers, parents before children.
    pub(crate) order: Vec<Nest>,
}

impl Tree {
    /// Reads the nesting of `graph`.
    pub(crate) fn new(graph: &Graph) -> Self {
        let (nodes, groups) = (graph.nodes.len(), graph.groups.len());
        let inside = |parent: Option<usize>| Nest::of(parent.filter(|&p| p < groups).unwrap_or(groups));
        let up: Arena<Nest, Nest> = graph.groups.iter().map(|group| inside(group.parent)).collect();
        let up = without_rings(&up, Nest::of(groups));
        let mut parent: Arena<Item, Nest> = graph.nodes.iter().map(|node| inside(node.parent)).collect();
        parent.cells().extend(up.iter().copied().chain([Nest::of(groups)]));
        let mut tree = Self {
            nodes,
            parent,
            depth: Arena::filled(groups + 1, 0),
            slot: Arena::filled(nodes + groups + 1, 0),
            kids: Arena::filled(groups + 1, Vec::new()),
            order: vec![Nest::of(groups)],
        };
        tree.fill();
        tree
    }

    fn fill(&mut self) {
        for item in self.parent.keys().take(self.parent.len() - 1) {
            let home = self.parent[item];
            self.slot[item] = self.kids[home].len();
            self.kids[home].push(item);
        }
        let mut next = 0;
        while let Some(&nest) = self.order.get(next) {
            next += 1;
            for item in self.kids[nest].clone() {
                if let Some(inner) = self.nest(item) {
                    self.depth[inner] = self.depth[nest] + 1;
                    self.order.push(inner);
                }
            }
        }
    }

    /// The page.
    pub(crate) fn root(&self) -> Nest {
        Nest::of(self.depth.len() - 1)
    }

    /// The item that stands for an end of an edge, when it exists.
    pub(crate) fn item(&self, end: End) -> Option<Item> {
        match end {
            End::Node(node) => (node < self.nodes).then(|| Item::of(node)),
            End::Group(group) => (group + 1 < self.depth.len()).then(|| Item::of(self.nodes + group)),
        }
    }

    /// The container that an item is, unless it is a node.
    pub(crate) fn nest(&self, item: Item) -> Option<Nest> {
        item.at().checked_sub(self.nodes).map(Nest::of)
    }

    /// The item of a container.
    pub(crate) fn item_of(&self, nest: Nest) -> Item {
        Item::of(self.nodes + nest.at())
    }

    /// The container that holds an item; the page holds itself.
    pub(crate) fn parent(&self, item: Item) -> Nest {
        self.parent[item]
    }

    /// The place of an item among the kids of its parent.
    pub(crate) fn slot(&self, item: Item) -> usize {
        self.slot[item]
    }

    /// How many containers are around a container.
    pub(crate) fn depth(&self, nest: Nest) -> usize {
        self.depth[nest]
    }

    fn above(&self, nest: Nest) -> Nest {
        self.parent[self.item_of(nest)]
    }

    /// The kid of `nest` that holds `item`, or `item` itself.
    pub(crate) fn kid_towards(&self, nest: Nest, item: Item) -> Item {
        let mut at = item;
        while self.parent(at) != nest && at != self.item_of(self.root()) {
            at = self.item_of(self.parent(at));
        }
        at
    }

    /// True when `item` is `nest` or lies inside it.
    pub(crate) fn holds(&self, nest: Nest, item: Item) -> bool {
        let mut at = self.nest(item).unwrap_or_else(|| self.parent(item));
        while self.depth(at) > self.depth(nest) {
            at = self.above(at);
        }
        at == nest
    }

    /// The innermost container that holds both containers.
    pub(crate) fn common(&self, a: Nest, b: Nest) -> Nest {
        let (mut a, mut b) = (a, b);
        while a != b {
            if self.depth(a) >= self.depth(b) {
                a = self.above(a);
            } else {
                b = self.above(b);
            }
        }
        a
    }
}

/// Parents of groups, where a group that would hold itself is moved to the page.
fn without_rings(up: &Arena<Nest, Nest>, root: Nest) -> Arena<Nest, Nest> {
    let mut clean = up.clone();
    // 0 unseen, otherwise the number of the walk that met it first.
    let mut seen: Arena<Nest, usize> = Arena::filled(up.len() + 1, 0);
    for start in up.keys() {
        let walk = start.at() + 1;
        let mut at = start;
        while at != root && seen[at] == 0 {
            seen[at] = walk;
            let next = clean[at];
            if next != root && seen[next] == walk {
                clean[at] = root;
            }
            at = clean[at];
        }
    }
    clean
}
