//! Logarithms and powers of two in fixed point, the same on every machine.

/// One, in the fixed point of this file.
const ONE: u128 = 1 << 60;
/// Bits behind the point of an exponent.
pub const BITS: u32 = 32;

/// 2 to the power of 1/2, 1/4, 1/8, …: as many as an exponent has bits behind its point.
fn roots() -> impl Iterator<Item = u128> {
    std::iter::successors(Some((ONE << 60).saturating_mul(2).isqrt()), |root| Some((root << 60).isqrt()))
        .take(BITS as usize)
}

/// The logarithm to base 2 of `value / unit`, with [`BITS`] bits behind the point; 0 when the value is below the unit.
pub fn log2(value: u128, unit: u128) -> u64 {
    let unit = unit.max(1);
    if value <= unit {
        return 0;
    }
    // Both are narrowed alike, so that the quotient below does not overflow.
    let narrowed = (128 - value.leading_zeros()).saturating_sub(64);
    let (value, unit) = (value >> narrowed, (unit >> narrowed).max(1));
    let mut whole = 0_u32;
    while value >> (whole + 1) >= unit {
        whole += 1;
    }
    let mut mantissa = ((value << 60) / unit) >> whole;
    let mut fraction = 0_u64;
    for (root, bit) in roots().zip((0..BITS).rev()) {
        if mantissa >= root {
            mantissa = (mantissa << 60) / root;
            fraction |= 1 << bit;
        }
    }
    (u64::from(whole) << BITS) | fraction
}

/// `unit` times 2 to the power of an exponent with [`BITS`] bits behind the point.
pub fn exp2(exponent: u64, unit: u128) -> u128 {
    let mut mantissa = ONE;
    for (root, bit) in roots().zip((0..BITS).rev()) {
        if exponent >> bit & 1 == 1 {
            mantissa = (mantissa * root) >> 60;
        }
    }
    let whole = u32::try_from(exponent >> BITS).unwrap_or(u32::MAX).min(60);
    ((unit.saturating_mul(mantissa >> 20)) >> 40).saturating_mul(1 << whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_and_logarithms_undo_each_other() {
        let unit = 1_000_000;
        assert_eq!(log2(unit, unit), 0);
        assert_eq!(log2(8 * unit, unit), 3 << BITS);
        assert_eq!(exp2(3 << BITS, unit), 8 * unit);
        for value in [unit + 1, 3 * unit / 2, 10 * unit, 12_345 * unit, 1_000_000 * unit + 7] {
            assert_eq!(log2(value * 7, unit * 7), log2(value, unit));
            let back = exp2(log2(value, unit), unit);
            assert!(back.abs_diff(value) <= value / 100_000, "{value}: {back}");
        }
    }

    #[test]
    fn a_unit_of_one_keeps_all_digits() {
        // log2(1000) = 9.965784284662087…
        let found = log2(1_000, 1);
        assert_eq!(found >> BITS, 9);
        assert!(found.abs_diff(42_802_717_661) < 100, "{found}");
        assert!(log2(1_000_001, 1) > log2(1_000_000, 1));
    }

    #[test]
    fn extremes_saturate() {
        assert_eq!(log2(0, 0), 0);
        assert!(exp2(u64::MAX, u128::MAX) > 0);
    }
}
