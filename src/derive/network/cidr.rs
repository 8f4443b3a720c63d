//! Address plans: a VPC's block cut into one block a tier and zone, so that nothing moves when one is added.

use crate::model::Cidr;

/// Bits for the zone of a subnet: up to four zones a tier.
const ZONE_BITS: u8 = 2;
/// Bits for the tier of a subnet, at least: up to four tiers before blocks become smaller.
const TIER_BITS: u8 = 2;
/// By how many bits a subnet's prefix is longer than its VPC's, with up to four tiers and four zones.
pub const SUBNET_BITS: u8 = ZONE_BITS + TIER_BITS;

/// How many bits it takes to count `members`, at least `least`.
fn bits_for(members: usize, least: u8) -> u8 {
    let needed = usize::BITS - members.saturating_sub(1).leading_zeros();
    u8::try_from(needed).unwrap_or(u8::MAX).max(least)
}

/// The block at `position` when `block` is cut into blocks longer by `bits`; the last address counts when it does not fit.
fn part(block: Cidr, bits: u8, position: usize) -> Cidr {
    let prefix = block.prefix.saturating_add(bits).min(32);
    let offset = u64::try_from(position).unwrap_or(u64::MAX).saturating_mul(1 << (32 - prefix));
    let address = u64::from(block.address).saturating_add(offset);
    Cidr { address: u32::try_from(address).unwrap_or(u32::MAX), prefix }
}

/// The block of a tier, by its position among `tiers`.
pub(super) fn tier_block(vpc: Cidr, tiers: usize, position: usize) -> Cidr {
    part(vpc, bits_for(tiers, TIER_BITS), position)
}

/// The block of a zone in a tier's block, by its position among `zones`.
pub(super) fn zone_block(tier: Cidr, zones: usize, position: usize) -> Cidr {
    part(tier, bits_for(zones, ZONE_BITS), position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(block: &str, tiers: usize, zones: usize) -> Vec<String> {
        let vpc = Cidr::parse(block).unwrap();
        let tier = |position| tier_block(vpc, tiers, position);
        let cut = |position| (0..zones).map(move |zone| zone_block(tier(position), zones, zone).to_string());
        (0..tiers).flat_map(cut).collect()
    }

    #[test]
    fn a_zone_or_tier_more_moves_no_subnet() {
        let small = plan("10.0.0.0/16", 2, 2);
        assert_eq!(small, ["10.0.0.0/20", "10.0.16.0/20", "10.0.64.0/20", "10.0.80.0/20"]);
        let large = plan("10.0.0.0/16", 4, 4);
        assert!(small.iter().all(|subnet| large.contains(subnet)));
        assert_eq!(large.last().map(String::as_str), Some("10.0.240.0/20"));
    }

    #[test]
    fn blocks_never_overlap() {
        for (tiers, zones) in [(1, 1), (3, 3), (4, 4), (5, 6), (9, 2)] {
            let blocks: Vec<Cidr> =
                plan("10.0.0.0/16", tiers, zones).iter().map(|text| Cidr::parse(text).unwrap()).collect();
            for (at, one) in blocks.iter().enumerate() {
                assert!(blocks.iter().skip(at + 1).all(|other| !one.holds(*other) && !other.holds(*one)));
            }
        }
    }
}
