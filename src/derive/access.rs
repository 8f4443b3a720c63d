//! Who may do what: one grant a verb and resource, from flows, from what a kind needs to live, and from roles.

mod arn;
mod base;
mod explicit;
mod flows;
mod notices;
mod people;
mod reach;
mod statements;
mod verbs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::catalog::Catalog;
use crate::model::{FlowId, Model, RoleId, ServiceId};
use crate::text::{Phrase, Span, Wording};

pub use arn::{Filling, UNKNOWN_ACCOUNT, geography, prefix, substitute};
pub use reach::{Control, Reach, control_of};
pub use statements::Statement;

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
    Base(Phrase),
    /// A line of a role.
    Permit,
    /// A boundary of a role.
    Never,
    /// A `grant` statement, by its position in the model.
    Explicit(usize),
    /// Alarms or budgets tell somebody; the clause says which.
    Notice(Wording),
}

/// Condition operator and key to values.
pub type Conditions = BTreeMap<(String, String), Vec<String>>;

/// One grant: a set of actions on one resource, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub principal: Principal,
    /// Which of the principal's roles; empty for the one its code runs under, else `execution` or `node`.
    pub role: String,
    /// By what.
    pub carrier: Carrier,
    /// Allow or deny.
    pub effect: Effect,
    /// The verb it comes from; empty for what a kind needs to live and for raw actions.
    pub verb: String,
    /// The level of these actions: `read`, `write`, `list`, `permissions`, `network`; empty for what a kind needs to live and
    /// for raw actions the catalogue does not know.
    pub level: String,
    /// IAM actions, sorted.
    pub actions: Vec<String>,
    /// On what.
    pub resource: Resource,
    /// Condition operator and key to values: `("StringEquals", "kms:ViaService")`; of the placeholders only `${region}`,
    /// `${account}` and `${partition}` are left in them.
    pub conditions: Conditions,
    /// The service whose ARN the condition `aws:SourceArn` names.
    pub source: Option<ServiceId>,
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
    /// The places of those that a resource's own policy carries, by resource.
    carried: BTreeMap<ServiceId, Vec<usize>>,
    /// The statements of each principal, put together when they are first asked for.
    statements: OnceLock<BTreeMap<Principal, Vec<Statement>>>,
}

/// How wide the rights of a principal are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breadth {
    /// Statements of its policies.
    pub statements: usize,
    /// Different actions it is allowed.
    pub actions: usize,
    /// Statements on `*`.
    pub on_everything: usize,
    /// Different services it may act upon.
    pub services: usize,
}

impl Grant {
    /// Is it an allowance in a policy of the principal's role?
    pub fn is_identity_allow(&self) -> bool {
        self.carrier == Carrier::Identity && self.effect == Effect::Allow
    }

    /// Does it allow changes of content, configuration or rights?
    pub fn is_change(&self) -> bool {
        self.effect == Effect::Allow && matches!(self.level.as_str(), "write" | "permissions")
    }
}

impl Access {
    /// The grants of a principal, in model order.
    pub fn of(&self, principal: &Principal) -> &[Grant] {
        let start = self.grants.partition_point(|grant| grant.principal < *principal);
        let end = self.grants.partition_point(|grant| grant.principal <= *principal);
        self.grants.get(start..end).unwrap_or_default()
    }

    /// The principals that hold at least one grant, in order.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.grants
            .chunk_by(|one, next| one.principal == next.principal)
            .filter_map(|chunk| chunk.first())
            .map(|grant| &grant.principal)
    }

    /// The grants in the policy of a resource, in order of their principals.
    pub fn on(&self, service: ServiceId) -> impl Iterator<Item = &Grant> {
        let places = self.carried.get(&service).into_iter().flatten();
        places.filter_map(|place| self.grants.get(*place))
    }

    /// The statements of a principal's own policies.
    pub fn statements(&self, principal: &Principal) -> &[Statement] {
        let own = |principal: &Principal| {
            let grants = self.of(principal).iter().filter(|grant| grant.carrier == Carrier::Identity);
            (principal.clone(), statements::group(grants))
        };
        let all = self.statements.get_or_init(|| self.principals().map(own).collect());
        all.get(principal).map_or(&[], Vec::as_slice)
    }

    /// The statements of a resource's policy, its function permissions and its key policy.
    pub fn resource_statements(&self, service: ServiceId) -> Vec<Statement> {
        statements::group(self.on(service))
    }

    /// How wide the rights of a principal are.
    pub fn breadth(&self, principal: &Principal) -> Breadth {
        let allowed = || self.of(principal).iter().filter(|grant| grant.effect == Effect::Allow);
        let statements = self.statements(principal);
        Breadth {
            statements: statements.len(),
            actions: allowed().flat_map(|grant| &grant.actions).collect::<BTreeSet<_>>().len(),
            on_everything: statements.iter().filter(|statement| statement.is_on_everything()).count(),
            services: allowed().filter_map(|grant| grant.resource.service).collect::<BTreeSet<_>>().len(),
        }
    }
}

/// Derives all grants of a model; never fails.
pub fn derive(model: &Model, catalog: &Catalog) -> Access {
    let mut grants = flows::grants(model, catalog);
    grants.extend(base::grants(model));
    grants.extend(notices::grants(model));
    grants.extend(people::grants(model, catalog));
    grants.extend(explicit::grants(model, catalog));
    grants.sort_by(|one, other| one.principal.cmp(&other.principal));
    let mut carried: BTreeMap<ServiceId, Vec<usize>> = BTreeMap::new();
    for (place, grant) in grants.iter().enumerate().filter(|(_, grant)| grant.carrier != Carrier::Identity) {
        if let Some(service) = grant.resource.service {
            carried.entry(service).or_default().push(place);
        }
    }
    Access { grants, carried, statements: OnceLock::new() }
}
