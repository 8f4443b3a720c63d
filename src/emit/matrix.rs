//! The permission matrix as CSV: who may do what on which thing, by which actions, and which line says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Review;
use crate::derive::access::{Conditions, Effect, Filling, Grant, Principal, Reason};
use crate::emit::Artifact;
use crate::model::{Flow, FlowId, Model, ServiceId};
use crate::text::{RelPath, Span, Text};

/// The columns.
const HEADER: [&str; 12] = [
    "principal",
    "kind of principal",
    "effect",
    "verb",
    "resource",
    "kind of resource",
    "level",
    "actions",
    "resource ARNs",
    "conditions",
    "reason",
    "line",
];

/// One line of the matrix.
pub type Row = [String; 12];

/// `access.csv`.
pub fn write(review: &Review) -> Vec<Artifact> {
    let mut text = line(&HEADER.map(str::to_owned));
    text.extend(rows(review).iter().map(line));
    let path = RelPath::new("access.csv");
    path.map(|path| Artifact { path, bytes: text.into_bytes() }).into_iter().collect()
}

fn line(fields: &Row) -> String {
    let fields: Vec<String> = fields.iter().map(|field| Text::new(field.as_str()).csv()).collect();
    format!("{}\r\n", fields.join(","))
}

/// The rows: grants by principal, then flows that need no grant because the network or an authorizer lets them through.
pub fn rows(review: &Review) -> Vec<Row> {
    let grants = &review.facts.access.grants;
    let groups = grouped(grants);
    let granted = groups.iter().map(|group| grant_row(review, group));
    let by_policy: BTreeSet<FlowId> = grants.iter().filter_map(flow_of).collect();
    let others = review.model.whole_flows().filter(|(id, _)| !by_policy.contains(id));
    granted.chain(others.map(|(_, flow)| flow_row(review, flow))).collect()
}

fn flow_of(grant: &Grant) -> Option<FlowId> {
    match grant.reason {
        Reason::Flow(flow) => Some(flow),
        _ => None,
    }
}

/// What one verb allows on one thing for one reason stands in one row.
type Key<'g> =
    (&'g Principal, &'g str, Effect, &'g str, Option<ServiceId>, &'g Reason, &'g [Span], &'g Conditions);

fn key(grant: &Grant) -> Key<'_> {
    let Grant { principal, role, effect, verb, resource, reason, causes, conditions, .. } = grant;
    (principal, role, *effect, verb, resource.service, reason, causes, conditions)
}

/// Grants of the same row, rows in the order of their first grant.
fn grouped(grants: &[Grant]) -> Vec<Vec<&Grant>> {
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Grant>> = Vec::new();
    for grant in grants {
        let place = *places.entry(key(grant)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(grant),
            None => groups.push(vec![grant]),
        }
    }
    groups
}

fn grant_row(review: &Review, group: &[&Grant]) -> Row {
    let model = &review.model;
    let Some(first) = group.first() else { return Row::default() };
    let (principal, kind) = principal_words(model, first);
    let resource = first.resource.service.map(|id| &model.services[id]);
    let actions: BTreeSet<String> = group.iter().flat_map(|grant| grant.actions.clone()).collect();
    let arns: BTreeSet<String> = group
        .iter()
        .map(|grant| Filling::new(model, grant.resource.service).fill(&grant.resource.arn))
        .collect();
    [
        principal,
        kind,
        if first.effect == Effect::Allow { "allow" } else { "deny" }.to_owned(),
        first.verb.clone(),
        resource.map_or_else(|| "*".to_owned(), |service| service.name.to_string()),
        resource.map_or_else(String::new, |service| service.kind.word.clone()),
        deepest(group).to_owned(),
        join(actions),
        join(arns),
        conditions(model, first),
        reason_words(model, &first.reason),
        first.causes.first().map_or_else(String::new, |span| review.sources.place(*span)),
    ]
}

fn join(parts: BTreeSet<String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(" ")
}

/// Levels from the least to the deepest.
const LEVELS: [&str; 5] = ["network", "list", "read", "write", "permissions"];

fn deepest<'g>(group: &[&'g Grant]) -> &'g str {
    let depth = |grant: &&&Grant| LEVELS.iter().position(|level| *level == grant.level);
    group.iter().max_by_key(depth).map_or("", |grant| grant.level.as_str())
}

fn principal_words(model: &Model, grant: &Grant) -> (String, String) {
    let role =
        |name: &str| if grant.role.is_empty() { name.to_owned() } else { format!("{name}.{}", grant.role) };
    match &grant.principal {
        Principal::Service(id) => {
            (role(model.services[*id].name.as_str()), model.services[*id].kind.word.clone())
        }
        Principal::Role(id) => (model.roles[*id].name.to_string(), "role".to_owned()),
        Principal::Aws(name) => (name.clone(), "aws".to_owned()),
        Principal::Anyone => ("*".to_owned(), "anyone".to_owned()),
    }
}

fn conditions(model: &Model, grant: &Grant) -> String {
    let filling = Filling::new(model, grant.resource.service);
    let part = |((operator, key), values): (&(String, String), &Vec<String>)| {
        let values: Vec<String> = values.iter().map(|value| filling.fill(value)).collect();
        format!("{operator} {key} {}", values.join(" "))
    };
    grant.conditions.iter().map(part).collect::<Vec<_>>().join("; ")
}

fn reason_words(model: &Model, reason: &Reason) -> String {
    match reason {
        Reason::Flow(flow) => flow_words(model, &model.flows[*flow]),
        Reason::Base(why) => why.en().chars().collect(),
        Reason::Notice(why) => why.en.to_owned(),
        Reason::Permit => "permitted to the role".to_owned(),
        Reason::Never => "boundary of the role".to_owned(),
        Reason::Explicit(position) => {
            let because = model.grants.get(*position).and_then(|grant| grant.because.as_ref());
            because.map_or_else(|| "grant".to_owned(), |because| because.value.chars().collect())
        }
    }
}

fn flow_words(model: &Model, flow: &Flow) -> String {
    format!("{} -> {} : {}", model.services[flow.from].name, model.services[flow.to].name, flow.verb)
}

/// A flow without a policy: the network, an authorizer or nobody guards it.
fn flow_row(review: &Review, flow: &Flow) -> Row {
    let model = &review.model;
    let is_forward = flow.initiator() == flow.from;
    let (by, on) = if is_forward { (flow.from, flow.to) } else { (flow.to, flow.from) };
    let (from, to) = (&model.services[by], &model.services[on]);
    [
        from.name.to_string(),
        from.kind.word.clone(),
        "allow".to_owned(),
        flow.verb.clone(),
        to.name.to_string(),
        to.kind.word.clone(),
        "network".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        flow_words(model, flow),
        review.sources.place(flow.span),
    ]
}
