//! `explain MODEL latency`: the time of each way from its hops, and who waits how long for what may take how long.

use std::collections::BTreeSet;

use crate::ask::answer::{Answer, Cell, Column, Table, column, named};
use crate::ask::explain::{decimal, passes, share_of, stated, way};
use crate::ask::index::Index;
use crate::derive::latency::{AnswerTime, HopQueue, PathLatency, Patience, answer_time, waited};
use crate::derive::load::retries;
use crate::derive::order::is_hard;
use crate::derive::paths::Path;
use crate::model::ServiceId;
use crate::text::Noun;
use crate::units::Millis;

const WAYS: &[Column] = &[
    column("way", "way"),
    column("formula", "mean"),
    column("mean_us", "together"),
    column("p99", "99th percentile"),
    column("attempts", "calls when all fail"),
    column("lines", "lines"),
];

const HOPS: &[Column] = &[
    column("service", "service"),
    column("work", "work"),
    column("formula", "mean wait"),
    column("wait_us", "together"),
    column("source", "source"),
    column("lines", "lines"),
];

const CALLS: &[Column] = &[
    column("call", "call"),
    column("waits", "the caller waits"),
    column("formula", "the answer may take"),
    column("needs", "together"),
    column("verdict", "is it enough"),
    column("lines", "lines"),
];

/// What the times of the ways through services rest on.
pub(super) fn latency(index: &Index<'_>, ids: &[ServiceId]) -> Answer {
    let facts = index.facts;
    let ways: Vec<(&Path, &PathLatency)> = facts
        .latency
        .paths
        .iter()
        .filter_map(|found| Some((facts.paths.all.get(found.path)?, found)))
        .filter(|(path, _)| passes(index, path, ids))
        .collect();
    let hops: BTreeSet<ServiceId> = ways.iter().flat_map(|(path, _)| path.services(index.model)).collect();
    let calls = facts.latency.patience.iter().filter(|call| {
        let flow = &index.model.flows[call.flow];
        [flow.from, flow.to].iter().any(|id| ids.binary_search(id).is_ok())
    });
    Answer::new(headline(index, &ways))
        .table(Table {
            key: "ways",
            title: "the time of each way",
            columns: WAYS,
            rows: ways.iter().map(|(path, found)| way_row(index, path, found)).collect(),
        })
        .table(Table {
            key: "hops",
            title: "where the times come from",
            columns: HOPS,
            rows: hops.iter().filter_map(|id| hop_row(index, *id)).collect(),
        })
        .table(Table {
            key: "calls",
            title: "who waits how long",
            columns: CALLS,
            rows: calls.map(|call| call_row(index, call)).collect(),
        })
        .remark(unknown(index, &ways))
}

fn headline(index: &Index<'_>, ways: &[(&Path, &PathLatency)]) -> String {
    let Some((path, slowest)) = ways.iter().max_by_key(|(_, found)| found.mean) else {
        return "no way leads there".to_owned();
    };
    let of = Noun::english("way", "ways").count(ways.len());
    format!("{of}; the slowest is {}: {} on average", way(index, path), slowest.mean)
}

/// Services on the ways whose time nobody knows.
fn unknown(index: &Index<'_>, ways: &[(&Path, &PathLatency)]) -> Option<String> {
    let unknown: BTreeSet<ServiceId> = ways.iter().flat_map(|(_, found)| &found.unknown).copied().collect();
    let names = named(unknown.iter().map(|id| index.name(*id)));
    (!unknown.is_empty()).then(|| format!("not counted, because no `work` is stated: {names}"))
}

fn way_row(index: &Index<'_>, path: &Path, found: &PathLatency) -> Vec<Cell> {
    let hop = |id: &ServiceId| {
        let hop = waited(index.model, &index.facts.capacity, *id)?;
        let wait = if hop.wait.0 == 0 { String::new() } else { format!(" + {} waiting", hop.wait) };
        Some(format!("`{}` {}{wait}", index.name(*id), hop.work))
    };
    let hops: Vec<String> = path.services(index.model).iter().filter_map(hop).collect();
    let tail = found
        .p99_bound
        .zip(found.p99_estimate)
        .map(|(bound, estimate)| format!("sum {bound}; {estimate} when hops are independent"));
    let tries: Vec<u64> = path.flows.iter().map(|id| retries(index.model, &index.model.flows[*id])).collect();
    let product: Vec<String> =
        tries.iter().filter(|tries| **tries > 0).map(|tries| format!("(1 + {tries})")).collect();
    let attempts = match product.as_slice() {
        [] => found.attempts.to_string(),
        factors => format!("{} = {}", factors.join(" × "), found.attempts),
    };
    vec![
        Cell::Words(way(index, path)),
        Cell::Words(hops.join(" + ")),
        if hops.is_empty() { Cell::words("unknown") } else { Cell::Time(found.mean) },
        tail.map_or(Cell::Nothing, Cell::Words),
        Cell::Words(attempts),
        Cell::places(path.flows.iter().map(|id| index.model.flows[*id].span)),
    ]
}

fn hop_row(index: &Index<'_>, id: ServiceId) -> Option<Vec<Cell>> {
    let hop = waited(index.model, &index.facts.capacity, id)?;
    let (_, source, spans) = stated(index, id, "work")?;
    let (formula, law) = hop.queue.map_or_else(
        || ("none: it runs once for each event".to_owned(), ""),
        |queue| (queue_formula(&queue, hop.work), "; M/M/c, Erlang C"),
    );
    Some(vec![
        Cell::words(index.name(id)),
        Cell::Words(hop.work.to_string()),
        Cell::Words(formula),
        Cell::Time(hop.wait),
        Cell::Words(format!("`work` {source}{law}")),
        Cell::places(spans),
    ])
}

fn queue_formula(queue: &HopQueue, work: Millis) -> String {
    format!(
        "{} × {work} = {} erlang on {} × {} vCPU: {} busy, {} wait",
        queue.rate,
        decimal(queue.offered.0.into(), 3),
        queue.units,
        queue.servers,
        share_of(queue.fares.busy),
        share_of(queue.fares.waiting),
    )
}

fn call_row(index: &Index<'_>, call: &Patience) -> Vec<Cell> {
    let flow = &index.model.flows[call.flow];
    let out = index.touching.from(flow.to).iter();
    let time = answer_time(index.model, flow.to, out.filter(|id| is_hard(&index.model.flows[**id])));
    let verdict = if call.waits >= call.needs { "yes" } else { "no: it gives up first" };
    let behind = time.calls.iter().map(|call| index.model.flows[call.flow].span);
    let spans: Vec<_> = std::iter::once(flow.span).chain(behind).collect();
    vec![
        Cell::Words(format!("{} -> {}", index.name(flow.from), index.name(flow.to))),
        Cell::Words(call.waits.to_string()),
        Cell::Words(answer_formula(index, &time)),
        Cell::Words(call.needs.to_string()),
        Cell::words(verdict),
        Cell::places(spans),
    ]
}

/// `20 ms + (1 + 2) × 5 s to products_db`
fn answer_formula(index: &Index<'_>, time: &AnswerTime) -> String {
    let calls = time.calls.iter().map(|call| {
        let tries = if call.retries > 0 { format!("(1 + {}) × ", call.retries) } else { String::new() };
        format!(" + {tries}{} for `{}`", call.waits, index.name(index.model.flows[call.flow].to))
    });
    let sum = std::iter::once(time.own.to_string()).chain(calls).collect::<String>();
    time.stop.map_or(sum.clone(), |stop| format!("min({sum}, its own limit {stop})"))
}
