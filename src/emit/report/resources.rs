//! Part 3: load and capacity, scaling, balancing, the bill and the budget.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::derive::budget::BudgetFacts;
use crate::derive::capacity::{Group, Queue};
use crate::derive::cost::{Basis, Points};
use crate::derive::operations::Alarm;
use crate::emit::report::growth::{GrowthRow, REACH, growth, rounded};
use crate::emit::report::markdown::Markdown;
use crate::emit::report::{Picture, Subject};
use crate::emit::svg;
use crate::model::{Budget, Load, ServiceId, Spending, Threshold};
use crate::text::Text;
use crate::units::{MicroUsd, Millis};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Resources {
    loads: Vec<LoadRow>,
    groups: Vec<GroupRow>,
    short: Markdown,
    fragile: Markdown,
    functions: Vec<FunctionRow>,
    balancers: Vec<BalancerRow>,
    queues: Vec<QueueRow>,
    pools: Vec<PoolRow>,
    costs: Vec<CostRow>,
    price_regions: Vec<PriceRegion>,
    total: CostRow,
    fixed: Option<String>,
    largest: Markdown,
    budgets: Vec<BudgetRow>,
    alarms: Vec<AlarmSection>,
    alarm_targets: Markdown,
    capacity_chart: bool,
    bill_chart: bool,
    cost_picture: Option<Picture>,
    growth: Vec<GrowthRow>,
    reach: String,
}

#[derive(Debug, Serialize)]
struct LoadRow {
    on: Markdown,
    usual: String,
    peak: String,
    time: String,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct GroupRow {
    name: Markdown,
    min: u64,
    max: u64,
    holds: Markdown,
    usual: String,
    usual_units: u64,
    peak: String,
    peak_units: u64,
    peak_busy: String,
    zone_loss: u64,
    survives: bool,
    enough: bool,
}

#[derive(Debug, Serialize)]
struct FunctionRow {
    name: Markdown,
    peak: String,
    most: u64,
    work: String,
}

#[derive(Debug, Serialize)]
struct BalancerRow {
    name: Markdown,
    targets: Markdown,
    health: Markdown,
}

#[derive(Debug, Serialize)]
struct QueueRow {
    name: Markdown,
    peak: String,
    rate: String,
    stable: bool,
    drain: Option<String>,
    bound: Option<String>,
}

#[derive(Debug, Serialize)]
struct PoolRow {
    name: Markdown,
    demand: u64,
    planned: u64,
    limit: u64,
    enough: bool,
}

#[derive(Debug, Serialize)]
struct CostRow {
    name: Markdown,
    zero: String,
    expected: String,
    max: String,
}

/// Where the prices of one region come from, when not all are the catalogue's own for it: how many lines each way, and whose
/// prices are borrowed.
#[derive(Debug, Serialize)]
struct PriceRegion {
    region: Markdown,
    home: Markdown,
    own: usize,
    sources: Markdown,
    factor: usize,
    unverified: usize,
    borrowed: usize,
    kinds: Markdown,
}

#[derive(Debug, Serialize)]
struct BudgetRow {
    limit: String,
    expected_share: String,
    max_share: String,
    hours_at_max: Option<u64>,
    proposed_actual: String,
    proposed_forecast: String,
    alerts: Vec<AlertRow>,
    actions: Vec<ActionRow>,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct AlertRow {
    threshold: String,
    of: &'static str,
    to: Markdown,
    crossed: bool,
}

#[derive(Debug, Serialize)]
struct ActionRow {
    threshold: String,
    of: &'static str,
    what: Markdown,
}

/// What is watched at one thing.
#[derive(Debug, Serialize)]
struct AlarmSection {
    subject: Markdown,
    watched: Vec<AlarmRow>,
}

#[derive(Debug, Serialize)]
struct AlarmRow {
    metric: Markdown,
    why: Markdown,
}

/// How many of the largest items are named.
const LARGEST: usize = 5;

pub(super) fn resources(subject: Subject<'_>) -> Resources {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let costs = costs(subject);
    Resources {
        capacity_chart: svg::has_capacity(subject.review),
        bill_chart: svg::has_bill(subject.review),
        loads: model.loads.iter().map(|load| load_row(subject, load)).collect(),
        groups: facts.capacity.groups.iter().map(|group| group_row(subject, group)).collect(),
        short: groups_that(subject, |group| group.peak.units > group.max),
        fragile: groups_that(subject, |group| group.usual.zone_loss > group.min),
        cost_picture: subject.picture("cost"),
        growth: growth(subject),
        reach: REACH.to_string(),
        functions: functions(subject),
        balancers: balancers(subject),
        queues: facts.capacity.queues.iter().map(|queue| queue_row(subject, queue)).collect(),
        pools: pools(subject),
        largest: largest(subject),
        costs,
        price_regions: price_regions(subject),
        total: cost_row(Markdown::own("**Total**"), facts.cost.totals),
        fixed: facts.cost.fixed_share().map(|share| share.percent(0)),
        budgets: facts.budgets.iter().filter_map(|found| budget_row(subject, found)).collect(),
        alarms: alarms(subject),
        alarm_targets: model
            .alarms
            .as_ref()
            .map(|alarms| subject.series(alarms.to.iter().copied()))
            .unwrap_or_default(),
    }
}

fn load_row(subject: Subject<'_>, load: &Load) -> LoadRow {
    LoadRow {
        on: subject.name(load.on),
        usual: load.usual.to_string(),
        peak: load.peak.to_string(),
        time: load.peak_time.to_string(),
        place: Markdown::place(&subject.review.sources, load.span),
    }
}

fn group_row(subject: Subject<'_>, group: &Group) -> GroupRow {
    GroupRow {
        name: subject.name(group.service),
        min: group.min,
        max: group.max,
        holds: Markdown::own(holds(subject, group)),
        usual: group.usual.rate.to_string(),
        usual_units: group.usual.running,
        peak: group.peak.rate.to_string(),
        peak_units: group.peak.running,
        peak_busy: group.peak.busy.percent(0),
        zone_loss: group.usual.zone_loss,
        survives: group.usual.zone_loss <= group.min,
        enough: group.peak.units <= group.max,
    }
}

/// The groups of which something holds.
fn groups_that(subject: Subject<'_>, wanted: impl Fn(&Group) -> bool) -> Markdown {
    let groups = subject.review.facts.capacity.groups.iter().filter(|group| wanted(group));
    subject.series(groups.map(|group| group.service))
}

/// What groups hold steady, with the figure: metric, in English, in Spanish.
const HOLDS: [(&str, &str, &str); 4] = [
    ("cpu", "CPU at {} %", "CPU al {} %"),
    ("memory", "memory at {} %", "memoria al {} %"),
    ("requests_per_target", "{} requests/min a unit", "{} peticiones/min por unidad"),
    ("backlog_per_unit", "{} waiting messages a unit", "{} mensajes en espera por unidad"),
];

/// What a group holds steady by adding and taking units.
fn holds(subject: Subject<'_>, group: &Group) -> String {
    let Some((metric, target)) = group.metric.as_ref().zip(group.target) else {
        return subject.say("—", "—").to_owned();
    };
    match HOLDS.iter().find(|(known, ..)| known == metric) {
        Some((_, english, spanish)) => subject.say(english, spanish).replace("{}", &target.to_string()),
        None => format!("{} {target}", metric.replace('_', " ")),
    }
}

/// Alarms by what they watch.
fn alarms(subject: Subject<'_>) -> Vec<AlarmSection> {
    let alarms = &subject.review.facts.operations.alarms;
    let chunks = alarms.chunk_by(|one, next| one.subject == next.subject);
    let section = |of_one: &[Alarm]| {
        Some(AlarmSection {
            subject: subject.name(of_one.first()?.subject),
            watched: of_one
                .iter()
                .map(|alarm| AlarmRow {
                    metric: Markdown::code(alarm.metric),
                    why: Markdown::own(alarm.why.say(subject.language)),
                })
                .collect(),
        })
    };
    chunks.filter_map(section).collect()
}

fn functions(subject: Subject<'_>) -> Vec<FunctionRow> {
    let functions = subject.review.facts.capacity.functions.iter();
    functions
        .map(|function| FunctionRow {
            name: subject.name(function.service),
            peak: format!("{}.{}", function.peak / 1_000, function.peak % 1_000 / 100),
            most: function.most,
            work: function.work.spoken(),
        })
        .collect()
}

/// Load balancers with what stands behind them.
fn balancers(subject: Subject<'_>) -> Vec<BalancerRow> {
    let facts = &subject.review.facts;
    let behind = |balancer: ServiceId| {
        let routes = facts
            .network
            .routes
            .iter()
            .filter(move |route| route.balancer == Some(balancer) || route.entry == balancer);
        let mut targets: Vec<ServiceId> = routes.map(|route| route.service).collect();
        targets.sort();
        targets.dedup();
        targets
    };
    let health =
        |id: &ServiceId| subject.review.model.services[*id].settings.text("health").map(Markdown::text);
    facts
        .network
        .listeners
        .iter()
        .map(|listener| {
            let targets = behind(listener.balancer);
            let mut paths: Vec<Markdown> = targets.iter().filter_map(health).collect();
            paths.dedup();
            BalancerRow {
                name: subject.name(listener.balancer),
                targets: subject.series(targets),
                health: Markdown::series(paths, subject.language),
            }
        })
        .collect()
}

fn queue_row(subject: Subject<'_>, queue: &Queue) -> QueueRow {
    QueueRow {
        name: subject.name(queue.service),
        peak: queue.peak.to_string(),
        rate: rounded(queue.service_rate),
        stable: queue.stable,
        drain: queue.drain.filter(|drain| drain.0 > 0).map(Millis::spoken),
        bound: queue.bound.map(|bound| bound.to_string()),
    }
}

fn pools(subject: Subject<'_>) -> Vec<PoolRow> {
    let pools = subject.review.facts.capacity.pools.iter().filter(|pool| !pool.callers.is_empty());
    pools
        .map(|pool| PoolRow {
            name: subject.name(pool.service),
            demand: pool.demand,
            planned: pool.planned(),
            limit: pool.limit,
            enough: pool.demand <= pool.planned(),
        })
        .collect()
}

fn cost_row(name: Markdown, cost: Points<MicroUsd>) -> CostRow {
    CostRow { name, zero: cost.zero.usd(2), expected: cost.expected.usd(2), max: cost.max.usd(2) }
}

/// What each thing costs; what belongs to the whole system last.
fn costs(subject: Subject<'_>) -> Vec<CostRow> {
    let cost = &subject.review.facts.cost;
    let services = subject.review.model.services.ids().map(|id| (subject.name(id), cost.of(id)));
    let common = (
        Markdown::own(subject.say("the whole system", "todo el sistema")),
        cost.sum(|line| line.service.is_none()),
    );
    services
        .chain([common])
        .filter(|(_, cost)| !cost.is_zero())
        .map(|(name, cost)| cost_row(name, cost))
        .collect()
}

/// Where prices come from, by region; nothing for a region of which all are the catalogue's list prices.
fn price_regions(subject: Subject<'_>) -> Vec<PriceRegion> {
    let lines = &subject.review.facts.cost.lines;
    let mut regions: Vec<&str> = lines.iter().map(|line| line.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    let told = |region: &&str| {
        let here =
            |basis: Basis| lines.iter().filter(move |line| line.region == *region && line.basis == basis);
        let kinds: BTreeSet<&str> = here(Basis::Borrowed).map(|line| line.kind.as_str()).collect();
        let sources: BTreeSet<&str> = here(Basis::Own).map(|line| line.source.as_str()).collect();
        let (own, factor, borrowed) =
            (here(Basis::Own).count(), here(Basis::Factor).count(), here(Basis::Borrowed).count());
        (own + factor + borrowed > 0).then(|| PriceRegion {
            region: Markdown::code(region),
            home: Markdown::code(subject.catalog.home_region()),
            own,
            sources: Markdown::list(sources.into_iter().map(|source| Markdown::text(&Text::new(source)))),
            factor,
            unverified: here(Basis::Factor).filter(|line| line.from_memory).count(),
            borrowed,
            kinds: Markdown::list(kinds.into_iter().map(|kind| kind_name(subject, kind))),
        })
    };
    regions.iter().filter_map(told).collect()
}

fn kind_name(subject: Subject<'_>, kind: &str) -> Markdown {
    let found = subject.catalog.kind(kind);
    found.map_or_else(|| Markdown::code(kind), |kind| Markdown::own(subject.say(&kind.name, &kind.name_es)))
}

/// The largest items of the expected bill, with what they cost.
fn largest(subject: Subject<'_>) -> Markdown {
    let cost = &subject.review.facts.cost;
    let mut all: Vec<(ServiceId, Points<MicroUsd>)> =
        subject.review.model.services.ids().map(|id| (id, cost.of(id))).collect();
    all.sort_by_key(|(id, cost)| (std::cmp::Reverse(cost.expected), *id));
    let named = all.into_iter().take(LARGEST).filter(|(_, cost)| !cost.is_zero());
    let item = |(id, cost): (ServiceId, Points<MicroUsd>)| {
        subject.name(id).remark(&format!("{} USD", cost.expected.usd(0)))
    };
    Markdown::series(named.map(item), subject.language)
}

fn budget_row(subject: Subject<'_>, found: &BudgetFacts) -> Option<BudgetRow> {
    let budget: &Budget = subject.review.model.budgets.get(found.budget)?;
    let share =
        |share: Option<crate::units::Percent>| share.map(|share| share.percent(0)).unwrap_or_default();
    Some(BudgetRow {
        limit: budget.limit.usd(0),
        expected_share: share(found.expected_share),
        max_share: share(found.max_share),
        hours_at_max: found.hours_at_max,
        proposed_actual: found.proposed_actual.percent(0),
        proposed_forecast: found.proposed_forecast.percent(0),
        alerts: budget
            .alerts
            .iter()
            .map(|(at, to)| AlertRow {
                threshold: at.share.percent(0),
                of: spending(subject, at),
                to: subject.series(to.iter().copied()),
                crossed: at.of == Spending::Actual && found.crossed.contains(&at.share),
            })
            .collect(),
        actions: budget
            .actions
            .iter()
            .map(|action| ActionRow {
                threshold: action.at.share.percent(0),
                of: spending(subject, &action.at),
                what: Markdown::code(
                    action.what.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" "),
                ),
            })
            .collect(),
        place: Markdown::place(&subject.review.sources, budget.span),
    })
}

fn spending<'w>(subject: Subject<'_>, threshold: &Threshold) -> &'w str {
    match threshold.of {
        Spending::Actual => subject.say("spent", "gastado"),
        Spending::Forecast => subject.say("forecast", "previsto"),
    }
}
