//! Roles of people: who may take them, what they may do, and the boundary that holds whatever is attached later.

use std::collections::BTreeSet;

use crate::derive::access::{Effect, Principal, Statement};
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::policy;
use crate::emit::terraform::scope::Scope;
use crate::model::{Role, RoleId};

/// The longest policy AWS takes inside a role, in characters without white space, less a reserve.
const LONGEST: usize = 9_000;

/// Emits every role of people.
pub fn emit(scope: &Scope<'_>, module: &mut Module) {
    for (id, role) in scope.model.roles.iter() {
        emit_role(scope, id, role, module);
    }
}

fn commented(scope: &Scope<'_>, role: &Role, block: Block) -> Block {
    scope.provenance(&[role.span]).iter().fold(block, |block, line| block.comment(line))
}

fn emit_role(scope: &Scope<'_>, id: RoleId, role: &Role, module: &mut Module) {
    let label = role.name.label();
    let statements = scope.facts.access.statements(&Principal::Role(id));
    let trust = body! { statement ?{ [trust(scope, role, module)] } };
    module.push(
        File::People,
        commented(scope, role, Block::data("aws_iam_policy_document", &format!("{label}_trust"), trust)),
    );
    let denied: Vec<&Statement> =
        statements.iter().filter(|statement| statement.effect == Effect::Deny).collect();
    let allowed: Vec<&Statement> =
        statements.iter().filter(|statement| statement.effect == Effect::Allow).collect();
    let bounded = !denied.is_empty() || role.boundary;
    let session = role.session.map_or(3_600, crate::units::Millis::seconds).clamp(3_600, 43_200);
    let body = body! {
        name = template(&format!("${{local.name}}-{}", role.name.dashed()));
        description = described(role);
        assume_role_policy = code(format!("data.aws_iam_policy_document.{label}_trust.json"));
        max_session_duration = session;
        permissions_boundary ?= bounded.then(|| code(format!("aws_iam_policy.{label}_boundary.arn")));
    };
    module.push(File::People, commented(scope, role, Block::resource("aws_iam_role", &label, body)));
    emit_policies(scope, role, &allowed, module);
    if bounded {
        emit_boundary(scope, role, &allowed, &denied, module);
    }
    for (index, policy) in role.policies.iter().enumerate() {
        let body = body! { role = code(format!("aws_iam_role.{label}.name")); policy_arn = Expr::text(&policy.value); };
        module.push(
            File::People,
            Block::resource("aws_iam_role_policy_attachment", &format!("{label}_{}", index + 1), body),
        );
    }
    module.output(
        &format!("{label}_role_arn"),
        &format!("Role {}.", role.name),
        code(format!("aws_iam_role.{label}.arn")),
    );
}

/// The alphabet of descriptions in IAM.
fn described(role: &Role) -> Expr {
    let legal = |c: &char| !c.is_control() && u32::from(*c) < 0x100;
    role.title.chars().filter(legal).take(1_000).collect::<String>().into()
}

/// Who may take the role: principals of the identity provider, that a variable names.
fn trust(scope: &Scope<'_>, role: &Role, module: &mut Module) -> Body {
    let names: Vec<Expr> = scope.model.roles.values().map(|role| Expr::from(&role.name)).collect();
    let example = map(scope.model.roles.values().map(|role| {
        (role.name.to_string(), list([format!("arn:aws:iam::123456789012:role/sso-{}", role.name.dashed())]))
    }));
    let variable = Variable::required(
        "map(list(string))",
        "ARNs of the identity provider's roles that may take each role of people, by its name.",
        example,
    );
    let names = crate::emit::terraform::hcl::call(
        "alltrue",
        [code(format!(
            "[for role in [{}] : length(lookup(var.people, role, [])) > 0]",
            names
                .iter()
                .zip(scope.model.roles.values())
                .map(|(_, role)| format!("\"{}\"", role.name))
                .collect::<Vec<_>>()
                .join(", ")
        ))],
    );
    let condition = code_of(&names);
    let people =
        module.variable("people", variable.checked(condition, "Name at least one principal for each role."));
    let mfa = role
        .mfa
        .then(|| body! { test = "Bool"; variable = "aws:MultiFactorAuthPresent"; values = ["true"]; });
    let who = code(format!("{}[\"{}\"]", people.as_code().unwrap_or("var.people"), role.name));
    body! {
        actions = ["sts:AssumeRole"];
        principals { type = "AWS"; identifiers = who; }
        condition ?{ mfa }
    }
}

/// A call as code, for a condition.
fn code_of(expr: &Expr) -> String {
    let block = Block::new("", &[], Body::default().with("x", expr.clone()));
    block.print_inside().trim_start_matches("x = ").trim().to_owned()
}

/// A role with many rights has several policies, because each may only be so long.
fn emit_policies(scope: &Scope<'_>, role: &Role, allowed: &[&Statement], module: &mut Module) {
    let label = role.name.label();
    let single = length(allowed) <= LONGEST;
    for (index, chunk) in chunks(allowed, if single { LONGEST } else { 4_500 }).iter().enumerate() {
        let own = if index == 0 { label.clone() } else { format!("{label}_{}", index + 1) };
        let document = policy::document(scope, chunk.iter().copied());
        module.push(
            File::People,
            commented(scope, role, Block::data("aws_iam_policy_document", &own, document)),
        );
        let json = code(format!("data.aws_iam_policy_document.{own}.json"));
        if single {
            let body =
                body! { name = "access"; role = code(format!("aws_iam_role.{label}.name")); policy = json; };
            module.push(
                File::People,
                commented(scope, role, Block::resource("aws_iam_role_policy", &own, body)),
            );
        } else {
            let name = template(&format!("${{local.name}}-{}-{}", role.name.dashed(), index + 1));
            let body = body! { name = name; description = format!("Part {} of the rights of {}", index + 1, role.name); policy = json; };
            module.push(File::People, commented(scope, role, Block::resource("aws_iam_policy", &own, body)));
            let body = body! { role = code(format!("aws_iam_role.{label}.name")); policy_arn = code(format!("aws_iam_policy.{own}.arn")); };
            module.push(
                File::People,
                commented(
                    scope,
                    role,
                    Block::resource("aws_iam_role_policy_attachment", &format!("{own}_part"), body),
                ),
            );
        }
    }
}

/// About how long a statement is in JSON: an ARN of this system takes 90 characters.
fn length_of(statement: &Statement) -> usize {
    let actions: usize = statement.actions.iter().map(|action| action.len() + 3).sum();
    actions + statement.resources.len() * 90 + statement.conditions.len() * 80 + 70
}

fn length(statements: &[&Statement]) -> usize {
    statements.iter().map(|statement| length_of(statement)).sum()
}

fn chunks<'s>(statements: &[&'s Statement], most: usize) -> Vec<Vec<&'s Statement>> {
    let mut chunks: Vec<Vec<&Statement>> = Vec::new();
    let mut room = 0;
    for statement in statements {
        let length = length_of(statement);
        if let Some(chunk) = chunks.last_mut().filter(|_| length <= room) {
            chunk.push(statement);
            room -= length;
        } else {
            chunks.push(vec![statement]);
            room = most.saturating_sub(length);
        }
    }
    chunks
}

/// A boundary grants nothing: it names the actions the role's policies may hold, inside this account, and what is never
/// allowed. The policies say on what.
fn emit_boundary(
    scope: &Scope<'_>,
    role: &Role,
    allowed: &[&Statement],
    denied: &[&Statement],
    module: &mut Module,
) {
    let label = role.name.label();
    let actions: BTreeSet<&String> = allowed.iter().flat_map(|statement| &statement.actions).collect();
    let most = body! {
        sid = "AtMost";
        actions = list(actions);
        resources = ["*"];
        condition { test = "StringEqualsIfExists"; variable = "aws:ResourceAccount"; values = [code("local.account_id")]; }
    };
    let document = body! { statement ?{ [most] } }.and(policy::document(scope, denied.iter().copied()));
    let name = format!("{label}_boundary");
    module
        .push(File::People, commented(scope, role, Block::data("aws_iam_policy_document", &name, document)));
    let body = body! {
        name = template(&format!("${{local.name}}-{}-boundary", role.name.dashed()));
        description = format!("The most that {} may ever do", role.name);
        policy = code(format!("data.aws_iam_policy_document.{name}.json"));
    };
    module.push(File::People, commented(scope, role, Block::resource("aws_iam_policy", &name, body)));
}
