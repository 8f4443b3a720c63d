//! What expressions of the emitted Terraform come to, computed by a reader of its own: references are followed to the block they
//! name, and an ARN is put together from that block's arguments, as AWS does it.
//!
//! What AWS chooses when it makes a thing (an id) is written `~LABEL`: it can be compared, but only with the same thing.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::Element;

/// ARNs by the type of a block; `{argument}` is one of its arguments, `~` what AWS chooses.
const ARNS: &[(&str, &str)] = &[
    ("aws_acm_certificate", "arn:aws:acm:{region}:{account}:certificate/~"),
    ("aws_athena_workgroup", "arn:aws:athena:{region}:{account}:workgroup/{name}"),
    (
        "aws_autoscaling_group",
        "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}",
    ),
    ("aws_backup_vault", "arn:aws:backup:{region}:{account}:backup-vault:{name}"),
    ("aws_batch_job_queue", "arn:aws:batch:{region}:{account}:job-queue/{name}"),
    ("aws_bedrock_guardrail", "arn:aws:bedrock:{region}:{account}:guardrail/~"),
    ("aws_bedrock_inference_profile", "arn:aws:bedrock:{region}:{account}:application-inference-profile/~"),
    ("aws_cloudfront_distribution", "arn:aws:cloudfront::{account}:distribution/~"),
    ("aws_cloudwatch_event_bus", "arn:aws:events:{region}:{account}:event-bus/{name}"),
    ("aws_cloudwatch_log_group", "arn:aws:logs:{region}:{account}:log-group:{name}"),
    ("aws_cognito_user_pool", "arn:aws:cognito-idp:{region}:{account}:userpool/~"),
    ("aws_db_instance", "arn:aws:rds:{region}:{account}:db:{identifier}"),
    ("aws_db_proxy", "arn:aws:rds:{region}:{account}:db-proxy:~"),
    ("aws_dynamodb_table", "arn:aws:dynamodb:{region}:{account}:table/{name}"),
    ("aws_ecr_repository", "arn:aws:ecr:{region}:{account}:repository/{name}"),
    ("aws_ecs_cluster", "arn:aws:ecs:{region}:{account}:cluster/{name}"),
    ("aws_efs_access_point", "arn:aws:elasticfilesystem:{region}:{account}:access-point/~"),
    ("aws_efs_file_system", "arn:aws:elasticfilesystem:{region}:{account}:file-system/~"),
    ("aws_eks_cluster", "arn:aws:eks:{region}:{account}:cluster/{name}"),
    (
        "aws_elasticache_replication_group",
        "arn:aws:elasticache:{region}:{account}:replicationgroup:{replication_group_id}",
    ),
    ("aws_elasticache_serverless_cache", "arn:aws:elasticache:{region}:{account}:serverlesscache:{name}"),
    ("aws_glue_job", "arn:aws:glue:{region}:{account}:job/{name}"),
    ("aws_iam_policy", "arn:aws:iam::{account}:policy/{name}"),
    ("aws_iam_role", "arn:aws:iam::{account}:role/{name}"),
    ("aws_kinesis_firehose_delivery_stream", "arn:aws:firehose:{region}:{account}:deliverystream/{name}"),
    ("aws_kinesis_stream", "arn:aws:kinesis:{region}:{account}:stream/{name}"),
    ("aws_kms_key", "arn:aws:kms:{region}:{account}:key/~"),
    ("aws_lambda_function", "arn:aws:lambda:{region}:{account}:function:{function_name}"),
    ("aws_msk_cluster", "arn:aws:kafka:{region}:{account}:cluster/{cluster_name}/*"),
    ("aws_msk_serverless_cluster", "arn:aws:kafka:{region}:{account}:cluster/{cluster_name}/*"),
    ("aws_opensearch_domain", "arn:aws:es:{region}:{account}:domain/{domain_name}"),
    ("aws_rds_cluster", "arn:aws:rds:{region}:{account}:cluster:{cluster_identifier}"),
    ("aws_s3_bucket", "arn:aws:s3:::{bucket}"),
    ("aws_secretsmanager_secret", "arn:aws:secretsmanager:{region}:{account}:secret:{name}-*"),
    ("aws_security_group", "arn:aws:ec2:{region}:{account}:security-group/~"),
    ("aws_sfn_state_machine", "arn:aws:states:{region}:{account}:stateMachine:{name}"),
    ("aws_sns_topic", "arn:aws:sns:{region}:{account}:{name}"),
    ("aws_sqs_queue", "arn:aws:sqs:{region}:{account}:{name}"),
    ("aws_ssm_parameter", "arn:aws:ssm:{region}:{account}:parameter{name}"),
    ("aws_wafv2_web_acl", "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/~"),
    ("aws_subnet", "arn:aws:ec2:{region}:{account}:subnet/~"),
];

/// The blocks of a module.
pub struct World {
    blocks: BTreeMap<String, Block>,
    locals: BTreeMap<String, Expression>,
    account: String,
}

impl World {
    /// The blocks of a module's files, in an account.
    pub fn new(bodies: &[Body], account: &str) -> Self {
        let (mut blocks, mut locals) = (BTreeMap::new(), BTreeMap::new());
        for block in bodies.iter().flat_map(Body::blocks) {
            let labels: Vec<&str> =
                block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
            match block.ident.as_str() {
                "resource" => {
                    blocks.insert(labels.join("."), block.clone());
                }
                "data" => {
                    blocks.insert(format!("data.{}", labels.join(".")), block.clone());
                }
                "variable" => {
                    blocks.insert(format!("var.{}", labels[0]), block.clone());
                }
                "locals" => {
                    for structure in &block.body {
                        if let Structure::Attribute(attribute) = structure {
                            locals.insert(attribute.key.to_string(), attribute.value.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        Self { blocks, locals, account: account.to_owned() }
    }

    /// The values of an expression: those of its items when it is a list.
    pub fn values(&self, expression: &Expression) -> Vec<String> {
        match expression {
            Expression::Array(items) => items.iter().flat_map(|item| self.values(item)).collect(),
            Expression::ForExpr(each) => {
                let Expression::Traversal(from) = &each.intro.collection_expr else { panic!("{each:?}") };
                let Expression::Traversal(item) = &each.value_expr else { panic!("{each:?}") };
                let (from, item) = (steps(from), steps(item));
                vec![self.attribute(&from[0], &from[1], &item[1..])]
            }
            Expression::FuncCall(call) if call.name.name.as_str() == "concat" => {
                call.args.iter().flat_map(|item| self.values(item)).collect()
            }
            other => vec![self.value(other)],
        }
    }

    /// The value of an expression that is one text.
    pub fn value(&self, expression: &Expression) -> String {
        match expression {
            Expression::String(text) => text.to_string(),
            Expression::Number(number) => number.to_string(),
            Expression::StringTemplate(template) => template.iter().map(|part| self.part(part)).collect(),
            Expression::Traversal(way) => self.follow(way),
            Expression::FuncCall(call) => {
                let arguments: Vec<String> = call.args.iter().map(|item| self.value(item)).collect();
                match call.name.name.as_str() {
                    "replace" => arguments[0].replace(&arguments[1], &arguments[2]),
                    other => format!("~{other}({})", arguments.join(", ")),
                }
            }
            other => format!("~{}", other.to_string().trim()),
        }
    }

    fn part(&self, part: &Element) -> String {
        match part {
            Element::Literal(text) => text.as_str().to_owned(),
            Element::Interpolation(inner) => self.value(&inner.expr),
            Element::Directive(directive) => panic!("{directive:?} is not read"),
        }
    }

    fn follow(&self, way: &Traversal) -> String {
        if let Expression::FuncCall(call) = &way.expr {
            assert_eq!(call.name.name.as_str(), "split", "{call:?}");
            let arguments: Vec<String> = call.args.iter().map(|item| self.value(item)).collect();
            let at: usize = steps(way)[0].parse().unwrap();
            return arguments[1].split(&arguments[0]).nth(at).unwrap().to_owned();
        }
        let steps = steps(way);
        match steps[0].as_str() {
            "local" => self.value(self.locals.get(&steps[1]).unwrap_or_else(|| panic!("local.{}", steps[1]))),
            "var" => {
                let block = self.blocks.get(&format!("var.{}", steps[1]));
                let block = block.unwrap_or_else(|| panic!("var.{} is not declared", steps[1]));
                let default = block.body.get_attribute("default");
                default.map_or_else(|| format!("~var.{}", steps[1]), |default| self.value(&default.value))
            }
            "data" if steps[1] == "aws_caller_identity" => self.account.clone(),
            "data" if steps[1] == "aws_partition" => "aws".to_owned(),
            kind => self.attribute(kind, &steps[1], &steps[2..]),
        }
    }

    /// An attribute of a block: one of its arguments, its ARN, or what AWS chooses.
    pub fn attribute(&self, kind: &str, label: &str, path: &[String]) -> String {
        let block = self.blocks.get(&format!("{kind}.{label}"));
        let Some(block) = block else { return format!("{kind}.{label} is not declared") };
        let name = path[0].as_str();
        match name {
            "arn" => {
                let row = ARNS.iter().find(|(known, _)| *known == kind);
                // An ARN that no statement of the facts names is compared as a reference.
                row.map_or_else(|| format!("~{kind}.{label}.arn"), |(_, arn)| self.arn(block, label, arn))
            }
            "id" if kind == "aws_ecs_service" => {
                let cluster = self.argument(block, "cluster");
                let cluster = cluster.trim_start_matches('~').to_owned();
                let cluster = self.attribute("aws_ecs_cluster", &cluster, &["name".to_owned()]);
                self.arn(block, label, "arn:aws:ecs:{region}:{account}:service/CLUSTER/{name}")
                    .replace("CLUSTER", &cluster)
            }
            // The secret that RDS makes for itself is a secret of the database.
            "master_user_secret" => {
                self.arn(block, label, "arn:aws:secretsmanager:{region}:{account}:secret:~-*")
            }
            _ if block.body.get_attribute(name).is_some() => self.argument(block, name),
            _ => format!("~{label}"),
        }
    }

    fn argument(&self, block: &Block, name: &str) -> String {
        let attribute = block.body.get_attribute(name);
        self.value(&attribute.unwrap_or_else(|| panic!("{:?} has no {name}", block.labels)).value)
    }

    fn arn(&self, block: &Block, label: &str, pattern: &str) -> String {
        let mut arn = String::new();
        let mut rest = pattern;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (name, after) = tail.split_once('}').unwrap();
            arn.push_str(literal);
            arn.push_str(&match name {
                "account" => self.account.clone(),
                "region" => self.region(block),
                argument => self.argument(block, argument),
            });
            rest = after;
        }
        arn.push_str(rest);
        arn.replace('~', &format!("~{label}"))
    }

    /// The region a block stands in: its provider's.
    fn region(&self, block: &Block) -> String {
        let provider = block.body.get_attribute("provider").map(|attribute| attribute.value.clone());
        match provider {
            Some(Expression::Traversal(alias)) => steps(&alias)[1].replace('_', "-"),
            _ => self.value(&self.blocks["var.region"].body.get_attribute("default").unwrap().value),
        }
    }
}

/// The names of a reference, and the numbers of its items.
fn steps(way: &Traversal) -> Vec<String> {
    let first = match &way.expr {
        Expression::Variable(name) => vec![name.as_str().to_owned()],
        _ => Vec::new(),
    };
    let rest = way.operators.iter().map(|operator| match operator.value() {
        TraversalOperator::GetAttr(name) => name.as_str().to_owned(),
        TraversalOperator::Index(Expression::Number(number)) => number.to_string(),
        other => panic!("{other:?} is not read"),
    });
    first.into_iter().chain(rest).collect()
}
