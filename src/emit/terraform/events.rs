//! Buses and schedules: what starts other things.

use crate::emit::terraform::common;
use crate::emit::terraform::containers;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, json, list, map, template};
use crate::emit::terraform::messaging;
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::scope::Scope;
use crate::model::{Flow, ServiceId, TierAccess};

/// What can be a target: kind, address of its ARN, does the caller need a role.
const TARGETS: &[(&str, &str, bool)] = &[
    ("batch", "aws_batch_job_queue.@.arn", true),
    ("ecs_fargate", "", true),
    ("eventbridge", "aws_cloudwatch_event_bus.@.arn", true),
    ("firehose", "aws_kinesis_firehose_delivery_stream.@.arn", true),
    ("glue", "aws_glue_job.@.arn", true),
    ("kinesis", "aws_kinesis_stream.@.arn", true),
    ("lambda", "aws_lambda_function.@.arn", false),
    ("logs", "aws_cloudwatch_log_group.@.arn", false),
    ("sns", "aws_sns_topic.@.arn", false),
    ("sqs", "aws_sqs_queue.@.arn", false),
    ("step_functions", "aws_sfn_state_machine.@.arn", true),
];

fn target(scope: &Scope<'_>, to: ServiceId) -> Option<(Expr, bool)> {
    let (kind, address, by_role) = TARGETS.iter().find(|(kind, ..)| scope.is_a(to, kind))?;
    let arn = if *kind == "ecs_fargate" {
        code(format!("aws_ecs_cluster.{}.arn", containers::cluster_label(scope, to)))
    } else {
        code(address.replace('@', scope.label(to)))
    };
    Some((arn, *by_role))
}

/// Deliveries that failed are kept.
fn dead_letters(scope: &Scope<'_>, id: ServiceId) -> Option<Body> {
    let queue = messaging::dead_letters_of(scope, id)?;
    Some(body! { arn = scope.attribute("aws_sqs_queue", queue, "arn"); })
}

fn retries(scope: &Scope<'_>, id: ServiceId, most: u64) -> Body {
    let settings = &scope.service(id).settings;
    let age = settings.time("max-age").map_or(86_400, crate::units::Millis::seconds).clamp(60, 86_400);
    body! { maximum_event_age_in_seconds = age; maximum_retry_attempts = settings.count("dlq").unwrap_or(most).min(185); }
}

/// The kind `eventbridge`.
pub fn bus(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let body = body! {
        name = scope.name(id);
        description = Expr::text(&scope.service(id).title);
        kms_key_identifier ?= scope.own_key_arn(id);
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_cloudwatch_event_bus", label, body));
    if let Some(days) = settings.time("archive").map(crate::units::Millis::days) {
        let archive = body! {
            name = scope.name_within(id, "", 48);
            event_source_arn = code(format!("aws_cloudwatch_event_bus.{label}.arn"));
            retention_days = days;
        };
        module.add(
            scope,
            id,
            File::Messaging,
            Block::resource("aws_cloudwatch_event_archive", label, archive),
        );
    }
    let flows: Vec<&Flow> =
        scope.flows_from(id).map(|(_, flow)| flow).filter(|flow| flow.is_whole()).collect();
    if common::has_grants(scope, id, "") {
        common::service_role(scope, id, module, "");
    }
    for flow in flows {
        emit_rule(scope, id, flow, module);
    }
}

fn emit_rule(scope: &Scope<'_>, id: ServiceId, flow: &Flow, module: &mut Module) {
    let Some((arn, by_role)) = target(scope, flow.to) else { return };
    let label = format!("{}_{}", scope.label(id), scope.label(flow.to));
    let all = json(map([("account", list([code("local.account_id")]))]));
    let rule = body! {
        name = scope.name_within(id, &format!("-{}", scope.lower(flow.to)), 64);
        description = format!("{} to {}", scope.service(id).name, scope.service(flow.to).name);
        event_bus_name = scope.attribute("aws_cloudwatch_event_bus", id, "name");
        event_pattern = scope.service(id).settings.text("pattern").map_or(all, Expr::text);
    };
    module.add_caused(
        scope,
        id,
        File::Messaging,
        Block::resource("aws_cloudwatch_event_rule", &label, rule),
        &[flow.span],
    );
    let fifo = scope.is_a(flow.to, "sqs") && scope.service(flow.to).settings.is_on("fifo");
    let target = body! {
        rule = code(format!("aws_cloudwatch_event_rule.{label}.name"));
        event_bus_name = scope.attribute("aws_cloudwatch_event_bus", id, "name");
        arn = arn;
        role_arn ?= by_role.then(|| code(format!("aws_iam_role.{}.arn", scope.label(id))));
        dead_letter_config ?{ dead_letters(scope, id) }
        retry_policy ?{ Some(retries(scope, id, 185)) }
        sqs_target ?{ fifo.then(|| body! { message_group_id = "events"; }) }
        kinesis_target ?{ scope.is_a(flow.to, "kinesis").then(|| body! { partition_key_path = "$.id"; }) }
        ecs_target ?{ scope.is_a(flow.to, "ecs_fargate").then(|| task(scope, flow.to)) }
        batch_target ?{ scope.is_a(flow.to, "batch").then(|| job(scope, flow.to)) }
    };
    module.add_caused(
        scope,
        id,
        File::Messaging,
        Block::resource("aws_cloudwatch_event_target", &label, target),
        &[flow.span],
    );
}

fn task(scope: &Scope<'_>, to: ServiceId) -> Body {
    body! {
        task_definition_arn = scope.attribute("aws_ecs_task_definition", to, "arn");
        task_count = 1_u64;
        launch_type = "FARGATE";
        network_configuration ?{ Some(network(scope, to)) }
    }
}

fn network(scope: &Scope<'_>, to: ServiceId) -> Body {
    body! {
        subnets ?= scope.subnets_of(to, &[TierAccess::Private, TierAccess::Isolated]);
        security_groups = list(scope.has_group(to).then(|| scope.group(to)));
        assign_public_ip = false;
    }
}

fn job(scope: &Scope<'_>, to: ServiceId) -> Body {
    body! { job_definition = scope.attribute("aws_batch_job_definition", to, "arn"); job_name = scope.name(to); }
}

/// The kind `scheduler`.
pub fn schedule(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    common::service_role(scope, id, module, "");
    let group = body! { name = scope.name_within(id, "", 64); tags = common::service_tag(scope, id); };
    module.add(
        scope,
        id,
        File::Messaging,
        Block::resource("aws_scheduler_schedule_group", scope.label(id), group),
    );
    let flows: Vec<&Flow> =
        scope.flows_from(id).map(|(_, flow)| flow).filter(|flow| flow.is_whole()).collect();
    let flows = flows.into_iter().filter(|flow| messaging::dead_letters_of(scope, id) != Some(flow.to));
    for flow in flows {
        emit_schedule(scope, id, flow, module);
    }
}

fn emit_schedule(scope: &Scope<'_>, id: ServiceId, flow: &Flow, module: &mut Module) {
    let Some((arn, _)) = target(scope, flow.to) else { return };
    let settings = &scope.service(id).settings;
    let (own, to) = (scope.label(id), scope.label(flow.to));
    let label = format!("{own}_{to}");
    let input = settings.text("input").map(Expr::text);
    let (arn, input) = match universal(scope, flow.to) {
        Some((api, fixed)) => {
            (template(&format!("arn:${{local.partition}}:scheduler:::aws-sdk:{api}")), Some(fixed))
        }
        None => (arn, input),
    };
    let minutes =
        settings.time("window").map(|time| time.seconds().div_ceil(60)).filter(|minutes| *minutes > 0);
    let is_bus = scope.is_a(flow.to, "eventbridge");
    let is_task = scope.is_a(flow.to, "ecs_fargate");
    let target = body! {
        arn = arn;
        role_arn = code(format!("aws_iam_role.{own}.arn"));
        input ?= input;
        dead_letter_config ?{ dead_letters(scope, id) }
        retry_policy ?{ Some(retries(scope, id, 3)) }
        eventbridge_parameters ?{ is_bus.then(|| body! { detail_type = "schedule"; source = code("local.name"); }) }
        ecs_parameters ?{ is_task.then(|| body! {
            task_definition_arn = scope.attribute("aws_ecs_task_definition", flow.to, "arn");
            launch_type = "FARGATE";
            network_configuration ?{ Some(network(scope, flow.to)) }
        }) }
    };
    let window = body! { mode = if minutes.is_some() { "FLEXIBLE" } else { "OFF" }; maximum_window_in_minutes ?= minutes; };
    let body = body! {
        name = scope.name_within(id, &format!("-{}", scope.lower(flow.to)), 64);
        group_name = code(format!("aws_scheduler_schedule_group.{own}.name"));
        description = format!("Starts {}", scope.service(flow.to).name);
        schedule_expression = settings.text("schedule").map_or_else(|| "rate(1 day)".into(), Expr::text);
        schedule_expression_timezone ?= settings.text("zone").map(Expr::text);
        kms_key_arn = common::key_of(scope, id, module);
        flexible_time_window ?{ Some(window) }
        target ?{ Some(target) }
    };
    module.add_caused(
        scope,
        id,
        File::Messaging,
        Block::resource("aws_scheduler_schedule", &label, body),
        &[flow.span],
    );
}

/// Targets that are called by their API: its name and the input.
fn universal(scope: &Scope<'_>, to: ServiceId) -> Option<(&'static str, Expr)> {
    let attribute = |kind: &str, attribute: &str| scope.attribute(kind, to, attribute);
    if scope.is_a(to, "glue") {
        return Some(("glue:startJobRun", json(map([("JobName", attribute("aws_glue_job", "name"))]))));
    }
    let is_batch = scope.is_a(to, "batch");
    is_batch.then(|| {
        let input = map([
            ("JobName", scope.name(to)),
            ("JobQueue", attribute("aws_batch_job_queue", "arn")),
            ("JobDefinition", attribute("aws_batch_job_definition", "arn")),
        ]);
        ("batch:submitJob", json(input))
    })
}
