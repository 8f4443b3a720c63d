//! `explain MODEL cost`: each line of a bill as quantity times price, and where the quantities come from.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::explain::{decimal, hours, said, share_of, stated, thousandths};
use crate::ask::index::Index;
use crate::ask::select::whole;
use crate::derive::cost::{CostLine, Parts, Point, parts_of, priced, share};
use crate::derive::load::FlowLoad;
use crate::model::{FlowId, Mode, ServiceId};
use crate::text::Span;
use crate::units::MicroUsd;

/// Picodollars as dollars, without trailing zeros.
fn price(pico: i128) -> String {
    let text = format!("{}.{:012}", pico / 1_000_000_000_000, pico.rem_euclid(1_000_000_000_000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const COST: &[Column] = &[
    column("service", "service"),
    column("item", "item"),
    column("quantity", "quantity"),
    column("formula", "formula"),
    column("expected_micro_usd", "a month"),
    column("source", "source of the price"),
    column("lines", "lines"),
];

const BOUNDS: &[Column] = &[
    column("service", "service"),
    column("item", "item"),
    column("zero_formula", "without load"),
    column("zero_micro_usd", "a month"),
    column("max_formula", "at most"),
    column("max_micro_usd", "a month"),
];

const FACTORS: &[Column] = &[
    column("service", "service"),
    column("factor", "factor"),
    column("value", "value"),
    column("because", "because"),
    column("source", "source"),
    column("lines", "lines"),
];

pub(super) fn cost(index: &Index<'_>, ids: &[ServiceId], words: &str) -> Answer {
    // What is derived and what belongs to the whole system is asked for with everything in it.
    let whole = whole(index, ids);
    let ids = whole.as_deref().unwrap_or(ids);
    let lines: Vec<&CostLine> = index
        .facts
        .cost
        .lines
        .iter()
        .filter(|line| line.service.map_or(whole.is_some(), |id| ids.binary_search(&id).is_ok()))
        .collect();
    let total: MicroUsd = lines.iter().map(|line| line.cost.expected).sum();
    let at_zero: MicroUsd = lines.iter().map(|line| line.cost.zero).sum();
    let at_most: MicroUsd = lines.iter().map(|line| line.cost.max).sum();
    let (facts, hours) = (index.facts, index.catalog.hours_per_month());
    let mut factors: Vec<Vec<Cell>> = Vec::new();
    let (mut rows, mut bounds) = (Vec::new(), Vec::new());
    for line in &lines {
        let parts_at =
            |point| parts_of(index.model, index.catalog, (&facts.load, &facts.capacity), (line, point));
        let parts = parts_at(Point::Expected);
        rows.push(cost_row(index, line, parts.as_ref()));
        bounds.push(bounds_row(index, line, [Point::Zero, Point::Max].map(|point| (point, parts_at(point)))));
        for row in parts.iter().flat_map(|parts| factor_rows(index, line, parts)) {
            if !factors.contains(&row) {
                factors.push(row);
            }
        }
    }
    let fixed = share(at_zero, total).map(|share| {
        format!("{} of the expected bill is there without load: {at_zero} / {total}", share_of(share))
    });
    let counts_hours = rows
        .iter()
        .any(|row| row.iter().any(|cell| matches!(cell, Cell::Words(words) if words.contains(" h"))));
    Answer::new(format!("{words}: {total} a month as expected, {at_zero} without load, {at_most} at most"))
        .table(Table { key: "lines", title: "what is billed", columns: COST, rows })
        .table(Table {
            key: "factors",
            title: "where the quantities come from",
            columns: FACTORS,
            rows: factors,
        })
        .table(Table { key: "bounds", title: "without load, and at most", columns: BOUNDS, rows: bounds })
        .remark(fixed)
        .remark(counts_hours.then(|| format!("a month has {hours} hours (catalogue: `sizes.toml`)")))
        .remark(Some(
            "prices are on demand, in US dollars; `~` marks one that nobody has verified".to_owned(),
        ))
}

/// The quantity of a line at a point: its factors, or what moves.
fn quantity(index: &Index<'_>, line: &CostLine, parts: Option<&Parts>, point: Point) -> String {
    let Some(parts) = parts else { return traffic(index, line, point) };
    let mut factors: Vec<String> = Vec::new();
    if parts.base != 1_000_000 {
        factors.push(decimal(parts.base, 4));
    }
    factors
        .extend(parts.factors.iter().map(|(name, amount)| format!("{} {}", decimal(*amount, 4), said(name))));
    if parts.hours > 1 {
        factors.push(format!("{} h", parts.hours));
    }
    if parts.copies > 1 {
        factors.push(format!("{} (with a standby)", parts.copies));
    }
    if factors.is_empty() {
        factors.push("1".to_owned());
    }
    format!("{} = {} {}", factors.join(" × "), thousandths(line.quantity.at(point)), line.unit)
}

fn traffic(index: &Index<'_>, line: &CostLine, point: Point) -> String {
    let flows = || index.model.whole_flows().filter(|(_, flow)| line.causes.contains(&flow.span));
    let one = flows().next().map(|(id, _)| index.facts.load.flow(id));
    let total = format!("{} {}", thousandths(line.quantity.at(point)), line.unit);
    let zones = index.model.system.zones.max(1);
    // Billed in both directions, for the part that changes the zone.
    let part = if line.item == "cross-az-gb" {
        format!(" × {}/{zones} between zones", 2 * (zones - 1))
    } else {
        String::new()
    };
    let uses = |load: &FlowLoad| match point {
        Point::Zero => 0,
        Point::Expected => load.expected,
        Point::Max => load.max,
    };
    match one.filter(|_| flows().count() == 1) {
        Some(load) => format!("{} uses × {}{part} = {total}", uses(&load), load.message),
        None => total,
    }
}

/// Quantity at a point less what is free, times the price.
fn formula(line: &CostLine, point: Point) -> String {
    let quantity = line.quantity.at(point);
    let used = thousandths(quantity);
    let per = if line.per > 1 { format!(" / {}", line.per) } else { String::new() };
    let free = if line.free > 0 { format!("({used} - {} free)", thousandths(line.free)) } else { used };
    let dollars = price(line.pico_usd);
    let plain = priced(line.pico_usd, line.per, quantity.saturating_sub(line.free));
    // Tiers, and free units that another service used first, make the product differ from the amount.
    let note =
        if plain == line.cost.at(point) { "" } else { ", by tiers and what is left of the free units" };
    format!("{free} × {dollars} USD{per}{note}")
}

fn cost_row(index: &Index<'_>, line: &CostLine, parts: Option<&Parts>) -> Vec<Cell> {
    let mark = if line.from_memory { "~ " } else { "" };
    vec![
        line.service.map_or(Cell::Nothing, |id| Cell::words(index.name(id))),
        Cell::Words(format!("{} {}", line.kind.replace('_', "-"), line.item)),
        Cell::Words(quantity(index, line, parts, Point::Expected)),
        Cell::Words(formula(line, Point::Expected)),
        Cell::Money(line.cost.expected),
        Cell::Words(format!("{mark}{}", line.source)),
        Cell::places(line.causes.iter().copied()),
    ]
}

/// The quantity and the formula of a line at the two ends.
fn bounds_row(index: &Index<'_>, line: &CostLine, ends: [(Point, Option<Parts>); 2]) -> Vec<Cell> {
    let service = line.service.map_or(Cell::Nothing, |id| Cell::words(index.name(id)));
    let mut row = vec![service, Cell::Words(format!("{} {}", line.kind.replace('_', "-"), line.item))];
    for (point, parts) in ends {
        let quantity = quantity(index, line, parts.as_ref(), point);
        row.push(Cell::Words(format!("{quantity}; {}", formula(line, point))));
        row.push(Cell::Money(line.cost.at(point)));
    }
    row
}

/// Settings behind drivers, by the driver's name.
const SETTINGS: [(&str, &[&str]); 18] = [
    ("storage_gb", &["storage"]),
    ("memory_gb", &["memory", "size"]),
    ("duration_s", &["work"]),
    ("duration_h", &["work"]),
    ("dpu_hours", &["work", "workers"]),
    ("mau", &["users"]),
    ("log_gb", &["ingest"]),
    ("shards", &["shards"]),
    ("brokers", &["brokers"]),
    ("alarms", &["count"]),
    ("input_tokens", &["input"]),
    ("output_tokens", &["output"]),
    ("scanned_tb", &["scanned"]),
    ("transitions", &["steps"]),
    ("vcpus", &["vcpu"]),
    ("nodes", &["nodes", "replicas", "shards"]),
    ("tasks", &["vcpu", "memory"]),
    ("queries", &["queries"]),
];

/// Drivers that stand for running units, and those that count what arrives.
const RUNNING: [&str; 4] = ["instances", "tasks", "acu", "nodes"];
const ARRIVING: [&str; 10] = [
    "requests",
    "reads",
    "writes",
    "read_units",
    "write_units",
    "put_units",
    "ingest_gb",
    "io_requests",
    "queries",
    "transitions",
];

fn factor_rows(index: &Index<'_>, line: &CostLine, parts: &Parts) -> Vec<Vec<Cell>> {
    let Some(id) = line.service else { return Vec::new() };
    let mut rows = Vec::new();
    for (name, amount) in &parts.factors {
        let value = Cell::Words(decimal(*amount, 4));
        let row = |because: String, source: &str, spans: Vec<Span>| {
            let cells =
                [Cell::words(index.name(id)), Cell::Words(said(name)), value.clone(), Cell::Words(because)];
            cells.into_iter().chain([Cell::words(source), Cell::places(spans)]).collect::<Vec<_>>()
        };
        let mut told: Vec<Vec<Cell>> = Vec::new();
        if RUNNING.contains(&name.as_str()) {
            told.extend(
                units(index, id)
                    .map(|(because, spans)| row(because, "reckoned: M/M/c and the scaling target", spans)),
            );
        }
        if ARRIVING.contains(&name.as_str()) {
            let (because, spans) = arriving(index, id);
            told.push(row(because, "reckoned from `load` and shares", spans));
        }
        if name == "azs" {
            let zones = format!("the system stands in {} zones", index.model.system.zones);
            told.push(row(zones, "stated", vec![index.model.system.span]));
        }
        let settings =
            SETTINGS.iter().find(|(driver, _)| driver == name).map_or(&[][..], |(_, settings)| settings);
        for setting in settings {
            told.extend(
                stated(index, id, setting).map(|(because, source, spans)| row(because, source, spans)),
            );
        }
        if told.is_empty() {
            told.push(row(String::new(), "kind's usual number", vec![index.model.services[id].span]));
        }
        rows.extend(told);
    }
    rows
}

/// How many units run, and why.
fn units(index: &Index<'_>, id: ServiceId) -> Option<(String, Vec<Span>)> {
    let group = index.facts.capacity.group(id)?;
    let time = index.facts.load.service(id).peak_time;
    let service = &index.model.services[id];
    let words = format!(
        "{} run at {}, {} at the peak of {} for {} a month (bounds {}..{})",
        group.usual.running,
        group.usual.rate,
        group.peak.running,
        group.peak.rate,
        hours(time),
        group.min,
        group.max
    );
    let settings = ["scale", "work", "size"];
    Some((words, settings.iter().filter_map(|setting| service.settings.span(setting)).collect()))
}

/// What arrives in a month: of the service's own, otherwise what passes it, otherwise what reaches the things it guards.
fn arriving(index: &Index<'_>, id: ServiceId) -> (String, Vec<Span>) {
    let (model, rates) = (index.model, &index.facts.load);
    let reaching = index.touching.reaching(id);
    let passing: u64 = reaching.iter().fold(0, |sum, flow| sum.saturating_add(rates.flow(*flow).expected));
    let spans = |flows: &[FlowId]| flows.iter().map(|flow| model.flows[*flow].span).collect::<Vec<Span>>();
    if rates.service(id).expected > 0 {
        let loads = model.loads.iter().filter(|load| load.on == id).map(|load| load.span);
        return (events(index, id), spans(reaching).into_iter().chain(loads).collect());
    }
    if passing > 0 {
        return (format!("{passing} events a month pass it"), spans(reaching));
    }
    let guards = index.touching.from(id).iter().copied();
    let guards: Vec<FlowId> = guards.filter(|flow| model.flows[*flow].mode() == Mode::Attach).collect();
    let guarded: Vec<String> = guards
        .iter()
        .map(|flow| model.flows[*flow].to)
        .map(|to| format!("it guards `{}`: {}", index.name(to), events(index, to)))
        .collect();
    let places = spans(&guards).into_iter().chain([model.services[id].span]).collect();
    if guarded.is_empty() { (events(index, id), places) } else { (guarded.join("; "), places) }
}

/// `41904000 events a month: 12 rps, and 60 rps for 60 h of it`
fn events(index: &Index<'_>, id: ServiceId) -> String {
    let load = index.facts.load.service(id);
    let time = hours(load.peak_time);
    format!("{} events a month: {}, and {} for {time} of it", load.expected, load.usual, load.peak)
}
