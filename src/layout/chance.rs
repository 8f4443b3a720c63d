//! A fixed sequence of pseudo-random numbers, so that a shuffle is the same on every machine.

/// A linear congruential generator (Knuth's MMIX constants).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// A sequence of its own for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// A number in `0..limit`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = usize::try_from(self.0 >> 33).unwrap_or(0);
        draw.checked_rem(limit).unwrap_or(0)
    }
}
