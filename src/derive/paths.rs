//! Ways through the system: from where requests or messages come in, along calls whose caller waits, to where they end.

use std::collections::BTreeSet;

use crate::derive::order::{Touching, Wiring, carries_load, is_hard};
use crate::model::{FlowId, Model, ServiceId};

/// No more ways than this are listed; a model with more of them is too entangled to be read way by way.
const MOST: usize = 2_000;
/// No way is followed further than this.
const DEEPEST: usize = 64;

/// One way: a start, and the flows from there on. The last flow may hand over to a queue, a topic or a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Where it begins: an entry, or the consumer that goes on after a hand-over.
    pub start: ServiceId,
    /// Does it begin where the outside comes in?
    pub from_outside: bool,
    /// The flows, in order.
    pub flows: Vec<FlowId>,
}

impl Path {
    /// The services on it, in order.
    pub fn services(&self, model: &Model) -> Vec<ServiceId> {
        std::iter::once(self.start).chain(self.flows.iter().map(|id| model.flows[*id].to)).collect()
    }

    /// Where it ends.
    pub fn end(&self, model: &Model) -> ServiceId {
        self.flows.last().map_or(self.start, |id| model.flows[*id].to)
    }
}

/// All ways of a model.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// The ways, by their starts in model order.
    pub all: Vec<Path>,
    /// Were some left out?
    pub truncated: bool,
}

/// Finds all ways of a model.
pub fn derive(model: &Model) -> Paths {
    let wiring = Wiring::new(model, |flow| carries_load(flow) && !flow.soft);
    let mut found = Paths::default();
    for (start, from_outside) in starts(model) {
        walk(model, &wiring, &mut found, start, from_outside);
    }
    found
}

/// Where the outside comes in, and who goes on after a hand-over.
fn starts(model: &Model) -> Vec<(ServiceId, bool)> {
    let touching = Touching::new(model);
    let mut entries = BTreeSet::new();
    let mut consumers = BTreeSet::new();
    for (_, flow) in model.whole_flows().filter(|(_, flow)| carries_load(flow) && !flow.soft) {
        let outside = model.services[flow.from].kind.is_outside();
        if outside && !model.services[flow.to].kind.is_outside() {
            entries.insert(flow.to);
        } else if !outside && !flow.is_sync() && !passes_on(model, &touching, flow.to) {
            consumers.insert(flow.to);
        }
    }
    entries.extend(model.loads.iter().map(|load| load.on));
    let is_start = |id: ServiceId| {
        let entry = entries.contains(&id);
        (entry || consumers.contains(&id)).then_some((id, entry))
    };
    model.services.ids().filter_map(is_start).collect()
}

/// Does it only hand on what it takes (a queue, a topic)? Then whoever takes it from there begins a way, not this.
fn passes_on(model: &Model, touching: &Touching, service: ServiceId) -> bool {
    let out = touching.from(service).iter().map(|id| &model.flows[*id]);
    let mut out = out.filter(|flow| carries_load(flow)).peekable();
    out.peek().is_some() && out.all(|flow| !flow.is_sync())
}

/// Follows every flow from `start`, depth first, without coming back to where it was.
fn walk(model: &Model, wiring: &Wiring, found: &mut Paths, start: ServiceId, from_outside: bool) {
    let mut open = vec![Path { start, from_outside, flows: Vec::new() }];
    while let Some(path) = open.pop() {
        let next = onward(model, wiring, &path);
        if next.is_empty() || path.flows.len() >= DEEPEST {
            found.truncated |= !next.is_empty();
            if from_outside || !path.flows.is_empty() {
                found.all.push(path);
            }
        } else {
            open.extend(next.into_iter().rev());
        }
        if found.all.len() + open.len() > MOST {
            found.truncated = true;
            return;
        }
    }
}

/// The ways that are one flow longer.
fn onward(model: &Model, wiring: &Wiring, path: &Path) -> Vec<Path> {
    let handed_over = path.flows.last().is_some_and(|id| !is_hard(&model.flows[*id]));
    if handed_over {
        return Vec::new();
    }
    let seen = path.services(model);
    let end = path.end(model);
    let fresh = wiring.out(end).iter().filter(|id| !seen.contains(&model.flows[**id].to));
    fresh
        .map(|id| {
            let mut flows = path.flows.clone();
            flows.push(*id);
            Path { flows, ..path.clone() }
        })
        .collect()
}
