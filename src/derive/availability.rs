//! Availability: what AWS's commitments make of a way through the system. A planning bound, not a probability.
//!
//! A way needs all its hard components, each counted once: A is the product of their figures. A figure is the kind's
//! commitment in its declared configuration (one zone or several). What a caller lives without leaves the product and is
//! listed. A hand-over cuts the way: what accepts counts before the cut, what completes counts apart. Sources:
//! Well-Architected REL05-BP01 and REL11-BP07; Resilience Hub's hard and soft dependencies; each kind's `[availability]`.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Basis, Trait};
use crate::derive::assumption::Assumption;
use crate::derive::order::{Wiring, is_hard};
use crate::derive::paths::{Path, Paths};
use crate::model::{Flow, FlowId, Mode, Model, ServiceId};
use crate::text::{Wording, phrase};
use crate::units::{Millis, PerBillion};

/// The window in which downtime is told: 30 days.
pub const WINDOW: Millis = Millis(30 * 86_400_000);

/// What one service contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// The service.
    pub service: ServiceId,
    /// Its figure in the declared configuration.
    pub figure: PerBillion,
    /// Its figure when it stood in several zones, where that is more.
    pub redundant: Option<PerBillion>,
    /// Did the model state the figure?
    pub stated: bool,
    /// Is the catalogue's figure unverified?
    pub from_memory: bool,
}

/// What one change would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Stand in several zones.
    Redundant,
    /// Live without it: a soft dependency.
    Soft,
}

/// One change and its gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub service: ServiceId,
    /// Which.
    pub step: Step,
    /// The availability after it.
    pub after: PerBillion,
    /// Downtime it saves in [`WINDOW`].
    pub saves: Millis,
}

/// Components that are all needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// The components, each once, in order of appearance; those without a commitment of their own left out.
    pub components: Vec<ServiceId>,
    /// Their product.
    pub availability: PerBillion,
    /// What that leaves out in [`WINDOW`].
    pub downtime: Millis,
    /// The component with the lowest figure.
    pub worst: Option<ServiceId>,
    /// Single changes, the best first.
    pub changes: Vec<Change>,
}

/// The availability of one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathAvailability {
    /// The way, by its position in [`Paths::all`].
    pub path: usize,
    /// Its chain.
    pub chain: Chain,
}

/// The availability of one journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyAvailability {
    /// The journey, by its position in the model.
    pub journey: usize,
    /// What must work so that it is accepted; the whole journey when nothing is handed over.
    pub accepts: Chain,
    /// What must work so that it completes after the hand-over.
    pub completes: Option<Chain>,
    /// How old what was handed over may become, when a queue says so.
    pub within: Option<Millis>,
    /// What it lives without.
    pub without: Vec<ServiceId>,
}

/// Availability of a system.
#[derive(Debug, Clone, Default)]
pub struct Availability {
    /// What each service contributes, in model order; those outside and those without a commitment left out.
    pub components: Vec<Component>,
    /// Each way.
    pub paths: Vec<PathAvailability>,
    /// Each journey.
    pub journeys: Vec<JourneyAvailability>,
    /// What had to be assumed.
    pub assumptions: Vec<Assumption>,
}

impl Availability {
    /// What a service contributes.
    pub fn component(&self, service: ServiceId) -> Option<&Component> {
        let at = self.components.binary_search_by_key(&service, |component| component.service);
        at.ok().and_then(|at| self.components.get(at))
    }

    /// The chain of some services, each counted once.
    pub fn chain(&self, services: impl IntoIterator<Item = ServiceId>) -> Chain {
        let mut seen = BTreeSet::new();
        let counted = |id: ServiceId| self.component(id).copied().filter(|_| seen.insert(id));
        chain(&services.into_iter().filter_map(counted).collect::<Vec<_>>())
    }

    /// The least available way that begins at a service.
    pub fn worst_from(&self, paths: &Paths, start: ServiceId) -> Option<&PathAvailability> {
        let begins =
            |found: &&PathAvailability| paths.all.get(found.path).is_some_and(|path| path.start == start);
        self.paths.iter().filter(begins).min_by_key(|found| found.chain.availability)
    }

    /// The same chain when one service had another figure.
    pub fn what_if(&self, chain_of: &Chain, service: ServiceId, figure: PerBillion) -> Chain {
        let changed = |component: &Component| {
            if component.service == service { Component { figure, ..*component } } else { *component }
        };
        let parts = chain_of.components.iter().filter_map(|id| self.component(*id));
        chain(&parts.map(changed).collect::<Vec<_>>())
    }
}

/// Derives the availability of a model's ways and journeys.
pub fn derive(model: &Model, paths: &Paths) -> Availability {
    let components: Vec<Component> = model.services.ids().filter_map(|id| component(model, id)).collect();
    let mut found = Availability { components, ..Availability::default() };
    found.paths = paths
        .all
        .iter()
        .enumerate()
        .map(|(at, path)| PathAvailability { path: at, chain: found.chain(on_path(model, path)) })
        .collect();
    let wiring = Wiring::new(model, is_hard);
    found.journeys = (0..model.journeys.len()).filter_map(|at| journey(model, &wiring, &found, at)).collect();
    found.assumptions = assumptions(model, &found);
    found
}

/// What a service contributes; nothing when it is outside and says nothing, or has no commitment of its own.
fn component(model: &Model, id: ServiceId) -> Option<Component> {
    let service = &model.services[id];
    let kind = &service.kind;
    let stated = service.settings.percent("sla");
    let is_route = kind.has(Trait::PrivatePath) && service.settings.word("type") == Some("gateway");
    if stated.is_none() && (kind.availability.basis == Basis::None || is_route) {
        return None;
    }
    let several = PerBillion::from(kind.availability.sla);
    let one = kind.availability.single_az.map(PerBillion::from).filter(|one| *one < several);
    let alone = one.filter(|_| !is_redundant(model, id));
    let figure = stated.map_or(alone.unwrap_or(several), PerBillion::from);
    let redundant = alone.filter(|_| stated.is_none()).map(|_| several);
    let from_memory = stated.is_none() && kind.availability.is_from_memory();
    Some(Component { service: id, figure, redundant, stated: stated.is_some(), from_memory })
}

/// Does it stand in several zones, as declared?
pub fn is_redundant(model: &Model, id: ServiceId) -> bool {
    let service = &model.services[id];
    let settings = &service.settings;
    if !service.kind.zonal || model.system.zones < 2 {
        return !service.kind.zonal;
    }
    if service.kind.setting("multi-az").is_some() {
        let copies = settings.count("replicas").unwrap_or(0);
        let fails_over =
            !service.kind.scaling.vertical && copies > 0 && service.kind.setting("mode").is_none();
        return settings.is_on("multi-az") || fails_over;
    }
    if service.kind.has(Trait::Scalable) {
        let usual = service.kind.scaling.default_min.map_or(1, |min| min.div_ceil(1_000));
        return settings.scaling().map_or(usual, |policy| policy.min) >= 2;
    }
    settings.word("per") != Some("vpc")
}

/// The product of the components' figures, in parts per billion, rounded to the nearest.
fn product(components: &[Component]) -> PerBillion {
    const ONE: u128 = 1_000_000_000_000_000_000;
    let all = components
        .iter()
        .fold(ONE, |product, part| product * u128::from(part.figure.0.min(1_000_000_000)) / 1_000_000_000);
    PerBillion(u64::try_from((all + 500_000_000) / 1_000_000_000).unwrap_or(0))
}

fn chain(components: &[Component]) -> Chain {
    let availability = product(components);
    let downtime = availability.downtime(WINDOW);
    Chain {
        components: components.iter().map(|component| component.service).collect(),
        availability,
        downtime,
        worst: components.iter().min_by_key(|component| component.figure).map(|worst| worst.service),
        changes: changes(components, downtime),
    }
}

/// Every single change with its gain, the best first.
fn changes(components: &[Component], downtime: Millis) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for component in components {
        let soft = (Step::Soft, Some(PerBillion::WHOLE));
        for (step, figure) in [(Step::Redundant, component.redundant), soft] {
            let Some(figure) = figure else { continue };
            let with =
                |part: &Component| if part == component { Component { figure, ..*part } } else { *part };
            let after = product(&components.iter().map(with).collect::<Vec<_>>());
            found.push(Change {
                service: component.service,
                step,
                after,
                saves: downtime - after.downtime(WINDOW),
            });
        }
    }
    found.sort_by_key(|change| (std::cmp::Reverse(change.saves), change.step, change.service));
    found
}

/// At least `needed` of `units` equal, independent units are up, each with `figure`; the binomial sum, in parts per billion.
pub fn at_least(needed: u32, units: u32, figure: PerBillion) -> PerBillion {
    const ONE: u128 = 1_000_000_000;
    let up = u128::from(figure.0).min(ONE);
    let mut chances: Vec<u128> = vec![ONE * ONE];
    for _ in 0..units.min(64) {
        let mut next = vec![0; chances.len() + 1];
        for (count, chance) in chances.iter().enumerate() {
            add(&mut next, count, chance * (ONE - up) / ONE);
            add(&mut next, count + 1, chance * up / ONE);
        }
        chances = next;
    }
    let needed = usize::try_from(needed).unwrap_or(usize::MAX);
    let sum: u128 = chances.iter().skip(needed).sum();
    PerBillion(u64::try_from((sum + ONE / 2) / ONE).unwrap_or(0))
}

fn add(chances: &mut [u128], at: usize, chance: u128) {
    if let Some(slot) = chances.get_mut(at) {
        *slot += chance;
    }
}

/// The components of a way: its services and what its flows pass.
fn on_path(model: &Model, path: &Path) -> Vec<ServiceId> {
    let hops = path.flows.iter().flat_map(|id| {
        let flow = &model.flows[*id];
        flow.through.iter().copied().chain(std::iter::once(flow.to))
    });
    std::iter::once(path.start).chain(hops).collect()
}

/// Where a service stands on a journey.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Accepts,
    HandsOver,
    Completes,
}

fn journey(model: &Model, wiring: &Wiring, found: &Availability, at: usize) -> Option<JourneyAvailability> {
    let journey = model.journeys.get(at)?;
    let mut sides: BTreeMap<ServiceId, Side> = BTreeMap::new();
    let mut order: Vec<(ServiceId, Side)> = Vec::new();
    let first = journey.steps.first().map_or(&[][..], Vec::as_slice);
    for id in first.iter().copied().filter(|id| !model.services[*id].kind.is_outside()) {
        sides.insert(id, Side::Accepts);
        order.push((id, Side::Accepts));
    }
    let flows: Vec<FlowId> = journey.flows.iter().flatten().copied().collect();
    for flow in flows.iter().map(|id| &model.flows[*id]).filter(|flow| !flow.soft) {
        let side = next_side(sides.get(&flow.from).copied(), flow);
        order.extend(flow.through.iter().map(|id| (*id, counted_side(side))));
        sides.entry(flow.to).or_insert(side);
        order.push((flow.to, counted_side(side)));
    }
    let of = |side: Side| {
        with_needs(model, wiring, order.iter().filter(|(_, other)| *other == side).map(|(id, _)| *id))
    };
    let completes = of(Side::Completes);
    let hands_over = |id: &&ServiceId| sides.get(id) == Some(&Side::HandsOver);
    Some(JourneyAvailability {
        journey: at,
        accepts: found.chain(of(Side::Accepts)),
        completes: (!completes.is_empty()).then(|| found.chain(completes)),
        within: sides.keys().filter(hands_over).find_map(|id| model.services[*id].settings.time("max-age")),
        without: flows
            .iter()
            .map(|id| &model.flows[*id])
            .filter(|flow| flow.soft)
            .map(|flow| flow.to)
            .collect(),
    })
}

/// What a flow's target does on a journey, by what its start does.
fn next_side(from: Option<Side>, flow: &Flow) -> Side {
    let consumed = flow.mode() == Mode::Stream || flow.initiator() == flow.to;
    match from.unwrap_or(Side::Accepts) {
        Side::Accepts if flow.is_sync() => Side::Accepts,
        Side::Accepts if consumed => Side::Completes,
        Side::Accepts => Side::HandsOver,
        Side::HandsOver | Side::Completes => Side::Completes,
    }
}

/// What takes a hand-over must work for the journey to be accepted.
fn counted_side(side: Side) -> Side {
    if side == Side::HandsOver { Side::Accepts } else { side }
}

/// Services and, of those that are no entries, all they cannot live without.
fn with_needs(model: &Model, wiring: &Wiring, services: impl Iterator<Item = ServiceId>) -> Vec<ServiceId> {
    let mut found: Vec<ServiceId> = services.collect();
    let mut seen: BTreeSet<ServiceId> = found.iter().copied().collect();
    let mut next = 0;
    while let Some(id) = found.get(next).copied() {
        next += 1;
        if model.services[id].kind.has(Trait::Entry) {
            continue;
        }
        for flow in wiring.out(id).iter().map(|id| &model.flows[*id]) {
            let needed = flow.through.iter().copied().chain(std::iter::once(flow.to));
            found.extend(needed.filter(|id| seen.insert(*id)));
        }
    }
    found
}

/// What a service cannot live without, itself left out: all that it calls and waits for, and what that needs in turn.
pub fn needs(model: &Model, service: ServiceId) -> Vec<ServiceId> {
    let wiring = Wiring::new(model, is_hard);
    let mut found = with_needs(model, &wiring, std::iter::once(service));
    found.retain(|id| *id != service);
    found
}

/// Figures that are nobody's statement: those of systems outside.
fn assumptions(model: &Model, found: &Availability) -> Vec<Assumption> {
    let outside =
        found.components.iter().filter(|part| !part.stated && model.services[part.service].kind.is_outside());
    outside
        .map(|part| {
            let service = &model.services[part.service];
            let state =
                format!("{} {} {{ sla {}% }}", service.kind.word, service.name, part.figure.percent(3));
            let what = phrase!("availability of `{}`", "disponibilidad de `{}`", service.name);
            Assumption::new(
                what,
                part.figure.to_string(),
                Wording::new("placeholder of the catalogue", "valor provisional del catálogo"),
                service.span,
                state,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Id;

    fn component(at: usize, figure: u64) -> Component {
        let service = Id::from_index(at);
        Component { service, figure: PerBillion(figure), redundant: None, stated: false, from_memory: false }
    }

    #[test]
    fn a_chain_is_the_product_of_its_components() {
        let parts = [
            component(0, 999_500_000),
            component(1, 999_900_000),
            component(2, 999_900_000),
            component(3, 999_500_000),
        ];
        let found = chain(&parts);
        assert_eq!(found.availability.fraction(6), "0.998800");
        assert_eq!(found.downtime.minutes(1), "51.8");
        assert_eq!(found.worst, Some(Id::from_index(0)));
    }

    /// Every combination of up and down, weighed by its chance: the slow way to the same figure.
    fn by_enumeration(figures: &[u64], works: impl Fn(u32) -> bool) -> u64 {
        let mut sum = 0.0;
        for state in (0..1_u32 << figures.len()).filter(|state| works(*state)) {
            let chance = figures.iter().enumerate().map(|(at, figure)| {
                let up = f64::from(u32::try_from(*figure).unwrap()) / 1e9;
                if state >> at & 1 == 1 { up } else { 1.0 - up }
            });
            sum += chance.product::<f64>();
        }
        format!("{:.0}", sum * 1e9).parse().unwrap()
    }

    #[test]
    fn chains_and_redundancy_agree_with_enumeration() {
        let figures = [
            999_500_000,
            990_000_000,
            950_000_000,
            999_000_000,
            500_000_000,
            900_000_000,
            1_000_000_000,
            970_000_000,
            980_000_000,
            940_000_000,
        ];
        for length in 1..=figures.len() {
            let parts: Vec<Component> = (0..length).map(|at| component(at, figures[at])).collect();
            let all = (1_u32 << length) - 1;
            let slow = by_enumeration(&figures[..length], |state| state == all);
            assert!(product(&parts).0.abs_diff(slow) <= 1, "{length} in a row");
        }
        for units in 1..=12_u32 {
            for needed in 0..=units {
                let same = vec![930_000_000; units as usize];
                let slow = by_enumeration(&same, |state| state.count_ones() >= needed);
                let fast = at_least(needed, units, PerBillion(930_000_000)).0;
                assert!(fast.abs_diff(slow) <= 2, "{needed} of {units}: {fast} {slow}");
            }
        }
    }

    #[test]
    fn changes_tell_their_gain_and_the_best_comes_first() {
        let mut weak = component(0, 995_000_000);
        weak.redundant = Some(PerBillion(999_500_000));
        let found = chain(&[weak, component(1, 999_900_000)]);
        assert_eq!(
            found.changes.first().map(|change| (change.service.index(), change.step)),
            Some((0, Step::Soft))
        );
        let second = found.changes.get(1).unwrap();
        assert_eq!((second.step, second.after.fraction(6)), (Step::Redundant, "0.999400".to_owned()));
    }
}
