//! State machines and jobs.

use crate::emit::terraform::common;
use crate::emit::terraform::containers;
use crate::emit::terraform::hcl::{Block, Expr, body, call, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{Flow, ServiceId, TierAccess};

/// Names and patterns of values.
type Parameters = &'static [(&'static str, &'static str)];

/// How a state machine calls a kind: service integration, and the parameters with `@` for the label.
const TASKS: &[(&str, &str, Parameters)] = &[
    (
        "athena",
        "athena:startQueryExecution.sync",
        &[("WorkGroup", "${aws_athena_workgroup.@.name}"), ("QueryString.$", "$.query")],
    ),
    (
        "batch",
        "batch:submitJob.sync",
        &[
            ("JobName", "${local.name}"),
            ("JobQueue", "${aws_batch_job_queue.@.arn}"),
            ("JobDefinition", "${aws_batch_job_definition.@.arn}"),
        ],
    ),
    (
        "bedrock",
        "bedrock:invokeModel",
        &[("ModelId", "${aws_bedrock_inference_profile.@.arn}"), ("Body.$", "$.body")],
    ),
    ("dynamodb", "dynamodb:putItem", &[("TableName", "${aws_dynamodb_table.@.name}"), ("Item.$", "$.item")]),
    ("eventbridge", "events:putEvents", &[("Entries.$", "$.entries")]),
    ("glue", "glue:startJobRun.sync", &[("JobName", "${aws_glue_job.@.name}")]),
    (
        "kinesis",
        "aws-sdk:kinesis:putRecord",
        &[
            ("StreamName", "${aws_kinesis_stream.@.name}"),
            ("PartitionKey.$", "$$.Execution.Id"),
            ("Data.$", "$"),
        ],
    ),
    ("lambda", "lambda:invoke", &[("FunctionName", "${aws_lambda_function.@.arn}"), ("Payload.$", "$")]),
    (
        "s3",
        "aws-sdk:s3:putObject",
        &[("Bucket", "${aws_s3_bucket.@.id}"), ("Key.$", "$$.Execution.Id"), ("Body.$", "$")],
    ),
    ("sns", "sns:publish", &[("TopicArn", "${aws_sns_topic.@.arn}"), ("Message.$", "$")]),
    ("sqs", "sqs:sendMessage", &[("QueueUrl", "${aws_sqs_queue.@.url}"), ("MessageBody.$", "$")]),
];

/// The kind `step_functions`.
pub fn machine(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_role(scope, id, module, "");
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/vendedlogs/states/${{local.name}}-{}", scope.service(id).name.dashed()),
    );
    let express = settings.word("mode") == Some("express");
    let definition = match settings.text("code") {
        Some(path) => call("file", [call("format", ["%s/%s".into(), code("path.module"), Expr::text(path)])]),
        None => chain(scope, id),
    };
    let encryption = scope.own_key_arn(id).map(|key| {
        body! { type = "CUSTOMER_MANAGED_KMS_KEY"; kms_key_id = key; kms_data_key_reuse_period_seconds = 300_u64; }
    });
    let body = body! {
        name = scope.name_within(id, "", 80);
        type = if express { "EXPRESS" } else { "STANDARD" };
        role_arn = code(format!("aws_iam_role.{label}.arn"));
        definition = definition;
        logging_configuration {
            log_destination = template(&format!("${{aws_cloudwatch_log_group.{label}.arn}}:*"));
            include_execution_data = false;
            level = "ALL";
        }
        tracing_configuration { enabled = settings.is_on("tracing"); }
        encryption_configuration ?{ encryption }
        tags = common::service_tag(scope, id);
        depends_on = [code(format!("aws_iam_role_policy.{label}"))];
    };
    module.add(scope, id, File::Workflows, Block::resource("aws_sfn_state_machine", label, body));
}

/// One task after the other, in the order of the flows; a task is repeated when it fails.
fn chain(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let flows: Vec<&Flow> =
        scope.flows_from(id).map(|(_, flow)| flow).filter(|flow| flow.is_whole()).collect();
    let steps: Vec<(&Flow, String)> = flows
        .iter()
        .filter(|flow| is_task(scope, flow))
        .map(|flow| (*flow, scope.service(flow.to).name.to_string()))
        .collect();
    let seconds = scope.service(id).settings.time("timeout").map_or(3_600, crate::units::Millis::seconds);
    let mut states: Vec<(String, Expr)> = Vec::new();
    for (index, (flow, name)) in steps.iter().enumerate() {
        let next = steps.get(index + 1).map(|(_, next)| next.clone());
        states.push((name.clone(), task(scope, id, flow, next)));
    }
    if states.is_empty() {
        states.push(("done".to_owned(), map([("Type", "Succeed")])));
    }
    let first = states.first().map_or_else(String::new, |(name, _)| name.clone());
    json(map([
        ("Comment", Expr::text(&scope.service(id).title)),
        ("StartAt", first.into()),
        ("TimeoutSeconds", seconds.into()),
        ("States", map(states)),
    ]))
}

fn is_task(scope: &Scope<'_>, flow: &Flow) -> bool {
    scope.is_a(flow.to, "ecs_fargate") || TASKS.iter().any(|(kind, ..)| scope.is_a(flow.to, kind))
}

fn task(scope: &Scope<'_>, id: ServiceId, flow: &Flow, next: Option<String>) -> Expr {
    let row = TASKS.iter().find(|(kind, ..)| scope.is_a(flow.to, kind));
    let label = scope.label(flow.to);
    let fill = |pattern: &str| template(&pattern.replace('@', label));
    let (integration, parameters) = match row {
        Some((_, integration, parameters)) => {
            (*integration, map(parameters.iter().map(|(name, pattern)| (*name, fill(pattern)))))
        }
        None => ("ecs:runTask.sync", container_task(scope, flow.to)),
    };
    let retry = map([
        ("ErrorEquals", list(["States.TaskFailed", "States.Timeout"])),
        ("IntervalSeconds", Expr::from(2_u64)),
        ("MaxAttempts", scope.service(id).settings.count("retries").unwrap_or(2).into()),
        ("BackoffRate", 2_u64.into()),
    ]);
    let mut state = vec![
        ("Type", Expr::from("Task")),
        ("Resource", template(&format!("arn:${{local.partition}}:states:::{integration}"))),
        ("Parameters", parameters),
        ("Retry", list([retry])),
    ];
    state.push(next.map_or(("End", true.into()), |next| ("Next", next.into())));
    map(state)
}

fn container_task(scope: &Scope<'_>, to: ServiceId) -> Expr {
    let subnets = scope.subnets_of(to, &[TierAccess::Private, TierAccess::Isolated]);
    let network = map([
        ("Subnets", subnets.unwrap_or_else(|| list::<Expr>([]))),
        ("SecurityGroups", list(scope.has_group(to).then(|| scope.group(to)))),
        ("AssignPublicIp", "DISABLED".into()),
    ]);
    map([
        ("Cluster", code(format!("aws_ecs_cluster.{}.arn", containers::cluster_label(scope, to)))),
        ("TaskDefinition", scope.attribute("aws_ecs_task_definition", to, "arn")),
        ("LaunchType", "FARGATE".into()),
        ("NetworkConfiguration", map([("AwsvpcConfiguration", network)])),
    ])
}

/// The address of a job's script, as a variable.
fn script(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let name = format!("{}_script", scope.label(id));
    let example = format!("s3://{}-artifacts/{}.py", scope.project(), scope.lower(id));
    let description = format!("S3 address of the script of {}.", scope.service(id).name);
    let condition = format!("startswith(var.{name}, \"s3://\")");
    let variable = Variable::required("string", description, example);
    module.variable(&name, variable.checked(condition, "Must begin with s3://."))
}

/// The kind `glue`.
pub fn job(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_role(scope, id, module, "");
    let database =
        body! { name = scope.name_within(id, "", 255); description = Expr::text(&scope.service(id).title); };
    module.add(scope, id, File::Workflows, Block::resource("aws_glue_catalog_database", label, database));
    let logs = format!("/aws-glue/jobs/${{local.name}}-{}", scope.service(id).name.dashed());
    common::service_logs(scope, id, module, &logs);
    let key = common::key_of(scope, id, module);
    let security = body! {
        name = scope.name_within(id, "", 255);
        encryption_configuration {
            cloudwatch_encryption { cloudwatch_encryption_mode = "SSE-KMS"; kms_key_arn = key.clone(); }
            job_bookmarks_encryption { job_bookmarks_encryption_mode = "CSE-KMS"; kms_key_arn = key.clone(); }
            s3_encryption { s3_encryption_mode = "SSE-KMS"; kms_key_arn = key; }
        }
    };
    module.add(
        scope,
        id,
        File::Workflows,
        Block::resource("aws_glue_security_configuration", label, security),
    );
    let script = settings.text("code").map_or_else(|| script(scope, id, module), Expr::text);
    let minutes = settings.time("timeout").map_or(120, |time| time.seconds().div_ceil(60));
    let body = body! {
        name = scope.name_within(id, "", 255);
        description = Expr::text(&scope.service(id).title);
        role_arn = code(format!("aws_iam_role.{label}.arn"));
        glue_version = settings.word("version").unwrap_or("5.0");
        worker_type = settings.word("worker").unwrap_or("G.1X");
        number_of_workers = settings.count("workers").unwrap_or(2).max(2);
        timeout = minutes;
        max_retries = settings.count("retries").unwrap_or(1);
        security_configuration = code(format!("aws_glue_security_configuration.{label}.name"));
        default_arguments = map([
            ("--job-bookmark-option", Expr::from("job-bookmark-enable")),
            ("--enable-metrics", "true".into()),
            ("--enable-continuous-cloudwatch-log", "true".into()),
            ("--continuous-log-logGroup", code(format!("aws_cloudwatch_log_group.{label}.name"))),
        ]);
        command { name = "glueetl"; python_version = "3"; script_location = script; }
        execution_property { max_concurrent_runs = 1_u64; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Workflows, Block::resource("aws_glue_job", label, body));
    if let Some(schedule) = settings.text("schedule") {
        let trigger = body! {
            name = scope.name_within(id, "", 255);
            type = "SCHEDULED";
            schedule = Expr::text(schedule);
            actions { job_name = code(format!("aws_glue_job.{label}.name")); }
        };
        module.add(scope, id, File::Workflows, Block::resource("aws_glue_trigger", label, trigger));
    }
}
