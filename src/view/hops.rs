//! The lines of a deployment: flows as the hops they take, each drawn once.

use std::collections::BTreeSet;

use crate::model::{Flow, Model, Origin, ServiceId};
use crate::text::{Language, Text};
use crate::view::gather;
use crate::view::words::{Word, word};

/// One line of a deployment.
#[derive(Debug, Clone)]
pub(super) struct Hop<'m> {
    /// Where it starts.
    pub(super) from: ServiceId,
    /// Where it goes.
    pub(super) to: ServiceId,
    /// The verb that names it.
    pub(super) verb: String,
    /// What stands on it.
    pub(super) label: Text,
    /// The flow it is, or the first of those that take it; nothing for what happens inside one service.
    pub(super) flow: Option<&'m Flow>,
    /// Does it follow from the model without being a part of a flow?
    pub(super) derived: bool,
}

/// All lines between the services that are shown, in model order.
pub(super) fn hops<'m>(model: &'m Model, kept: &BTreeSet<ServiceId>, language: Language) -> Vec<Hop<'m>> {
    let mut hops: Vec<Hop<'m>> = Vec::new();
    let mut known = BTreeSet::new();
    let touching: BTreeSet<_> = kept.iter().flat_map(|id| model.flows_at(*id)).map(|(id, _)| id).collect();
    for flow in touching.into_iter().map(|id| &model.flows[id]) {
        let own = if flow.is_whole() { of_whole(model, flow, kept) } else { of_part(model, flow, kept) };
        for hop in own.into_iter().filter(|hop| kept.contains(&hop.from) && kept.contains(&hop.to)) {
            let is_new = known.insert((hop.from, hop.to, hop.verb.clone()));
            if is_new || flow.is_whole() && flow.through.is_empty() {
                hops.push(hop);
            }
        }
    }
    hops.extend(redrives(model, kept, language));
    hops
}

/// A whole flow: as it is, or through what it passes when the model has no hops for that.
fn of_whole<'m>(model: &Model, flow: &'m Flow, kept: &BTreeSet<ServiceId>) -> Vec<Hop<'m>> {
    let shown = flow.through.iter().all(|id| kept.contains(id));
    let (Some(first), Some(last), true) = (flow.through.first(), flow.through.last(), shown) else {
        let derived = matches!(flow.origin, Origin::Derived { .. });
        return vec![Hop { derived, ..hop(flow, (flow.from, flow.to), &flow.verb, label(flow)) }];
    };
    if has_parts(model, *last, flow.to) {
        return Vec::new();
    }
    let pairs = flow.through.iter().zip(flow.through.iter().skip(1)).map(|(from, to)| (*from, *to));
    let start = hop(flow, (flow.from, *first), &flow.verb, label(flow));
    let rest = pairs.chain([(*last, flow.to)]).map(|ends| hop(flow, ends, "", Text::default()));
    std::iter::once(start).chain(rest).collect()
}

/// Has the model hops of its own on this way?
fn has_parts(model: &Model, from: ServiceId, to: ServiceId) -> bool {
    model.flows_from(from).any(|(_, flow)| !flow.is_whole() && flow.to == to)
}

/// A hop of the model: the last one says what the whole flow does.
fn of_part<'m>(model: &'m Model, flow: &'m Flow, kept: &BTreeSet<ServiceId>) -> Vec<Hop<'m>> {
    let Some(whole) = flow.part_of.map(|whole| &model.flows[whole]) else { return Vec::new() };
    if !whole.through.iter().all(|id| kept.contains(id)) {
        return Vec::new();
    }
    let label = if whole.to == flow.to { label(whole) } else { Text::default() };
    vec![hop(flow, (flow.from, flow.to), &flow.verb, label)]
}

fn label(flow: &Flow) -> Text {
    gather::label(flow, &[])
}

fn hop<'m>(flow: &'m Flow, (from, to): (ServiceId, ServiceId), verb: &str, label: Text) -> Hop<'m> {
    Hop { from, to, verb: verb.to_owned(), label, flow: Some(flow), derived: false }
}

/// From each queue to the derived one that takes what fails again and again.
fn redrives<'m>(model: &'m Model, kept: &BTreeSet<ServiceId>, language: Language) -> Vec<Hop<'m>> {
    let queues = kept.iter().filter_map(|from| {
        let (from, service) = (*from, &model.services[*from]);
        let attempts = service.settings.count("dlq")?;
        let to = model.service(service.name.child("dlq").as_str()).filter(|to| kept.contains(to))?;
        let label = Text::new(format!("{} {attempts}", word(Word::After, language)));
        Some(Hop { from, to, verb: "redrive".to_owned(), label, flow: None, derived: true })
    });
    queues.collect()
}
