//! Figures and rights with everything they rest on: the formula with its numbers, where each comes from, and the line.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::rules::OUT_OF_PLACE;
use crate::ask::select::{Asked, select, services};
use crate::catalog::Catalog;
use crate::derive::access::{Effect, Grant, Principal, Reason};
use crate::derive::cost::{CostLine, Parts, parts_of};
use crate::model::{Flow, ServiceId, SettingSource, Value};
use crate::syntax::query::ast::{Question, Things};
use crate::text::Span;
use crate::units::{MicroUsd, Millis, Percent};

/// What can be explained, and the question that names the same things.
pub const TOPICS: [(&str, &str); 3] = [("cost", "cost of"), ("access", "access"), ("load", "cost of")];

/// Explains a topic about the things of a question.
///
/// # Errors
/// A finding at a name that the model does not know, or that has nothing to do with the topic.
pub fn explain(index: &Index<'_>, topic: &str, question: &Question) -> Asked<Answer> {
    const SERVICES: &str = "name a service, a container, a kind or `all`";
    match (topic, question) {
        ("access", Question::Access { who }) => access(index, who),
        ("load", Question::Cost { of }) => Ok(load(index, &services(index, of, SERVICES)?.services)),
        (_, Question::Cost { of }) => {
            let found = services(index, of, SERVICES)?;
            Ok(cost(index, &found.services, &found.words))
        }
        _ => Ok(Answer::default()),
    }
}

/// Millionths with at most `digits` decimals.
fn decimal(millionths: u128, digits: u32) -> String {
    Percent(u64::try_from(millionths / 100).unwrap_or(u64::MAX)).percent(digits)
}

fn thousandths(amount: u64) -> String {
    decimal(u128::from(amount) * 1_000, 3)
}

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

const FACTORS: &[Column] = &[
    column("service", "service"),
    column("factor", "factor"),
    column("value", "value"),
    column("because", "because"),
    column("source", "source"),
    column("lines", "lines"),
];

fn cost(index: &Index<'_>, ids: &[ServiceId], words: &str) -> Answer {
    let lines: Vec<&CostLine> = index
        .facts
        .cost
        .lines
        .iter()
        .filter(|line| line.service.is_some_and(|id| ids.binary_search(&id).is_ok()))
        .collect();
    let total: MicroUsd = lines.iter().map(|line| line.cost.expected).sum();
    let at_zero: MicroUsd = lines.iter().map(|line| line.cost.zero).sum();
    let at_most: MicroUsd = lines.iter().map(|line| line.cost.max).sum();
    let (facts, hours) = (index.facts, index.catalog.hours_per_month());
    let mut factors: Vec<Vec<Cell>> = Vec::new();
    let mut rows = Vec::new();
    for line in &lines {
        let parts = parts_of(index.model, index.catalog, (&facts.load, &facts.capacity), line);
        rows.push(cost_row(index, line, parts.as_ref()));
        for row in parts.iter().flat_map(|parts| factor_rows(index, line, parts)) {
            if !factors.contains(&row) {
                factors.push(row);
            }
        }
    }
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
        .remark(counts_hours.then(|| format!("a month has {hours} hours (catalogue: `sizes.toml`)")))
        .remark(Some(
            "list prices of us-east-1, on demand; `~` marks a price that nobody has verified".to_owned(),
        ))
}

/// The quantity of a line: its factors, or what moves.
fn quantity(index: &Index<'_>, line: &CostLine, parts: Option<&Parts>) -> String {
    let Some(parts) = parts else { return traffic(index, line) };
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
    format!("{} = {} {}", factors.join(" × "), thousandths(line.quantity.expected), line.unit)
}

fn traffic(index: &Index<'_>, line: &CostLine) -> String {
    let flows = || index.model.whole_flows().filter(|(_, flow)| line.causes.contains(&flow.span));
    let one = flows().next().map(|(id, _)| index.facts.load.flow(id));
    let total = format!("{} {}", thousandths(line.quantity.expected), line.unit);
    match one.filter(|_| flows().count() == 1) {
        Some(load) => format!("{} uses × {} = {total}", load.expected, load.message),
        None => total,
    }
}

/// A driver's name in words.
fn said(name: &str) -> String {
    name.replace('_', " ")
}

/// Quantity less what is free, times the price.
fn formula(line: &CostLine) -> String {
    let used = thousandths(line.quantity.expected);
    let per = if line.per > 1 { format!(" / {}", line.per) } else { String::new() };
    let free = if line.free > 0 { format!("({used} - {} free)", thousandths(line.free)) } else { used };
    let dollars = price(line.pico_usd);
    let plain = crate::derive::cost::priced(
        line.pico_usd,
        line.per,
        line.quantity.expected.saturating_sub(line.free),
    );
    // Tiers, and free units that another service used first, make the product differ from the amount.
    let note = if plain == line.cost.expected { "" } else { ", by tiers and what is left of the free units" };
    format!("{free} × {dollars} USD{per}{note}")
}

fn cost_row(index: &Index<'_>, line: &CostLine, parts: Option<&Parts>) -> Vec<Cell> {
    let mark = if line.from_memory { "~ " } else { "" };
    vec![
        line.service.map_or(Cell::Nothing, |id| Cell::words(index.name(id))),
        Cell::Words(format!("{} {}", line.kind.replace('_', "-"), line.item)),
        Cell::Words(quantity(index, line, parts)),
        Cell::Words(formula(line)),
        Cell::Money(line.cost.expected),
        Cell::Words(format!("{mark}{}", line.source)),
        Cell::places(line.causes.iter().copied()),
    ]
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

/// A time of a month in hours with one decimal.
fn hours(time: Millis) -> String {
    format!("{} h", decimal(u128::from(time.0) * 1_000 / 3_600, 1))
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

/// What arrives in a month.
fn arriving(index: &Index<'_>, id: ServiceId) -> (String, Vec<Span>) {
    let load = index.facts.load.service(id);
    let words = format!(
        "{} events a month: {}, and {} for {} of it",
        load.expected,
        load.usual,
        load.peak,
        hours(load.peak_time)
    );
    let flows = index.touching.reaching(id).iter().map(|id| index.model.flows[*id].span);
    let loads = index.model.loads.iter().filter(|load| load.on == id).map(|load| load.span);
    (words, flows.chain(loads).collect())
}

/// A setting and who gave it.
fn stated(index: &Index<'_>, id: ServiceId, name: &str) -> Option<(String, &'static str, Vec<Span>)> {
    const SOURCES: [(SettingSource, &str); 4] = [
        (SettingSource::Stated, "stated"),
        (SettingSource::Defaults, "`defaults` of the kind"),
        (SettingSource::Environment, "the environment"),
        (SettingSource::Assumed, "assumed: the catalogue's default"),
    ];
    let setting = index.model.services[id].settings.0.get(name)?;
    let value = match &setting.value {
        Value::Count(count) => count.to_string(),
        Value::Bytes(bytes) => bytes.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Rate(rate) => rate.to_string(),
        Value::Percent(share) => share.to_string(),
        Value::Word(word) => word.clone(),
        Value::Flag(on) => if *on { "on" } else { "off" }.to_owned(),
        _ => return None,
    };
    let source = SOURCES.iter().find(|(source, _)| *source == setting.source).map_or("", |(_, words)| *words);
    Some((format!("{name} {value}"), source, vec![setting.span]))
}

const LOAD: &[Column] = &[
    column("service", "service"),
    column("from", "from"),
    column("formula", "formula"),
    column("usual_milli_rps", "usual"),
    column("peak_milli_rps", "peak"),
    column("lines", "lines"),
];

/// What arrives at services: by each flow and statement, the rate before times the share.
fn load(index: &Index<'_>, ids: &[ServiceId]) -> Answer {
    let rates = &index.facts.load;
    let mut rows = Vec::new();
    for id in ids {
        for stated in index.model.loads.iter().filter(|load| load.on == *id) {
            rows.push(load_row(
                index,
                *id,
                "outside",
                "stated".to_owned(),
                (stated.usual, stated.peak),
                stated.span,
            ));
        }
        for flow_id in index.touching.reaching(*id) {
            let flow = &index.model.flows[*flow_id];
            let carried = rates.flow(*flow_id);
            let is_own = flow.to == *id && !index.model.services[flow.from].kind.is_outside();
            if is_own && carried.peak.0 > 0 {
                let formula = share_formula(index, flow, carried.peak.0);
                rows.push(load_row(
                    index,
                    *id,
                    index.name(flow.from),
                    formula,
                    (carried.usual, carried.peak),
                    flow.span,
                ));
            }
        }
    }
    let headline = match ids {
        [one] => {
            let load = rates.service(*one);
            format!(
                "`{}` gets {} usually and {} at peak, {} events a month",
                index.name(*one),
                load.usual,
                load.peak,
                load.expected
            )
        }
        many => format!("load of {} services", many.len()),
    };
    Answer::new(headline).table(Table { key: "load", title: "what arrives", columns: LOAD, rows })
}

fn share_formula(index: &Index<'_>, flow: &Flow, peak: u64) -> String {
    let before = index.facts.load.service(flow.from).peak;
    let part = crate::derive::cost::share(
        MicroUsd(i64::try_from(peak).unwrap_or(i64::MAX)),
        MicroUsd(i64::try_from(before.0).unwrap_or(i64::MAX)),
    );
    let source = if flow.share.is_some() { "stated" } else { "the rest in equal parts, or every request" };
    part.map_or_else(|| source.to_owned(), |part| format!("peak {before} × {part} ({source})"))
}

fn load_row(
    index: &Index<'_>,
    id: ServiceId,
    from: &str,
    formula: String,
    (usual, peak): (crate::units::PerSecond, crate::units::PerSecond),
    span: Span,
) -> Vec<Cell> {
    let cells = [
        Cell::words(index.name(id)),
        Cell::words(from),
        Cell::Words(formula),
        Cell::Rate(usual),
        Cell::Rate(peak),
    ];
    cells.into_iter().chain([Cell::places([span])]).collect()
}

const ACCESS: &[Column] = &[
    column("who", "who"),
    column("effect", "effect"),
    column("verb", "verb"),
    column("actions", "actions"),
    column("resource", "on"),
    column("conditions", "if"),
    column("because", "because"),
    column("source", "source"),
    column("lines", "lines"),
];

/// Every grant of somebody: the verb, what it stands for, on what, why, and which line asks for it.
fn access(index: &Index<'_>, who: &Things) -> Asked<Answer> {
    let found = select(index, who)?;
    let mut rows = Vec::new();
    for principal in found.principals() {
        rows.extend(
            index.facts.access.of(&principal).iter().map(|grant| access_row(index, &principal, grant)),
        );
    }
    if rows.is_empty() {
        let message = format!("{} holds no grant", found.words);
        let help =
            "its flows need none, or nothing has its name; `archc query MODEL access NAME` lists flows too";
        return Err(Box::new(OUT_OF_PLACE.at(who.span).message(message).help(help)));
    }
    let statements: usize =
        found.principals().iter().map(|one| index.facts.access.statements(one).len()).sum();
    Ok(Answer::new(format!("{} holds {} grants in {statements} policy statements", found.words, rows.len()))
        .table(Table { key: "grants", title: "grants", columns: ACCESS, rows }))
}

fn access_row(index: &Index<'_>, principal: &Principal, grant: &Grant) -> Vec<Cell> {
    let effect = if grant.effect == Effect::Allow { "allow" } else { "deny" };
    let role = if grant.role.is_empty() { String::new() } else { format!(" ({} role)", grant.role) };
    let conditions = grant
        .conditions
        .iter()
        .map(|((operator, key), values)| format!("{operator} {key} {}", values.join(" ")));
    vec![
        Cell::Words(format!("{}{role}", index.principal(principal))),
        Cell::words(effect),
        Cell::words(grant.verb.as_str()),
        Cell::List(grant.actions.clone()),
        Cell::words(grant.resource.arn.as_str()),
        Cell::List(conditions.collect()),
        Cell::Words(because(index, &grant.reason)),
        Cell::Words(origin(index.catalog, index, grant)),
        Cell::places(grant.causes.iter().copied()),
    ]
}

fn because(index: &Index<'_>, reason: &Reason) -> String {
    match reason {
        Reason::Flow(id) => {
            let flow = &index.model.flows[*id];
            format!("`{} -> {} : {}`", index.name(flow.from), index.name(flow.to), flow.verb)
        }
        Reason::Base(why) => format!("it needs this to live: {}", why.en().terminal()),
        Reason::Permit => "its role says so".to_owned(),
        Reason::Never => "a boundary: `never`".to_owned(),
        Reason::Explicit(_) => "a grant by hand".to_owned(),
        Reason::Notice(why) => why.en.to_owned(),
    }
}

/// Which row of the catalogue the actions come from.
fn origin(catalog: &Catalog, index: &Index<'_>, grant: &Grant) -> String {
    let kind = grant.resource.service.map(|id| &index.model.services[id].kind);
    let Some(kind) = kind else { return "catalogue".to_owned() };
    let known = catalog.kind(&kind.id).is_some();
    let file =
        if known { format!("catalog/kinds/{}.toml", kind.id) } else { "the project's own kind".to_owned() };
    if grant.verb.is_empty() { file } else { format!("{file}, verb `{}`", grant.verb) }
}
