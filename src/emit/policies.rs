//! IAM policies as JSON files, one a role and one a resource with a policy of its own: the same statements Terraform writes, with
//! ARNs spelt out, so that they can be read, compared and validated without AWS.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::check::{Checked, Review};
use crate::derive::access::{Access, Carrier, Effect, Filling, Principal, Statement};
use crate::emit::Artifact;
use crate::model::{Model, ServiceId};
use crate::text::RelPath;

/// The files below `policies/`: one a role, then one a resource.
pub fn write(checked: Checked) -> Vec<Artifact> {
    let review: &Review = checked.review();
    let (model, access) = (&review.model, &review.facts.access);
    let resources = model.services.ids().filter_map(|id| resource_file(model, access, id));
    role_files(model, access).into_iter().chain(resources).collect()
}

fn role_files(model: &Model, access: &Access) -> Vec<Artifact> {
    let principals =
        access.principals().filter_map(|principal| Some((principal, file_stem(model, principal)?)));
    principals.flat_map(|(principal, stem)| policies(model, access, principal, &stem)).collect()
}

/// The name of a principal's file; AWS services and the public have no role.
fn file_stem(model: &Model, principal: &Principal) -> Option<String> {
    match principal {
        Principal::Service(id) => Some(model.services[*id].name.to_string()),
        Principal::Role(id) => {
            let name = &model.roles[*id].name;
            let is_taken = model.service(name.as_str()).is_some();
            Some(if is_taken { format!("{name}.people") } else { name.to_string() })
        }
        Principal::Aws(_) | Principal::Anyone => None,
    }
}

/// One policy for each of a principal's roles: `products`, `web` and `web.execution`.
fn policies(model: &Model, access: &Access, principal: &Principal, stem: &str) -> Vec<Artifact> {
    let mut roles: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for statement in access.statements(principal) {
        roles.entry(&statement.role).or_default().push(statement);
    }
    let name = |role: &str| if role.is_empty() { stem.to_owned() } else { format!("{stem}.{role}") };
    roles
        .into_iter()
        .filter_map(|(role, statements)| artifact(&name(role), &document(model, statements)))
        .collect()
}

fn resource_file(model: &Model, access: &Access, id: ServiceId) -> Option<Artifact> {
    let statements = access.resource_statements(id);
    let name = format!("{}.resource", model.services[id].name);
    (!statements.is_empty()).then(|| artifact(&name, &document(model, &statements))).flatten()
}

/// A file below `policies/`.
pub(super) fn artifact(name: &str, document: &Value) -> Option<Artifact> {
    let path = RelPath::new(&format!("policies/{name}.json"))?;
    let text = serde_json::to_string_pretty(document).ok()?;
    Some(Artifact { path, bytes: format!("{text}\n").into_bytes() })
}

/// A policy document of these statements.
pub fn document<'s>(model: &Model, statements: impl IntoIterator<Item = &'s Statement>) -> Value {
    let statements: Vec<Value> =
        statements.into_iter().map(|statement| statement_json(model, statement)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statement_json(model: &Model, statement: &Statement) -> Value {
    let mut fields = Map::new();
    fields.insert("Sid".to_owned(), json!(statement.sid));
    fields
        .insert("Effect".to_owned(), json!(if statement.effect == Effect::Allow { "Allow" } else { "Deny" }));
    if statement.carrier != Carrier::Identity {
        fields.insert("Principal".to_owned(), principal_json(model, &statement.principal));
    }
    fields.insert("Action".to_owned(), json!(statement.actions));
    fields.insert("Resource".to_owned(), resources_json(model, statement));
    if !statement.conditions.is_empty() {
        fields.insert("Condition".to_owned(), conditions_json(model, statement));
    }
    Value::Object(fields)
}

fn principal_json(model: &Model, principal: &Principal) -> Value {
    let role = |name: &str| {
        let filling = Filling::new(model, None);
        json!({ "AWS": filling.fill(&format!("arn:${{partition}}:iam::${{account}}:role/${{system}}-{name}")) })
    };
    match principal {
        Principal::Service(id) => role(model.services[*id].name.as_str()),
        Principal::Role(id) => role(model.roles[*id].name.as_str()),
        Principal::Aws(name) => json!({ "Service": name }),
        Principal::Anyone => json!("*"),
    }
}

fn resources_json(model: &Model, statement: &Statement) -> Value {
    let mut arns: Vec<String> = statement
        .resources
        .iter()
        .map(|resource| Filling::new(model, resource.service).fill(&resource.arn))
        .collect();
    arns.sort();
    arns.dedup();
    match arns.as_slice() {
        [one] => json!(one),
        _ => json!(arns),
    }
}

fn conditions_json(model: &Model, statement: &Statement) -> Value {
    let service = statement.resources.iter().find_map(|resource| resource.service);
    let filling = Filling::new(model, service);
    let mut operators: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for ((operator, key), values) in &statement.conditions {
        let filled: Vec<String> = values.iter().map(|value| filling.fill(value)).collect();
        let value = if let [one] = filled.as_slice() { json!(one) } else { json!(filled) };
        operators.entry(operator).or_default().insert(key, value);
    }
    json!(operators)
}
