//! Streams, and what delivers them.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, TierAccess};

/// The kind `kinesis`.
pub fn stream(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let provisioned = settings.word("mode") == Some("provisioned");
    let hours = settings.time("retention").map_or(24, |time| time.seconds() / 3_600).clamp(24, 8_760);
    let key = scope.own_key_arn(id).unwrap_or_else(|| "alias/aws/kinesis".into());
    let body = body! {
        name = scope.name_within(id, "", 128);
        shard_count ?= provisioned.then(|| settings.count("shards").unwrap_or(1));
        retention_period = hours;
        encryption_type = "KMS";
        kms_key_id = key;
        enforce_consumer_deletion = false;
        stream_mode_details { stream_mode = if provisioned { "PROVISIONED" } else { "ON_DEMAND" }; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Streaming, Block::resource("aws_kinesis_stream", scope.label(id), body));
}

/// The kind `firehose`.
pub fn delivery(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    common::service_role(scope, id, module, "");
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/kinesisfirehose/${{local.name}}-{}", scope.service(id).name.dashed()),
    );
    let stream =
        body! { name = "delivery"; log_group_name = code(format!("aws_cloudwatch_log_group.{label}.name")); };
    module.add(scope, id, File::Observability, Block::resource("aws_cloudwatch_log_stream", &label, stream));
    let source = scope.flows_to(id).map(|(_, flow)| flow.from).find(|from| scope.is_a(*from, "kinesis"));
    let search = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "opensearch"));
    let reading = source.map(|from| {
        body! { kinesis_stream_arn = scope.attribute("aws_kinesis_stream", from, "arn"); role_arn = code(format!("aws_iam_role.{label}.arn")); }
    });
    let encryption = source.is_none().then(|| {
        let key = scope.own_key_arn(id);
        let kind = if key.is_some() { "CUSTOMER_MANAGED_CMK" } else { "AWS_OWNED_CMK" };
        body! { enabled = true; key_type = kind; key_arn ?= key; }
    });
    let bucket = bucket_of(scope, id, module);
    let plain = search.is_none().then(|| objects(scope, id, &bucket));
    let indexed = search.map(|domain| index(scope, id, domain, &bucket));
    let body = body! {
        name = scope.name_within(id, "", 64);
        destination = if search.is_some() { "opensearch" } else { "extended_s3" };
        kinesis_source_configuration ?{ reading }
        server_side_encryption ?{ encryption }
        extended_s3_configuration ?{ plain }
        opensearch_configuration ?{ indexed }
        tags = common::service_tag(scope, id);
        depends_on ?= common::has_grants(scope, id, "").then(|| list([code(format!("aws_iam_role_policy.{label}"))]));
    };
    module.add(
        scope,
        id,
        File::Streaming,
        Block::resource("aws_kinesis_firehose_delivery_stream", &label, body),
    );
}

/// The bucket a delivery writes to; without one, the region's log bucket keeps what could not be delivered.
fn bucket_of(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let bucket = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "s3"));
    match bucket {
        Some(bucket) => scope.attribute("aws_s3_bucket", bucket, "arn"),
        None => code(format!("aws_s3_bucket.{}.arn", common::log_bucket(scope, id, module))),
    }
}

fn logging(scope: &Scope<'_>, id: ServiceId) -> Body {
    let label = scope.label(id);
    body! {
        enabled = true;
        log_group_name = code(format!("aws_cloudwatch_log_group.{label}.name"));
        log_stream_name = code(format!("aws_cloudwatch_log_stream.{label}.name"));
    }
}

/// Names of compression by the words of the language.
const COMPRESSIONS: [(&str, &str); 4] =
    [("none", "UNCOMPRESSED"), ("gzip", "GZIP"), ("zip", "ZIP"), ("snappy", "Snappy")];

/// A function that changes records on their way.
fn transform(scope: &Scope<'_>, id: ServiceId) -> Option<Body> {
    let function = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "lambda"))?;
    let arn = format!("${{aws_lambda_function.{}.arn}}:$LATEST", scope.label(function));
    Some(body! {
        enabled = true;
        processors {
            type = "Lambda";
            parameters { parameter_name = "LambdaArn"; parameter_value = template(&arn); }
        }
    })
}

fn objects(scope: &Scope<'_>, id: ServiceId, bucket: &Expr) -> Body {
    let settings = &scope.service(id).settings;
    let word = settings.word("compress").unwrap_or("gzip");
    let compression = COMPRESSIONS.iter().find(|(known, _)| *known == word).map_or("GZIP", |(_, name)| name);
    let transform = transform(scope, id);
    body! {
        role_arn = code(format!("aws_iam_role.{}.arn", scope.label(id)));
        bucket_arn = bucket.clone();
        prefix = "data/!{timestamp:yyyy/MM/dd/HH}/";
        error_output_prefix = "errors/!{firehose:error-output-type}/";
        buffering_size = settings.bytes("buffer").map_or(5, crate::units::Bytes::mebibytes).clamp(1, 128);
        buffering_interval = settings.time("every").map_or(300, crate::units::Millis::seconds).min(900);
        compression_format = compression;
        kms_key_arn ?= scope.own_key_arn(id);
        cloudwatch_logging_options ?{ Some(logging(scope, id)) }
        processing_configuration ?{ transform }
    }
}

fn index(scope: &Scope<'_>, id: ServiceId, domain: ServiceId, bucket: &Expr) -> Body {
    let role = code(format!("aws_iam_role.{}.arn", scope.label(id)));
    let name = scope.service(domain).settings.word("index").map_or_else(|| scope.lower(id), str::to_owned);
    body! {
        domain_arn = scope.attribute("aws_opensearch_domain", domain, "arn");
        role_arn = role.clone();
        index_name = name;
        index_rotation_period = "OneDay";
        s3_backup_mode = "FailedDocumentsOnly";
        cloudwatch_logging_options ?{ Some(logging(scope, id)) }
        s3_configuration { role_arn = role; bucket_arn = bucket.clone(); compression_format = "GZIP"; }
        processing_configuration ?{ transform(scope, id) }
        vpc_config ?{ network(scope, id, domain) }
    }
}

/// A domain in a network is reached by interfaces in its own subnets.
fn network(scope: &Scope<'_>, id: ServiceId, domain: ServiceId) -> Option<Body> {
    let subnets = scope.subnets_of(domain, &[TierAccess::Isolated, TierAccess::Private])?;
    Some(body! {
        role_arn = code(format!("aws_iam_role.{}.arn", scope.label(id)));
        subnet_ids = subnets;
        security_group_ids = list([scope.group(domain)]);
    })
}

/// The kind `msk`.
pub fn kafka(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    if scope.is_without_servers(id) {
        return emit_serverless_kafka(scope, id, module);
    }
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/msk/${{local.name}}-{}", scope.service(id).name.dashed()),
    );
    let zones =
        scope.vpc_of(id).and_then(|place| scope.facts.network.vpc(place)).map_or(2, |vpc| vpc.zones.len());
    let zones = u64::try_from(zones).unwrap_or(2).max(1);
    let brokers = settings.count("brokers").unwrap_or(2).max(zones).div_ceil(zones) * zones;
    let key = common::key_of(scope, id, module);
    let hours = settings.time("retention").map_or(168, |time| time.seconds() / 3_600).max(1);
    let version = settings.word("engine").unwrap_or("3.9.x");
    let properties = body! {
        name = scope.name_within(id, "", 64);
        kafka_versions = [version];
        server_properties = format!("auto.create.topics.enable=false\nlog.retention.hours={hours}\n");
        lifecycle { create_before_destroy = true; }
    };
    module.add(scope, id, File::Streaming, Block::resource("aws_msk_configuration", label, properties));
    let body = body! {
        cluster_name = scope.name_within(id, "", 64);
        kafka_version = version;
        number_of_broker_nodes = brokers;
        enhanced_monitoring = "PER_TOPIC_PER_BROKER";
        broker_node_group_info {
            instance_type = settings.word("size").unwrap_or("kafka.t3.small");
            client_subnets ?= scope.subnets_of(id, &[TierAccess::Isolated, TierAccess::Private]);
            security_groups = list(scope.has_group(id).then(|| scope.group(id)));
            storage_info { ebs_storage_info { volume_size = settings.bytes("storage").map_or(100, crate::units::Bytes::gibibytes); } }
        }
        configuration_info {
            arn = code(format!("aws_msk_configuration.{label}.arn"));
            revision = code(format!("aws_msk_configuration.{label}.latest_revision"));
        }
        client_authentication { unauthenticated = false; sasl { iam = true; } }
        encryption_info {
            encryption_at_rest_kms_key_arn = key;
            encryption_in_transit { client_broker = "TLS"; in_cluster = true; }
        }
        logging_info { broker_logs { cloudwatch_logs { enabled = true; log_group = code(format!("aws_cloudwatch_log_group.{label}.name")); } } }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Streaming, Block::resource("aws_msk_cluster", label, body));
}

/// A cluster that scales by itself: AWS keeps brokers, logs and encryption; callers prove themselves by their roles.
fn emit_serverless_kafka(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let body = body! {
        cluster_name = scope.name_within(id, "", 64);
        vpc_config {
            subnet_ids ?= scope.subnets_of(id, &[TierAccess::Isolated, TierAccess::Private]);
            security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        }
        client_authentication { sasl { iam { enabled = true; } } }
        tags = common::service_tag(scope, id);
    };
    let block = Block::resource("aws_msk_serverless_cluster", scope.label(id), body);
    module.add(scope, id, File::Streaming, block);
}
