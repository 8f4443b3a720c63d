//! What a service's code is told about the things it talks to: names and addresses, never secrets.

use crate::emit::terraform::hcl::{Expr, map, template};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// Kind, ending of the variable's name, value with `@` for the label and `#` for the name in AWS.
///
/// Functions, state machines and services that may call each other are named by their names: references would be cycles.
const VALUES: &[(&str, &str, &str)] = &[
    ("athena", "WORKGROUP", "${aws_athena_workgroup.@.name}"),
    ("aurora_serverless", "HOST", "${aws_rds_cluster.@.endpoint}"),
    ("aurora_serverless", "DATABASE", "${aws_rds_cluster.@.database_name}"),
    ("batch", "QUEUE", "#"),
    ("bedrock", "GUARDRAIL", "${aws_bedrock_guardrail.@.guardrail_id}"),
    ("bedrock", "MODEL", "${aws_bedrock_inference_profile.@.arn}"),
    ("cognito", "USER_POOL_ID", "${aws_cognito_user_pool.@.id}"),
    ("dynamodb", "TABLE", "${aws_dynamodb_table.@.name}"),
    ("efs", "FILE_SYSTEM_ID", "${aws_efs_file_system.@.id}"),
    ("email", "IDENTITY", "${aws_sesv2_email_identity.@.email_identity}"),
    ("eventbridge", "BUS", "${aws_cloudwatch_event_bus.@.name}"),
    ("firehose", "STREAM", "${aws_kinesis_firehose_delivery_stream.@.name}"),
    ("glue", "JOB", "${aws_glue_job.@.name}"),
    ("kinesis", "STREAM", "${aws_kinesis_stream.@.name}"),
    ("lambda", "FUNCTION", "#"),
    ("msk", "BROKERS", "${aws_msk_cluster.@.bootstrap_brokers_sasl_iam}"),
    ("opensearch", "ENDPOINT", "https://${aws_opensearch_domain.@.endpoint}"),
    ("rds_mysql", "DATABASE", "${aws_db_instance.@.db_name}"),
    ("rds_mysql", "HOST", "${aws_db_instance.@.address}"),
    ("rds_postgres", "DATABASE", "${aws_db_instance.@.db_name}"),
    ("rds_postgres", "HOST", "${aws_db_instance.@.address}"),
    ("rds_proxy", "HOST", "${aws_db_proxy.@.endpoint}"),
    ("s3", "BUCKET", "${aws_s3_bucket.@.id}"),
    ("secret", "SECRET_ARN", "${aws_secretsmanager_secret.@.arn}"),
    ("sns", "TOPIC_ARN", "${aws_sns_topic.@.arn}"),
    ("sqs", "QUEUE_URL", "${aws_sqs_queue.@.url}"),
    ("ssm_parameter", "PARAMETER", "${aws_ssm_parameter.@.name}"),
    ("step_functions", "STATE_MACHINE", "#"),
    ("valkey", "HOST", "${aws_elasticache_replication_group.@.primary_endpoint_address}"),
];

/// Names and values, sorted by name; what the model configures by hand comes last and wins.
pub fn environment(scope: &Scope<'_>, id: ServiceId) -> Vec<(String, Expr)> {
    let mut found: Vec<(String, Expr)> = Vec::new();
    let flows =
        scope.model.whole_flows_at(id).filter(|(_, flow)| flow.initiator() == id && flow.resource() != id);
    for (_, flow) in flows {
        for (name, value) in values(scope, flow.resource()) {
            found.retain(|(known, _)| *known != name);
            found.push((name, value));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (key, value, _) in &scope.service(id).config {
        let name: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        found.retain(|(known, _)| *known != name);
        found.push((name, Expr::text(value)));
    }
    found
}

fn values(scope: &Scope<'_>, id: ServiceId) -> Vec<(String, Expr)> {
    let rows = VALUES.iter().filter(|(kind, ..)| scope.is_a(id, kind));
    let rows = rows.filter(|(_, ending, _)| {
        !scope.is_without_servers(id)
            && (*ending != "GUARDRAIL" || scope.service(id).settings.is_on("guardrail"))
    });
    let upper = scope.label(id).to_uppercase();
    let name = format!("${{local.name}}-{}", scope.service(id).name.dashed());
    let fill = |pattern: &str| template(&pattern.replace('@', scope.label(id)).replace('#', &name));
    rows.map(|(_, ending, pattern)| (format!("{upper}_{ending}"), fill(pattern))).collect()
}

/// The variables as an object; nothing when there are none.
pub fn object(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    let all = environment(scope, id);
    (!all.is_empty()).then(|| map(all))
}
