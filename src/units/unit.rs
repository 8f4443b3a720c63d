//! The units an architect can write, as one table.

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// A bare number.
    Count,
    /// [`super::Millis`].
    Time,
    /// [`super::Bytes`].
    Bytes,
    /// [`super::Percent`].
    Percent,
    /// [`super::PerSecond`].
    Rate,
    /// [`super::MicroUsd`].
    Money,
    /// [`super::MicroUsd`] an hour.
    MoneyPerHour,
    /// [`super::Millis`] a month.
    TimePerMonth,
}

/// One unit: `amount × numerator / denominator` is the quantity in the dimension's own scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// As written.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// See [`Unit`].
    pub numerator: u64,
    /// See [`Unit`].
    pub denominator: u64,
}

const fn row(name: &'static str, dimension: Dimension, numerator: u64, denominator: u64) -> Unit {
    Unit { name, dimension, numerator, denominator }
}

/// Every unit of the language.
pub const UNITS: &[Unit] = &[
    row("ms", Dimension::Time, 1, 1),
    row("s", Dimension::Time, 1_000, 1),
    row("min", Dimension::Time, 60_000, 1),
    row("h", Dimension::Time, 3_600_000, 1),
    row("d", Dimension::Time, 86_400_000, 1),
    row("B", Dimension::Bytes, 1, 1),
    row("KB", Dimension::Bytes, 1 << 10, 1),
    row("MB", Dimension::Bytes, 1 << 20, 1),
    row("GB", Dimension::Bytes, 1 << 30, 1),
    row("TB", Dimension::Bytes, 1 << 40, 1),
    row("%", Dimension::Percent, 10_000, 1),
    row("rps", Dimension::Rate, 1_000, 1),
    row("/s", Dimension::Rate, 1_000, 1),
    row("/min", Dimension::Rate, 1_000, 60),
    row("/h", Dimension::Rate, 1_000, 3_600),
    row("/d", Dimension::Rate, 1_000, 86_400),
    row("USD", Dimension::Money, 1_000_000, 1),
    row("USD/h", Dimension::MoneyPerHour, 1_000_000, 1),
    row("h/month", Dimension::TimePerMonth, 3_600_000, 1),
];

/// The unit written `name`.
pub fn unit(name: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.name == name)
}

impl Unit {
    /// The quantity that `thousandths / 1000` of this unit make, in the dimension's scale, rounded half up;
    /// nothing when it does not fit 64 bits.
    pub fn scale(&self, thousandths: u64) -> Option<u64> {
        let product = u128::from(thousandths) * u128::from(self.numerator);
        let divisor = u128::from(self.denominator) * 1_000;
        u64::try_from((product * 2 + divisor) / (divisor * 2)).ok()
    }
}

impl Dimension {
    /// The units that measure it, for messages: `ms, s, min, h or d`, with this word before the last.
    pub fn unit_names(self, or: &str) -> String {
        let names: Vec<&str> =
            UNITS.iter().filter(|unit| unit.dimension == self).map(|unit| unit.name).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} {or} {last}", rest.join(", ")),
            None => "-".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_scale_to_integers() {
        assert_eq!(unit("min").and_then(|u| u.scale(15_000)), Some(900_000));
        assert_eq!(unit("/min").and_then(|u| u.scale(1_000_000)), Some(16_667));
        assert_eq!(unit("%").and_then(|u| u.scale(99_800)), Some(998_000));
        assert_eq!(unit("TB").and_then(|u| u.scale(u64::MAX)), None);
        assert_eq!(Dimension::Percent.unit_names("or"), "%");
        assert_eq!(Dimension::Time.unit_names("or"), "ms, s, min, h or d");
    }
}
