//! Rules about carrying the load: units, connections, queues, limits.

mod above_baseline;
mod below_peak;
mod connections;
mod deaf_metric;
mod endless_queue;
mod function_connections;
mod idle_minimum;
mod narrow_hop;
mod no_bound;
mod odd_requests_target;
mod odd_target;
mod quota_reached;
mod rescale;
mod slow_growth;
mod too_few;
mod too_large;
mod too_long;
mod zone_loss;

use crate::check::case::Check;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    no_bound::CHECK,
    too_few::CHECK,
    zone_loss::CHECK,
    odd_target::CHECK,
    deaf_metric::CHECK,
    below_peak::CHECK,
    idle_minimum::CHECK,
    slow_growth::CHECK,
    quota_reached::CHECK,
    connections::CHECK,
    function_connections::CHECK,
    narrow_hop::CHECK,
    endless_queue::CHECK,
    too_large::CHECK,
    too_long::CHECK,
    above_baseline::CHECK,
    odd_requests_target::CHECK,
];
