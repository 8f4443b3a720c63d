//! The edit that gives a group other bounds or another metric, as the model would write it.

use crate::check::case::Case;
use crate::model::ServiceId;

/// `scale 2..6 on cpu 50%`: these bounds on the metric that is stated, or on this one instead.
pub(super) fn scale(
    case: &Case<'_>,
    id: ServiceId,
    (min, max): (u64, u64),
    on: Option<(&str, u64)>,
) -> String {
    let service = &case.model.services[id];
    let policy = service.settings.scaling();
    let stated = policy.and_then(|policy| Some((policy.metric.as_deref()?, policy.target?)));
    let metric = on.or(stated).and_then(|(name, target)| Some((service.kind.scaling.metric(name)?, target)));
    let Some((metric, target)) = metric else { return format!("scale {min}..{max}") };
    let unit = match metric.unit.as_str() {
        "percent" => "%",
        "requests/minute" => "/min",
        _ => "",
    };
    format!("scale {min}..{max} on {} {target}{unit}", metric.word)
}
