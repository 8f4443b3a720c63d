//! NET-213: subnets that AWS would refuse, because they are too small, outside their network or in one another.

use crate::check::case::{Case, Check};
use crate::derive::network::{SMALLEST, Subnet, Vpc};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::PlaceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-213", title: "subnets that do not fit", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    case.facts.network.vpcs.iter().flat_map(|vpc| in_vpc(case, vpc)).collect()
}

/// One finding a tier, about its first subnet that does not fit.
fn in_vpc(case: &Case, vpc: &Vpc) -> Vec<Diagnostic> {
    let first = |tier: PlaceId| vpc.subnets.iter().enumerate().filter(move |(_, subnet)| subnet.tier == tier);
    let misfit = |(at, subnet): (usize, &Subnet)| Some((subnet.clone(), defect(case, vpc, at, subnet)?));
    let tiers = vpc.tiers.iter().filter_map(|(tier, _)| first(*tier).find_map(misfit));
    tiers.map(|(subnet, why)| finding(case, &subnet, &why)).collect()
}

/// What is wrong with a subnet, seen from those before it.
fn defect(case: &Case, vpc: &Vpc, at: usize, subnet: &Subnet) -> Option<Phrase> {
    let block = subnet.cidr;
    if block.prefix > SMALLEST {
        return Some(Phrase::new(
            "AWS makes no subnet smaller than /28",
            "AWS no crea subredes menores que /28",
        ));
    }
    if !vpc.cidr.holds(block) {
        return Some(phrase!("{} has no room for it", "{} no tiene sitio para ella", vpc.cidr));
    }
    let overlaps = |other: &&Subnet| other.cidr.holds(block) || block.holds(other.cidr);
    let other = vpc.subnets.iter().take(at).find(overlaps)?;
    let tier = &case.model.places[other.tier].name;
    Some(phrase!("`{tier}` has {} already", "`{tier}` ya tiene {}", other.cidr))
}

fn finding(case: &Case, subnet: &Subnet, why: &Phrase) -> Diagnostic {
    let place = &case.model.places[subnet.tier];
    let message = phrase!(
        "subnet {} of tier `{}` in zone {} does not fit",
        "la subred {} de la capa `{}` en la zona {} no cabe",
        subnet.cidr,
        place.name,
        subnet.zone
    );
    let finding = CHECK.rule.at(place.span).message(message).subject(place.name.as_str());
    finding.note(why.clone()).help(Phrase::new(
        "give the network a larger block, or the tier one of its own",
        "da a la red un bloque mayor, o a la capa uno propio",
    ))
}
