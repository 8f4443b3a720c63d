//! Layering: on which layer of its container each kid and each label stands.

use std::collections::BTreeMap;

use super::arena::{Arena, Key};
use super::course::{Inner, Pass, Side};
use super::feedback::sequence;
use super::plan::{Plan, length};
use super::sheet::Joint;
use super::simplex::{Arc, solve};
use super::spacing::ROW_GAP;
use super::tree::{Item, Nest};

/// More peers than this would make an endless row.
const MOST_PEERS: usize = 6;
/// More items than this in a tower are folded into rows.
const TALLEST: usize = 9;
/// The same where the whole drawing would be a strip.
const TALLEST_FOLDED: usize = 2;
/// Work allowed for one container.
const BUDGET: u64 = 20_000_000;
/// The upper border, the lower border, then the kids, then the labels.
const FIRST_KID: usize = 2;

/// The layers of a container; 0 is the upper border and `count − 1` the lower.
#[derive(Debug)]
pub(crate) struct Ranks {
    /// Layer per kid, by slot; `None` when no flow touches it.
    pub(crate) kid: Arena<usize, Option<usize>>,
    /// Layer per piece whose label is a box of its own: inner pieces, then passes.
    pub(crate) label: Arena<usize, Option<usize>>,
    /// Number of layers with both borders.
    pub(crate) count: usize,
    /// Slots of kids that stand beside their peers.
    pub(crate) peers: Vec<usize>,
}

/// What layering reads.
pub(crate) struct Task<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) nest: Nest,
    pub(crate) inner: &'a [Inner],
    pub(crate) passes: &'a [Pass],
    /// True for flows whose label needs a box below the layer although both ends are on it.
    pub(crate) boxed: &'a dyn Fn(usize) -> bool,
}

/// Finds the layers of one container.
pub(crate) fn ranks(task: &Task) -> Ranks {
    let mut draft = Draft::new(task);
    draft.solve(task);
    draft.spread(task);
    draft.fold(task);
    draft.packed()
}

struct Draft {
    used: Arena<usize, bool>,
    /// The first of the peers stands for all.
    lead: Arena<usize, usize>,
    peers: Vec<usize>,
    /// The vertex of each label.
    label: Arena<usize, Option<usize>>,
    arcs: Vec<Arc>,
    rank: Arena<usize, i32>,
    kids: Vec<Item>,
}

impl Draft {
    fn new(task: &Task) -> Self {
        let tree = &task.plan.tree;
        let kids = tree.kids[task.nest].clone();
        let mut used: Arena<usize, bool> = Arena::filled(kids.len(), false);
        let ends = task.inner.iter().flat_map(|inner| [inner.from, inner.to]);
        for item in ends.chain(task.passes.iter().filter_map(|pass| pass.item)) {
            used[tree.slot(item)] = true;
        }
        let slots = 0..kids.len();
        let mut draft = Self {
            used,
            lead: slots.collect(),
            peers: Vec::new(),
            label: Arena::filled(task.inner.len() + task.passes.len(), None),
            arcs: Vec::new(),
            rank: Arena::default(),
            kids,
        };
        draft.join_peers(task);
        draft
    }

    fn join_peers(&mut self, task: &Task) {
        let is_peer =
            |&slot: &usize| self.used[slot] && self.kids.get(slot).is_some_and(|&item| task.plan.peer[item]);
        let peers: Vec<usize> = self.used.keys().filter(is_peer).collect();
        if (2..=MOST_PEERS).contains(&peers.len()) {
            for &slot in &peers {
                self.lead[slot] = peers.first().copied().unwrap_or(slot);
            }
            self.peers = peers;
        }
    }

    fn lead_of(&self, task: &Task, item: Item) -> usize {
        self.lead[task.plan.tree.slot(item)]
    }

    /// Cycle breaking and network simplex.
    fn solve(&mut self, task: &Task) {
        let order = self.sequence(task);
        let mut next = FIRST_KID + self.kids.len();
        for (place, inner) in task.inner.iter().enumerate() {
            let (from, to) = (self.lead_of(task, inner.from), self.lead_of(task, inner.to));
            let (upper, lower) = if order[from] > order[to] { (to, from) } else { (from, to) };
            let has_label = task.plan.label(inner.flow).is_some();
            if has_label && (from != to || (task.boxed)(inner.flow)) {
                self.label[place] = Some(next);
                self.arcs.push(Arc::new(FIRST_KID + upper, next, 1, 1));
                if from != to {
                    self.arcs.push(Arc::new(next, FIRST_KID + lower, 1, 1));
                }
                next += 1;
            } else if from != to {
                self.arcs.push(Arc::new(FIRST_KID + upper, FIRST_KID + lower, 1, 2));
            }
        }
        for (place, pass) in task.passes.iter().enumerate() {
            let Some(item) = pass.item else { continue };
            let kid = FIRST_KID + self.lead_of(task, item);
            let (tail, head) = if pass.side == Side::Top { (0, kid) } else { (kid, 1) };
            if pass.joint == Joint::Free && task.plan.label(pass.flow).is_some() {
                self.label[task.inner.len() + place] = Some(next);
                self.arcs.extend([Arc::new(tail, next, 1, 1), Arc::new(next, head, 1, 1)]);
                next += 1;
            } else {
                self.arcs.push(Arc::new(tail, head, 1, 1));
            }
        }
        self.tie_borders(next);
        self.rank = solve(next, self.arcs.clone(), BUDGET).into();
        self.follow_leads();
    }

    fn follow_leads(&mut self) {
        for slot in self.lead.keys() {
            self.rank[FIRST_KID + slot] = self.rank[FIRST_KID + self.lead[slot]];
        }
    }

    fn sequence(&self, task: &Task) -> Arena<usize, usize> {
        let ends = |inner: &Inner| (self.lead_of(task, inner.from), self.lead_of(task, inner.to));
        let arcs: Vec<(usize, usize)> = task.inner.iter().map(ends).filter(|(a, b)| a != b).collect();
        let above = task.passes.iter().filter(|pass| pass.side == Side::Top);
        let entries = above.filter_map(|pass| pass.item).map(|item| self.lead_of(task, item));
        sequence(self.kids.len(), &arcs, &entries.collect::<Vec<_>>())
    }

    /// Everything stands between the borders.
    fn tie_borders(&mut self, count: usize) {
        let mut below: Arena<usize, bool> = Arena::filled(count, false);
        let mut above: Arena<usize, bool> = Arena::filled(count, false);
        for arc in &self.arcs {
            below[arc.tail.at()] = true;
            above[arc.head.at()] = true;
        }
        for vertex in FIRST_KID..count {
            if !above[vertex] {
                self.arcs.push(Arc::new(0, vertex, 1, 0));
            }
            if !below[vertex] {
                self.arcs.push(Arc::new(vertex, 1, 1, 0));
            }
        }
        self.arcs.push(Arc::new(0, 1, 1, 0));
    }

    fn used_slots(&self) -> impl Iterator<Item = usize> + '_ {
        self.used.keys().filter(|&slot| self.used[slot])
    }

    fn width(&self, task: &Task, slot: usize) -> i64 {
        self.kids.get(slot).map_or(0, |&item| task.plan.guess_width(item))
    }

    /// A layer far wider than the fair width is split (list scheduling over the constraints).
    fn spread(&mut self, task: &Task) {
        let fair = task.plan.fair_width(task.nest);
        if !self.peers.is_empty() || 2 * self.widest(task) <= 3 * fair {
            return;
        }
        let first_label = FIRST_KID + self.kids.len();
        let counts = |vertex: usize| vertex >= first_label || self.used[vertex - FIRST_KID];
        let mut order: Vec<usize> = (FIRST_KID..self.rank.len()).filter(|&v| counts(v)).collect();
        order.sort_by_key(|&vertex| (self.rank[vertex], vertex));
        let mut least: Arena<usize, i32> = Arena::filled(self.rank.len(), 1);
        let downs: Vec<(usize, usize)> = self.arcs.iter().map(|a| (a.tail.at(), a.head.at())).collect();
        let downs = super::arena::Rows::group(self.rank.len(), &downs);
        let mut filled = Filled::new(fair);
        for vertex in order {
            let width = if vertex < first_label { self.width(task, vertex - FIRST_KID) } else { 0 };
            let layer = filled.put(least[vertex], width);
            self.rank[vertex] = layer;
            for &below in downs.row(vertex) {
                least[below] = least[below].max(layer + 1);
            }
        }
    }

    /// A tower far higher than wide becomes rows of fair width.
    fn fold(&mut self, task: &Task) {
        let fair = task.plan.fair_width(task.nest);
        let (tallest, width) =
            if task.plan.folded { (TALLEST_FOLDED, self.widest(task)) } else { (TALLEST, fair) };
        let low = 5 * self.height(task) <= 7 * width || self.used_slots().count() <= tallest;
        if low || !self.peers.is_empty() {
            return;
        }
        let mut order: Vec<usize> = self.used_slots().collect();
        order.sort_by_key(|&slot| (self.rank[FIRST_KID + slot], slot));
        let (mut row, mut filled) = (0, 0);
        for slot in order {
            let width = self.width(task, slot);
            if filled > 0 && 10 * (filled + width) > 11 * fair {
                (row, filled) = (row + 1, 0);
            }
            filled += width;
            self.rank[FIRST_KID + slot] = 2 * row + 1;
        }
        for (place, inner) in task.inner.iter().enumerate() {
            let rank = |item| self.rank[FIRST_KID + task.plan.tree.slot(item)];
            if let Some(vertex) = self.label[place] {
                self.rank[vertex] = rank(inner.from).min(rank(inner.to)) + 1;
            }
        }
        for (place, pass) in task.passes.iter().enumerate() {
            let kid = pass.item.map(|item| self.rank[FIRST_KID + task.plan.tree.slot(item)]);
            if let Some((vertex, rank)) = self.label[task.inner.len() + place].zip(kid) {
                self.rank[vertex] = if pass.side == Side::Top { rank - 1 } else { rank + 1 };
            }
        }
    }

    /// The width of the widest layer.
    fn widest(&self, task: &Task) -> i64 {
        let mut wide: BTreeMap<i32, i64> = BTreeMap::new();
        for slot in self.used_slots() {
            *wide.entry(self.rank[FIRST_KID + slot]).or_default() += self.width(task, slot);
        }
        wide.into_values().max().unwrap_or(0)
    }

    /// The height of all layers. Where folding is at stake, layers of labels count.
    fn height(&self, task: &Task) -> i64 {
        let mut high: BTreeMap<i32, i64> = BTreeMap::new();
        for vertex in self.label.iter().flatten().filter(|_| task.plan.folded) {
            high.insert(self.rank[*vertex], i64::from(ROW_GAP));
        }
        for slot in self.used_slots() {
            let height = self.kids.get(slot).map_or(0, |&item| task.plan.guess_height(item));
            let layer = high.entry(self.rank[FIRST_KID + slot]).or_default();
            *layer = (*layer).max(height + i64::from(ROW_GAP));
        }
        high.values().sum()
    }

    /// Layers without a gap in their numbers.
    fn packed(self) -> Ranks {
        let labels = self.label.iter().flatten().map(|&vertex| self.rank[vertex]);
        let kids = self.used_slots().map(|slot| self.rank[FIRST_KID + slot]);
        let mut taken: Vec<i32> = labels.chain(kids).collect();
        taken.sort_unstable();
        taken.dedup();
        let layer = |vertex: usize| taken.binary_search(&self.rank[vertex]).unwrap_or(0) + 1;
        let kid = |slot: usize| self.used[slot].then(|| layer(FIRST_KID + slot));
        Ranks {
            kid: self.used.keys().map(kid).collect(),
            label: self.label.iter().map(|vertex| vertex.map(layer)).collect(),
            count: taken.len() + 2,
            peers: self.peers.clone(),
        }
    }
}

/// How much of each layer is taken.
struct Filled {
    fair: i64,
    taken: Vec<i64>,
    /// The first layer that may have room.
    open: usize,
}

impl Filled {
    fn new(fair: i64) -> Self {
        Self { fair, taken: Vec::new(), open: 1 }
    }

    /// Takes `width` in the first layer from `least` on that has room for it.
    fn put(&mut self, least: i32, width: i64) -> i32 {
        let mut layer = usize::try_from(least).unwrap_or(0);
        if width > 0 {
            layer = layer.max(self.open);
        }
        while width > 0 && self.at(layer) > 0 && self.at(layer) + width > self.fair {
            layer += 1;
        }
        if self.taken.len() <= layer {
            self.taken.resize(layer + 1, 0);
        }
        if let Some(taken) = self.taken.get_mut(layer) {
            *taken += width;
        }
        while self.at(self.open) * 4 > self.fair * 3 {
            self.open += 1;
        }
        length(layer)
    }

    fn at(&self, layer: usize) -> i64 {
        self.taken.get(layer).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Filled;

    #[test]
    fn a_full_layer_overflows_into_the_next() {
        let mut filled = Filled::new(100);
        let layers: Vec<i32> = (0..7).map(|_| filled.put(1, 40)).collect();
        assert_eq!(layers, [1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn a_wide_item_has_a_layer_of_its_own() {
        let mut filled = Filled::new(100);
        assert_eq!([filled.put(1, 40), filled.put(1, 400), filled.put(1, 40)], [1, 2, 1]);
    }
}
