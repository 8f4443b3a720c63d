//! Queries, search and models.

use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::emit::terraform::{arn, common};
use crate::model::{ServiceId, TierAccess};

/// The kind `athena`.
pub fn workgroup(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let bucket = match settings.service("results") {
        Some(bucket) => scope.label(bucket).to_owned(),
        None => common::log_bucket(scope, id, module),
    };
    let limit = settings.bytes("scan-limit").map(|bytes| bytes.0.max(10_485_760));
    let key = scope
        .own_key_arn(id)
        .or_else(|| settings.service("results").and_then(|bucket| scope.own_key_arn(bucket)));
    let encryption = body! {
        encryption_option = if key.is_some() { "SSE_KMS" } else { "SSE_S3" };
        kms_key_arn ?= key;
    };
    let output = template(&format!("s3://${{aws_s3_bucket.{bucket}.id}}/athena/{}/", scope.lower(id)));
    let engine = if settings.word("engine") == Some("v3") { "Athena engine version 3" } else { "AUTO" };
    let body = body! {
        name = scope.name_within(id, "", 128);
        description = Expr::text(&scope.service(id).title);
        configuration {
            enforce_workgroup_configuration = true;
            publish_cloudwatch_metrics_enabled = true;
            bytes_scanned_cutoff_per_query ?= limit;
            engine_version { selected_engine_version = engine; }
            result_configuration { output_location = output; encryption_configuration ?{ Some(encryption) } }
        }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Analytics, Block::resource("aws_athena_workgroup", label, body));
}

/// What a search domain logs: type and ending of the group's name.
const SEARCH_LOGS: [(&str, &str); 4] = [
    ("AUDIT_LOGS", "audit"),
    ("ES_APPLICATION_LOGS", "application"),
    ("INDEX_SLOW_LOGS", "index"),
    ("SEARCH_SLOW_LOGS", "search"),
];

/// The kind `opensearch`.
pub fn search(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let region = scope.region_name(id).to_owned();
    let days = settings.time("logs").map_or(365, crate::units::Millis::days);
    for (_, ending) in SEARCH_LOGS {
        let own = format!("{label}_{ending}");
        let name = template(&format!("/aws/opensearch/${{local.name}}-{}/{ending}", scope.lower(id)));
        common::log_group(scope, module, &region, scope.service(id).causes(), (&own, name, days));
    }
    emit_log_policy(scope, id, module);
    let body = domain(scope, id, module);
    module.add(scope, id, File::Analytics, Block::resource("aws_opensearch_domain", label, body));
}

/// OpenSearch may write to these groups, on behalf of this account.
fn emit_log_policy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let groups = SEARCH_LOGS
        .map(|(_, ending)| template(&format!("${{aws_cloudwatch_log_group.{label}_{ending}.arn}}:*")));
    let statement = body! {
        sid = "WriteLogs";
        actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
        resources = list(groups);
        principals { type = "Service"; identifiers = ["es.amazonaws.com"]; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    };
    let name = format!("{label}_logs");
    module.add(
        scope,
        id,
        File::Analytics,
        Block::data("aws_iam_policy_document", &name, body! { statement ?{ Some(statement) } }),
    );
    let policy = body! { policy_name = scope.name(id); policy_document = code(format!("data.aws_iam_policy_document.{name}.json")); };
    module.add(
        scope,
        id,
        File::Analytics,
        Block::resource("aws_cloudwatch_log_resource_policy", label, policy),
    );
}

fn nodes(scope: &Scope<'_>, id: ServiceId) -> Body {
    let settings = &scope.service(id).settings;
    let nodes = settings.count("nodes").unwrap_or(2).max(1);
    let zones =
        scope.vpc_of(id).and_then(|place| scope.facts.network.vpc(place)).map_or(1, |vpc| vpc.zones.len());
    let spread = u64::try_from(zones).unwrap_or(1).min(nodes).min(3);
    let is_spread = settings.is_on("multi-az") && spread > 1 && nodes.is_multiple_of(spread);
    let masters = settings.count("masters").unwrap_or(0);
    let zone = is_spread.then(|| body! { availability_zone_count = spread; });
    body! {
        instance_type = settings.word("size").unwrap_or("t3.small.search");
        instance_count = nodes;
        dedicated_master_enabled ?= (masters > 0).then_some(true);
        dedicated_master_count ?= (masters > 0).then_some(masters);
        dedicated_master_type ?= (masters > 0).then_some("m6g.large.search");
        zone_awareness_enabled = is_spread;
        zone_awareness_config ?{ zone }
    }
}

fn domain(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let key = common::key_of(scope, id, module);
    let network = scope.vpc_of(id).map(|_| {
        let subnets = scope
            .subnets_of(id, &[TierAccess::Isolated, TierAccess::Private])
            .unwrap_or_else(|| list::<Expr>([]));
        let nodes =
            if settings.is_on("multi-az") { settings.count("nodes").unwrap_or(2).clamp(1, 3) } else { 1 };
        let code = subnets.as_code().unwrap_or("[]").to_owned();
        let some = crate::emit::terraform::hcl::code(format!("slice({code}, 0, {nodes})"));
        body! { subnet_ids = some; security_group_ids = list(scope.has_group(id).then(|| scope.group(id))); }
    });
    let logs = SEARCH_LOGS.map(|(kind, ending)| {
        body! { enabled = true; log_type = kind; cloudwatch_log_group_arn = code(format!("aws_cloudwatch_log_group.{label}_{ending}.arn")); }
    });
    let administrator = administrator(scope, id, module);
    body! {
        domain_name = scope.name_within(id, "", 28);
        engine_version = settings.word("engine").unwrap_or("OpenSearch_2.19");
        cluster_config ?{ Some(nodes(scope, id)) }
        ebs_options { ebs_enabled = true; volume_type = "gp3"; volume_size = settings.bytes("storage").map_or(20, crate::units::Bytes::gibibytes).max(10); }
        encrypt_at_rest { enabled = true; kms_key_id = key; }
        node_to_node_encryption { enabled = true; }
        domain_endpoint_options { enforce_https = settings.is_on("tls"); tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"; }
        advanced_security_options { enabled = true; internal_user_database_enabled = false; master_user_options { master_user_arn = administrator; } }
        vpc_options ?{ network }
        log_publishing_options ?{ logs }
        auto_tune_options { desired_state = if settings.word("size").is_none_or(|size| size.starts_with("t3")) { "DISABLED" } else { "ENABLED" }; }
        tags = common::service_tag(scope, id);
        depends_on = [code(format!("aws_cloudwatch_log_resource_policy.{label}"))];
    }
}

/// Who administers the rights inside the domain.
fn administrator(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let name = format!("{}_administrator_arn", scope.label(id));
    let description =
        format!("ARN of the role that administers the rights inside {}.", scope.service(id).name);
    module.variable(
        &name,
        Variable::required("string", description, "arn:aws:iam::123456789012:role/search-administrator"),
    )
}

/// The kind `bedrock`.
pub fn model(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    if settings.text("model").is_none() {
        let description = "Foundation model that Bedrock is asked for, by its id.";
        module.variable(
            "bedrock_model",
            Variable::required("string", description, "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        );
    }
    let profile = body! {
        name = scope.name_within(id, "", 64);
        description = Expr::text(&scope.service(id).title);
        model_source { copy_from = arn::model_source(scope, id); }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Analytics, Block::resource("aws_bedrock_inference_profile", label, profile));
    if settings.is_on("guardrail") {
        emit_guardrail(scope, id, module);
    }
}

fn emit_guardrail(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let filters = ["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"].map(|kind| {
        let output = if kind == "PROMPT_ATTACK" { "NONE" } else { "HIGH" };
        body! { type = kind; input_strength = "HIGH"; output_strength = output; }
    });
    let personal = ["EMAIL", "PHONE", "CREDIT_DEBIT_CARD_NUMBER"]
        .map(|kind| body! { type = kind; action = "ANONYMIZE"; });
    let key = scope.own_key_arn(id);
    let body = body! {
        name = scope.name_within(id, "", 50);
        description = Expr::text(&scope.service(id).title);
        blocked_input_messaging = "This request cannot be answered.";
        blocked_outputs_messaging = "This answer cannot be given.";
        kms_key_arn ?= key;
        content_policy_config { filters_config ?{ filters } }
        sensitive_information_policy_config { pii_entities_config ?{ personal } }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Analytics, Block::resource("aws_bedrock_guardrail", scope.label(id), body));
}
