//! Which services have a security group of their own.

use crate::catalog::{Kind, Placement, Trait};
use crate::derive::network::vpcs;
use crate::model::{ContainerKind, Model, Service, ServiceId};

/// The services with a security group, in model order: they stand in a VPC and have network interfaces there.
pub(super) fn derive(model: &Model) -> Vec<ServiceId> {
    let inside = |id: &ServiceId| model.place_of(*id, ContainerKind::Vpc).is_some();
    model.services.ids().filter(inside).filter(|id| has_interfaces(model, *id)).collect()
}

fn has_interfaces(model: &Model, id: ServiceId) -> bool {
    let service = &model.services[id];
    let owns = service.kind.has(Trait::OwnsSecurityGroup) || joins_by_choice(&service.kind);
    owns && gateway_service(model, id).is_none()
}

/// A function joins a network only when it is placed there, and then has interfaces like any other.
fn joins_by_choice(kind: &Kind) -> bool {
    kind.placement_optional.is_some_and(Placement::is_vpc) && kind.has(Trait::AssumesRole)
}

/// The AWS service a gateway endpoint leads to: it is a route, without an interface. Nothing for an interface endpoint.
pub(super) fn gateway_service(model: &Model, id: ServiceId) -> Option<&str> {
    let to = endpoint_service(model, id)?;
    matches!(to, "s3" | "dynamodb").then_some(to)
}

/// The AWS service an endpoint leads to.
pub(super) fn endpoint_service(model: &Model, id: ServiceId) -> Option<&str> {
    let service: &Service = &model.services[id];
    vpcs::is_endpoint(model, id).then(|| service.settings.word("service")).flatten()
}
