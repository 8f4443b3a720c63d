//! IAM actions: which exist, how deep they reach, and which of them mean more together than apart.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalog::embedded::{ACTION_NAMES, ACTIONS};
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
    let exact = lines_from(name).next().filter(|line| name_of(line) == name);
    exact.and_then(facts).or_else(|| {
        let (service, _) = name.split_once(':')?;
        of_service(service).find(|facts| facts.name.eq_ignore_ascii_case(name))
    })
}

/// The listed actions of a service, in alphabetical order.
pub(super) fn of_service(service: &str) -> impl Iterator<Item = ActionFacts> + use<> {
    let prefix = format!("{}:", service.to_ascii_lowercase());
    lines_from(&prefix).take_while(move |line| line.starts_with(&prefix)).filter_map(facts)
}

/// Does AWS have a service of this prefix whose actions are not listed here?
pub(super) fn is_unlisted_service(service: &str) -> bool {
    let name = format!("{service}:");
    lines_from(&name).next().is_some_and(|line| line == name)
}

/// The listed action nearest to a misspelt one: of the same service when that exists, else of any.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    let service = name.split_once(':').map_or(name, |(service, _)| service);
    let own = nearest(name, of_service(service).map(|facts| facts.name));
    own.or_else(|| nearest(name, ACTIONS.lines().filter_map(facts).map(|facts| facts.name)))
}

/// The lines of [`ACTIONS`] from the first whose name is not less than this one.
fn lines_from(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let first = ACTION_NAMES.partition_point(|(start, end)| {
        ACTIONS.as_bytes().get(*start as usize..*end as usize) < Some(name.as_bytes())
    });
    let rest = ACTION_NAMES.get(first).and_then(|(start, _)| ACTIONS.get(*start as usize..));
    rest.unwrap_or_default().lines()
}

fn name_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// What a line says; nothing when it only names a service.
fn facts(line: &'static str) -> Option<ActionFacts> {
    let mut parts = line.splitn(3, ' ');
    let (name, letter, types) = (parts.next()?, parts.next()?, parts.next()?);
    let (_, level) = LEVELS.iter().find(|(known, _)| *known == letter)?;
    Some(ActionFacts { name, level: *level, types })
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
    pub creation: BTreeMap<String, Vec<String>>,
}
