//! From the ARN templates of facts to references: the ARN of a block where there is one, its parts otherwise.

use crate::derive::access::{Filling, Principal, Resource, geography};
use crate::emit::terraform::hcl::{Expr, code, template};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, TierAccess};

/// Where the ARN of a kind's resource type is found: kind, resource type of the catalogue, address with `@` for the label.
const ROOTS: &[(&str, &str, &str)] = &[
    ("acm", "certificate", "aws_acm_certificate.@.arn"),
    ("athena", "workgroup", "aws_athena_workgroup.@.arn"),
    ("aurora_serverless", "cluster", "aws_rds_cluster.@.arn"),
    ("backup", "backupVault", "aws_backup_vault.@.arn"),
    ("batch", "job-queue", "aws_batch_job_queue.@.arn"),
    ("cloudfront", "distribution", "aws_cloudfront_distribution.@.arn"),
    ("cognito", "userpool", "aws_cognito_user_pool.@.arn"),
    ("dynamodb", "table", "aws_dynamodb_table.@.arn"),
    ("ec2_service", "group", "aws_autoscaling_group.@.arn"),
    ("ecr", "repository", "aws_ecr_repository.@.arn"),
    ("ecs_fargate", "cluster", "aws_ecs_cluster.@.arn"),
    ("ecs_fargate", "service", "aws_ecs_service.@.id"),
    ("efs", "file-system", "aws_efs_file_system.@.arn"),
    ("efs", "access-point", "aws_efs_access_point.@.arn"),
    ("eks", "cluster", "aws_eks_cluster.@.arn"),
    ("eventbridge", "event-bus", "aws_cloudwatch_event_bus.@.arn"),
    ("firehose", "deliverystream", "aws_kinesis_firehose_delivery_stream.@.arn"),
    ("glue", "job", "aws_glue_job.@.arn"),
    ("kinesis", "stream", "aws_kinesis_stream.@.arn"),
    ("kms", "key", "aws_kms_key.@.arn"),
    ("lambda", "function", "aws_lambda_function.@.arn"),
    ("logs", "log-group", "aws_cloudwatch_log_group.@.arn"),
    ("msk", "cluster", "aws_msk_cluster.@.arn"),
    ("opensearch", "domain", "aws_opensearch_domain.@.arn"),
    ("rds_mysql", "db", "aws_db_instance.@.arn"),
    ("rds_postgres", "db", "aws_db_instance.@.arn"),
    ("s3", "bucket", "aws_s3_bucket.@.arn"),
    ("secret", "Secret", "aws_secretsmanager_secret.@.arn"),
    ("sns", "topic", "aws_sns_topic.@.arn"),
    ("sqs", "queue", "aws_sqs_queue.@.arn"),
    ("ssm_parameter", "parameter", "aws_ssm_parameter.@.arn"),
    ("step_functions", "statemachine", "aws_sfn_state_machine.@.arn"),
    ("waf", "webacl", "aws_wafv2_web_acl.@.arn"),
    ("valkey", "replicationgroup", "aws_elasticache_replication_group.@.arn"),
    ("valkey", "serverlesscache", "aws_elasticache_serverless_cache.@.arn"),
];

/// What a part of a template that only AWS knows is called: kind, part, address.
const PARTS: &[(&str, &str, &str)] = &[
    ("batch", "name", "aws_batch_job_definition.@.name"),
    ("aurora_serverless", "resource_id", "aws_rds_cluster.@.cluster_resource_id"),
    ("api_http", "api_id", "aws_apigatewayv2_api.@.id"),
    ("api_rest", "api_id", "aws_api_gateway_rest_api.@.id"),
    ("rds_postgres", "resource_id", "aws_db_instance.@.resource_id"),
    ("rds_mysql", "resource_id", "aws_db_instance.@.resource_id"),
    ("rds_proxy", "resource_id", "split(\":\", aws_db_proxy.@.arn)[6]"),
    ("glue", "database", "aws_glue_catalog_database.@.name"),
    ("glue", "name", "aws_glue_job.@.name"),
    ("msk", "name", "aws_msk_cluster.@.cluster_name"),
    ("alb", "name", "aws_lb.@.name"),
    ("nlb", "name", "aws_lb.@.name"),
    ("ecs_fargate", "cluster", "aws_ecs_cluster.@.name"),
    ("ecs_fargate", "name", "aws_ecs_task_definition.@.family"),
    ("eks", "name", "aws_eks_cluster.@.name"),
    ("kinesis", "name", "aws_kinesis_stream.@.name"),
    ("step_functions", "name", "aws_sfn_state_machine.@.name"),
    ("bedrock", "guardrail", "aws_bedrock_guardrail.@.guardrail_id"),
    ("bedrock", "profile", "aws_bedrock_inference_profile.@.id"),
    ("email", "domain", "aws_sesv2_email_identity.@.email_identity"),
    ("valkey", "user", "aws_elasticache_user.@.user_id"),
    ("scheduler", "name", "aws_scheduler_schedule_group.@.name"),
    ("route53", "id", "aws_route53_zone.@.zone_id"),
];

/// One entry of a list of resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arn {
    /// One ARN.
    One(Expr),
    /// A list of ARNs.
    Many(Expr),
}

/// The ARNs of a fact's resource, for a principal.
pub fn arns(scope: &Scope<'_>, resource: &Resource, principal: &Principal) -> Arn {
    let Some(id) = resource.service else { return Arn::One(filled(scope, None, &resource.arn, principal)) };
    if let Some(many) = subnets(scope, id, resource, principal) {
        return many;
    }
    Arn::One(reference(scope, id, resource, principal))
}

/// The subnets and the security group that a function's network interfaces may use.
fn subnets(scope: &Scope<'_>, id: ServiceId, resource: &Resource, principal: &Principal) -> Option<Arn> {
    let who = match principal {
        Principal::Service(who) => *who,
        _ => id,
    };
    if resource.arn.contains("${subnet_id}") {
        let tier = scope.tier_of(who, &[TierAccess::Private])?;
        let label = scope.place_label(tier);
        return Some(Arn::Many(code(format!("[for subnet in aws_subnet.{label} : subnet.arn]"))));
    }
    let is_group = resource.arn.contains("${sg_id}") && scope.has_group(who);
    is_group.then(|| Arn::One(scope.attribute("aws_security_group", who, "arn")))
}

fn reference(scope: &Scope<'_>, id: ServiceId, resource: &Resource, principal: &Principal) -> Expr {
    let service = scope.service(id);
    if let Some(secret) = master_secret(scope, id).filter(|_| resource.arn.contains("${secret}")) {
        return secret;
    }
    let is_own_group = !service.is_a("logs") && !service.is_a("batch");
    if let Some(rest) = log_group_rest(&resource.arn).filter(|_| is_own_group) {
        return template(&format!("${{aws_cloudwatch_log_group.{}.arn}}{rest}", scope.label(id)));
    }
    let roots = ROOTS.iter().filter(|(kind, ..)| service.is_a(kind));
    let found = roots.filter_map(|(_, kind, address)| {
        let root = service.kind.arn.get(*kind)?;
        let rest = after_root(&resource.arn, root)?;
        Some((root.len(), address, rest))
    });
    match found.max_by_key(|(length, ..)| *length) {
        Some((_, address, rest)) => {
            let address = near(scope, id, labelled(scope, id, address), principal);
            let pattern = format!("${{{address}}}{rest}");
            filled(scope, Some(id), &pattern, principal)
        }
        None => filled(scope, Some(id), &resource.arn, principal),
    }
}

/// The secret in which RDS keeps the master credentials of a database, or of the one behind a pool of connections.
fn master_secret(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    const HOLDERS: [(&str, &str); 3] = [
        ("aurora_serverless", "aws_rds_cluster"),
        ("rds_mysql", "aws_db_instance"),
        ("rds_postgres", "aws_db_instance"),
    ];
    let behind = scope.is_a(id, "rds_proxy").then(|| scope.flows_from(id).map(|(_, flow)| flow.to).next());
    let database = behind.flatten().unwrap_or(id);
    let (_, holder) = HOLDERS.iter().find(|(kind, _)| scope.is_a(database, kind))?;
    Some(scope.attribute(holder, database, "master_user_secret[0].secret_arn"))
}

/// A service in the region of a table's replica calls the replica.
fn near(scope: &Scope<'_>, id: ServiceId, address: String, principal: &Principal) -> String {
    let Principal::Service(who) = principal else { return address };
    let region = scope.region_name(*who);
    let replicas = scope.service(id).settings.words("replicas");
    let is_replica = scope.is_a(id, "dynamodb") && replicas.iter().any(|replica| replica == region);
    let home = Scope::region_label(scope.region_name(id)).replace('_', "-");
    let there = Scope::region_label(region).replace('_', "-");
    if is_replica { format!("replace({address}, \":{home}:\", \":{there}:\")") } else { address }
}

/// What follows the root's template in an ARN; the root ends where a part of the ARN ends.
fn after_root<'a>(arn: &'a str, root: &str) -> Option<&'a str> {
    let is_group = |arn: &str| arn.contains(":autoScalingGroup:") && root.contains(":autoScalingGroup:");
    if is_group(arn) {
        return Some("");
    }
    let rest = arn.strip_prefix(root)?;
    (rest.is_empty() || rest.starts_with(['/', ':'])).then_some(rest)
}

/// What follows the log group's name in the ARN of a log group or stream; CloudWatch Logs wants `:*` after a group's own.
fn log_group_rest(arn: &str) -> Option<&str> {
    let (_, group) = arn.split_once(":log-group:")?;
    Some(group.split_once(':').map_or(":*", |(name, _)| group.strip_prefix(name).unwrap_or(":*")))
}

/// A template of the catalogue with its parts filled in.
pub fn filled(scope: &Scope<'_>, id: Option<ServiceId>, arn: &str, principal: &Principal) -> Expr {
    let mut pattern = String::new();
    let mut rest = arn;
    while let Some((literal, tail)) = rest.split_once("${") {
        let (part, after) = tail.split_once('}').unwrap_or((tail, ""));
        pattern.push_str(literal);
        pattern.push_str(&part_of(scope, id, part, principal));
        rest = after;
    }
    pattern.push_str(rest);
    template(&pattern)
}

fn part_of(scope: &Scope<'_>, id: Option<ServiceId>, part: &str, principal: &Principal) -> String {
    let is_unguarded = |id: ServiceId| part == "guardrail" && !scope.service(id).settings.is_on("guardrail");
    let known = |id: ServiceId| {
        let row = PARTS.iter().find(|(kind, name, _)| scope.is_a(id, kind) && *name == part);
        row.map(|(_, _, address)| {
            if *address == "*" || is_unguarded(id) {
                "*".to_owned()
            } else {
                format!("${{{}}}", labelled(scope, id, address))
            }
        })
    };
    let general = |id: Option<ServiceId>| match part {
        "partition" => "${local.partition}".to_owned(),
        "account" => "${local.account_id}".to_owned(),
        "region" => scope.region_pattern(id.map_or(&scope.model.system.region, |id| scope.region_name(id))),
        "system" => "${local.name}".to_owned(),
        "name" => id.map_or_else(
            || "*".to_owned(),
            |id| format!("${{local.name}}-{}", scope.service(id).name.dashed()),
        ),
        "db_user" | "user" | "caller" => database_user(scope, principal),
        "model" => id.map_or_else(|| "*".to_owned(), |id| model_pattern(scope, id)),
        "model_region" => id.map_or_else(|| "*".to_owned(), |id| model_region(scope, id)),
        "prefix" | "index" | "topic" => stated_part(scope, id, part),
        "image" => repository(scope, id),
        "role" => named_role(scope, id, ""),
        "role.execution" => named_role(scope, id, "_execution"),
        // A variable of IAM itself, as policy documents of Terraform write it.
        "aws:userid" => "&{aws:userid}".to_owned(),
        _ if part.contains('.') => format!("${{{part}}}"),
        _ => "*".to_owned(),
    };
    id.and_then(known).unwrap_or_else(|| general(id))
}

/// The name a principal has in databases: its label.
pub fn database_user(scope: &Scope<'_>, principal: &Principal) -> String {
    match principal {
        Principal::Service(id) => scope.label(*id).to_owned(),
        Principal::Role(id) => scope.model.roles[*id].name.label(),
        _ => "app".to_owned(),
    }
}

/// The name of a service's role, for its code or another purpose.
fn named_role(scope: &Scope<'_>, id: Option<ServiceId>, which: &str) -> String {
    id.map_or_else(|| "*".to_owned(), |id| format!("${{aws_iam_role.{}{which}.name}}", scope.label(id)))
}

/// The repository that a service's images come from.
fn repository(scope: &Scope<'_>, id: Option<ServiceId>) -> String {
    let pulls =
        |id: ServiceId| scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "ecr"));
    id.and_then(pulls).map_or_else(
        || stated_part(scope, id, "image"),
        |repository| format!("${{aws_ecr_repository.{}.name}}", scope.label(repository)),
    )
}

/// What the model says of a part, in the alphabet of names: IAM's `?` takes the place of every other character.
fn stated_part(scope: &Scope<'_>, id: Option<ServiceId>, part: &str) -> String {
    let stated = Filling::new(scope.model, id).fill_what(&format!("${{{part}}}"));
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    stated.chars().map(|c| if is_safe(c) { c } else { '?' }).collect()
}

/// The id of the model a service asks for, in the alphabet of model ids; nothing when a variable says it.
fn model_id(scope: &Scope<'_>, id: ServiceId) -> Option<String> {
    let safe = |c: &char| c.is_ascii_alphanumeric() || ".-:/_".contains(*c);
    scope.service(id).settings.text("model").map(|model| model.chars().filter(safe).collect())
}

/// The foundation model a service asks for.
fn model_pattern(scope: &Scope<'_>, id: ServiceId) -> String {
    let stated = model_id(scope, id).map(|model| geography(&model).1.to_owned());
    stated.unwrap_or_else(|| "${var.bedrock_model}".to_owned())
}

/// Where the foundation model answers: in the service's region, or wherever the geography of its profile sends a request.
fn model_region(scope: &Scope<'_>, id: ServiceId) -> String {
    let is_wide = model_id(scope, id).is_some_and(|model| geography(&model).0.is_some());
    if is_wide { "*".to_owned() } else { scope.region_pattern(scope.region_name(id)) }
}

/// What an inference profile of the system's own is made from: a model, or the profile of a geography.
pub fn model_source(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let region = scope.region_pattern(scope.region_name(id));
    let wide = model_id(scope, id).filter(|model| geography(model).0.is_some());
    template(&wide.map_or_else(
        || {
            format!(
                "arn:${{local.partition}}:bedrock:{region}::foundation-model/{}",
                model_pattern(scope, id)
            )
        },
        |profile| {
            format!(
                "arn:${{local.partition}}:bedrock:{region}:${{local.account_id}}:inference-profile/{profile}"
            )
        },
    ))
}

/// An address with the service's label; containers share the cluster of their region.
fn labelled(scope: &Scope<'_>, id: ServiceId, address: &str) -> String {
    let cluster = crate::emit::terraform::containers::cluster_label(scope, id);
    let address = address.replace("aws_ecs_cluster.@", &format!("aws_ecs_cluster.{cluster}"));
    let (nodes, serverless) = ("aws_elasticache_replication_group.@", "aws_elasticache_serverless_cache.@");
    let address = if scope.is_without_servers(id) {
        address.replace(nodes, serverless).replace("aws_msk_cluster.@", "aws_msk_serverless_cluster.@")
    } else {
        address.replace(serverless, nodes)
    };
    address.replace('@', scope.label(id))
}

/// The ARN of a service that pushes, written as the template `arn` says: a bucket, a topic, a rule of a bus, an API's routes.
pub fn source(scope: &Scope<'_>, id: ServiceId, arn: &str) -> Expr {
    let by_kind = SOURCES.iter().find(|(kind, _)| scope.is_a(id, kind));
    if let Some((_, pattern)) = by_kind {
        return template(&labelled(scope, id, pattern));
    }
    let resource = Resource { service: Some(id), kind: String::new(), arn: arn.to_owned() };
    reference(scope, id, &resource, &Principal::Anyone)
}

/// ARNs of sources that are not the ARN of one block alone.
const SOURCES: &[(&str, &str)] = &[
    ("api_http", "${aws_apigatewayv2_api.@.execution_arn}/*"),
    ("api_rest", "${aws_api_gateway_rest_api.@.execution_arn}/*"),
    ("logs", "${aws_cloudwatch_log_group.@.arn}:*"),
    ("s3", "${aws_s3_bucket.@.arn}"),
    ("sns", "${aws_sns_topic.@.arn}"),
    ("cognito", "${aws_cognito_user_pool.@.arn}"),
    ("cloudfront", "${aws_cloudfront_distribution.@.arn}"),
    ("secret", "${aws_secretsmanager_secret.@.arn}"),
    ("alarm", "${aws_cloudwatch_metric_alarm.@.arn}"),
    ("alb", "arn:${local.partition}:elasticloadbalancing:${var.region}:${local.account_id}:targetgroup/*"),
];
