//! Rules about running the system: alarms, logs, health, traces.

mod deaf_alarm;
mod no_access_logs;
mod no_health_check;
mod untraced;
mod unwatched;

use crate::check::case::{Case, Check};
use crate::check::fixes::{added, only_topic};
use crate::diag::Diagnostic;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] =
    &[unwatched::CHECK, deaf_alarm::CHECK, no_access_logs::CHECK, no_health_check::CHECK, untraced::CHECK];

/// The finding with an edit that has alarms derived and sent to the one topic that people hear.
pub(super) fn watched_by_topic(case: &Case<'_>, finding: Diagnostic) -> Diagnostic {
    match only_topic(case).filter(|_| case.model.alarms.is_none()) {
        Some(topic) => added(case, &format!("alarms auto -> {}", case.model.services[topic].name), finding),
        None => finding,
    }
}
