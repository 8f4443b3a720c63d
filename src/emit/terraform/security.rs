//! Security groups and their rules: one resource a rule, named after the two sides.

use std::collections::BTreeSet;

use crate::derive::network::{Direction, Peer, Rule};
use crate::emit::terraform::hcl::{Block, Expr, body, code, template};
use crate::emit::terraform::module::{File, Module, Need, named_tags};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// Emits every group, then every rule.
pub fn emit(scope: &Scope<'_>, module: &mut Module) {
    for id in &scope.facts.network.groups {
        emit_group(scope, *id, module);
    }
    let mut taken = BTreeSet::new();
    for rule in &scope.facts.network.rules {
        emit_rule(scope, rule, &mut taken, module);
    }
}

fn emit_group(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(vpc) = scope.vpc_of(id) else { return };
    let service = scope.service(id);
    let body = body! {
        name = scope.name(id);
        description = described(&format!("{} {}", service.kind.name, service.name));
        vpc_id = code(format!("aws_vpc.{}.id", scope.place_label(vpc)));
        tags = named_tags(scope.name(id));
    };
    module.add(scope, id, File::SecurityGroups, Block::resource("aws_security_group", scope.label(id), body));
}

/// The characters EC2 takes in a description; others become spaces.
pub fn described(text: &str) -> String {
    let legal =
        |c: char| if c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c) { c } else { ' ' };
    let kept: String = text.chars().map(legal).collect();
    let spaced = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced.chars().take(250).collect()
}

fn emit_rule(scope: &Scope<'_>, rule: &Rule, taken: &mut BTreeSet<String>, module: &mut Module) {
    if scope.vpc_of(rule.group).is_none() {
        return;
    }
    let (kind, way) = match rule.direction {
        Direction::Ingress => ("aws_vpc_security_group_ingress_rule", "from"),
        Direction::Egress => ("aws_vpc_security_group_egress_rule", "to"),
    };
    let (peer, argument, target) = peer(scope, rule, module);
    let base = format!("{}_{way}_{peer}_{}", scope.label(rule.group), rule.port);
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    let key = |label: &str| format!("{kind}.{label}");
    let label = std::iter::once(base.clone())
        .chain(numbered)
        .find(|label| !taken.contains(&key(label)))
        .unwrap_or(base);
    taken.insert(key(&label));
    let body = body! {
        security_group_id = scope.group(rule.group);
        description = described(&rule.why.en().chars().collect::<String>());
        ip_protocol = protocol(scope, rule);
        from_port = rule.port;
        to_port = rule.port;
    };
    let block = Block::resource(kind, &label, body.with(argument, target));
    module.add_caused(scope, rule.group, File::SecurityGroups, block, &rule.causes);
}

/// UDP only reaches what a network load balancer was told to pass on so.
fn protocol(scope: &Scope<'_>, rule: &Rule) -> &'static str {
    let is_udp =
        |id: ServiceId| scope.is_a(id, "nlb") && scope.service(id).settings.word("protocol") == Some("udp");
    let peer = match rule.peer {
        Peer::Group(id) => Some(id),
        _ => None,
    };
    if is_udp(rule.group) || peer.is_some_and(is_udp) { "udp" } else { "tcp" }
}

/// The other side as a word of the label, and as an argument.
fn peer(scope: &Scope<'_>, rule: &Rule, module: &mut Module) -> (String, &'static str, Expr) {
    match &rule.peer {
        Peer::Group(id) => (scope.label(*id).to_owned(), "referenced_security_group_id", scope.group(*id)),
        Peer::Cidr(cidr) if cidr == "0.0.0.0/0" => ("internet".to_owned(), "cidr_ipv4", cidr.as_str().into()),
        Peer::Cidr(cidr) => (word(cidr), "cidr_ipv4", cidr.as_str().into()),
        Peer::PrefixList(name) => prefix_list(scope, rule.group, name, module),
    }
}

fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// A prefix list is that of the VPC's own gateway endpoint, or CloudFront's.
fn prefix_list(
    scope: &Scope<'_>,
    group: ServiceId,
    name: &str,
    module: &mut Module,
) -> (String, &'static str, Expr) {
    let service = name.rsplit('.').next().unwrap_or(name);
    let vpc = scope.vpc_of(group);
    let is_endpoint = |id: &ServiceId| {
        let own = scope.service(*id);
        let says = own.settings.word("service") == Some(service);
        scope.vpc_of(*id) == vpc && (says || own.name.as_str().ends_with(&format!("{service}-endpoint")))
    };
    let endpoint = scope.services_of("vpc_endpoint").find(is_endpoint);
    let own = endpoint.map(|id| scope.attribute("aws_vpc_endpoint", id, "prefix_list_id"));
    let target = own.unwrap_or_else(|| {
        let region = scope.region_name(group).to_owned();
        let label = scope.regional_label("edge", &region);
        module.need(Need::EdgeAddresses(region));
        template(&format!("${{data.aws_ec2_managed_prefix_list.{label}.id}}"))
    });
    (word(service), "prefix_list_id", target)
}
