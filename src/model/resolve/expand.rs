//! What follows by construction: dead-letter queues, keys, load balancers, VPC links, NAT gateways and endpoints.
//!
//! A derived thing is a service like any other, with its causes; declaring one of the same kind in the same place
//! takes its role.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalog::{Kind, Placement, Trait, VpcEndpoint};
use crate::model::resolve::builder::Builder;
use crate::model::resolve::flow::blank;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::setting::assume;
use crate::model::{
    ContainerKind, Flow, FlowId, Origin, Place, PlaceId, Service, ServiceId, Setting, SettingSource,
    Settings, TierAccess, Value,
};
use crate::text::{Ident, Phrase, Span, Text, Wording, phrase};

/// What is derived from one setting of one service: the child's name, its kind (the parent's own when none), and why.
struct ChildRule {
    setting: &'static str,
    is_asked: fn(&Service) -> bool,
    child: &'static str,
    kind: &'static str,
    inherits: &'static [&'static str],
    why: Wording,
}

/// Children that follow from settings.
const CHILDREN: &[ChildRule] = &[
    ChildRule {
        setting: "dlq",
        is_asked: |service| service.settings.is_on("dlq"),
        child: "dlq",
        kind: "sqs",
        inherits: &["fifo", "holds", "key"],
        why: Wording::new(
            "messages that fail again and again are kept apart",
            "los mensajes que fallan una y otra vez se guardan aparte",
        ),
    },
    ChildRule {
        setting: "key",
        is_asked: |service| service.settings.word("key") == Some("own"),
        child: "key",
        kind: "kms",
        inherits: &[],
        why: Wording::new(
            "its data is encrypted with a key of its own",
            "sus datos se cifran con una clave propia",
        ),
    },
];

/// Short names of inserted kinds below their VPC.
const INSERTED: &[(&str, &str)] = &[("alb", "alb"), ("vpc_link", "link"), ("nat", "nat")];

/// Adds the children that settings ask for.
pub(super) fn children(builder: &mut Builder<'_>) {
    for id in builder.model.services.ids() {
        for rule in CHILDREN {
            if (rule.is_asked)(&builder.model.services[id]) {
                add_child(builder, id, rule);
            }
        }
    }
}

fn add_child(builder: &mut Builder<'_>, parent: ServiceId, rule: &ChildRule) {
    let owner = builder.model.services[parent].clone();
    let Some(kind) = builder.kind(rule.kind) else { return };
    let span = owner.settings.span(rule.setting).unwrap_or(owner.span);
    let name = owner.name.child(rule.child);
    if builder.names.find(&name, None).is_some() {
        return;
    }
    let inherit = |name: &&&str| owner.settings.is_stated(name) && kind.setting(name).is_some();
    let inherited = rule.inherits.iter().filter(inherit);
    let settings = inherited
        .filter_map(|name| Some(((*name).to_owned(), owner.settings.0.get(*name)?.clone())))
        .collect();
    let (child, name_of_owner) = (rule.child, &owner.name);
    let why = Phrase::new(
        format!("{child} of `{name_of_owner}`: {}", rule.why.en),
        format!("{child} de `{name_of_owner}`: {}", rule.why.es),
    );
    let place = if kind.placement.is_vpc() { owner.place } else { outside_network(builder, owner.place) };
    let child = derived(name, kind, place, (why, vec![span]));
    let id = builder.add_service(Service { settings: Settings(settings), ..child });
    assume(builder, id);
}

/// The innermost place around that is no part of a network.
fn outside_network(builder: &Builder<'_>, place: Option<PlaceId>) -> Option<PlaceId> {
    let is_outside = |place: &Place| matches!(place.kind, ContainerKind::Region | ContainerKind::Group);
    builder.model.enclosing(place).find(|(_, place)| is_outside(place)).map(|(id, _)| id)
}

/// A derived service without settings.
fn derived(
    name: Ident,
    kind: Arc<Kind>,
    place: Option<PlaceId>,
    (why, causes): (Phrase, Vec<Span>),
) -> Service {
    let span = causes.first().copied().unwrap_or_default();
    Service {
        title: Text::new(name.as_str()),
        name,
        kind,
        place,
        settings: Settings::default(),
        tags: IndexMap::new(),
        was: None,
        config: Vec::new(),
        origin: Origin::Derived { why, causes },
        span,
    }
}

/// What stands in VPCs and which hops there are: looked up, where each flow would otherwise search all others.
#[derive(Default)]
struct Ground {
    /// The services of a VPC by kind, in model order.
    standing: BTreeMap<PlaceId, BTreeMap<String, Vec<ServiceId>>>,
    /// Hops by their ends.
    hops: BTreeMap<(ServiceId, ServiceId), FlowId>,
}

impl Ground {
    fn of(builder: &Builder<'_>) -> Self {
        let mut ground = Self::default();
        for id in builder.model.services.ids() {
            ground.take(builder, id);
        }
        let hops = builder.model.flows.iter().rev().filter(|(_, flow)| flow.part_of.is_some());
        ground.hops = hops.map(|(id, flow)| ((flow.from, flow.to), id)).collect();
        ground
    }

    /// Notes where a service stands.
    fn take(&mut self, builder: &Builder<'_>, id: ServiceId) {
        if let Some(vpc) = builder.model.place_of(id, ContainerKind::Vpc) {
            let kind = &builder.model.services[id].kind.id;
            self.standing.entry(vpc).or_default().entry(kind.clone()).or_default().push(id);
        }
    }

    /// The services of a kind in a VPC, in model order.
    fn of_kind(&self, vpc: PlaceId, kind: &str) -> &[ServiceId] {
        self.standing.get(&vpc).and_then(|kinds| kinds.get(kind)).map_or(&[], Vec::as_slice)
    }

    /// The services of a VPC, in model order.
    fn inside(&self, vpc: PlaceId) -> Vec<ServiceId> {
        let mut all: Vec<ServiceId> =
            self.standing.get(&vpc).into_iter().flat_map(BTreeMap::values).flatten().copied().collect();
        all.sort_unstable();
        all
    }
}

/// Adds what flows and VPCs need: balancers and links, NAT gateways and endpoints.
pub(super) fn networks(builder: &mut Builder<'_>) {
    let mut ground = Ground::of(builder);
    for id in builder.model.flows.ids() {
        insert_on_the_way(builder, &mut ground, id);
    }
    let mut users = endpoint_users(builder);
    let vpcs: Vec<PlaceId> = places_of(builder, ContainerKind::Vpc);
    for vpc in vpcs {
        gateway_endpoints(builder, &mut ground, vpc, users.remove(&vpc).unwrap_or_default());
        interface_endpoints(builder, &mut ground, vpc);
        nat(builder, &mut ground, vpc);
    }
    internet_egress(builder, &ground);
}

fn places_of(builder: &Builder<'_>, kind: ContainerKind) -> Vec<PlaceId> {
    builder.model.places.iter().filter(|(_, place)| place.kind == kind).map(|(id, _)| id).collect()
}

/// Adds the things a flow's mechanism inserts, and one derived flow for each hop.
fn insert_on_the_way(builder: &mut Builder<'_>, ground: &mut Ground, id: FlowId) {
    let flow = builder.model.flows[id].clone();
    let Some(mechanism) = flow.mechanism.clone().filter(|mechanism| !mechanism.inserts.is_empty()) else {
        return;
    };
    let Some(vpc) = builder.model.place_of(flow.to, ContainerKind::Vpc) else { return };
    let through: Vec<ServiceId> =
        mechanism.inserts.iter().filter_map(|kind| inserted(builder, ground, kind, vpc, &flow)).collect();
    alias_balancer(builder, &flow, &through);
    let stops: Vec<ServiceId> =
        [flow.from].into_iter().chain(through.iter().copied()).chain([flow.to]).collect();
    for (from, to) in stops.iter().zip(stops.iter().skip(1)) {
        hop(builder, ground, (*from, *to), id);
    }
    builder.model.flows[id].through = through;
}

/// The inserted thing of a kind in a VPC: a declared one that is not public, the one derived before, or a new one.
fn inserted(
    builder: &mut Builder<'_>,
    ground: &mut Ground,
    kind: &str,
    vpc: PlaceId,
    flow: &Flow,
) -> Option<ServiceId> {
    if let Some(id) = standing(builder, ground, kind, vpc) {
        add_cause(builder, id, flow.span);
        return Some(id);
    }
    let kind = builder.kind(kind)?;
    let short =
        INSERTED.iter().find(|(known, _)| *known == kind.id).map_or(kind.id.as_str(), |(_, short)| *short);
    let (from, to) = (&builder.model.services[flow.from].name, &builder.model.services[flow.to].name);
    let why = phrase!(
        "`{from}` calls services inside `{}`, `{to}` among them",
        "`{from}` llama a servicios dentro de `{}`, entre ellos `{to}`",
        builder.model.places[vpc].name
    );
    let name = builder.model.places[vpc].name.child(short);
    let place =
        if kind.traits.contains(&Trait::L7) { builder.model.services[flow.to].place } else { Some(vpc) };
    let id = builder.add_service(derived(name, kind, place, (why, vec![flow.span])));
    ground.take(builder, id);
    state(builder, id, "internal", Value::Flag(true), flow.span);
    assume(builder, id);
    Some(id)
}

/// Gives a derived thing a setting, when its kind has it.
fn state(builder: &mut Builder<'_>, id: ServiceId, name: &str, value: Value, span: Span) {
    if builder.model.services[id].kind.setting(name).is_some() {
        let setting = Setting { value, span, source: SettingSource::Stated };
        builder.model.services[id].settings.0.insert(name.to_owned(), setting);
    }
}

/// The thing of a kind that already stands in a VPC and can take the inserted role.
fn standing(builder: &Builder<'_>, ground: &Ground, kind: &str, vpc: PlaceId) -> Option<ServiceId> {
    let stands = |id: &ServiceId| {
        let service = &builder.model.services[*id];
        !service.settings.is_on("public")
            && (service.is_derived()
                || !service.settings.0.contains_key("internal")
                || service.settings.is_on("internal"))
    };
    ground.of_kind(vpc, kind).iter().copied().find(stands)
}

fn add_cause(builder: &mut Builder<'_>, id: ServiceId, span: Span) {
    if let Origin::Derived { causes, .. } = &mut builder.model.services[id].origin
        && !causes.contains(&span)
    {
        causes.push(span);
    }
}

/// `products.alb` names the balancer in front of `products`.
fn alias_balancer(builder: &mut Builder<'_>, flow: &Flow, through: &[ServiceId]) {
    let target = builder.model.services[flow.to].name.clone();
    for &id in through {
        let kind = builder.model.services[id].kind.id.clone();
        if let Some((_, short)) = INSERTED.iter().find(|(known, _)| *known == kind) {
            builder.names.alias(target.child(short), Symbol::Service(id), flow.span);
        }
    }
}

/// One hop of a flow as a derived flow, unless another flow has made it already.
fn hop(builder: &mut Builder<'_>, ground: &mut Ground, (from, to): (ServiceId, ServiceId), whole: FlowId) {
    let (span, tls, carries) = {
        let whole = &builder.model.flows[whole];
        (whole.span, whole.tls, whole.carries.clone())
    };
    if let Some(made) = ground.hops.get(&(from, to)) {
        let flow = &mut builder.model.flows[*made];
        if let Origin::Derived { causes, .. } = &mut flow.origin {
            causes.push(span);
        }
        flow.carries
            .extend(carries.into_iter().filter(|class| !flow.carries.contains(class)).collect::<Vec<_>>());
        return;
    }
    let kinds = [from, to].map(|id| builder.model.services[id].kind.id.clone());
    let [from_kind, to_kind] = &kinds;
    let row = builder.catalog.mechanisms(from_kind, to_kind).next().cloned();
    let mechanism = row.map(|row| builder.share_mechanism(&row));
    let why = phrase!(
        "a hop of `{}`",
        "un tramo de `{}`",
        builder.model.services[builder.model.flows[whole].to].name
    );
    let origin = Origin::Derived { why, causes: vec![span] };
    let hop = Flow {
        mechanism,
        tls,
        carries,
        part_of: Some(whole),
        origin,
        ..blank((from, to), "call".to_owned(), span)
    };
    ground.hops.insert((from, to), builder.model.flows.add(hop));
}

/// Flows by the service of an endpoint they reach.
type EndpointUsers = IndexMap<String, Vec<FlowId>>;

/// The flows that start inside each VPC and reach a kind over an endpoint, by the endpoint's service.
fn endpoint_users(builder: &Builder<'_>) -> BTreeMap<PlaceId, EndpointUsers> {
    let mut users: BTreeMap<PlaceId, EndpointUsers> = BTreeMap::new();
    for (id, flow) in builder.model.whole_flows() {
        let other = if flow.initiator() == flow.from { flow.to } else { flow.from };
        if let Some(VpcEndpoint::Gateway(service)) = &builder.model.services[other].kind.vpc_endpoint
            && let Some(vpc) = builder.model.place_of(flow.initiator(), ContainerKind::Vpc)
        {
            users.entry(vpc).or_default().entry(service.clone()).or_default().push(id);
        }
    }
    users
}

/// Gateway endpoints cost nothing, so every VPC that talks to S3 or DynamoDB gets them.
fn gateway_endpoints(builder: &mut Builder<'_>, ground: &mut Ground, vpc: PlaceId, users: EndpointUsers) {
    for (service, flows) in users {
        let causes = flows.iter().map(|id| builder.model.flows[*id].span).collect();
        let why = phrase!(
            "services inside `{}` reach {service} without NAT, free of charge",
            "los servicios dentro de `{}` alcanzan {service} sin NAT y sin costo",
            builder.model.places[vpc].name
        );
        let Some(endpoint) = endpoint(builder, ground, vpc, &service, (why, causes)) else { continue };
        if builder.model.services[endpoint].is_derived() {
            let span = builder.model.services[endpoint].span;
            state(builder, endpoint, "type", Value::Word("gateway".to_owned()), span);
        }
        for id in flows {
            builder.model.flows[id].through.push(endpoint);
        }
    }
}

/// Interface endpoints are paid for, so only those that the VPC asks for are made.
fn interface_endpoints(builder: &mut Builder<'_>, ground: &mut Ground, vpc: PlaceId) {
    let asked: Vec<String> = builder.model.places[vpc].settings.words("endpoints").to_vec();
    let span = builder.model.places[vpc].settings.span("endpoints").unwrap_or(builder.model.places[vpc].span);
    for service in asked.iter().filter(|service| !matches!(service.as_str(), "auto" | "none")) {
        let why = phrase!(
            "`endpoints` of `{}` asks for it",
            "lo pide `endpoints` de `{}`",
            builder.model.places[vpc].name
        );
        endpoint(builder, ground, vpc, service, (why, vec![span]));
    }
}

/// The endpoint of a VPC for a service: the one that stands there or a new one.
fn endpoint(
    builder: &mut Builder<'_>,
    ground: &mut Ground,
    vpc: PlaceId,
    service: &str,
    origin: (Phrase, Vec<Span>),
) -> Option<ServiceId> {
    let name = builder.model.places[vpc].name.child(&format!("{service}-endpoint"));
    let declared = ground.of_kind(vpc, "vpc_endpoint").iter().copied().find(|id| {
        let candidate = &builder.model.services[*id];
        candidate.name == name || candidate.settings.word("service") == Some(service)
    });
    if declared.is_some() {
        return declared;
    }
    let kind = builder.kind("vpc_endpoint")?;
    let span = origin.1.first().copied().unwrap_or_default();
    let id = builder.add_service(derived(name, kind, Some(vpc), origin));
    ground.take(builder, id);
    state(builder, id, "service", Value::Word(service.to_owned()), span);
    assume(builder, id);
    Some(id)
}

/// A VPC whose private tiers hold something that calls out gets NAT, unless it says `nat none`.
fn nat(builder: &mut Builder<'_>, ground: &mut Ground, vpc: PlaceId) {
    let wish = builder.model.places[vpc].settings.word("nat").unwrap_or("auto").to_owned();
    let callers: Vec<Span> = private_callers(builder, ground, vpc);
    if wish == "none" || callers.is_empty() || standing(builder, ground, "nat", vpc).is_some() {
        return;
    }
    let Some(kind) = builder.kind("nat") else { return };
    let why = phrase!(
        "private services inside `{}` call AWS and the internet",
        "los servicios privados dentro de `{}` llaman a AWS y a internet",
        builder.model.places[vpc].name
    );
    let tier = public_tier(builder, vpc, &callers);
    let name = builder.model.places[vpc].name.child("nat");
    let per_zone = wish == "per-zone" || (wish == "auto" && builder.model.is_production());
    let span = callers.first().copied().unwrap_or_default();
    let id = builder.add_service(derived(name, kind, Some(tier), (why, callers)));
    ground.take(builder, id);
    let per = if per_zone { "zone" } else { "vpc" };
    state(builder, id, "per", Value::Word(per.to_owned()), span);
    assume(builder, id);
}

/// The heads of services in private tiers of a VPC that run under a role, hence call AWS.
fn private_callers(builder: &Builder<'_>, ground: &Ground, vpc: PlaceId) -> Vec<Span> {
    let is_caller = |id: &ServiceId| {
        let service = &builder.model.services[*id];
        let tier = builder.model.place_of(*id, ContainerKind::Tier);
        let private = tier.is_some_and(|tier| builder.model.places[tier].access == Some(TierAccess::Private));
        private && !service.is_derived() && service.kind.traits.contains(&Trait::AssumesRole)
    };
    let callers = ground.inside(vpc).into_iter().filter(is_caller);
    callers.map(|id| builder.model.services[id].span).collect()
}

/// The public tier of a VPC: a declared one, or a derived one.
fn public_tier(builder: &mut Builder<'_>, vpc: PlaceId, causes: &[Span]) -> PlaceId {
    let is_public = |place: &Place| {
        place.kind == ContainerKind::Tier
            && place.parent == Some(vpc)
            && place.access == Some(TierAccess::Public)
    };
    if let Some((id, _)) = builder.model.places.iter().find(|(_, place)| is_public(place)) {
        return id;
    }
    let name = builder.model.places[vpc].name.child("public");
    builder.model.places.add(Place {
        kind: ContainerKind::Tier,
        title: Text::new(name.as_str()),
        name,
        parent: Some(vpc),
        access: Some(TierAccess::Public),
        cidr: None,
        settings: Settings::default(),
        derived: true,
        span: causes.first().copied().unwrap_or_default(),
    })
}

/// Flows from private services to the outside pass the NAT of their VPC.
fn internet_egress(builder: &mut Builder<'_>, ground: &Ground) {
    for id in builder.model.flows.ids() {
        let flow = &builder.model.flows[id];
        let inserts =
            flow.mechanism.as_ref().and_then(|mechanism| mechanism.inserts_if.get("vpc-private")).cloned();
        let Some(kind) = inserts else { continue };
        let from = flow.from;
        let private = builder.model.services[from].kind.placement == Placement::VpcPrivate
            || builder.model.place_of(from, ContainerKind::Tier).is_some();
        let vpc = builder.model.place_of(from, ContainerKind::Vpc);
        let gateway = vpc.and_then(|vpc| standing(builder, ground, &kind, vpc));
        if let Some(gateway) = gateway.filter(|_| private) {
            builder.model.flows[id].through.push(gateway);
        }
    }
}
