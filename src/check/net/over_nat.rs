//! NET-205: a private service calls an API of AWS over the NAT gateway.

use std::collections::BTreeMap;

use crate::catalog::VpcEndpoint;
use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, Flow, Origin, PlaceId, ServiceId};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-205",
        title: "private service calls an AWS API over the NAT",
        severity: Severity::Low,
    },
    find,
};

/// One finding for each VPC and service that is called from it; gateway endpoints are always derived and never missing.
fn find(case: &Case) -> Vec<Diagnostic> {
    let mut calls: BTreeMap<(PlaceId, ServiceId), Vec<&Flow>> = BTreeMap::new();
    for (_, flow) in case.model.whole_flows().filter(|(_, flow)| is_own_call(flow)) {
        if let Some(vpc) = over_nat(case, flow) {
            calls.entry((vpc, flow.resource())).or_default().push(flow);
        }
    }
    calls.into_iter().filter_map(|((vpc, target), flows)| finding(case, vpc, target, &flows)).collect()
}

/// Does the service's own code open the call? An event-source mapping polls in its stead, outside the network.
fn is_own_call(flow: &Flow) -> bool {
    matches!(flow.origin, Origin::Declared)
        && flow.mechanism.as_ref().is_some_and(|mechanism| mechanism.via != "event-source-mapping")
}

/// The VPC whose NAT gateway the call passes; nothing when an endpoint leads there, or no NAT gateway.
fn over_nat(case: &Case, flow: &Flow) -> Option<PlaceId> {
    let vpc = case.model.place_of(flow.initiator(), ContainerKind::Vpc)?;
    let facts = case.facts.network.vpc(vpc)?;
    let VpcEndpoint::Interface(service) = case.model.services[flow.resource()].kind.vpc_endpoint.as_ref()?
    else {
        return None;
    };
    let wanted = |endpoint: &ServiceId| {
        let settings = &case.model.services[*endpoint].settings;
        settings.word("service").is_some_and(|known| known == service || is_part(service, known))
    };
    (facts.nat.is_some() && !facts.endpoints.iter().any(wanted)).then_some(vpc)
}

/// Is one the other with a further part (`ecr` and `ecr.dkr`)?
fn is_part(whole: &str, part: &str) -> bool {
    whole.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'))
}

fn finding(case: &Case, vpc: PlaceId, target: ServiceId, flows: &[&Flow]) -> Option<Diagnostic> {
    let (first, rest) = flows.split_first()?;
    let (caller, called) = (name(case, first.initiator()), name(case, target));
    let place = &case.model.places[vpc].name;
    let service = case.model.services[target].kind.vpc_endpoint.as_ref()?.service();
    let message = format!("`{caller}` reaches `{called}` over the NAT gateway");
    let finding = CHECK.rule.at(first.span).message(message).subject(called.as_str());
    let finding = rest.iter().fold(finding, |finding, flow| finding.label(flow.span, "this one too"));
    let help = format!("to keep it inside, write `endpoints auto, {service}` in the braces of `{place}`");
    Some(finding.help(help))
}
