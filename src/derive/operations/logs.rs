//! Log groups: what is recorded, under which name, for how long.

use crate::catalog::Trait;
use crate::derive::access::{Filling, prefix};
use crate::derive::operations::{LogGroup, Logged};
use crate::model::{ContainerKind, Model, Place, PlaceId, Service, ServiceId};
use crate::units::Millis;

/// The retentions `CloudWatch` Logs accepts, in days.
const RETENTIONS: &[u64] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// The log groups of a model.
pub(super) fn derive(model: &Model) -> Vec<LogGroup> {
    let services = model.services.iter().filter_map(|(id, service)| service_group(model, id, service));
    let networks = model.places.iter().filter_map(|(id, place)| network_group(model, id, place));
    services.chain(networks).collect()
}

/// The shortest accepted retention that is long enough.
fn retention(wanted: Millis) -> u64 {
    let longest = RETENTIONS.last().copied().unwrap_or(1);
    RETENTIONS.iter().copied().find(|days| *days >= wanted.days()).unwrap_or(longest)
}

fn service_group(model: &Model, id: ServiceId, service: &Service) -> Option<LogGroup> {
    let retention = retention(service.settings.time("logs")?);
    let of = if service.kind.has(Trait::Authorizes) { Logged::Access(id) } else { Logged::Application(id) };
    Some(LogGroup { name: group_name(model, id, service)?, of, retention, causes: service.causes().to_vec() })
}

/// The group the service's own role may write to; of a kind whose logs AWS writes itself, one named after it. Nothing for
/// kinds that log into a bucket.
fn group_name(model: &Model, id: ServiceId, service: &Service) -> Option<String> {
    let arns = service.kind.base.iter().flat_map(|row| &row.allow).filter_map(|allow| allow.arn.as_deref());
    let own = arns.filter_map(|arn| arn.split_once(":log-group:")).map(|(_, rest)| rest);
    let own = own.filter_map(|rest| rest.split_once(":log-stream")).map(|(name, _)| name).next();
    let is_api = service.kind.has(Trait::Authorizes);
    let named = if is_api { "/aws/apigateway/${name}" } else { "/archc/${system}/${name}" };
    let writes = || service.kind.terraform.iter().any(|kind| kind == "aws_cloudwatch_log_group");
    let template = own.or_else(|| writes().then_some(named))?;
    Some(Filling::new(model, Some(id)).fill(template))
}

fn network_group(model: &Model, id: PlaceId, place: &Place) -> Option<LogGroup> {
    let wanted = place.settings.time("flow-logs").filter(|_| place.kind == ContainerKind::Vpc)?;
    let name = format!("/{}/{}/flow", prefix(model), place.name.dashed());
    let causes = vec![place.settings.span("flow-logs").unwrap_or(place.span)];
    Some(LogGroup { name, of: Logged::Connections(id), retention: retention(wanted), causes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retention_is_rounded_up_to_what_cloudwatch_accepts() {
        let days = |count: u64| retention(Millis(count * 86_400_000));
        assert_eq!([days(0), days(2), days(90), days(91), days(9_999)], [1, 3, 90, 120, 3653]);
    }
}
