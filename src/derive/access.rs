//! Who may do what: one grant a verb and resource, from flows, from what a kind needs to live, and from roles.

use std::collections::BTreeMap;

use crate::model::{FlowId, RoleId, ServiceId};
use crate::text::Span;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// The role of a service (instance profile, task role, execution role, integration role, …).
    Service(ServiceId),
    /// A role of people.
    Role(RoleId),
    /// An AWS service itself: `s3.amazonaws.com`.
    Aws(String),
    /// Anyone; only ever written by hand, and a finding.
    Anyone,
}

/// By what a grant is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// A policy of the principal's role.
    Identity,
    /// A policy of the resource.
    ResourcePolicy,
    /// A permission of a function.
    LambdaPermission,
    /// A statement of a key's policy.
    KeyPolicy,
}

/// Allow, or the deny of a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Allowed.
    Allow,
    /// Denied.
    Deny,
}

/// What is acted upon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// The service it belongs to; nothing for `*`.
    pub service: Option<ServiceId>,
    /// The resource type of the action's service: `s3:object`, `sqs:queue`, `kms:key`; `*` for actions without resource-level support.
    pub kind: String,
    /// The ARN with `${name}`, `${region}`, `${account}`, `${partition}`, `${id}`, `${resource_id}`, … still to be filled in; `*` alone.
    pub arn: String,
}

/// Why a grant exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A flow needs it.
    Flow(FlowId),
    /// The kind needs it to live; the catalogue's sentence.
    Base(String),
    /// A line of a role.
    Permit,
    /// A boundary of a role.
    Never,
    /// A `grant` statement, by its position in the model.
    Explicit(usize),
}

/// One grant: a set of actions on one resource, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub principal: Principal,
    /// By what.
    pub carrier: Carrier,
    /// Allow or deny.
    pub effect: Effect,
    /// The verb it comes from; empty for what a kind needs to live and for raw actions.
    pub verb: String,
    /// The level of the verb: `read`, `write`, `list`, `permissions`, `network`.
    pub level: String,
    /// IAM actions, sorted.
    pub actions: Vec<String>,
    /// On what.
    pub resource: Resource,
    /// Condition operator and key to values: `("StringEquals", "kms:ViaService")`.
    pub conditions: BTreeMap<(String, String), Vec<String>>,
    /// Why.
    pub reason: Reason,
    /// The lines that cause it; at least one.
    pub causes: Vec<Span>,
}

/// All grants of a system, by principal, in model order.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Every grant.
    pub grants: Vec<Grant>,
}
