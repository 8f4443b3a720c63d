//! Load: how often each service is asked and each flow is used, from the entries inward.
//!
//! The rate that arrives at a service goes on over its flows. An entry sends each request one way (its shares, or equal
//! parts where none is stated), competing consumers of a queue divide its messages, and any other service uses each of
//! its flows once a request. Rates are linear, so the usual rate, the peak rate and the month's mean travel together.
//! Inside, rates are integers in billionths of an event a second; facts hold thousandths. Source: Little's flow balance,
//! and the reference reckoning of the seed.

use crate::catalog::{Catalog, Trait};
use crate::derive::assumption::{Assumption, OWN};
use crate::derive::order::{Wiring, carries_load};
use crate::model::{Flow, FlowId, Mode, Model, ServiceId};
use crate::text::{Wording, phrase};
use crate::units::{Bytes, Millis, PerSecond, Percent};

/// What a request or an answer weighs when nobody says: 10 000 bytes.
pub const ASSUMED_MESSAGE: Bytes = Bytes(10_000);

/// The load on one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServiceLoad {
    /// The usual rate.
    pub usual: PerSecond,
    /// The rate at peak.
    pub peak: PerSecond,
    /// Time a month at peak.
    pub peak_time: Millis,
    /// Requests a month: usual rate and peak rate weighted by their time.
    pub expected: u64,
    /// Requests a month when the peak never ends.
    pub max: u64,
}

/// The load on one whole flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FlowLoad {
    /// The usual rate.
    pub usual: PerSecond,
    /// The rate at peak.
    pub peak: PerSecond,
    /// The rate at peak when every call is repeated as often as its caller may repeat it.
    pub storm: PerSecond,
    /// Uses a month: usual rate and peak rate weighted by their time.
    pub expected: u64,
    /// Uses a month when the peak never ends.
    pub max: u64,
    /// What one use moves.
    pub message: Bytes,
    /// Did the model state the message's size?
    pub stated: bool,
}

/// Loads of all services and flows.
#[derive(Debug, Clone, Default)]
pub struct Load {
    services: Vec<ServiceLoad>,
    flows: Vec<FlowLoad>,
    /// The services whose load the model states, in model order.
    stated: Vec<ServiceId>,
    /// The longest time a month at a stated peak.
    pub longest_peak: Millis,
    /// What had to be assumed.
    pub assumptions: Vec<Assumption>,
}

impl Load {
    /// The load on a service.
    pub fn service(&self, id: ServiceId) -> ServiceLoad {
        self.services.get(id.index()).copied().unwrap_or_default()
    }

    /// Does the model state the load of a service?
    pub fn is_stated(&self, id: ServiceId) -> bool {
        self.stated.binary_search(&id).is_ok()
    }

    /// The load on a whole flow; none on a hop.
    pub fn flow(&self, id: FlowId) -> FlowLoad {
        self.flows.get(id.index()).copied().unwrap_or_default()
    }
}

/// A rate in billionths of an event a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Rate {
    usual: u128,
    peak: u128,
    mean: u128,
}

/// No rate exceeds this: 10^27 events a second leaves room for every product below.
const FASTEST: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

impl Rate {
    fn plus(self, other: Self) -> Self {
        let add = |a: u128, b: u128| a.saturating_add(b).min(FASTEST);
        Self {
            usual: add(self.usual, other.usual),
            peak: add(self.peak, other.peak),
            mean: add(self.mean, other.mean),
        }
    }

    fn share(self, share: Percent) -> Self {
        let part = |rate: u128| {
            let share = u128::from(share.0);
            rate.checked_mul(share)
                .map_or(rate / 1_000_000 * share.min(1_000_000), |product| product / 1_000_000)
        };
        Self { usual: part(self.usual), peak: part(self.peak), mean: part(self.mean) }
    }

    fn at_most(self, bound: u128) -> Self {
        Self { usual: self.usual.min(bound), peak: self.peak.min(bound), mean: self.mean.min(bound) }
    }

    fn is_zero(self) -> bool {
        self.usual == 0 && self.peak == 0
    }
}

/// Derives the load of a model.
pub fn derive(model: &Model, catalog: &Catalog) -> Load {
    let month = Month::new(catalog);
    let wiring = Wiring::new(model, carries_load);
    let mut rates = Rates::stated(model, month);
    for service in wiring.callers_first(model) {
        rates.send_on(model, &wiring, service);
    }
    let mut assumptions = Vec::new();
    for id in model.services.ids().filter(|id| model.services[*id].kind.has(Trait::Entry)) {
        rates.arrive(model, &wiring, id, &mut assumptions);
    }
    assumptions.extend(router_assumptions(model, &wiring));
    let flows: Vec<FlowLoad> =
        model.flows.iter().map(|(id, flow)| flow_load(model, flow, rates.flow(id), month)).collect();
    assumptions.extend(message_assumptions(model, &flows));
    let services = rates.services.iter().map(|rate| service_load(*rate, month)).collect();
    let mut stated: Vec<ServiceId> = model.loads.iter().map(|load| load.on).collect();
    stated.sort_unstable();
    let longest_peak = model.loads.iter().map(|load| load.peak_time).max().unwrap_or_default();
    Load { services, flows, stated, longest_peak, assumptions }
}

/// The length of a reckoned month.
#[derive(Debug, Clone, Copy)]
struct Month {
    seconds: u128,
}

impl Month {
    fn new(catalog: &Catalog) -> Self {
        Self { seconds: u128::from(catalog.hours_per_month().max(1)) * 3_600 }
    }

    /// Events in a month at a rate.
    fn events(self, rate: u128) -> u64 {
        narrow(rate.saturating_mul(self.seconds).saturating_add(500_000_000) / 1_000_000_000)
    }

    /// The mean of two rates, of which `peak` lasts `peak_time`.
    fn mean(self, usual: u128, peak: u128, peak_time: Millis) -> u128 {
        let whole = self.seconds * 1_000;
        let at_peak = u128::from(peak_time.0).min(whole);
        usual
            .saturating_mul(whole - at_peak)
            .saturating_add(peak.saturating_mul(at_peak))
            .saturating_add(whole / 2)
            / whole
    }

    /// How long the peak lasts when the mean lies between usual and peak.
    fn peak_time(self, rate: Rate) -> Millis {
        let span = rate.peak.saturating_sub(rate.usual);
        let above = rate.mean.saturating_sub(rate.usual);
        if span == 0 {
            return Millis(0);
        }
        let each = (span / 1_000).max(1);
        let time = above.saturating_mul(self.seconds).saturating_add(each / 2) / each;
        Millis(narrow(time.min(self.seconds * 1_000)))
    }
}

fn narrow(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

fn per_second(nano: u128) -> PerSecond {
    PerSecond(narrow(nano.saturating_add(500_000) / 1_000_000))
}

struct Rates {
    services: Vec<Rate>,
    flows: Vec<Rate>,
    stated: Vec<Rate>,
}

impl Rates {
    /// The rates that `load` statements give.
    fn stated(model: &Model, month: Month) -> Self {
        let mut stated = vec![Rate::default(); model.services.len()];
        for load in &model.loads {
            let (usual, peak) = (u128::from(load.usual.0) * 1_000_000, u128::from(load.peak.0) * 1_000_000);
            let rate = Rate { usual, peak, mean: month.mean(usual, peak, load.peak_time) };
            if let Some(sum) = stated.get_mut(load.on.index()) {
                *sum = sum.plus(rate);
            }
        }
        Self { services: stated.clone(), flows: vec![Rate::default(); model.flows.len()], stated }
    }

    fn service(&self, id: ServiceId) -> Rate {
        self.services.get(id.index()).copied().unwrap_or_default()
    }

    fn flow(&self, id: FlowId) -> Rate {
        self.flows.get(id.index()).copied().unwrap_or_default()
    }

    fn set_flow(&mut self, id: FlowId, rate: Rate) {
        if let Some(slot) = self.flows.get_mut(id.index()) {
            *slot = rate;
        }
    }

    /// Sends what arrives at a service over its flows.
    fn send_on(&mut self, model: &Model, wiring: &Wiring, service: ServiceId) {
        let rate = self.service(service);
        for (id, share) in shares(model, wiring, service) {
            let flow = &model.flows[id];
            let sent = bundled(model, flow, rate.share(share));
            self.set_flow(id, sent);
            if let Some(sum) = self.services.get_mut(flow.to.index()) {
                *sum = sum.plus(sent);
            }
        }
    }

    /// Divides an entry's own load over the flows by which the outside reaches it.
    fn arrive(&mut self, model: &Model, wiring: &Wiring, entry: ServiceId, out: &mut Vec<Assumption>) {
        let own = self.stated.get(entry.index()).copied().unwrap_or_default();
        let outside: Vec<FlowId> =
            wiring.into(entry).iter().copied().filter(|id| self.flow(*id).is_zero()).collect();
        let parts = u64::try_from(outside.len()).unwrap_or(1).max(1);
        for id in &outside {
            let share = model.flows[*id].share.unwrap_or(Percent(1_000_000 / parts));
            self.set_flow(*id, own.share(share));
        }
        let service = &model.services[entry];
        if self.service(entry).is_zero() && !service.is_derived() && !wiring.out(entry).is_empty() {
            let (what, state) = (
                phrase!("load at `{}`", "carga en `{}`", service.name),
                format!("load {} 20 rps", service.name),
            );
            out.push(Assumption::new(
                what,
                "0 rps",
                Wording::new("nothing is stated", "no se indica nada"),
                service.span,
                state,
            ));
        }
    }
}

/// Does it send each request one way only?
fn is_router(model: &Model, service: ServiceId) -> bool {
    model.services[service].kind.has(Trait::Entry)
}

/// Does it hand each message to one of its consumers only?
fn has_competing_consumers(model: &Model, service: ServiceId, flow: &Flow) -> bool {
    model.services[service].kind.has(Trait::Buffer) && flow.mode() == Mode::Async
}

/// The flows of a service with the part of its load that takes each.
fn shares(model: &Model, wiring: &Wiring, service: ServiceId) -> Vec<(FlowId, Percent)> {
    let flows = wiring.out(service);
    let divides = |flow: &Flow| is_router(model, service) || has_competing_consumers(model, service, flow);
    let stated: Percent = flows.iter().filter_map(|id| model.flows[*id].share).sum();
    let open =
        flows.iter().filter(|id| model.flows[**id].share.is_none() && divides(&model.flows[**id])).count();
    let rest = (Percent::WHOLE - stated).0 / u64::try_from(open).unwrap_or(1).max(1);
    let part = |id: &FlowId| {
        let flow = &model.flows[*id];
        flow.share.unwrap_or(if divides(flow) { Percent(rest) } else { Percent::WHOLE })
    };
    flows.iter().map(|id| (*id, part(id))).collect()
}

/// What arrives in bundles (every so often, as in a delivery stream) is at most one bundle a period.
fn bundled(model: &Model, flow: &Flow, rate: Rate) -> Rate {
    let period = model.services[flow.from].settings.time("every");
    match period.filter(|every| flow.mode() == Mode::Batch && every.0 > 0) {
        Some(every) => rate.at_most(1_000_000_000_000 / u128::from(every.0)),
        None => rate,
    }
}

/// How often a failed call is repeated: the arrow says, otherwise its caller; entries do not repeat.
pub fn retries(model: &Model, flow: &Flow) -> u64 {
    let caller = &model.services[flow.from];
    let usual = if caller.kind.has(Trait::Entry) || !flow.is_sync() {
        None
    } else {
        caller.settings.count("retries")
    };
    flow.retries.or(usual).unwrap_or(0)
}

fn flow_load(model: &Model, flow: &Flow, rate: Rate, month: Month) -> FlowLoad {
    let tries = u128::from(retries(model, flow)).saturating_add(1);
    FlowLoad {
        usual: per_second(rate.usual),
        peak: per_second(rate.peak),
        storm: per_second(rate.peak.saturating_mul(tries)),
        expected: month.events(rate.mean),
        max: month.events(rate.peak),
        message: flow.size.unwrap_or_else(|| usual_message(model, flow)),
        stated: flow.size.is_some(),
    }
}

/// What one use of a flow moves when the arrow does not say: the target's own unit, otherwise [`ASSUMED_MESSAGE`].
fn usual_message(model: &Model, flow: &Flow) -> Bytes {
    const UNITS: [&str; 4] = ["message", "record", "item", "object"];
    let settings = &model.services[flow.resource()].settings;
    UNITS.iter().find_map(|unit| settings.bytes(unit)).unwrap_or(ASSUMED_MESSAGE)
}

fn service_load(rate: Rate, month: Month) -> ServiceLoad {
    ServiceLoad {
        usual: per_second(rate.usual),
        peak: per_second(rate.peak),
        peak_time: month.peak_time(rate),
        expected: month.events(rate.mean),
        max: month.events(rate.peak),
    }
}

/// Shares that nobody stated where a request goes one way only.
fn router_assumptions(model: &Model, wiring: &Wiring) -> Vec<Assumption> {
    let mut found = Vec::new();
    for service in model.services.ids().filter(|id| is_router(model, *id) && wiring.out(*id).len() > 1) {
        for (id, share) in shares(model, wiring, service) {
            let flow = &model.flows[id];
            if flow.share.is_none() {
                let arrow = arrow(model, flow);
                let state = format!("{arrow} : {} share {}%", flow.verb, share.percent(1));
                found.push(Assumption::new(
                    phrase!("share of `{arrow}`", "parte de `{arrow}`"),
                    share.to_string(),
                    OWN,
                    flow.span,
                    state,
                ));
            }
        }
    }
    found
}

/// Messages whose size nobody stated, where something flows.
fn message_assumptions(model: &Model, flows: &[FlowLoad]) -> Vec<Assumption> {
    let open = |(id, flow): (FlowId, &Flow)| {
        let load = flows.get(id.index())?;
        let counts = !load.stated && load.max > 0 && flow.is_whole();
        counts.then(|| {
            let arrow = arrow(model, flow);
            let state = format!("{arrow} : {} size {}", flow.verb, load.message);
            Assumption::new(
                phrase!("message on `{arrow}`", "mensaje en `{arrow}`"),
                load.message.to_string(),
                OWN,
                flow.span,
                state,
            )
        })
    };
    model.flows.iter().filter_map(open).collect()
}

/// `front -> products`.
pub(crate) fn arrow(model: &Model, flow: &Flow) -> String {
    format!("{} -> {}", model.services[flow.from].name, model.services[flow.to].name)
}
