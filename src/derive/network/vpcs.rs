//! VPCs: zones, tiers, subnets, gateways.

use crate::catalog::Trait;
use crate::derive::network::{Subnet, Vpc, cidr};
use crate::model::{Cidr, ContainerKind, Model, Place, PlaceId, ServiceId, TierAccess};

/// The block of a VPC that states none: 10.0.0.0/16.
const DEFAULT_BLOCK: Cidr = Cidr { address: 0x0a00_0000, prefix: 16 };

/// The VPCs of a model, in its order.
pub(super) fn derive(model: &Model) -> Vec<Vpc> {
    let vpcs = model.places.iter().filter(|(_, place)| place.kind == ContainerKind::Vpc);
    vpcs.map(|(id, place)| vpc(model, id, place)).collect()
}

fn vpc(model: &Model, id: PlaceId, place: &Place) -> Vpc {
    let cidr = place.cidr.unwrap_or(DEFAULT_BLOCK);
    let zones: Vec<char> = ('a'..='z').take(zone_count(model, place)).collect();
    let tiers = tiers(model, id);
    let subnets = subnets(model, cidr, &tiers, &zones);
    let inside =
        |kind: &'static str| services(model, id).filter(move |service| model.services[*service].is_a(kind));
    Vpc {
        place: id,
        cidr,
        region: region(model, id).to_owned(),
        internet: tiers.iter().any(|(_, access)| *access == TierAccess::Public),
        nat: inside("nat").next(),
        endpoints: services(model, id).filter(|service| is_endpoint(model, *service)).collect(),
        zones,
        tiers,
        subnets,
    }
}

/// The VPC's own number of zones, otherwise the system's.
fn zone_count(model: &Model, place: &Place) -> usize {
    let count = place.settings.count("zones").unwrap_or(model.system.zones);
    usize::try_from(count).unwrap_or(usize::MAX).clamp(1, 6)
}

fn region(model: &Model, id: PlaceId) -> &str {
    let region = model.enclosing(Some(id)).find(|(_, place)| place.kind == ContainerKind::Region);
    region.map_or(model.system.region.as_str(), |(_, place)| place.name.as_str())
}

/// The tiers of a VPC, also those inside groups, in the model's order; derived ones come last.
fn tiers(model: &Model, vpc: PlaceId) -> Vec<(PlaceId, TierAccess)> {
    let tiers = model.places.iter().filter(|(_, place)| place.kind == ContainerKind::Tier);
    let inside = tiers.filter(|(id, _)| model.enclosing(Some(*id)).any(|(around, _)| around == vpc));
    inside.map(|(id, place)| (id, place.access.unwrap_or(TierAccess::Private))).collect()
}

/// Declared tiers take the first places of the VPC's grid, derived ones the last, so that neither moves the other.
fn subnets(model: &Model, block: Cidr, tiers: &[(PlaceId, TierAccess)], zones: &[char]) -> Vec<Subnet> {
    let derived = tiers.iter().filter(|(tier, _)| model.places[*tier].derived).count();
    let declared = tiers.len() - derived;
    let last = cidr::tier_places(block).max(tiers.len());
    let blocks = tiers.iter().enumerate().map(|(position, (tier, _))| {
        let place = if position < declared { position } else { last - 1 - (position - declared) };
        (*tier, model.places[*tier].cidr.unwrap_or_else(|| cidr::tier_block(block, place)))
    });
    let cut = |(tier, block)| {
        zones.iter().enumerate().map(move |(position, zone)| Subnet {
            tier,
            zone: *zone,
            cidr: cidr::zone_block(block, position),
        })
    };
    blocks.flat_map(cut).collect()
}

/// The services that stand in a VPC.
pub(super) fn services(model: &Model, vpc: PlaceId) -> impl Iterator<Item = ServiceId> {
    model.services_in(vpc).filter(move |id| model.place_of(*id, ContainerKind::Vpc) == Some(vpc))
}

/// Is it a private path to an AWS service? A VPC link is one for an API and no endpoint.
pub(super) fn is_endpoint(model: &Model, service: ServiceId) -> bool {
    let service = &model.services[service];
    service.kind.has(Trait::PrivatePath) && !service.kind.has(Trait::Caller)
}
