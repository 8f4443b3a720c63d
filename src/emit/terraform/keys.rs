//! Keys: the system's own, and those that services have for themselves.

use crate::derive::access::Carrier;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::policy;
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// AWS's services that push to an encrypted topic or queue.
const PUSHERS: [&str; 4] =
    ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com"];

/// Root administers the key; without it nobody could ever change the policy.
fn administration() -> Body {
    body! {
        sid = "AccountAdministration";
        actions = ["kms:*"];
        resources = ["*"];
        principals { type = "AWS"; identifiers = [template("arn:${local.partition}:iam::${local.account_id}:root")]; }
    }
}

/// CloudWatch Logs encrypts the account's log groups.
fn logs(scope: &Scope<'_>, region: &str) -> Body {
    let region = scope.region_pattern(region);
    body! {
        sid = "CloudWatchLogs";
        actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
        resources = ["*"];
        principals { type = "Service"; identifiers = [template(&format!("logs.{region}.amazonaws.com"))]; }
        condition {
            test = "ArnLike";
            variable = "kms:EncryptionContext:aws:logs:arn";
            values = [template(&format!("arn:${{local.partition}}:logs:{region}:${{local.account_id}}:log-group:*"))];
        }
    }
}

/// AWS's services may encrypt what they push on behalf of this account.
fn pushes(principals: Expr) -> Body {
    body! {
        sid = "Pushes";
        actions = ["kms:Decrypt", "kms:GenerateDataKey"];
        resources = ["*"];
        principals { type = "Service"; identifiers = principals; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    }
}

/// Writes the system's key of a region.
pub fn system_key(scope: &Scope<'_>, region: &str, module: &mut Module) {
    let label = scope.regional_label("main", region);
    let document = body! {
        statement ?{ [administration(), logs(scope, region), pushes(list(PUSHERS))] }
    };
    let document = Block::data("aws_iam_policy_document", &format!("{label}_key"), document);
    module.add_in(scope, region, File::Kms, document.comment("The key of logs, topics and environments."));
    let key = body! {
        description = template("Logs, topics and environments of ${local.name}");
        enable_key_rotation = true;
        deletion_window_in_days = 30_u64;
        policy = code(format!("data.aws_iam_policy_document.{label}_key.json"));
    };
    module.add_in(scope, region, File::Kms, Block::resource("aws_kms_key", &label, key));
    let alias = body! {
        name = template("alias/${local.name}");
        target_key_id = code(format!("aws_kms_key.{label}.key_id"));
    };
    module.add_in(scope, region, File::Kms, Block::resource("aws_kms_alias", &label, alias));
}

/// A key for the logs of one service alone, and its ARN.
pub fn logs_key(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let label = format!("{}_logs", scope.label(id));
    let document = body! { statement ?{ [administration(), logs(scope, scope.region_name(id))] } };
    let document = Block::data("aws_iam_policy_document", &format!("{label}_key"), document);
    let key = body! {
        description = template(&format!("Logs of ${{local.name}} {}", scope.service(id).name));
        enable_key_rotation = true;
        deletion_window_in_days = 30_u64;
        policy = code(format!("data.aws_iam_policy_document.{label}_key.json"));
    };
    let causes = common::setting_causes(scope, id, "logs-key");
    for block in [document, Block::resource("aws_kms_key", &label, key)] {
        module.add_caused(scope, id, File::Kms, block, &causes);
    }
    code(format!("aws_kms_key.{label}.arn"))
}

/// The key that signs the answers of a zone; Route 53 only takes one of this kind, from us-east-1.
pub fn zone_key(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let label = format!("{}_dnssec", scope.label(id));
    let signs = body! {
        sid = "ZoneSigning";
        actions = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"];
        resources = ["*"];
        principals { type = "Service"; identifiers = ["dnssec-route53.amazonaws.com"]; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
        condition { test = "ArnLike"; variable = "aws:SourceArn"; values = [template("arn:${local.partition}:route53:::hostedzone/*")]; }
    };
    let grants = body! {
        sid = "ZoneSigningGrant";
        actions = ["kms:CreateGrant"];
        resources = ["*"];
        principals { type = "Service"; identifiers = ["dnssec-route53.amazonaws.com"]; }
        condition { test = "Bool"; variable = "kms:GrantIsForAWSResource"; values = ["true"]; }
    };
    let document = body! { statement ?{ [administration(), signs, grants] } };
    let document = Block::data("aws_iam_policy_document", &format!("{label}_key"), document);
    let key = body! {
        description = template(&format!("Signs the zone ${{local.name}} {}", scope.service(id).name));
        customer_master_key_spec = "ECC_NIST_P256";
        key_usage = "SIGN_VERIFY";
        deletion_window_in_days = 30_u64;
        policy = code(format!("data.aws_iam_policy_document.{label}_key.json"));
    };
    for block in [document, Block::resource("aws_kms_key", &label, key)] {
        module.add_in(scope, "us-east-1", File::Kms, block);
    }
    code(format!("aws_kms_key.{label}.arn"))
}

/// The kind `kms`.
pub fn key(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let label = scope.label(id);
    let is_signing = settings.word("usage") == Some("sign");
    let document = format!("{label}_key");
    module.add(
        scope,
        id,
        File::Kms,
        Block::data("aws_iam_policy_document", &document, key_policy(scope, id)),
    );
    let rotation = settings.time("rotate").map(crate::units::Millis::days).filter(|_| !is_signing);
    let body = body! {
        description = template(&format!("Data of ${{local.name}} {}", scope.service(id).name));
        key_usage ?= is_signing.then_some("SIGN_VERIFY");
        customer_master_key_spec ?= is_signing.then_some("ECC_NIST_P256");
        enable_key_rotation ?= (!is_signing).then_some(true);
        rotation_period_in_days ?= rotation.filter(|days| *days != 365).map(|days| days.clamp(90, 2560));
        multi_region ?= settings.is_on("multi-region").then_some(true);
        deletion_window_in_days = settings.time("window").map_or(30, crate::units::Millis::days).clamp(7, 30);
        policy = code(format!("data.aws_iam_policy_document.{document}.json"));
    };
    module.add(scope, id, File::Kms, Block::resource("aws_kms_key", label, body));
    let alias = body! {
        name = alias_name(scope, id);
        target_key_id = scope.attribute("aws_kms_key", id, "key_id");
    };
    module.add(scope, id, File::Kms, Block::resource("aws_kms_alias", label, alias));
}

/// `alias/` and the stated alias in the alphabet of aliases, otherwise the key's name.
fn alias_name(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let legal = |c: &char| c.is_ascii_alphanumeric() || "/_-".contains(*c);
    let stated: Option<String> =
        scope.service(id).settings.text("alias").map(|alias| alias.chars().filter(legal).collect());
    let own = stated.filter(|alias| !alias.is_empty()).unwrap_or_else(|| scope.service(id).name.dashed());
    template(&format!("alias/${{local.name}}-{}", own.trim_start_matches("alias/")))
}

/// The account, what the facts grant by the key's policy, and AWS's services that write on behalf of the owner.
fn key_policy(scope: &Scope<'_>, id: ServiceId) -> Body {
    let statements = scope.facts.access.resource_statements(id);
    let granted: Vec<_> =
        statements.iter().filter(|statement| statement.carrier == Carrier::KeyPolicy).collect();
    let mut document = body! { statement ?{ [administration()] } };
    for block in policy::resource_statements(scope, &granted, Some(&"*".into())) {
        document.push_labelled(block);
    }
    for extra in owners_needs(scope, id) {
        document.push_block("statement", extra);
    }
    document
}

/// What the service behind the key needs of AWS's own services.
fn owners_needs(scope: &Scope<'_>, key: ServiceId) -> Vec<Body> {
    let region = scope.region_name(key).to_owned();
    let owners = scope.model.services.ids().filter(|id| scope.own_key(*id) == Some(key));
    let owners: Vec<ServiceId> = owners.collect();
    let is_logs = owners.iter().any(|id| scope.is_a(*id, "logs"));
    let by_target =
        PUSHERS_BY_TARGET.iter().filter(|(target, _)| owners.iter().any(|id| scope.is_a(*id, target)));
    let mut principals: Vec<&str> =
        by_target.flat_map(|(_, principals)| principals.iter().copied()).collect();
    principals.sort_unstable();
    principals.dedup();
    let pushes = (!principals.is_empty()).then(|| pushes(list(principals)));
    is_logs.then(|| logs(scope, &region)).into_iter().chain(pushes).collect()
}

/// Kinds to which AWS's services push, and which of them.
const PUSHERS_BY_TARGET: &[(&str, &[&str])] = &[
    (
        "sns",
        &["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com"],
    ),
    ("sqs", &["events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com"]),
    ("s3", &["delivery.logs.amazonaws.com"]),
    ("eventbridge", &["events.amazonaws.com"]),
];
