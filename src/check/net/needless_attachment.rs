//! NET-208: a function in a network that it does not need.

use crate::catalog::Placement;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-208", title: "Lambda in the VPC without a VPC target", severity: Severity::Low },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let attached = case.model.services.iter().filter(|(id, service)| is_attached(case, *id, service));
    attached
        .filter(|(id, _)| !meets_network(case, *id))
        .map(|(id, service)| {
            let message = phrase!(
                "`{}` stands in a network and reaches nothing in it",
                "`{}` está en una red y no alcanza nada en ella",
                service.name
            );
            let finding = about(&CHECK.rule, case, id).message(message);
            finding.help(Phrase::new(
                "move its line out of the `vpc`: it starts faster and needs no NAT gateway",
                "saca su línea del `vpc`: arranca antes y no necesita puerta NAT",
            ))
        })
        .collect()
}

/// Does it stand in a VPC though its kind needs none?
fn is_attached(case: &Case, id: ServiceId, service: &Service) -> bool {
    !service.kind.placement.is_vpc()
        && service.kind.placement_optional.is_some_and(Placement::is_vpc)
        && case.model.place_of(id, ContainerKind::Vpc).is_some()
        && !service.is_derived()
}

fn meets_network(case: &Case, id: ServiceId) -> bool {
    let in_network = |other: ServiceId| case.model.place_of(other, ContainerKind::Vpc).is_some();
    let mut flows = case.model.whole_flows_at(id);
    flows.any(|(_, flow)| in_network(if flow.from == id { flow.to } else { flow.from }))
}
