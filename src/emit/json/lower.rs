//! From a review to the document: the model's own parts.

use crate::catalog::Mode;
use crate::check::{Case, Review, claim};
use crate::derive::cost;
use crate::diag::Diagnostic;
use crate::emit::Draft;
use crate::emit::json::{SCHEMA, document as doc, facts};
use crate::model::{self, ContainerKind, Origin, PlaceId, ServiceId, SettingSource};
use crate::text::{Ident, Span, Text};

/// The whole document.
pub(super) fn document(draft: Draft<'_>) -> doc::Document {
    let review = draft.review;
    let model = &review.model;
    doc::Document {
        schema: SCHEMA,
        system: system(review),
        places: model.places.values().map(|place| self::place(review, place)).collect(),
        services: model.services.ids().map(|id| service(review, id)).collect(),
        flows: model.flows.ids().map(|id| facts::flow(review, id)).collect(),
        roles: model.roles.values().map(|role| self::role(review, role)).collect(),
        grants: review.facts.access.grants.iter().map(|grant| facts::grant(review, grant)).collect(),
        network: facts::network(review),
        journeys: model.journeys.iter().map(|journey| self::journey(review, journey)).collect(),
        claims: claims(draft),
        cost: facts::cost(review),
        findings: review.findings.iter().map(|finding| self::finding(review, finding)).collect(),
    }
}

/// The place of a span; of one that lies in no file, the beginning of a file without a name.
pub(super) fn at(review: &Review, span: Span) -> doc::At {
    found_at(review, span).unwrap_or(doc::At { file: Text::default(), line: 1, column: 1 })
}

fn found_at(review: &Review, span: Span) -> Option<doc::At> {
    let source = review.sources.get(span.file)?;
    let place = source.position(span.start);
    Some(doc::At { file: Text::new(source.name.as_str()), line: place.line, column: place.column })
}

/// The places of several spans.
pub(super) fn all_at(review: &Review, spans: &[Span]) -> Vec<doc::At> {
    spans.iter().map(|span| at(review, *span)).collect()
}

/// The name of a service.
pub(super) fn name(review: &Review, id: ServiceId) -> Ident {
    review.model.services[id].name.clone()
}

/// The names of several services.
pub(super) fn names(review: &Review, ids: &[ServiceId]) -> Vec<Ident> {
    ids.iter().map(|id| name(review, *id)).collect()
}

/// The name of a place.
pub(super) fn place_name(review: &Review, id: PlaceId) -> Ident {
    review.model.places[id].name.clone()
}

/// Where something comes from.
pub(super) fn origin(review: &Review, origin: &Origin, span: Span) -> doc::Origin {
    match origin {
        Origin::Declared => doc::Origin { derived: false, why: None, causes: vec![at(review, span)] },
        Origin::Derived { why, causes } => {
            doc::Origin { derived: true, why: Some(why.en().clone()), causes: all_at(review, causes) }
        }
    }
}

/// An amount at three points of load.
pub(super) fn points(points: cost::Points<crate::units::MicroUsd>) -> doc::Points {
    doc::Points {
        zero_micro_usd: points.zero.0,
        expected_micro_usd: points.expected.0,
        max_micro_usd: points.max.0,
    }
}

/// The name of a mode.
pub(super) fn mode(mode: Mode) -> String {
    format!("{mode:?}").to_lowercase()
}

fn system(review: &Review) -> doc::System {
    let system = &review.model.system;
    let meaning = |(class, meaning): &(model::DataClass, Text)| doc::DataMeaning {
        class: *class,
        meaning: meaning.clone(),
    };
    doc::System {
        name: system.name.clone(),
        title: system.title.clone(),
        region: Text::new(system.region.as_str()),
        env: system.env.clone(),
        environment: review.model.environment.clone(),
        zones: system.zones,
        owner: system.owner.clone(),
        account: system.account.as_deref().map(Text::from),
        data: system.data.iter().map(meaning).collect(),
    }
}

fn place(review: &Review, place: &model::Place) -> doc::Place {
    let kind = match place.kind {
        ContainerKind::Vpc => "vpc",
        ContainerKind::Tier => "tier",
        ContainerKind::Region => "region",
        ContainerKind::Group => "group",
    };
    doc::Place {
        name: place.name.clone(),
        title: place.title.clone(),
        kind,
        inside: place.parent.map(|id| place_name(review, id)),
        cidr: place.cidr.map(|cidr| cidr.to_string()),
        derived: place.derived,
        at: at(review, place.span),
    }
}

fn service(review: &Review, id: ServiceId) -> doc::Service {
    let service = &review.model.services[id];
    let load = review.facts.load.service(id);
    let settings = service.settings.0.iter();
    doc::Service {
        name: service.name.clone(),
        title: service.title.clone(),
        kind: service.kind.id.clone(),
        word: service.kind.word.clone(),
        inside: service.place.map(|id| place_name(review, id)),
        region: Text::new(review.model.region_of(id)),
        settings: settings.map(|(name, setting)| (name.clone(), self::setting(review, setting))).collect(),
        tags: service.tags.clone(),
        was: service.was.clone(),
        usual_mrps: load.usual.0,
        peak_mrps: load.peak.0,
        cost: points(review.facts.cost.of(id)),
        origin: origin(review, &service.origin, service.span),
    }
}

fn setting(review: &Review, setting: &model::Setting) -> doc::Setting {
    let source = match setting.source {
        SettingSource::Stated => "stated",
        SettingSource::Defaults => "defaults",
        SettingSource::Environment => "environment",
        SettingSource::Assumed => "assumed",
    };
    doc::Setting { value: value(review, &setting.value), source }
}

fn value(review: &Review, value: &model::Value) -> doc::Value {
    match value {
        model::Value::Flag(flag) => doc::Value::Flag(*flag),
        model::Value::Count(count) => doc::Value::Count(*count),
        model::Value::Percent(share) => doc::Value::Ppm(share.0),
        model::Value::Time(time) => doc::Value::Ms(time.0),
        model::Value::Bytes(bytes) => doc::Value::Bytes(bytes.0),
        model::Value::Rate(rate) => doc::Value::Mrps(rate.0),
        model::Value::Money(money) => doc::Value::MicroUsd(money.0),
        model::Value::Word(word) => doc::Value::Word(Text::new(word.as_str())),
        model::Value::Words(words) => {
            doc::Value::Words(words.iter().map(|word| Text::new(word.as_str())).collect())
        }
        model::Value::Text(text) => doc::Value::Text(text.clone()),
        model::Value::Service(id) => doc::Value::Service(name(review, *id)),
        model::Value::Services(ids) => doc::Value::Services(names(review, ids)),
        model::Value::Scaling(scaling) => doc::Value::Scaling(doc::Scaling {
            min: scaling.min,
            max: scaling.max,
            metric: scaling.metric.as_deref().map(Text::from),
            target: scaling.target,
        }),
        model::Value::Transition(class, after) => {
            doc::Value::Transition(doc::Transition { class: Text::new(class.as_str()), after_ms: after.0 })
        }
        model::Value::Cidr(cidr) => doc::Value::Cidr(cidr.to_string()),
    }
}

fn role(review: &Review, role: &model::Role) -> doc::Role {
    let permit = |permit: &model::Permit| doc::Permit {
        verb: Text::new(permit.verb.as_str()),
        on: names(review, &permit.on),
        all: permit.all,
        without: names(review, &permit.without),
    };
    let never = |never: &model::Never| doc::Never {
        verb: Text::new(never.verb.as_str()),
        class: never.class,
        on: names(review, &never.on),
    };
    doc::Role {
        name: role.name.clone(),
        title: role.title.clone(),
        group: role.group.clone(),
        permits: role.permits.iter().map(permit).collect(),
        nevers: role.nevers.iter().map(never).collect(),
        mfa: role.mfa,
        session_ms: role.session.map(|time| time.0),
        at: at(review, role.span),
    }
}

fn journey(review: &Review, journey: &model::Journey) -> doc::Journey {
    let steps = journey.steps.iter().map(|step| names(review, step)).collect();
    doc::Journey { name: journey.name.clone(), title: journey.title.clone(), steps }
}

fn claims(draft: Draft<'_>) -> Vec<doc::Claim> {
    let Draft { review, catalog, .. } = draft;
    let case = Case { model: &review.model, facts: &review.facts, catalog, today: review.today };
    let verdicts = claim::verdicts(&case).into_iter();
    let told = |verdict: claim::Verdict| {
        let stated = review.model.claims.get(verdict.claim)?;
        Some(doc::Claim {
            sentence: stated.sentence.clone(),
            predicate: Text::new(stated.predicate.value.as_str()),
            outcome: match verdict.finding.outcome {
                claim::Outcome::Holds => "holds",
                claim::Outcome::Fails => "fails",
                claim::Outcome::Open => "open",
            },
            because: verdict.finding.because.en().clone(),
            at: at(review, stated.span),
        })
    };
    verdicts.filter_map(told).collect()
}

fn finding(review: &Review, finding: &Diagnostic) -> doc::Finding {
    doc::Finding {
        code: finding.code,
        severity: finding.severity,
        message: finding.message.en().clone(),
        help: finding.help.iter().map(|help| help.en().clone()).collect(),
        waived: finding.waived.clone(),
        at: found_at(review, finding.span),
    }
}
