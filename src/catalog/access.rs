//! What one principal may do with another thing: verbs, and the IAM actions they stand for.

use indexmap::IndexMap;
use serde::Deserialize;

/// How deep a verb reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A network path only.
    Network,
    /// Names of what is there.
    List,
    /// Content.
    Read,
    /// Changes.
    Write,
    /// Changes of rights or of the configuration.
    Permissions,
}

/// Who a verb is for, when not for services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// People in a role.
    Human,
}

/// What opens the way, apart from IAM actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A security-group rule.
    SecurityGroup,
    /// The API's authorizer.
    Authorizer,
    /// A JWT authorizer that trusts the pool.
    JwtAuthorizer,
    /// A subscription.
    Subscription,
    /// A rule on a bus.
    Rule,
    /// A route.
    Route,
    /// Anybody.
    Public,
    /// The way out of the network.
    Egress,
}

/// How a caller proves to a datastore who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    /// A password in a secret.
    Secret,
    /// A token made from its role.
    IamAuth,
}

/// Actions on one resource type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The IAM actions.
    pub actions: Vec<String>,
    /// The resource type, with its service's prefix when that differs; `*` for actions that have none.
    pub on: String,
    /// The ARN template when it is not the kind's own.
    #[serde(default)]
    pub arn: Option<String>,
    /// Condition keys and the patterns they must be like.
    #[serde(default)]
    pub conditions: IndexMap<String, String>,
    /// What follows the ARN.
    #[serde(default)]
    pub path: String,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// What the kind's own role needs to live.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// Why.
    pub why: String,
    /// Why, in Spanish; empty when nobody translated it.
    #[serde(default)]
    pub why_es: String,
    /// Only when it is in a network (`vpc`) or has this setting.
    #[serde(default)]
    pub when: Option<String>,
    /// Which of its roles, when it is not the one its code runs under.
    #[serde(default)]
    pub role: Option<String>,
    /// The actions.
    pub allow: Vec<Allow>,
}

/// One thing that can be done with a kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// The word on the arrow.
    #[serde(rename = "verb")]
    pub name: String,
    /// Other words for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How deep it reaches.
    pub level: Level,
    /// Who it is for, when not for services.
    #[serde(default)]
    pub audience: Option<Audience>,
    /// What opens the way.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Which authorizers the channel may be.
    #[serde(default)]
    pub authorizers: Vec<String>,
    /// How the caller proves who it is.
    #[serde(default)]
    pub credentials: Option<Credentials>,
    /// The database role it works under.
    #[serde(default)]
    pub db_role: Option<String>,
    /// The actions it stands for.
    #[serde(default)]
    pub allow: Vec<Allow>,
    /// Further actions on the key when the thing has one of its own.
    #[serde(default)]
    pub kms: Vec<String>,
    /// Verbs whose union it is.
    #[serde(default)]
    pub expands: Vec<String>,
    /// Verbs of other kinds that are needed as well, `kind.verb`.
    #[serde(default)]
    pub implies: Vec<String>,
    /// The service to which the caller must be allowed to pass a role.
    #[serde(default)]
    pub pass_role: Option<String>,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

impl Verb {
    /// Is it for people only?
    pub fn is_human(&self) -> bool {
        self.audience == Some(Audience::Human)
    }

    /// Does it stand for IAM actions of its own?
    pub fn is_iam(&self) -> bool {
        !self.allow.is_empty()
    }
}
