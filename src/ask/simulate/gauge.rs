//! Limits: what stands against what at one load, and where each breaks.

use crate::ask::simulate::world::{Figures, Sample, World};
use crate::ask::simulate::{Break, Factor};
use crate::catalog::Kind;
use crate::model::{Budget, Model, Scope, ServiceId};
use crate::text::{Language, Span, Wording};
use crate::units::{MicroUsd, PerSecond};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Requests that an entry lets in.
    Throttle,
    /// Units of a group.
    Units,
    /// Executions of a function at once.
    Executions,
    /// What the consumers of a queue work off.
    Queue,
    /// Calls a second that the service itself takes.
    Service,
    /// Connections of a store.
    Connections,
    /// Shards of a stream.
    Shards,
    /// A quota of the account.
    Quota,
    /// A budget.
    Budget,
}

/// Sorts with their words.
const SORTS: [(Sort, Wording); 9] = [
    (Sort::Throttle, Wording::new("throttle", "límite de entrada")),
    (Sort::Units, Wording::new("units", "unidades")),
    (Sort::Executions, Wording::new("executions", "ejecuciones")),
    (Sort::Queue, Wording::new("consumers", "consumidores")),
    (Sort::Service, Wording::new("service limit", "límite del servicio")),
    (Sort::Connections, Wording::new("connections", "conexiones")),
    (Sort::Shards, Wording::new("shards", "particiones")),
    (Sort::Quota, Wording::new("account quota", "cuota de la cuenta")),
    (Sort::Budget, Wording::new("budget", "presupuesto")),
];

impl Sort {
    /// The word for it, as tables of the command line say it.
    pub fn name(self) -> &'static str {
        self.word(Language::En)
    }

    /// The word for it in a picture.
    pub fn word(self, language: Language) -> &'static str {
        SORTS.iter().find(|(sort, _)| *sort == self).map_or("", |(_, name)| name.say(language))
    }
}

/// How figures of a limit are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Thousandths of an event a second.
    Rate,
    /// Microdollars a month.
    Money,
    /// So many of something.
    Count,
    /// Thousandths of something that is had whole only.
    Milli,
}

/// One limit at one load. The same limits stand in the same order at every load.
#[derive(Debug, Clone)]
pub(super) struct Gauge {
    pub sort: Sort,
    pub service: Option<ServiceId>,
    /// The quota's or limit's name; for others nothing.
    pub quota: &'static str,
    pub demand: u128,
    pub limit: u128,
    pub measure: Measure,
    /// By position in the model, of a budget; by position in the capacity, of an account quota.
    pub at: usize,
}

impl Gauge {
    fn of(sort: Sort, service: ServiceId, demand: u128, limit: u128, measure: Measure) -> Self {
        Self { sort, service: Some(service), quota: "", demand, limit, measure, at: 0 }
    }

    fn is_broken(&self) -> bool {
        self.demand > self.limit
    }
}

/// Rates that a service takes, by the catalogue's name, and the setting that must be on.
const RATES: [(&str, Option<&str>); 6] = [
    ("fifo_tps_per_api", Some("fifo")),
    ("publish_tps", None),
    ("put_tps", None),
    ("rps", None),
    ("standard_start_rps", None),
    ("user_authentication_rps", None),
];

/// Rates of billed units: the price whose quantity counts, and the quota or figure of capacity that limits it.
const BILLED: [(&str, &str); 4] = [
    ("read", "on-demand-read"),
    ("write", "on-demand-write"),
    ("put", "put_rps_per_prefix"),
    ("get", "get_rps_per_prefix"),
];

/// Every limit at one load, in model order.
pub(super) fn gauges(world: &World<'_>, figures: &Figures) -> Vec<Gauge> {
    let mut found = Vec::new();
    for id in world.model.services.ids() {
        let service = &world.model.services[id];
        let peak = u128::from(figures.load.service(id).peak.0);
        if let Some(throttle) = service.settings.rate("throttle") {
            found.push(Gauge::of(Sort::Throttle, id, peak, throttle.0.into(), Measure::Rate));
        }
        found.extend(units(world, figures, id));
        // An API's own rate is the account's quota, which is counted over all of them.
        let is_account = |name: &str| name == "rps" && service.kind.quota("account-rps").is_some();
        let rates = RATES
            .iter()
            .filter(|(name, on)| !is_account(name) && on.is_none_or(|on| service.settings.is_on(on)));
        for (name, _) in rates {
            if let Some(limit) = service.kind.capacity.count(name) {
                let limit = u128::from(limit) * 1_000;
                found.push(Gauge { quota: name, ..Gauge::of(Sort::Service, id, peak, limit, Measure::Rate) });
            }
        }
    }
    found.extend(billed(world, figures));
    for pool in &figures.capacity.pools {
        let planned = u128::from(pool.planned());
        found.push(Gauge::of(Sort::Connections, pool.service, pool.demand.into(), planned, Measure::Count));
    }
    for stream in &figures.capacity.streams {
        let have = stream.shards.map_or(u128::MAX, u128::from);
        found.push(Gauge::of(Sort::Shards, stream.service, stream.needed.into(), have, Measure::Count));
    }
    found.extend(account(figures));
    found.extend(budgets(world, figures));
    found
}

/// What a group, a function or a queue states, against what the load needs.
fn units(world: &World<'_>, figures: &Figures, id: ServiceId) -> Vec<Gauge> {
    let mut found = Vec::new();
    if let (Some(needed), Some(stated)) = (figures.capacity.group(id), world.stated.group(id)) {
        let (units, max) = (u128::from(needed.peak.units), u128::from(stated.max));
        found.push(Gauge::of(Sort::Units, id, units, max, Measure::Count));
        if let Some(quota) = world.model.services[id].kind.quota("tasks-per-service") {
            let gauge = Gauge::of(Sort::Service, id, units, quota.value.into(), Measure::Count);
            found.push(Gauge { quota: "tasks-per-service", ..gauge });
        }
    }
    let function =
        figures.capacity.function(id).zip(world.stated.function(id)).filter(|(_, stated)| stated.stated);
    if let Some((needed, stated)) = function {
        let most = u128::from(stated.most) * 1_000;
        found.push(Gauge::of(Sort::Executions, id, needed.peak.into(), most, Measure::Milli));
    }
    if let Some((needed, stated)) = figures.capacity.queue(id).zip(world.stated.queue(id)) {
        let worked = u128::from(stated.service_rate.0).saturating_sub(1);
        found.push(Gauge::of(Sort::Queue, id, needed.usual.0.into(), worked, Measure::Rate));
    }
    found
}

/// Rates of what is billed by the request, from the bill of a month at peak.
fn billed(world: &World<'_>, figures: &Figures) -> Vec<Gauge> {
    let seconds = u128::from(world.catalog.hours_per_month().max(1)) * 3_600;
    let mut found: Vec<Gauge> = Vec::new();
    for id in world.model.services.ids() {
        let kind = &world.model.services[id].kind;
        for (item, name) in BILLED {
            let limit = kind.quota(name).map(|quota| quota.value).or_else(|| kind.capacity.count(name));
            let Some(limit) = limit.filter(|_| kind.pricing.item(item).is_some()) else { continue };
            let gauge = Gauge::of(Sort::Service, id, 0, u128::from(limit) * 1_000, Measure::Rate);
            found.push(Gauge { quota: name, ..gauge });
        }
    }
    for line in &figures.cost.lines {
        let Some((_, name)) = BILLED.iter().find(|(item, _)| *item == line.item) else { continue };
        let gauge = found.iter_mut().find(|gauge| gauge.service == line.service && gauge.quota == *name);
        if let Some(gauge) = gauge {
            gauge.demand = u128::from(line.quantity.max) / seconds;
        }
    }
    found
}

/// Quotas of the account.
fn account(figures: &Figures) -> impl Iterator<Item = Gauge> + '_ {
    figures.capacity.quotas.iter().enumerate().map(|(at, quota)| Gauge {
        sort: Sort::Quota,
        service: quota.services.first().copied(),
        quota: "",
        demand: quota.demand.into(),
        limit: quota.limit.into(),
        measure: Measure::Count,
        at,
    })
}

fn budgets<'a>(world: &'a World<'_>, figures: &'a Figures) -> impl Iterator<Item = Gauge> + 'a {
    figures.budgets.iter().filter_map(|facts| {
        let limit = world.model.budgets.get(facts.budget)?.limit;
        let money = |money: MicroUsd| u128::from(money.0.max(0).unsigned_abs());
        Some(Gauge {
            sort: Sort::Budget,
            service: None,
            quota: "",
            demand: money(facts.cost.expected),
            limit: money(limit),
            measure: Measure::Money,
            at: facts.budget,
        })
    })
}

/// What a budget is for.
pub(super) fn budget_name(model: &Model, budget: &Budget) -> String {
    match &budget.scope {
        Scope::System => model.system.name.to_string(),
        Scope::Service(id) => model.services[*id].name.to_string(),
        Scope::Place(id) => model.places[*id].name.to_string(),
    }
}

/// The limits that break, in order of the load at which they do.
pub(super) fn breaks(world: &World<'_>, samples: &[Sample]) -> Vec<Break> {
    let Some(last) = samples.last() else { return Vec::new() };
    let mut found: Vec<Break> = last
        .gauges
        .iter()
        .enumerate()
        .filter(|(_, gauge)| gauge.is_broken())
        .filter_map(|(at, gauge)| first_break(world, samples, at, gauge))
        .collect();
    found.sort_by(|a, b| (a.factor, a.sort, &a.name).cmp(&(b.factor, b.sort, &b.name)));
    found
}

fn first_break(world: &World<'_>, samples: &[Sample], at: usize, last: &Gauge) -> Option<Break> {
    let broken = |sample: &Sample| sample.gauges.get(at).is_some_and(Gauge::is_broken);
    let first = samples.iter().position(broken)?;
    let after = samples.get(first)?;
    let before = first.checked_sub(1).and_then(|before| samples.get(before));
    let (factor, rate, expected) = match before.zip(before.and_then(|before| before.gauges.get(at))) {
        Some((before, low)) => {
            let high = after.gauges.get(at)?;
            let place = Place {
                part: low.limit.saturating_sub(low.demand),
                whole: high.demand.saturating_sub(low.demand),
            };
            (
                Factor(place.between(before.point.factor.0, after.point.factor.0)),
                PerSecond(place.small(before.point.rate.0, after.point.rate.0)),
                MicroUsd(place.money(before.point.expected, after.point.expected)),
            )
        }
        None => (Factor::ONE, after.point.rate, after.point.expected),
    };
    let words = super::told::Words { world, gauge: last };
    Some(Break {
        sort: last.sort,
        service: last.service.filter(|_| last.sort != Sort::Quota),
        name: words.name(),
        limit: words.limit(),
        factor,
        rate,
        expected,
        needed: words.needed(),
        takes: words.takes(),
        causes: causes(world, last),
    })
}

/// Where between two samples a limit is reached, when its demand grows evenly between them.
struct Place {
    part: u128,
    whole: u128,
}

impl Place {
    fn between(&self, low: u128, high: u128) -> u128 {
        let span = high.saturating_sub(low);
        let whole = self.whole.max(1);
        // Where the product would overflow, a thousandth of both keeps more than enough digits.
        let scaled = span
            .checked_mul(self.part)
            .map_or_else(|| (span / whole.max(1)).saturating_mul(self.part), |product| product / whole);
        low.saturating_add(scaled.min(span))
    }

    fn small(&self, low: u64, high: u64) -> u64 {
        u64::try_from(self.between(low.into(), high.into())).unwrap_or(u64::MAX)
    }

    fn money(&self, low: MicroUsd, high: MicroUsd) -> i64 {
        let whole = |money: MicroUsd| u128::from(money.0.max(0).unsigned_abs());
        i64::try_from(self.between(whole(low), whole(high))).unwrap_or(i64::MAX)
    }
}

/// The setting of each sort, whose line is the cause.
const SETTINGS: [(Sort, &str); 4] = [
    (Sort::Throttle, "throttle"),
    (Sort::Units, "scale"),
    (Sort::Executions, "concurrency"),
    (Sort::Shards, "shards"),
];

fn causes(world: &World<'_>, gauge: &Gauge) -> Vec<Span> {
    let model = world.model;
    if gauge.sort == Sort::Budget {
        return model.budgets.get(gauge.at).map(|budget| budget.span).into_iter().collect();
    }
    if gauge.sort == Sort::Quota {
        let quota = world.stated.quotas.get(gauge.at);
        let services = quota.map(|quota| quota.services.as_slice()).unwrap_or_default();
        return services.iter().take(12).map(|id| model.services[*id].span).collect();
    }
    let Some(id) = gauge.service else { return Vec::new() };
    let setting = SETTINGS.iter().find(|(sort, _)| *sort == gauge.sort).map_or("", |(_, setting)| *setting);
    let service = &model.services[id];
    let mut spans = vec![service.settings.span(setting).unwrap_or(service.span)];
    if let Some(pool) = world.stated.pool(id).filter(|_| gauge.sort == Sort::Connections) {
        spans.extend(pool.callers.iter().map(|(flow, _)| model.flows[*flow].span));
    }
    spans
}

/// Is it a kind whose quota of this name AWS raises on request?
pub(super) fn is_adjustable(kind: &Kind, quota: &str) -> bool {
    kind.quota(quota).is_some_and(|quota| quota.adjustable)
}
