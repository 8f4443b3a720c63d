//! Secrets and parameters: their places, never their values.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module, Need, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// The kind `secret`.
pub fn secret(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let replicas = settings.words("replicas").iter().map(|region| body! { region = region; });
    let window = settings.time("window").map_or(30, crate::units::Millis::days).clamp(7, 30);
    let body = body! {
        name = scope.name(id);
        description = Expr::text(&scope.service(id).title);
        kms_key_id ?= scope.own_key_arn(id);
        recovery_window_in_days = window;
        replica ?{ replicas }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Secrets, Block::resource("aws_secretsmanager_secret", label, body));
    let rotator = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "lambda"));
    if let Some(function) = rotator {
        let days = settings.time("rotate").map_or(90, crate::units::Millis::days).clamp(1, 1_000);
        let rotation = body! {
            secret_id = code(format!("aws_secretsmanager_secret.{label}.id"));
            rotation_lambda_arn = scope.attribute("aws_lambda_function", function, "arn");
            rotation_rules { automatically_after_days = days; }
            depends_on = [code(format!("aws_lambda_permission.{}_from_{label}", scope.label(function)))];
        };
        module.add(
            scope,
            id,
            File::Secrets,
            Block::resource("aws_secretsmanager_secret_rotation", label, rotation),
        );
    }
    let arn = code(format!("aws_secretsmanager_secret.{label}.arn"));
    module.output(
        &format!("{label}_secret_arn"),
        &format!("Secret {}; its value is set apart.", scope.service(id).name),
        arn,
    );
}

/// The kind `ssm_parameter`.
pub fn parameter(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let secure = settings.is_on("secure");
    let description = format!("Value of the parameter {}.", scope.service(id).name);
    let variable = Variable { sensitive: secure, ..Variable::required("string", description, "to be set") };
    let own = template(&format!("/${{local.name}}/{}", scope.service(id).name.dashed()));
    let value = settings.text("value").map(Expr::text);
    let value = value.unwrap_or_else(|| module.variable(&format!("{label}_value"), variable));
    let body = body! {
        name = settings.text("path").map_or(own, Expr::text);
        description = Expr::text(&scope.service(id).title);
        type = if secure { "SecureString" } else { "String" };
        tier = if settings.word("plan") == Some("advanced") { "Advanced" } else { "Standard" };
        key_id ?= scope.own_key_arn(id).filter(|_| secure);
        value = value;
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Secrets, Block::resource("aws_ssm_parameter", label, body));
}

/// The kind `bastion`: sessions of Session Manager, recorded.
pub fn bastion(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_logs(
        scope,
        id,
        module,
        &format!("/archc/${{local.name}}/{}", scope.service(id).name.dashed()),
    );
    let minutes = settings.time("session").map_or(60, |time| time.seconds() / 60).clamp(1, 1_440);
    let inputs = crate::emit::terraform::hcl::map([
        ("cloudWatchLogGroupName", code(format!("aws_cloudwatch_log_group.{label}.name"))),
        ("cloudWatchEncryptionEnabled", true.into()),
        ("cloudWatchStreamingEnabled", true.into()),
        ("maxSessionDuration", minutes.to_string().into()),
        ("idleSessionTimeout", "20".into()),
        ("runAsEnabled", false.into()),
    ]);
    let content = crate::emit::terraform::hcl::map([
        ("schemaVersion", Expr::from("1.0")),
        ("description", Expr::text(&scope.service(id).title)),
        ("sessionType", "Standard_Stream".into()),
        ("inputs", inputs),
    ]);
    let body = body! {
        name = scope.name(id);
        document_type = "Session";
        document_format = "JSON";
        content = crate::emit::terraform::hcl::json(content);
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Secrets, Block::resource("aws_ssm_document", label, body));
}

/// The kind `email`.
pub fn email(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let policy = if settings.is_on("tls") { "REQUIRE" } else { "OPTIONAL" };
    let set = body! {
        configuration_set_name = scope.name_within(id, "", 64);
        delivery_options { tls_policy = policy; }
        reputation_options { reputation_metrics_enabled = settings.is_on("reputation"); }
        sending_options { sending_enabled = true; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_sesv2_configuration_set", label, set));
    let domain = match settings.text("domain") {
        Some(domain) => Expr::text(domain),
        None => crate::emit::terraform::balance::domain(scope, id, module),
    };
    let identity = body! {
        email_identity = domain;
        configuration_set_name = code(format!("aws_sesv2_configuration_set.{label}.configuration_set_name"));
        dkim_signing_attributes { next_signing_key_length = "RSA_2048_BIT"; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Messaging, Block::resource("aws_sesv2_email_identity", label, identity));
    let tokens = code(format!("aws_sesv2_email_identity.{label}.dkim_signing_attributes[0].tokens"));
    module.output(
        &format!("{label}_dkim_tokens"),
        &format!("Tokens of the DKIM records of {}.", scope.service(id).name),
        tokens,
    );
}

/// The vault of a second region, encrypted with that region's key; its ARN.
fn emit_copy_vault(scope: &Scope<'_>, id: ServiceId, region: &str, module: &mut Module) -> Expr {
    module.need(Need::Key(region.to_owned()));
    let label = format!("{}_{}", scope.label(id), Scope::region_label(region));
    let vault = body! {
        name = scope.name_within(id, "", 50);
        kms_key_arn = common::system_key(scope, region);
        tags = common::service_tag(scope, id);
    };
    module.add_in(scope, region, File::Backup, Block::resource("aws_backup_vault", &label, vault));
    code(format!("aws_backup_vault.{label}.arn"))
}

/// What a backup plan keeps: kind and ARN.
const KEPT: &[(&str, &str)] = &[
    ("aurora_serverless", "aws_rds_cluster.@.arn"),
    ("dynamodb", "aws_dynamodb_table.@.arn"),
    ("efs", "aws_efs_file_system.@.arn"),
    ("rds_mysql", "aws_db_instance.@.arn"),
    ("rds_postgres", "aws_db_instance.@.arn"),
    ("s3", "aws_s3_bucket.@.arn"),
];

/// A daily plan for one service alone, which keeps what it copies for `days`.
pub fn keep(scope: &Scope<'_>, id: ServiceId, module: &mut Module, days: u64) {
    let Some((_, address)) = KEPT.iter().find(|(kind, _)| scope.is_a(id, kind)) else { return };
    let label = format!("{}_backup", scope.label(id));
    let causes = common::setting_causes(scope, id, "backup");
    let description = format!("Lets AWS Backup copy {}.", scope.service(id).name);
    let name = scope.name_within(id, "-backup", 50);
    let principal = "backup.amazonaws.com";
    let role = common::Role {
        label: &label,
        name: name.clone(),
        description: &description,
        principal,
        causes: &causes,
    };
    common::role(scope, module, &role);
    attach_policies(module, &label, scope.is_a(id, "s3"));
    let vault = body! { name = name.clone(); kms_key_arn = common::key_of(scope, id, module); tags = common::service_tag(scope, id); };
    let daily = body! {
        rule_name = "keep";
        target_vault_name = code(format!("aws_backup_vault.{label}.name"));
        schedule = "cron(0 3 * * ? *)";
        lifecycle { delete_after = days.max(1); }
    };
    let plan = body! { name = name.clone(); rule ?{ Some(daily) } tags = common::service_tag(scope, id); };
    let selection = body! {
        name = name;
        plan_id = code(format!("aws_backup_plan.{label}.id"));
        iam_role_arn = code(format!("aws_iam_role.{label}.arn"));
        resources = [code(address.replace('@', scope.label(id)))];
    };
    let blocks =
        [("aws_backup_vault", vault), ("aws_backup_plan", plan), ("aws_backup_selection", selection)];
    for (kind, body) in blocks {
        module.add_caused(scope, id, File::Backup, Block::resource(kind, &label, body), &causes);
    }
}

/// The policies that AWS keeps for its backups; buckets have their own.
fn attach_policies(module: &mut Module, label: &str, has_bucket: bool) {
    common::attach(module, label, label, "service-role/AWSBackupServiceRolePolicyForBackup");
    let restore = format!("{label}_restore");
    common::attach(module, label, &restore, "service-role/AWSBackupServiceRolePolicyForRestores");
    if has_bucket {
        common::attach(module, label, &format!("{label}_s3"), "AWSBackupServiceRolePolicyForS3Backup");
        let restore = format!("{label}_s3_restore");
        common::attach(module, label, &restore, "AWSBackupServiceRolePolicyForS3Restore");
    }
}

/// The kind `backup`.
pub fn backup(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_role(scope, id, module, "");
    attach_policies(module, label, scope.flows_from(id).any(|(_, flow)| scope.is_a(flow.to, "s3")));
    let key = common::key_of(scope, id, module);
    let vault = body! { name = scope.name_within(id, "", 50); kms_key_arn = key; tags = common::service_tag(scope, id); };
    module.add(scope, id, File::Backup, Block::resource("aws_backup_vault", label, vault));
    if settings.is_on("lock") {
        let lock = body! { backup_vault_name = code(format!("aws_backup_vault.{label}.name")); min_retention_days = 7_u64; };
        module.add(
            scope,
            id,
            File::Backup,
            Block::resource("aws_backup_vault_lock_configuration", label, lock),
        );
    }
    let keep = settings.time("keep").map_or(35, crate::units::Millis::days).max(1);
    let cold = settings.time("cold").map(crate::units::Millis::days);
    // Written out, because the provider takes an answer for a change where a copy leaves it open.
    let lifecycle = body! {
        cold_storage_after ?= cold;
        delete_after = cold.map_or(keep, |cold| keep.max(cold + 90));
        opt_in_to_archive_for_supported_resources = false;
    };
    let copy = settings.word("copy-to").map(|region| emit_copy_vault(scope, id, region, module));
    let copy =
        copy.map(|vault| body! { destination_vault_arn = vault; lifecycle ?{ Some(lifecycle.clone()) } });
    let rule = body! {
        rule_name = "keep";
        target_vault_name = code(format!("aws_backup_vault.{label}.name"));
        schedule = settings.text("schedule").map_or_else(|| "cron(0 3 * * ? *)".into(), Expr::text);
        lifecycle ?{ Some(lifecycle) }
        copy_action ?{ copy }
    };
    let plan = body! { name = scope.name_within(id, "", 50); rule ?{ Some(rule) } tags = common::service_tag(scope, id); };
    module.add(scope, id, File::Backup, Block::resource("aws_backup_plan", label, plan));
    let kept = scope.flows_from(id).filter_map(|(_, flow)| {
        let (_, address) = KEPT.iter().find(|(kind, _)| scope.is_a(flow.to, kind))?;
        Some(code(address.replace('@', scope.label(flow.to))))
    });
    let resources: Vec<Expr> = kept.collect();
    let selection = body! {
        name = scope.name_within(id, "", 50);
        plan_id = code(format!("aws_backup_plan.{label}.id"));
        iam_role_arn = code(format!("aws_iam_role.{label}.arn"));
        resources = list(resources);
    };
    module.add(scope, id, File::Backup, Block::resource("aws_backup_selection", label, selection));
}
