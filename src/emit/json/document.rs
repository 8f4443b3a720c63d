//! The types of `model.json`, version 1. Their schema is `docs/reference/model.schema.json`.
//!
//! Names, not numbers, join the parts. Quantities are integers whose unit ends the key: `_ms` milliseconds, `_bytes`
//! bytes, `_ppm` parts per million, `_mrps` thousandths of a request per second, `_micro_usd` millionths of a US dollar.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diag::Severity;
use crate::model::DataClass;
use crate::text::{Ident, Text};

/// A model with everything that follows from it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "model.json of archc")]
pub struct Document {
    /// The version of this format: 1. Keys may be added within a version; none is removed or changes its meaning.
    pub schema: u32,
    /// The system's own line.
    pub system: System,
    /// Containers: networks, tiers, regions and groups.
    pub places: Vec<Place>,
    /// Services, actors and external systems; declared ones first, then derived ones.
    pub services: Vec<Service>,
    /// Flows; declared ones first, then derived hops of them.
    pub flows: Vec<Flow>,
    /// Roles of people.
    pub roles: Vec<Role>,
    /// Who may do what with what, and why.
    pub grants: Vec<Grant>,
    /// Networks and the rules of security groups.
    pub network: Network,
    /// Journeys through the system.
    pub journeys: Vec<Journey>,
    /// The architect's claims and what became of them.
    pub claims: Vec<Claim>,
    /// The estimate of the monthly bill.
    pub cost: Cost,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// A place in a model's text.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct At {
    /// The file, relative to the model's folder; `-` for standard input.
    pub file: Text,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// The system.
#[derive(Debug, Serialize, JsonSchema)]
pub struct System {
    /// Its name.
    pub name: Ident,
    /// Its title.
    pub title: Text,
    /// Its AWS region.
    pub region: Text,
    /// Its stage.
    pub env: Ident,
    /// The environment whose overrides apply.
    pub environment: Option<Ident>,
    /// How many availability zones a network spans.
    pub zones: u64,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// Its AWS account, when stated.
    pub account: Option<Text>,
    /// What each class of data means here.
    pub data: Vec<DataMeaning>,
}

/// What a class of data means in this system.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DataMeaning {
    /// The class.
    pub class: DataClass,
    /// What is in it.
    pub meaning: Text,
}

/// Whether something was written, or follows from what was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Origin {
    /// Does it follow from the model instead of standing in it?
    pub derived: bool,
    /// Why it is derived.
    pub why: Option<Text>,
    /// The lines that cause it; of a declared thing, its own.
    pub causes: Vec<At>,
}

/// A container.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    /// Its name.
    pub name: Ident,
    /// Its title.
    pub title: Text,
    /// What it is: `vpc`, `tier`, `region` or `group`.
    pub kind: &'static str,
    /// The container around it.
    pub inside: Option<Ident>,
    /// Its address block.
    pub cidr: Option<String>,
    /// Does it follow from the model?
    pub derived: bool,
    /// Where it stands.
    pub at: At,
}

/// A service, an actor or an external system.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// Its name; of a derived thing a dotted one.
    pub name: Ident,
    /// Its title.
    pub title: Text,
    /// Its kind: an identifier of the catalogue.
    pub kind: String,
    /// What an architect types for the kind.
    pub word: String,
    /// The innermost container around it.
    pub inside: Option<Ident>,
    /// Its region.
    pub region: Text,
    /// Its settings, assumptions included.
    pub settings: IndexMap<String, Setting>,
    /// Its tags.
    pub tags: IndexMap<String, Text>,
    /// Its former name.
    pub was: Option<Ident>,
    /// The rate that reaches it usually.
    pub usual_mrps: u64,
    /// The rate that reaches it at peak.
    pub peak_mrps: u64,
    /// What it costs a month.
    pub cost: Points,
    /// Declared or derived.
    pub origin: Origin,
}

/// A setting.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Setting {
    /// Its value.
    #[serde(flatten)]
    pub value: Value,
    /// Who gave it: `stated`, `defaults`, `environment` or `assumed`.
    pub source: &'static str,
}

/// The value of a setting.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// A number.
    Count(u64),
    /// A share in parts per million.
    Ppm(u64),
    /// A time in milliseconds.
    Ms(u64),
    /// Bytes.
    Bytes(u64),
    /// A rate in thousandths of a request per second.
    Mrps(u64),
    /// Millionths of a US dollar.
    MicroUsd(i64),
    /// A word.
    Word(Text),
    /// Words.
    Words(Vec<Text>),
    /// Text.
    Text(Text),
    /// The name of a service.
    Service(Ident),
    /// Names of services.
    Services(Vec<Ident>),
    /// How many units, and what they follow.
    Scaling(Scaling),
    /// Where objects move after a time.
    Transition(Transition),
    /// An address block.
    Cidr(String),
}

/// How many units a service has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scaling {
    /// The fewest.
    pub min: u64,
    /// The most.
    pub max: u64,
    /// The metric that is followed.
    pub metric: Option<Text>,
    /// The metric's target in its own unit.
    pub target: Option<u64>,
}

/// Where objects move after a time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Transition {
    /// The storage class.
    pub class: Text,
    /// The age.
    pub after_ms: u64,
}

/// One interaction.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Flow {
    /// Its position in this list; other parts name flows by it.
    pub id: usize,
    /// Where data starts.
    pub from: Ident,
    /// Where data goes.
    pub to: Ident,
    /// What is done.
    pub verb: String,
    /// The catalogue's name of the way it is done; nothing for an impossible flow.
    pub mechanism: Option<String>,
    /// `sync` (the caller waits), `async`, `stream`, `batch`, `attach` or `admin`.
    pub mode: String,
    /// Does the caller live without it?
    pub soft: bool,
    /// The part of the caller's load that goes this way.
    pub share_ppm: Option<u64>,
    /// The classes of data it carries.
    pub carries: Vec<DataClass>,
    /// The size of one message, as stated.
    pub size_bytes: Option<u64>,
    /// After which the caller gives up, as stated.
    pub timeout_ms: Option<u64>,
    /// How often the caller tries again, as stated.
    pub retries: Option<u64>,
    /// The key that makes repetition harmless.
    pub idempotent: Option<Text>,
    /// What it is for.
    pub remark: Text,
    /// Derived things it passes, in order.
    pub through: Vec<Ident>,
    /// The flow that this derived hop belongs to.
    pub part_of: Option<usize>,
    /// The usual rate.
    pub usual_mrps: u64,
    /// The rate at peak.
    pub peak_mrps: u64,
    /// Declared or derived.
    pub origin: Origin,
}

/// A role of people.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Role {
    /// Its name.
    pub name: Ident,
    /// Its title.
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
    pub session_ms: Option<u64>,
    /// Where it stands.
    pub at: At,
}

/// One permission of a role.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Permit {
    /// The verb.
    pub verb: Text,
    /// The services that offer it.
    pub on: Vec<Ident>,
    /// Was it written `all`?
    pub all: bool,
    /// The services of `all` that do not offer the verb.
    pub without: Vec<Ident>,
}

/// One boundary of a role.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Never {
    /// The verb.
    pub verb: Text,
    /// On everything that holds this class.
    pub class: Option<DataClass>,
    /// Or on these services.
    pub on: Vec<Ident>,
}

/// One grant: actions on a resource for a reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Grant {
    /// Who: `service`, `role`, `aws` or `anyone`.
    pub principal_kind: &'static str,
    /// The name of the service or role, or the AWS service's principal.
    pub principal: Option<Text>,
    /// What carries it: `identity`, `resource-policy`, `lambda-permission` or `key-policy`.
    pub carrier: &'static str,
    /// `allow` or `deny`.
    pub effect: &'static str,
    /// The verb it comes from.
    pub verb: Text,
    /// How deep it reaches.
    pub level: Text,
    /// IAM actions, sorted.
    pub actions: Vec<Text>,
    /// The service acted upon; nothing for `*`.
    pub resource: Option<Ident>,
    /// The resource type of the actions' service.
    pub resource_type: Text,
    /// The ARN, with what only an account knows as `${…}`.
    pub arn: Text,
    /// Why: `flow`, `base` (the kind needs it to live), `notice` (a notification), `permit`, `never` or `explicit`.
    pub reason: &'static str,
    /// The flow that needs it.
    pub flow: Option<usize>,
    /// The lines that cause it.
    pub causes: Vec<At>,
}

/// The network.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Network {
    /// Networks.
    pub vpcs: Vec<Vpc>,
    /// Rules of security groups.
    pub rules: Vec<NetworkRule>,
}

/// One VPC.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Vpc {
    /// Its container.
    pub name: Ident,
    /// Its address block.
    pub cidr: String,
    /// Its subnets.
    pub subnets: Vec<Subnet>,
    /// The NAT gateway.
    pub nat: Option<Ident>,
    /// Endpoints.
    pub endpoints: Vec<Ident>,
    /// Does it have an internet gateway?
    pub internet: bool,
}

/// A tier in a zone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Subnet {
    /// The tier.
    pub tier: Ident,
    /// The zone's letter.
    pub zone: char,
    /// Its address block.
    pub cidr: String,
}

/// One rule of a security group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NetworkRule {
    /// The service whose group it belongs to.
    pub group: Ident,
    /// `ingress` or `egress`.
    pub direction: &'static str,
    /// What the other side is: `group`, `cidr` or `prefix-list`.
    pub peer_kind: &'static str,
    /// The other side.
    pub peer: Text,
    /// The port.
    pub port: u16,
    /// Is the traffic encrypted?
    pub tls: bool,
    /// What it is for.
    pub why: Text,
    /// The lines that cause it.
    pub causes: Vec<At>,
}

/// A way through the system.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Journey {
    /// Its name.
    pub name: Ident,
    /// Its title.
    pub title: Text,
    /// Who takes part, in order; several at once in one step.
    pub steps: Vec<Vec<Ident>>,
}

/// A claim.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claim {
    /// The sentence.
    pub sentence: Text,
    /// The predicate's word.
    pub predicate: Text,
    /// `holds`, `fails` or `open` (the model does not say enough to tell).
    pub outcome: &'static str,
    /// Why, in English.
    pub because: Text,
    /// Where it stands.
    pub at: At,
}

/// A monthly amount at three points of load.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the unit ends the key, as everywhere in this document")]
pub struct Points {
    /// Without load.
    pub zero_micro_usd: i64,
    /// As expected.
    pub expected_micro_usd: i64,
    /// At peak all month, with every scaler at its maximum.
    pub max_micro_usd: i64,
}

/// The estimate of the monthly bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cost {
    /// Its sum.
    pub total: Points,
    /// Its lines.
    pub lines: Vec<CostLine>,
}

/// One line of the bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CostLine {
    /// The service that causes it; nothing for what belongs to the whole system.
    pub service: Option<Ident>,
    /// The kind whose price it is.
    pub kind: Text,
    /// The price's identifier within the kind.
    pub item: Text,
    /// What is counted.
    pub unit: Text,
    /// What it comes to.
    pub cost: Points,
    /// Where the price comes from.
    pub source: Text,
    /// The region it is paid in.
    pub region: Text,
    /// How the price came there: `list` (the region is the catalogue's), `own` (the model or the project states it), `factor`,
    /// `borrowed` (another region's price).
    pub basis: &'static str,
}

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// Its code.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Its headline.
    pub message: Text,
    /// What to do.
    pub help: Vec<Text>,
    /// The reason of the waiver that covers it.
    pub waived: Option<Text>,
    /// Where it is.
    pub at: Option<At>,
}
