//! The network: subnets, gateways, endpoints, security groups and their rules.

mod cidr;
mod groups;
mod listeners;
mod rules;
mod vpcs;

use crate::catalog::Catalog;
use crate::model::{Cidr, FlowId, Model, PlaceId, ServiceId, TierAccess};
use crate::text::{Phrase, Span, Text};

pub use cidr::SMALLEST;

/// One subnet: a tier in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// The tier.
    pub tier: PlaceId,
    /// The zone's letter: `a`, `b`, …
    pub zone: char,
    /// Its address block.
    pub cidr: Cidr,
}

/// One VPC and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vpc {
    /// The container.
    pub place: PlaceId,
    /// Its address block.
    pub cidr: Cidr,
    /// The region.
    pub region: String,
    /// The zones' letters, in order.
    pub zones: Vec<char>,
    /// Tiers with their access, in order; derived ones included.
    pub tiers: Vec<(PlaceId, TierAccess)>,
    /// Subnets, tier by tier.
    pub subnets: Vec<Subnet>,
    /// NAT gateways: the derived or declared service, when something inside calls out.
    pub nat: Option<ServiceId>,
    /// Endpoints (services of kind `vpc_endpoint`).
    pub endpoints: Vec<ServiceId>,
    /// Does it need an internet gateway?
    pub internet: bool,
}

/// In or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Into the group.
    Ingress,
    /// Out of the group.
    Egress,
}

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// The security group of a service.
    Group(ServiceId),
    /// An address block.
    Cidr(String),
    /// A managed prefix list, by its name (`com.amazonaws.us-east-1.s3`).
    PrefixList(String),
}

/// One rule of a security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The service whose group it belongs to.
    pub group: ServiceId,
    /// In or out.
    pub direction: Direction,
    /// The other side.
    pub peer: Peer,
    /// The port.
    pub port: u16,
    /// Is the traffic encrypted?
    pub tls: bool,
    /// The flow it serves, when it serves one.
    pub flow: Option<FlowId>,
    /// What it is for, as an English clause.
    pub why: Phrase,
    /// The lines that cause it; at least one.
    pub causes: Vec<Span>,
}

/// Where a load balancer listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The load balancer.
    pub balancer: ServiceId,
    /// The port.
    pub port: u16,
    /// Does it speak TLS, so that it needs a certificate?
    pub tls: bool,
    /// Why it does or does not, as an English clause.
    pub why: Phrase,
    /// The lines that cause it; at least one.
    pub causes: Vec<Span>,
}

/// One route of an entry to the service behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The API or load balancer that has the route.
    pub entry: ServiceId,
    /// The service it leads to.
    pub service: ServiceId,
    /// The load balancer on the way, when there is one.
    pub balancer: Option<ServiceId>,
    /// The flow it serves.
    pub flow: FlowId,
    /// Which requests take it: the flow's or the service's `path`, otherwise `/NAME/*`.
    pub path: Text,
    /// The port of the service.
    pub port: u16,
    /// Is the last hop, to the service itself, encrypted?
    pub tls: bool,
}

/// The network of a system.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// VPCs in model order.
    pub vpcs: Vec<Vpc>,
    /// Services with a security group of their own, in model order.
    pub groups: Vec<ServiceId>,
    /// Rules, in model order.
    pub rules: Vec<Rule>,
    /// Where load balancers listen, in model order.
    pub listeners: Vec<Listener>,
    /// Routes of APIs and load balancers, in model order.
    pub routes: Vec<Route>,
}

impl Network {
    /// The rules of a service's group, which stand together.
    pub fn of(&self, group: ServiceId) -> impl Iterator<Item = &Rule> {
        let start = self.rules.partition_point(|rule| rule.group < group);
        self.rules.iter().skip(start).take_while(move |rule| rule.group == group)
    }

    /// The routes of an API or load balancer, in model order.
    pub fn routes_of<'n>(&'n self, model: &'n Model, entry: ServiceId) -> impl Iterator<Item = &'n Route> {
        model.flows_from(entry).filter_map(|(flow, _)| {
            let at = self.routes.binary_search_by_key(&flow, |route| route.flow).ok()?;
            self.routes.get(at)
        })
    }

    /// The VPC of a container.
    pub fn vpc(&self, place: PlaceId) -> Option<&Vpc> {
        let at = self.vpcs.binary_search_by_key(&place, |vpc| vpc.place).ok()?;
        self.vpcs.get(at)
    }

    /// Where a load balancer listens.
    pub fn listener(&self, balancer: ServiceId) -> Option<&Listener> {
        let at = self.listeners.binary_search_by_key(&balancer, |listener| listener.balancer).ok()?;
        self.listeners.get(at)
    }

    /// Is a flow encrypted on its last hop? See `listeners.rs` for the rule.
    pub fn is_encrypted(model: &Model, flow: FlowId) -> bool {
        listeners::is_encrypted(model, &model.flows[flow])
    }
}

/// Derives the network of a model; never fails.
pub fn derive(model: &Model, _catalog: &Catalog) -> Network {
    let vpcs = vpcs::derive(model);
    let groups = groups::derive(model);
    let listeners = listeners::listeners(model);
    let routes = listeners::routes(model);
    let facts = rules::Ground { model, vpcs: &vpcs, groups: &groups, listeners: &listeners };
    let rules = rules::derive(&facts);
    Network { vpcs, groups, rules, listeners, routes }
}
