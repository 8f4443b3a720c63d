//! What operations need: alarms that follow from what a system consists of, and log groups with their retention.

mod alarms;
mod logs;
mod table;

use crate::catalog::Catalog;
use crate::derive::network::Network;
use crate::model::{Model, PlaceId, ServiceId};
use crate::text::{Ident, Span, Wording};

/// On which side of its threshold a metric is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// What identifies the measured thing in `CloudWatch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// One dimension whose value is the thing's own name or id: `QueueName`, `FunctionName`, ….
    Own(&'static str),
    /// A target group and the load balancer in front of it.
    TargetGroup,
    /// An HTTP API and its stage.
    ApiStage,
}

/// One alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its name: the subject's and what is watched, `sell.errors`.
    pub name: Ident,
    /// What is watched.
    pub subject: ServiceId,
    /// The load balancer in front of it, when the metric is about a target group.
    pub balancer: Option<ServiceId>,
    /// The metric's namespace.
    pub namespace: &'static str,
    /// The metric.
    pub metric: &'static str,
    /// `Sum`, `Average`, `Maximum`, `p99`.
    pub statistic: &'static str,
    /// On which side of the threshold it is bad.
    pub comparison: Comparison,
    /// The threshold, in the metric's own unit.
    pub threshold: u64,
    /// One measurement, in seconds.
    pub period: u64,
    /// How many measurements in a row must be bad.
    pub periods: u64,
    /// What identifies the thing.
    pub dimension: Dimension,
    /// What a bad measurement means, as a clause.
    pub why: Wording,
    /// The lines that cause it: that of the alarms and that of the subject.
    pub causes: Vec<Span>,
}

/// What a log group records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// What a service's code writes.
    Application(ServiceId),
    /// The requests an entry receives.
    Access(ServiceId),
    /// The connections of a network.
    Connections(PlaceId),
}

/// One log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Its name in `CloudWatch`.
    pub name: String,
    /// What it records.
    pub of: Logged,
    /// How long it is kept, in days `CloudWatch` accepts.
    pub retention: u64,
    /// The lines that cause it; at least one.
    pub causes: Vec<Span>,
}

/// What operations need.
#[derive(Debug, Clone, Default)]
pub struct Operations {
    /// Alarms, in model order; none when the model does not ask for them.
    pub alarms: Vec<Alarm>,
    /// Log groups, in model order.
    pub log_groups: Vec<LogGroup>,
}

/// Derives alarms and log groups; never fails.
pub fn derive(model: &Model, catalog: &Catalog, network: &Network) -> Operations {
    Operations { alarms: alarms::derive(model, catalog, network), log_groups: logs::derive(model) }
}
