//! From one verb on one thing to grants: its actions, those on its key, and the roles that are passed.

use crate::catalog::{Allow, Kind, Level, Verb};
use crate::derive::access::arn::{Filling, plain};
use crate::derive::access::{Carrier, Conditions, Effect, Grant, Principal, Reason, Resource};
use crate::model::{Model, Service, ServiceId};
use crate::text::Span;

/// Who asks, by what means and why: what all grants of one cause share.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub principal: Principal,
    pub role: String,
    pub carrier: Carrier,
    pub effect: Effect,
    pub reason: Reason,
    pub causes: Vec<Span>,
    /// The thing whose data a key encrypts, when the grant is about the key itself.
    pub holder: Option<ServiceId>,
}

impl Ask {
    /// An allowance in the principal's own policy.
    pub fn identity(principal: Principal, reason: Reason, causes: &[Span]) -> Self {
        let (carrier, effect) = (Carrier::Identity, Effect::Allow);
        Self {
            principal,
            role: String::new(),
            carrier,
            effect,
            reason,
            causes: causes.to_vec(),
            holder: None,
        }
    }

    /// A grant of these actions on this resource.
    pub fn grant(&self, verb: &str, level: Option<Level>, actions: Vec<String>, resource: Resource) -> Grant {
        let mut actions = actions;
        actions.sort();
        actions.dedup();
        Grant {
            principal: self.principal.clone(),
            role: self.role.clone(),
            carrier: self.carrier,
            effect: self.effect,
            verb: verb.to_owned(),
            level: level.map_or("", level_name).to_owned(),
            actions,
            resource,
            conditions: Conditions::new(),
            source: None,
            reason: self.reason.clone(),
            causes: self.causes.clone(),
        }
    }
}

/// Levels with their names in the catalogue.
const LEVELS: [(Level, &str); 5] = [
    (Level::Network, "network"),
    (Level::List, "list"),
    (Level::Read, "read"),
    (Level::Write, "write"),
    (Level::Permissions, "permissions"),
];

/// The name of a level.
pub(super) fn level_name(level: Level) -> &'static str {
    LEVELS.iter().find(|(known, _)| *known == level).map_or("", |(_, name)| name)
}

/// All that a verb on a service stands for: actions, those on the service's own key, and passed roles.
pub(super) fn grants(model: &Model, ask: &Ask, verb: &Verb, on: ServiceId) -> Vec<Grant> {
    let service = &model.services[on];
    let rows = service.kind.expanded(verb);
    let allowed = rows.iter().flat_map(|row| row.allow.iter().map(move |allow| (*row, allow)));
    let own = allowed
        .map(|(row, allow)| allow_grant(model, ask, (&verb.name, Some(row)), allow, &service.kind, Some(on)));
    let keys = rows.iter().filter_map(|row| key_grant(model, ask, &verb.name, row, on));
    let passed = rows.iter().flat_map(|row| passed_roles(model, ask, &verb.name, row, on));
    own.chain(keys).chain(passed).collect()
}

/// One `allow` of the catalogue as a grant; `verb` is the word asked for and the row of the catalogue the allowance is of.
pub(super) fn allow_grant(
    model: &Model,
    ask: &Ask,
    verb: (&str, Option<&Verb>),
    allow: &Allow,
    kind: &Kind,
    on: Option<ServiceId>,
) -> Grant {
    let resource = resource(model, ask, allow, kind, on);
    let grant = ask.grant(verb.0, verb.1.map(|row| row.level), allow.actions.clone(), resource);
    Grant { conditions: conditions(model, ask, allow, on), ..grant }
}

/// What an `allow` is about.
fn resource(model: &Model, ask: &Ask, allow: &Allow, kind: &Kind, on: Option<ServiceId>) -> Resource {
    if allow.on == "*" {
        return everything();
    }
    let template = format!("{}{}", kind.arn_of(allow).unwrap_or("*"), allow.path);
    Resource { service: on, kind: typed(allow), arn: as_seen_by(model, &ask.principal, &template) }
}

/// A template with the parts that depend on who calls; each principal has a database user of its own, so that no role can log
/// in as another.
pub(super) fn as_seen_by(model: &Model, principal: &Principal, template: &str) -> String {
    let caller = name_of(model, principal);
    template.replace("${db_user}", &caller.replace(['.', '-'], "_")).replace("${caller}", &caller)
}

/// The resource of actions without resource-level support.
pub(super) fn everything() -> Resource {
    Resource { service: None, kind: "*".to_owned(), arn: "*".to_owned() }
}

/// The resource type with its service: `s3:object`.
pub(super) fn typed(allow: &Allow) -> String {
    let service =
        allow.actions.first().and_then(|action| action.split_once(':')).map_or("", |(service, _)| service);
    if allow.on.contains(':') { allow.on.clone() } else { format!("{service}:{}", allow.on) }
}

/// The name of a principal in the model; of an AWS service, its own.
pub(super) fn name_of(model: &Model, principal: &Principal) -> String {
    match principal {
        Principal::Service(id) => model.services[*id].name.to_string(),
        Principal::Role(id) => model.roles[*id].name.to_string(),
        Principal::Aws(name) => name.clone(),
        Principal::Anyone => "*".to_owned(),
    }
}

/// The conditions of an `allow`; one about a prefix falls away with the prefix, because an absent key fails `StringLike`.
/// A denial has none: it is meant without exception.
fn conditions(model: &Model, ask: &Ask, allow: &Allow, on: Option<ServiceId>) -> Conditions {
    let stated = allow.conditions.iter().filter(|_| ask.effect == Effect::Allow);
    stated.filter_map(|(key, pattern)| condition(model, ask, key, pattern, on)).collect()
}

fn condition(
    model: &Model,
    ask: &Ask,
    key: &str,
    pattern: &str,
    on: Option<ServiceId>,
) -> Option<((String, String), Vec<String>)> {
    let filling = Filling::new(model, on);
    if pattern.contains("${prefix}") && filling.prefix().is_none() {
        return None;
    }
    let (key, pattern) = tagged(key, pattern);
    let value = special(model, ask, pattern, on)?.replace("${system}", model.system.name.as_str());
    let value = filling.fill_what(&value.replace("${caller}", &name_of(model, &ask.principal)));
    Some(((operator(&key, &value).to_owned(), key), vec![value]))
}

/// Keys whose value is an ARN although their name does not say so.
const ARN_KEYS: [&str; 1] = ["ecs:cluster"];

/// The operator that compares a key with a value: by the key's type, and with a pattern only when the value is one.
pub(super) fn operator(key: &str, value: &str) -> &'static str {
    let is_arn = key.ends_with("Arn") || ARN_KEYS.contains(&key);
    match (is_arn, value.contains(['*', '?'])) {
        (true, true) => "ArnLike",
        (true, false) => "ArnEquals",
        (false, true) => "StringLike",
        (false, false) => "StringEquals",
    }
}

/// A key about a tag takes the tag's name from its pattern: `Service=${name}`.
fn tagged<'a>(key: &str, pattern: &'a str) -> (String, &'a str) {
    match (key.strip_suffix("${TagKey}"), pattern.split_once('=')) {
        (Some(stem), Some((tag, value))) => (format!("{stem}{tag}"), value),
        _ => (key.to_owned(), pattern),
    }
}

/// The patterns that stand for something only the thing itself knows; nothing when it does not say.
fn special(model: &Model, ask: &Ask, pattern: &str, on: Option<ServiceId>) -> Option<String> {
    let service = on.map(|id| &model.services[id]);
    let arn = |kind: &str| service.and_then(|service| service.kind.arn.get(kind)).cloned();
    match pattern {
        "${cluster_arn}" => arn("cluster"),
        "${access_point_arn}" => arn("access-point"),
        "${from}" => service.and_then(sender),
        _ => Some(match ask.holder {
            Some(holder) => pattern.replace("${service}", api_name(&model.services[holder])),
            None => pattern.replace("${service}", "*"),
        }),
    }
}

/// The addresses a service's callers may write from.
fn sender(service: &Service) -> Option<String> {
    let domain = || service.settings.text("domain").map(|domain| format!("*@{}", plain(domain)));
    service.settings.text("from").map(plain).or_else(domain)
}

/// The name by which other AWS services know the service's API, as `kms:ViaService` wants it.
fn api_name(service: &Service) -> &str {
    let services = service.kind.arn.values().filter_map(|template| template.split(':').nth(2));
    services.into_iter().find(|name| *name != "rds-db").unwrap_or("*")
}

/// The key that encrypts a service's data and nothing else.
pub(super) fn own_key(model: &Model, service: ServiceId) -> Option<ServiceId> {
    let service = &model.services[service];
    let is_own = service.settings.word("key") == Some("own");
    is_own.then(|| model.service(service.name.child("key").as_str())).flatten()
}

/// The actions on the thing's own key that a verb needs as well; they only work through the thing's API.
fn key_grant(model: &Model, ask: &Ask, verb: &str, row: &Verb, on: ServiceId) -> Option<Grant> {
    if row.kms.is_empty() {
        return None;
    }
    let key = own_key(model, on)?;
    let template = model.services[key].kind.arn.get("key").cloned()?;
    let resource = Resource { service: Some(key), kind: "kms:key".to_owned(), arn: template };
    // To use a key is not to change it.
    let grant = ask.grant(verb, Some(Level::Read), row.kms.clone(), resource);
    let via = format!("{}.${{region}}.amazonaws.com", api_name(&model.services[on]));
    let via = (("StringEquals".to_owned(), "kms:ViaService".to_owned()), vec![via]);
    let own = (("StringEquals".to_owned(), "aws:SourceAccount".to_owned()), vec!["${account}".to_owned()]);
    let is_push = matches!(ask.principal, Principal::Aws(_));
    let carrier = if is_push { Carrier::KeyPolicy } else { ask.carrier };
    Some(Grant { carrier, conditions: Conditions::from([if is_push { own } else { via }]), ..grant })
}

/// The right to hand the thing its roles, and to nobody else.
fn passed_roles(model: &Model, ask: &Ask, verb: &str, row: &Verb, on: ServiceId) -> Vec<Grant> {
    let Some(service) = &row.pass_role else { return Vec::new() };
    let bases = &model.services[on].kind.base;
    let starts = bases.iter().any(|base| base.role.as_deref() == Some("execution"));
    let names = ["${role}"].into_iter().chain(starts.then_some("${role.execution}"));
    let pass = |name: &str| {
        let arn = format!("arn:${{partition}}:iam::${{account}}:role/{name}");
        let resource = Resource { service: Some(on), kind: "iam:role".to_owned(), arn };
        let grant = ask.grant(verb, Some(Level::Permissions), vec!["iam:PassRole".to_owned()], resource);
        let key = ("StringEquals".to_owned(), "iam:PassedToService".to_owned());
        Grant { conditions: Conditions::from([(key, vec![service.clone()])]), ..grant }
    };
    names.map(pass).collect()
}
