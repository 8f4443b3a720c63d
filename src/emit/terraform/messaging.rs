//! Queues and topics.

use crate::derive::access::Carrier;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Expr, body, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::policy;
use crate::emit::terraform::scope::Scope;
use crate::model::{Flow, ServiceId};

/// The queue whose failed messages a queue takes.
fn source_of(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    let name = scope.service(id).name.as_str().strip_suffix(".dlq")?;
    scope.model.service(name).filter(|source| scope.is_a(*source, "sqs"))
}

/// The dead-letter queue of something.
pub fn dead_letters_of(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    scope
        .model
        .service(scope.service(id).name.child("dlq").as_str())
        .filter(|queue| scope.is_a(*queue, "sqs"))
}

/// Does a queue keep order?
fn is_fifo(scope: &Scope<'_>, id: ServiceId) -> bool {
    let own = scope.service(id).settings.is_on("fifo");
    own || source_of(scope, id).is_some_and(|source| scope.service(source).settings.is_on("fifo"))
}

/// The name of a queue or topic; those that keep order end in `.fifo`.
fn fifo_name(scope: &Scope<'_>, id: ServiceId, fifo: bool, limit: usize) -> Expr {
    let suffix = if fifo { ".fifo" } else { "" };
    scope.name_within(id, suffix, limit)
}

/// The kind `sqs`.
pub fn queue(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let is_dlq = source_of(scope, id).is_some() || scope.service(id).is_derived();
    let fifo = is_fifo(scope, id);
    let key =
        scope.own_key_arn(id).or_else(|| source_of(scope, id).and_then(|source| scope.own_key_arn(source)));
    let retention = if is_dlq {
        1_209_600
    } else {
        settings.time("retention").map_or(345_600, crate::units::Millis::seconds)
    };
    let redrive = dead_letters_of(scope, id).map(|dlq| redrive(scope, id, dlq));
    let waits = settings.time("wait").map_or(20, crate::units::Millis::seconds).min(20);
    let body = body! {
        name = fifo_name(scope, id, fifo, 80);
        fifo_queue ?= fifo.then_some(true);
        content_based_deduplication ?= fifo.then(|| settings.word("dedup") != Some("key"));
        deduplication_scope ?= (fifo && !is_dlq).then_some("messageGroup");
        fifo_throughput_limit ?= (fifo && !is_dlq).then_some("perMessageGroupId");
        visibility_timeout_seconds ?= (!is_dlq).then(|| visibility(scope, id));
        message_retention_seconds = retention.clamp(60, 1_209_600);
        delay_seconds ?= settings.time("delay").map(crate::units::Millis::seconds).filter(|delay| *delay > 0).map(|delay| delay.min(900));
        receive_wait_time_seconds ?= (!is_dlq).then_some(waits);
        kms_master_key_id ?= key.clone();
        kms_data_key_reuse_period_seconds ?= key.as_ref().map(|_| 300_u64);
        sqs_managed_sse_enabled ?= key.is_none().then_some(true);
        redrive_policy ?= redrive;
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_sqs_queue", label, body));
    if let Some(source) = source_of(scope, id) {
        let allow = body! {
            queue_url = code(format!("aws_sqs_queue.{label}.id"));
            redrive_allow_policy = json(map([
                ("redrivePermission", Expr::from("byQueue")),
                ("sourceQueueArns", list([scope.attribute("aws_sqs_queue", source, "arn")])),
            ]));
        };
        module.add(
            scope,
            id,
            File::Messaging,
            Block::resource("aws_sqs_queue_redrive_allow_policy", label, allow),
        );
    }
    emit_queue_policy(scope, id, module);
}

fn redrive(scope: &Scope<'_>, id: ServiceId, dlq: ServiceId) -> Expr {
    let most = scope.service(id).settings.count("dlq").unwrap_or(5);
    json(map([
        ("deadLetterTargetArn", scope.attribute("aws_sqs_queue", dlq, "arn")),
        ("maxReceiveCount", Expr::from(most)),
    ]))
}

/// A message stays hidden six times as long as its consumer may work on it.
fn visibility(scope: &Scope<'_>, id: ServiceId) -> u64 {
    let stated = scope.service(id).settings.time("visibility").map(crate::units::Millis::seconds);
    let consumers = scope.flows_from(id).map(|(_, flow)| flow.to).filter(|to| scope.is_a(*to, "lambda"));
    let longest = consumers
        .map(|to| scope.service(to).settings.time("timeout").map_or(30, crate::units::Millis::seconds))
        .max();
    let six = longest.map_or(0, |seconds| seconds * 6);
    stated.unwrap_or(30.max(six)).clamp(0, 43_200)
}

/// TLS only, and what pushes to it.
fn emit_queue_policy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let arn = scope.attribute("aws_sqs_queue", id, "arn");
    let statements = scope.facts.access.resource_statements(id);
    let pushed: Vec<_> =
        statements.iter().filter(|statement| statement.carrier == Carrier::ResourcePolicy).collect();
    let mut document = body! { statement ?{ [common::tls_only("sqs:*", list([arn.clone()]))] } };
    for block in policy::resource_statements(scope, &pushed, Some(&arn)) {
        document.push_labelled(block);
    }
    let name = format!("{label}_queue");
    module.add(scope, id, File::Messaging, Block::data("aws_iam_policy_document", &name, document));
    let body = body! {
        queue_url = code(format!("aws_sqs_queue.{label}.id"));
        policy = code(format!("data.aws_iam_policy_document.{name}.json"));
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_sqs_queue_policy", label, body));
}

/// Does one of AWS's services publish to the topic? It can only use a key whose policy names it.
fn is_pushed_to(scope: &Scope<'_>, id: ServiceId) -> bool {
    let by_flow = scope.flows_to(id).any(|(_, flow)| PUSHERS.iter().any(|kind| scope.is_a(flow.from, kind)));
    let by_alarm = scope.model.alarms.iter().any(|alarms| alarms.to.contains(&id));
    let by_budget =
        scope.model.budgets.iter().any(|budget| budget.alerts.iter().any(|(_, to)| to.contains(&id)));
    by_flow
        || by_alarm
        || by_budget
        || scope.model.budgets.iter().any(|budget| budget.actions.iter().len() > 0)
}

/// Kinds that publish under AWS's name.
const PUSHERS: [&str; 4] = ["s3", "eventbridge", "alarm", "budget"];

/// The kind `sns`.
pub fn topic(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let fifo = settings.is_on("fifo");
    let key = if is_pushed_to(scope, id) {
        common::key_of(scope, id, module)
    } else {
        scope.own_key_arn(id).unwrap_or_else(|| "alias/aws/sns".into())
    };
    let body = body! {
        name = fifo_name(scope, id, fifo, 256);
        display_name ?= (!fifo).then(|| Expr::text(&scope.service(id).title));
        fifo_topic ?= fifo.then_some(true);
        content_based_deduplication ?= fifo.then_some(true);
        kms_master_key_id = key;
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_sns_topic", label, body));
    emit_topic_policy(scope, id, module);
    for (setting, protocol) in [("email", "email"), ("url", "https")] {
        if let Some(endpoint) = settings.text(setting) {
            let body = body! {
                topic_arn = code(format!("aws_sns_topic.{label}.arn"));
                protocol = protocol;
                endpoint = Expr::text(endpoint);
            };
            let block = Block::resource("aws_sns_topic_subscription", &format!("{label}_{setting}"), body);
            module.add(scope, id, File::Messaging, block);
        }
    }
    for (_, flow) in scope.flows_from(id).filter(|(_, flow)| flow.is_whole()) {
        emit_subscription(scope, id, flow, module);
    }
}

fn emit_topic_policy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let arn = code(format!("aws_sns_topic.{label}.arn"));
    let statements = scope.facts.access.resource_statements(id);
    let pushed: Vec<_> =
        statements.iter().filter(|statement| statement.carrier == Carrier::ResourcePolicy).collect();
    let mut document = body! { statement ?{ [common::tls_only("sns:Publish", list([arn.clone()]))] } };
    for block in policy::resource_statements(scope, &pushed, Some(&arn)) {
        document.push_labelled(block);
    }
    let name = format!("{label}_topic");
    module.add(scope, id, File::Messaging, Block::data("aws_iam_policy_document", &name, document));
    let body = body! { arn = arn; policy = code(format!("data.aws_iam_policy_document.{name}.json")); };
    module.add(scope, id, File::Messaging, Block::resource("aws_sns_topic_policy", label, body));
}

/// Kinds that subscribe: protocol, and the ARN's address.
const SUBSCRIBERS: [(&str, &str, &str); 3] = [
    ("sqs", "sqs", "aws_sqs_queue"),
    ("lambda", "lambda", "aws_lambda_function"),
    ("firehose", "firehose", "aws_kinesis_firehose_delivery_stream"),
];

fn emit_subscription(scope: &Scope<'_>, id: ServiceId, flow: &Flow, module: &mut Module) {
    let row = SUBSCRIBERS.iter().find(|(kind, ..)| scope.is_a(flow.to, kind));
    let label = format!("{}_{}", scope.label(id), scope.label(flow.to));
    let (protocol, endpoint) = match row {
        Some((_, protocol, address)) => (*protocol, scope.attribute(address, flow.to, "arn")),
        None if scope.is_a(flow.to, "external") => {
            ("https", crate::emit::terraform::api::address(scope, flow.to, module))
        }
        None => return,
    };
    let role =
        (protocol == "firehose").then(|| template(&format!("${{aws_iam_role.{}.arn}}", scope.label(id))));
    if role.is_some() {
        common::service_role(scope, id, module, "");
    }
    let filter = scope.service(id).settings.text("filter").map(Expr::text);
    let body = body! {
        topic_arn = scope.attribute("aws_sns_topic", id, "arn");
        protocol = protocol;
        endpoint = endpoint;
        subscription_role_arn ?= role;
        raw_message_delivery ?= matches!(protocol, "sqs" | "firehose").then_some(true);
        filter_policy ?= filter;
    };
    let block = Block::resource("aws_sns_topic_subscription", &label, body);
    module.add_caused(scope, id, File::Messaging, block, &[flow.span]);
}
