//! Everything of a model but services and flows.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::Size;
use crate::model::index::Index;
use crate::model::{Cidr, Flow, FlowId, Service, ServiceId, Settings};
pub use crate::syntax::ast::ContainerKind;
use crate::text::{Ident, Span, Spanned, Text};
use crate::units::{Arena, Date, Id, MicroUsd, Millis, PerSecond, Percent};

/// The id of a place.
pub type PlaceId = Id<Place>;
/// The id of a role.
pub type RoleId = Id<Role>;

/// The whole system.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The system's own line.
    pub system: System,
    /// The environment asked for by `--env`.
    pub environment: Option<Ident>,
    /// Containers.
    pub places: Arena<Place>,
    /// Services, declared ones first.
    pub services: Arena<Service>,
    /// Flows, declared ones first.
    pub flows: Arena<Flow>,
    /// Loads at entries.
    pub loads: Vec<Load>,
    /// Roles of people.
    pub roles: Arena<Role>,
    /// Grants apart from flows.
    pub grants: Vec<Grant>,
    /// Things reachable without authentication.
    pub publics: Vec<Public>,
    /// Network rules by hand.
    pub opens: Vec<Open>,
    /// Service level objectives.
    pub slos: Vec<Slo>,
    /// Recovery objectives.
    pub recoveries: Vec<Recovery>,
    /// Budgets.
    pub budgets: Vec<Budget>,
    /// Where alarms go; nothing when the model does not say.
    pub alarms: Option<Alarms>,
    /// Journeys.
    pub journeys: Vec<Journey>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// The architect's own rules.
    pub rules: Vec<crate::model::own_rule::OwnRule>,
    /// Waivers.
    pub waivers: Vec<Waiver>,
    /// Pictures the user composes.
    pub views: Vec<UserView>,
    /// Sizes taught in the model, by name.
    pub sizes: IndexMap<String, Size>,
    /// Terraform's backend.
    pub backend: Option<Backend>,
    /// Markdown for the report.
    pub notes: Vec<Note>,
    /// Decision records.
    pub decisions: Vec<Decision>,
    /// Its lookups; empty until the model is complete.
    pub(super) index: Index,
}

impl Model {
    /// Makes the lookups; the last step of resolving.
    pub(super) fn complete(&mut self) {
        self.index = Index::of(self);
    }

    /// The service of a name.
    pub fn service(&self, name: &str) -> Option<ServiceId> {
        self.index.names.get(name).copied()
    }

    /// The flows that start at a service, hops included, in model order.
    pub fn flows_from(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        let ends = self.index.ends.get(service.index());
        ends.into_iter().flat_map(|ends| &ends.leaving).map(|id| (*id, &self.flows[*id]))
    }

    /// The flows that end at a service, hops included, in model order.
    pub fn flows_to(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        let ends = self.index.ends.get(service.index());
        ends.into_iter().flat_map(|ends| &ends.arriving).map(|id| (*id, &self.flows[*id]))
    }

    /// The flows at a service, hops included: those that start there, then those that come from elsewhere.
    pub fn flows_at(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        let arriving = self.flows_to(service).filter(move |(_, flow)| flow.from != service);
        self.flows_from(service).chain(arriving)
    }

    /// The whole flows at a service, in model order.
    pub fn whole_flows_at(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        let mut whole: Vec<_> = self.flows_at(service).filter(|(_, flow)| flow.is_whole()).collect();
        whole.sort_unstable_by_key(|(id, _)| *id);
        whole.into_iter()
    }

    /// The whole flows that start at a service, in model order.
    pub fn whole_flows_from(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        self.flows_from(service).filter(|(_, flow)| flow.is_whole())
    }

    /// The whole flows that end at a service, in model order.
    pub fn whole_flows_to(&self, service: ServiceId) -> impl Iterator<Item = (FlowId, &Flow)> {
        self.flows_to(service).filter(|(_, flow)| flow.is_whole())
    }

    /// The services that stand in a place, at any depth, in model order.
    pub fn services_in(&self, place: PlaceId) -> impl Iterator<Item = ServiceId> {
        self.index.members.get(place.index()).into_iter().flatten().copied()
    }

    /// The services whose settings name a service, with the setting that does.
    pub fn named_by(&self, service: ServiceId) -> impl Iterator<Item = (ServiceId, &str)> {
        let mentions = self.index.mentions.get(service.index());
        mentions.into_iter().flatten().map(|(by, setting)| (*by, setting.as_str()))
    }

    /// The flows that are not hops of others.
    pub fn whole_flows(&self) -> impl Iterator<Item = (FlowId, &Flow)> {
        self.flows.iter().filter(|(_, flow)| flow.is_whole())
    }

    /// A place and the places around it, innermost first.
    pub fn enclosing(&self, place: Option<PlaceId>) -> impl Iterator<Item = (PlaceId, &Place)> {
        std::iter::successors(place.map(|id| (id, &self.places[id])), |(_, place)| {
            place.parent.map(|id| (id, &self.places[id]))
        })
    }

    /// The innermost place of a sort around a service.
    pub fn place_of(&self, service: ServiceId, kind: ContainerKind) -> Option<PlaceId> {
        self.enclosing(self.services[service].place).find(|(_, place)| place.kind == kind).map(|(id, _)| id)
    }

    /// The region a service runs in: that of its `region` container, otherwise the system's.
    pub fn region_of(&self, service: ServiceId) -> &str {
        let place = self.place_of(service, ContainerKind::Region);
        place.map_or(self.system.region.as_str(), |id| self.places[id].name.as_str())
    }

    /// The service under whose role another runs: itself, unless it says `runs-as` of one that has a role of its own.
    pub fn runs_as(&self, id: ServiceId) -> ServiceId {
        let named = |id: ServiceId| self.services[id].settings.service("runs-as");
        named(id).filter(|other| *other != id && named(*other).is_none()).unwrap_or(id)
    }

    /// Is this the production environment? (`env prod`, or an environment named so.)
    pub fn is_production(&self) -> bool {
        self.system.env.as_str() == "prod"
    }
}

/// The system's own line.
#[derive(Debug, Clone)]
pub struct System {
    /// Its name.
    pub name: Ident,
    /// Its title; the name when none is stated.
    pub title: Text,
    /// The region.
    pub region: String,
    /// The stage: `prod`, `stage`, `dev`, …
    pub env: Ident,
    /// How many availability zones a VPC spans.
    pub zones: u64,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// The AWS account, 12 digits, when stated.
    pub account: Option<String>,
    /// What each class of data means here.
    pub data: Vec<(DataClass, Text)>,
    /// Its line.
    pub span: Span,
}

impl System {
    /// The e-mail address of who answers for it, when that is what is stated.
    pub fn address(&self) -> Option<&Text> {
        self.owner.as_ref().filter(|owner| {
            let whole: String = owner.chars().collect();
            let parts = whole.split_once('@').filter(|(name, _)| !name.is_empty());
            let host = parts.map_or("", |(_, host)| host);
            let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
            host.split_once('.').is_some_and(|(_, rest)| !rest.is_empty())
                && host.chars().all(is_plain)
                && !whole.chars().any(char::is_whitespace)
        })
    }
}

impl Default for System {
    fn default() -> Self {
        let name = Ident::sanitized("system");
        Self {
            title: Text::new("system"),
            name,
            region: "us-east-1".to_owned(),
            env: Ident::sanitized("prod"),
            zones: 2,
            owner: None,
            account: None,
            data: Vec::new(),
            span: Span::default(),
        }
    }
}

/// A class of data, from the least to the most sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DataClass {
    /// Anyone may see it.
    Public,
    /// The organisation's own.
    Internal,
    /// About a person.
    Pii,
    /// Card and account data.
    Payment,
    /// Credentials and keys.
    Secret,
}

/// Classes with their names.
const CLASSES: [(DataClass, &str); 5] = [
    (DataClass::Public, "public"),
    (DataClass::Internal, "internal"),
    (DataClass::Pii, "pii"),
    (DataClass::Payment, "payment"),
    (DataClass::Secret, "secret"),
];

impl DataClass {
    /// The name in the language.
    pub fn name(self) -> &'static str {
        CLASSES.iter().find(|(class, _)| *class == self).map_or("", |(_, name)| name)
    }

    /// The class of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        CLASSES.iter().find(|(_, known)| *known == name).map(|(class, _)| *class)
    }

    /// All names.
    pub const NAMES: [&'static str; 5] = ["public", "internal", "pii", "payment", "secret"];

    /// Does it need its own key, encryption in transit and care?
    pub fn is_sensitive(self) -> bool {
        self >= Self::Pii
    }
}

/// Who can reach a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TierAccess {
    /// With a route to the internet gateway.
    Public,
    /// With a route out through NAT, none in.
    Private,
    /// Without a route out of the VPC.
    Isolated,
}

/// A container.
#[derive(Debug, Clone)]
pub struct Place {
    /// Which sort.
    pub kind: ContainerKind,
    /// Its name.
    pub name: Ident,
    /// What it is called in pictures and reports.
    pub title: Text,
    /// The container around it.
    pub parent: Option<PlaceId>,
    /// Who can reach it, of a tier.
    pub access: Option<TierAccess>,
    /// Its address block.
    pub cidr: Option<Cidr>,
    /// Its settings.
    pub settings: Settings,
    /// Does it follow from the model (the public tier that NAT gateways need)?
    pub derived: bool,
    /// Its head.
    pub span: Span,
}

/// The load at an entry.
#[derive(Debug, Clone)]
pub struct Load {
    /// The entry.
    pub on: ServiceId,
    /// The usual rate.
    pub usual: PerSecond,
    /// The rate at peak; the usual one when none is stated.
    pub peak: PerSecond,
    /// Time a month at peak.
    pub peak_time: Millis,
    /// How soon the peak is reached from the usual rate, when it is stated.
    pub ramp: Option<Millis>,
    /// Its line.
    pub span: Span,
}

/// One permission of a role.
#[derive(Debug, Clone)]
pub struct Permit {
    /// The verb.
    pub verb: String,
    /// The services that offer it.
    pub on: Vec<ServiceId>,
    /// Was it written `all`?
    pub all: bool,
    /// Does it include the budgets?
    pub budgets: bool,
    /// The services of `all` that do not offer the verb.
    pub without: Vec<ServiceId>,
    /// Its line.
    pub span: Span,
}

/// One boundary of a role.
#[derive(Debug, Clone)]
pub struct Never {
    /// The verb.
    pub verb: String,
    /// Every service that holds this class.
    pub class: Option<DataClass>,
    /// Or these services.
    pub on: Vec<ServiceId>,
    /// Its line.
    pub span: Span,
}

/// A role of people.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: Ident,
    /// Its title; the name when none is stated.
    pub title: Text,
    /// The identity provider's group.
    pub group: Option<Text>,
    /// What its members may do.
    pub permits: Vec<Permit>,
    /// What they may never do.
    pub nevers: Vec<Never>,
    /// Must they present a second factor?
    pub mfa: bool,
    /// The longest session.
    pub session: Option<Millis>,
    /// For emergencies only.
    pub break_glass: bool,
    /// Is a permissions boundary asked for by name? (`never` clauses make one in any case.)
    pub boundary: bool,
    /// Managed policies by ARN.
    pub policies: Vec<Spanned<Text>>,
    /// Its head.
    pub span: Span,
}

/// Who a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    /// A service's own role.
    Service(ServiceId),
    /// A role of people.
    Role(RoleId),
    /// Anyone: `*`.
    Anyone,
}

/// A grant written apart from a flow.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Who.
    pub principal: Spanned<Grantee>,
    /// Verbs.
    pub verbs: Vec<Spanned<String>>,
    /// Raw actions.
    pub actions: Vec<Spanned<Text>>,
    /// On which services.
    pub on: Vec<Spanned<ServiceId>>,
    /// On everything: `*`.
    pub everything: Option<Span>,
    /// Condition keys and values.
    pub conditions: Vec<(Text, Text)>,
    /// Why.
    pub because: Option<Spanned<Text>>,
    /// Its line.
    pub span: Span,
}

/// A thing reachable without authentication.
#[derive(Debug, Clone)]
pub struct Public {
    /// What.
    pub on: ServiceId,
    /// Why.
    pub because: Option<Text>,
    /// Its line.
    pub span: Span,
}

/// Who a hand-written network rule lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenFrom {
    /// An address block.
    Cidr(Cidr),
    /// A service.
    Service(ServiceId),
}

/// A network rule by hand.
#[derive(Debug, Clone)]
pub struct Open {
    /// The port.
    pub port: u16,
    /// On what.
    pub on: ServiceId,
    /// From where.
    pub from: OpenFrom,
    /// Why.
    pub because: Option<Text>,
    /// Its line.
    pub span: Span,
}

/// What an objective or a recovery is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A service (an entry).
    Service(ServiceId),
    /// A journey, by its position in [`Model::journeys`].
    Journey(usize),
}

/// A service level objective.
#[derive(Debug, Clone)]
pub struct Slo {
    /// The objective.
    pub objective: Percent,
    /// The window, when stated.
    pub over: Option<Millis>,
    /// The entry or journey, when stated.
    pub on: Option<Target>,
    /// The latency bound and its percentile (99 for p99), when stated.
    pub latency: Option<(u64, Millis)>,
    /// Its line.
    pub span: Span,
}

/// Recovery objectives.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// Of what.
    pub on: Vec<ServiceId>,
    /// How much data may be lost, as time.
    pub rpo: Option<Millis>,
    /// How long it may take.
    pub rto: Option<Millis>,
    /// Its line.
    pub span: Span,
}

/// How often a budget starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Period {
    /// Each day.
    Daily,
    /// Each month.
    Monthly,
    /// Each quarter.
    Quarterly,
    /// Each year.
    Annually,
}

/// What a budget's threshold is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Spending {
    /// What was spent.
    Actual,
    /// What AWS expects to be spent.
    Forecast,
}

/// One threshold of a budget.
#[derive(Debug, Clone, Copy)]
pub struct Threshold {
    /// The share of the limit.
    pub share: Percent,
    /// Compared with what.
    pub of: Spending,
    /// Its place.
    pub span: Span,
}

/// One action of a budget.
#[derive(Debug, Clone)]
pub struct BudgetAction {
    /// When.
    pub at: Threshold,
    /// What, as it is written.
    pub what: Vec<Spanned<String>>,
    /// What, as it is meant.
    pub deed: Deed,
    /// Its line.
    pub span: Span,
}

/// What is done when a budget is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// `deny new ec2`: these IAM actions are refused.
    Deny(BTreeSet<String>),
    /// `stop products_db`: these databases are stopped.
    Stop(Vec<ServiceId>),
}

/// What a budget counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole system.
    System,
    /// A group.
    Place(PlaceId),
    /// One service.
    Service(ServiceId),
}

/// A limit of spending.
#[derive(Debug, Clone)]
pub struct Budget {
    /// The limit.
    pub limit: MicroUsd,
    /// How often it starts anew.
    pub period: Period,
    /// What it counts.
    pub scope: Scope,
    /// Thresholds and who hears of them.
    pub alerts: Vec<(Threshold, Vec<ServiceId>)>,
    /// Actions.
    pub actions: Vec<BudgetAction>,
    /// Its line.
    pub span: Span,
}

/// Where alarms go.
#[derive(Debug, Clone)]
pub struct Alarms {
    /// Are they derived?
    pub auto: bool,
    /// Who hears of them.
    pub to: Vec<ServiceId>,
    /// Its line.
    pub span: Span,
}

/// A way through the system.
#[derive(Debug, Clone)]
pub struct Journey {
    /// Its name.
    pub name: Ident,
    /// Its title; the name when none is stated.
    pub title: Text,
    /// Who takes part, in order.
    pub steps: Vec<Vec<ServiceId>>,
    /// The flows between each step and the next: one list shorter than `steps`.
    pub flows: Vec<Vec<FlowId>>,
    /// Its head.
    pub span: Span,
}

/// A bound of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// Is it an upper bound (`<`)? Otherwise a lower one.
    pub upper: bool,
    /// The figure in its dimension's scale.
    pub figure: crate::syntax::ast::Quantity,
}

/// A sentence bound to a predicate.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The sentence.
    pub sentence: Text,
    /// Is the negation claimed?
    pub negated: bool,
    /// The predicate's word.
    pub predicate: Spanned<String>,
    /// The services it is about.
    pub on: Vec<ServiceId>,
    /// The services after `by`.
    pub by: Vec<ServiceId>,
    /// The word after `by`, when it is no service.
    pub key: Option<String>,
    /// The bound.
    pub bound: Option<Bound>,
    /// Its line.
    pub span: Span,
}

/// A finding accepted for a time.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The code.
    pub code: Spanned<String>,
    /// The thing's name, when stated.
    pub on: Option<Spanned<Ident>>,
    /// The last day.
    pub until: Option<Date>,
    /// Why.
    pub because: Option<Text>,
    /// Its line.
    pub span: Span,
}

/// What a clause of a view picks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Everything.
    All,
    /// A service.
    Service(ServiceId),
    /// All in a place.
    Place(PlaceId),
    /// All of a kind, by its identifier.
    Kind(String),
    /// All with a tag and, when given, its value.
    Tag(String, Option<Text>),
}

/// A picture the user composes.
#[derive(Debug, Clone)]
pub struct UserView {
    /// Its name.
    pub name: Ident,
    /// Its title; the name when none is stated.
    pub title: Text,
    /// What is shown.
    pub show: Vec<Selector>,
    /// What is left out.
    pub hide: Vec<Selector>,
    /// How many steps around what is shown are shown too.
    pub neighbours: u64,
    /// `right` or `down`, when stated.
    pub direction: Option<String>,
    /// Its head.
    pub span: Span,
}

/// Terraform's backend.
#[derive(Debug, Clone)]
pub struct Backend {
    /// Its type.
    pub kind: Ident,
    /// Its arguments in order.
    pub settings: IndexMap<Ident, Text>,
    /// Its head.
    pub span: Span,
}

/// Markdown for the report.
#[derive(Debug, Clone)]
pub struct Note {
    /// About what; the system when nothing.
    pub on: Option<ServiceId>,
    /// The text.
    pub text: Text,
    /// Its line.
    pub span: Span,
}

/// An architecture decision record.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its title.
    pub title: Text,
    /// `proposed`, `accepted`, `superseded`, …
    pub status: String,
    /// Its parts in order: `context`, `consequence`, …
    pub parts: Vec<(String, Text)>,
    /// Its head.
    pub span: Span,
}
