//! The network: subnets, gateways, endpoints, security groups and their rules.

use crate::model::{Cidr, FlowId, PlaceId, ServiceId, TierAccess};
use crate::text::Span;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Into the group.
    Ingress,
    /// Out of the group.
    Egress,
}

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    pub why: String,
    /// The lines that cause it; at least one.
    pub causes: Vec<Span>,
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
}
