//! Cycle breaking: a sequence of the kids of a container in which few flows point back.
//!
//! Two sequences are tried: the greedy one (Eades, Lin and Smyth, 1993) and a depth-first one from the
//! entries. The second keeps what a reader meets first at the top, so it wins unless it turns half as
//! many flows again.

use std::collections::BTreeSet;

use super::arena::{Arena, Rows};

/// The rank of each of `count` kids in a sequence; `arcs` are flows between them and `entries` the kids
/// that are reached from above, in order.
pub(crate) fn sequence(count: usize, arcs: &[(usize, usize)], entries: &[usize]) -> Arena<usize, usize> {
    let out = Rows::group(count, arcs);
    let turned: Vec<(usize, usize)> = arcs.iter().map(|&(from, to)| (to, from)).collect();
    let into = Rows::group(count, &turned);
    let greedy = ranks(count, &greedy(count, &out, &into));
    let sources = (0..count).filter(|&kid| into.row(kid).is_empty());
    let starts: Vec<usize> = entries.iter().copied().chain(sources).chain(0..count).collect();
    let deep = ranks(count, &depth_first(count, &out, &starts));
    let back = |rank: &Arena<usize, usize>| arcs.iter().filter(|&&(a, b)| rank[a] > rank[b]).count();
    let least = back(&greedy);
    if back(&deep) <= least + least / 2 { deep } else { greedy }
}

fn ranks(count: usize, sequence: &[usize]) -> Arena<usize, usize> {
    let mut rank = Arena::filled(count, 0);
    for (place, &kid) in sequence.iter().enumerate() {
        rank[kid] = place;
    }
    rank
}

/// Kids in reverse order of leaving them.
fn depth_first(count: usize, out: &Rows<usize, usize>, starts: &[usize]) -> Vec<usize> {
    let mut left = Vec::with_capacity(count);
    let mut seen: Arena<usize, bool> = Arena::filled(count, false);
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for &start in starts {
        if !std::mem::replace(&mut seen[start], true) {
            stack.push((start, 0));
        }
        while let Some((kid, next)) = stack.last_mut() {
            let Some(&target) = out.row(*kid).get(*next) else {
                left.push(*kid);
                stack.pop();
                continue;
            };
            *next += 1;
            if !std::mem::replace(&mut seen[target], true) {
                stack.push((target, 0));
            }
        }
    }
    left.reverse();
    left
}

/// Takes sinks to the end and sources to the start, else the kid that gives most and takes least.
fn greedy(count: usize, out: &Rows<usize, usize>, into: &Rows<usize, usize>) -> Vec<usize> {
    let mut pool = Pool::new(count, out, into);
    let (mut front, mut back) = (Vec::new(), Vec::new());
    loop {
        if let Some(kid) = pool.sinks.pop_last() {
            pool.take(kid, out, into);
            back.push(kid);
        } else if let Some(kid) = pool.sources.pop_first() {
            pool.take(kid, out, into);
            front.push(kid);
        } else if let Some(&(_, kid)) = pool.others.first() {
            pool.take(kid, out, into);
            front.push(kid);
        } else {
            break;
        }
    }
    front.extend(back.iter().rev());
    front
}

/// What the greedy sequence has not taken yet.
struct Pool {
    gives: Arena<usize, i64>,
    takes: Arena<usize, i64>,
    alive: Arena<usize, bool>,
    sinks: BTreeSet<usize>,
    sources: BTreeSet<usize>,
    /// All others by takes less gives.
    others: BTreeSet<(i64, usize)>,
}

impl Pool {
    fn new(count: usize, out: &Rows<usize, usize>, into: &Rows<usize, usize>) -> Self {
        let degree = |rows: &Rows<usize, usize>, kid| super::plan::weight(rows.row(kid).len());
        let mut pool = Self {
            gives: (0..count).map(|kid| degree(out, kid)).collect(),
            takes: (0..count).map(|kid| degree(into, kid)).collect(),
            alive: Arena::filled(count, true),
            sinks: BTreeSet::new(),
            sources: BTreeSet::new(),
            others: BTreeSet::new(),
        };
        for kid in 0..count {
            pool.file(kid);
        }
        pool
    }

    fn file(&mut self, kid: usize) {
        if self.takes[kid] == 0 {
            self.sources.insert(kid);
        } else if self.gives[kid] == 0 {
            self.sinks.insert(kid);
        } else {
            self.others.insert((self.takes[kid] - self.gives[kid], kid));
        }
    }

    fn unfile(&mut self, kid: usize) {
        self.sources.remove(&kid);
        self.sinks.remove(&kid);
        self.others.remove(&(self.takes[kid] - self.gives[kid], kid));
    }

    fn take(&mut self, kid: usize, out: &Rows<usize, usize>, into: &Rows<usize, usize>) {
        self.unfile(kid);
        self.alive[kid] = false;
        for &target in out.row(kid) {
            self.lower(target, true);
        }
        for &source in into.row(kid) {
            self.lower(source, false);
        }
    }

    fn lower(&mut self, kid: usize, takes: bool) {
        if !self.alive[kid] {
            return;
        }
        self.unfile(kid);
        if takes {
            self.takes[kid] -= 1;
        } else {
            self.gives[kid] -= 1;
        }
        self.file(kid);
    }
}

#[cfg(test)]
mod tests {
    use super::sequence;
    use crate::layout::chance::Chance;

    #[test]
    fn forward_when_there_is_no_ring() {
        let mut chance = Chance::new(3);
        for _ in 0..50 {
            let mut arcs = Vec::new();
            for _ in 0..30 {
                let from = chance.below(11);
                arcs.push((from, from + 1 + chance.below(11 - from)));
            }
            let rank = sequence(12, &arcs, &[]);
            assert!(arcs.iter().all(|&(from, to)| rank[from] < rank[to]));
        }
    }

    #[test]
    fn one_flow_of_a_ring_points_back() {
        let ring: Vec<(usize, usize)> = (0..9).map(|kid| (kid, (kid + 1) % 9)).collect();
        let rank = sequence(9, &ring, &[4]);
        assert_eq!(ring.iter().filter(|&&(from, to)| rank[from] > rank[to]).count(), 1);
        assert_eq!(rank[4], 0);
    }
}
