//! Journeys as sequences: who calls whom, in order.

use crate::model::{Flow, FlowId, Journey, Model, ServiceId};
use crate::text::{Ident, Language, Text};
use crate::view::gather;
use crate::view::words::{Word, text, word};

/// One who takes part in a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub id: Ident,
    /// Its title.
    pub title: Text,
    /// What it is.
    pub subtitle: Text,
    /// The catalogue's name of its icon.
    pub icon: String,
    /// The catalogue's category.
    pub category: String,
}

/// One step of a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it starts, an index into [`Sequence::lanes`].
    pub from: usize,
    /// Where it goes, an index into [`Sequence::lanes`].
    pub to: usize,
    /// What is done.
    pub label: Text,
    /// What it passes, or why it is wrong; may be empty.
    pub note: Text,
    /// Does the caller go on without an answer?
    pub is_async: bool,
    /// Does sensitive data go this way?
    pub sensitive: bool,
    /// Is there no such flow in the model?
    pub missing: bool,
}

/// A journey as messages between lanes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The name of its file, without an ending.
    pub name: String,
    /// What it shows.
    pub title: Text,
    /// Who takes part, in order of appearance.
    pub lanes: Vec<Lane>,
    /// What happens, in order.
    pub messages: Vec<Message>,
}

/// One sequence a journey of the model.
pub(super) fn sequences(model: &Model, language: Language) -> Vec<Sequence> {
    model.journeys.iter().map(|journey| sequence(model, journey, language)).collect()
}

fn sequence(model: &Model, journey: &Journey, language: Language) -> Sequence {
    let mut members: Vec<ServiceId> = Vec::new();
    for member in journey.steps.iter().flatten() {
        if !members.contains(member) {
            members.push(*member);
        }
    }
    let pairs = journey.steps.iter().zip(journey.steps.iter().skip(1));
    let messages = pairs.enumerate().flat_map(|(step, (from, to))| {
        let flows = journey.flows.get(step).map_or(&[][..], Vec::as_slice);
        step_messages(model, (from, to), flows, language)
    });
    let placed = messages.filter_map(|(from, to, message)| {
        let place = |wanted| members.iter().position(|member| *member == wanted);
        Some(Message { from: place(from)?, to: place(to)?, ..message })
    });
    let title: String = journey.title.chars().collect();
    Sequence {
        name: format!("journey-{}", journey.name),
        title: Text::new(format!("{}: {title}", word(Word::Journey, language))),
        messages: placed.collect(),
        lanes: members.iter().map(|id| lane(model, *id, language)).collect(),
    }
}

fn lane(model: &Model, id: ServiceId, language: Language) -> Lane {
    let service = &model.services[id];
    Lane {
        id: service.name.clone(),
        title: service.title.clone(),
        subtitle: gather::kind_name(service, language),
        icon: service.kind.icon.clone(),
        category: service.kind.category.clone(),
    }
}

/// The messages of one step; a step without a flow is a message that says so.
fn step_messages(
    model: &Model,
    (from, to): (&[ServiceId], &[ServiceId]),
    flows: &[FlowId],
    language: Language,
) -> Vec<(ServiceId, ServiceId, Message)> {
    if flows.is_empty() {
        let pairs = from.first().into_iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
        return pairs.map(|(from, to)| (from, to, missing(language))).collect();
    }
    flows
        .iter()
        .map(|id| &model.flows[*id])
        .map(|flow| (flow.from, flow.to, message(model, flow, language)))
        .collect()
}

fn missing(language: Language) -> Message {
    let blank = Text::default();
    Message {
        from: 0,
        to: 0,
        label: text(Word::NoFlow, language),
        note: blank,
        is_async: false,
        sensitive: false,
        missing: true,
    }
}

fn message(model: &Model, flow: &Flow, language: Language) -> Message {
    let names: Vec<String> = flow.through.iter().map(|id| model.services[*id].name.to_string()).collect();
    let through = if names.is_empty() {
        String::new()
    } else {
        format!("{} {}", word(Word::By, language), names.join(", "))
    };
    let remark: String = flow.remark.chars().collect();
    let parts: Vec<String> = [remark, through].into_iter().filter(|part| !part.is_empty()).collect();
    Message {
        from: 0,
        to: 0,
        label: gather::label(&Flow { share: None, ..flow.clone() }, &flow.carries),
        note: Text::new(parts.join("; ")),
        is_async: !flow.is_sync(),
        sensitive: gather::is_sensitive(flow),
        missing: false,
    }
}
