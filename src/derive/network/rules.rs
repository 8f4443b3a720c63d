//! Security-group rules: what flows need, both ways, what private compute needs of AWS's own APIs, and rules by hand.

use indexmap::IndexMap;

use crate::catalog::{GrantResource, GrantVia, MechanismGrant, Principal as Named, Trait};
use crate::derive::network::{Direction, Listener, Peer, Rule, Vpc, groups, listeners};
use crate::model::{ContainerKind, Flow, FlowId, Mode, Model, Open, OpenFrom, ServiceId, TierAccess};
use crate::text::{Ident, Phrase, Span, phrase};

/// Anywhere.
const ANYWHERE: &str = "0.0.0.0/0";
/// The port of AWS's APIs.
const HTTPS: u16 = 443;
/// The port of browsers that come without TLS.
const HTTP: u16 = 80;

/// What rules are derived from.
pub(super) struct Ground<'g> {
    pub model: &'g Model,
    pub vpcs: &'g [Vpc],
    pub groups: &'g [ServiceId],
    pub listeners: &'g [Listener],
}

/// What makes two rules one: the same group, way, peer and port.
type Key = (ServiceId, Direction, Peer, u16);

/// All rules, each once, in model order.
pub(super) fn derive(ground: &Ground) -> Vec<Rule> {
    let flows = ground.model.flows.iter().flat_map(|(id, flow)| flow_rules(ground, id, flow));
    let apis = ground.groups.iter().flat_map(|group| api_rules(ground, *group));
    let opened = ground.model.opens.iter().flat_map(|open| open_rules(ground, open));
    let mut rules: IndexMap<Key, Rule> = IndexMap::new();
    for rule in flows.chain(apis).chain(opened) {
        join(&mut rules, rule);
    }
    let mut rules: Vec<Rule> = rules.into_values().collect();
    rules.sort_by_key(|rule| (rule.group, rule.direction));
    rules
}

/// Adds a rule, or the causes of one that stands already.
fn join(rules: &mut IndexMap<Key, Rule>, rule: Rule) {
    let key = (rule.group, rule.direction, rule.peer.clone(), rule.port);
    let known = rules.entry(key).or_insert_with(|| Rule { causes: Vec::new(), ..rule.clone() });
    known.tls = known.tls || rule.tls;
    for cause in rule.causes {
        if !known.causes.contains(&cause) {
            known.causes.push(cause);
        }
    }
}

impl Ground<'_> {
    fn has_group(&self, service: ServiceId) -> bool {
        self.groups.binary_search(&service).is_ok()
    }

    fn name(&self, service: ServiceId) -> &str {
        self.model.services[service].name.as_str()
    }

    /// The port a service is reached at, and whether the way there is encrypted.
    fn door(&self, flow: &Flow) -> Option<(u16, bool)> {
        let at = self.listeners.binary_search_by_key(&flow.to, |listener| listener.balancer);
        let target = &self.model.services[flow.to];
        at.ok()
            .and_then(|at| self.listeners.get(at))
            .map(|listener| (listener.port, listener.tls))
            .or_else(|| Some((listeners::port(target)?, self.is_encrypted(flow))))
    }

    /// A hop is encrypted as the whole flows it is part of are.
    fn is_encrypted(&self, flow: &Flow) -> bool {
        let whole = flow.part_of.map_or(flow, |whole| &self.model.flows[whole]);
        let target = if whole.to == flow.to { whole } else { flow };
        listeners::is_encrypted(self.model, target)
    }

    fn vpc_of(&self, service: ServiceId) -> Option<&Vpc> {
        let place = self.model.place_of(service, ContainerKind::Vpc)?;
        let at = self.vpcs.binary_search_by_key(&place, |vpc| vpc.place).ok()?;
        self.vpcs.get(at)
    }
}

/// The rules of one flow or hop.
fn flow_rules(ground: &Ground, id: FlowId, flow: &Flow) -> Vec<Rule> {
    let rows = flow.mechanism.iter().flat_map(|mechanism| &mechanism.grants);
    let open = rows.filter(|row| is_network(row)).flat_map(|row| pair(ground, id, flow, row));
    let public = is_from_outside(ground, flow).then(|| public_rule(ground, id, flow)).flatten();
    let redirected = public.as_ref().and_then(|rule| redirected(ground, rule));
    open.chain(public).chain(redirected).collect()
}

/// Is it a security-group rule between the flow's own ends? What the compiler inserts has hops of its own.
fn is_network(row: &MechanismGrant) -> bool {
    let between = matches!(row.principal, Named::End(_)) && matches!(row.resource, GrantResource::End(_));
    row.via == GrantVia::Sg && between
}

/// Does somebody outside call it? People who administer a service come through AWS, not through its port.
fn is_from_outside(ground: &Ground, flow: &Flow) -> bool {
    let is_outside = ground.model.services[flow.from].kind.is_outside() && flow.mode() != Mode::Admin;
    is_outside && ground.has_group(flow.to) && listeners::is_public(ground.model, flow.to)
}

fn public_rule(ground: &Ground, id: FlowId, flow: &Flow) -> Option<Rule> {
    let (port, tls) = ground.door(flow)?;
    let why = phrase!("{} calls {}", "{} llama a {}", ground.name(flow.from), ground.name(flow.to));
    let peer = Peer::Cidr(ANYWHERE.to_owned());
    Some(Rule {
        group: flow.to,
        direction: Direction::Ingress,
        peer,
        port,
        tls,
        flow: Some(id),
        why,
        causes: vec![flow.span],
    })
}

/// Browsers that come without TLS, where the entry says that it sends them on.
fn redirected(ground: &Ground, rule: &Rule) -> Option<Rule> {
    let entry = &ground.model.services[rule.group];
    let is_open = rule.tls && rule.port != HTTP && entry.settings.is_on("redirect");
    let causes = vec![entry.settings.span("redirect").unwrap_or(entry.span)];
    let why = phrase!(
        "{} sends browsers without TLS to HTTPS",
        "{} envía a HTTPS los navegadores que llegan sin TLS",
        ground.name(rule.group)
    );
    is_open.then(|| Rule { port: HTTP, tls: false, why, causes, ..rule.clone() })
}

/// In at the target and out at the caller.
fn pair(ground: &Ground, id: FlowId, flow: &Flow, row: &MechanismGrant) -> Vec<Rule> {
    let Some((port, tls)) = ground.door(flow) else { return Vec::new() };
    let (from, to) = (flow.from, flow.to);
    let why =
        phrase!("{} calls {} ({})", "{} llama a {} ({})", ground.name(from), ground.name(to), flow.verb);
    let rule = |group, direction, peer| Rule {
        group,
        direction,
        peer,
        port,
        tls,
        flow: Some(flow.part_of.unwrap_or(id)),
        why: why.clone(),
        causes: vec![flow.span],
    };
    let source = if ground.has_group(from) { Some(Peer::Group(from)) } else { listed(row) };
    let inward = source.map(|peer| rule(to, Direction::Ingress, peer)).filter(|_| ground.has_group(to));
    let both = ground.has_group(from) && ground.has_group(to);
    let outward = both.then(|| rule(from, Direction::Egress, Peer::Group(to)));
    inward.into_iter().chain(outward).collect()
}

/// The managed prefix list a mechanism calls from, when it does.
fn listed(row: &MechanismGrant) -> Option<Peer> {
    let list = row.source.as_deref()?.strip_prefix("managed prefix list ")?;
    Some(Peer::PrefixList(list.to_owned()))
}

/// One API of AWS a service calls by itself: its short name, and the lines that make it call.
struct Api {
    service: String,
    causes: Vec<Span>,
}

/// The ways out to AWS's APIs and to systems outside.
fn api_rules(ground: &Ground, group: ServiceId) -> Vec<Rule> {
    let Some(vpc) = ground.vpc_of(group) else { return Vec::new() };
    let (near, far): (Vec<Api>, Vec<Api>) =
        apis(ground.model, group).into_iter().partition(|api| endpoint(ground, vpc, &api.service).is_some());
    let near = near.iter().flat_map(|api| near_rules(ground, vpc, group, api));
    near.chain(far_rules(ground, vpc, group, &far)).chain(outside_rules(ground, vpc, group)).collect()
}

/// The APIs a service calls: those of its flows, and those it needs to live. A function's own needs are met by AWS, outside its
/// interfaces; only its code calls from inside the network.
fn apis(model: &Model, group: ServiceId) -> Vec<Api> {
    let flows =
        model.whole_flows_at(group).filter(|(_, flow)| flow.initiator() == group && is_own_call(flow));
    let called = flows.filter_map(|(_, flow)| {
        let target = &model.services[flow.resource()];
        let name = target.kind.vpc_endpoint.as_ref()?.service();
        Some(Api { service: name.to_owned(), causes: vec![flow.span] })
    });
    called.chain(base_apis(model, group)).collect()
}

/// Does the service's own code make the call? An event-source mapping polls in its stead.
fn is_own_call(flow: &Flow) -> bool {
    flow.mechanism.as_ref().is_none_or(|mechanism| mechanism.via != "event-source-mapping")
}

fn base_apis(model: &Model, group: ServiceId) -> Vec<Api> {
    let service = &model.services[group];
    if service.kind.has(Trait::Serverless) {
        return Vec::new();
    }
    let actions = service.kind.base.iter().flat_map(|row| &row.allow).flat_map(|allow| &allow.actions);
    let mut names: Vec<&str> =
        actions.filter_map(|action| action.split_once(':')).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| Api { service: name.to_owned(), causes: service.causes().to_vec() })
        .collect()
}

/// The endpoint of a VPC that leads to an API.
fn endpoint(ground: &Ground, vpc: &Vpc, service: &str) -> Option<ServiceId> {
    let is_part =
        |name: &str| name.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let leads = |id: &&ServiceId| groups::endpoint_service(ground.model, **id).is_some_and(is_part);
    vpc.endpoints.iter().find(leads).copied()
}

/// Out to an endpoint: to its prefix list when it is a route, to its group, and in there, when it has interfaces.
fn near_rules(ground: &Ground, vpc: &Vpc, group: ServiceId, api: &Api) -> Vec<Rule> {
    let Some(at) = endpoint(ground, vpc, &api.service) else { return Vec::new() };
    let why = phrase!(
        "{} calls {} through {}",
        "{} llama a {} a través de {}",
        ground.name(group),
        api.service,
        ground.name(at)
    );
    let rule = |group, direction, peer| Rule {
        group,
        direction,
        peer,
        port: HTTPS,
        tls: true,
        flow: None,
        why: why.clone(),
        causes: api.causes.clone(),
    };
    if groups::gateway_service(ground.model, at).is_some() {
        let list = format!("com.amazonaws.{}.{}", vpc.region, api.service);
        return vec![rule(group, Direction::Egress, Peer::PrefixList(list))];
    }
    vec![rule(group, Direction::Egress, Peer::Group(at)), rule(at, Direction::Ingress, Peer::Group(group))]
}

/// Out to the APIs without an endpoint: one rule to anywhere, because they have no fixed addresses, and only where there is a
/// way out at all.
fn far_rules(ground: &Ground, vpc: &Vpc, group: ServiceId, apis: &[Api]) -> Option<Rule> {
    let way = way_out(ground, vpc, group).filter(|_| !apis.is_empty())?;
    let mut names: Vec<&str> = apis.iter().map(|api| api.service.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let (caller, names) = (ground.name(group), names.join(", "));
    let why = Phrase::new(
        format!("{caller} calls AWS APIs ({names}) through {}; they have no fixed addresses", way.en()),
        format!(
            "{caller} llama a API de AWS ({names}) a través de {}; no tienen direcciones fijas",
            way.es()
        ),
    );
    let causes = apis.iter().flat_map(|api| api.causes.clone()).collect();
    let peer = Peer::Cidr(ANYWHERE.to_owned());
    Some(Rule { group, direction: Direction::Egress, peer, port: HTTPS, tls: true, flow: None, why, causes })
}

/// A way to the internet.
#[derive(Clone, Copy)]
enum Way<'g> {
    InternetGateway,
    Nat(&'g Ident),
}

impl<'g> Way<'g> {
    fn en(self) -> &'g str {
        match self {
            Self::InternetGateway => "the internet gateway",
            Self::Nat(name) => name.as_str(),
        }
    }

    fn es(self) -> &'g str {
        match self {
            Self::InternetGateway => "la puerta de internet",
            Self::Nat(name) => name.as_str(),
        }
    }
}

/// What leads from a service's tier to the internet: the NAT gateway, or the internet gateway of a public tier.
fn way_out<'g>(ground: &Ground<'g>, vpc: &Vpc, group: ServiceId) -> Option<Way<'g>> {
    let tier = ground.model.place_of(group, ContainerKind::Tier);
    let access =
        vpc.tiers.iter().find(|(id, _)| Some(*id) == tier).map_or(TierAccess::Private, |(_, access)| *access);
    match access {
        TierAccess::Isolated => None,
        TierAccess::Public => Some(Way::InternetGateway),
        TierAccess::Private => vpc.nat.map(|nat| Way::Nat(&ground.model.services[nat].name)),
    }
}

/// Out to the systems outside that a service calls.
fn outside_rules(ground: &Ground, vpc: &Vpc, group: ServiceId) -> Vec<Rule> {
    let Some(way) = way_out(ground, vpc, group) else { return Vec::new() };
    let model = ground.model;
    let calls = model.flows_from(group).filter(|(_, flow)| model.services[flow.to].kind.is_outside());
    let rule = |(id, flow): (FlowId, &Flow)| Rule {
        group,
        direction: Direction::Egress,
        peer: Peer::Cidr(
            model.services[flow.to]
                .settings
                .cidr("cidr")
                .map_or_else(|| ANYWHERE.to_owned(), |cidr| cidr.to_string()),
        ),
        port: listeners::port(&model.services[flow.to]).unwrap_or(HTTPS),
        tls: listeners::is_encrypted(model, flow),
        flow: Some(id),
        why: outside_why(ground, group, flow.to, way),
        causes: vec![flow.span],
    };
    calls.map(rule).collect()
}

fn outside_why(ground: &Ground, group: ServiceId, to: ServiceId, way: Way) -> Phrase {
    let (who, whom) = (ground.name(group), ground.name(to));
    Phrase::new(
        format!("{who} calls {whom} through {}", way.en()),
        format!("{who} llama a {whom} a través de {}", way.es()),
    )
}

/// A rule by hand, and its twin when it names a service.
fn open_rules(ground: &Ground, open: &Open) -> Vec<Rule> {
    // The reason is the user's own text and stays where it was written; the causes lead there.
    let why = Phrase::new("opened by hand", "abierto a mano");
    let rule = |group, direction, peer| Rule {
        group,
        direction,
        peer,
        port: open.port,
        tls: false,
        flow: None,
        why: why.clone(),
        causes: vec![open.span],
    };
    let rules = match open.from {
        OpenFrom::Cidr(block) => vec![rule(open.on, Direction::Ingress, Peer::Cidr(block.to_string()))],
        OpenFrom::Service(from) => vec![
            rule(open.on, Direction::Ingress, Peer::Group(from)),
            rule(from, Direction::Egress, Peer::Group(open.on)),
        ],
    };
    rules.into_iter().filter(|rule| ground.has_group(rule.group)).collect()
}
