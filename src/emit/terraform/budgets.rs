//! Budgets, who hears of them, and what happens when they are passed.

use std::collections::BTreeSet;

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::scope::{Scope, safe_label};
use crate::model::{Budget, BudgetAction, Deed, Period, Scope as Counted, ServiceId, Spending, Threshold};

/// AWS's words for periods.
const PERIODS: [(Period, &str); 4] = [
    (Period::Daily, "DAILY"),
    (Period::Monthly, "MONTHLY"),
    (Period::Quarterly, "QUARTERLY"),
    (Period::Annually, "ANNUALLY"),
];

/// Emits every budget.
pub fn emit(scope: &Scope<'_>, module: &mut Module) {
    for (index, budget) in scope.model.budgets.iter().enumerate() {
        emit_budget(scope, budget, index, module);
    }
}

fn commented(scope: &Scope<'_>, budget: &Budget, block: Block) -> Block {
    scope.provenance(&[budget.span]).iter().fold(block, |block, line| block.comment(line))
}

/// What the budget counts, as a word and as the filter on a tag.
fn counted(scope: &Scope<'_>, budget: &Budget) -> (String, Expr) {
    match &budget.scope {
        Counted::System => ("system".to_owned(), code("format(\"user:Project$%s\", var.project)")),
        Counted::Service(id) => {
            (scope.label(*id).to_owned(), format!("user:Service${}", scope.service(*id).name).into())
        }
        Counted::Place(place) => {
            let name = &scope.model.places[*place].name;
            (name.label(), format!("user:Group${name}").into())
        }
    }
}

fn emit_budget(scope: &Scope<'_>, budget: &Budget, index: usize, module: &mut Module) {
    let (word, filter) = counted(scope, budget);
    let period =
        PERIODS.iter().find(|(period, _)| *period == budget.period).map_or("MONTHLY", |(_, name)| *name);
    let repeated = scope.model.budgets.iter().take(index).any(|other| counted(scope, other).0 == word);
    let label = safe_label(&if repeated { format!("{word}_{}", index + 1) } else { word });
    let alerts = budget
        .alerts
        .iter()
        .filter(|(at, _)| !(at.of == Spending::Forecast && budget.period == Period::Daily));
    let body = body! {
        name = template(&format!("${{local.name}}-{}-{}", label.replace('_', "-"), period.to_lowercase()));
        budget_type = "COST";
        limit_amount = budget.limit.usd(2);
        limit_unit = "USD";
        time_unit = period;
        cost_filter { name = "TagKeyValue"; values = [filter]; }
        notification ?{ alerts.map(|(at, to)| notification(scope, *at, to)) }
    };
    module.push(File::Budgets, commented(scope, budget, Block::resource("aws_budgets_budget", &label, body)));
    for (number, action) in budget.actions.iter().enumerate() {
        emit_action(scope, (budget, action), &label, number, module);
    }
}

fn percent(threshold: Threshold) -> Expr {
    code(threshold.share.percent(2))
}

fn spending(threshold: Threshold) -> &'static str {
    if threshold.of == Spending::Forecast { "FORECASTED" } else { "ACTUAL" }
}

/// AWS takes one topic a notification, and at least one subscriber.
fn notification(scope: &Scope<'_>, at: Threshold, to: &[ServiceId]) -> Body {
    let topics = to.iter().filter(|id| scope.is_a(**id, "sns")).take(1);
    let topics: Vec<Expr> = topics.map(|id| scope.attribute("aws_sns_topic", *id, "arn")).collect();
    let address = scope.model.system.address().filter(|_| topics.is_empty());
    let emails = address.map(|address| list([Expr::text(address)]));
    body! {
        comparison_operator = "GREATER_THAN";
        threshold = percent(at);
        threshold_type = "PERCENTAGE";
        notification_type = spending(at);
        subscriber_email_addresses ?= emails;
        subscriber_sns_topic_arns ?= (!topics.is_empty()).then(|| list(topics.clone()));
    }
}

fn emit_action(
    scope: &Scope<'_>,
    (budget, action): (&Budget, &BudgetAction),
    budget_label: &str,
    number: usize,
    module: &mut Module,
) {
    let label = format!("{budget_label}_action_{}", number + 1);
    let (refused, stopped) = match &action.deed {
        Deed::Deny(actions) => (Some(actions), [].as_slice()),
        Deed::Stop(databases) => (None, databases.as_slice()),
    };
    let people: Vec<String> = scope.model.roles.values().map(|role| role.name.label()).collect();
    let services =
        scope.model.services.ids().filter(|id| scope.is_a(*id, "ec2_service") || scope.is_a(*id, "lambda"));
    let fallback: Vec<String> = services.map(|id| scope.label(id).to_owned()).collect();
    let roles = if people.is_empty() { fallback } else { people };
    if let Some(actions) = refused {
        emit_refusal(scope, budget, actions, &label, module);
    }
    emit_action_role(scope, budget, &label, (&roles, stopped), module);
    let definition = if stopped.is_empty() {
        let names = roles.iter().map(|role| code(format!("aws_iam_role.{role}.name")));
        body! { iam_action_definition { policy_arn = code(format!("aws_iam_policy.{label}.arn")); roles = list(names); } }
    } else {
        let ids = stopped.iter().map(|id| scope.attribute("aws_db_instance", *id, "identifier"));
        body! { ssm_action_definition { action_sub_type = "STOP_RDS_INSTANCES"; instance_ids = list(ids); region = code("var.region"); } }
    };
    let heard = budget.alerts.iter().flat_map(|(_, to)| to).find(|id| scope.is_a(**id, "sns"));
    let (kind, address) = match heard {
        Some(topic) => ("SNS", scope.attribute("aws_sns_topic", *topic, "arn")),
        None => ("EMAIL", scope.model.system.address().map_or_else(|| Expr::from(""), Expr::text)),
    };
    let body = body! {
        budget_name = code(format!("aws_budgets_budget.{budget_label}.name"));
        action_type = if stopped.is_empty() { "APPLY_IAM_POLICY" } else { "RUN_SSM_DOCUMENTS" };
        approval_model = "AUTOMATIC";
        notification_type = spending(action.at);
        execution_role_arn = code(format!("aws_iam_role.{label}.arn"));
        action_threshold { action_threshold_type = "PERCENTAGE"; action_threshold_value = percent(action.at); }
        definition ?{ Some(definition) }
        subscriber { subscription_type = kind; address = address; }
    };
    let block = Block::resource("aws_budgets_budget_action", &label, body);
    let lines = scope.provenance(&[action.span]);
    module.push(File::Budgets, lines.iter().fold(block, |block, line| block.comment(line)));
}

/// The policy that refuses new things.
fn emit_refusal(
    scope: &Scope<'_>,
    budget: &Budget,
    actions: &BTreeSet<String>,
    label: &str,
    module: &mut Module,
) {
    let statement =
        body! { sid = "NothingNew"; effect = "Deny"; actions = list(actions); resources = ["*"]; };
    let document = Block::data(
        "aws_iam_policy_document",
        &format!("{label}_refusal"),
        body! { statement ?{ [statement] } },
    );
    module.push(File::Budgets, commented(scope, budget, document));
    let body = body! {
        name = template(&format!("${{local.name}}-{}", label.replace('_', "-")));
        description = "Attached when the budget is passed";
        policy = code(format!("data.aws_iam_policy_document.{label}_refusal.json"));
    };
    module.push(File::Budgets, commented(scope, budget, Block::resource("aws_iam_policy", label, body)));
}

/// The role AWS Budgets acts under: it can attach this one policy to these roles, or stop these databases.
fn emit_action_role(
    scope: &Scope<'_>,
    budget: &Budget,
    label: &str,
    (roles, stopped): (&[String], &[ServiceId]),
    module: &mut Module,
) {
    common::role(
        scope,
        module,
        &common::Role {
            label,
            name: template(&format!("${{local.name}}-{}", label.replace('_', "-"))),
            description: "Lets AWS Budgets act when the budget is passed.",
            principal: "budgets.amazonaws.com",
            causes: &[budget.span],
        },
    );
    let statement = if stopped.is_empty() {
        body! {
            sid = "AttachRefusal";
            actions = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"];
            resources = list(roles.iter().map(|role| code(format!("aws_iam_role.{role}.arn"))));
            condition { test = "ArnEquals"; variable = "iam:PolicyARN"; values = [code(format!("aws_iam_policy.{label}.arn"))]; }
        }
    } else {
        body! {
            sid = "StopDatabases";
            actions = ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"];
            resources = list(stopped.iter().map(|id| scope.attribute("aws_db_instance", *id, "arn")));
        }
    };
    let mut document = body! { statement ?{ [statement] } };
    if !stopped.is_empty() {
        document.push_block("statement", body! {
            sid = "RunDocument";
            actions = ["ssm:StartAutomationExecution"];
            resources = [template("arn:${local.partition}:ssm:${var.region}:*:automation-definition/AWS-StopRdsInstance:*")];
        });
    }
    common::role_policy(module, scope, (label, &[budget.span]), document);
}
