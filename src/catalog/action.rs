//! IAM actions: which exist, how deep they reach, and which of them mean more together than apart.

use serde::Deserialize;

use crate::catalog::embedded::ACTIONS;
use crate::text::nearest;

/// How deep AWS says an action reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionLevel {
    /// Names of what is there.
    List,
    /// Content or configuration.
    Read,
    /// Changes.
    Write,
    /// Changes of rights.
    Permissions,
    /// Changes of tags.
    Tagging,
}

/// What is known of one IAM action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionFacts {
    /// As AWS writes it: `s3:GetObject`.
    pub name: &'static str,
    /// How deep it reaches.
    pub level: ActionLevel,
    types: &'static str,
}

impl ActionFacts {
    /// The resource types it works on; none when it has no resource-level support, so that only `*` can be its resource.
    pub fn resource_types(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.types.split(',').filter(|name| *name != "*")
    }

    /// Must its resource be `*`?
    pub fn is_without_resource(&self) -> bool {
        self.types == "*"
    }
}

const LEVELS: [(&str, ActionLevel); 5] = [
    ("L", ActionLevel::List),
    ("R", ActionLevel::Read),
    ("W", ActionLevel::Write),
    ("P", ActionLevel::Permissions),
    ("T", ActionLevel::Tagging),
];

/// The facts of an action; IAM compares names without regard to case.
pub(super) fn action(name: &str) -> Option<ActionFacts> {
    let (service, _) = name.split_once(':')?;
    of_service(service).find(|facts| facts.name.eq_ignore_ascii_case(name))
}

/// The listed actions of a service, in alphabetical order.
pub(super) fn of_service(service: &str) -> impl Iterator<Item = ActionFacts> + use<> {
    let prefix = format!("{}:", service.to_ascii_lowercase());
    let start = ACTIONS.partition_point(|(name, _, _)| *name < prefix.as_str());
    let rest = ACTIONS.get(start..).unwrap_or_default().iter();
    rest.take_while(move |(name, _, _)| name.starts_with(&prefix)).filter_map(|(name, level, types)| {
        let (_, level) = LEVELS.iter().find(|(letter, _)| letter == level)?;
        Some(ActionFacts { name, level: *level, types })
    })
}

/// Does AWS have a service of this prefix whose actions are not listed here?
pub(super) fn is_unlisted_service(service: &str) -> bool {
    let line = format!("{service}:");
    ACTIONS.binary_search_by(|(name, _, _)| (*name).cmp(line.as_str())).is_ok()
}

/// The listed action nearest to a misspelt one: of the same service when that exists, else of any.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    let service = name.split_once(':').map_or(name, |(service, _)| service);
    let own = nearest(name, of_service(service).map(|facts| facts.name));
    own.or_else(|| {
        nearest(name, ACTIONS.iter().filter(|(_, level, _)| !level.is_empty()).map(|(name, _, _)| *name))
    })
}

/// A set of actions by which a principal can become another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The method.
    pub name: String,
    /// Who holds all of these can use it.
    pub actions: Vec<String>,
    /// Where it is described.
    pub src: String,
}

/// A duty that should not lie in one hand with another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// The duty.
    pub name: String,
    /// What who holds it does.
    pub meaning: String,
    /// [`Duty::meaning`] in Spanish.
    pub meaning_es: String,
    /// Who holds one of these holds the duty.
    pub actions: Vec<String>,
    /// Where the set comes from.
    pub src: String,
}

/// `escalation.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionSets {
    schema: u32,
    pub credentials: Vec<String>,
    pub exfiltration: Vec<String>,
    pub escalation: Vec<Escalation>,
    pub duty: Vec<Duty>,
}
