//! Grants of people: what a role permits, and what it may never do.

use crate::catalog::{Allow, Catalog, Level, Verb};
use crate::derive::access::verbs::{self, Ask};
use crate::derive::access::{Effect, Grant, Principal, Reason, Resource};
use crate::model::{Model, Never, Permit, Role, RoleId, ServiceId};

/// The grants of all roles.
pub(super) fn grants(model: &Model, catalog: &Catalog) -> Vec<Grant> {
    model.roles.iter().flat_map(|(id, role)| role_grants(model, catalog, id, role)).collect()
}

fn role_grants(model: &Model, catalog: &Catalog, id: RoleId, role: &Role) -> Vec<Grant> {
    let permitted = role.permits.iter().flat_map(|permit| permit_grants(model, catalog, id, permit));
    let denied = role.nevers.iter().flat_map(|never| never_grants(model, id, never));
    permitted.chain(denied).collect()
}

fn permit_grants(model: &Model, catalog: &Catalog, id: RoleId, permit: &Permit) -> Vec<Grant> {
    let ask = Ask::identity(Principal::Role(id), Reason::Permit, &[permit.span]);
    let found = permit.on.iter().filter_map(|on| Some((*on, model.services[*on].kind.verb(&permit.verb)?)));
    let mut grants: Vec<Grant> = found.flat_map(|(on, verb)| verbs::grants(model, &ask, verb, on)).collect();
    if permit.budgets {
        grants.extend(budget_grants(model, catalog, &ask, &permit.verb));
    }
    grants
}

/// The budgets of the system are named after it.
fn budget_grants(model: &Model, catalog: &Catalog, ask: &Ask, word: &str) -> Vec<Grant> {
    let Some(kind) = catalog.kind("budget") else { return Vec::new() };
    let rows = kind.verb(word).map(|verb| kind.expanded(verb)).unwrap_or_default();
    let allowed = rows.iter().flat_map(|row| row.allow.iter().map(move |allow| (*row, allow)));
    let grant =
        |(row, allow): (&Verb, &Allow)| verbs::allow_grant(model, ask, (word, Some(row)), allow, kind, None);
    let named = |grant: Grant| {
        let arn = grant.resource.arn.replace("${name}", "${system}*");
        Grant { resource: Resource { arn, ..grant.resource }, ..grant }
    };
    allowed.map(grant).map(named).collect()
}

/// The denials of one boundary.
fn never_grants(model: &Model, id: RoleId, never: &Never) -> Vec<Grant> {
    let ask = Ask::identity(Principal::Role(id), Reason::Never, &[never.span]);
    let ask = Ask { effect: Effect::Deny, ..ask };
    protected(model, never).into_iter().flat_map(|on| denials(model, &ask, &never.verb, on)).collect()
}

/// What a boundary is about: the services it names, or all that hold its class.
pub(super) fn protected(model: &Model, never: &Never) -> Vec<ServiceId> {
    let holds =
        |id: ServiceId| never.class.is_some_and(|class| model.services[id].holds().any(|held| held == class));
    let by_class = model.services.ids().filter(|id| holds(*id));
    let mut all: Vec<ServiceId> = never.on.iter().copied().chain(by_class).collect();
    all.sort();
    all.dedup();
    all
}

/// All actions of the verb's sort on one service; `read` takes in every verb that hands out content, and the key without
/// which there is none.
fn denials(model: &Model, ask: &Ask, word: &str, on: ServiceId) -> Vec<Grant> {
    let kind = &model.services[on].kind;
    let named = |verb: &Verb| verb.name == word || verb.aliases.iter().any(|alias| alias == word);
    let reads = |verb: &Verb| word == "read" && verb.level == Level::Read && !verb.is_human();
    let rows = kind.access.iter().filter(|verb| named(verb) || reads(verb));
    let allowed = rows.flat_map(|verb| if named(verb) { kind.expanded(verb) } else { vec![verb] });
    let allowed = allowed.flat_map(|row| row.allow.iter().map(move |allow| (row, allow)));
    let mut grants: Vec<Grant> = allowed
        .filter(|(_, allow)| allow.on != "*")
        .map(|(row, allow)| verbs::allow_grant(model, ask, (word, Some(row)), allow, kind, Some(on)))
        .map(any_user)
        .collect();
    grants.extend((word == "read").then(|| key_denial(model, ask, on)).flatten());
    grants
}

/// A boundary holds whichever database user is asked for.
fn any_user(grant: Grant) -> Grant {
    let is_user = grant.resource.kind == "rds-db:db-user";
    let arn = match grant.resource.arn.rsplit_once('/') {
        Some((database, _)) if is_user => format!("{database}/*"),
        _ => grant.resource.arn,
    };
    Grant { resource: Resource { arn, ..grant.resource }, ..grant }
}

fn key_denial(model: &Model, ask: &Ask, on: ServiceId) -> Option<Grant> {
    let key = verbs::own_key(model, on)?;
    let arn = model.services[key].kind.arn.get("key").cloned()?;
    let resource = Resource { service: Some(key), kind: "kms:key".to_owned(), arn };
    Some(ask.grant("read", Some(Level::Read), vec!["kms:Decrypt".to_owned()], resource))
}
