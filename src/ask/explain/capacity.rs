//! `explain MODEL capacity`: how many units, executions, connections and shards are needed, and what they are reckoned from.

use crate::ask::answer::{Answer, Cell, Table};
use crate::ask::explain::{FIGURES, Line, decimal, share_of, stated, thousandths};
use crate::ask::index::Index;
use crate::derive::capacity::erlang::{BOUNDS, MicroErlang};
use crate::derive::capacity::{Balancer, Function, Group, Need, Pool, Queue, QuotaUse, Stream};
use crate::model::ServiceId;
use crate::text::{Span, noun};
use crate::units::Millis;

/// What the capacity of services rests on.
pub(super) fn capacity(index: &Index<'_>, ids: &[ServiceId]) -> Answer {
    let rows: Vec<Vec<Cell>> =
        ids.iter().flat_map(|id| of_service(index, *id)).map(|line| line.cells(index)).collect();
    let counts = |quota: &&QuotaUse| quota.services.iter().any(|id| ids.binary_search(id).is_ok());
    let shared = index.facts.capacity.quotas.iter().filter(counts);
    let quotas: Vec<Vec<Cell>> = shared.map(|quota| quota_line(index, quota).cells(index)).collect();
    Answer::new(headline(index, ids, rows.is_empty()))
        .table(Table { key: "figures", title: "what is needed", columns: FIGURES, rows })
        .table(Table { key: "quotas", title: "what the account gives", columns: FIGURES, rows: quotas })
}

fn headline(index: &Index<'_>, ids: &[ServiceId], nothing: bool) -> String {
    let [one] = ids else {
        let told = if nothing { "nothing has to be sized among" } else { "capacity of" };
        return format!("{told} {}", noun::SERVICE.count(ids.len()));
    };
    let name = index.name(*one);
    if let Some(group) = index.facts.capacity.group(*one) {
        let (usual, peak) = (group.usual.running, group.peak.running);
        return format!(
            "`{name}` runs {usual} units usually and {peak} at peak, of {}..{}",
            group.min, group.max
        );
    }
    if let Some(function) = index.facts.capacity.function(*one) {
        let peak = thousandths(function.peak);
        return format!("`{name}` runs {peak} times at once at peak, of {}", function.most);
    }
    let told = if nothing { "nothing has to be sized at" } else { "capacity of" };
    format!("{told} `{name}`")
}

/// The figures of one service.
fn of_service(index: &Index<'_>, id: ServiceId) -> Vec<Line> {
    let facts = &index.facts.capacity;
    let of = |stream: &&Stream| stream.service == id;
    let mut lines = Vec::new();
    lines.extend(facts.group(id).into_iter().flat_map(|group| group_lines(index, group)));
    lines.extend(facts.function(id).into_iter().flat_map(|function| function_lines(index, function)));
    lines.extend(facts.queue(id).into_iter().flat_map(|queue| queue_lines(index, queue)));
    lines.extend(facts.pool(id).into_iter().flat_map(|pool| pool_lines(index, pool)));
    lines.extend(facts.balancer(id).into_iter().flat_map(|balancer| balancer_lines(index, balancer)));
    lines.extend(facts.streams.iter().find(of).map(|stream| stream_line(index, stream)));
    lines
}

/// The places of some settings of a service; its own when none is stated.
fn settings(index: &Index<'_>, id: ServiceId, names: &[&str]) -> Vec<Span> {
    let service = &index.model.services[id];
    let found: Vec<Span> = names.iter().filter_map(|name| service.settings.span(name)).collect();
    if found.is_empty() { vec![service.span] } else { found }
}

/// What arrives: the statements and flows that bring it.
fn arrivals(index: &Index<'_>, id: ServiceId) -> Vec<Span> {
    let flows = index.touching.reaching(id).iter().map(|flow| index.model.flows[*flow].span);
    flows.chain(index.model.loads.iter().filter(|load| load.on == id).map(|load| load.span)).collect()
}

/// Where a stated or assumed work comes from.
fn work_source(index: &Index<'_>, id: ServiceId) -> String {
    stated(index, id, "work").map_or_else(
        || "work assumed: the kind's usual requests a second and processor".to_owned(),
        |(_, source, _)| format!("`work` {source}"),
    )
}

fn group_lines(index: &Index<'_>, group: &Group) -> Vec<Line> {
    let id = group.service;
    let processors = format!("60 s × {} × {} / {}", BOUNDS.busy, group.servers, group.work);
    let source = format!("own rule: {} use of a processor", BOUNDS.busy);
    let target = Line::new(id, "requests a minute and unit at planned use", processors)
        .value(group.derived_target)
        .source(source)
        .at(settings(index, id, &["work", "size"]));
    let mut lines = need_lines(index, group, "usually", &group.usual);
    lines.extend(need_lines(index, group, "at peak", &group.peak));
    lines.push(target);
    lines.extend(group.baseline.map(|baseline| {
        let formula = format!("{} busy when the minimum of {} runs", share_of(group.busy_at_min), group.min);
        Line::new(id, "use that a burstable size may keep up", formula)
            .value(share_of(baseline))
            .source("catalogue: `sizes.toml`")
            .at(settings(index, id, &["size"]))
    }));
    lines
}

/// The figures of a group at one rate: offered load, units for the queue, for the target, that run, and without a zone.
fn need_lines(index: &Index<'_>, group: &Group, when: &str, need: &Need) -> Vec<Line> {
    let id = group.service;
    let offered = erlangs(MicroErlang::offered(need.rate, group.work));
    let line = |figure: &str, formula: String| Line::new(id, format!("{figure}, {when}"), formula);
    let wait = need.fares.wait.map_or_else(|| "without end".to_owned(), |wait| wait.to_string());
    let queue = format!(
        "least c with use ≤ {} and wait ≤ {}: {} × {} vCPU are {} busy, {} wait, {wait} on average",
        BOUNDS.busy,
        Millis(BOUNDS.wait.0 / 1_000),
        need.queueing,
        group.servers,
        share_of(need.fares.busy),
        share_of(need.fares.waiting),
    );
    let zones = index.model.system.zones;
    let left = zones.saturating_sub(1);
    let survives = (left > 0).then(|| {
        line("units to survive a zone", format!("⌈{} × {zones} / ({zones} - 1)⌉", need.queueing))
            .value(need.zone_loss)
            .source("the units for the queue, in the zones that are left")
            .at(vec![index.model.system.span])
    });
    let scale = settings(index, id, &["scale"]);
    let each = [
        Some(
            line("offered load", format!("{} × {}", need.rate, group.work))
                .value(format!("{offered} erlang"))
                .source(format!("`load` and shares; {}", work_source(index, id)))
                .at(arrivals(index, id).into_iter().chain(settings(index, id, &["work"])).collect()),
        ),
        Some(
            line("units for the queue", queue)
                .value(need.queueing)
                .source("M/M/c, Erlang C; a processor is a server")
                .at(settings(index, id, &["work", "size"])),
        ),
        target_line(index, group, need, &offered, line("units for the target", String::new())),
        Some(
            line(
                "units that run",
                format!("max({}, {}) within {}..{}", need.queueing, need.by_target, group.min, group.max),
            )
            .value(need.running)
            .source(if group.scale_stated { "`scale` stated" } else { "the kind's usual bounds" })
            .at(scale),
        ),
        Some(
            line("use of a processor", format!("{offered} / ({} × {})", need.running, group.servers))
                .value(share_of(need.busy))
                .source("reckoned")
                .at(settings(index, id, &["work", "size"])),
        ),
        survives,
    ];
    each.into_iter().flatten().collect()
}

/// Units at which the metric stands at its target.
fn target_line(index: &Index<'_>, group: &Group, need: &Need, offered: &str, line: Line) -> Option<Line> {
    let target = group.target?;
    let formula = match group.metric.as_deref()? {
        "requests_per_target" => format!("⌈60 s × {} / {target}⌉", need.rate),
        "cpu" => format!("⌈{offered} / ({target} % × {})⌉", group.servers),
        other => format!("`{}` does not follow from the rate", other.replace('_', "-")),
    };
    let line = line.formula(formula).value(need.by_target).source("target tracking");
    Some(line.at(settings(index, group.service, &["scale"])))
}

/// Offered load, with at most three decimals.
fn erlangs(offered: MicroErlang) -> String {
    decimal(offered.0.into(), 3)
}

fn function_lines(index: &Index<'_>, function: &Function) -> Vec<Line> {
    let id = function.service;
    let load = index.facts.load.service(id);
    let spans: Vec<Span> = arrivals(index, id).into_iter().chain(settings(index, id, &["work"])).collect();
    let at = |when: &str, rate, executions| {
        Line::new(id, format!("executions at once, {when}"), format!("{rate} × {}", function.work))
            .value(thousandths(executions))
            .source(format!("Little's law; {}", work_source(index, id)))
            .at(spans.clone())
    };
    let most = if function.stated { "`concurrency` or `scale` stated" } else { "quota of the account" };
    vec![
        at("usually", load.usual, function.usual),
        at("at peak", load.peak, function.peak),
        Line::new(id, "executions at once, at most", most)
            .value(function.most)
            .source(if function.stated { "stated" } else { "catalogue: `concurrency-per-region`" })
            .at(settings(index, id, &["concurrency", "scale"])),
    ]
}

fn queue_lines(index: &Index<'_>, queue: &Queue) -> Vec<Line> {
    let id = queue.service;
    let flows: Vec<Span> = queue.consumers.iter().map(|flow| index.model.flows[*flow].span).collect();
    let line = |figure: &str, formula: String| Line::new(id, figure, formula).at(flows.clone());
    let workers: Vec<String> =
        queue.consumers.iter().filter_map(|flow| worker(index, index.model.flows[*flow].to)).collect();
    let verdict = if queue.stable { "it keeps up" } else { "it never catches up" };
    let peak = index.facts.load.service(id).peak_time;
    let pile = format!("max(0, {} - {}) × {peak} × 24 / 730", queue.peak, queue.service_rate);
    let drain = queue.drain.map_or_else(|| "never".to_owned(), |time| time.to_string());
    let bound = queue.bound.map_or_else(String::new, |bound| format!(", allowed {bound}"));
    vec![
        line("messages worked off a second", workers.join(" + "))
            .value(queue.service_rate)
            .source("most units × processors / work, at most what keeping order allows"),
        line("arriving against worked off", format!("{} < {}", queue.usual, queue.service_rate))
            .value(verdict)
            .source("flow balance"),
        line("messages that pile up in a day's peak", pile)
            .value(queue.backlog)
            .source("the month's peak time, spread over its days"),
        line(
            "time until they are worked off",
            format!("{} / ({} - {})", queue.backlog, queue.service_rate, queue.usual),
        )
        .value(format!("{drain}{bound}"))
        .source("flow balance"),
    ]
}

/// `sell 20 × 1 / 300 ms`
fn worker(index: &Index<'_>, id: ServiceId) -> Option<String> {
    let facts = &index.facts.capacity;
    let group = facts.group(id).map(|group| (group.max, group.servers, group.work));
    let (units, servers, work) =
        group.or_else(|| facts.function(id).map(|found| (found.most, 1, found.work)))?;
    Some(format!("`{}` {units} × {servers} / {work}", index.name(id)))
}

fn pool_lines(index: &Index<'_>, pool: &Pool) -> Vec<Line> {
    let id = pool.service;
    let kind = &index.model.services[id].kind;
    let text = |name: &str| kind.capacity.text(name).unwrap_or("the kind's own number").to_owned();
    let size = settings(index, id, &["size", "scale"]);
    let flows: Vec<Span> = pool.callers.iter().map(|(flow, _)| index.model.flows[*flow].span).collect();
    let callers: Vec<String> = pool
        .callers
        .iter()
        .map(|(flow, count)| {
            let from = index.model.flows[*flow].from;
            let most = index.facts.capacity.most_units(from).unwrap_or(0);
            format!("`{}` {most} × {}", index.name(from), count / most.max(1))
        })
        .collect();
    vec![
        Line::new(id, "connections accepted", accepted(index, pool))
            .value(pool.limit)
            .source(text("max_connections_src"))
            .at(size.clone()),
        Line::new(id, "connections to plan with", format!("{} × {}", pool.headroom, pool.limit))
            .value(pool.planned())
            .source("own rule: head room for operators and fail-over")
            .at(size),
        Line::new(id, "connections at most", callers.join(" + "))
            .value(pool.demand)
            .source("most units × `pool` of each caller")
            .at(flows),
    ]
}

/// `min(90 % × 4 GB / 9531392, 5000)`
fn accepted(index: &Index<'_>, pool: &Pool) -> String {
    let capacity = &index.model.services[pool.service].kind.capacity;
    let Some(each) = capacity.count("connection_bytes") else { return "the size's own number".to_owned() };
    let share = capacity.millionths("nominal_memory_share").unwrap_or(1_000_000);
    let counted = format!("{} % × {} / {each}", decimal(u128::from(share) * 100, 2), pool.memory);
    capacity.count("connection_cap").map_or(counted.clone(), |cap| format!("min({counted}, {cap})"))
}

fn balancer_lines(index: &Index<'_>, balancer: &Balancer) -> Vec<Line> {
    const WORDS: [&str; 3] = ["new connections", "open connections", "GB an hour"];
    let parts = WORDS.iter().zip(balancer.dimensions);
    let parts: Vec<String> =
        parts.map(|(word, part)| format!("{} {word} / {}", thousandths(part.peak), part.each)).collect();
    let line = Line::new(balancer.service, "capacity units, at peak", format!("max({})", parts.join(", ")))
        .value(thousandths(balancer.peak))
        .source("the largest dimension is billed; a connection carries one request and lasts a second")
        .at(arrivals(index, balancer.service));
    vec![line]
}

fn stream_line(index: &Index<'_>, stream: &Stream) -> Line {
    let id = stream.service;
    let node = &index.model.services[id];
    let count = |name: &str| node.kind.capacity.count(name).unwrap_or(0);
    let record = node.settings.bytes("record").map_or_else(|| "1 KB".to_owned(), |record| record.to_string());
    let peak = index.facts.load.service(id).peak;
    let formula = format!(
        "max(⌈{peak} × {record} / {} B⌉, ⌈{peak} / {}⌉)",
        count("shard_write_bytes_s"),
        count("shard_write_records_s")
    );
    let has = stream.shards.map_or_else(String::new, |shards| format!(", it has {shards}"));
    Line::new(id, "shards, at peak", formula)
        .value(format!("{}{has}", stream.needed))
        .source("catalogue: what one shard takes in a second")
        .at(arrivals(index, id).into_iter().chain(settings(index, id, &["shards", "record"])).collect())
}

fn quota_line(index: &Index<'_>, quota: &QuotaUse) -> Line {
    let parts: Vec<String> = quota
        .services
        .iter()
        .zip(&quota.parts)
        .map(|(id, part)| format!("`{}` {part}", index.name(*id)))
        .collect();
    let raised = if quota.adjustable { "AWS can raise it" } else { "fixed" };
    let first = quota.services.first().copied();
    let source = first
        .and_then(|id| index.model.services[id].kind.quota(&quota.name))
        .map_or(String::new(), |known| format!("{}; {raised}", known.src));
    let home = quota.region == index.model.system.region;
    let figure = if home { quota.name.clone() } else { format!("{} in {}", quota.name, quota.region) };
    Line { service: None, figure, ..Line::default() }
        .formula(parts.join(" + "))
        .value(format!("{} of {} {}", quota.demand, quota.limit, quota.unit))
        .source(source)
        .at(quota.services.iter().map(|id| index.model.services[*id].span).collect())
}
