//! Part 4: who does what with whom, in the order of the model, as sentences; and the journeys step by step.

use serde::Serialize;

use crate::emit::report::markdown::Markdown;
use crate::emit::report::{Subject, verbs};
use crate::model::{Flow, FlowId, Journey, Mode, Origin};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Interactions {
    data: Vec<Sentence>,
    control: Vec<Sentence>,
    journeys: Vec<JourneySection>,
}

#[derive(Debug, Serialize)]
struct Sentence {
    text: Markdown,
    through: Markdown,
    remark: Markdown,
    details: Markdown,
    soft: bool,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct JourneySection {
    name: Markdown,
    title: Markdown,
    steps: Vec<Sentence>,
    handed_over: bool,
}

pub(super) fn interactions(subject: Subject<'_>) -> Interactions {
    let flows: Vec<(FlowId, &Flow)> = subject.review.model.whole_flows().collect();
    let (control, data): (Vec<_>, Vec<_>) = flows.into_iter().partition(|(_, flow)| is_control(flow));
    Interactions {
        data: data.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
        control: control.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
        journeys: subject.review.model.journeys.iter().map(|journey| section(subject, journey)).collect(),
    }
}

/// Control prepares or guards; data carries the work.
fn is_control(flow: &Flow) -> bool {
    matches!(flow.mode(), Mode::Attach | Mode::Admin) || !matches!(flow.origin, Origin::Declared)
}

fn sentence(subject: Subject<'_>, id: FlowId, flow: &Flow) -> Sentence {
    let model = &subject.review.model;
    let [from, to] = [flow.from, flow.to].map(|end| format!("`{}`", model.services[end].name));
    Sentence {
        text: Markdown::own(verbs::sentence(&flow.verb, (&from, &to), subject.language)),
        through: subject.names(flow.through.iter().copied()),
        remark: Markdown::text(&flow.remark),
        details: details(subject, id, flow),
        soft: flow.soft,
        place: Markdown::place(&subject.review.sources, flow.span),
    }
}

/// Load, data classes, keys and limits of a flow.
fn details(subject: Subject<'_>, id: FlowId, flow: &Flow) -> Markdown {
    let load = subject.review.facts.load.flow(id);
    let rate = (load.peak.0 > 0).then(|| {
        Markdown::own(format!(
            "{} {}, {} {}",
            load.usual,
            subject.say("usually", "en promedio"),
            load.peak,
            subject.say("at peak", "en pico")
        ))
    });
    let class = |class: &crate::model::DataClass| Markdown::code(class.name());
    let carries = (!flow.carries.is_empty()).then(|| Markdown::list(flow.carries.iter().map(class)));
    let key = flow
        .idempotent
        .as_ref()
        .map(|key| Markdown::own(format!("{} `{key}`", subject.say("repeatable by", "repetible por"))));
    let mode = match flow.mode() {
        Mode::Async | Mode::Stream | Mode::Batch => {
            Some(Markdown::own(subject.say("asynchronous", "asíncrono")))
        }
        Mode::Sync | Mode::Attach | Mode::Admin => None,
    };
    Markdown::list(mode.into_iter().chain(rate).chain(carries).chain(key))
}

fn section(subject: Subject<'_>, journey: &Journey) -> JourneySection {
    let model = &subject.review.model;
    let flows: Vec<(FlowId, &Flow)> =
        journey.flows.iter().flatten().map(|id| (*id, &model.flows[*id])).collect();
    JourneySection {
        name: Markdown::code(&journey.name),
        title: Markdown::text(&journey.title),
        handed_over: flows.iter().any(|(_, flow)| flow.mode() == Mode::Async),
        steps: flows.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
    }
}
