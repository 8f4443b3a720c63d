//! Rules about exposure: who can reach what over the network.

mod open_ingress;
mod public_store;
mod unreachable_target;
mod without_firewall;

use crate::check::case::{Case, Check};
use crate::model::{ContainerKind, ServiceId, TierAccess};

/// Every rule of this area, by code.
pub const CHECKS: &[Check] =
    &[public_store::CHECK, open_ingress::CHECK, unreachable_target::CHECK, without_firewall::CHECK];

/// Does a service stand in a tier that the internet routes to?
fn is_in_public_tier(case: &Case, id: ServiceId) -> bool {
    let tier = case.model.place_of(id, ContainerKind::Tier);
    tier.is_some_and(|tier| case.model.places[tier].access == Some(TierAccess::Public))
}
