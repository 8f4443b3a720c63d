//! Alarms and log groups.

use crate::derive::operations::{Alarm, Comparison, Dimension};
use crate::emit::terraform::balance;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Expr, body, code, list, map, template};
use crate::emit::terraform::module::{File, Home, Module};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, Value};

/// What identifies a measured thing: dimension, kind, and the value's address with `@` for the label.
const DIMENSIONS: &[(&str, &str, &str)] = &[
    ("ApiId", "api_http", "aws_apigatewayv2_api.@.id"),
    ("ApiName", "api_rest", "aws_api_gateway_rest_api.@.name"),
    ("AutoScalingGroupName", "ec2_service", "aws_autoscaling_group.@.name"),
    ("CacheClusterId", "valkey", "tolist(aws_elasticache_replication_group.@.member_clusters)[0]"),
    ("ReplicationGroupId", "valkey", "aws_elasticache_replication_group.@.id"),
    ("ClusterName", "ecs_fargate", "aws_ecs_cluster.@.name"),
    ("Cluster Name", "msk", "aws_msk_cluster.@.cluster_name"),
    ("DBClusterIdentifier", "aurora_serverless", "aws_rds_cluster.@.cluster_identifier"),
    ("DBInstanceIdentifier", "rds_mysql", "aws_db_instance.@.identifier"),
    ("DBInstanceIdentifier", "rds_postgres", "aws_db_instance.@.identifier"),
    ("DeliveryStreamName", "firehose", "aws_kinesis_firehose_delivery_stream.@.name"),
    ("DistributionId", "cloudfront", "aws_cloudfront_distribution.@.id"),
    ("DomainName", "opensearch", "aws_opensearch_domain.@.domain_name"),
    ("EventBusName", "eventbridge", "aws_cloudwatch_event_bus.@.name"),
    ("FileSystemId", "efs", "aws_efs_file_system.@.id"),
    ("FunctionName", "lambda", "aws_lambda_function.@.function_name"),
    ("JobName", "glue", "aws_glue_job.@.name"),
    ("LoadBalancer", "alb", "aws_lb.@.arn_suffix"),
    ("LoadBalancer", "nlb", "aws_lb.@.arn_suffix"),
    ("NatGatewayId", "nat", "values(aws_nat_gateway.@)[0].id"),
    ("QueueName", "sqs", "aws_sqs_queue.@.name"),
    ("ServiceName", "ecs_fargate", "aws_ecs_service.@.name"),
    ("StateMachineArn", "step_functions", "aws_sfn_state_machine.@.arn"),
    ("StreamName", "kinesis", "aws_kinesis_stream.@.name"),
    ("TableName", "dynamodb", "aws_dynamodb_table.@.name"),
    ("TopicName", "sns", "aws_sns_topic.@.name"),
    ("UserPool", "cognito", "aws_cognito_user_pool.@.id"),
    ("WebACL", "waf", "aws_wafv2_web_acl.@.name"),
];

/// Emits every derived alarm.
pub fn emit(scope: &Scope<'_>, module: &mut Module) {
    // AWS keeps the disks of a cluster without brokers, so nothing is measured there.
    let is_measured = |id: ServiceId| !(scope.is_a(id, "msk") && scope.is_without_servers(id));
    for alarm in scope.facts.operations.alarms.iter().filter(|alarm| is_measured(alarm.subject)) {
        module.stand(scope.home(alarm.subject));
        emit_alarm(scope, alarm, module);
    }
    module.stand(Home::Operations);
    emit_notifications(scope, module);
}

/// What an Auto Scaling group tells of.
const SCALING_EVENTS: [&str; 4] = [
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
];

/// Whoever hears of alarms also hears when instances come and go.
fn emit_notifications(scope: &Scope<'_>, module: &mut Module) {
    let Some(alarms) = scope.model.alarms.as_ref().filter(|alarms| alarms.auto) else { return };
    let regions: std::collections::BTreeSet<&str> =
        scope.services_of("ec2_service").map(|id| scope.region_name(id)).collect();
    for region in regions {
        let near: Vec<ServiceId> =
            scope.services_of("ec2_service").filter(|id| scope.region_name(*id) == region).collect();
        let topics = near.first().map_or_else(Vec::new, |id| topics(scope, *id, module));
        let names: Vec<Expr> =
            near.iter().map(|id| scope.attribute("aws_autoscaling_group", *id, "name")).collect();
        for (topic, number) in topics.into_iter().zip(1..) {
            let own = scope.regional_label("scaling", region);
            let label = if number == 1 { own } else { format!("{own}_{number}") };
            let body = body! {
                group_names = list(names.clone());
                topic_arn = topic;
                notifications = list(SCALING_EVENTS);
            };
            let block = Block::resource("aws_autoscaling_notification", &label, body);
            let lines = scope.provenance(&[alarms.span]);
            let block = lines.iter().fold(block, |block, line| block.comment(line));
            module.add_in(scope, region, File::Observability, block);
        }
    }
}

/// The topics that hear of alarms in a service's region: CloudWatch only reaches topics of its own, so a topic elsewhere
/// has a twin there with the same subscribers.
fn topics(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Vec<Expr> {
    let region = scope.region_name(id).to_owned();
    let all =
        scope.model.alarms.iter().flat_map(|alarms| &alarms.to).filter(|topic| scope.is_a(**topic, "sns"));
    all.map(|topic| {
        if scope.region_name(*topic) == region {
            return scope.attribute("aws_sns_topic", *topic, "arn");
        }
        let label = format!("{}_{}", scope.label(*topic), Scope::region_label(&region));
        if module.claim(&format!("aws_sns_topic.{label}")) {
            emit_twin(scope, *topic, &region, &label, module);
        }
        code(format!("aws_sns_topic.{label}.arn"))
    })
    .collect()
}

fn emit_twin(scope: &Scope<'_>, topic: ServiceId, region: &str, label: &str, module: &mut Module) {
    let causes = scope.model.alarms.as_ref().map_or_else(Vec::new, |alarms| vec![alarms.span]);
    let commented =
        |block: Block| scope.provenance(&causes).iter().fold(block, |block, line| block.comment(line));
    module.need(crate::emit::terraform::module::Need::Key(region.to_owned()));
    let body = body! {
        name = scope.name(topic);
        kms_master_key_id = common::system_key(scope, region);
        tags = common::service_tag(scope, topic);
    };
    module.add_in(scope, region, File::Messaging, commented(Block::resource("aws_sns_topic", label, body)));
    let arn = code(format!("aws_sns_topic.{label}.arn"));
    let publish = body! {
        sid = "Alarms";
        actions = ["sns:Publish"];
        resources = [arn.clone()];
        principals { type = "Service"; identifiers = ["cloudwatch.amazonaws.com"]; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    };
    let document = body! { statement ?{ [common::tls_only("sns:Publish", list([arn.clone()])), publish] } };
    let name = format!("{label}_topic");
    module.add_in(
        scope,
        region,
        File::Messaging,
        commented(Block::data("aws_iam_policy_document", &name, document)),
    );
    let policy =
        body! { arn = arn.clone(); policy = code(format!("data.aws_iam_policy_document.{name}.json")); };
    module.add_in(
        scope,
        region,
        File::Messaging,
        commented(Block::resource("aws_sns_topic_policy", label, policy)),
    );
    if let Some(email) = scope.service(topic).settings.text("email") {
        let body = body! { topic_arn = arn; protocol = "email"; endpoint = Expr::text(email); };
        let block = Block::resource("aws_sns_topic_subscription", &format!("{label}_email"), body);
        module.add_in(scope, region, File::Messaging, commented(block));
    }
}

fn emit_alarm(scope: &Scope<'_>, alarm: &Alarm, module: &mut Module) {
    let Some(dimensions) = dimensions(scope, alarm) else { return };
    let comparison = match alarm.comparison {
        Comparison::Above => "GreaterThanThreshold",
        Comparison::Below => "LessThanThreshold",
    };
    let is_percentile = alarm.statistic.starts_with('p');
    let topics = topics(scope, alarm.subject, module);
    let body = body! {
        alarm_name = template(&format!("${{local.name}}-{}", alarm.name.dashed()));
        alarm_description = sentence(alarm.why.en);
        namespace = alarm.namespace;
        metric_name = alarm.metric;
        statistic ?= (!is_percentile).then_some(alarm.statistic);
        extended_statistic ?= is_percentile.then_some(alarm.statistic);
        comparison_operator = comparison;
        threshold = alarm.threshold;
        period = alarm.period;
        evaluation_periods = alarm.periods;
        treat_missing_data = "notBreaching";
        alarm_actions ?= (!topics.is_empty()).then(|| list(topics.clone()));
        ok_actions ?= (!topics.is_empty()).then(|| list(topics.clone()));
        dimensions = map(dimensions);
    };
    let label = format!("{}{}", scope.label(alarm.subject), suffix(scope, alarm));
    let block = Block::resource("aws_cloudwatch_metric_alarm", &label, body);
    module.add_caused(scope, alarm.subject, File::Observability, block, &alarm.causes);
}

/// What follows the subject's name in an alarm's.
fn suffix(scope: &Scope<'_>, alarm: &Alarm) -> String {
    let name = scope.service(alarm.subject).name.as_str();
    let rest = alarm.name.as_str().strip_prefix(name).unwrap_or(alarm.name.as_str());
    rest.replace(['.', '-'], "_")
}

fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}

fn own(scope: &Scope<'_>, id: ServiceId, dimension: &str) -> Option<Expr> {
    let is_nodeless =
        scope.is_a(id, "valkey") && scope.service(id).settings.word("mode") == Some("serverless");
    let of_kind = |kind: &str| scope.is_a(id, kind) && !is_nodeless;
    let row = DIMENSIONS.iter().find(|(name, kind, _)| *name == dimension && of_kind(kind));
    row.map(|(_, _, address)| code(address.replace('@', scope.label(id))))
}

fn dimensions(scope: &Scope<'_>, alarm: &Alarm) -> Option<Vec<(&'static str, Expr)>> {
    let id = alarm.subject;
    match alarm.dimension {
        Dimension::Own("ServiceName") => Some(vec![
            ("ClusterName", own(scope, id, "ClusterName")?),
            ("ServiceName", own(scope, id, "ServiceName")?),
        ]),
        Dimension::Own(name) => Some(vec![(name, own(scope, id, name)?)]),
        Dimension::TargetGroup => {
            let (balancer, group) = balance::suffixes(scope, id, alarm.balancer)?;
            Some(vec![("LoadBalancer", balancer), ("TargetGroup", group)])
        }
        Dimension::ApiStage => Some(vec![
            ("ApiId", own(scope, id, "ApiId")?),
            ("Stage", scope.attribute("aws_apigatewayv2_stage", id, "name")),
        ]),
    }
}

/// The kind `logs`.
pub fn logs(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    let settings = &scope.service(id).settings;
    let days = settings.time("retention").map_or(365, crate::units::Millis::days);
    let infrequent = settings.word("class") == Some("infrequent");
    let key = common::key_of(scope, id, module);
    let body = body! {
        name = template(&format!("/archc/${{local.name}}/{}", scope.service(id).name.dashed()));
        retention_in_days = crate::emit::terraform::scope::retention(days);
        log_group_class ?= infrequent.then_some("INFREQUENT_ACCESS");
        kms_key_id = key;
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Observability, Block::resource("aws_cloudwatch_log_group", &label, body));
    if common::has_grants(scope, id, "") {
        common::service_role(scope, id, module, "");
    }
    for (_, flow) in scope.flows_from(id).filter(|(_, flow)| flow.is_whole()) {
        emit_filter(scope, id, flow, module);
    }
}

/// Kinds a log group can be subscribed by, with the address and whether CloudWatch needs a role.
const SUBSCRIBERS: [(&str, &str, bool); 3] = [
    ("firehose", "aws_kinesis_firehose_delivery_stream", true),
    ("kinesis", "aws_kinesis_stream", true),
    ("lambda", "aws_lambda_function", false),
];

fn emit_filter(scope: &Scope<'_>, id: ServiceId, flow: &crate::model::Flow, module: &mut Module) {
    let Some((kind, address, by_role)) = SUBSCRIBERS.iter().find(|(kind, ..)| scope.is_a(flow.to, kind))
    else {
        return;
    };
    let (own, to) = (scope.label(id), scope.label(flow.to));
    let pattern = scope.service(id).settings.text("filter").map_or_else(|| Expr::from(""), Expr::text);
    let body = body! {
        name = scope.name(flow.to);
        log_group_name = code(format!("aws_cloudwatch_log_group.{own}.name"));
        filter_pattern = pattern;
        destination_arn = scope.attribute(address, flow.to, "arn");
        role_arn ?= by_role.then(|| code(format!("aws_iam_role.{own}.arn")));
        depends_on ?= (*kind == "lambda").then(|| list([code(format!("aws_lambda_permission.{to}_from_{own}"))]));
    };
    let block = Block::resource("aws_cloudwatch_log_subscription_filter", &format!("{own}_{to}"), body);
    module.add_caused(scope, id, File::Observability, block, &[flow.span]);
}

/// Statistics by the words of the language.
const STATISTICS: [(&str, &str); 4] =
    [("average", "Average"), ("sum", "Sum"), ("maximum", "Maximum"), ("minimum", "Minimum")];

/// The kind `alarm`.
pub fn alarm(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let notified = match settings.0.get("notify").map(|setting| &setting.value) {
        Some(Value::Services(services)) => services.clone(),
        _ => Vec::new(),
    };
    let by_flow = scope.flows_from(id).map(|(_, flow)| flow.to);
    let mut actions: Vec<Expr> = Vec::new();
    for to in notified.into_iter().chain(by_flow) {
        let address = if scope.is_a(to, "lambda") { "aws_lambda_function" } else { "aws_sns_topic" };
        let action = scope.attribute(address, to, "arn");
        if (scope.is_a(to, "sns") || scope.is_a(to, "lambda")) && !actions.contains(&action) {
            actions.push(action);
        }
    }
    let on = settings.service("on");
    let namespace = settings
        .text("namespace")
        .map_or_else(|| on.map_or("AWS/EC2", |on| namespace(scope, on)).into(), Expr::text);
    let statistic = settings.word("statistic").unwrap_or("average");
    let simple = STATISTICS.iter().find(|(word, _)| *word == statistic).map(|(_, name)| *name);
    let missing = if settings.word("missing") == Some("ignore") {
        "ignore"
    } else if settings.word("missing") == Some("breaching") {
        "breaching"
    } else {
        "notBreaching"
    };
    let body = body! {
        alarm_name = scope.name(id);
        alarm_description = Expr::text(&scope.service(id).title);
        namespace = namespace;
        metric_name = settings.text("metric").map_or_else(|| Expr::from("Errors"), Expr::text);
        statistic ?= simple;
        extended_statistic ?= simple.is_none().then_some("p99");
        comparison_operator = "GreaterThanThreshold";
        threshold = settings.count("above").unwrap_or(0);
        period = settings.time("period").map_or(60, crate::units::Millis::seconds);
        evaluation_periods = settings.count("points").unwrap_or(3);
        treat_missing_data = missing;
        alarm_actions = list(actions);
        dimensions ?= on.and_then(|on| dimension_of(scope, on)).map(|dimension| map([dimension]));
        tags = common::service_tag(scope, id);
    };
    module.add(
        scope,
        id,
        File::Observability,
        Block::resource("aws_cloudwatch_metric_alarm", scope.label(id), body),
    );
}

/// The first dimension of a kind.
fn dimension_of(scope: &Scope<'_>, id: ServiceId) -> Option<(&'static str, Expr)> {
    let row = DIMENSIONS.iter().find(|(_, kind, _)| scope.is_a(id, kind))?;
    Some((row.0, code(row.2.replace('@', scope.label(id)))))
}

/// CloudWatch's namespaces by kind.
const NAMESPACES: &[(&str, &str)] = &[
    ("alb", "AWS/ApplicationELB"),
    ("api_http", "AWS/ApiGateway"),
    ("api_rest", "AWS/ApiGateway"),
    ("aurora_serverless", "AWS/RDS"),
    ("cloudfront", "AWS/CloudFront"),
    ("dynamodb", "AWS/DynamoDB"),
    ("ecs_fargate", "AWS/ECS"),
    ("ec2_service", "AWS/EC2"),
    ("kinesis", "AWS/Kinesis"),
    ("lambda", "AWS/Lambda"),
    ("nlb", "AWS/NetworkELB"),
    ("rds_mysql", "AWS/RDS"),
    ("rds_postgres", "AWS/RDS"),
    ("sns", "AWS/SNS"),
    ("sqs", "AWS/SQS"),
    ("step_functions", "AWS/States"),
    ("valkey", "AWS/ElastiCache"),
];

fn namespace(scope: &Scope<'_>, id: ServiceId) -> &'static str {
    NAMESPACES.iter().find(|(kind, _)| scope.is_a(id, kind)).map_or("AWS/EC2", |(_, namespace)| namespace)
}
