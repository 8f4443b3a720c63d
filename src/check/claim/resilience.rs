//! Claims about failure: independence, order, the loss of a zone.

use std::collections::BTreeMap;

use crate::check::Case;
use crate::check::claim::{Finding, fails, first_failure, holds, name, names, open};
use crate::derive::availability::is_redundant;
use crate::model::{Claim, FlowGraph, ServiceId};
use crate::text::Span;

/// No two members hard-need the same thing (synchronous calls that are not soft, transitively).
pub(super) fn independent(case: &Case<'_>, claim: &Claim) -> Finding {
    let graph =
        FlowGraph::new(case.model, |flow| flow.is_sync() && !flow.soft && flow.initiator() == flow.from);
    let mut needed_by: BTreeMap<ServiceId, Vec<ServiceId>> = BTreeMap::new();
    for &member in &claim.on {
        for needed in graph.reachable(member) {
            needed_by.entry(needed).or_default().push(member);
        }
    }
    let shared = needed_by.iter().find(|(_, members)| members.len() > 1);
    match shared {
        Some((needed, members)) => shared_fate(case, *needed, members),
        None => holds(
            "none of them needs another one, or anything another one needs",
            "ninguno necesita a otro ni nada que otro necesite",
        ),
    }
}

fn shared_fate(case: &Case<'_>, needed: ServiceId, members: &[ServiceId]) -> Finding {
    let (who, what) = (names(case, members), name(case, needed));
    let evidence = flows_between(case, members, needed);
    if members.contains(&needed) {
        let others: Vec<ServiceId> = members.iter().copied().filter(|member| *member != needed).collect();
        let who = names(case, &others);
        return fails(format!("{} needs {what}", who.en), format!("{} necesita {what}", who.es), evidence);
    }
    fails(format!("{} all need {what}", who.en), format!("{} necesitan {what}", who.es), evidence)
}

fn flows_between(case: &Case<'_>, from: &[ServiceId], to: ServiceId) -> Vec<Span> {
    let direct = case.model.whole_flows_to(to).filter(|(_, flow)| from.contains(&flow.from));
    direct.map(|(_, flow)| flow.span).collect()
}

/// Each queue keeps the order of messages with the same key.
pub(super) fn ordered(case: &Case<'_>, claim: &Claim) -> Finding {
    let key = claim.key.as_deref();
    let failure = claim.on.iter().filter_map(|id| not_ordered(case, *id, key));
    let success = match key {
        Some(key) => holds(
            format!("the queue is FIFO and groups messages by `{key}`"),
            format!("la cola es FIFO y agrupa los mensajes por `{key}`"),
        ),
        None => holds("the queue is FIFO", "la cola es FIFO"),
    };
    first_failure(failure, success)
}

fn not_ordered(case: &Case<'_>, id: ServiceId, key: Option<&str>) -> Option<Finding> {
    let service = &case.model.services[id];
    let evidence = vec![service.settings.span("fifo").unwrap_or(service.span)];
    let what = name(case, id);
    if !service.settings.is_on("fifo") {
        let (en, es) = (format!("{what} is not FIFO"), format!("{what} no es FIFO"));
        return Some(fails(en, es, evidence));
    }
    let group = service.settings.word("fifo");
    if key.is_none() || group == key {
        return None;
    }
    let group = group.unwrap_or("none");
    let en = format!("{what} groups messages by `{group}`, not by that key");
    Some(fails(en, format!("{what} agrupa los mensajes por `{group}`, no por esa clave"), evidence))
}

/// Each subject stands in two zones or more, or in none.
pub(super) fn survives_zone_loss(case: &Case<'_>, claim: &Claim) -> Finding {
    if case.model.system.zones < 2 {
        let span = case.model.system.span;
        return fails("the system stands in one zone", "el sistema está en una sola zona", vec![span]);
    }
    if claim.on.is_empty() {
        return open("the claim names nothing", "la afirmación no nombra nada");
    }
    let lost = claim
        .on
        .iter()
        .copied()
        .filter(|id| case.model.services[*id].kind.zonal && !is_redundant(case.model, *id));
    let failure = lost.map(|id| {
        let what = name(case, id);
        let en = format!("{what} stands in one zone only");
        fails(en, format!("{what} está en una sola zona"), vec![case.model.services[id].span])
    });
    first_failure(failure, holds("each of them stands in several zones", "cada uno está en varias zonas"))
}
