//! Part 4: who does what with whom, in the order of the model, as sentences; and the journeys step by step.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::Trait;
use crate::emit::report::markdown::Markdown;
use crate::emit::report::{Picture, Subject, titled, verbs};
use crate::model::{DataClass, Flow, FlowId, Journey, Mode, Never, Origin, Service};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Interactions {
    picture: Option<Picture>,
    classes: Vec<ClassRow>,
    data: Vec<Sentence>,
    control: Vec<Sentence>,
    journeys: Vec<JourneySection>,
}

/// Where data of one class is.
#[derive(Debug, Serialize)]
struct ClassRow {
    class: Markdown,
    meaning: Markdown,
    kept: Markdown,
    carried: Markdown,
    barred: Markdown,
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
    picture: Option<Picture>,
    steps: Vec<Sentence>,
    handed_over: Markdown,
}

pub(super) fn interactions(subject: Subject<'_>) -> Interactions {
    let flows: Vec<(FlowId, &Flow)> = subject.review.model.whole_flows().collect();
    let (control, data): (Vec<_>, Vec<_>) = flows.into_iter().partition(|(_, flow)| is_control(flow));
    Interactions {
        picture: subject.picture("dataflow"),
        classes: classes(subject),
        data: data.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
        control: control.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
        journeys: subject.review.model.journeys.iter().map(|journey| section(subject, journey)).collect(),
    }
}

/// Every class of data that is stored, carried or described.
fn classes(subject: Subject<'_>) -> Vec<ClassRow> {
    let model = &subject.review.model;
    let kept = model.services.values().flat_map(Service::holds);
    let carried = model.flows.values().flat_map(|flow| flow.carries.iter().copied());
    let all: BTreeSet<DataClass> =
        kept.chain(carried).chain(model.system.data.iter().map(|(class, _)| *class)).collect();
    all.into_iter().rev().map(|class| class_row(subject, class)).collect()
}

fn class_row(subject: Subject<'_>, class: DataClass) -> ClassRow {
    let model = &subject.review.model;
    let meaning = model.system.data.iter().find(|(known, _)| *known == class);
    let kept = model.services.iter().filter(|(_, service)| service.holds().any(|held| held == class));
    let carried = model.whole_flows().filter(|(_, flow)| flow.carries.contains(&class));
    let arrow = |flow: &Flow| {
        Markdown::code(format!("{} -> {}", model.services[flow.from].name, model.services[flow.to].name))
    };
    let is_barred = |never: &Never| never.class == Some(class) && never.verb == "read";
    let barred = model.roles.values().filter(|role| role.nevers.iter().any(is_barred));
    ClassRow {
        class: Markdown::code(class.name()),
        meaning: meaning.map(|(_, text)| Markdown::text(text)).unwrap_or_default(),
        kept: subject.series(kept.map(|(id, _)| id)),
        carried: Markdown::series(carried.map(|(_, flow)| arrow(flow)), subject.language),
        barred: Markdown::series(barred.map(|role| Markdown::link(&role.name)), subject.language),
    }
}

/// Control prepares or guards; data carries the work.
pub(super) fn is_control(flow: &Flow) -> bool {
    matches!(flow.mode(), Mode::Attach | Mode::Admin) || !matches!(flow.origin, Origin::Declared)
}

fn sentence(subject: Subject<'_>, id: FlowId, flow: &Flow) -> Sentence {
    let model = &subject.review.model;
    let [from, to] = [flow.from, flow.to].map(|end| format!("`{}`", model.services[end].name));
    // What a setting attaches to a thing calls nothing, whatever the mechanism's verb.
    let is_attached = matches!(flow.mode(), Mode::Attach) && flow.verb == "call";
    let guards = model.services[flow.from].kind.has(Trait::Guard);
    let verb = match (is_attached, guards) {
        (true, true) => "guard",
        (true, false) => "attach",
        (false, _) => flow.verb.as_str(),
    };
    Sentence {
        text: Markdown::own(verbs::sentence(verb, (&from, &to), subject.language)),
        through: subject.series(flow.through.iter().copied()),
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
        title: titled(&journey.name, &journey.title),
        picture: subject.picture(&format!("journey-{}", journey.name)),
        handed_over: subject.series(
            flows.iter().filter(|(_, flow)| flow.mode() == Mode::Async).map(|(_, flow)| flow.to).take(1),
        ),
        steps: flows.into_iter().map(|(id, flow)| sentence(subject, id, flow)).collect(),
    }
}
