//! The order in which figures travel: callers before what they call.

use crate::model::{Flow, FlowId, Mode, Model, ServiceId};

/// Whole flows that carry load, by where they start and where they end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wiring {
    out: Vec<Vec<FlowId>>,
    into: Vec<Vec<FlowId>>,
}

impl Wiring {
    /// The whole flows that `keep` accepts.
    pub fn new(model: &Model, keep: impl Fn(&Flow) -> bool) -> Self {
        let mut wiring = Self {
            out: vec![Vec::new(); model.services.len()],
            into: vec![Vec::new(); model.services.len()],
        };
        for (id, flow) in model.whole_flows().filter(|(_, flow)| keep(flow)) {
            push(&mut wiring.out, flow.from, id);
            push(&mut wiring.into, flow.to, id);
        }
        wiring
    }

    /// The flows that start at a service.
    pub fn out(&self, service: ServiceId) -> &[FlowId] {
        self.out.get(service.index()).map_or(&[], Vec::as_slice)
    }

    /// The flows that end at a service.
    pub fn into(&self, service: ServiceId) -> &[FlowId] {
        self.into.get(service.index()).map_or(&[], Vec::as_slice)
    }

    /// All services, callers first; a cycle is cut at its first member in model order, so that every service comes exactly once.
    pub fn callers_first(&self, model: &Model) -> Vec<ServiceId> {
        let mut waiting: Vec<usize> = self.into.iter().map(Vec::len).collect();
        let mut placed = vec![false; waiting.len()];
        let mut order: Vec<ServiceId> = Vec::with_capacity(waiting.len());
        for start in model.services.ids().filter(|id| self.into(*id).is_empty()) {
            self.place(model, start, &mut waiting, &mut placed, &mut order);
        }
        for start in model.services.ids() {
            while is_open(&placed, start) {
                let cut = self.in_circle(model, &placed, start);
                self.place(model, cut, &mut waiting, &mut placed, &mut order);
            }
        }
        order
    }

    /// A member of a circle that `start` waits for: back over open callers until one comes again. Of the circle's members, the
    /// first by which something comes in from outside it is taken.
    fn in_circle(&self, model: &Model, placed: &[bool], start: ServiceId) -> ServiceId {
        let mut way: Vec<ServiceId> = Vec::new();
        let mut at = start;
        while !way.contains(&at) {
            way.push(at);
            let mut callers = self.into(at).iter().map(|id| model.flows[*id].from);
            at = callers.find(|from| is_open(placed, *from)).unwrap_or(at);
        }
        let entered = |id: &ServiceId| {
            let stated = model.loads.iter().any(|load| load.on == *id);
            stated || self.into(*id).iter().any(|flow| !is_open(placed, model.flows[*flow].from))
        };
        way.iter().skip_while(|id| **id != at).copied().find(entered).unwrap_or(at)
    }

    /// Places `start`, and then whoever waited only for what was placed.
    fn place(
        &self,
        model: &Model,
        start: ServiceId,
        waiting: &mut [usize],
        placed: &mut [bool],
        order: &mut Vec<ServiceId>,
    ) {
        let mut ready = vec![start];
        while let Some(service) = ready.pop() {
            match placed.get_mut(service.index()) {
                Some(done) if !*done => *done = true,
                _ => continue,
            }
            order.push(service);
            for to in self.out(service).iter().map(|id| model.flows[*id].to) {
                if let Some(count) = waiting.get_mut(to.index()) {
                    *count = count.saturating_sub(1);
                    ready.extend((*count == 0).then_some(to));
                }
            }
        }
    }
}

/// Is it still to be placed?
fn is_open(placed: &[bool], service: ServiceId) -> bool {
    placed.get(service.index()) == Some(&false)
}

fn push(lists: &mut [Vec<FlowId>], at: ServiceId, flow: FlowId) {
    if let Some(list) = lists.get_mut(at.index()) {
        list.push(flow);
    }
}

/// Whole flows by the services they start at, and by those they end at or pass.
#[derive(Debug, Clone, Default)]
pub(crate) struct Touching {
    from: Vec<Vec<FlowId>>,
    reach: Vec<Vec<FlowId>>,
}

impl Touching {
    /// The whole flows of a model.
    pub fn new(model: &Model) -> Self {
        let empty = vec![Vec::new(); model.services.len()];
        let mut found = Self { from: empty.clone(), reach: empty };
        for (id, flow) in model.whole_flows() {
            push(&mut found.from, flow.from, id);
            push(&mut found.reach, flow.to, id);
            for passed in flow.through.iter().filter(|passed| **passed != flow.to) {
                push(&mut found.reach, *passed, id);
            }
        }
        found
    }

    /// The whole flows that start at a service.
    pub fn from(&self, service: ServiceId) -> &[FlowId] {
        self.from.get(service.index()).map_or(&[], Vec::as_slice)
    }

    /// The whole flows that end at a service or pass it.
    pub fn reaching(&self, service: ServiceId) -> &[FlowId] {
        self.reach.get(service.index()).map_or(&[], Vec::as_slice)
    }
}

/// Does something travel on this flow for each request? (Certificates, keys and people at work do not count.)
pub(crate) fn carries_load(flow: &Flow) -> bool {
    !matches!(flow.mode(), Mode::Attach | Mode::Admin)
}

/// Does the caller wait for it, and fail with it?
pub(crate) fn is_hard(flow: &Flow) -> bool {
    flow.is_sync() && !flow.soft
}
