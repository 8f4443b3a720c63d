//! What breaks when something fails: who stops with it, who lives on without it, and what waits.
//!
//! A caller that waits for what fails, fails too, unless the arrow says `?`. An entry, and whoever stands outside, fails in
//! part while some of its ways are left. What hands over to a queue needs the queue; what works on it only delays it. These
//! are the same hard and soft dependencies that availability counts.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::answer::{Answer, Cell, Column, Table, column, named};
use crate::ask::index::Index;
use crate::ask::rules::OUT_OF_PLACE;
use crate::ask::select::{Asked, Selection};
use crate::catalog::Trait;
use crate::derive::availability::is_redundant;
use crate::derive::cost::share;
use crate::derive::order::carries_load;
use crate::model::{Flow, FlowId, Journey, ServiceId};
use crate::syntax::ast::Word;
use crate::text::{Noun, Span};
use crate::units::{MicroUsd, Percent};

/// What a failure does to a service, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It cannot do its work.
    Fails,
    /// Some of what it does fails.
    Partly,
    /// It lives on without something.
    Degraded,
    /// It keeps what nobody takes.
    Waits,
    /// Nothing reaches it.
    Idle,
}

/// Effects with their words.
const WORDS: [(Effect, &str); 5] = [
    (Effect::Fails, "fails"),
    (Effect::Partly, "fails in part"),
    (Effect::Degraded, "lives on without"),
    (Effect::Waits, "keeps messages"),
    (Effect::Idle, "gets nothing"),
];

impl Effect {
    /// The words for it.
    pub fn name(self) -> &'static str {
        WORDS.iter().find(|(effect, _)| *effect == self).map_or("", |(_, words)| words)
    }
}

/// What a failure does to whom, by service; what failed first is there with no flow.
pub type Effects = BTreeMap<ServiceId, (Effect, Vec<FlowId>)>;

/// What happens when some services fail.
pub fn effects_of(index: &Index<'_>, failed: &[ServiceId]) -> Effects {
    let mut spread = Spread { index, effects: Effects::new(), open: Vec::new() };
    for id in failed {
        spread.effects.insert(*id, (Effect::Fails, Vec::new()));
        spread.open.push(*id);
    }
    while let Some(id) = spread.open.pop() {
        match spread.effects.get(&id).map(|(effect, _)| *effect) {
            Some(Effect::Fails) => spread.spread_failure(id),
            Some(Effect::Partly) => spread.spread_part(id),
            _ => {}
        }
    }
    spread.effects
}

/// Does it take from one side and hand on to the other, whether or not anybody is there?
fn is_broker(index: &Index<'_>, id: ServiceId) -> bool {
    let kind = &index.model.services[id].kind;
    [Trait::Buffer, Trait::Fanout, Trait::EventSource].into_iter().any(|has| kind.has(has))
}

/// Does it send each request one way only, so that the other ways stay open?
fn is_router(index: &Index<'_>, id: ServiceId) -> bool {
    let kind = &index.model.services[id].kind;
    kind.has(Trait::Entry) || kind.is_outside()
}

struct Spread<'a> {
    index: &'a Index<'a>,
    effects: Effects,
    open: Vec<ServiceId>,
}

impl Spread<'_> {
    fn flow(&self, id: FlowId) -> &Flow {
        &self.index.model.flows[id]
    }

    /// Those of some flows on which something travels for each request.
    fn loaded(&self, flows: &[FlowId]) -> Vec<FlowId> {
        flows.iter().copied().filter(|id| carries_load(self.flow(*id))).collect()
    }

    /// Who called, fed or was fed by something that failed.
    fn spread_failure(&mut self, failed: ServiceId) {
        for id in self.loaded(self.index.touching.reaching(failed)) {
            let (from, to, by_caller) = self.ends(id);
            if !by_caller {
                self.mark(from, Effect::Waits, id);
                if to != failed {
                    self.mark(to, Effect::Idle, id);
                }
            } else if self.flow(id).soft {
                self.mark(from, Effect::Degraded, id);
            } else if is_router(self.index, from) {
                self.mark_router(from, id);
            } else {
                self.mark(from, Effect::Fails, id);
            }
        }
        for id in self.loaded(self.index.touching.from(failed)) {
            let (_, to, by_caller) = self.ends(id);
            if !by_caller {
                self.mark(to, Effect::Idle, id);
            }
        }
    }

    /// Both ends of a flow, and whether its caller notices when it fails.
    fn ends(&self, id: FlowId) -> (ServiceId, ServiceId, bool) {
        let flow = self.flow(id);
        let handed_on = is_broker(self.index, flow.from) && !flow.is_sync();
        (flow.from, flow.to, flow.initiator() == flow.from && !handed_on)
    }

    /// Who calls something that fails in part.
    fn spread_part(&mut self, failed: ServiceId) {
        for id in self.loaded(self.index.touching.reaching(failed)) {
            let flow = self.flow(id);
            if flow.to == failed && flow.is_sync() && flow.initiator() == flow.from {
                let effect = if flow.soft { Effect::Degraded } else { Effect::Partly };
                self.mark(flow.from, effect, id);
            }
        }
    }

    /// A router fails when all its ways do.
    fn mark_router(&mut self, router: ServiceId, by: FlowId) {
        self.mark(router, Effect::Partly, by);
        let ways = ways(self.index, router);
        if ways.iter().all(|id| self.is_broken(*id)) {
            self.mark(router, Effect::Fails, by);
        }
    }

    fn is_broken(&self, id: FlowId) -> bool {
        let flow = self.flow(id);
        flow.through.iter().chain([&flow.to]).any(|id| self.fails(*id))
    }

    fn fails(&self, id: ServiceId) -> bool {
        self.effects.get(&id).is_some_and(|(effect, _)| *effect == Effect::Fails)
    }

    /// The worst effect stays, with the flows that bring it.
    fn mark(&mut self, id: ServiceId, effect: Effect, by: FlowId) {
        match self.effects.get_mut(&id) {
            Some((known, _)) if *known < effect => return,
            Some((known, flows)) if *known == effect => {
                // What failed first needs no reason.
                if !flows.is_empty() && !flows.contains(&by) {
                    flows.push(by);
                }
                return;
            }
            Some(entry) => {
                let kept = if effect == Effect::Fails && entry.0 == Effect::Partly {
                    entry.1.clone()
                } else {
                    Vec::new()
                };
                *entry = (effect, kept);
                if !entry.1.contains(&by) {
                    entry.1.push(by);
                }
            }
            None => {
                self.effects.insert(id, (effect, vec![by]));
            }
        }
        self.open.push(id);
    }
}

/// The ways by which a router sends on what it gets; those it lives without left out.
fn ways(index: &Index<'_>, router: ServiceId) -> Vec<FlowId> {
    let out = index.touching.from(router).iter().copied();
    let is_way = |id: &FlowId| {
        let flow = &index.model.flows[*id];
        carries_load(flow) && !flow.soft && flow.initiator() == flow.from
    };
    out.filter(is_way).collect()
}

const COLUMNS: &[Column] = &[
    column("service", "service"),
    column("effect", "effect"),
    column("because", "because"),
    column("lines", "lines"),
];

const JOURNEYS: &[Column] = &[
    column("journey", "journey"),
    column("effect", "effect"),
    column("because", "because"),
    column("lines", "lines"),
];

/// `what breaks if products_db fails`
pub(super) fn failure(index: &Index<'_>, of: &Selection) -> Answer {
    // Several names are joined with commas; one name may stand for several services.
    let verb = if of.words.contains(", ") { "fail" } else { "fails" };
    told(index, &of.services, &format!("{} {verb}", of.words))
}

fn told(index: &Index<'_>, failed: &[ServiceId], when: &str) -> Answer {
    let effects = effects_of(index, failed);
    let of = |wanted: Effect| {
        let all = effects.iter().filter(move |(id, (effect, _))| *effect == wanted && !failed.contains(id));
        all.map(|(id, _)| *id).collect::<Vec<_>>()
    };
    let names = |ids: &[ServiceId]| named(ids.iter().map(|id| index.name(*id)));
    let (fails, partly, degraded) = (of(Effect::Fails), of(Effect::Partly), of(Effect::Degraded));
    let mut parts = Vec::new();
    for (ids, does) in [(&fails, "too"), (&partly, "in part")] {
        if !ids.is_empty() {
            let verb = if ids.len() == 1 { "fails" } else { "fail" };
            parts.push(format!("{} {verb} {does}", names(ids)));
        }
    }
    if !degraded.is_empty() {
        let verb = if degraded.len() == 1 { "lives" } else { "live" };
        parts.push(format!("{} {verb} on without", names(&degraded)));
    }
    let headline = match parts.as_slice() {
        [] => format!("if {when}, nothing else fails"),
        parts => format!("if {when}, {}", parts.join("; ")),
    };
    let rows = rows(index, &effects, failed);
    Answer::new(headline).table(Table { key: "effects", title: "services", columns: COLUMNS, rows }).table(
        Table { key: "journeys", title: "journeys", columns: JOURNEYS, rows: journeys(index, &effects) },
    )
}

/// The worst effects first.
fn rows(index: &Index<'_>, effects: &Effects, failed: &[ServiceId]) -> Vec<Vec<Cell>> {
    let others = effects.iter().filter(|(id, _)| !failed.contains(id));
    let mut sorted: Vec<_> = others.collect();
    sorted.sort_by_key(|(id, (effect, _))| (*effect, **id));
    let row = |(id, (effect, by)): (&ServiceId, &(Effect, Vec<FlowId>))| {
        vec![
            Cell::words(index.name(*id)),
            Cell::words(effect.name()),
            Cell::Words(because(index, effects, *id, *effect, by)),
            Cell::places(by.iter().map(|id| index.model.flows[*id].span)),
        ]
    };
    sorted.into_iter().map(row).collect()
}

/// Why a service feels it.
fn because(index: &Index<'_>, effects: &Effects, id: ServiceId, effect: Effect, by: &[FlowId]) -> String {
    let flows = by.iter().map(|id| &index.model.flows[*id]);
    let lost: BTreeSet<ServiceId> = flows.flat_map(|flow| broken_parts(effects, flow, id)).collect();
    let names = named(lost.iter().map(|id| index.name(*id)));
    match effect {
        Effect::Fails => format!("needs {names}"),
        Effect::Partly => match lost_share(index, effects, id) {
            Some(share) => format!("needs {names}: {share} of its requests"),
            None => format!("needs {names}"),
        },
        Effect::Degraded => format!("lives without {names}"),
        Effect::Waits => match index.model.services[id].settings.time("max-age") {
            Some(age) => format!("{names} takes nothing; kept for {age}"),
            None => format!("{names} takes nothing"),
        },
        Effect::Idle => format!("{names} hands on nothing"),
    }
}

/// What of a flow is broken, seen from one of its ends.
fn broken_parts(effects: &Effects, flow: &Flow, seen_from: ServiceId) -> Vec<ServiceId> {
    let breaks = |id: &&ServiceId| {
        **id != seen_from && effects.get(id).is_some_and(|(effect, _)| *effect <= Effect::Partly)
    };
    flow.through.iter().chain([&flow.from, &flow.to]).filter(breaks).copied().collect()
}

/// The part of a router's requests whose way is broken; nothing when nothing is known of its load.
fn lost_share(index: &Index<'_>, effects: &Effects, router: ServiceId) -> Option<Percent> {
    if !index.model.services[router].kind.has(Trait::Entry) {
        return None;
    }
    let fails = |id: &ServiceId| effects.get(id).is_some_and(|(effect, _)| *effect == Effect::Fails);
    let uses = |id: &FlowId| i64::try_from(index.facts.load.flow(*id).expected).unwrap_or(i64::MAX);
    let all = ways(index, router);
    let broken = all.iter().filter(|id| {
        let flow = &index.model.flows[**id];
        flow.through.iter().chain([&flow.to]).any(fails)
    });
    let sum = |uses: i64, more: i64| uses.saturating_add(more);
    let lost = broken.map(uses).fold(0, sum);
    // A share of uses is reckoned like a share of money.
    share(MicroUsd(lost), MicroUsd(all.iter().map(uses).fold(0, sum)))
}

/// Journeys that fail, or complete later.
fn journeys(index: &Index<'_>, effects: &Effects) -> Vec<Vec<Cell>> {
    index.model.journeys.iter().filter_map(|journey| journey_row(index, effects, journey)).collect()
}

fn journey_row(index: &Index<'_>, effects: &Effects, journey: &Journey) -> Option<Vec<Cell>> {
    let mut later: BTreeSet<ServiceId> = BTreeSet::new();
    let mut found: Option<(bool, ServiceId, Span)> = None;
    for id in journey.flows.iter().flatten() {
        let flow = &index.model.flows[*id];
        let handed_on = !flow.is_sync() && (flow.initiator() == flow.to || is_broker(index, flow.from));
        if later.contains(&flow.from) || handed_on {
            later.insert(flow.to);
        }
        let broken = flow
            .through
            .iter()
            .chain([&flow.from, &flow.to])
            .find(|id| effects.get(id).is_some_and(|(effect, _)| *effect == Effect::Fails));
        if let Some(broken) = broken.filter(|_| !flow.soft) {
            let late = later.contains(&flow.to) && later.contains(broken);
            let known_worse = found.is_some_and(|(known_late, ..)| !known_late || late);
            if !known_worse {
                found = Some((late, *broken, flow.span));
            }
        }
    }
    let (late, broken, span) = found?;
    let effect = if late { "is accepted and completes later" } else { "fails" };
    Some(vec![
        Cell::words(journey.name.as_str()),
        Cell::words(effect),
        Cell::Words(format!("needs `{}`", index.name(broken))),
        Cell::places([span, journey.span]),
    ])
}

/// What may be lost with a zone: everything that stands in one zone only.
pub fn zone_losses(index: &Index<'_>) -> Vec<ServiceId> {
    let model = index.model;
    let alone = |id: &ServiceId| {
        let kind = &model.services[*id].kind;
        kind.zonal && !kind.is_outside() && !is_redundant(model, *id)
    };
    model.services.ids().filter(alone).collect()
}

const TIGHT: &[Column] = &[
    column("service", "service"),
    column("units_left", "units left"),
    column("units_needed", "needed at peak"),
    column("lines", "lines"),
];

const ALONE: &[Column] = &[column("service", "service"), column("kind", "kind"), column("lines", "lines")];

/// `what breaks without zone a`
pub(super) fn zone(index: &Index<'_>, zone: &Word) -> Asked<Answer> {
    let letter = letter(index, zone)?;
    let lost = zone_losses(index);
    let mut answer = told(index, &lost, &format!("zone {letter} is lost"));
    let tight = tight(index);
    if lost.is_empty() && tight.is_empty() {
        answer.headline = format!("nothing breaks without zone {letter}: everything stands in several zones");
    } else if lost.is_empty() {
        let groups = Noun::english("group of units has", "groups of units have").count(tight.len());
        answer.headline = format!("nothing fails without zone {letter}; {groups} too few units left at peak");
    }
    let alone = lost.iter().map(|id| {
        let service = &index.model.services[*id];
        vec![
            Cell::words(service.name.as_str()),
            Cell::words(service.kind.word.as_str()),
            Cell::places(service.causes().iter().copied()),
        ]
    });
    let rows: Vec<Vec<Cell>> = alone.collect();
    let is_open = !rows.is_empty();
    answer.tables.insert(0, Table { key: "single_zone", title: "in one zone only", columns: ALONE, rows });
    answer.tables.retain(|table| !table.rows.is_empty());
    let answer =
        answer.table(Table { key: "too_few", title: "too few units left", columns: TIGHT, rows: tight });
    Ok(answer.remark(is_open.then(|| {
        format!("the model does not say in which zone a single unit stands; here each is taken to stand in zone {letter}")
    })))
}

/// The zone that is meant: one of those the system stands in.
fn letter(index: &Index<'_>, zone: &Word) -> Asked<char> {
    let zones = index.model.system.zones.clamp(1, 26);
    let letters: Vec<char> = ('a'..='z').take(usize::try_from(zones).unwrap_or(1)).collect();
    let lower = zone.value.to_lowercase();
    // `us-east-1a` names a zone as AWS does.
    let short = lower.strip_prefix(&index.model.system.region).unwrap_or(&lower);
    let mut characters = short.chars();
    if let (Some(letter), None) = (characters.next(), characters.next())
        && letters.contains(&letter)
    {
        return Ok(letter);
    }
    let shown: String = zone.value.chars().take(40).collect();
    let message = format!("the system does not stand in a zone `{shown}`");
    let all: Vec<String> = letters.iter().map(ToString::to_string).collect();
    Err(Box::new(OUT_OF_PLACE.at(zone.span).message(message).help(format!("its zones: {}", all.join(", ")))))
}

/// Groups whose units in the zones that are left do not carry the peak.
fn tight(index: &Index<'_>) -> Vec<Vec<Cell>> {
    let zones = index.model.system.zones.max(1);
    let groups = index.facts.capacity.groups.iter().filter(|_| zones > 1);
    groups
        .filter_map(|group| {
            let left = group.peak.running.saturating_mul(zones - 1) / zones;
            let service = &index.model.services[group.service];
            let spans = service.settings.span("scale").unwrap_or(service.span);
            (is_redundant(index.model, group.service) && left < group.peak.queueing).then(|| {
                vec![
                    Cell::words(service.name.as_str()),
                    Cell::Count(left),
                    Cell::Count(group.peak.queueing),
                    Cell::places([spans]),
                ]
            })
        })
        .collect()
}
