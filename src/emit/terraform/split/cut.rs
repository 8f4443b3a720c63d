//! Which block stands in which root module, so that none waits for one that waits for it.
//!
//! A block stands one level above those of other homes that it needs. A home and a level are a root module at first; the levels
//! of a home are then joined wherever that makes no circle. So a group is one root module unless it and another need each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::terraform::module::Home;
use crate::emit::terraform::split::pieces::Pieces;

/// Blocks dealt out to root modules.
#[derive(Debug)]
pub(super) struct Cut {
    /// By block; nothing for what is repeated.
    units: Vec<Option<usize>>,
    /// By root module, in the order in which they are applied.
    homes: Vec<Home>,
    /// What each root module waits for.
    needs: Vec<BTreeSet<usize>>,
}

/// Root modules that need one another: who, whom.
type Edges = BTreeSet<(usize, usize)>;

impl Cut {
    /// Deals out all blocks.
    pub fn of(pieces: &Pieces) -> Self {
        let needs: Vec<BTreeSet<usize>> = pieces.iter().map(|(at, _)| pieces.needs(at)).collect();
        let levels = levels(pieces, &needs);
        let stacks: BTreeMap<(Home, usize), usize> = {
            let owned = pieces.iter().zip(&levels).filter(|((_, piece), _)| !piece.is_repeated());
            let keys: BTreeSet<(Home, usize)> =
                owned.map(|((_, piece), level)| (piece.home, *level)).collect();
            keys.into_iter().zip(0..).collect()
        };
        let unit = |at: usize| {
            let piece = pieces.get(at).filter(|piece| !piece.is_repeated())?;
            stacks.get(&(piece.home, *levels.get(at)?)).copied()
        };
        let fine: Vec<Option<usize>> = pieces.iter().map(|(at, _)| unit(at)).collect();
        let edges = edges(&fine, &needs);
        let joined = joined(&stacks, &edges);
        let homes: Vec<Home> = stacks.keys().map(|(home, _)| *home).collect();
        Self::ordered(&fine, &homes, &joined, &edges)
    }

    /// The root modules by what they wait for, those that wait for nothing first.
    fn ordered(fine: &[Option<usize>], homes: &[Home], joined: &[usize], edges: &Edges) -> Self {
        let coarse = mapped(edges, joined);
        let order = sorted(&joined.iter().copied().collect(), &coarse).unwrap_or_default();
        let places: BTreeMap<usize, usize> = order.iter().copied().zip(0..).collect();
        let place = |unit: usize| joined.get(unit).and_then(|unit| places.get(unit)).copied();
        let mut needs = vec![BTreeSet::new(); order.len()];
        for (from, to) in &coarse {
            if let (Some(from), Some(to)) = (places.get(from), places.get(to)) {
                needs.get_mut(*from).into_iter().for_each(|needs| {
                    needs.insert(*to);
                });
            }
        }
        Self {
            units: fine.iter().map(|unit| unit.and_then(place)).collect(),
            homes: order.iter().filter_map(|unit| homes.get(*unit).copied()).collect(),
            needs,
        }
    }

    /// The root module of a block.
    pub fn unit(&self, at: usize) -> Option<usize> {
        self.units.get(at).copied().flatten()
    }

    /// The homes of all root modules, in order.
    pub fn homes(&self) -> impl Iterator<Item = Home> {
        self.homes.iter().copied()
    }

    /// What a root module waits for.
    pub fn needs(&self, unit: usize) -> impl Iterator<Item = usize> {
        self.needs.get(unit).into_iter().flatten().copied()
    }
}

/// The level of each block. What is referred to as a whole is lifted to the level of who refers to it.
fn levels(pieces: &Pieces, needs: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut floors = vec![0; needs.len()];
    loop {
        let mut known: Vec<Option<usize>> = vec![None; needs.len()];
        for (at, _) in pieces.iter() {
            level(pieces, needs, (at, &floors), &mut known);
        }
        let levels: Vec<usize> = known.into_iter().map(Option::unwrap_or_default).collect();
        let lifted = lifted(pieces, &levels);
        if lifted == levels {
            return levels;
        }
        floors = lifted;
    }
}

/// The levels, with those raised of what others of the same home refer to as a whole.
fn lifted(pieces: &Pieces, levels: &[usize]) -> Vec<usize> {
    let mut lifted = levels.to_vec();
    let home = |at: usize| pieces.get(at).map(|piece| piece.home);
    for ((at, piece), level) in pieces.iter().zip(levels) {
        for whole in piece.wholes.iter().filter(|whole| home(**whole) == home(at)) {
            if let Some(place) = lifted.get_mut(*whole) {
                *place = (*place).max(*level);
            }
        }
    }
    lifted
}

/// A chain of references is as long as a chain of services, so that this does not go deep.
fn level(
    pieces: &Pieces,
    needs: &[BTreeSet<usize>],
    (at, floors): (usize, &[usize]),
    known: &mut Vec<Option<usize>>,
) -> usize {
    if let Some(level) = known.get(at).copied().flatten() {
        return level;
    }
    let home = |at: usize| pieces.get(at).map(|piece| piece.home);
    let below = needs.get(at).into_iter().flatten();
    let above =
        below.map(|need| level(pieces, needs, (*need, floors), known) + usize::from(home(*need) != home(at)));
    let found = above.max().unwrap_or(0).max(floors.get(at).copied().unwrap_or(0));
    if let Some(place) = known.get_mut(at) {
        *place = Some(found);
    }
    found
}

fn edges(units: &[Option<usize>], needs: &[BTreeSet<usize>]) -> Edges {
    let pairs = units.iter().zip(needs).filter_map(|(unit, needs)| Some(((*unit)?, needs)));
    let all = pairs.flat_map(|(unit, needs)| {
        needs.iter().filter_map(move |need| Some((unit, units.get(*need).copied().flatten()?)))
    });
    all.filter(|(from, to)| from != to).collect()
}

/// By home and level: the root module it is joined with, which is the lowest of them.
fn joined(stacks: &BTreeMap<(Home, usize), usize>, edges: &Edges) -> Vec<usize> {
    let mut joined: Vec<usize> = (0..stacks.len()).collect();
    let homes: BTreeSet<(usize, Home)> = stacks.keys().map(|(home, _)| (rank(*home), *home)).collect();
    for (_, home) in homes {
        let levels = stacks.range((home, 0)..=(home, usize::MAX)).map(|(_, unit)| *unit);
        let mut floor: Option<usize> = None;
        for unit in levels {
            let mut trial = joined.clone();
            trial.get_mut(unit).into_iter().zip(floor).for_each(|(place, floor)| *place = floor);
            if floor.is_some() && sorted(&trial.iter().copied().collect(), &mapped(edges, &trial)).is_some() {
                joined = trial;
            } else {
                floor = Some(unit);
            }
        }
    }
    joined
}

/// Which homes stay whole rather than others.
const fn rank(home: Home) -> usize {
    match home {
        Home::Foundation => 0,
        Home::Group(_) => 1,
        Home::Shared => 2,
        Home::Operations => 3,
    }
}

fn mapped(edges: &Edges, joined: &[usize]) -> Edges {
    let map = |unit: usize| joined.get(unit).copied();
    let ends = edges.iter().filter_map(|(from, to)| Some((map(*from)?, map(*to)?)));
    ends.filter(|(from, to)| from != to).collect()
}

/// The units, each after those it needs; nothing when they go round in a circle.
fn sorted(units: &BTreeSet<usize>, edges: &Edges) -> Option<Vec<usize>> {
    let mut waits: BTreeMap<usize, usize> = units.iter().map(|unit| (*unit, 0)).collect();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in edges {
        *waits.entry(*from).or_default() += 1;
        waiting.entry(*to).or_default().push(*from);
    }
    let mut free: BTreeSet<usize> =
        waits.iter().filter(|(_, count)| **count == 0).map(|(unit, _)| *unit).collect();
    let mut order = Vec::with_capacity(units.len());
    while let Some(unit) = free.pop_first() {
        order.push(unit);
        for other in waiting.get(&unit).into_iter().flatten() {
            let count = waits.entry(*other).or_default();
            *count -= 1;
            if *count == 0 {
                free.insert(*other);
            }
        }
    }
    (order.len() == units.len()).then_some(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_a_home_are_joined_unless_that_makes_a_circle() {
        let (a, b) = (Home::Shared, Home::Operations);
        let stacks: BTreeMap<(Home, usize), usize> =
            [((a, 0), 0), ((a, 2), 1), ((b, 1), 2), ((b, 3), 3)].into_iter().collect();
        // b1 needs a0, a2 needs b1, b3 needs a2: a cannot be whole, b can not either.
        let circle = Edges::from([(2, 0), (1, 2), (3, 1)]);
        assert_eq!(joined(&stacks, &circle), [0, 1, 2, 3]);
        let free = Edges::from([(2, 0), (3, 1)]);
        assert_eq!(joined(&stacks, &free), [0, 0, 2, 2]);
        assert_eq!(sorted(&[0, 2].into(), &mapped(&free, &[0, 0, 2, 2])), Some(vec![0, 2]));
        assert_eq!(sorted(&[0, 1].into(), &Edges::from([(0, 1), (1, 0)])), None);
    }
}
