//! Which day it is: for waivers and the ages of prices, never for an output's content but the report's own line.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::units::Date;

/// The day given, else that of `SOURCE_DATE_EPOCH` (seconds since 1970), else the system's (UTC).
pub fn today(given: Option<Date>) -> Date {
    let epoch = || env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    given.unwrap_or_else(|| Date::from_unix(epoch().unwrap_or_else(now)))
}
