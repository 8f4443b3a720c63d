//! From the statements of the facts to policy documents: the same actions, with references in place of ARNs.

use crate::derive::access::{Effect, Principal, Resource, Statement};
use crate::emit::terraform::arn::{self, Arn};
use crate::emit::terraform::hcl::{Block, Body, Expr, body, call, list};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;
use crate::text::Text;

/// The body of a document with one statement each.
pub fn document<'s>(scope: &Scope<'_>, statements: impl IntoIterator<Item = &'s Statement>) -> Body {
    let mut document = Body::default();
    for statement in statements {
        document.push_labelled(written(scope, statement, Body::default(), None));
    }
    document
}

/// The statements of a resource's own policy: each names its principal, and all are about the resource.
pub fn resource_statements(
    scope: &Scope<'_>,
    statements: &[&Statement],
    resource: Option<&Expr>,
) -> Vec<Block> {
    let named = |statement: &&Statement| {
        let whom = body! { principals ?{ [principals(scope, &statement.principal)] } };
        written(scope, statement, whom, resource)
    };
    statements.iter().map(named).collect()
}

/// One statement: whom it names, and what it is about when that is one thing.
fn written(scope: &Scope<'_>, statement: &Statement, whom: Body, on: Option<&Expr>) -> Block {
    let effect = (statement.effect == Effect::Deny).then_some("Deny");
    let own = on.map(|resource| list([resource.clone()]));
    let body = body! {
        sid = statement.sid.as_str();
        effect ?= effect;
        actions = list(&statement.actions);
        resources = own.unwrap_or_else(|| resources(scope, &statement.resources, &statement.principal));
    };
    let body = body.and(whom).and(body! { condition ?{ conditions(scope, statement) } });
    let block = Block::new("statement", &[], body);
    scope.provenance(&statement.causes).iter().fold(block, |block, line| block.comment(line))
}

/// Who a statement of a resource's policy is for.
fn principals(scope: &Scope<'_>, principal: &Principal) -> Body {
    let (kind, who): (&str, Expr) = match principal {
        Principal::Service(id) => ("AWS", scope.attribute("aws_iam_role", *id, "arn")),
        Principal::Role(id) => (
            "AWS",
            crate::emit::terraform::hcl::code(format!(
                "aws_iam_role.{}.arn",
                scope.model.roles[*id].name.label()
            )),
        ),
        Principal::Aws(name) => ("Service", name.as_str().into()),
        Principal::Anyone => ("*", "*".into()),
    };
    body! { type = kind; identifiers = list([who]); }
}

fn resources(scope: &Scope<'_>, all: &[Resource], principal: &Principal) -> Expr {
    let mut single: Vec<Expr> = Vec::new();
    let mut several: Vec<Expr> = Vec::new();
    for resource in all {
        match arn::arns(scope, resource, principal) {
            Arn::One(one) if !single.contains(&one) => single.push(one),
            Arn::Many(many) if !several.contains(&many) => several.push(many),
            _ => {}
        }
    }
    match (single.is_empty(), several.as_slice()) {
        (_, []) => list(single),
        (true, [only]) => only.clone(),
        _ => call("concat", std::iter::once(list(single)).chain(several)),
    }
}

/// Condition blocks; values may hold the same parts as ARNs.
fn conditions(scope: &Scope<'_>, statement: &Statement) -> Vec<Body> {
    let block = |((operator, key), values): (&(String, String), &Vec<String>)| {
        let values = values.iter().map(|value| condition_value(scope, statement, key, value));
        body! { test = operator.as_str(); variable = key.as_str(); values = list(values); }
    };
    statement.conditions.iter().map(block).collect()
}

fn condition_value(scope: &Scope<'_>, statement: &Statement, key: &str, value: &str) -> Expr {
    if let Some(source) = statement.source.filter(|_| key == "aws:SourceArn") {
        return source_arn(scope, source, value);
    }
    let is_template = ["${region}", "${account}", "${partition}", "${system}"];
    if is_template.iter().any(|part| value.contains(part)) {
        let service = statement.resources.first().and_then(|resource| resource.service);
        arn::filled(scope, service, value, &statement.principal)
    } else {
        Expr::text(&Text::new(value))
    }
}

/// The ARN of what pushes.
fn source_arn(scope: &Scope<'_>, source: ServiceId, value: &str) -> Expr {
    arn::source(scope, source, value)
}
