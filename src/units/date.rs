//! Calendar days, without a clock.

use std::fmt;

use serde::{Serialize, Serializer};

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, 1970 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The day written `YYYY-MM-DD`, or nothing when there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            parts
                .next()
                .filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))?
                .parse()
                .ok()
        };
        let (year, month, day): (u16, u16, u16) = (number(4)?, number(2)?, number(2)?);
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let real = parts.next().is_none() && year >= 1970 && (1..=days_in(year, month)).contains(&day);
        real.then_some(Self { year, month, day })
    }

    /// The same day six months later, or the last of that month when it is shorter.
    #[must_use]
    pub fn half_a_year_on(self) -> Self {
        let (year, month) =
            if self.month > 6 { (self.year + 1, self.month - 6) } else { (self.year, self.month + 6) };
        Self { year, month, day: self.day.min(days_in(year, month)) }
    }

    /// The day that holds the instant `seconds` after 1970-01-01T00:00:00Z.
    pub fn from_unix(seconds: u64) -> Self {
        let mut left = seconds / 86_400;
        let mut year = 1970;
        while left >= year_length(year) && year < 9_999 {
            left -= year_length(year);
            year += 1;
        }
        let mut month = 1;
        while left >= u64::from(days_in(year, month)) && month < 12 {
            left -= u64::from(days_in(year, month));
            month += 1;
        }
        Self { year, month, day: u8::try_from(left + 1).unwrap_or(31) }
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn year_length(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

/// How many days a month has; 0 for a month that does not exist.
fn days_in(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_year_on_is_a_real_day() {
        let later = |day: &str| Date::parse(day).map(|day| day.half_a_year_on().to_string());
        assert_eq!(later("2026-11-28").as_deref(), Some("2027-05-28"));
        assert_eq!(later("2026-08-31").as_deref(), Some("2027-02-28"));
        assert_eq!(later("2026-06-15").as_deref(), Some("2026-12-15"));
    }

    #[test]
    fn only_real_days_parse() {
        assert_eq!(Date::parse("2027-06-30").map(|d| d.to_string()).as_deref(), Some("2027-06-30"));
        assert!(Date::parse("2024-02-29").is_some());
        for bad in ["2023-02-29", "2027-13-01", "2027-6-30", "2027-06-30-1", "x", "2027-06-00"] {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn seconds_since_1970_give_the_day() {
        assert_eq!(Date::from_unix(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_unix(951_782_400).to_string(), "2000-02-29");
        assert_eq!(Date::from_unix(1_795_305_600).to_string(), "2026-11-22");
    }
}
