//! Address plans: a VPC's block cut by a fixed grid of tiers and zones, so that nothing moves when one is added.

use crate::model::Cidr;

/// Bits for the zone of a subnet, where the block is large enough: up to eight zones a tier.
const ZONE_BITS: u8 = 3;
/// Bits for the tier of a subnet, where the block is large enough: up to eight tiers.
const TIER_BITS: u8 = 3;
/// The prefix of the smallest subnet that AWS makes.
pub const SMALLEST: u8 = 28;

/// The block at `position` when `block` is cut into blocks longer by `bits`; the last address counts when it does not fit.
fn part(block: Cidr, bits: u8, position: usize) -> Cidr {
    let prefix = block.prefix.saturating_add(bits).min(32);
    let offset = u64::try_from(position).unwrap_or(u64::MAX).saturating_mul(1 << (32 - prefix));
    let address = u64::from(block.address).saturating_add(offset);
    Cidr { address: u32::try_from(address).unwrap_or(u32::MAX), prefix }
}

/// How often a block can be halved before its parts are too small for AWS.
const fn room(block: Cidr) -> u8 {
    SMALLEST.saturating_sub(block.prefix)
}

/// How many tiers a VPC's block is cut for. It follows from the block alone.
pub(super) fn tier_places(vpc: Cidr) -> usize {
    1 << tier_bits(vpc)
}

fn tier_bits(vpc: Cidr) -> u8 {
    room(vpc).div_ceil(2).min(TIER_BITS)
}

/// The block of the tier at `position`.
pub(super) fn tier_block(vpc: Cidr, position: usize) -> Cidr {
    part(vpc, tier_bits(vpc), position)
}

/// The block of the zone at `position` in a tier's block.
pub(super) fn zone_block(tier: Cidr, position: usize) -> Cidr {
    part(tier, room(tier).min(ZONE_BITS), position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(block: &str, tiers: usize, zones: usize) -> Vec<Cidr> {
        let vpc = Cidr::parse(block).unwrap();
        let tier = |position| tier_block(vpc, position);
        (0..tiers).flat_map(|position| (0..zones).map(move |zone| zone_block(tier(position), zone))).collect()
    }

    #[test]
    fn a_zone_or_tier_more_moves_no_subnet() {
        let small = plan("10.0.0.0/16", 2, 2);
        let written: Vec<String> = small.iter().map(ToString::to_string).collect();
        assert_eq!(written, ["10.0.0.0/22", "10.0.4.0/22", "10.0.32.0/22", "10.0.36.0/22"]);
        let large = plan("10.0.0.0/16", 8, 6);
        assert!(small.iter().all(|subnet| large.contains(subnet)));
    }

    #[test]
    fn blocks_never_overlap_and_fill_the_grid_down_to_the_smallest_subnets() {
        for block in
            ["10.0.0.0/16", "10.0.0.0/22", "10.0.0.0/23", "10.0.0.0/24", "10.0.0.0/26", "10.0.0.0/28"]
        {
            let vpc = Cidr::parse(block).unwrap();
            let tiers = tier_places(vpc);
            let zones = 1 << room(tier_block(vpc, 0)).min(ZONE_BITS);
            let blocks = plan(block, tiers, zones);
            assert!(blocks.iter().all(|subnet| vpc.holds(*subnet) && subnet.prefix <= SMALLEST), "{block}");
            for (at, one) in blocks.iter().enumerate() {
                assert!(blocks.iter().skip(at + 1).all(|other| !one.holds(*other) && !other.holds(*one)));
            }
        }
    }
}
