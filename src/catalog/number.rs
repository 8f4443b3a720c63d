//! Exact numbers: a decimal of a data file becomes an integer of a stated scale, and never a rounded float.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// `text` (digits, at most one point) times 10^`digits`; nothing when a digit would be lost.
pub(super) fn decimal(text: &str, digits: u32) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let padding = usize::try_from(digits).ok()?.checked_sub(fraction.len())?;
    format!("{whole}{fraction}{}", "0".repeat(padding)).parse().ok()
}

/// A decimal as 10^`DIGITS` times its value.
pub(super) struct Scaled<const DIGITS: u32>(pub i128);

struct DecimalVisitor<const DIGITS: u32>;

impl<const DIGITS: u32> DecimalVisitor<DIGITS> {
    fn exact<E: Error>(text: &str) -> Result<Scaled<DIGITS>, E> {
        let lost = || E::custom(format!("`{text}` is no number with at most {DIGITS} decimals"));
        decimal(text, DIGITS).map(Scaled).ok_or_else(lost)
    }
}

impl<const DIGITS: u32> Visitor<'_> for DecimalVisitor<DIGITS> {
    type Value = Scaled<DIGITS>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a number with at most {DIGITS} decimals")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::exact(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::exact(&value.to_string())
    }

    /// The tables that the build makes hold decimals as texts.
    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Self::exact(value)
    }

    /// The shortest decimal that reads back as `value` is the one the data file states.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Self::exact(&value.to_string())
    }
}

impl<'de, const DIGITS: u32> Deserialize<'de> for Scaled<DIGITS> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(DecimalVisitor)
    }
}

impl<const DIGITS: u32> Scaled<DIGITS> {
    /// As a natural number of 64 bits.
    fn natural<E: Error>(&self) -> Result<u64, E> {
        u64::try_from(self.0).map_err(|_| E::custom("the number must not be negative"))
    }
}

/// A share between 0 and 1 as parts per million.
pub(super) fn share<'de, D: Deserializer<'de>>(from: D) -> Result<crate::units::Percent, D::Error> {
    Scaled::<6>::deserialize(from)?.natural().map(crate::units::Percent)
}

/// [`share`], where it may be missing.
pub(super) fn maybe_share<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<crate::units::Percent>, D::Error> {
    share(from).map(Some)
}

/// A number as thousandths.
pub(super) fn milli<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Scaled::<3>::deserialize(from)?.natural()
}

/// [`milli`], where it may be missing.
pub(super) fn maybe_milli<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    milli(from).map(Some)
}

/// Two numbers as thousandths: the bounds of a range.
pub(super) fn milli_range<'de, D: Deserializer<'de>>(from: D) -> Result<(u64, u64), D::Error> {
    let (low, high) = <(Scaled<3>, Scaled<3>)>::deserialize(from)?;
    Ok((low.natural()?, high.natural()?))
}

/// US dollars as picodollars (10^-12 USD).
pub(super) fn pico<'de, D: Deserializer<'de>>(from: D) -> Result<i128, D::Error> {
    Scaled::<12>::deserialize(from).map(|scaled| scaled.0)
}

/// GiB as bytes, rounded down.
pub(super) fn gibibytes<'de, D: Deserializer<'de>>(from: D) -> Result<crate::units::Bytes, D::Error> {
    let thousandths = milli(from)?;
    Ok(crate::units::Bytes(thousandths.saturating_mul(1 << 30) / 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused() {
        assert_eq!(decimal("0.0000166667", 12), Some(16_666_700));
        assert_eq!(decimal("0.1", 12), Some(100_000_000_000));
        assert_eq!(decimal("40", 3), Some(40_000));
        assert_eq!(decimal("0.00001", 3), None);
        assert_eq!(decimal("1e-7", 12), None);
    }
}
