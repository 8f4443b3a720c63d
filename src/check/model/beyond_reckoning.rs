//! MODEL-722: figures so large that reckoning ended at the greatest number.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::derive::cost::CostLine;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, Span, Wording};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-722", title: "figure beyond what can be reckoned", severity: Severity::Error },
    find,
};

/// One figure that stands at its greatest number.
struct Beyond {
    span: Span,
    service: Option<ServiceId>,
    what: Wording,
}

const TRAFFIC: Wording = Wording::new("uses in a month", "los usos en un mes");
const EXECUTIONS: Wording = Wording::new("executions at once", "las ejecuciones a la vez");
const UNITS: Wording = Wording::new("units", "las unidades");
const BACKLOG: Wording = Wording::new("backlog", "los mensajes pendientes");
const CONNECTIONS: Wording = Wording::new("connections", "las conexiones");
const BILL: Wording = Wording::new("bill", "la factura");

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let mut all = traffic(case);
    all.extend(capacity(case));
    all.extend(bill(case));
    // What is carried on is too large everywhere behind; each service is told once, the bill only when nothing else is.
    let mut told: Vec<Option<ServiceId>> = Vec::new();
    let mut findings = Vec::new();
    for beyond in all {
        if !told.contains(&beyond.service) {
            told.push(beyond.service);
            findings.push(finding(case, &beyond));
        }
    }
    findings
}

fn traffic(case: &Case<'_>) -> Vec<Beyond> {
    let beyond = case.model.whole_flows().filter(|(id, _)| {
        let load = case.facts.load.flow(*id);
        [load.expected, load.max, load.peak.0, load.storm.0].contains(&u64::MAX)
    });
    beyond.map(|(_, flow)| Beyond { span: flow.span, service: Some(flow.to), what: TRAFFIC }).collect()
}

fn capacity(case: &Case<'_>) -> Vec<Beyond> {
    let facts = &case.facts.capacity;
    let at = |id: ServiceId, what| Beyond { span: case.model.services[id].span, service: Some(id), what };
    let groups = facts.groups.iter().filter(|group| {
        [group.usual, group.peak].iter().any(|need| [need.units, need.zone_loss].contains(&u64::MAX))
    });
    let functions = facts.functions.iter().filter(|function| function.peak == u64::MAX);
    let queues = facts.queues.iter().filter(|queue| queue.backlog == u64::MAX);
    let pools = facts.pools.iter().filter(|pool| pool.demand == u64::MAX);
    let groups = groups.map(|group| at(group.service, UNITS));
    let functions = functions.map(|function| at(function.service, EXECUTIONS));
    let queues = queues.map(|queue| at(queue.service, BACKLOG));
    groups.chain(functions).chain(queues).chain(pools.map(|pool| at(pool.service, CONNECTIONS))).collect()
}

fn bill(case: &Case<'_>) -> Vec<Beyond> {
    let cost = &case.facts.cost;
    let is_beyond = |line: &&CostLine| {
        let money = [line.cost.zero, line.cost.expected, line.cost.max];
        money.iter().any(|money| money.0 == i64::MAX) || line.quantity.max == u64::MAX
    };
    let lines = cost.lines.iter().filter(is_beyond).map(|line| Beyond {
        span: line.causes.first().copied().unwrap_or(case.model.system.span),
        service: line.service,
        what: BILL,
    });
    let mut found: Vec<Beyond> = lines.collect();
    if found.is_empty() && cost.totals.max.0 == i64::MAX {
        found.push(Beyond { span: case.model.system.span, service: None, what: BILL });
    }
    found
}

fn finding(case: &Case<'_>, beyond: &Beyond) -> Diagnostic {
    let subject = beyond.service.map_or(&case.model.system.name, |id| name(case, id));
    let what = beyond.what;
    let message = Phrase::new(
        format!("{} of `{subject}`: more than can be reckoned", what.en),
        format!("{} de `{subject}`: más de lo que se puede calcular", what.es),
    );
    let found = CHECK.rule.at(beyond.span).message(message).subject(subject.as_str());
    found
        .note(Phrase::new(
            "figures that follow from it stand at the greatest number and mean nothing",
            "las cifras que se deducen quedan en el número mayor y no significan nada",
        ))
        .help(Phrase::new(
            "state a smaller load, message or size: a rate is at most some millions a second",
            "indica una carga, un mensaje o un tamaño menor: un ritmo es de unos millones por segundo como mucho",
        ))
}
