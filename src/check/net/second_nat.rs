//! NET-214: a second NAT in a network, through which nothing would be routed.

use crate::check::case::{Case, Check};
use crate::derive::network::Vpc;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-214", title: "a second NAT in one network", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    case.facts.network.vpcs.iter().flat_map(|vpc| in_vpc(case, vpc)).collect()
}

fn in_vpc(case: &Case, vpc: &Vpc) -> Vec<Diagnostic> {
    let is_other = |id: &ServiceId| {
        let service = &case.model.services[*id];
        service.is_a("nat")
            && vpc.nat != Some(*id)
            && case.model.place_of(*id, ContainerKind::Vpc) == Some(vpc.place)
    };
    case.model.services_in(vpc.place).filter(is_other).map(|id| finding(case, vpc, id)).collect()
}

fn finding(case: &Case, vpc: &Vpc, id: ServiceId) -> Diagnostic {
    let service = &case.model.services[id];
    let network = &case.model.places[vpc.place].name;
    let message =
        phrase!("`{}` is a second NAT of `{network}`", "`{}` es un segundo NAT de `{network}`", service.name);
    let finding = CHECK.rule.at(service.span).message(message).subject(service.name.as_str());
    let first = vpc.nat.map(|first| case.model.services[first].span);
    let finding = first
        .into_iter()
        .fold(finding, |finding, span| finding.label(span, Phrase::new("the first", "el primero")));
    finding.help(Phrase::new(
        "delete it: `per zone` of the first makes a gateway in every zone",
        "bórralo: `per zone` del primero crea una puerta en cada zona",
    ))
}
