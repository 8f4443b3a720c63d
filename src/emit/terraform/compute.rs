//! Services on EC2: launch template, Auto Scaling group and its policies.

use crate::emit::terraform::balance;
use crate::emit::terraform::common;
use crate::emit::terraform::environment;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, call, code, list, map, template};
use crate::emit::terraform::module::{File, Module, Need, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{ScalePolicy, ServiceId, TierAccess};

/// The tiers instances stand in when the model does not say.
const TIERS: [TierAccess; 2] = [TierAccess::Private, TierAccess::Public];

/// The kind `ec2_service`.
pub fn ec2(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    common::service_role(scope, id, module, "");
    let profile = body! {
        name = scope.name_within(id, "", 64);
        role = code(format!("aws_iam_role.{}.name", scope.role_label(id)));
    };
    module.add(scope, id, File::Iam, Block::resource("aws_iam_instance_profile", &label, profile));
    let logs = format!("/archc/${{local.name}}/{}", scope.service(id).name.dashed());
    common::service_logs(scope, id, module, &logs);
    emit_locals(scope, id, module);
    emit_template(scope, id, module);
    emit_group(scope, id, module);
    emit_policies(scope, id, module);
}

/// The service's environment, and the same as a file for systemd.
fn emit_locals(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let mut all = vec![
        ("AWS_REGION".to_owned(), scope.region(id)),
        ("LOG_GROUP".to_owned(), code(format!("aws_cloudwatch_log_group.{label}.name"))),
    ];
    if let Some(port) = scope.service(id).settings.count("port") {
        all.push(("PORT".to_owned(), port.to_string().into()));
    }
    all.extend(environment::environment(scope, id));
    let file = "base64encode(join(\"\\n\", [for key, value in local.@_environment : \"${key}=${jsonencode(value)}\"]))";
    let mut body = Body::default();
    body.push(&format!("{label}_environment"), map(all));
    body.push(&format!("{label}_environment_file"), code(file.replace('@', label)));
    module.add(scope, id, File::Compute, Block::new("locals", &[], body));
}

fn emit_template(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let label = scope.label(id);
    let volume = settings.bytes("volume").map_or(20, crate::units::Bytes::gibibytes).max(8);
    let is_public = settings.is_on("public");
    let groups = list([scope.group(id)]);
    let interface = is_public.then(|| {
        body! { associate_public_ip_address = true; security_groups = groups.clone(); }
    });
    let key = scope.own_key_arn(id);
    let mut body = body! {
        name = scope.name(id);
        image_id = image(scope, id, module);
        instance_type = settings.word("size").unwrap_or("t3.medium");
        update_default_version = true;
        ebs_optimized = true;
        vpc_security_group_ids ?= (!is_public).then_some(groups);
        user_data = user_data(scope, id, module);
        iam_instance_profile { arn = code(format!("aws_iam_instance_profile.{label}.arn")); }
        metadata_options { http_endpoint = "enabled"; http_tokens = "required"; http_put_response_hop_limit = 1_u64; }
        monitoring { enabled = true; }
        network_interfaces ?{ interface }
        block_device_mappings {
            device_name = "/dev/xvda";
            ebs {
                volume_type = "gp3";
                volume_size = volume;
                encrypted = true;
                kms_key_id ?= key;
                delete_on_termination = true;
            }
        }
    };
    let content =
        body! { resource_type = code("tag_specifications.value"); tags = instance_tags(scope, id); };
    let each = body! { for_each = code("toset([\"instance\", \"volume\"])"); content ?{ Some(content) } };
    body.push_labelled(Block::new("dynamic", &["tag_specifications"], each));
    module.add(scope, id, File::Compute, Block::resource("aws_launch_template", label, body));
}

/// The system's tags, the name and the service: default tags do not reach instances.
fn instance_tags(scope: &Scope<'_>, id: ServiceId) -> Expr {
    call("merge", [code("local.tags"), map([("Name", scope.name(id))]), common::service_tag(scope, id)])
}

fn image(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let settings = &scope.service(id).settings;
    if let Some(image) = settings.text("image") {
        return Expr::text(image);
    }
    let arch = if settings.word("arch") == Some("arm64") { "arm64" } else { "x86_64" };
    let region = scope.region_name(id).to_owned();
    let label = scope.regional_label(&format!("image_{arch}"), &region);
    module.need(Need::Image(region, arch.to_owned()));
    code(format!("data.aws_ssm_parameter.{label}.insecure_value"))
}

/// Writes the environment file, then runs the commands that install and start the service.
fn user_data(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let description = "Shell commands that install and start each EC2 service, by its name; they find its environment in /etc/NAME.env.";
    module.variable(
        "boot_commands",
        Variable::optional("map(list(string))", description, map::<String, Expr>([])),
    );
    let label = scope.label(id);
    let name = scope.service(id).name.dashed();
    let echo = format!("echo ${{local.{label}_environment_file}} | base64 --decode >/etc/{name}.env");
    let lines = list(["#!/bin/bash".into(), "set -euo pipefail".into(), template(&echo)]);
    let own = call("lookup", [code("var.boot_commands"), (&scope.service(id).name).into(), list::<Expr>([])]);
    call("base64encode", [call("join", ["\n".into(), call("concat", [lines, own])])])
}

/// Fewest and most units.
pub fn bounds(scope: &Scope<'_>, id: ServiceId) -> (u64, u64) {
    let service = scope.service(id);
    let scaling = &service.kind.scaling;
    let whole = |figure: Option<u64>, otherwise: u64| figure.map_or(otherwise, |milli| milli / 1_000);
    let min = whole(scaling.min_prod.filter(|_| scope.is_production()).or(scaling.default_min), 2);
    let max = whole(scaling.default_max, 6);
    service.settings.scaling().map_or((min, max.max(min)), |stated: &ScalePolicy| (stated.min, stated.max))
}

fn emit_group(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let (min, max) = bounds(scope, id);
    let groups = balance::groups_of(scope, id);
    let warmup = settings.time("warmup").map_or(180, crate::units::Millis::seconds);
    let spot = settings.is_on("spot");
    let launch = body! {
        id = code(format!("aws_launch_template.{label}.id"));
        version = code(format!("aws_launch_template.{label}.latest_version"));
    };
    let mut body = body! {
        name = scope.name(id);
        min_size = min;
        max_size = max;
        vpc_zone_identifier ?= scope.subnets_of(id, &TIERS);
        target_group_arns ?= (!groups.is_empty()).then(|| groups_expr(&groups));
        health_check_type = if groups.is_empty() { "EC2" } else { "ELB" };
        health_check_grace_period = warmup.max(60);
        default_instance_warmup = warmup;
        enabled_metrics = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize"];
        launch_template ?{ (!spot).then_some(launch) }
        mixed_instances_policy ?{ spot.then(|| spot_policy(label)) }
        instance_refresh { strategy = "Rolling"; preferences { min_healthy_percentage = 90_u64; } }
    };
    let content = body! { key = code("tag.key"); value = code("tag.value"); propagate_at_launch = true; };
    let each = body! { for_each = instance_tags(scope, id); content ?{ Some(content) } };
    body.push_labelled(Block::new("dynamic", &["tag"], each));
    body.push_block("lifecycle", body! { ignore_changes = [code("desired_capacity")]; });
    module.add(scope, id, File::Compute, Block::resource("aws_autoscaling_group", label, body));
    if let Some(recurrence) = settings.text("schedule") {
        let schedule = body! {
            scheduled_action_name = scope.name(id);
            autoscaling_group_name = code(format!("aws_autoscaling_group.{label}.name"));
            recurrence = recurrence;
            min_size = min;
            max_size = max;
            desired_capacity = min;
        };
        module.add(scope, id, File::Compute, Block::resource("aws_autoscaling_schedule", label, schedule));
    }
}

/// The ARNs of target groups; those of several units are a collection.
fn groups_expr(groups: &[Expr]) -> Expr {
    match groups {
        [only] if only.as_code().is_some_and(|code| code.starts_with('[')) => only.clone(),
        _ if groups.iter().all(|group| group.as_code().is_some_and(|code| !code.starts_with('['))) => {
            list(groups.to_vec())
        }
        _ => call("flatten", [list(groups.to_vec())]),
    }
}

fn spot_policy(label: &str) -> Body {
    body! {
        instances_distribution {
            on_demand_base_capacity = 1_u64;
            on_demand_percentage_above_base_capacity = 0_u64;
            spot_allocation_strategy = "price-capacity-optimized";
        }
        launch_template {
            launch_template_specification {
                launch_template_id = code(format!("aws_launch_template.{label}.id"));
                version = code(format!("aws_launch_template.{label}.latest_version"));
            }
        }
    }
}

/// The metric a service follows, with its target as Terraform writes it.
pub fn metric(scope: &Scope<'_>, id: ServiceId) -> (String, u64) {
    let service = scope.service(id);
    let stated = service.settings.scaling();
    let name = stated.and_then(|scaling| scaling.metric.clone()).unwrap_or_else(|| "cpu".to_owned());
    let default = service.kind.scaling.metric(&name).map_or(50_000, |metric| metric.default_target);
    (name, stated.and_then(|scaling| scaling.target).unwrap_or(default / 1_000))
}

fn emit_policies(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let (name, target) = metric(scope, id);
    let label = scope.label(id);
    let tracking = tracking(scope, id, &name, target);
    let body = body! {
        name = scope.name_within(id, &format!("-{}", name.replace('_', "-")), 255);
        autoscaling_group_name = code(format!("aws_autoscaling_group.{label}.name"));
        policy_type = "TargetTrackingScaling";
        target_tracking_configuration ?{ Some(tracking) }
    };
    let mut block = Block::resource("aws_autoscaling_policy", label, body);
    if let Some(listener) = balance::listener_dependency(scope, id).filter(|_| name == "requests_per_target")
    {
        block.body_mut().push("depends_on", list([listener]));
    }
    let causes = scope
        .service(id)
        .settings
        .span("scale")
        .map_or_else(|| scope.service(id).causes().to_vec(), |span| vec![span]);
    module.add_caused(scope, id, File::Compute, block, &causes);
}

fn tracking(scope: &Scope<'_>, id: ServiceId, name: &str, target: u64) -> Body {
    let kind = &scope.service(id).kind;
    let predefined = kind.scaling.metric(name).and_then(|metric| metric.predefined.clone());
    let label = balance::request_label(scope, id);
    let queue = backlog_queue(scope, id);
    match (name, predefined, label, queue) {
        ("requests_per_target", Some(metric), Some(label), _) => body! {
            target_value = target;
            predefined_metric_specification { predefined_metric_type = metric; resource_label = label; }
        },
        ("backlog_per_unit", _, _, Some(queue)) => body! {
            target_value = target;
            customized_metric_specification ?{ Some(backlog(scope, id, queue)) }
        },
        (_, Some(metric), ..) if name != "requests_per_target" => body! {
            target_value = target;
            predefined_metric_specification { predefined_metric_type = metric; }
        },
        _ => body! {
            target_value = 50_u64;
            predefined_metric_specification { predefined_metric_type = "ASGAverageCPUUtilization"; }
        },
    }
}

/// The queue a service consumes.
pub fn backlog_queue(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    scope.flows_to(id).map(|(_, flow)| flow.from).find(|from| scope.is_a(*from, "sqs"))
}

/// Messages waiting for each instance in service.
fn backlog(scope: &Scope<'_>, id: ServiceId, queue: ServiceId) -> Body {
    let metric = |name: &str, space: &str, key: &str, value: Expr, stat: &str| {
        body! {
            metric {
                metric_name = name;
                namespace = space;
                dimensions { name = key; value = value; }
            }
            stat = stat;
        }
    };
    let waiting = metric(
        "ApproximateNumberOfMessagesVisible",
        "AWS/SQS",
        "QueueName",
        scope.attribute("aws_sqs_queue", queue, "name"),
        "Sum",
    );
    let units = metric(
        "GroupInServiceInstances",
        "AWS/AutoScaling",
        "AutoScalingGroupName",
        scope.name(id),
        "Average",
    );
    body! {
        metrics { id = "waiting"; return_data = false; metric_stat ?{ Some(waiting) } }
        metrics { id = "units"; return_data = false; metric_stat ?{ Some(units) } }
        metrics { id = "backlog"; label = "Messages for each instance"; expression = "waiting / units"; return_data = true; }
    }
}
