//! Databases, tables, caches and the proxies before them.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module, Need};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, TierAccess};

/// The tiers databases stand in when the model does not say.
const TIERS: [TierAccess; 2] = [TierAccess::Isolated, TierAccess::Private];

/// The name of the subnet group of a database's tier.
fn subnet_group(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Option<Expr> {
    let tier = scope.place_label(scope.tier_of(id, &TIERS)?);
    module.need(Need::SubnetGroup(tier.clone()));
    Some(code(format!("aws_db_subnet_group.{tier}.name")))
}

/// A database's name inside the server: stated, otherwise the service's in the alphabet all engines take.
fn database_name(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let service = scope.service(id);
    if let Some(name) = service.settings.text("database") {
        return Expr::text(name);
    }
    let legal: String = service.name.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    let starts = legal.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let whole = if starts { legal.to_lowercase() } else { format!("db{}", legal.to_lowercase()) };
    whole.chars().take(60).collect::<String>().into()
}

/// The parameters that refuse plain connections: engine's family, names and values.
fn parameters(is_postgres: bool, is_cluster: bool, tls: bool) -> Vec<Body> {
    let force = if tls { "1" } else { "0" };
    let rows: &[(&str, &str)] = match (is_postgres, is_cluster) {
        (true, _) => {
            &[("rds.force_ssl", force), ("log_statement", "ddl"), ("log_min_duration_statement", "1000")]
        }
        (false, _) => {
            &[("require_secure_transport", force), ("slow_query_log", "1"), ("long_query_time", "1")]
        }
    };
    rows.iter().map(|(name, value)| body! { name = *name; value = *value; }).collect()
}

/// The kinds `rds_postgres` and `rds_mysql`.
pub fn instance(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let is_postgres = scope.is_a(id, "rds_postgres");
    let settings = &scope.service(id).settings;
    let version = settings.word("engine").unwrap_or(if is_postgres { "16" } else { "8.4" });
    let engine = if is_postgres { "postgres" } else { "mysql" };
    let group = body! {
        name = scope.name_within(id, "", 255);
        family = format!("{engine}{version}");
        description = format!("Parameters of {}", scope.service(id).name);
        parameter ?{ parameters(is_postgres, false, settings.is_on("tls")) }
        lifecycle { create_before_destroy = true; }
    };
    module.add(scope, id, File::Data, Block::resource("aws_db_parameter_group", label, group));
    module.need(Need::DatabaseMonitoring);
    let head = body! {
        identifier = scope.name_within(id, "", 63);
        engine = engine;
        engine_version = version;
        instance_class = settings.word("size").unwrap_or("db.t3.medium");
    };
    let body = head
        .and(access(scope, id, module))
        .and(disk(scope, id))
        .and(place(scope, id, module))
        .and(safety(scope, id))
        .and(watching(scope, id, is_postgres, module));
    module.add(scope, id, File::Data, Block::resource("aws_db_instance", label, body));
    emit_replicas(scope, id, module);
    let secret = code(format!("aws_db_instance.{label}.master_user_secret[0].secret_arn"));
    module.output(
        &format!("{label}_secret_arn"),
        &format!("Secret with the master credentials of {}.", scope.service(id).name),
        secret,
    );
}

/// Who gets in: the master's password never leaves Secrets Manager, services use their roles.
fn access(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let _ = module;
    body! {
        db_name = database_name(scope, id);
        username = "dbadmin";
        manage_master_user_password = true;
        master_user_secret_kms_key_id ?= scope.own_key_arn(id);
        iam_database_authentication_enabled = true;
    }
}

fn disk(scope: &Scope<'_>, id: ServiceId) -> Body {
    let settings = &scope.service(id).settings;
    let size = settings.bytes("storage").map_or(20, crate::units::Bytes::gibibytes).max(20);
    let most = settings
        .bytes("storage-max")
        .map_or(size * 2, crate::units::Bytes::gibibytes)
        .max(size + size.div_ceil(10));
    body! {
        allocated_storage = size;
        max_allocated_storage = most;
        storage_type = "gp3";
        storage_encrypted = true;
        kms_key_id ?= scope.own_key_arn(id);
    }
}

fn place(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let settings = &scope.service(id).settings;
    body! {
        multi_az = settings.is_on("multi-az");
        publicly_accessible = settings.is_on("public");
        port ?= settings.count("port");
        db_subnet_group_name ?= subnet_group(scope, id, module);
        vpc_security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        parameter_group_name = scope.attribute("aws_db_parameter_group", id, "name");
        ca_cert_identifier = "rds-ca-rsa2048-g1";
    }
}

/// A window as AWS writes it, when the stated text has its alphabet.
fn window(scope: &Scope<'_>, id: ServiceId, setting: &str, otherwise: &'static str) -> Expr {
    scope.service(id).settings.text(setting).map_or_else(|| otherwise.into(), Expr::text)
}

fn safety(scope: &Scope<'_>, id: ServiceId) -> Body {
    let settings = &scope.service(id).settings;
    let protected = scope.is_protected(id);
    body! {
        backup_retention_period = settings.time("backup").map_or(7, crate::units::Millis::days).min(35);
        backup_window = window(scope, id, "backup-window", "03:00-04:00");
        maintenance_window = window(scope, id, "maintenance", "sun:04:30-sun:05:30");
        copy_tags_to_snapshot = true;
        deletion_protection = protected;
        skip_final_snapshot = false;
        final_snapshot_identifier = scope.name_within(id, "-final", 255);
    }
}

fn watching(scope: &Scope<'_>, id: ServiceId, is_postgres: bool, module: &mut Module) -> Body {
    let insights = scope.service(id).settings.is_on("insights");
    let logs: &[&str] = if is_postgres { &["postgresql", "upgrade"] } else { &["error", "slowquery"] };
    let key = insights.then(|| common::key_of(scope, id, module));
    body! {
        auto_minor_version_upgrade = true;
        enabled_cloudwatch_logs_exports = list(logs.iter().copied());
        monitoring_interval = 60_u64;
        monitoring_role_arn = code("aws_iam_role.rds_monitoring.arn");
        performance_insights_enabled ?= insights.then_some(true);
        performance_insights_kms_key_id ?= key;
        tags = common::service_tag(scope, id);
        depends_on = [code("aws_iam_role_policy_attachment.rds_monitoring")];
    }
}

fn emit_replicas(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let count = scope.service(id).settings.count("replicas").unwrap_or(0);
    if count == 0 {
        return;
    }
    let label = scope.label(id);
    let primary = |attribute: &str| code(format!("aws_db_instance.{label}.{attribute}"));
    let key = common::key_of(scope, id, module);
    let body = body! {
        for_each = code(format!("toset([{}])", (1..=count).map(|number| format!("\"{number}\"")).collect::<Vec<_>>().join(", ")));
        identifier = template(&format!("${{aws_db_instance.{label}.identifier}}-${{each.key}}"));
        replicate_source_db = primary("identifier");
        instance_class = primary("instance_class");
        storage_encrypted = true;
        vpc_security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        parameter_group_name = scope.attribute("aws_db_parameter_group", id, "name");
        iam_database_authentication_enabled = true;
        auto_minor_version_upgrade = true;
        copy_tags_to_snapshot = true;
        deletion_protection = scope.is_protected(id);
        multi_az = true;
        enabled_cloudwatch_logs_exports = primary("enabled_cloudwatch_logs_exports");
        monitoring_interval = 60_u64;
        monitoring_role_arn = code("aws_iam_role.rds_monitoring.arn");
        performance_insights_enabled = true;
        performance_insights_kms_key_id = key;
        skip_final_snapshot = true;
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Data, Block::resource("aws_db_instance", &format!("{label}_replica"), body));
}

/// The kind `aurora_serverless`.
pub fn aurora(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let version = settings.word("engine").unwrap_or("16");
    let group = body! {
        name = scope.name_within(id, "", 255);
        family = format!("aurora-postgresql{version}");
        description = format!("Parameters of {}", scope.service(id).name);
        parameter ?{ parameters(true, true, settings.is_on("tls")) }
        lifecycle { create_before_destroy = true; }
    };
    module.add(scope, id, File::Data, Block::resource("aws_rds_cluster_parameter_group", label, group));
    module.need(Need::DatabaseMonitoring);
    let cluster = cluster(scope, id, version, module);
    module.add(scope, id, File::Data, Block::resource("aws_rds_cluster", label, cluster));
    emit_cluster_instances(scope, id, module);
    let secret = code(format!("aws_rds_cluster.{label}.master_user_secret[0].secret_arn"));
    module.output(
        &format!("{label}_secret_arn"),
        &format!("Secret with the master credentials of {}.", scope.service(id).name),
        secret,
    );
}

fn cluster(scope: &Scope<'_>, id: ServiceId, version: &str, module: &mut Module) -> Body {
    let settings = &scope.service(id).settings;
    let (min, max) = settings.scaling().map_or((1, 8), |scaling| (scaling.min, scaling.max));
    let storage = settings.is_on("io-optimized").then_some("aurora-iopt1");
    body! {
        cluster_identifier = scope.name_within(id, "", 63);
        engine = "aurora-postgresql";
        engine_mode = "provisioned";
        engine_version = version;
        database_name = database_name(scope, id);
        master_username = "dbadmin";
        manage_master_user_password = true;
        master_user_secret_kms_key_id ?= scope.own_key_arn(id);
        iam_database_authentication_enabled = true;
        enable_http_endpoint ?= settings.is_on("data-api").then_some(true);
        storage_encrypted = true;
        kms_key_id ?= scope.own_key_arn(id);
        storage_type ?= storage;
        port ?= settings.count("port");
        db_subnet_group_name ?= subnet_group(scope, id, module);
        vpc_security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        db_cluster_parameter_group_name = scope.attribute("aws_rds_cluster_parameter_group", id, "name");
        backup_retention_period = settings.time("backup").map_or(7, crate::units::Millis::days).clamp(1, 35);
        preferred_backup_window = window(scope, id, "backup-window", "03:00-04:00");
        preferred_maintenance_window = window(scope, id, "maintenance", "sun:04:30-sun:05:30");
        copy_tags_to_snapshot = true;
        deletion_protection = scope.is_protected(id);
        skip_final_snapshot = false;
        final_snapshot_identifier = scope.name_within(id, "-final", 255);
        enabled_cloudwatch_logs_exports = ["postgresql"];
        serverlessv2_scaling_configuration { min_capacity = capacity(min); max_capacity = max.clamp(1, 256); }
        tags = common::service_tag(scope, id);
    }
}

/// The least capacity: whole units, or half a one when none is stated.
fn capacity(units: u64) -> Expr {
    if units == 0 { code("0.5") } else { units.into() }
}

fn emit_cluster_instances(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let replicas = settings.count("replicas").unwrap_or(0).max(u64::from(settings.is_on("multi-az")));
    let keys: Vec<String> = (1..=replicas + 1).map(|number| format!("\"{number}\"")).collect();
    let key = common::key_of(scope, id, module);
    let body = body! {
        for_each = code(format!("toset([{}])", keys.join(", ")));
        identifier = template(&format!("${{aws_rds_cluster.{label}.cluster_identifier}}-${{each.key}}"));
        cluster_identifier = code(format!("aws_rds_cluster.{label}.id"));
        engine = code(format!("aws_rds_cluster.{label}.engine"));
        engine_version = code(format!("aws_rds_cluster.{label}.engine_version"));
        instance_class = "db.serverless";
        publicly_accessible = settings.is_on("public");
        auto_minor_version_upgrade = true;
        copy_tags_to_snapshot = true;
        monitoring_interval = 60_u64;
        monitoring_role_arn = code("aws_iam_role.rds_monitoring.arn");
        performance_insights_enabled = true;
        performance_insights_kms_key_id = key;
        tags = common::service_tag(scope, id);
        depends_on = [code("aws_iam_role_policy_attachment.rds_monitoring")];
    };
    module.add(scope, id, File::Data, Block::resource("aws_rds_cluster_instance", label, body));
}

/// The database behind a proxy.
fn proxied(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    scope.flows_from(id).map(|(_, flow)| flow.to).next()
}

/// The kind `rds_proxy`.
pub fn proxy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(database) = proxied(scope, id) else { return };
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_role(scope, id, module, "");
    let is_cluster = scope.is_a(database, "aurora_serverless");
    let resource = if is_cluster { "aws_rds_cluster" } else { "aws_db_instance" };
    let family = if scope.is_a(database, "rds_mysql") { "MYSQL" } else { "POSTGRESQL" };
    let secret = code(format!("{resource}.{}.master_user_secret[0].secret_arn", scope.label(database)));
    let body = body! {
        name = scope.name_within(id, "", 63);
        engine_family = family;
        role_arn = code(format!("aws_iam_role.{label}.arn"));
        require_tls = settings.is_on("tls");
        idle_client_timeout = settings.time("idle").map_or(1800, crate::units::Millis::seconds).clamp(1, 28_800);
        vpc_subnet_ids ?= scope.subnets_of(id, &TIERS);
        vpc_security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        auth { auth_scheme = "SECRETS"; iam_auth = "REQUIRED"; secret_arn = secret; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Data, Block::resource("aws_db_proxy", label, body));
    let percent = settings.percent("connections").map_or(100, |share| share.0 / 10_000).clamp(1, 100);
    let pool = body! {
        db_proxy_name = code(format!("aws_db_proxy.{label}.name"));
        connection_pool_config {
            max_connections_percent = percent;
            connection_borrow_timeout = settings.time("borrow").map_or(120, crate::units::Millis::seconds).min(300);
        }
    };
    module.add(scope, id, File::Data, Block::resource("aws_db_proxy_default_target_group", label, pool));
    let identifier = if is_cluster { "db_cluster_identifier" } else { "db_instance_identifier" };
    let attribute = if is_cluster { "id" } else { "identifier" };
    let target = body! {
        db_proxy_name = code(format!("aws_db_proxy.{label}.name"));
        target_group_name = code(format!("aws_db_proxy_default_target_group.{label}.name"));
    };
    let target = target.with(identifier, scope.attribute(resource, database, attribute));
    module.add(scope, id, File::Data, Block::resource("aws_db_proxy_target", label, target));
}

/// The kind `dynamodb`.
pub fn table(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let provisioned = settings.word("mode") == Some("provisioned");
    let partition = settings.word("partition").unwrap_or("id");
    let indexes = settings.words("index");
    let streams =
        settings.is_on("stream") || scope.flows_from(id).any(|(_, flow)| scope.is_a(flow.to, "lambda"));
    let replicas = settings.words("replicas");
    let key = scope.own_key_arn(id);
    let mut names: Vec<&str> = vec![partition];
    names.extend(settings.word("sort"));
    names.extend(indexes.iter().map(String::as_str));
    names.sort_unstable();
    names.dedup();
    let capacity = |setting: &str| provisioned.then(|| settings.count(setting).unwrap_or(5));
    let infrequent = settings.word("class") == Some("infrequent");
    let index = |name: &String| {
        body! {
            name = format!("by_{name}");
            hash_key = name;
            projection_type = "ALL";
            read_capacity ?= capacity("read");
            write_capacity ?= capacity("write");
        }
    };
    let encryption = body! { enabled = true; kms_key_arn ?= key; };
    let ttl = settings.word("ttl").map(|name| body! { attribute_name = name; enabled = true; });
    let body = body! {
        name = scope.name(id);
        billing_mode = if provisioned { "PROVISIONED" } else { "PAY_PER_REQUEST" };
        read_capacity ?= capacity("read");
        write_capacity ?= capacity("write");
        hash_key = partition;
        range_key ?= settings.word("sort");
        table_class ?= infrequent.then_some("STANDARD_INFREQUENT_ACCESS");
        stream_enabled ?= (streams || !replicas.is_empty()).then_some(true);
        stream_view_type ?= (streams || !replicas.is_empty()).then_some("NEW_AND_OLD_IMAGES");
        deletion_protection_enabled = scope.is_protected(id);
        attribute ?{ names.iter().map(|name| body! { name = *name; type = "S"; }) }
        global_secondary_index ?{ indexes.iter().map(index) }
        point_in_time_recovery { enabled = settings.is_on("pitr"); }
        server_side_encryption ?{ Some(encryption) }
        ttl ?{ ttl }
        replica ?{ replicas.iter().map(|region| body! { region_name = region; point_in_time_recovery = settings.is_on("pitr"); }) }
        tags = common::service_tag(scope, id);
    };
    let mut block = Block::resource("aws_dynamodb_table", label, body);
    if provisioned && settings.scaling().is_some() {
        block.body_mut().push_block(
            "lifecycle",
            body! { ignore_changes = [code("read_capacity"), code("write_capacity")]; },
        );
        emit_table_scaling(scope, id, module);
    }
    module.add(scope, id, File::Data, block);
}

fn emit_table_scaling(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let Some(scaling) = scope.service(id).settings.scaling() else { return };
    let target = scaling.target.unwrap_or(70);
    for (way, metric) in
        [("Read", "DynamoDBReadCapacityUtilization"), ("Write", "DynamoDBWriteCapacityUtilization")]
    {
        let own = format!("{label}_{}", way.to_lowercase());
        let scalable = body! {
            service_namespace = "dynamodb";
            resource_id = template(&format!("table/${{aws_dynamodb_table.{label}.name}}"));
            scalable_dimension = format!("dynamodb:table:{way}CapacityUnits");
            min_capacity = scaling.min.max(1);
            max_capacity = scaling.max.max(1);
        };
        module.add(scope, id, File::Data, Block::resource("aws_appautoscaling_target", &own, scalable));
        let policy = scaling_policy(&own, (metric, None), target);
        module.add(scope, id, File::Data, policy);
    }
}

/// A target-tracking policy of Application Auto Scaling on the scalable target of the same label: metric, and what it
/// counts when that is one target group.
pub fn scaling_policy(label: &str, (metric, counted): (&str, Option<Expr>), target: u64) -> Block {
    let from = |attribute: &str| code(format!("aws_appautoscaling_target.{label}.{attribute}"));
    let body = body! {
        name = template(&format!("${{local.name}}-{}", label.replace('_', "-")));
        policy_type = "TargetTrackingScaling";
        service_namespace = from("service_namespace");
        resource_id = from("resource_id");
        scalable_dimension = from("scalable_dimension");
        target_tracking_scaling_policy_configuration {
            target_value = target;
            predefined_metric_specification { predefined_metric_type = metric; resource_label ?= counted; }
        }
    };
    Block::resource("aws_appautoscaling_policy", label, body)
}

/// The kind `valkey`.
pub fn cache(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    if settings.word("credentials") != Some("secret") {
        emit_cache_users(scope, id, module);
    }
    if scope.is_without_servers(id) {
        emit_serverless_cache(scope, id, module);
        return;
    }
    let subnets = body! {
        name = scope.name_within(id, "", 255);
        description = format!("Subnets of {}", scope.service(id).name);
        subnet_ids ?= scope.subnets_of(id, &TIERS);
    };
    module.add(scope, id, File::Data, Block::resource("aws_elasticache_subnet_group", label, subnets));
    let group = replication_group(scope, id, module);
    module.add(scope, id, File::Data, Block::resource("aws_elasticache_replication_group", label, group));
}

fn replication_group(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let settings = &scope.service(id).settings;
    let label = scope.label(id);
    let replicas = settings.count("replicas").unwrap_or(1).min(5);
    let shards = settings.count("shards").unwrap_or(1);
    let version = settings.word("engine").unwrap_or("8.0");
    let users = settings.word("credentials") != Some("secret");
    let key = common::key_of(scope, id, module);
    let log = cache_log(scope, id, module);
    body! {
        replication_group_id = scope.name_within(id, "", 40);
        description = format!("{}", scope.service(id).name);
        engine = "valkey";
        engine_version = version;
        node_type = settings.word("size").unwrap_or("cache.t4g.small");
        port = settings.count("port").unwrap_or(6379);
        num_node_groups = shards;
        replicas_per_node_group = replicas;
        automatic_failover_enabled = replicas > 0;
        multi_az_enabled = replicas > 0 && settings.is_on("multi-az");
        subnet_group_name = code(format!("aws_elasticache_subnet_group.{label}.name"));
        security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        at_rest_encryption_enabled = true;
        kms_key_id = key;
        transit_encryption_enabled = settings.is_on("tls");
        transit_encryption_mode = "required";
        user_group_ids ?= users.then(|| list([code(format!("aws_elasticache_user_group.{label}.user_group_id"))]));
        snapshot_retention_limit = settings.time("backup").map_or(1, crate::units::Millis::days).min(35);
        snapshot_window = "03:00-04:00";
        maintenance_window = "sun:04:30-sun:05:30";
        auto_minor_version_upgrade = true;
        final_snapshot_identifier = scope.name_within(id, "-final", 255);
        log_delivery_configuration ?{ Some(log) }
        tags = common::service_tag(scope, id);
    }
}

fn cache_log(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let label = scope.label(id);
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/elasticache/${{local.name}}-{}", scope.service(id).name.dashed()),
    );
    body! {
        destination = code(format!("aws_cloudwatch_log_group.{label}.name"));
        destination_type = "cloudwatch-logs";
        log_format = "json";
        log_type = "slow-log";
    }
}

/// A user for each service that calls the cache, who proves itself by its role; the default user can do nothing.
fn emit_cache_users(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let name = scope.name_within(id, "-app", 40);
    let user = body! {
        user_id = name.clone();
        user_name = name;
        engine = "valkey";
        access_string = "on ~* +@all -@dangerous";
        authentication_mode { type = "iam"; }
    };
    module.add(scope, id, File::Data, Block::resource("aws_elasticache_user", label, user));
    let group = body! {
        user_group_id = scope.name_within(id, "", 40);
        engine = "valkey";
        user_ids = [code(format!("aws_elasticache_user.{label}.user_id"))];
    };
    module.add(scope, id, File::Data, Block::resource("aws_elasticache_user_group", label, group));
}

fn emit_serverless_cache(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let key = common::key_of(scope, id, module);
    let most = settings.bytes("storage").map_or(1, crate::units::Bytes::gibibytes).max(1);
    let users = settings.word("credentials") != Some("secret");
    let body = body! {
        name = scope.name_within(id, "", 40);
        engine = "valkey";
        major_engine_version = settings.word("engine").map_or("8", |version| version.split('.').next().unwrap_or("8"));
        kms_key_id = key;
        subnet_ids ?= scope.subnets_of(id, &TIERS);
        security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        user_group_id ?= users.then(|| code(format!("aws_elasticache_user_group.{label}.user_group_id")));
        snapshot_retention_limit = settings.time("backup").map_or(1, crate::units::Millis::days).min(35);
        daily_snapshot_time = "03:00";
        cache_usage_limits { data_storage { maximum = most; unit = "GB"; } }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Data, Block::resource("aws_elasticache_serverless_cache", label, body));
}
