//! Part 1: what the system consists of, where it stands, and how its network is cut.

use serde::Serialize;

use crate::derive::network::{Direction, Peer, Rule, Vpc};
use crate::emit::report::markdown::{Markdown, anchor};
use crate::emit::report::{Subject, code, metric_words};
use crate::model::{Origin, PlaceId, Service, ServiceId, Setting, SettingSource, TierAccess, Value};
use crate::text::{Language, Text};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Infrastructure {
    services: Vec<ServiceRow>,
    derived: Vec<DerivedRow>,
    vpcs: Vec<VpcRow>,
    rules: Vec<RuleRow>,
    listeners: Vec<ListenerRow>,
}

#[derive(Debug, Serialize)]
struct ServiceRow {
    anchor: String,
    name: Markdown,
    title: Markdown,
    kind: Markdown,
    role: Markdown,
    at: Markdown,
    settings: Vec<SettingRow>,
    notes: Vec<Markdown>,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct SettingRow {
    name: Markdown,
    value: Markdown,
}

#[derive(Debug, Serialize)]
struct DerivedRow {
    anchor: String,
    name: Markdown,
    kind: Markdown,
    why: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct VpcRow {
    name: Markdown,
    cidr: String,
    region: Markdown,
    zones: String,
    nat: Option<Markdown>,
    endpoints: Markdown,
    subnets: Vec<SubnetRow>,
}

#[derive(Debug, Serialize)]
struct SubnetRow {
    tier: Markdown,
    access: &'static str,
    blocks: Markdown,
    holds: Markdown,
}

#[derive(Debug, Serialize)]
struct RuleRow {
    group: Markdown,
    direction: &'static str,
    peer: Markdown,
    port: u16,
    tls: bool,
    why: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct ListenerRow {
    balancer: Markdown,
    port: u16,
    tls: bool,
    why: Markdown,
    place: Markdown,
}

pub(super) fn infrastructure(subject: Subject<'_>) -> Infrastructure {
    let model = &subject.review.model;
    let network = &subject.review.facts.network;
    Infrastructure {
        services: model
            .services
            .iter()
            .filter(|(_, s)| !s.is_derived())
            .map(|(id, s)| service(subject, id, s))
            .collect(),
        derived: model.services.values().filter_map(|service| derived(subject, service)).collect(),
        vpcs: network.vpcs.iter().map(|vpc| vpc_row(subject, vpc)).collect(),
        rules: network.rules.iter().map(|rule| rule_row(subject, rule)).collect(),
        listeners: network
            .listeners
            .iter()
            .map(|listener| ListenerRow {
                balancer: subject.name(listener.balancer),
                port: listener.port,
                tls: listener.tls,
                why: subject.sentence(&listener.why),
                place: subject.place(&listener.causes),
            })
            .collect(),
    }
}

/// The name of a kind in the report's language.
fn kind(subject: Subject<'_>, service: &Service) -> Markdown {
    Markdown::own(subject.say(&service.kind.name, &service.kind.name_es))
}

fn service(subject: Subject<'_>, id: ServiceId, service: &Service) -> ServiceRow {
    let model = &subject.review.model;
    let notes = model.notes.iter().filter(|note| note.on == Some(id));
    let stated = service.settings.0.iter().filter(|(_, setting)| setting.source != SettingSource::Assumed);
    ServiceRow {
        anchor: anchor(&service.name),
        name: code(&service.name),
        title: Markdown::text(&service.title),
        kind: kind(subject, service),
        role: Markdown::own(subject.say(&service.kind.role, &service.kind.role_es)),
        at: place_path(subject, service.place),
        settings: stated
            .map(|(name, setting)| SettingRow { name: Markdown::code(name), value: value(subject, setting) })
            .collect(),
        notes: notes.map(|note| Markdown::blocks(&note.text)).collect(),
        place: Markdown::place(&subject.review.sources, service.span),
    }
}

/// The containers around a thing, outermost first.
fn place_path(subject: Subject<'_>, place: Option<PlaceId>) -> Markdown {
    let mut around: Vec<Markdown> =
        subject.review.model.enclosing(place).map(|(_, place)| code(&place.name)).collect();
    around.reverse();
    Markdown::list(around)
}

/// A setting's value as the language writes it.
fn value(subject: Subject<'_>, setting: &Setting) -> Markdown {
    match &setting.value {
        Value::Flag(on) => Markdown::own(match (on, subject.language) {
            (true, Language::En) => "yes",
            (true, Language::Es) => "sí",
            (false, _) => "no",
        }),
        Value::Count(count) => Markdown::figure(count),
        Value::Percent(percent) => Markdown::figure(percent),
        Value::Time(time) => Markdown::figure(time),
        Value::Bytes(bytes) => Markdown::figure(bytes),
        Value::Rate(rate) => Markdown::figure(rate),
        Value::Money(money) => Markdown::figure(money),
        Value::Word(word) => Markdown::code(word),
        Value::Words(words) => Markdown::list(words.iter().map(Markdown::code)),
        Value::Text(text) => Markdown::text(text),
        Value::Service(id) => subject.name(*id),
        Value::Services(ids) => subject.names(ids.iter().copied()),
        Value::Scaling(policy) => scaling(subject, policy),
        Value::Transition(class, after) => Markdown::text(&Text::new(format!("{class} ({after})"))),
        Value::Cidr(cidr) => Markdown::code(cidr),
    }
}

fn scaling(subject: Subject<'_>, policy: &crate::model::ScalePolicy) -> Markdown {
    let metric = policy
        .metric
        .as_ref()
        .map(|metric| format!(", {}", metric_words(subject.language, metric)))
        .unwrap_or_default();
    let target = policy.target.map(|target| format!(" {target}")).unwrap_or_default();
    Markdown::text(&Text::new(format!("{}–{}{metric}{target}", policy.min, policy.max)))
}

fn derived(subject: Subject<'_>, service: &Service) -> Option<DerivedRow> {
    let Origin::Derived { why, causes } = &service.origin else { return None };
    Some(DerivedRow {
        anchor: anchor(&service.name),
        name: code(&service.name),
        kind: kind(subject, service),
        why: subject.sentence(why),
        place: Markdown::list(
            causes.iter().take(4).map(|span| Markdown::place(&subject.review.sources, *span)),
        ),
    })
}

fn vpc_row(subject: Subject<'_>, vpc: &Vpc) -> VpcRow {
    let model = &subject.review.model;
    VpcRow {
        name: code(&model.places[vpc.place].name),
        cidr: vpc.cidr.to_string(),
        region: Markdown::code(&vpc.region),
        zones: vpc.zones.iter().map(char::to_string).collect::<Vec<_>>().join(", "),
        nat: vpc.nat.map(|id| subject.name(id)),
        endpoints: subject.names(vpc.endpoints.iter().copied()),
        subnets: vpc.tiers.iter().map(|(tier, access)| subnet_row(subject, vpc, (*tier, *access))).collect(),
    }
}

fn subnet_row(subject: Subject<'_>, vpc: &Vpc, (tier, access): (PlaceId, TierAccess)) -> SubnetRow {
    let model = &subject.review.model;
    let blocks = vpc.subnets.iter().filter(|subnet| subnet.tier == tier);
    let inside = model.services.iter().filter(|(_, service)| service.place == Some(tier)).map(|(id, _)| id);
    SubnetRow {
        tier: code(&model.places[tier].name),
        access: match access {
            TierAccess::Public => subject.say("public", "pública"),
            TierAccess::Private => subject.say("private", "privada"),
            TierAccess::Isolated => subject.say("isolated", "aislada"),
        },
        blocks: Markdown::list(
            blocks.map(|subnet| Markdown::own(format!("{}: {}", subnet.zone, subnet.cidr))),
        ),
        holds: subject.names(inside),
    }
}

fn rule_row(subject: Subject<'_>, rule: &Rule) -> RuleRow {
    RuleRow {
        group: subject.name(rule.group),
        direction: match rule.direction {
            Direction::Ingress => subject.say("in from", "entra desde"),
            Direction::Egress => subject.say("out to", "sale hacia"),
        },
        peer: match &rule.peer {
            Peer::Group(id) => subject.name(*id),
            Peer::Cidr(block) | Peer::PrefixList(block) => Markdown::code(block),
        },
        port: rule.port,
        tls: rule.tls,
        why: subject.sentence(&rule.why),
        place: subject.place(&rule.causes),
    }
}
