//! Which kind may talk to which, by what mechanism, who opens the call, and who needs which grant.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};

/// How tightly the two ends are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The caller waits: the edge counts into availability and latency.
    Sync,
    /// The caller goes on at once.
    Async,
    /// Records in order, read at the consumer's pace.
    Stream,
    /// Now and then, in bulk.
    Batch,
    /// Nothing flows per request: a certificate, a key, an authorizer.
    Attach,
    /// A person at work.
    Admin,
}

/// One end of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The arrow's start.
    From,
    /// The arrow's tip.
    To,
}

/// Who is granted something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Principal {
    /// The role of one end.
    End(End),
    /// An AWS service, by its principal.
    Service(String),
    /// The thing of this kind that the mechanism inserts.
    Inserted(String),
    /// Whoever calls that end.
    CallerOf(End),
}

/// What a grant is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum GrantResource {
    /// One end.
    End(End),
    /// The secret that holds that end's credential.
    SecretOf(End),
    /// The thing of this kind that the mechanism inserts.
    Inserted(String),
}

fn end(text: &str) -> Option<End> {
    match text {
        "from" => Some(End::From),
        "to" => Some(End::To),
        _ => None,
    }
}

impl TryFrom<String> for Principal {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("`{text}` is no principal");
        match text.split_once(':') {
            None => end(&text).map(Self::End).ok_or_else(unknown),
            Some(("service", name)) => Ok(Self::Service(name.to_owned())),
            Some(("inserted", kind)) => Ok(Self::Inserted(kind.to_owned())),
            Some(("caller-of", of)) => end(of).map(Self::CallerOf).ok_or_else(unknown),
            Some(_) => Err(unknown()),
        }
    }
}

impl TryFrom<String> for GrantResource {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("`{text}` is no resource of a grant");
        match text.split_once(':') {
            None => end(&text).map(Self::End).ok_or_else(unknown),
            Some(("inserted", kind)) => Ok(Self::Inserted(kind.to_owned())),
            Some(("secret-of", of)) => end(of).map(Self::SecretOf).ok_or_else(unknown),
            Some(_) => Err(unknown()),
        }
    }
}

/// By what means a grant is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantVia {
    /// A statement in the principal's role.
    Identity,
    /// A statement in the resource's policy.
    ResourcePolicy,
    /// A permission on a function.
    LambdaPermission,
    /// A security-group rule.
    Sg,
    /// A route.
    Route,
    /// An authorizer.
    Authorizer,
    /// A policy that AWS keeps.
    ManagedPolicy,
}

/// One grant that a mechanism needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MechanismGrant {
    /// Who.
    pub principal: Principal,
    /// The verb; `*` means the verb on the arrow.
    pub verb: String,
    /// On what.
    pub resource: GrantResource,
    /// By what means.
    pub via: GrantVia,
    /// Only then: `credentials = iam-auth`, `credentials = secret`, `to = lambda`.
    #[serde(default)]
    pub when: Option<String>,
    /// The condition keys that bind it.
    #[serde(default)]
    pub condition: Option<String>,
    /// Whose ARN the push must come from.
    #[serde(default)]
    pub source_arn: Option<String>,
    /// Must the push come from the own account?
    #[serde(default)]
    pub source_account: bool,
    /// Another action than the verb's.
    #[serde(default)]
    pub action: Option<String>,
    /// Where a security-group rule admits from, when that is no security group of the model.
    #[serde(default)]
    pub source: Option<String>,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// One row of `flows.toml`: a way for some kinds to work with others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanism {
    /// The row's number; a project's own rows follow the catalogue's.
    #[serde(skip)]
    pub id: u16,
    /// The kinds where data comes from.
    #[serde(deserialize_with = "one_or_more")]
    pub from: Vec<String>,
    /// The kinds where data goes.
    #[serde(deserialize_with = "one_or_more")]
    pub to: Vec<String>,
    #[serde(rename = "verb", deserialize_with = "one_or_more")]
    verb_list: Vec<String>,
    #[serde(default)]
    verb_by_to: IndexMap<String, String>,
    /// The mechanism's name.
    pub via: String,
    /// How tightly the ends are bound.
    pub mode: Mode,
    #[serde(default)]
    mode_by_verb: IndexMap<String, Mode>,
    /// Who opens the call.
    pub initiator: End,
    /// On which end's kind the verb is looked up.
    #[serde(default = "to")]
    pub verb_on: End,
    /// What is granted to whom.
    #[serde(rename = "grant")]
    pub grants: Vec<MechanismGrant>,
    /// The kinds the compiler inserts, in order from start to tip.
    #[serde(default)]
    pub inserts: Vec<String>,
    /// The kinds it inserts when the start stands in such a place.
    #[serde(default)]
    pub inserts_if: IndexMap<String, String>,
    /// The Terraform types it ends in.
    #[serde(default)]
    pub emit: Vec<String>,
    /// Limits, in words.
    #[serde(default)]
    pub limits: Vec<String>,
    /// What must hold, in words.
    #[serde(default)]
    pub requires: Vec<String>,
    /// What must hold, one of them, in words.
    #[serde(default)]
    pub requires_one_of: Vec<String>,
    /// What must hold for a kind at the start, in words.
    #[serde(default)]
    pub when_from: IndexMap<String, String>,
    /// The checks that look at it.
    #[serde(default)]
    pub lints: Vec<String>,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// How it avoids NAT.
    #[serde(default)]
    pub private_path: Option<String>,
    /// Is it only made by the compiler, never written?
    #[serde(default)]
    pub implicit: bool,
}

fn to() -> End {
    End::To
}

/// One string, or a list of them.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(from)? {
        OneOrMore::One(name) => vec![name],
        OneOrMore::More(names) => names,
    })
}

impl Mechanism {
    /// The row with its number.
    pub(super) fn numbered(self, id: u16) -> Self {
        Self { id, ..self }
    }

    /// Is it for this pair of kinds?
    pub fn joins(&self, from: &str, to: &str) -> bool {
        self.from.iter().any(|kind| kind == from) && self.to.iter().any(|kind| kind == to)
    }

    /// The verbs it carries to a kind.
    pub fn verbs(&self, to: &str) -> Vec<String> {
        self.verb_by_to.get(to).map_or_else(|| self.verb_list.clone(), |verb| vec![verb.clone()])
    }

    /// How tightly a verb binds the ends.
    pub fn mode_of(&self, verb: &str) -> Mode {
        self.mode_by_verb.get(verb).copied().unwrap_or(self.mode)
    }

    /// The kind on which the verb is looked up.
    pub fn verb_kind<'a>(&self, from: &'a str, to: &'a str) -> &'a str {
        match self.verb_on {
            End::From => from,
            End::To => to,
        }
    }
}

/// What cannot be done directly, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impossible {
    /// The kinds at the start.
    #[serde(deserialize_with = "one_or_more")]
    pub from: Vec<String>,
    /// The kinds at the tip.
    #[serde(deserialize_with = "one_or_more")]
    pub to: Vec<String>,
    /// Only with these verbs; with any when there are none.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Why not.
    pub why: String,
    /// Why not, in Spanish; empty when nobody translated it.
    #[serde(default)]
    pub why_es: String,
    /// What to write instead.
    pub advice: String,
    /// What to write instead, in Spanish; empty when nobody translated it.
    #[serde(default)]
    pub advice_es: String,
}
