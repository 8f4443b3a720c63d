//! Copies of buckets in another region.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::module::{File, Module, Need};
use crate::emit::terraform::scope::{Scope, shortened};
use crate::emit::terraform::storage;
use crate::model::ServiceId;

/// The region that gets a copy of each object of a bucket.
pub fn region_of<'r>(scope: &Scope<'r>, id: ServiceId) -> Option<&'r str> {
    scope.service(id).settings.word("replicate")
}

/// The copy of a bucket, and what keeps it up to date. A bucket with a key of its own is copied under the other region's key.
pub fn emit(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(region) = region_of(scope, id) else { return };
    let label = format!("{}_copy", scope.label(id));
    let key = scope.own_key_arn(id).map(|_| {
        module.need(Need::Key(region.to_owned()));
        common::system_key(scope, region)
    });
    for block in copy(scope, id, &label, key.as_ref()) {
        module.add_in(scope, region, File::Storage, block);
    }
    let causes = common::setting_causes(scope, id, "replicate");
    let role = common::Role {
        label: &label,
        name: scope.name_within(id, "-copy", 64),
        description: &format!("Lets S3 copy the objects of {} to {region}.", scope.service(id).name),
        principal: "s3.amazonaws.com",
        causes: &causes,
    };
    common::role(scope, module, &role);
    common::role_policy(module, scope, (&label, &causes), rights(scope, id, &label, key.as_ref()));
    let block = replication(scope, id, &label, key);
    module.add_caused(scope, id, File::Storage, block, &causes);
}

/// The bucket that holds the copies, with the guards of every other bucket.
fn copy(scope: &Scope<'_>, id: ServiceId, label: &str, key: Option<&Expr>) -> Vec<Block> {
    let kept = shortened(&scope.lower(id), 63_usize.saturating_sub(scope.prefix().len() + 19));
    let bucket = body! {
        bucket = template(&format!("${{local.name}}-{kept}-copy-${{local.account_id}}"));
        tags = common::service_tag(scope, id);
    };
    let algorithm = if key.is_some() { "aws:kms" } else { "AES256" };
    let rule = body! {
        bucket_key_enabled ?= key.map(|_| true);
        apply_server_side_encryption_by_default { sse_algorithm = algorithm; kms_master_key_id ?= key.cloned(); }
    };
    let old = body! {
        id = "keep";
        status = "Enabled";
        filter {}
        noncurrent_version_expiration { noncurrent_days = 90_u64; }
        abort_incomplete_multipart_upload { days_after_initiation = 7_u64; }
    };
    let old = body! { rule ?{ Some(old) } depends_on = [code(format!("aws_s3_bucket_versioning.{label}"))]; };
    let arn = format!("aws_s3_bucket.{label}.arn");
    let both = list([code(arn.clone()), template(&format!("${{{arn}}}/*"))]);
    let document = body! { statement ?{ [common::tls_only("s3:*", both)] } };
    let mut blocks = vec![Block::resource("aws_s3_bucket", label, bucket)];
    blocks.extend(storage::guards(label, true));
    blocks.push(Block::resource(
        "aws_s3_bucket_server_side_encryption_configuration",
        label,
        storage::of_bucket(label, body! { rule ?{ Some(rule) } }),
    ));
    blocks.push(Block::resource(
        "aws_s3_bucket_lifecycle_configuration",
        label,
        storage::of_bucket(label, old),
    ));
    blocks.push(Block::data("aws_iam_policy_document", &format!("{label}_bucket"), document));
    blocks.push(storage::policy_block(label, &format!("{label}_bucket")));
    blocks
}

/// What S3 may do: read versions here, write copies there, and use both keys for it alone.
fn rights(scope: &Scope<'_>, id: ServiceId, label: &str, key: Option<&Expr>) -> Body {
    let from = format!("aws_s3_bucket.{}.arn", scope.label(id));
    let objects = |arn: &str| list([template(&format!("${{{arn}}}/*"))]);
    let look = body! {
        sid = "ReadConfiguration";
        actions = ["s3:GetReplicationConfiguration", "s3:ListBucket"];
        resources = [code(from.clone())];
    };
    let read = body! {
        sid = "ReadVersions";
        actions = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"];
        resources = objects(&from);
    };
    let write = body! {
        sid = "WriteCopies";
        actions = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"];
        resources = objects(&format!("aws_s3_bucket.{label}.arn"));
    };
    let here = scope.region_pattern(scope.region_name(id));
    let there = region_of(scope, id).map(|region| scope.region_pattern(region)).unwrap_or_default();
    let through = |sid: &str, action: &str, key: Expr, region: &str| {
        body! {
            sid = sid;
            actions = list([action]);
            resources = [key];
            condition { test = "StringEquals"; variable = "kms:ViaService"; values = [template(&format!("s3.{region}.amazonaws.com"))]; }
        }
    };
    let decrypt = scope.own_key_arn(id).map(|own| through("DecryptVersions", "kms:Decrypt", own, &here));
    let encrypt = key.map(|key| through("EncryptCopies", "kms:Encrypt", key.clone(), &there));
    let all: Vec<Body> = [look, read, write].into_iter().chain(decrypt).chain(encrypt).collect();
    body! { statement ?{ all } }
}

fn replication(scope: &Scope<'_>, id: ServiceId, label: &str, key: Option<Expr>) -> Block {
    let own = scope.label(id);
    let chosen = key.as_ref().map(|_| body! { sse_kms_encrypted_objects { status = "Enabled"; } });
    let encryption = key.map(|key| body! { replica_kms_key_id = key; });
    let rule = body! {
        id = "copy";
        status = "Enabled";
        filter {}
        delete_marker_replication { status = "Enabled"; }
        source_selection_criteria ?{ chosen }
        destination {
            bucket = code(format!("aws_s3_bucket.{label}.arn"));
            storage_class = "STANDARD_IA";
            encryption_configuration ?{ encryption }
        }
    };
    let waits = [own, label].map(|bucket| code(format!("aws_s3_bucket_versioning.{bucket}")));
    let body = body! {
        role = code(format!("aws_iam_role.{label}.arn"));
        rule ?{ Some(rule) }
        depends_on = list(waits);
    };
    Block::resource("aws_s3_bucket_replication_configuration", own, storage::of_bucket(own, body))
}
