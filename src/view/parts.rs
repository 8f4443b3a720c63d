//! A large system cut into parts that can be read: containers that fit on a page, and gatherings of what stands in a
//! container that does not. Gatherings are gathered again, until each page has few boxes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{ContainerKind, Model, PlaceId, ServiceId};

/// The most things on a page.
pub(super) const MOST: usize = 40;
/// The most boxes on a page that shows parts, whose lines are many.
const MOST_PARTS: usize = 20;
/// A container of fewer services than this is drawn where it stands; it gets no page.
const FEW: usize = 4;
/// So many things are gathered, so that their neighbours find room beside them.
const GATHERING: usize = 24;
/// So many parts are gathered.
const PARTS_GATHERED: usize = 6;
/// What has flows with more things than this is shared by all and is gathered with none.
const HUB: usize = 20;

/// What a part consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// A service.
    Service(ServiceId),
    /// A part with a page of its own, an index into [`Parts::all`].
    Part(usize),
}

/// A piece of the system with a page of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// The container it is; nothing for the system and for gatherings.
    pub(super) place: Option<PlaceId>,
    /// The part that shows it as one box; nothing for the system.
    pub(super) parent: Option<usize>,
    /// What its page shows.
    pub(super) items: Vec<Item>,
}

/// All parts; the first is the system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The parts.
    pub(super) all: Vec<Part>,
    /// By service: the part whose page shows it.
    home: BTreeMap<ServiceId, usize>,
}

/// The parts of some services; nothing when they fit on one page.
pub(super) fn parts(model: &Model, kept: &BTreeSet<ServiceId>) -> Option<Parts> {
    if kept.len() <= MOST {
        return None;
    }
    let mut parts = contained(model, kept);
    // New parts are added at the end and are small enough.
    for part in 0..parts.all.len() {
        parts.gather(model, part);
    }
    Some(parts)
}

/// Parts by containers alone.
fn contained(model: &Model, kept: &BTreeSet<ServiceId>) -> Parts {
    let mut totals: BTreeMap<PlaceId, usize> = BTreeMap::new();
    for (place, _) in kept.iter().flat_map(|id| model.enclosing(model.services[*id].place)) {
        *totals.entry(place).or_default() += 1;
    }
    let total = |id| totals.get(&id).copied().unwrap_or(0);
    let is_region = |id: PlaceId| model.places[id].kind == ContainerKind::Region;
    let is_page = |id: &PlaceId| {
        let mut around = model.enclosing(model.places[*id].parent);
        total(*id) >= FEW && !is_region(*id) && around.all(|(id, _)| is_region(id) || total(id) > MOST)
    };
    let pages: Vec<PlaceId> = model.places.ids().filter(is_page).collect();
    let known: BTreeMap<PlaceId, usize> = pages.iter().copied().zip(1..).collect();
    let innermost = |place| model.enclosing(place).find_map(|(id, _)| known.get(&id).copied()).unwrap_or(0);
    let mut all = vec![Part::default()];
    all.extend(pages.iter().map(|id| Part {
        place: Some(*id),
        parent: Some(innermost(model.places[*id].parent)),
        items: Vec::new(),
    }));
    let home: BTreeMap<ServiceId, usize> =
        kept.iter().map(|id| (*id, innermost(model.services[*id].place))).collect();
    let mut parts = Parts { all, home: home.clone() };
    for (service, part) in home {
        parts.put(part, Item::Service(service));
    }
    for part in 1..parts.all.len() {
        if let Some(parent) = parts.parent(part) {
            parts.put(parent, Item::Part(part));
        }
    }
    parts
}

impl Parts {
    /// The part that shows a part as one box.
    pub(super) fn parent(&self, part: usize) -> Option<usize> {
        self.all.get(part).and_then(|part| part.parent)
    }

    /// What a part's page shows.
    pub(super) fn items(&self, part: usize) -> &[Item] {
        self.all.get(part).map_or(&[], |part| &part.items)
    }

    /// A part and those around it, the innermost first.
    pub(super) fn around(&self, part: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(part), |part| self.parent(*part))
    }

    /// As what a page shows a service: as itself, or as the largest part around it that the page does not lie in.
    /// `lineage` holds the page and all parts around it.
    pub(super) fn shown(&self, service: ServiceId, lineage: &BTreeSet<usize>) -> Option<Item> {
        let home = *self.home.get(&service)?;
        let outer = self.around(home).take_while(|part| !lineage.contains(part)).last();
        Some(outer.map_or(Item::Service(service), Item::Part))
    }

    /// All services of a part, in the order of its items.
    pub(super) fn services(&self, part: usize) -> Vec<ServiceId> {
        let (mut found, mut waiting) = (Vec::new(), vec![Item::Part(part)]);
        while let Some(item) = waiting.pop() {
            match item {
                Item::Service(id) => found.push(id),
                Item::Part(part) => waiting.extend(self.items(part).iter().rev()),
            }
        }
        found
    }

    fn put(&mut self, part: usize, item: Item) {
        if let Some(part) = self.all.get_mut(part) {
            part.items.push(item);
        }
    }

    /// Are there more boxes than a page of this sort can hold?
    fn is_crowded(&self, part: usize) -> bool {
        let items = self.items(part);
        let has_parts = items.iter().any(|item| matches!(item, Item::Part(_)));
        items.len() > if has_parts { MOST_PARTS } else { MOST }
    }

    /// Which items of a part are gathered next, and how many at a time: services first, then gatherings. Containers are
    /// known by their names and stay as they are as long as there is something else.
    fn loose(&self, part: usize) -> (BTreeSet<usize>, usize) {
        let items = self.items(part);
        let places = |is_wanted: &dyn Fn(&Item) -> bool| -> BTreeSet<usize> {
            items.iter().zip(0..).filter(|(item, _)| is_wanted(item)).map(|(_, at)| at).collect()
        };
        let services = places(&|item| matches!(item, Item::Service(_)));
        if services.len() > MOST_PARTS {
            return (services, GATHERING);
        }
        let without_place = |part: usize| self.all.get(part).is_some_and(|part| part.place.is_none());
        let nameless = places(&|item| matches!(item, Item::Part(part) if without_place(*part)));
        let all = (0..items.len()).collect();
        (if nameless.len() > PARTS_GATHERED { nameless } else { all }, PARTS_GATHERED)
    }

    /// Gathers the items of a part until its page can be read.
    fn gather(&mut self, model: &Model, part: usize) {
        let mut before = usize::MAX;
        while self.is_crowded(part) && self.items(part).len() < before {
            before = self.items(part).len();
            let neighbours = self.neighbours(model, part);
            let (loose, most) = self.loose(part);
            let items =
                self.all.get_mut(part).map(|part| std::mem::take(&mut part.items)).unwrap_or_default();
            for set in gathered(&neighbours, &loose, most) {
                let members: Vec<Item> = set.into_iter().filter_map(|at| items.get(at).copied()).collect();
                match members.as_slice() {
                    [only] => self.put(part, *only),
                    _ => self.enclose(part, members),
                }
            }
        }
    }

    /// Makes a part of some items of a part.
    fn enclose(&mut self, parent: usize, items: Vec<Item>) {
        let new = self.all.len();
        for item in &items {
            match item {
                Item::Service(id) => {
                    self.home.insert(*id, new);
                }
                Item::Part(part) => {
                    if let Some(part) = self.all.get_mut(*part) {
                        part.parent = Some(new);
                    }
                }
            }
        }
        self.all.push(Part { place: None, parent: Some(parent), items });
        self.put(parent, Item::Part(new));
    }

    /// By item of a part: the other items it has flows with.
    fn neighbours(&self, model: &Model, part: usize) -> Vec<BTreeSet<usize>> {
        let at: BTreeMap<Item, usize> = self.items(part).iter().copied().zip(0..).collect();
        let lineage: BTreeSet<usize> = self.around(part).collect();
        let mut found = vec![BTreeSet::new(); at.len()];
        let flows = model.whole_flows().map(|(_, flow)| (flow.from, flow.to));
        // What follows from a service stays with it: `sales.dlq` with `sales`.
        let children = model.services.iter().filter_map(|(id, service)| {
            let (parent, _) = service.name.as_str().rsplit_once('.')?;
            Some((model.service(parent)?, id))
        });
        for (from, to) in children.chain(flows) {
            let ends = [from, to].map(|id| at.get(&self.shown(id, &lineage)?).copied());
            let [Some(from), Some(to)] = ends else { continue };
            for (one, other) in [(from, to), (to, from)] {
                if let Some(found) = found.get_mut(one).filter(|_| one != other) {
                    found.insert(other);
                }
            }
        }
        found
    }
}

/// Gathers those of the things that are loose with their neighbours, at most `most` in a set: each thing is in one set,
/// a hub is alone, as all others are, and small sets that follow one another are one.
fn gathered(neighbours: &[BTreeSet<usize>], loose: &BTreeSet<usize>, most: usize) -> Vec<Vec<usize>> {
    let is_hub = |at: &usize| neighbours.get(*at).is_some_and(|found| found.len() > HUB);
    let hubs: BTreeSet<usize> = loose.iter().copied().filter(is_hub).collect();
    // Where many are hubs, setting them apart would gather nothing.
    let apart = if hubs.len() <= PARTS_GATHERED { hubs } else { BTreeSet::new() };
    let is_bound = |at: usize| apart.contains(&at) || !loose.contains(&at);
    let mut is_taken: Vec<bool> = (0..neighbours.len()).map(is_bound).collect();
    let bound = (0..neighbours.len()).filter(|at| is_bound(*at)).map(|at| vec![at]);
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for start in 0..neighbours.len() {
        let set = reached(neighbours, start, &mut is_taken, most);
        match sets.last_mut().filter(|last| last.len() + set.len() <= most) {
            Some(last) => last.extend(set),
            None if !set.is_empty() => sets.push(set),
            None => {}
        }
    }
    bound.chain(sets).collect()
}

/// What can be reached from a thing that is not taken, the nearest first, at most so many.
fn reached(neighbours: &[BTreeSet<usize>], start: usize, is_taken: &mut [bool], most: usize) -> Vec<usize> {
    let mut set = Vec::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(at) = waiting.pop_front().filter(|_| set.len() < most) {
        let Some(is_taken) = is_taken.get_mut(at).filter(|is_taken| !**is_taken) else { continue };
        *is_taken = true;
        set.push(at);
        waiting.extend(neighbours.get(at).into_iter().flatten());
    }
    set
}
