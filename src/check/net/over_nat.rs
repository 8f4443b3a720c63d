//! NET-205: private services call APIs of AWS over the NAT gateway.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::VpcEndpoint;
use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, Flow, Origin, PlaceId, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-205",
        title: "private service calls an AWS API over the NAT",
        severity: Severity::Low,
    },
    find,
};

/// One finding for each VPC, because one line of the VPC answers all of its calls. Gateway endpoints are always derived and
/// never missing.
fn find(case: &Case) -> Vec<Diagnostic> {
    let mut calls: BTreeMap<PlaceId, Vec<&Flow>> = BTreeMap::new();
    for (_, flow) in case.model.whole_flows().filter(|(_, flow)| is_own_call(flow)) {
        if let Some(vpc) = over_nat(case, flow) {
            calls.entry(vpc).or_default().push(flow);
        }
    }
    calls.into_iter().filter_map(|(vpc, flows)| finding(case, vpc, &flows)).collect()
}

/// Does the service's own code open the call? An event-source mapping polls in its stead, outside the network.
fn is_own_call(flow: &Flow) -> bool {
    let by_itself = flow.mechanism.as_ref().is_some_and(|mechanism| mechanism.via != "event-source-mapping");
    by_itself && matches!(flow.origin, Origin::Declared)
}

/// The short name of the API behind a flow, when an interface endpoint could serve it.
fn api<'a>(case: &Case<'a>, flow: &Flow) -> Option<&'a str> {
    match case.model.services[flow.resource()].kind.vpc_endpoint.as_ref()? {
        VpcEndpoint::Interface(service) => Some(service),
        VpcEndpoint::Gateway(_) => None,
    }
}

/// The VPC whose NAT gateway the call passes; nothing when an endpoint leads there, or no NAT gateway.
fn over_nat(case: &Case, flow: &Flow) -> Option<PlaceId> {
    let vpc = case.model.place_of(flow.initiator(), ContainerKind::Vpc)?;
    let facts = case.facts.network.vpc(vpc)?;
    let service = api(case, flow)?;
    let leads_there = |endpoint: &ServiceId| {
        let known = case.model.services[*endpoint].settings.word("service");
        known.is_some_and(|known| known == service || is_part(service, known))
    };
    (facts.nat.is_some() && !facts.endpoints.iter().any(leads_there)).then_some(vpc)
}

/// Is one the other with a further part (`ecr.dkr` and `ecr`)?
fn is_part(whole: &str, part: &str) -> bool {
    whole.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'))
}

fn finding(case: &Case, vpc: PlaceId, flows: &[&Flow]) -> Option<Diagnostic> {
    let (first, rest) = flows.split_first()?;
    let place = &case.model.places[vpc].name;
    let (caller, target) = (name(case, first.initiator()), name(case, first.resource()));
    let message = match rest.len() {
        0 => phrase!(
            "`{caller}` reaches `{target}` over the NAT gateway",
            "`{caller}` alcanza `{target}` por la puerta NAT"
        ),
        more => phrase!(
            "`{caller}` reaches `{target}` over the NAT gateway and {more} more",
            "`{caller}` alcanza `{target}` por la puerta NAT, y {more} más"
        ),
    };
    let finding = CHECK.rule.at(first.span).message(message).subject(place.as_str());
    let finding = rest
        .iter()
        .fold(finding, |finding, flow| finding.label(flow.span, Phrase::new("this one too", "esta también")));
    let services: BTreeSet<&str> = flows.iter().filter_map(|flow| api(case, flow)).collect();
    let services: Vec<&str> = services.into_iter().collect();
    let help = phrase!(
        "to keep it inside, write `endpoints auto, {}` in the braces of `{place}`",
        "para que no salga, escribe `endpoints auto, {}` en las llaves de `{place}`",
        services.join(", ")
    );
    Some(finding.help(help))
}
