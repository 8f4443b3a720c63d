//! Grants grouped into policy statements.

use std::collections::{BTreeMap, BTreeSet};

use crate::derive::access::{Carrier, Conditions, Effect, Grant, Principal, Resource};
use crate::text::Span;

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its id: letters and digits, made from what it says, with a number when two say nearly the same.
    pub sid: String,
    /// Who; of a resource's policy the only place that says so.
    pub principal: Principal,
    /// Which of the principal's roles; see [`Grant::role`].
    pub role: String,
    /// By what it is carried.
    pub carrier: Carrier,
    /// Allow or deny.
    pub effect: Effect,
    /// IAM actions, sorted.
    pub actions: Vec<String>,
    /// All resources the actions need, sorted.
    pub resources: Vec<Resource>,
    /// When it holds.
    pub conditions: Conditions,
    /// The service whose ARN the condition names.
    pub source: Option<crate::model::ServiceId>,
    /// The lines that cause it, in order.
    pub causes: Vec<Span>,
}

impl Statement {
    /// Is it about everything?
    pub fn is_on_everything(&self) -> bool {
        self.resources.iter().any(|resource| resource.arn == "*")
    }
}

/// What grants must share to stand in one statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Heading {
    role: String,
    carrier: Carrier,
    effect: Effect,
    principal: Principal,
    conditions: Conditions,
    source: Option<crate::model::ServiceId>,
}

impl Heading {
    fn of(grant: &Grant) -> Self {
        Self {
            role: grant.role.clone(),
            carrier: grant.carrier,
            effect: grant.effect,
            principal: grant.principal.clone(),
            conditions: grant.conditions.clone(),
            source: grant.source,
        }
    }
}

/// Everything said of one action under one heading.
#[derive(Debug, Default)]
struct Said {
    resources: BTreeSet<Resource>,
    causes: BTreeSet<Span>,
}

/// Groups grants into statements. An action that needs several resource types keeps them in one statement: apart, neither
/// statement would match a request that names both.
pub(super) fn group<'g>(grants: impl Iterator<Item = &'g Grant>) -> Vec<Statement> {
    let mut by_action: BTreeMap<(Heading, String), Said> = BTreeMap::new();
    for grant in grants {
        for action in &grant.actions {
            let said = by_action.entry((Heading::of(grant), action.clone())).or_default();
            said.resources.insert(grant.resource.clone());
            said.causes.extend(&grant.causes);
        }
    }
    named(by_resources(by_action))
}

/// Actions with the same heading and resources share a statement.
fn by_resources(by_action: BTreeMap<(Heading, String), Said>) -> Vec<Statement> {
    type Key = (Heading, Vec<Resource>);
    let mut groups: BTreeMap<Key, (Vec<String>, BTreeSet<Span>)> = BTreeMap::new();
    for ((heading, action), said) in by_action {
        let group = groups.entry((heading, said.resources.into_iter().collect())).or_default();
        group.0.push(action);
        group.1.extend(said.causes);
    }
    groups
        .into_iter()
        .map(|((heading, resources), (actions, causes))| statement(heading, resources, actions, causes))
        .collect()
}

fn statement(
    heading: Heading,
    resources: Vec<Resource>,
    actions: Vec<String>,
    causes: BTreeSet<Span>,
) -> Statement {
    let Heading { role, carrier, effect, principal, conditions, source } = heading;
    let causes = causes.into_iter().collect();
    Statement {
        sid: String::new(),
        principal,
        role,
        carrier,
        effect,
        actions,
        resources,
        conditions,
        source,
        causes,
    }
}

/// Gives each statement an id: what its actions are of, and on what; a number when two say nearly the same.
fn named(statements: Vec<Statement>) -> Vec<Statement> {
    let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut name = |statement: Statement| {
        let stem = stem(&statement);
        let count = taken.entry((statement.role.clone(), stem.clone())).or_default();
        *count += 1;
        let sid = if *count == 1 { stem } else { format!("{stem}{count}") };
        Statement { sid, ..statement }
    };
    statements.into_iter().map(&mut name).collect()
}

fn stem(statement: &Statement) -> String {
    let deny = if statement.effect == Effect::Deny { "Deny" } else { "" };
    let action = statement.actions.first().map_or("", String::as_str);
    let (service, verb) = action.split_once(':').unwrap_or((action, ""));
    let on = statement.resources.first().map_or("", |resource| resource.kind.as_str());
    let on = on.rsplit_once(':').map_or("Any", |(_, kind)| kind);
    [deny, service, verb, on].iter().map(|part| camel(part)).collect()
}

/// `db-user` as `DbUser`.
fn camel(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let mut rest = part.chars();
            let first = rest.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(rest)
        })
        .collect()
}
