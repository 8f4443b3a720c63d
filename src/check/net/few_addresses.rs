//! NET-211: a tier with fewer addresses than its services need at their most.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::derive::network::Vpc;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, PlaceId, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-211",
        title: "address plan too small for the scaling maximum",
        severity: Severity::Medium,
    },
    find,
};

/// AWS keeps five addresses of each subnet for itself.
const RESERVED: u64 = 5;

fn find(case: &Case) -> Vec<Diagnostic> {
    let vpcs = case.facts.network.vpcs.iter();
    vpcs.flat_map(|vpc| vpc.tiers.iter().filter_map(|(tier, _)| too_small(case, vpc, *tier))).collect()
}

fn too_small(case: &Case, vpc: &Vpc, tier: PlaceId) -> Option<Diagnostic> {
    let each = case.model.services_in(tier).map(|id| addresses(case, tier, id));
    let needed = each.fold(0, u64::saturating_add);
    let left = left_without_a_zone(vpc, tier)?;
    if needed <= left {
        return None;
    }
    let place = &case.model.places[tier];
    let message = phrase!(
        "tier `{}` needs {needed} addresses at most and has {left}",
        "la capa `{}` puede necesitar {needed} direcciones y tiene {left}",
        place.name
    );
    let finding = CHECK.rule.at(place.span).message(message).subject(place.name.as_str());
    Some(finding.note(Phrase::new("without its largest subnet", "sin su subred más grande")).help(
        Phrase::new(
            "give the tier a larger block, or lower a maximum of `scale`",
            "da a la capa un bloque mayor, o baja un máximo de `scale`",
        ),
    ))
}

/// How many addresses a service of the tier takes at its most.
fn addresses(case: &Case, tier: PlaceId, id: ServiceId) -> u64 {
    let here = case.model.place_of(id, ContainerKind::Tier) == Some(tier);
    if !here || !case.model.services[id].kind.has(Trait::OwnsSecurityGroup) {
        return 0;
    }
    case.facts.capacity.group(id).map_or(1, |group| group.max.max(1))
}

/// The addresses of the tier's subnets when the largest of them is gone; of a single subnet, all of them.
fn left_without_a_zone(vpc: &Vpc, tier: PlaceId) -> Option<u64> {
    let subnets = vpc.subnets.iter().filter(|subnet| subnet.tier == tier);
    let mut usable: Vec<u64> =
        subnets.map(|subnet| subnet.cidr.addresses().saturating_sub(RESERVED)).collect();
    usable.sort_unstable();
    if usable.len() > 1 {
        usable.pop();
    }
    (!usable.is_empty()).then(|| usable.iter().sum())
}
