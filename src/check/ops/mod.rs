//! Rules about running the system: alarms, logs, health, traces.

mod deaf_alarm;
mod no_access_logs;
mod no_health_check;
mod untraced;
mod unwatched;

use crate::check::case::Check;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] =
    &[unwatched::CHECK, deaf_alarm::CHECK, no_access_logs::CHECK, no_health_check::CHECK, untraced::CHECK];
