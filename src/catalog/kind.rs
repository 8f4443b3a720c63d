//! One kind of service: what it is, where it stands, what it needs and what it commits to.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::access::{Allow, Base, Channel, Level, Verb};
use crate::catalog::capacity::{BudgetFacts, Capacity, Scaling};
use crate::catalog::number;
use crate::catalog::price::Pricing;
use crate::catalog::setting::SettingSpec;
use crate::units::Percent;

/// Where a kind's instances stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// In a private or isolated tier of a network.
    VpcPrivate,
    /// In a public tier of a network.
    VpcPublic,
    /// In a region, in no network.
    Regional,
    /// In no region.
    Global,
    /// In AWS's edge locations.
    Edge,
    /// Belongs to the account.
    Account,
    /// Outside AWS.
    External,
}

impl Placement {
    /// Does it stand in a network?
    pub const fn is_vpc(self) -> bool {
        matches!(self, Self::VpcPrivate | Self::VpcPublic)
    }
}

/// What a kind is like; checks and derivations ask for traits, never for kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the data's own words; SCHEMA.md explains each")]
pub enum Trait {
    Artifact,
    AssumesRole,
    Async,
    Authorizes,
    Boundary,
    Buffer,
    Cache,
    Caller,
    Config,
    ConnectionLimited,
    Container,
    Datastore,
    Egress,
    Entry,
    EventSource,
    ExternalProcessing,
    Fanout,
    Guard,
    Host,
    Human,
    HumanAccess,
    IdentityProvider,
    L4,
    L7,
    Observability,
    Orchestrator,
    OwnsSecurityGroup,
    Pool,
    PrivatePath,
    Public,
    Scalable,
    Search,
    Secret,
    Serverless,
    Sql,
    Stateful,
    Target,
    Tls,
    Untrusted,
}

/// How private subnets reach the kind's API without NAT; the text is the service's short name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum VpcEndpoint {
    /// A free route.
    Gateway(String),
    /// A paid address in each zone.
    Interface(String),
}

impl VpcEndpoint {
    /// The service's short name, such as `s3`.
    pub fn service(&self) -> &str {
        match self {
            Self::Gateway(service) | Self::Interface(service) => service,
        }
    }
}

impl TryFrom<String> for VpcEndpoint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("gateway", service)) => Ok(Self::Gateway(service.to_owned())),
            Some(("interface", service)) => Ok(Self::Interface(service.to_owned())),
            _ => Err(format!("`{text}` is neither `gateway:SERVICE` nor `interface:SERVICE`")),
        }
    }
}

/// What an availability figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Minutes of a month.
    Period,
    /// Requests answered.
    Request,
    /// Nothing: there is no commitment.
    None,
}

/// What AWS commits to; a planning bound, not a probability.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// The commitment in the condition's configuration.
    #[serde(deserialize_with = "number::share")]
    pub sla: Percent,
    /// The commitment when it stands in one zone only.
    #[serde(default, deserialize_with = "number::maybe_share")]
    pub single_az: Option<Percent>,
    /// What the figure counts.
    pub basis: Basis,
    /// When the figure holds.
    #[serde(default)]
    pub condition: String,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// How likely stored data survives, in words.
    #[serde(default)]
    pub durability: String,
    /// Where the figure comes from.
    pub src: String,
}

impl Availability {
    /// Is the figure unverified?
    pub fn is_from_memory(&self) -> bool {
        is_from_memory(&self.src)
    }
}

/// A limit of the service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// What is limited.
    pub name: String,
    /// The limit, in `unit`s.
    pub value: u64,
    /// What is counted.
    pub unit: String,
    /// Can AWS raise it?
    pub adjustable: bool,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// Where the figure comes from.
    pub src: String,
}

impl Quota {
    /// Is the figure unverified?
    pub fn is_from_memory(&self) -> bool {
        is_from_memory(&self.src)
    }
}

/// Is a source only somebody's memory?
pub(super) fn is_from_memory(src: &str) -> bool {
    src.starts_with("memory") || src == "placeholder"
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quotas {
    pub items: Vec<Quota>,
}

/// One default of the hardening list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// On or off.
    Flag(bool),
    /// A number.
    Count(i64),
    /// A rule in words.
    Text(String),
    /// Several names.
    List(Vec<String>),
}

/// What the emitter sets unless the model says otherwise, and the public rules that it satisfies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hardening {
    /// Ids of checkov and cdk-nag rules.
    pub checks: Vec<String>,
    /// The defaults.
    #[serde(flatten)]
    pub facts: IndexMap<String, Fact>,
}

/// One kind of service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the data file, independent of the others"
)]
pub struct Kind {
    /// The version of the data's schema.
    pub schema: u32,
    /// The identifier in the data, such as `ec2_service`.
    #[serde(rename = "kind")]
    pub id: String,
    /// What an architect types, such as `ec2`.
    pub word: String,
    /// The display name.
    pub name: String,
    /// The display name in Spanish.
    pub name_es: String,
    /// What it does, as the rest of a sentence that begins with its name.
    pub role: String,
    /// [`Kind::role`] in Spanish.
    pub role_es: String,
    /// The group that gives the picture its colour.
    pub category: String,
    /// The picture.
    pub icon: String,
    /// Can an architect declare one? The others are containers, statements, or derived only.
    #[serde(default = "yes")]
    pub declarable: bool,
    /// Is it a place that holds others (`vpc`, `tier`)?
    #[serde(default)]
    pub container: bool,
    /// Is it no AWS service?
    #[serde(default)]
    pub outside: bool,
    /// Where it stands.
    pub placement: Placement,
    /// Where it may stand as well.
    #[serde(default)]
    pub placement_optional: Option<Placement>,
    /// Does it live in zones, so that their number matters?
    #[serde(default)]
    pub zonal: bool,
    /// What it is like.
    pub traits: Vec<Trait>,
    /// The port it listens on.
    #[serde(default)]
    pub port: Option<u16>,
    /// What it speaks.
    #[serde(default)]
    pub protocol: Option<String>,
    /// The service principal that assumes its role, or under whose name it pushes.
    #[serde(default)]
    pub principal: Option<String>,
    /// The service principal that assumes the role of what runs inside it.
    #[serde(default)]
    pub workload_principal: Option<String>,
    /// How it is reached without NAT.
    #[serde(default)]
    pub vpc_endpoint: Option<VpcEndpoint>,
    /// The Terraform types the emitter may use for it.
    pub terraform: Vec<String>,
    /// What AWS commits to.
    pub availability: Availability,
    /// ARN templates by IAM resource type.
    #[serde(default)]
    pub arn: IndexMap<String, String>,
    /// What its own role needs to live.
    #[serde(default)]
    pub base: Vec<Base>,
    /// What others may do with it.
    #[serde(default)]
    pub access: Vec<Verb>,
    /// How it scales.
    pub scaling: Scaling,
    /// What one unit of it can do.
    #[serde(default)]
    pub capacity: Capacity,
    /// What it costs.
    pub pricing: Pricing,
    #[serde(rename = "quotas")]
    pub(super) quota_list: Quotas,
    /// Safe defaults.
    pub hardening: Hardening,
    /// What AWS Budgets accepts; only of the kind `budget`.
    #[serde(default)]
    pub semantics: Option<BudgetFacts>,
    /// Its own settings, in the order of the reference page.
    #[serde(default, rename = "setting")]
    pub settings: Vec<SettingSpec>,
    /// The settings every kind has.
    #[serde(skip)]
    pub(super) shared: Arc<[SettingSpec]>,
}

fn yes() -> bool {
    true
}

impl Kind {
    /// The setting of a name: its own, else one that every kind has.
    pub fn setting(&self, name: &str) -> Option<&SettingSpec> {
        self.all_settings().find(|setting| setting.name == name)
    }

    /// Its own settings, then those that every kind has.
    pub fn all_settings(&self) -> impl Iterator<Item = &SettingSpec> {
        self.settings.iter().chain(self.shared.iter())
    }

    /// The verb of a name or of an alias.
    pub fn verb(&self, name: &str) -> Option<&Verb> {
        let by_name = self.access.iter().find(|verb| verb.name == name);
        by_name.or_else(|| self.access.iter().find(|verb| verb.aliases.iter().any(|alias| alias == name)))
    }

    /// A verb and all that it stands for, each once, itself first.
    pub fn expanded(&self, verb: &Verb) -> Vec<&Verb> {
        let mut found: Vec<&Verb> = self.verb(&verb.name).into_iter().collect();
        let mut next = 0;
        while let Some(current) = found.get(next).copied() {
            let parts = current.expands.iter().filter_map(|name| self.verb(name));
            let new: Vec<&Verb> =
                parts.filter(|part| found.iter().all(|known| known.name != part.name)).collect();
            found.extend(new);
            next += 1;
        }
        found
    }

    /// Is it like that?
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    /// Is it no AWS service: a person, somebody else's system?
    pub const fn is_outside(&self) -> bool {
        self.outside
    }

    /// May it stand there?
    pub fn may_stand(&self, place: Placement) -> bool {
        self.placement == place || self.placement_optional == Some(place)
    }

    /// The limits of the service.
    pub fn quotas(&self) -> &[Quota] {
        &self.quota_list.items
    }

    /// The limit of a name.
    pub fn quota(&self, name: &str) -> Option<&Quota> {
        self.quotas().iter().find(|quota| quota.name == name)
    }

    /// The ARN template of a permission: its own, else the kind's for that resource type; `*` for actions without one.
    pub fn arn_of<'a>(&'a self, allow: &'a Allow) -> Option<&'a str> {
        if allow.on == "*" {
            return Some("*");
        }
        let kind = allow.on.split_once(':').map_or(allow.on.as_str(), |(_, kind)| kind);
        let own = self.arn.get(&allow.on).or_else(|| self.arn.get(kind));
        allow.arn.as_deref().or_else(|| own.map(String::as_str))
    }

    /// Is the verb of this name for people only?
    pub fn is_human_verb(&self, name: &str) -> bool {
        self.verb(name).is_some_and(Verb::is_human)
    }

    /// Its verbs of a level.
    pub fn verbs_of(&self, level: Level) -> impl Iterator<Item = &Verb> {
        self.access.iter().filter(move |verb| verb.level == level)
    }

    /// Does one of its verbs work over the network, through a security group?
    pub fn is_reached_by_network(&self) -> bool {
        self.access.iter().any(|verb| verb.channel == Some(Channel::SecurityGroup))
    }
}
