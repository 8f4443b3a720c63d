//! Part 1: what the system consists of, where it stands, and how its network is cut.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::derive::network::{Direction, Peer, Rule, Vpc};
use crate::emit::report::interactions::is_control;
use crate::emit::report::markdown::{Markdown, anchor};
use crate::emit::report::{Subject, code, squeezed, titled};
use crate::model::{Origin, PlaceId, Service, ServiceId, SettingSource, TierAccess};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Infrastructure {
    kinds: Vec<KindSection>,
    derived: Vec<DerivedRow>,
    vpcs: Vec<VpcRow>,
    connections: Vec<ConnectionRow>,
    listeners: Vec<ListenerRow>,
}

/// What one kind is for, and the services of it.
#[derive(Debug, Serialize)]
struct KindSection {
    name: Markdown,
    role: Markdown,
    services: Vec<ServiceRow>,
    notes: Vec<NoteRow>,
}

#[derive(Debug, Serialize)]
struct ServiceRow {
    anchor: String,
    name: Markdown,
    title: Markdown,
    at: Markdown,
    outside: bool,
    needed_by: Markdown,
    needs: Markdown,
    without: Markdown,
    usual: Option<String>,
    peak: String,
    cost: Option<String>,
    settings: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct NoteRow {
    on: Markdown,
    text: Markdown,
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

/// One way that is open, whichever side's rule says so.
#[derive(Debug, Serialize)]
struct ConnectionRow {
    from: Markdown,
    to: Markdown,
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
        kinds: kinds(subject),
        derived: model.services.values().filter_map(|service| derived(subject, service)).collect(),
        vpcs: network.vpcs.iter().map(|vpc| vpc_row(subject, vpc)).collect(),
        connections: connections(subject),
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

/// The declared services, by kind, in the order in which the kinds first appear.
fn kinds(subject: Subject<'_>) -> Vec<KindSection> {
    let mut sections: Vec<(&str, KindSection)> = Vec::new();
    for (id, service) in subject.review.model.services.iter().filter(|(_, service)| !service.is_derived()) {
        let known = sections.iter().position(|(kind, _)| *kind == service.kind.id);
        let at = known.unwrap_or_else(|| {
            sections.push((&service.kind.id, section(subject, service)));
            sections.len() - 1
        });
        let Some((_, section)) = sections.get_mut(at) else { continue };
        section.services.push(service_row(subject, id, service));
        let notes = subject.review.model.notes.iter().filter(|note| note.on == Some(id));
        section
            .notes
            .extend(notes.map(|note| NoteRow { on: subject.name(id), text: Markdown::blocks(&note.text) }));
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

/// A kind without its services.
fn section(subject: Subject<'_>, service: &Service) -> KindSection {
    KindSection {
        name: kind(subject, service),
        role: Markdown::own(capitalized(subject.say(&service.kind.role, &service.kind.role_es))),
        services: Vec::new(),
        notes: Vec::new(),
    }
}

/// The sentence with a capital at its start.
fn capitalized(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// What others need of it and what it needs itself: data and work, not what prepares them.
fn service_row(subject: Subject<'_>, id: ServiceId, service: &Service) -> ServiceRow {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let touching = facts.touching.reaching(id).iter().chain(facts.touching.from(id));
    let flows = touching.map(|flow| &model.flows[*flow]).filter(|flow| flow.is_whole() && !is_control(flow));
    let (mut needed_by, mut needs, mut without) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for flow in flows.filter(|flow| flow.from == id || flow.to == id) {
        let other = if flow.from == id { flow.to } else { flow.from };
        match (flow.initiator() == id, flow.soft) {
            (false, _) => needed_by.insert(other),
            (true, false) => needs.insert(other),
            (true, true) => without.insert(other),
        };
    }
    let load = facts.load.service(id);
    let cost = facts.cost.of(id);
    ServiceRow {
        anchor: anchor(&service.name),
        name: code(&service.name),
        title: titled(&service.name, &service.title),
        at: place_path(subject, service.place),
        outside: service.kind.is_outside(),
        needed_by: subject.series(needed_by),
        needs: subject.series(needs),
        without: subject.series(without),
        usual: (load.peak.0 > 0 && !service.kind.is_outside()).then(|| load.usual.to_string()),
        peak: load.peak.to_string(),
        cost: (!cost.is_zero()).then(|| cost.expected.usd(2)),
        settings: settings(subject, service),
        place: Markdown::place(&subject.review.sources, service.span),
    }
}

/// What the model says of a service, in its own words.
fn settings(subject: Subject<'_>, service: &Service) -> Markdown {
    let stated = service.settings.0.values().filter(|setting| setting.source != SettingSource::Assumed);
    let written = stated.map(|setting| squeezed(subject.review.sources.slice(setting.span)));
    Markdown::list(written.filter(|words| !words.is_empty()).map(Markdown::code))
}

/// The containers around a thing, outermost first.
fn place_path(subject: Subject<'_>, place: Option<PlaceId>) -> Markdown {
    let mut around: Vec<Markdown> =
        subject.review.model.enclosing(place).map(|(_, place)| code(&place.name)).collect();
    around.reverse();
    Markdown::path(around)
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
        endpoints: subject.series(vpc.endpoints.iter().copied()),
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

/// Every way that a rule of a security group opens, once: most are opened by a rule on each side.
fn connections(subject: Subject<'_>) -> Vec<ConnectionRow> {
    let mut seen = BTreeSet::new();
    let rules = subject.review.facts.network.rules.iter();
    rules
        .filter_map(|rule| {
            let row = connection(subject, rule);
            seen.insert((row.from.clone(), row.to.clone(), row.port)).then_some(row)
        })
        .collect()
}

fn connection(subject: Subject<'_>, rule: &Rule) -> ConnectionRow {
    let group = subject.name(rule.group);
    let (peer, why) = match &rule.peer {
        Peer::Group(id) => (subject.name(*id), Markdown::default()),
        Peer::Cidr(block) | Peer::PrefixList(block) => (Markdown::code(block), subject.sentence(&rule.why)),
    };
    let (from, to) = match rule.direction {
        Direction::Ingress => (peer, group),
        Direction::Egress => (group, peer),
    };
    ConnectionRow { from, to, port: rule.port, tls: rule.tls, why, place: subject.place(&rule.causes) }
}
