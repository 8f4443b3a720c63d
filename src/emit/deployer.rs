//! The policy of whoever runs Terraform: the actions that exactly the emitted resource types need.
//!
//! An action is scoped to ARNs with the system's name where all that it acts on is named so; the others are bound to the
//! system's regions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::catalog::{Catalog, DeployerRows};
use crate::check::Checked;
use crate::derive::access::{Filling, prefix};
use crate::emit::terraform::Root;
use crate::emit::{Artifact, policies, terraform};
use crate::model::{Backend, Model};
use crate::text::Text;

/// The most characters of a managed policy, blanks not counted (IAM quota).
const LARGEST_POLICY: usize = 6_144;

/// One statement as it is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    sid: String,
    actions: BTreeSet<String>,
    resources: Vec<String>,
    condition: Option<Value>,
}

/// `policies/deployer.json`, and `deployer-2.json` and so on when one managed policy cannot hold all of it.
pub fn write(checked: Checked<'_>, catalog: &Catalog, roots: &[Root]) -> Vec<Artifact> {
    let types = roots.iter().flat_map(|root| root.module.types()).collect();
    let names = roots.iter().filter_map(|root| root.name.as_deref()).collect();
    let model = &checked.review().model;
    let plan = Deployment {
        model,
        catalog,
        rows: catalog.deployer_rows(),
        types: &types,
        regions: regions(model, &types),
        prefix: prefix(model),
        filling: Filling::new(model, None),
        roots: names,
    };
    let documents = documents(plan.statements());
    let files = documents.iter().enumerate().map(|(at, document)| {
        let name = if at == 0 { "deployer".to_owned() } else { format!("deployer-{}", at + 1) };
        policies::artifact(&name, document)
    });
    files.flatten().collect()
}

struct Deployment<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
    rows: &'a DeployerRows,
    types: &'a BTreeSet<String>,
    /// The regions the system has something in, the first being its own.
    regions: Vec<String>,
    /// What the system's names begin with.
    prefix: String,
    filling: Filling<'a>,
    /// The names of the root modules; none when there is only one.
    roots: Vec<&'a str>,
}

impl Deployment<'_> {
    fn statements(&self) -> Vec<Statement> {
        let mut groups: BTreeMap<(String, Vec<String>), BTreeSet<String>> = BTreeMap::new();
        let actions: BTreeSet<&String> =
            self.types.iter().filter_map(|kind| self.rows.types.get(kind)).flatten().collect();
        for action in actions {
            let service = action.split(':').next().unwrap_or_default().to_owned();
            groups.entry((service, self.resources(action))).or_default().insert(action.clone());
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut statements: Vec<Statement> = Vec::new();
        for ((service, resources), actions) in groups {
            let number = seen.entry(service.clone()).or_default();
            *number += 1;
            let is_bound = resources != ["*"] || self.rows.global.contains(&service);
            let condition =
                (!is_bound).then(|| json!({ "StringEquals": { "aws:RequestedRegion": self.regions } }));
            statements.push(Statement { sid: sid(&service, *number), actions, resources, condition });
        }
        statements.extend(self.passed_roles());
        statements.extend(self.linked_roles());
        statements.extend(self.state());
        statements
    }

    /// What an action may act on: the system's own names, when all that it acts on bears them.
    fn resources(&self, action: &str) -> Vec<String> {
        let service = action.split(':').next().unwrap_or_default();
        let facts = self.catalog.action(action);
        let types: Vec<String> = facts
            .iter()
            .flat_map(crate::catalog::ActionFacts::resource_types)
            .map(|kind| format!("{service}:{kind}"))
            .collect();
        let numbered = types.iter().any(|kind| self.rows.by_id.contains(kind));
        let scopes = types.iter().filter_map(|kind| self.rows.scopes.get(kind)).flatten();
        let arns: BTreeSet<String> = scopes.flat_map(|arn| self.filled(arn)).collect();
        if numbered || arns.is_empty() { vec!["*".to_owned()] } else { arns.into_iter().collect() }
    }

    /// A pattern in each region of the system.
    fn filled(&self, pattern: &str) -> Vec<String> {
        let named = pattern.replace("${prefix}", &self.prefix);
        self.regions.iter().map(|region| self.filling.fill(&named.replace("${region}", region))).collect()
    }

    /// The roles of the system may be handed to the services that take them on, and to no other.
    fn passed_roles(&self) -> Option<Statement> {
        let rows = self.types.iter().filter_map(|kind| self.rows.passes.get(kind));
        let to: BTreeSet<&String> = rows.flatten().collect();
        let roles = self.rows.scopes.get("iam:role")?.iter().flat_map(|arn| self.filled(arn));
        (!to.is_empty()).then(|| Statement {
            sid: "PassRoles".to_owned(),
            actions: BTreeSet::from(["iam:PassRole".to_owned()]),
            resources: roles.collect::<BTreeSet<_>>().into_iter().collect(),
            condition: Some(json!({ "StringEquals": { "iam:PassedToService": to } })),
        })
    }

    /// Some services make a role of their own when they are first used in an account.
    fn linked_roles(&self) -> Option<Statement> {
        let services: BTreeSet<&String> =
            self.types.iter().filter_map(|kind| self.rows.linked.get(kind)).collect();
        (!services.is_empty()).then(|| Statement {
            sid: "CreateLinkedRoles".to_owned(),
            actions: BTreeSet::from(["iam:CreateServiceLinkedRole".to_owned()]),
            resources: self.filled("arn:${partition}:iam::${account}:role/aws-service-role/*"),
            condition: Some(json!({ "StringEquals": { "iam:AWSServiceName": services } })),
        })
    }

    /// The state in a bucket, when the model says so.
    fn state(&self) -> Vec<Statement> {
        let backend = self.model.backend.as_ref().filter(|backend| backend.kind.as_str() == "s3");
        let argument = |name: &str| plain(backend?.settings.get(name)?);
        let Some(bucket) = argument("bucket") else { return Vec::new() };
        let stated = || vec![argument("key").unwrap_or_default()];
        let own = |root: &&str| split_key(backend?, root);
        let keys = if self.roots.is_empty() { stated() } else { self.roots.iter().filter_map(own).collect() };
        let statement = |sid: &str, actions: &[&str], arns: Vec<String>| Statement {
            sid: sid.to_owned(),
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            resources: arns.iter().filter_map(|arn| self.filled(arn).into_iter().next()).collect(),
            condition: None,
        };
        let objects = keys.iter().map(|key| format!("arn:${{partition}}:s3:::{bucket}/{key}*"));
        vec![
            statement("ListState", &["s3:ListBucket"], vec![format!("arn:${{partition}}:s3:::{bucket}")]),
            statement("KeepState", &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], objects.collect()),
        ]
    }
}

/// The regions the system has something in, the first being its own.
fn regions(model: &Model, types: &BTreeSet<String>) -> Vec<String> {
    let own = model.system.region.clone();
    let others = model.services.ids().map(|id| model.region_of(id).to_owned());
    let edge = ["aws_cloudfront_distribution", "aws_wafv2_web_acl", "aws_route53_zone"];
    let edge = edge.iter().any(|kind| types.contains(*kind)).then(|| "us-east-1".to_owned());
    let all: BTreeSet<String> = others.chain(edge).filter(|region| *region != own).collect();
    std::iter::once(own).chain(all).collect()
}

/// A text in the alphabet of names.
fn plain(text: &Text) -> Option<String> {
    let plain: String = text.chars().collect();
    plain.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c)).then_some(plain)
}

/// The key of the state of one root module among several.
fn split_key(backend: &Backend, root: &str) -> Option<String> {
    terraform::state(backend, root).iter().find(|(name, _)| name == "key").and_then(|(_, key)| plain(key))
}

fn sid(service: &str, number: usize) -> String {
    let letters = service.split('-').map(|part| {
        let mut chars = part.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    format!("{}{number}", letters.collect::<String>())
}

fn statement_json(statement: &Statement) -> Value {
    let mut fields = Map::new();
    fields.insert("Sid".to_owned(), json!(statement.sid));
    fields.insert("Effect".to_owned(), json!("Allow"));
    fields.insert("Action".to_owned(), json!(statement.actions));
    let resource = match statement.resources.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    fields.insert("Resource".to_owned(), resource);
    if let Some(condition) = &statement.condition {
        fields.insert("Condition".to_owned(), condition.clone());
    }
    Value::Object(fields)
}

/// Statements in as few documents as IAM's size allows, in order.
fn documents(statements: Vec<Statement>) -> Vec<Value> {
    let frame = document(&[]).to_string().len();
    let mut pages: Vec<Vec<Value>> = Vec::new();
    let mut size = LARGEST_POLICY;
    for statement in statements {
        let mut value = statement_json(&statement);
        let length = value.to_string().len() + 1;
        if size + length > LARGEST_POLICY {
            pages.push(Vec::new());
            size = frame;
        }
        size += length;
        pages.last_mut().into_iter().for_each(|page| page.push(value.take()));
    }
    pages.iter().map(|page| document(page)).collect()
}

fn document(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}
