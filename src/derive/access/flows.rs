//! Grants that flows need: one row of the mechanism after the other.

use crate::catalog::{
    Base, Catalog, Credentials, End, GrantResource, GrantVia, MechanismGrant, Principal as Named, Verb,
};
use crate::derive::access::arn::Filling;
use crate::derive::access::verbs::{self, Ask};
use crate::derive::access::{Carrier, Conditions, Effect, Grant, Principal, Reason, Resource};
use crate::model::{Flow, FlowId, Model, ServiceId};

/// The grants of all whole flows; the hops of a flow work over the network alone.
pub(super) fn grants(model: &Model, catalog: &Catalog) -> Vec<Grant> {
    model.whole_flows().flat_map(|(id, flow)| flow_grants(model, catalog, id, flow)).collect()
}

fn flow_grants(model: &Model, catalog: &Catalog, id: FlowId, flow: &Flow) -> Vec<Grant> {
    let rows = flow.mechanism.iter().flat_map(|mechanism| &mechanism.grants);
    let rows = rows.filter(|row| applies(model, flow, row));
    rows.flat_map(|row| row_grants(model, catalog, id, flow, row)).collect()
}

/// Does a row's `when` hold for this flow?
fn applies(model: &Model, flow: &Flow, row: &MechanismGrant) -> bool {
    let Some((what, value)) = row.when.as_deref().and_then(|when| when.split_once(" = ")) else {
        return true;
    };
    match what {
        "credentials" => credentials(model, flow) == value,
        "to" => model.services[flow.to].is_a(value),
        "from" => model.services[flow.from].is_a(value),
        _ => true,
    }
}

/// How the caller of a datastore proves who it is: as the datastore states, otherwise as the verb does.
fn credentials(model: &Model, flow: &Flow) -> &'static str {
    let resource = &model.services[flow.resource()];
    let by_verb = resource.kind.verb(&flow.verb).and_then(|verb| verb.credentials);
    let is_secret =
        resource.settings.word("credentials") == Some("secret") || by_verb == Some(Credentials::Secret);
    if is_secret { "secret" } else { "iam-auth" }
}

/// By what a grant of the catalogue is carried; nothing for what is no policy.
const CARRIERS: [(GrantVia, Carrier); 3] = [
    (GrantVia::Identity, Carrier::Identity),
    (GrantVia::ResourcePolicy, Carrier::ResourcePolicy),
    (GrantVia::LambdaPermission, Carrier::LambdaPermission),
];

fn row_grants(model: &Model, catalog: &Catalog, id: FlowId, flow: &Flow, row: &MechanismGrant) -> Vec<Grant> {
    let Some((_, carrier)) = CARRIERS.iter().find(|(via, _)| *via == row.via) else { return Vec::new() };
    let ask = |principal: Principal| Ask {
        role: role_for(model, flow, &principal, row),
        principal,
        carrier: *carrier,
        effect: Effect::Allow,
        reason: Reason::Flow(id),
        causes: vec![flow.span],
        holder: matches!(row.principal, Named::CallerOf(_)).then_some(flow.from),
    };
    let principals = principals(model, flow, &row.principal);
    principals.into_iter().flat_map(|principal| asked(model, catalog, flow, row, &ask(principal))).collect()
}

fn end(flow: &Flow, end: End) -> ServiceId {
    if end == End::From { flow.from } else { flow.to }
}

/// Who a row is for; people outside have no role of their own, and what the compiler inserts only moves packets.
fn principals(model: &Model, flow: &Flow, named: &Named) -> Vec<Principal> {
    match named {
        Named::Service(name) => vec![Principal::Aws(name.clone())],
        Named::Inserted(_) => Vec::new(),
        Named::End(side) => with_role(model, end(flow, *side)).into_iter().collect(),
        Named::CallerOf(side) => callers(model, end(flow, *side)),
    }
}

fn with_role(model: &Model, service: ServiceId) -> Option<Principal> {
    (!model.services[service].kind.is_outside()).then_some(Principal::Service(model.runs_as(service)))
}

/// The role a grant goes to: the one whose own needs take in the verb's actions (images are pulled by the execution role, not
/// by the code), otherwise the one the code runs under.
fn role_for(model: &Model, flow: &Flow, principal: &Principal, row: &MechanismGrant) -> String {
    let (Principal::Service(id), GrantResource::End(side)) = (principal, &row.resource) else {
        return String::new();
    };
    let word = if row.verb == "*" { flow.verb.as_str() } else { row.verb.as_str() };
    let verb = model.services[end(flow, *side)].kind.verb(word);
    let wanted: Vec<&String> =
        verb.iter().flat_map(|verb| &verb.allow).flat_map(|allow| &allow.actions).collect();
    let covers = |base: &&Base| {
        let own: Vec<&String> = base.allow.iter().flat_map(|allow| &allow.actions).collect();
        !wanted.is_empty() && wanted.iter().all(|action| own.contains(action))
    };
    let base = model.services[*id].kind.base.iter().find(covers);
    base.and_then(|base| base.role.clone()).unwrap_or_default()
}

/// Whoever opens calls to a service.
fn callers(model: &Model, service: ServiceId) -> Vec<Principal> {
    let flows = model
        .whole_flows_at(service)
        .filter(|(_, flow)| flow.resource() == service && flow.initiator() != service);
    let mut callers: Vec<Principal> =
        flows.filter_map(|(_, flow)| with_role(model, flow.initiator())).collect();
    callers.sort();
    callers.dedup();
    callers
}

/// The grants of one row to one principal.
fn asked(model: &Model, catalog: &Catalog, flow: &Flow, row: &MechanismGrant, ask: &Ask) -> Vec<Grant> {
    let word = if row.verb == "*" { flow.verb.as_str() } else { row.verb.as_str() };
    let grants = match &row.resource {
        GrantResource::Inserted(_) => Vec::new(),
        GrantResource::SecretOf(side) => secret_grant(catalog, ask, end(flow, *side)).into_iter().collect(),
        GrantResource::End(side) => verb_grants(model, ask, word, end(flow, *side)),
    };
    grants.into_iter().map(|grant| bound(model, flow, row, grant)).collect()
}

fn verb_grants(model: &Model, ask: &Ask, word: &str, on: ServiceId) -> Vec<Grant> {
    let Some(verb) = model.services[on].kind.verb(word) else { return Vec::new() };
    let mut grants = verbs::grants(model, ask, verb, on);
    grants.extend(implied(model, ask, verb, on));
    grants
}

/// The password that RDS keeps for a database.
fn secret_grant(catalog: &Catalog, ask: &Ask, database: ServiceId) -> Option<Grant> {
    let verb = catalog.kind("secret")?.verb("read")?;
    let actions = verb.allow.iter().flat_map(|allow| allow.actions.clone()).collect();
    let arn = "arn:${partition}:secretsmanager:${region}:${account}:secret:${secret}-*".to_owned();
    let resource = Resource { service: Some(database), kind: "secretsmanager:Secret".to_owned(), arn };
    Some(ask.grant(&verb.name, Some(verb.level), actions, resource))
}

/// What a verb needs on the things behind it: `s3.list` on the buckets it has flows with, `s3.write(results)` on the
/// bucket its setting `results` names. (`secret.read` is a row of the mechanism itself.)
fn implied(model: &Model, ask: &Ask, verb: &Verb, on: ServiceId) -> Vec<Grant> {
    let parts = verb.implies.iter().filter_map(|text| Implied::parse(text));
    parts.flat_map(|part| part.grants(model, ask, on)).collect()
}

/// `kind.verb` or `kind.verb(setting)`.
struct Implied<'a> {
    kind: &'a str,
    verb: &'a str,
    setting: Option<&'a str>,
}

impl<'a> Implied<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        let (verb, setting) =
            rest.split_once('(').map_or((rest, None), |(verb, setting)| (verb, Some(setting)));
        Some(Self { kind, verb, setting: setting.map(|setting| setting.trim_end_matches(')')) })
    }

    fn grants(&self, model: &Model, ask: &Ask, on: ServiceId) -> Vec<Grant> {
        let found = self.targets(model, on).into_iter();
        let found = found.filter_map(|target| Some((target, model.services[target].kind.verb(self.verb)?)));
        found.flat_map(|(target, verb)| verbs::grants(model, ask, verb, target)).collect()
    }

    fn targets(&self, model: &Model, on: ServiceId) -> Vec<ServiceId> {
        if let Some(setting) = self.setting {
            return model.services[on].settings.service(setting).into_iter().collect();
        }
        let behind = model.whole_flows_from(on).map(|(_, flow)| flow.to);
        behind.filter(|target| model.services[*target].is_a(self.kind)).collect()
    }
}

/// A push of an AWS service is bound to where it comes from, so that nobody else's push passes (the confused deputy).
fn bound(model: &Model, flow: &Flow, row: &MechanismGrant, grant: Grant) -> Grant {
    let actions = row.action.as_ref().map_or(grant.actions, |action| vec![action.clone()]);
    if !matches!(grant.principal, Principal::Aws(_)) || grant.carrier == Carrier::KeyPolicy {
        return Grant { actions, ..grant };
    }
    let keys = row.condition.as_deref().unwrap_or("");
    let by_arn = row.source_arn.is_some() || keys.contains("aws:SourceArn");
    let by_account = row.source_account || keys.contains("aws:SourceAccount") || !by_arn;
    let arn = by_arn.then(|| source_arn(model, flow, row.source_arn.as_deref())).flatten();
    let source = arn.is_some().then_some(flow.from);
    let arn = arn.map(|arn| (("ArnLike".to_owned(), "aws:SourceArn".to_owned()), vec![arn]));
    let account =
        (("StringEquals".to_owned(), "aws:SourceAccount".to_owned()), vec!["${account}".to_owned()]);
    let conditions: Conditions = arn.into_iter().chain(by_account.then_some(account)).collect();
    Grant { actions, conditions, source, ..grant }
}

/// The ARN a push comes from: the thing's own, one of its rules, or the target group in front of a function.
fn source_arn(model: &Model, flow: &Flow, which: Option<&str>) -> Option<String> {
    let arns = &model.services[flow.from].kind.arn;
    let (template, of) = match which {
        Some("target-group") => {
            ("arn:${partition}:elasticloadbalancing:${region}:${account}:targetgroup/${name}/*", flow.to)
        }
        Some("rule") => (arns.iter().find(|(kind, _)| kind.starts_with("rule"))?.1.as_str(), flow.from),
        _ => (arns.first()?.1.as_str(), flow.from),
    };
    Some(Filling::new(model, Some(of)).fill_what(template))
}
