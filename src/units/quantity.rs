//! Quantities: integers, saturating, printed without floating point.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// A number of units of one scale; arithmetic saturates instead of overflowing.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold(Self::default(), |sum, next| sum + next)
            }
        }
    };
}

quantity! {
    /// A stretch of time in milliseconds.
    Millis(u64)
}
quantity! {
    /// A stretch of time in microseconds, for waits shorter than a millisecond.
    Micros(u64)
}
quantity! {
    /// An availability in parts per billion: 99.95 % is 999 500 000.
    PerBillion(u64)
}
quantity! {
    /// An amount of data in bytes; the language's KB, MB, GB and TB are powers of 1024, as in AWS's consoles.
    Bytes(u64)
}
quantity! {
    /// A share in parts per million: 60 % is 600 000.
    Percent(u64)
}
quantity! {
    /// A rate in thousandths of an event per second: 20 rps is 20 000.
    PerSecond(u64)
}
quantity! {
    /// Money in millionths of a US dollar.
    MicroUsd(i64)
}

/// `whole.fraction` of `value / scale`, rounded half up to `digits` decimals.
fn decimal(value: u128, scale: u128, digits: u32) -> String {
    let ten = 10_u128.pow(digits);
    let rounded = (value * ten * 2 + scale) / (2 * scale);
    if digits == 0 {
        return rounded.to_string();
    }
    format!("{}.{:0width$}", rounded / ten, rounded % ten, width = digits as usize)
}

/// [`decimal`] without trailing zeros.
fn short_decimal(value: u128, scale: u128, digits: u32) -> String {
    let text = decimal(value, scale, digits);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl MicroUsd {
    /// Dollars with `digits` decimals, rounded half up: `588.24`.
    pub fn usd(self, digits: u32) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}", decimal(u128::from(self.0.unsigned_abs()), 1_000_000, digits))
    }
}

impl fmt::Display for MicroUsd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} USD", self.usd(2))
    }
}

impl Percent {
    /// All of it.
    pub const WHOLE: Self = Self(1_000_000);

    /// Percent with at most `digits` decimals and no trailing zeros: `99.8`.
    pub fn percent(self, digits: u32) -> String {
        short_decimal(u128::from(self.0), 10_000, digits)
    }

    /// This share of `amount`, rounded down.
    pub fn of(self, amount: u64) -> u64 {
        u64::try_from(u128::from(amount) * u128::from(self.0) / 1_000_000).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} %", self.percent(4))
    }
}

impl PerSecond {
    /// This share of the rate.
    #[must_use]
    pub fn share(self, share: Percent) -> Self {
        Self(share.of(self.0))
    }
}

impl fmt::Display for PerSecond {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} rps", short_decimal(u128::from(self.0), 1_000, 3))
    }
}

/// The largest unit of `scales` that divides `value` evenly.
fn even_unit(value: u64, scales: &[(u64, &str)]) -> String {
    let fits = |scale: u64| value >= scale && value.is_multiple_of(scale);
    let found = scales.iter().find(|(scale, _)| fits(*scale)).or(scales.last());
    found.map_or_else(String::new, |(scale, name)| format!("{} {name}", value / scale))
}

impl fmt::Display for Millis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SCALES: [(u64, &str); 5] =
            [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
        out.write_str(&even_unit(self.0, &SCALES))
    }
}

impl Millis {
    /// The time as people say it: in its two largest units, or seconds with what is left as decimals.
    pub fn spoken(self) -> String {
        const PAIRS: [(u64, &str, u64, &str); 3] =
            [(86_400_000, "d", 3_600_000, "h"), (3_600_000, "h", 60_000, "min"), (60_000, "min", 1_000, "s")];
        let Some((large, name, small, rest)) = PAIRS.iter().find(|(large, ..)| self.0 >= *large) else {
            let seconds = || format!("{} s", short_decimal(u128::from(self.0), 1_000, 2));
            return if self.0 < 1_000 { self.to_string() } else { seconds() };
        };
        match self.0 % large / small {
            0 => format!("{} {name}", self.0 / large),
            left => format!("{} {name} {left} {rest}", self.0 / large),
        }
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ms", decimal(u128::from(self.0), 1_000, 2))
    }
}

impl PerBillion {
    /// Always there.
    pub const WHOLE: Self = Self(1_000_000_000);

    /// The share as a decimal fraction with `digits` decimals: `0.998800`.
    pub fn fraction(self, digits: u32) -> String {
        decimal(u128::from(self.0), 1_000_000_000, digits)
    }

    /// Percent with at most `digits` decimals and no trailing zeros: `99.88`.
    pub fn percent(self, digits: u32) -> String {
        short_decimal(u128::from(self.0), 10_000_000, digits)
    }

    /// How much of `window` is lost.
    pub fn downtime(self, window: Millis) -> Millis {
        let lost = u128::from(1_000_000_000_u64.saturating_sub(self.0)) * u128::from(window.0);
        Millis(u64::try_from(lost / 1_000_000_000).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for PerBillion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} %", self.percent(4))
    }
}

impl From<Percent> for PerBillion {
    fn from(share: Percent) -> Self {
        Self(share.0.saturating_mul(1_000))
    }
}

impl Millis {
    /// Minutes with `digits` decimals: `51.8`.
    pub fn minutes(self, digits: u32) -> String {
        decimal(u128::from(self.0), 60_000, digits)
    }

    /// Whole seconds, rounded up.
    pub const fn seconds(self) -> u64 {
        self.0.div_ceil(1_000)
    }

    /// Whole days, rounded up.
    pub const fn days(self) -> u64 {
        self.0.div_ceil(86_400_000)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SCALES: [(u64, &str); 5] =
            [(1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"), (1, "B")];
        out.write_str(&even_unit(self.0, &SCALES))
    }
}

impl Bytes {
    /// Whole mebibytes, rounded up.
    pub const fn mebibytes(self) -> u64 {
        self.0.div_ceil(1 << 20)
    }

    /// Whole gibibytes, rounded up.
    pub const fn gibibytes(self) -> u64 {
        self.0.div_ceil(1 << 30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_its_two_largest_units() {
        let spoken = [0, 300, 1_000, 19_030, 60_000, 74_640_000, 86_400_000, 90_000_000];
        let spoken = spoken.map(|millis| Millis(millis).spoken());
        assert_eq!(spoken, ["0 ms", "300 ms", "1 s", "19.03 s", "1 min", "20 h 44 min", "1 d", "1 d 1 h"]);
    }

    #[test]
    fn quantities_print_with_their_largest_even_unit() {
        assert_eq!(Millis(900_000).to_string(), "15 min");
        assert_eq!(Millis(90_000).to_string(), "90 s");
        assert_eq!(Millis(0).to_string(), "0 ms");
        assert_eq!(Bytes(512 << 20).to_string(), "512 MB");
        assert_eq!(Percent(998_000).to_string(), "99.8 %");
        assert_eq!(PerSecond(16_667).to_string(), "16.667 rps");
        assert_eq!(MicroUsd(588_235_000).to_string(), "588.24 USD");
        assert_eq!(MicroUsd(-5_000).usd(2), "-0.01");
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Bytes(u64::MAX) + Bytes(1), Bytes(u64::MAX));
        assert_eq!(Millis(1) - Millis(2), Millis(0));
        assert_eq!(Percent(u64::MAX).of(u64::MAX), u64::MAX);
    }
}
