//! Buckets and file systems.

use crate::derive::access::Carrier;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module, named_tags};
use crate::emit::terraform::policy;
use crate::emit::terraform::replicas;
use crate::emit::terraform::scope::Scope;
use crate::emit::terraform::secrets;
use crate::model::{ServiceId, TierAccess, Value};

/// One argument more than the bucket's id.
pub fn of_bucket(label: &str, body: Body) -> Body {
    body! { bucket = code(format!("aws_s3_bucket.{label}.id")); }.and(body)
}

/// Ownership, public access and versions of any bucket.
pub fn guards(label: &str, versions: bool) -> Vec<Block> {
    let owner = body! { rule { object_ownership = "BucketOwnerEnforced"; } };
    let block = body! {
        block_public_acls = true;
        block_public_policy = true;
        ignore_public_acls = true;
        restrict_public_buckets = true;
    };
    let versioning =
        body! { versioning_configuration { status = if versions { "Enabled" } else { "Suspended" }; } };
    vec![
        Block::resource("aws_s3_bucket_ownership_controls", label, of_bucket(label, owner)),
        Block::resource("aws_s3_bucket_public_access_block", label, of_bucket(label, block)),
        Block::resource("aws_s3_bucket_versioning", label, of_bucket(label, versioning)),
    ]
}

/// A name of a bucket: unique in the world by the account, within 63 characters.
fn bucket_name(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let kept = crate::emit::terraform::scope::shortened(
        &scope.lower(id),
        63_usize.saturating_sub(scope.prefix().len() + 14),
    );
    template(&format!("${{local.name}}-{kept}-${{local.account_id}}"))
}

/// The kind `s3`.
pub fn bucket(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    let settings = &scope.service(id).settings;
    let lock = settings.time("lock");
    let body = body! {
        bucket = bucket_name(scope, id);
        object_lock_enabled ?= lock.map(|_| true);
        tags = common::service_tag(scope, id);
    };
    let mut blocks = vec![Block::resource("aws_s3_bucket", &label, body)];
    blocks.extend(guards(&label, settings.is_on("versioning") || replicas::region_of(scope, id).is_some()));
    blocks.push(encryption(scope, id));
    blocks.push(logging(scope, id, module));
    blocks.push(lifecycle(scope, id));
    blocks.extend(object_lock(scope, id));
    blocks.extend(cors(scope, id));
    for block in blocks {
        module.add(scope, id, File::Storage, block);
    }
    emit_policy(scope, id, module);
    emit_notification(scope, id, module);
    replicas::emit(scope, id, module);
    if let Some(days) = settings.time("backup").map(crate::units::Millis::days) {
        secrets::keep(scope, id, module, days);
    }
    let name = code(format!("aws_s3_bucket.{label}.id"));
    module.output(&format!("{label}_bucket"), &format!("Bucket {}.", scope.service(id).name), name);
}

/// CloudFront cannot use the key AWS keeps for S3, so a bucket behind it has S3's own encryption or a key of its own.
fn encryption(scope: &Scope<'_>, id: ServiceId) -> Block {
    let is_origin = scope.flows_to(id).any(|(_, flow)| scope.is_a(flow.from, "cloudfront"));
    let key = scope.own_key_arn(id);
    // AWS's own key cannot be used in another region.
    let is_copied = replicas::region_of(scope, id).is_some();
    let algorithm = if (is_origin || is_copied) && key.is_none() { "AES256" } else { "aws:kms" };
    let rule = body! {
        bucket_key_enabled ?= (algorithm == "aws:kms").then_some(true);
        apply_server_side_encryption_by_default { sse_algorithm = algorithm; kms_master_key_id ?= key; }
    };
    let label = scope.label(id);
    Block::resource(
        "aws_s3_bucket_server_side_encryption_configuration",
        label,
        of_bucket(label, body! { rule ?{ Some(rule) } }),
    )
}

fn logging(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Block {
    let label = scope.label(id);
    let logs = common::log_bucket(scope, id, module);
    let body = body! {
        target_bucket = code(format!("aws_s3_bucket.{logs}.id"));
        target_prefix = format!("s3/{}/", scope.lower(id));
    };
    Block::resource("aws_s3_bucket_logging", label, of_bucket(label, body))
}

/// Storage classes by the words of the language.
const CLASSES: [(&str, &str); 3] =
    [("ia", "STANDARD_IA"), ("glacier", "GLACIER_IR"), ("deep-archive", "DEEP_ARCHIVE")];

fn lifecycle(scope: &Scope<'_>, id: ServiceId) -> Block {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let days = |setting: &str, otherwise: u64| {
        settings.time(setting).map_or(otherwise, crate::units::Millis::days).max(1)
    };
    let transition = match settings.0.get("lifecycle").map(|setting| &setting.value) {
        Some(Value::Transition(class, age)) => Some(transition(class, age.days())),
        _ => None,
    };
    let expire = settings.time("expire").map(|time| body! { days = time.days().max(1); });
    let rule = body! {
        id = "keep";
        status = "Enabled";
        filter {}
        transition ?{ transition }
        expiration ?{ expire }
        noncurrent_version_expiration { noncurrent_days = days("old-versions", 90); }
        abort_incomplete_multipart_upload { days_after_initiation = days("abort", 7); }
    };
    let body = body! {
        rule ?{ Some(rule) }
        depends_on = [code(format!("aws_s3_bucket_versioning.{label}"))];
    };
    Block::resource("aws_s3_bucket_lifecycle_configuration", label, of_bucket(label, body))
}

/// Infrequent access needs an age of 30 days (`PutBucketLifecycleConfiguration`).
fn transition(class: &str, days: u64) -> Body {
    let class = CLASSES.iter().find(|(word, _)| *word == class).map_or("STANDARD_IA", |(_, class)| class);
    body! { days = if class == "STANDARD_IA" { days.max(30) } else { days }; storage_class = class; }
}

fn object_lock(scope: &Scope<'_>, id: ServiceId) -> Option<Block> {
    let label = scope.label(id);
    let days = scope.service(id).settings.time("lock")?.days().max(1);
    let body = body! { rule { default_retention { mode = "GOVERNANCE"; days = days; } } };
    Some(Block::resource("aws_s3_bucket_object_lock_configuration", label, of_bucket(label, body)))
}

fn cors(scope: &Scope<'_>, id: ServiceId) -> Option<Block> {
    let label = scope.label(id);
    let origin = scope.service(id).settings.text("cors")?;
    let rule = body! {
        allowed_origins = common::listed(origin);
        allowed_methods = ["GET", "HEAD", "PUT"];
        allowed_headers = ["*"];
        max_age_seconds = 3_000_u64;
    };
    Some(Block::resource(
        "aws_s3_bucket_cors_configuration",
        label,
        of_bucket(label, body! { cors_rule ?{ Some(rule) } }),
    ))
}

/// TLS only, and what the facts grant by the bucket's policy.
fn emit_policy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let arn = format!("aws_s3_bucket.{label}.arn");
    let both = list([code(arn.clone()), template(&format!("${{{arn}}}/*"))]);
    let statements = scope.facts.access.resource_statements(id);
    let granted: Vec<_> =
        statements.iter().filter(|statement| statement.carrier == Carrier::ResourcePolicy).collect();
    let mut document = body! { statement ?{ [common::tls_only("s3:*", both)] } };
    for block in policy::resource_statements(scope, &granted, None) {
        document.push_labelled(block);
    }
    let name = format!("{label}_bucket");
    module.add(scope, id, File::Storage, Block::data("aws_iam_policy_document", &name, document));
    module.add(scope, id, File::Storage, policy_block(label, &name));
}

/// The policy of a bucket, once nobody can open it to the public any more.
pub fn policy_block(label: &str, document: &str) -> Block {
    let body = body! {
        policy = code(format!("data.aws_iam_policy_document.{document}.json"));
        depends_on = [code(format!("aws_s3_bucket_public_access_block.{label}"))];
    };
    Block::resource("aws_s3_bucket_policy", label, of_bucket(label, body))
}

/// What a bucket tells of new objects: kind, block, argument, address.
const NOTIFIED: [(&str, &str, &str, &str); 3] = [
    ("lambda", "lambda_function", "lambda_function_arn", "aws_lambda_function"),
    ("sqs", "queue", "queue_arn", "aws_sqs_queue"),
    ("sns", "topic", "topic_arn", "aws_sns_topic"),
];

fn emit_notification(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let mut body = Body::default();
    let mut waits: Vec<Expr> = Vec::new();
    let mut causes = Vec::new();
    for (_, flow) in scope.flows_from(id).filter(|(_, flow)| flow.is_whole()) {
        if scope.is_a(flow.to, "eventbridge") {
            body.push("eventbridge", true);
            causes.push(flow.span);
        }
        let Some((kind, block, argument, address)) =
            NOTIFIED.iter().find(|(kind, ..)| scope.is_a(flow.to, kind))
        else {
            continue;
        };
        let prefix = scope.service(id).settings.text("prefix").map(Expr::text);
        let inner = body! { events = ["s3:ObjectCreated:*"]; filter_prefix ?= prefix; };
        body.push_block(block, inner.with(argument, scope.attribute(address, flow.to, "arn")));
        let to = scope.label(flow.to);
        waits.push(match *kind {
            "lambda" => code(format!("aws_lambda_permission.{to}_from_{label}")),
            "sqs" => code(format!("aws_sqs_queue_policy.{to}")),
            _ => code(format!("aws_sns_topic_policy.{to}")),
        });
        causes.push(flow.span);
    }
    if causes.is_empty() {
        return;
    }
    if !waits.is_empty() {
        body.push("depends_on", list(waits));
    }
    let block = Block::resource("aws_s3_bucket_notification", label, of_bucket(label, body));
    module.add_caused(scope, id, File::Storage, block, &causes);
}

/// The bucket of a region's access logs. Load balancers can only write to S3's own encryption.
pub fn log_bucket(scope: &Scope<'_>, region: &str, module: &mut Module) {
    let label = scope.regional_label("logs", region);
    let place = if label == "logs" {
        String::new()
    } else {
        format!("-{}", Scope::region_label(region).replace('_', "-"))
    };
    let bucket = body! { bucket = template(&format!("${{local.name}}-logs{place}-${{local.account_id}}")); };
    let owner = Block::resource("aws_s3_bucket", &label, bucket);
    let rule = body! { apply_server_side_encryption_by_default { sse_algorithm = "AES256"; } };
    let encryption = Block::resource(
        "aws_s3_bucket_server_side_encryption_configuration",
        &label,
        of_bucket(&label, body! { rule ?{ Some(rule) } }),
    );
    let mut blocks = vec![owner.comment("Access logs of buckets, load balancers and distributions.")];
    blocks.extend(guards(&label, true));
    blocks.push(encryption.comment("Load balancers can only write their logs with S3's own key."));
    blocks.push(log_lifecycle(scope, region, &label));
    blocks.push(Block::data("aws_iam_policy_document", &format!("{label}_bucket"), log_policy(&label)));
    blocks.push(policy_block(&label, &format!("{label}_bucket")));
    for block in blocks {
        module.add_in(scope, region, File::Storage, block);
    }
}

/// What writes access logs into the bucket of a region: prefix and days.
fn writers(scope: &Scope<'_>, region: &str) -> Vec<(String, u64)> {
    let kinds = [("s3", "s3/"), ("alb", ""), ("nlb", "")];
    let all = scope.model.services.ids().filter(|id| scope.region_name(*id) == region);
    all.filter_map(|id| {
        let (_, prefix) = kinds.iter().find(|(kind, _)| scope.is_a(id, kind))?;
        let days = common::log_days(scope, id).filter(|_| scope.service(id).settings.is_stated("logs"))?;
        Some((format!("{prefix}{}/", scope.lower(id)), days.max(1)))
    })
    .collect()
}

/// Access logs are kept for a year, or as long as their services say.
fn log_lifecycle(scope: &Scope<'_>, region: &str, label: &str) -> Block {
    let writers = writers(scope, region);
    let longest = writers.iter().map(|(_, days)| *days).fold(365, u64::max);
    let rule = body! {
        id = "expire";
        status = "Enabled";
        filter {}
        expiration { days = longest; }
        noncurrent_version_expiration { noncurrent_days = 30_u64; }
        abort_incomplete_multipart_upload { days_after_initiation = 7_u64; }
    };
    let sooner = writers.into_iter().filter(|(_, days)| *days < longest).map(|(prefix, days)| {
        body! {
            id = format!("expire-{}", prefix.trim_end_matches('/').replace('/', "-"));
            status = "Enabled";
            filter { prefix = prefix; }
            expiration { days = days; }
        }
    });
    let rules: Vec<Body> = std::iter::once(rule).chain(sooner).collect();
    let body = body! {
        rule ?{ rules }
        depends_on = [code(format!("aws_s3_bucket_versioning.{label}"))];
    };
    Block::resource("aws_s3_bucket_lifecycle_configuration", label, of_bucket(label, body))
}

fn log_policy(label: &str) -> Body {
    let arn = format!("aws_s3_bucket.{label}.arn");
    let writer = |sid: &str, path: &str, services: Expr| {
        body! {
            sid = sid;
            actions = ["s3:PutObject"];
            resources = [template(&format!("${{{arn}}}{path}"))];
            principals { type = "Service"; identifiers = services; }
            condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
        }
    };
    let balancers = body! {
        sid = "LoadBalancerLogs";
        actions = ["s3:PutObject"];
        resources = [template(&format!("${{{arn}}}/*/AWSLogs/${{local.account_id}}/*"))];
        principals {
            type = "Service";
            identifiers = ["delivery.logs.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com"];
        }
    };
    let check = body! {
        sid = "LogDeliveryCheck";
        actions = ["s3:GetBucketAcl"];
        resources = [code(arn.clone())];
        principals { type = "Service"; identifiers = ["delivery.logs.amazonaws.com"]; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    };
    let both = list([code(arn.clone()), template(&format!("${{{arn}}}/*"))]);
    let servers = writer("ServerAccessLogs", "/s3/*", list(["logging.s3.amazonaws.com"]));
    body! { statement ?{ [common::tls_only("s3:*", both), balancers, check, servers] } }
}

/// The ages after which EFS moves unread files (`PutLifecycleConfiguration`).
const UNREAD_DAYS: [u64; 9] = [1, 7, 14, 30, 60, 90, 180, 270, 365];

/// The least age that EFS accepts and that is not below `days`.
fn unread_for(days: u64) -> String {
    let days = UNREAD_DAYS.into_iter().find(|known| *known >= days).unwrap_or(365);
    format!("AFTER_{days}_DAY{}", if days == 1 { "" } else { "S" })
}

/// The kind `efs`.
pub fn file_system(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let mode = settings.word("mode").unwrap_or("elastic");
    let old = match settings.0.get("lifecycle").map(|setting| &setting.value) {
        Some(Value::Transition(_, age)) => Some(body! { transition_to_ia = unread_for(age.days()); }),
        _ => None,
    };
    let key = common::key_of(scope, id, module);
    let body = body! {
        creation_token = scope.name_within(id, "", 64);
        encrypted = true;
        kms_key_id = key;
        throughput_mode = mode;
        provisioned_throughput_in_mibps ?= (mode == "provisioned").then_some(16_u64);
        lifecycle_policy ?{ old }
        protection { replication_overwrite = "ENABLED"; }
        tags = named_tags(scope.name(id));
    };
    module.add(scope, id, File::Storage, Block::resource("aws_efs_file_system", label, body));
    emit_file_system_sides(scope, id, module);
}

fn emit_file_system_sides(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let system = code(format!("aws_efs_file_system.{label}.id"));
    if let Some(tier) = scope.tier_of(id, &[TierAccess::Isolated, TierAccess::Private]) {
        let target = body! {
            for_each = code(format!("{{ for zone, subnet in aws_subnet.{} : zone => subnet.id }}", scope.place_label(tier)));
            file_system_id = system.clone();
            subnet_id = code("each.value");
            security_groups = list(scope.has_group(id).then(|| scope.group(id)));
        };
        module.add(scope, id, File::Storage, Block::resource("aws_efs_mount_target", label, target));
    }
    let point = body! {
        file_system_id = system.clone();
        posix_user { uid = 1_000_u64; gid = 1_000_u64; }
        root_directory {
            path = "/data";
            creation_info { owner_uid = 1_000_u64; owner_gid = 1_000_u64; permissions = "0750"; }
        }
        tags = named_tags(scope.name(id));
    };
    module.add(scope, id, File::Storage, Block::resource("aws_efs_access_point", label, point));
    // AWS's own plan keeps 35 days; for another time the file system gets a plan of its own.
    let stated = scope.service(id).settings.time("backup").map(crate::units::Millis::days);
    let own = stated.filter(|days| *days != 35);
    let status = if own.is_some() { "DISABLED" } else { "ENABLED" };
    let backup = body! { file_system_id = system.clone(); backup_policy { status = status; } };
    if let Some(days) = own {
        secrets::keep(scope, id, module, days);
    }
    module.add(scope, id, File::Storage, Block::resource("aws_efs_backup_policy", label, backup));
    let statement = body! {
        sid = "DenyInsecureTransport";
        effect = "Deny";
        actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"];
        resources = [code(format!("aws_efs_file_system.{label}.arn"))];
        principals { type = "*"; identifiers = ["*"]; }
        condition { test = "Bool"; variable = "aws:SecureTransport"; values = ["false"]; }
    };
    let name = format!("{label}_file_system");
    module.add(
        scope,
        id,
        File::Storage,
        Block::data("aws_iam_policy_document", &name, body! { statement ?{ Some(statement) } }),
    );
    let policy = body! { file_system_id = system; policy = code(format!("data.aws_iam_policy_document.{name}.json")); };
    module.add(scope, id, File::Storage, Block::resource("aws_efs_file_system_policy", label, policy));
}
