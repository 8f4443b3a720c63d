//! Network simplex: the cheapest whole numbers under difference constraints
//! (Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs", 1993).
//!
//! Minimises the sum of `weight · (rank[head] − rank[tail])` where each difference is at least `least`.
//! Layers and x coordinates are both found this way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::arena::{Arena, Key, Rows, key};

key! {
    /// A variable.
    Spot
}
key! {
    /// A constraint.
    Tie
}

/// One constraint with its price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    /// The smaller variable.
    pub(crate) tail: Spot,
    /// The larger variable.
    pub(crate) head: Spot,
    /// The least difference.
    pub(crate) least: i32,
    /// The price of each unit of difference.
    pub(crate) weight: i32,
}

impl Arc {
    /// A constraint between two variables by number.
    pub(crate) fn new(tail: usize, head: usize, least: i32, weight: i32) -> Self {
        Self { tail: Spot::of(tail), head: Spot::of(head), least, weight }
    }

    fn other(&self, spot: Spot) -> Spot {
        if self.tail == spot { self.head } else { self.tail }
    }
}

/// Solves for `spots` variables. `budget` bounds the work (about one unit per variable or constraint
/// touched); when it runs out the answer is feasible but may not be the cheapest. The least rank is 0.
/// Constraints in a ring, or parts without a constraint between them, are not improved.
pub(crate) fn solve(spots: usize, arcs: Vec<Arc>, budget: u64) -> Vec<i32> {
    let mut net = Net::new(spots, arcs);
    if net.start_longest() && net.grow_tree() {
        net.number(Spot::of(0), None, 0);
        net.price();
        net.pivot_all(budget);
    }
    net.normalised()
}

struct Net {
    arcs: Arena<Tie, Arc>,
    incident: Rows<Spot, Tie>,
    rank: Arena<Spot, i32>,
    in_tree: Arena<Tie, bool>,
    branches: Arena<Spot, Vec<Tie>>,
    /// Least post-order number in the subtree of a variable.
    low: Arena<Spot, u32>,
    /// Post-order number.
    last: Arena<Spot, u32>,
    up: Arena<Spot, Option<Tie>>,
    order: Arena<usize, Spot>,
    cut: Arena<Tie, i64>,
    tree: Arena<usize, Tie>,
    stack: Vec<(Spot, usize)>,
}

impl Net {
    fn new(spots: usize, arcs: Vec<Arc>) -> Self {
        let ends = |(place, arc): (usize, &Arc)| [(arc.tail, Tie::of(place)), (arc.head, Tie::of(place))];
        let pairs: Vec<(Spot, Tie)> = arcs.iter().enumerate().flat_map(ends).collect();
        let ties = arcs.len();
        Self {
            arcs: Arena::from(arcs),
            incident: Rows::group(spots, &pairs),
            rank: Arena::filled(spots, 0),
            in_tree: Arena::filled(ties, false),
            branches: Arena::filled(spots, Vec::new()),
            low: Arena::filled(spots, 0),
            last: Arena::filled(spots, 0),
            up: Arena::filled(spots, None),
            order: Arena::filled(spots, Spot::of(0)),
            cut: Arena::filled(ties, 0),
            tree: Arena::default(),
            stack: Vec::new(),
        }
    }

    fn slack(&self, tie: Tie) -> i32 {
        let arc = self.arcs[tie];
        self.rank[arc.head] - self.rank[arc.tail] - arc.least
    }

    /// Ranks by longest path; false when the constraints form a ring.
    fn start_longest(&mut self) -> bool {
        let mut waiting: Arena<Spot, usize> = Arena::filled(self.rank.len(), 0);
        for arc in self.arcs.iter() {
            waiting[arc.head] += 1;
        }
        let mut queue: Vec<Spot> = waiting.keys().filter(|&spot| waiting[spot] == 0).collect();
        let mut next = 0;
        while let Some(&spot) = queue.get(next) {
            next += 1;
            for &tie in self.incident.row(spot) {
                let arc = self.arcs[tie];
                if arc.tail == spot {
                    self.rank[arc.head] = self.rank[arc.head].max(self.rank[spot] + arc.least);
                    waiting[arc.head] -= 1;
                    if waiting[arc.head] == 0 {
                        queue.push(arc.head);
                    }
                }
            }
        }
        queue.len() == self.rank.len() && !self.rank.is_empty()
    }

    /// A spanning tree of tight constraints; false when the parts are not connected.
    fn grow_tree(&mut self) -> bool {
        let mut growth = Growth::new(self.rank.len());
        growth.join(self, Spot::of(0));
        while growth.joined < self.rank.len() {
            let Some((tie, spot)) = growth.nearest(self) else { return false };
            let other = self.arcs[tie].other(spot);
            self.in_tree[tie] = true;
            self.branches[spot].push(tie);
            self.branches[other].push(tie);
            self.tree.push(tie);
            growth.join(self, spot);
        }
        for spot in self.rank.keys() {
            self.rank[spot] += growth.shift;
        }
        true
    }

    /// Post-order numbers of the subtree under `root`, starting with `first`.
    fn number(&mut self, root: Spot, above: Option<Tie>, first: u32) {
        let mut count = first;
        let mut stack = std::mem::take(&mut self.stack);
        self.enter(root, above, count);
        stack.push((root, 0));
        while let Some((spot, next)) = stack.last_mut() {
            let spot = *spot;
            let Some(&tie) = self.branches[spot].get(*next) else {
                self.last[spot] = count;
                self.order[count as usize] = spot;
                count += 1;
                stack.pop();
                continue;
            };
            *next += 1;
            if self.up[spot] != Some(tie) {
                let below = self.arcs[tie].other(spot);
                self.enter(below, Some(tie), count);
                stack.push((below, 0));
            }
        }
        self.stack = stack;
    }

    fn enter(&mut self, spot: Spot, above: Option<Tie>, count: u32) {
        self.up[spot] = above;
        self.low[spot] = count;
    }

    /// Cut values of all tree constraints, leaves first.
    fn price(&mut self) {
        let mut excess: Arena<Spot, i64> = Arena::filled(self.rank.len(), 0);
        for arc in self.arcs.iter() {
            excess[arc.tail] += i64::from(arc.weight);
            excess[arc.head] -= i64::from(arc.weight);
        }
        for place in self.order.keys() {
            let spot = self.order[place];
            let Some(tie) = self.up[spot] else { continue };
            let arc = self.arcs[tie];
            self.cut[tie] = if arc.tail == spot { excess[spot] } else { -excess[spot] };
            let rest = excess[spot];
            excess[arc.other(spot)] += rest;
        }
    }

    fn pivot_all(&mut self, budget: u64) {
        let mut left = budget;
        let mut from = 0;
        while let Some(place) = self.leaving(from) {
            from = place;
            let spent = self.pivot(place);
            left = left.saturating_sub(spent);
            if left == 0 {
                return;
            }
        }
    }

    /// The most negative of the next twenty tree constraints with a negative cut value.
    fn leaving(&self, from: usize) -> Option<usize> {
        let (mut best, mut seen) = (None, 0);
        let mut least = 0;
        for place in (from..self.tree.len()).chain(0..from) {
            let cut = self.cut[self.tree[place]];
            if cut < 0 {
                seen += 1;
                if cut < least {
                    (best, least) = (Some(place), cut);
                }
                if seen >= 20 {
                    break;
                }
            }
        }
        best
    }

    /// Replaces a tree constraint by the one that stops its move; returns the work done.
    fn pivot(&mut self, place: usize) -> u64 {
        let leaving = self.tree[place];
        let arc = self.arcs[leaving];
        let tail_below = self.last[arc.tail] < self.last[arc.head];
        let below = if tail_below { arc.tail } else { arc.head };
        let (low, high) = (self.low[below], self.last[below]);
        let Some((slack, entering)) = self.entering(low, high, tail_below) else {
            self.cut[leaving] = 0;
            return 1;
        };
        if slack > 0 {
            let step = if tail_below { -slack } else { slack };
            for number in low..=high {
                let spot = self.order[number as usize];
                self.rank[spot] += step;
            }
        }
        let value = self.cut[leaving];
        let top = self.update_cuts(entering, value);
        self.cut[entering] = -value;
        self.cut[leaving] = 0;
        self.exchange(place, leaving, entering);
        let (above, first) = (self.up[top], self.low[top]);
        self.number(top, above, first);
        u64::from(self.last[top] - first) + u64::from(high - low) + 20
    }

    /// The constraint of least slack that leads back into the subtree `low..=high`.
    fn entering(&self, low: u32, high: u32, tail_below: bool) -> Option<(i32, Tie)> {
        let mut best: Option<(i32, Tie)> = None;
        for number in low..=high {
            let spot = self.order[number as usize];
            for &tie in self.incident.row(spot) {
                let arc = self.arcs[tie];
                let (inner, outer) = if tail_below { (arc.head, arc.tail) } else { (arc.tail, arc.head) };
                let last = self.last[outer];
                if inner != spot || self.in_tree[tie] || (low <= last && last <= high) {
                    continue;
                }
                let found = (self.slack(tie), tie);
                if best.is_none_or(|known| found < known) {
                    best = Some(found);
                }
            }
        }
        best
    }

    fn is_above(&self, upper: Spot, lower: Spot) -> bool {
        self.low[upper] <= self.last[lower] && self.last[lower] <= self.last[upper]
    }

    /// Adds the cut value of the leaving constraint along the tree path of the entering one;
    /// returns the topmost variable of that path.
    fn update_cuts(&mut self, entering: Tie, value: i64) -> Spot {
        let arc = self.arcs[entering];
        self.climb(arc.tail, arc.head, value, true);
        self.climb(arc.head, arc.tail, value, false)
    }

    fn climb(&mut self, from: Spot, towards: Spot, value: i64, forward: bool) -> Spot {
        let mut spot = from;
        while !self.is_above(spot, towards) {
            let Some(tie) = self.up[spot] else { break };
            let arc = self.arcs[tie];
            self.cut[tie] += if (arc.tail == spot) == forward { value } else { -value };
            spot = arc.other(spot);
        }
        spot
    }

    fn exchange(&mut self, place: usize, leaving: Tie, entering: Tie) {
        let (old, new) = (self.arcs[leaving], self.arcs[entering]);
        self.in_tree[leaving] = false;
        self.in_tree[entering] = true;
        self.tree[place] = entering;
        for spot in [old.tail, old.head] {
            self.branches[spot].retain(|&tie| tie != leaving);
        }
        for spot in [new.tail, new.head] {
            self.branches[spot].push(entering);
        }
    }

    fn normalised(self) -> Vec<i32> {
        let least = self.rank.iter().min().copied().unwrap_or(0);
        self.rank.iter().map(|rank| rank - least).collect()
    }
}

/// The tree while it grows: the joined part moves as a whole, so its ranks are kept without `shift`.
struct Growth {
    inside: Arena<Spot, bool>,
    joined: usize,
    shift: i32,
    /// Constraints that leave the joined part, by slack plus shift.
    leaving: BinaryHeap<Reverse<(i32, Tie)>>,
    /// Constraints that enter the joined part, by slack minus shift.
    entering: BinaryHeap<Reverse<(i32, Tie)>>,
}

impl Growth {
    fn new(spots: usize) -> Self {
        let heap = BinaryHeap::new;
        Self { inside: Arena::filled(spots, false), joined: 0, shift: 0, leaving: heap(), entering: heap() }
    }

    fn join(&mut self, net: &mut Net, spot: Spot) {
        self.inside[spot] = true;
        self.joined += 1;
        net.rank[spot] -= self.shift;
        for &tie in net.incident.row(spot) {
            let arc = net.arcs[tie];
            let other = arc.other(spot);
            if self.inside[other] {
                continue;
            }
            let slack = net.slack(tie);
            if arc.tail == spot {
                self.leaving.push(Reverse((slack, tie)));
            } else {
                self.entering.push(Reverse((slack, tie)));
            }
        }
    }

    /// Moves the joined part until the nearest constraint is tight; returns it and its outer variable.
    fn nearest(&mut self, net: &Net) -> Option<(Tie, Spot)> {
        let out = head(&mut self.leaving, |tie| self.inside[net.arcs[tie].head]);
        let back = head(&mut self.entering, |tie| self.inside[net.arcs[tie].tail]);
        let away = out.map(|(key, tie)| (key - self.shift, tie, true));
        let near = back.map(|(key, tie)| (key + self.shift, tie, false));
        let (slack, tie, leaves) = match (away, near) {
            (Some(a), Some(b)) => a.min(b),
            (a, b) => a.or(b)?,
        };
        let arc = net.arcs[tie];
        if leaves {
            self.shift += slack;
            self.leaving.pop();
            Some((tie, arc.head))
        } else {
            self.shift -= slack;
            self.entering.pop();
            Some((tie, arc.tail))
        }
    }
}

/// The least entry whose outer end is still outside.
fn head(heap: &mut BinaryHeap<Reverse<(i32, Tie)>>, done: impl Fn(Tie) -> bool) -> Option<(i32, Tie)> {
    while let Some(&Reverse((key, tie))) = heap.peek() {
        if !done(tie) {
            return Some((key, tie));
        }
        heap.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Arc, Net, Spot, solve};
    use crate::layout::arena::Key;
    use crate::layout::chance::Chance;

    fn cost(ranks: &[i32], arcs: &[Arc]) -> i32 {
        arcs.iter().map(|arc| arc.weight * span(ranks, arc)).sum()
    }

    fn span(ranks: &[i32], arc: &Arc) -> i32 {
        ranks[arc.head.at()] - ranks[arc.tail.at()]
    }

    fn feasible(ranks: &[i32], arcs: &[Arc]) -> bool {
        arcs.iter().all(|arc| span(ranks, arc) >= arc.least)
    }

    /// The least cost over all assignments with ranks up to `limit`.
    fn brute(spots: usize, arcs: &[Arc], limit: i32) -> i32 {
        let mut ranks = vec![0; spots];
        let mut best = i32::MAX;
        loop {
            if feasible(&ranks, arcs) {
                best = best.min(cost(&ranks, arcs));
            }
            let Some(place) = ranks.iter().position(|&rank| rank < limit) else { return best };
            ranks[..place].fill(0);
            ranks[place] += 1;
        }
    }

    fn sample(chance: &mut Chance, spots: usize) -> Vec<Arc> {
        let mut arcs: Vec<Arc> = (1..spots)
            .map(|v| Arc::new(chance.below(v), v, 1, i32::try_from(chance.below(4)).unwrap()))
            .collect();
        for _ in 0..4 {
            let tail = chance.below(spots - 1);
            let head = tail + 1 + chance.below(spots - 1 - tail);
            let (least, weight) = (1 + chance.below(3), chance.below(5));
            arcs.push(Arc::new(tail, head, i32::try_from(least).unwrap(), i32::try_from(weight).unwrap()));
        }
        arcs
    }

    #[test]
    fn cheapest_on_small_nets() {
        let mut chance = Chance::new(7);
        for _ in 0..40 {
            let arcs = sample(&mut chance, 5);
            let ranks = solve(5, arcs.clone(), 1_000_000);
            assert!(feasible(&ranks, &arcs));
            assert_eq!(cost(&ranks, &arcs), brute(5, &arcs, 12));
        }
    }

    #[test]
    fn kept_cut_values_agree_with_fresh_ones() {
        let mut chance = Chance::new(13);
        for round in 0..60 {
            let arcs = sample(&mut chance, 4 + round);
            let mut net = Net::new(4 + round, arcs);
            assert!(net.start_longest() && net.grow_tree());
            net.number(Spot::of(0), None, 0);
            net.price();
            net.pivot_all(u64::MAX);
            let kept = net.cut.clone();
            net.price();
            assert_eq!(
                net.tree.iter().map(|&tie| kept[tie]).min(),
                net.tree.iter().map(|&tie| net.cut[tie]).min()
            );
            assert!(net.tree.iter().all(|&tie| net.cut[tie] >= 0 && net.slack(tie) == 0));
        }
    }

    #[test]
    fn feasible_without_budget() {
        let mut chance = Chance::new(11);
        let arcs = sample(&mut chance, 40);
        assert!(feasible(&solve(40, arcs.clone(), 0), &arcs));
    }
}
