//! Rules about exposure: who can reach what over the network.

mod few_addresses;
mod needless_attachment;
mod no_flow_logs;
mod open_egress;
mod open_ingress;
mod over_nat;
mod public_compute;
mod public_store;
mod remote_shell;
mod second_nat;
mod skipped_layer;
mod unplaced_subnet;
mod unreachable_target;
mod without_firewall;

use crate::check::case::{Case, Check};
use crate::model::{ContainerKind, ServiceId, TierAccess};

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    public_store::CHECK,
    open_ingress::CHECK,
    public_compute::CHECK,
    remote_shell::CHECK,
    over_nat::CHECK,
    open_egress::CHECK,
    skipped_layer::CHECK,
    needless_attachment::CHECK,
    unreachable_target::CHECK,
    without_firewall::CHECK,
    few_addresses::CHECK,
    no_flow_logs::CHECK,
    unplaced_subnet::CHECK,
    second_nat::CHECK,
];

/// Does a service stand in a tier that the internet routes to?
fn is_in_public_tier(case: &Case, id: ServiceId) -> bool {
    let tier = case.model.place_of(id, ContainerKind::Tier);
    tier.is_some_and(|tier| case.model.places[tier].access == Some(TierAccess::Public))
}
