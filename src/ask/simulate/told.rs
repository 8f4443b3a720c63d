//! Growth in words: what each limit is, what it would take, and the answer with its tables.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::simulate::gauge::{Gauge, Measure, Sort, budget_name, is_adjustable};
use crate::ask::simulate::world::World;
use crate::ask::simulate::{Break, Factor, Growth, Point};
use crate::catalog::Kind;
use crate::derive::capacity::QuotaUse;
use crate::model::{Model, Service};
use crate::text::Noun;
use crate::units::{Bytes, MicroUsd, PerSecond, Percent};

/// The words for one limit at the target.
pub(super) struct Words<'a> {
    pub world: &'a World<'a>,
    pub gauge: &'a Gauge,
}

/// Thousands with blanks: `12 500`.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// What a quota of a store counts: units of reading or writing, not requests.
const BILLED_UNITS: &str = "on-demand-";

fn figure(amount: u128, measure: Measure) -> String {
    match measure {
        Measure::Rate => format!("{} rps", grouped(amount.div_ceil(1_000))),
        Measure::Money => format!("{} USD", grouped(amount.div_ceil(1_000_000))),
        Measure::Count => grouped(amount),
        Measure::Milli => grouped(amount.div_ceil(1_000)),
    }
}

/// What is counted, by sort.
const UNITS: [(Sort, &str); 4] = [
    (Sort::Units, " units"),
    (Sort::Executions, " executions at once"),
    (Sort::Connections, " connections"),
    (Sort::Shards, " shards"),
];

impl Words<'_> {
    fn service(&self) -> Option<&Service> {
        self.gauge.service.map(|id| &self.world.model.services[id])
    }

    fn service_name(&self) -> &str {
        self.service().map_or("", |service| service.name.as_str())
    }

    fn quota(&self) -> Option<&QuotaUse> {
        self.world.stated.quotas.get(self.gauge.at)
    }

    /// What the limit is of.
    pub fn name(&self) -> String {
        match self.gauge.sort {
            Sort::Budget => {
                let budget = self.world.model.budgets.get(self.gauge.at);
                budget.map(|budget| budget_name(self.world.model, budget)).unwrap_or_default()
            }
            Sort::Quota => self.quota().map(|quota| named(self.world.model, quota)).unwrap_or_default(),
            _ => self.service_name().to_owned(),
        }
    }

    fn unit(&self) -> String {
        if self.gauge.sort == Sort::Quota {
            return self.quota().map(|quota| format!(" {}", plural(&quota.unit))).unwrap_or_default();
        }
        UNITS
            .iter()
            .find(|(sort, _)| *sort == self.gauge.sort)
            .map_or(String::new(), |(_, unit)| (*unit).to_owned())
    }

    /// The limit.
    pub fn limit(&self) -> String {
        let of = if self.gauge.quota.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.gauge.quota.replace('_', "-"))
        };
        format!("{}{}{of}", self.figure(self.gauge.limit), self.unit())
    }

    fn figure(&self, amount: u128) -> String {
        if self.gauge.quota.starts_with(BILLED_UNITS) {
            return format!("{} units/second", grouped(amount.div_ceil(1_000)));
        }
        figure(amount, self.gauge.measure)
    }

    /// What the target needs.
    pub fn needed(&self) -> String {
        format!("{}{}", self.figure(self.gauge.demand), self.unit())
    }

    /// What it would take at the target.
    pub fn takes(&self) -> String {
        let demand = self.gauge.demand;
        // Of what is counted in thousandths, whole ones.
        let (name, rate) = (self.service_name(), demand.div_ceil(1_000));
        match self.gauge.sort {
            Sort::Throttle => format!("`throttle {rate} rps` on `{name}`"),
            Sort::Units => self.scale(demand),
            Sort::Executions => format!("`concurrency {rate}` on `{name}`"),
            Sort::Queue => format!("consumers of `{name}` that work off {} rps", grouped(rate)),
            Sort::Service => self.spread(),
            Sort::Connections => self.connections(),
            Sort::Shards => format!("`shards {demand}` on `{name}`, or `mode on-demand`"),
            Sort::Quota => self.quota_words(),
            Sort::Budget => format!("a budget of {}", figure(demand, Measure::Money)),
        }
    }

    fn scale(&self, demand: u128) -> String {
        let id = self.gauge.service;
        let min = id.and_then(|id| self.world.stated.group(id)).map_or(1, |group| group.min);
        format!("`scale {} {min}..{demand}`", self.service_name())
    }

    /// A limit of a service that is no quota of the account: how many of it there would have to be.
    fn spread(&self) -> String {
        let (name, quota) = (self.service_name(), self.gauge.quota);
        if self.service().is_some_and(|service| is_adjustable(&service.kind, quota)) {
            return format!(
                "AWS raises `{quota}` of `{name}` to {} on request",
                self.figure(self.gauge.demand)
            );
        }
        let copies = self.gauge.demand.div_ceil(self.gauge.limit.max(1));
        match quota {
            "fifo_tps_per_api" => format!("messages in batches of 10, or {} queues by key", grouped(copies)),
            "put_rps_per_prefix" | "get_rps_per_prefix" => {
                format!("keys spread over {} prefixes", grouped(copies))
            }
            _ => format!(
                "the load of `{name}` spread over {}",
                Noun::english("of it", "of them").count(usize::try_from(copies).unwrap_or(usize::MAX))
            ),
        }
    }

    fn quota_words(&self) -> String {
        let Some(quota) = self.quota() else { return String::new() };
        let needed = format!("{} {}", grouped(self.gauge.demand), plural(&quota.unit));
        if quota.adjustable {
            return format!("AWS raises `{}` to {needed} on request", quota.name);
        }
        let accounts = self.gauge.demand.div_ceil(self.gauge.limit.max(1));
        format!("{} accounts: AWS does not raise `{}`", grouped(accounts), quota.name)
    }

    /// The smallest size with room for the connections, otherwise a pool in between.
    fn connections(&self) -> String {
        let pool = format!("a pool of connections (`rds-proxy`) before `{}`", self.service_name());
        let Some(service) = self.service() else { return pool };
        let Some(table) = service.kind.capacity.text("sizes_table") else { return pool };
        let sizes = self.world.catalog.sizes(table).chain(self.world.model.sizes.values());
        let enough = sizes.filter(|size| self.has_room(&service.kind, size.memory));
        match enough.min_by_key(|size| (size.pico_usd, &size.name)) {
            Some(size) => format!("`size {}` for `{}`, or {pool}", size.name, service.name),
            None => format!("{pool}: no size has room for so many"),
        }
    }

    fn has_room(&self, kind: &Kind, memory: Bytes) -> bool {
        let headroom = kind.capacity.millionths("connections_headroom").map_or(Percent(800_000), Percent);
        kind.capacity
            .connections(memory)
            .is_some_and(|limit| u128::from(headroom.of(limit)) >= self.gauge.demand)
    }
}

/// A quota by its name, and its region unless that is the system's.
fn named(model: &Model, quota: &QuotaUse) -> String {
    if quota.region == model.system.region {
        return quota.name.clone();
    }
    format!("{} in {}", quota.name, quota.region)
}

/// `execution` as `executions`; abbreviations and rates stay.
fn plural(unit: &str) -> String {
    match unit {
        "request/second" => "requests/second".to_owned(),
        unit => format!("{unit}s"),
    }
}

const BREAKS: &[Column] = &[
    column("order", "nr"),
    column("limit", "limit"),
    column("of", "of"),
    column("value", "is"),
    column("breaks_at", "breaks at"),
    column("rate_milli_rps", "peak load"),
    column("expected_micro_usd", "bill then"),
    column("needed", "needed at the target"),
    column("takes", "what it takes"),
    column("lines", "lines"),
];

const CURVE: &[Column] = &[
    column("factor_ppm", "times"),
    column("rate_milli_rps", "peak load"),
    column("expected_micro_usd", "expected a month"),
    column("max_micro_usd", "at peak all month"),
];

/// `12.5x`, or `today` for what is broken already; large factors without decimals.
pub fn times(factor: Factor) -> String {
    if factor == Factor::ONE {
        return "today".to_owned();
    }
    let digits = if factor.0 < 10_000_000 { 2 } else { 1 };
    let figure = Percent(u64::try_from(factor.0 / 100).unwrap_or(u64::MAX)).percent(digits);
    if factor.0 >= 1_000_000_000 {
        format!("{}x", grouped(factor.0 / 1_000_000))
    } else {
        format!("{figure}x")
    }
}

/// Three digits of a rate are all that an estimate has.
fn rounded(rate: PerSecond) -> PerSecond {
    let digits = rate.0.checked_ilog10().unwrap_or(0);
    let step = 10_u64.saturating_pow(digits.saturating_sub(2));
    PerSecond(rate.0.saturating_add(step / 2) / step * step)
}

/// A growth as an answer. For people the curve is told in about ten points; programs get all of them.
pub fn answer(growth: &Growth, all_points: bool) -> Answer {
    let Some((first, last)) = growth.points.first().zip(growth.points.last()) else {
        return Answer::default();
    };
    let rows = growth.breaks.iter().zip(1..).map(|(found, order)| break_row(order, found)).collect();
    let mut answer = Answer::new(headline(growth, first, last))
        .table(Table { key: "breaks", title: "what breaks, in order", columns: BREAKS, rows })
        .table(Table { key: "curve", title: "the bill", columns: CURVE, rows: curve(growth, all_points) });
    answer.remarks.clone_from(&growth.remarks);
    answer.remarks.extend(growth.findings.iter().map(|finding| finding.message.en().terminal()));
    answer
}

fn headline(growth: &Growth, first: &Point, last: &Point) -> String {
    let way = format!(
        "from {} to {} at peak the bill goes from {} to {} a month",
        rate_words(first.rate),
        rate_words(last.rate),
        first.expected,
        last.expected
    );
    match growth.breaks.first() {
        None => format!("{way}; no limit breaks"),
        Some(one) if one.factor == Factor::ONE => {
            let broken = growth.breaks.iter().filter(|one| one.factor == Factor::ONE).count();
            format!("{way}; {} broken already", Noun::english("limit is", "limits are").count(broken))
        }
        Some(one) => {
            format!(
                "{way}; {} of `{}` breaks first, at {} ({})",
                one.sort.name(),
                one.name,
                times(one.factor),
                rounded(one.rate)
            )
        }
    }
}

fn break_row(order: u64, found: &Break) -> Vec<Cell> {
    vec![
        Cell::Count(order),
        Cell::words(found.sort.name()),
        Cell::words(found.name.as_str()),
        Cell::words(found.limit.as_str()),
        Cell::words(times(found.factor)),
        Cell::Rate(rounded(found.rate)),
        Cell::Money(found.expected),
        Cell::words(found.needed.as_str()),
        Cell::words(found.takes.as_str()),
        Cell::places(found.causes.iter().copied()),
    ]
}

fn curve(growth: &Growth, all: bool) -> Vec<Vec<Cell>> {
    const SHOWN: usize = 10;
    let last = growth.points.len().saturating_sub(1);
    let is_shown = |at: usize| all || (0..=SHOWN).any(|step| last * step / SHOWN == at);
    let points = growth.points.iter().enumerate().filter(|(at, _)| is_shown(*at));
    points
        .map(|(_, point)| {
            let exact = Cell::Count(u64::try_from(point.factor.0).unwrap_or(u64::MAX));
            let factor = if all { exact } else { Cell::words(times(point.factor)) };
            let rate = if all { point.rate } else { rounded(point.rate) };
            vec![factor, Cell::Rate(rate), Cell::Money(point.expected), Cell::Money(point.max)]
        })
        .collect()
}

/// A rate for an axis: `100 000 rps`, and small ones exactly.
pub fn rate_words(rate: PerSecond) -> String {
    if rate.0 < 10_000_000 { rate.to_string() } else { figure(rate.0.into(), Measure::Rate) }
}

/// An amount of money for an axis: `1 200 USD`.
pub fn dollars(money: MicroUsd) -> String {
    figure(u128::from(money.0.max(0).unsigned_abs()), Measure::Money)
}
