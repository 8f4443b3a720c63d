//! Grants written apart from a flow: verbs of the catalogue, or raw actions.

use crate::catalog::{ActionFacts, ActionLevel, Catalog, Kind};
use crate::derive::access::arn::plain;
use crate::derive::access::verbs::{self, Ask, everything};
use crate::derive::access::{Carrier, Conditions, Effect, Grant, Principal, Reason, Resource};
use crate::model::{Grant as Stated, Grantee, Model, ServiceId};
use crate::text::Text;

/// The grants of all `grant` statements.
pub(super) fn grants(model: &Model, catalog: &Catalog) -> Vec<Grant> {
    let stated = model.grants.iter().enumerate();
    stated.flat_map(|(position, stated)| statement_grants(model, catalog, position, stated)).collect()
}

fn statement_grants(model: &Model, catalog: &Catalog, position: usize, stated: &Stated) -> Vec<Grant> {
    let (principal, carrier) = principal(model, stated.principal.value);
    let (reason, effect) = (Reason::Explicit(position), Effect::Allow);
    let causes = vec![stated.span];
    let ask = Ask { principal, role: String::new(), carrier, effect, reason, causes, holder: None };
    let mut grants = verb_grants(model, &ask, stated);
    grants.extend(raw_grants(model, catalog, &ask, stated));
    let conditions: Conditions = stated.conditions.iter().map(|(key, value)| condition(key, value)).collect();
    let with_stated = |mut grant: Grant| {
        grant.conditions.extend(conditions.clone());
        grant
    };
    grants.into_iter().map(with_stated).collect()
}

/// A grant to anyone can only stand in the resource's own policy.
fn principal(model: &Model, stated: Grantee) -> (Principal, Carrier) {
    match stated {
        Grantee::Service(id) => (Principal::Service(model.runs_as(id)), Carrier::Identity),
        Grantee::Role(id) => (Principal::Role(id), Carrier::Identity),
        Grantee::Anyone => (Principal::Anyone, Carrier::ResourcePolicy),
    }
}

fn condition(key: &Text, value: &Text) -> ((String, String), Vec<String>) {
    let (key, value) = (plain(key), plain(value));
    let operator = verbs::operator(&key, &value);
    ((operator.to_owned(), key), vec![value])
}

fn verb_grants(model: &Model, ask: &Ask, stated: &Stated) -> Vec<Grant> {
    let pairs =
        stated.on.iter().flat_map(|on| stated.verbs.iter().map(move |verb| (on.value, verb.value.as_str())));
    let found = pairs.filter_map(|(on, word)| Some((on, model.services[on].kind.verb(word)?)));
    found.flat_map(|(on, verb)| verbs::grants(model, ask, verb, on)).collect()
}

/// One grant an action and resource.
fn raw_grants(model: &Model, catalog: &Catalog, ask: &Ask, stated: &Stated) -> Vec<Grant> {
    let actions: Vec<String> =
        stated.actions.iter().map(|action| action_name(catalog, &action.value)).collect();
    let on_named = stated.on.iter().flat_map(|on| actions.iter().map(|action| (action, Some(on.value))));
    let on_all = stated.everything.iter().flat_map(|_| actions.iter().map(|action| (action, None)));
    on_named.chain(on_all).map(|(action, on)| raw_grant(model, catalog, ask, action, on)).collect()
}

/// The action as AWS writes it; of an unknown one, the characters a name may have.
fn action_name(catalog: &Catalog, stated: &Text) -> String {
    let legal = |c: &char| c.is_ascii_alphanumeric() || "*?:-_".contains(*c);
    let name: String = stated.chars().filter(legal).collect();
    catalog.action(&name).map_or(name, |facts| facts.name.to_owned())
}

fn raw_grant(model: &Model, catalog: &Catalog, ask: &Ask, action: &str, on: Option<ServiceId>) -> Grant {
    let resource = on.map_or_else(everything, |on| raw_resource(model, catalog, action, on));
    let resource = Resource { arn: verbs::as_seen_by(model, &ask.principal, &resource.arn), ..resource };
    let level = catalog.action(action).map_or("", |facts| action_level(facts.level));
    Grant { level: level.to_owned(), ..ask.grant("", None, vec![action.to_owned()], resource) }
}

const fn action_level(level: ActionLevel) -> &'static str {
    match level {
        ActionLevel::List => "list",
        ActionLevel::Read => "read",
        ActionLevel::Write | ActionLevel::Tagging => "write",
        ActionLevel::Permissions => "permissions",
    }
}

/// The resource of the service that the action works on; its first one when none fits (a rule reports it).
fn raw_resource(model: &Model, catalog: &Catalog, action: &str, on: ServiceId) -> Resource {
    let prefix = action.split_once(':').map_or("", |(prefix, _)| prefix);
    let facts = catalog.action(action);
    let wanted: Vec<String> =
        facts.iter().flat_map(ActionFacts::resource_types).map(|kind| format!("{prefix}:{kind}")).collect();
    let known = resources_of(&model.services[on].kind);
    let found = known.iter().find(|(kind, _)| wanted.contains(kind)).or_else(|| known.first());
    found.map_or_else(everything, |(kind, arn)| Resource {
        service: Some(on),
        kind: kind.clone(),
        arn: arn.clone(),
    })
}

/// Every resource type of a kind with its ARN: those of its own table, then those its verbs name.
fn resources_of(kind: &Kind) -> Vec<(String, String)> {
    let own = kind.arn.iter().map(|(name, arn)| {
        let service = arn.split(':').nth(2).unwrap_or("");
        (if name.contains(':') { name.clone() } else { format!("{service}:{name}") }, arn.clone())
    });
    let allowed = kind.access.iter().flat_map(|verb| &verb.allow);
    let named = allowed
        .filter_map(|allow| Some((verbs::typed(allow), format!("{}{}", allow.arn.as_ref()?, allow.path))));
    own.chain(named).collect()
}
