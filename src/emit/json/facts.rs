//! From a review to the document: what follows from the model.

use crate::check::Review;
use crate::derive::access::{self, Carrier, Effect, Principal, Reason};
use crate::derive::network::{self, Direction, Peer};
use crate::emit::json::document as doc;
use crate::emit::json::lower::{all_at, mode, name, names, origin, place_name, points};
use crate::model::FlowId;
use crate::text::Text;

/// One flow with its rates.
pub(super) fn flow(review: &Review, id: FlowId) -> doc::Flow {
    let flow = &review.model.flows[id];
    let load = review.facts.load.flow(id);
    doc::Flow {
        id: id.index(),
        from: name(review, flow.from),
        to: name(review, flow.to),
        verb: flow.verb.clone(),
        mechanism: flow.mechanism.as_ref().map(|mechanism| mechanism.via.clone()),
        mode: mode(flow.mode()),
        soft: flow.soft,
        share_ppm: flow.share.map(|share| share.0),
        carries: flow.carries.clone(),
        size_bytes: flow.size.map(|size| size.0),
        timeout_ms: flow.timeout.map(|time| time.0),
        retries: flow.retries,
        idempotent: flow.idempotent.as_deref().map(Text::from),
        remark: flow.remark.clone(),
        through: names(review, &flow.through),
        part_of: flow.part_of.map(crate::units::Id::index),
        usual_mrps: load.usual.0,
        peak_mrps: load.peak.0,
        origin: origin(review, &flow.origin, flow.span),
    }
}

/// One grant.
pub(super) fn grant(review: &Review, grant: &access::Grant) -> doc::Grant {
    let (principal_kind, principal) = principal(review, &grant.principal);
    let (reason, flow) = reason(&grant.reason);
    let text = |text: &String| Text::new(text.as_str());
    doc::Grant {
        principal_kind,
        principal,
        carrier: carrier(grant.carrier),
        effect: if grant.effect == Effect::Allow { "allow" } else { "deny" },
        verb: text(&grant.verb),
        level: text(&grant.level),
        actions: grant.actions.iter().map(text).collect(),
        resource: grant.resource.service.map(|id| name(review, id)),
        resource_type: text(&grant.resource.kind),
        arn: text(&grant.resource.arn),
        reason,
        flow: flow.map(crate::units::Id::index),
        causes: all_at(review, &grant.causes),
    }
}

fn principal(review: &Review, principal: &Principal) -> (&'static str, Option<Text>) {
    match principal {
        Principal::Service(id) => ("service", Some(Text::new(name(review, *id).as_str()))),
        Principal::Role(id) => ("role", Some(Text::new(review.model.roles[*id].name.as_str()))),
        Principal::Aws(service) => ("aws", Some(Text::new(service.as_str()))),
        Principal::Anyone => ("anyone", None),
    }
}

const fn carrier(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Identity => "identity",
        Carrier::ResourcePolicy => "resource-policy",
        Carrier::LambdaPermission => "lambda-permission",
        Carrier::KeyPolicy => "key-policy",
    }
}

const fn reason(reason: &Reason) -> (&'static str, Option<FlowId>) {
    match reason {
        Reason::Flow(flow) => ("flow", Some(*flow)),
        Reason::Base(_) => ("base", None),
        Reason::Notice(_) => ("notice", None),
        Reason::Permit => ("permit", None),
        Reason::Never => ("never", None),
        Reason::Explicit(_) => ("explicit", None),
    }
}

/// Networks and rules.
pub(super) fn network(review: &Review) -> doc::Network {
    let network = &review.facts.network;
    doc::Network {
        vpcs: network.vpcs.iter().map(|vpc| self::vpc(review, vpc)).collect(),
        rules: network.rules.iter().map(|rule| self::rule(review, rule)).collect(),
    }
}

fn vpc(review: &Review, vpc: &network::Vpc) -> doc::Vpc {
    let subnet = |subnet: &network::Subnet| doc::Subnet {
        tier: place_name(review, subnet.tier),
        zone: subnet.zone,
        cidr: subnet.cidr.to_string(),
    };
    doc::Vpc {
        name: place_name(review, vpc.place),
        cidr: vpc.cidr.to_string(),
        subnets: vpc.subnets.iter().map(subnet).collect(),
        nat: vpc.nat.map(|id| name(review, id)),
        endpoints: names(review, &vpc.endpoints),
        internet: vpc.internet,
    }
}

fn rule(review: &Review, rule: &network::Rule) -> doc::NetworkRule {
    let (peer_kind, peer) = match &rule.peer {
        Peer::Group(id) => ("group", Text::new(name(review, *id).as_str())),
        Peer::Cidr(cidr) => ("cidr", Text::new(cidr.as_str())),
        Peer::PrefixList(list) => ("prefix-list", Text::new(list.as_str())),
    };
    doc::NetworkRule {
        group: name(review, rule.group),
        direction: if rule.direction == Direction::Ingress { "ingress" } else { "egress" },
        peer_kind,
        peer,
        port: rule.port,
        tls: rule.tls,
        why: rule.why.en().clone(),
        causes: all_at(review, &rule.causes),
    }
}

/// The bill.
pub(super) fn cost(review: &Review) -> doc::Cost {
    let cost = &review.facts.cost;
    let line = |line: &crate::derive::cost::CostLine| doc::CostLine {
        service: line.service.map(|id| name(review, id)),
        kind: Text::new(line.kind.as_str()),
        item: Text::new(line.item.as_str()),
        unit: Text::new(line.unit.as_str()),
        cost: points(line.cost),
        source: Text::new(line.source.as_str()),
        region: Text::new(line.region.as_str()),
        basis: line.basis.name(),
    };
    doc::Cost { total: points(cost.totals), lines: cost.lines.iter().map(line).collect() }
}
