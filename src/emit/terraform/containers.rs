//! Containers: images, services on Fargate, clusters of Kubernetes, batch jobs.

use crate::emit::terraform::balance::{self, Target};
use crate::emit::terraform::common;
use crate::emit::terraform::compute;
use crate::emit::terraform::data;
use crate::emit::terraform::environment;
use crate::emit::terraform::hcl::{Block, Expr, body, call, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module, Need, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, TierAccess};

/// The tiers containers stand in when the model does not say.
const TIERS: [TierAccess; 3] = [TierAccess::Private, TierAccess::Public, TierAccess::Isolated];

/// The kind `ecr`.
pub fn repository(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let key = common::key_of(scope, id, module);
    let body = body! {
        name = template(&format!("${{local.name}}/{}", scope.lower(id)));
        image_tag_mutability = if settings.is_on("immutable") { "IMMUTABLE" } else { "MUTABLE" };
        image_scanning_configuration { scan_on_push = settings.is_on("scan"); }
        encryption_configuration { encryption_type = "KMS"; kms_key = key; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Containers, Block::resource("aws_ecr_repository", label, body));
    let rule = map([
        ("rulePriority", Expr::from(1_u64)),
        ("description", "Keep the newest images".into()),
        (
            "selection",
            map([
                ("tagStatus", Expr::from("any")),
                ("countType", "imageCountMoreThan".into()),
                ("countNumber", settings.count("keep").unwrap_or(30).into()),
            ]),
        ),
        ("action", map([("type", "expire")])),
    ]);
    let policy = body! {
        repository = code(format!("aws_ecr_repository.{label}.name"));
        policy = json(map([("rules", list([rule]))]));
    };
    module.add(scope, id, File::Containers, Block::resource("aws_ecr_lifecycle_policy", label, policy));
    let url = code(format!("aws_ecr_repository.{label}.repository_url"));
    module.output(
        &format!("{label}_repository_url"),
        &format!("Repository {}.", scope.service(id).name),
        url,
    );
}

/// The image of a service: in the repository it pulls from, as it is stated, or a variable.
fn image(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let stated = scope.service(id).settings.text("image");
    let repository = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "ecr"));
    match (stated, repository) {
        (Some(image), Some(repository)) if !image.chars().any(|c| c == '/') => {
            let tag: String = image.chars().map(|c| if c == ':' { '-' } else { c }).collect();
            call(
                "format",
                [
                    "%s:%s".into(),
                    scope.attribute("aws_ecr_repository", repository, "repository_url"),
                    tag.into(),
                ],
            )
        }
        (Some(image), _) => Expr::text(image),
        (None, _) => {
            let name = format!("{}_image", scope.label(id));
            let example = format!("public.ecr.aws/docker/library/{}:1.0.0", scope.lower(id));
            module.variable(
                &name,
                Variable::required(
                    "string",
                    format!("Container image of {}, with its tag.", scope.service(id).name),
                    example,
                ),
            )
        }
    }
}

/// A share of a processor in the units of ECS.
fn cpu_units(vcpu: &str) -> u64 {
    const UNITS: [(&str, u64); 7] =
        [("0.25", 256), ("0.5", 512), ("1", 1024), ("2", 2048), ("4", 4096), ("8", 8192), ("16", 16_384)];
    UNITS.iter().find(|(word, _)| *word == vcpu).map_or(512, |(_, units)| *units)
}

/// Writes the cluster of a region that its services share.
pub fn cluster(scope: &Scope<'_>, region: &str, module: &mut Module) {
    let label = scope.regional_label("main", region);
    let cluster =
        body! { name = code("local.name"); setting { name = "containerInsights"; value = "enabled"; } };
    module.add_in(scope, region, File::Containers, Block::resource("aws_ecs_cluster", &label, cluster));
    let providers = body! {
        cluster_name = code(format!("aws_ecs_cluster.{label}.name"));
        capacity_providers = ["FARGATE", "FARGATE_SPOT"];
    };
    module.add_in(
        scope,
        region,
        File::Containers,
        Block::resource("aws_ecs_cluster_capacity_providers", &label, providers),
    );
}

/// The cluster of a service.
pub fn cluster_label(scope: &Scope<'_>, id: ServiceId) -> String {
    scope.regional_label("main", scope.region_name(id))
}

/// The kind `ecs_fargate`.
pub fn fargate(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    module.need(Need::Cluster(scope.region_name(id).to_owned()));
    common::service_role(scope, id, module, "");
    common::service_role(scope, id, module, "execution");
    common::service_logs(
        scope,
        id,
        module,
        &format!("/archc/${{local.name}}/{}", scope.service(id).name.dashed()),
    );
    emit_task(scope, id, module);
    emit_service(scope, id, module);
    emit_scaling(scope, id, module);
}

fn pairs(variables: Vec<(String, Expr)>) -> Expr {
    list(variables.into_iter().map(|(name, value)| map([("name", Expr::from(name)), ("value", value)])))
}

fn container(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let options = map([
        ("awslogs-group", code(format!("aws_cloudwatch_log_group.{label}.name"))),
        ("awslogs-region", scope.region(id)),
        ("awslogs-stream-prefix", Expr::from(&scope.service(id).name)),
    ]);
    let mut entries = vec![
        ("name", Expr::from(&scope.service(id).name)),
        ("image", image(scope, id, module)),
        ("essential", true.into()),
        ("readonlyRootFilesystem", true.into()),
        ("environment", pairs(environment::environment(scope, id))),
        ("logConfiguration", map([("logDriver", Expr::from("awslogs")), ("options", options)])),
    ];
    if let Some(port) = settings.count("port").filter(|_| !scope.is_a(id, "batch")) {
        entries.push((
            "portMappings",
            list([map([("containerPort", Expr::from(port)), ("protocol", "tcp".into())])]),
        ));
    }
    if let Some(system) = mounted(scope, id) {
        let point = map([
            ("sourceVolume", Expr::from(scope.label(system))),
            ("containerPath", format!("/mnt/{}", scope.label(system)).into()),
        ]);
        entries.push(("mountPoints", list([point])));
    }
    map(entries)
}

/// The file system a service reads or writes.
fn mounted(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "efs"))
}

fn emit_task(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let container = container(scope, id, module);
    let volume = mounted(scope, id).map(|system| {
        body! {
            name = scope.label(system);
            efs_volume_configuration {
                file_system_id = scope.attribute("aws_efs_file_system", system, "id");
                transit_encryption = "ENABLED";
                authorization_config { access_point_id = scope.attribute("aws_efs_access_point", system, "id"); iam = "ENABLED"; }
            }
        }
    });
    let disk = settings.bytes("volume").map(crate::units::Bytes::gibibytes).filter(|size| *size > 20);
    let body = body! {
        family = scope.name_within(id, "", 255);
        requires_compatibilities = ["FARGATE"];
        network_mode = "awsvpc";
        cpu = cpu_units(settings.word("vcpu").unwrap_or("0.5"));
        memory = settings.bytes("memory").map_or(1024, crate::units::Bytes::mebibytes);
        task_role_arn = code(format!("aws_iam_role.{}.arn", scope.role_label(id)));
        execution_role_arn = code(format!("aws_iam_role.{label}_execution.arn"));
        container_definitions = json(list([container]));
        runtime_platform {
            operating_system_family = "LINUX";
            cpu_architecture = if settings.word("arch") == Some("arm64") { "ARM64" } else { "X86_64" };
        }
        ephemeral_storage ?{ disk.map(|size| body! { size_in_gib = size; }) }
        volume ?{ volume }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Containers, Block::resource("aws_ecs_task_definition", label, body));
}

/// Is the service only started by others, task by task?
fn is_started(scope: &Scope<'_>, id: ServiceId) -> bool {
    let mut starts = scope.flows_to(id).filter(|(_, flow)| flow.is_whole());
    starts.any(|(_, flow)| flow.verb == "run-task")
}

fn emit_service(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    if is_started(scope, id) {
        return;
    }
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let (min, _) = compute::bounds(scope, id);
    let targets: Vec<&Target> = scope.targets().iter().filter(|target| target.service == id).collect();
    let behind = targets.iter().map(|target| {
        body! {
            target_group_arn = balance::group_arn(scope, target);
            container_name = Expr::from(&scope.service(id).name);
            container_port = target.port;
        }
    });
    let waits: Vec<Expr> = targets.iter().map(|target| balance::forwarder(scope, target)).collect();
    let warmup = settings.time("warmup").map_or(60, crate::units::Millis::seconds);
    let provider = if settings.is_on("spot") { "FARGATE_SPOT" } else { "FARGATE" };
    let body = body! {
        name = scope.name_within(id, "", 255);
        cluster = code(format!("aws_ecs_cluster.{}.id", cluster_label(scope, id)));
        task_definition = code(format!("aws_ecs_task_definition.{label}.arn"));
        desired_count = min;
        platform_version = "LATEST";
        enable_ecs_managed_tags = true;
        propagate_tags = "SERVICE";
        deployment_minimum_healthy_percent = 100_u64;
        deployment_maximum_percent = 200_u64;
        health_check_grace_period_seconds ?= (!targets.is_empty()).then_some(warmup);
        capacity_provider_strategy { capacity_provider = provider; weight = 1_u64; }
        deployment_circuit_breaker { enable = true; rollback = true; }
        network_configuration {
            subnets ?= scope.subnets_of(id, &TIERS);
            security_groups = list(scope.has_group(id).then(|| scope.group(id)));
            assign_public_ip = settings.is_on("public");
        }
        load_balancer ?{ behind }
        lifecycle { ignore_changes = [code("desired_count")]; }
        tags = common::service_tag(scope, id);
        depends_on ?= (!waits.is_empty()).then(|| list(waits));
    };
    module.add(scope, id, File::Containers, Block::resource("aws_ecs_service", label, body));
}

fn emit_scaling(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    if is_started(scope, id) {
        return;
    }
    let label = scope.label(id);
    let (min, max) = compute::bounds(scope, id);
    let cluster = cluster_label(scope, id);
    let scalable = body! {
        service_namespace = "ecs";
        resource_id = template(&format!("service/${{aws_ecs_cluster.{cluster}.name}}/${{aws_ecs_service.{label}.name}}"));
        scalable_dimension = "ecs:service:DesiredCount";
        min_capacity = min;
        max_capacity = max;
    };
    let causes = common::setting_causes(scope, id, "scale");
    module.add_caused(
        scope,
        id,
        File::Containers,
        Block::resource("aws_appautoscaling_target", label, scalable),
        &causes,
    );
    if let Some(recurrence) = scope.service(id).settings.text("schedule") {
        let scheduled = body! {
            name = scope.name_within(id, "-schedule", 128);
            service_namespace = code(format!("aws_appautoscaling_target.{label}.service_namespace"));
            resource_id = code(format!("aws_appautoscaling_target.{label}.resource_id"));
            scalable_dimension = code(format!("aws_appautoscaling_target.{label}.scalable_dimension"));
            schedule = recurrence;
            scalable_target_action { min_capacity = min; max_capacity = max; }
        };
        let scheduled = Block::resource("aws_appautoscaling_scheduled_action", label, scheduled);
        module.add_caused(
            scope,
            id,
            File::Containers,
            scheduled,
            &common::setting_causes(scope, id, "schedule"),
        );
    }
    let (name, target) = compute::metric(scope, id);
    let policy = match (name.as_str(), balance::request_label(scope, id)) {
        ("requests_per_target", Some(request)) => {
            data::scaling_policy(label, ("ALBRequestCountPerTarget", Some(request)), target)
        }
        ("memory", _) => data::scaling_policy(label, ("ECSServiceAverageMemoryUtilization", None), target),
        ("cpu", _) => data::scaling_policy(label, ("ECSServiceAverageCPUUtilization", None), target),
        _ => data::scaling_policy(label, ("ECSServiceAverageCPUUtilization", None), 50),
    };
    module.add_caused(scope, id, File::Containers, policy, &causes);
}

/// The kind `eks`.
pub fn kubernetes(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    common::role(
        scope,
        module,
        &common::Role {
            label: &format!("{label}_cluster"),
            name: scope.name_within(id, "-cluster", 64),
            description: "Lets EKS run the cluster.",
            principal: "eks.amazonaws.com",
            causes: scope.service(id).causes(),
        },
    );
    common::attach(
        module,
        &format!("{label}_cluster"),
        &format!("{label}_cluster"),
        "AmazonEKSClusterPolicy",
    );
    common::service_role(scope, id, module, "");
    common::service_role(scope, id, module, "node");
    common::attach(module, &format!("{label}_node"), &format!("{label}_node"), "AmazonEKSWorkerNodePolicy");
    common::attach(
        module,
        &format!("{label}_node"),
        &format!("{label}_node_network"),
        "AmazonEKS_CNI_Policy",
    );
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/eks/${{local.name}}-{}/cluster", scope.service(id).name.dashed()),
    );
    emit_cluster(scope, id, module);
    emit_nodes(scope, id, module);
}

fn emit_cluster(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let key = common::key_of(scope, id, module);
    let public = settings.word("endpoint") == Some("public");
    let body = body! {
        name = scope.name_within(id, "", 100);
        version ?= settings.word("version");
        role_arn = code(format!("aws_iam_role.{label}_cluster.arn"));
        enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
        vpc_config {
            subnet_ids ?= scope.subnets_of(id, &TIERS);
            security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
            endpoint_private_access = true;
            endpoint_public_access = public;
        }
        access_config { authentication_mode = "API"; }
        encryption_config { resources = ["secrets"]; provider { key_arn = key; } }
        tags = common::service_tag(scope, id);
        depends_on = [code(format!("aws_iam_role_policy_attachment.{label}_cluster")), code(format!("aws_cloudwatch_log_group.{label}"))];
    };
    module.add(scope, id, File::Containers, Block::resource("aws_eks_cluster", label, body));
}

fn emit_nodes(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let (min, max) = compute::bounds(scope, id);
    let disk = settings.bytes("volume").map_or(20, crate::units::Bytes::gibibytes);
    let launch = body! {
        name = scope.name(id);
        update_default_version = true;
        metadata_options { http_endpoint = "enabled"; http_tokens = "required"; http_put_response_hop_limit = 1_u64; }
        block_device_mappings {
            device_name = "/dev/xvda";
            ebs { volume_type = "gp3"; volume_size = disk; encrypted = true; delete_on_termination = true; }
        }
    };
    module.add(scope, id, File::Containers, Block::resource("aws_launch_template", label, launch));
    let nodes = body! {
        cluster_name = code(format!("aws_eks_cluster.{label}.name"));
        node_group_name = scope.name(id);
        node_role_arn = code(format!("aws_iam_role.{label}_node.arn"));
        subnet_ids ?= scope.subnets_of(id, &TIERS);
        instance_types = [settings.word("size").unwrap_or("m5.large")];
        ami_type ?= settings.text("image").map(Expr::text);
        launch_template {
            id = code(format!("aws_launch_template.{label}.id"));
            version = code(format!("aws_launch_template.{label}.latest_version"));
        }
        scaling_config { desired_size = min; min_size = min; max_size = max; }
        update_config { max_unavailable_percentage = 33_u64; }
        lifecycle { ignore_changes = [code("scaling_config[0].desired_size")]; }
        tags = common::service_tag(scope, id);
        depends_on = [
            code(format!("aws_iam_role_policy_attachment.{label}_node")),
            code(format!("aws_iam_role_policy_attachment.{label}_node_network")),
        ];
    };
    module.add(scope, id, File::Containers, Block::resource("aws_eks_node_group", label, nodes));
    for addon in ["coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"] {
        let body = body! {
            cluster_name = code(format!("aws_eks_cluster.{label}.name"));
            addon_name = addon;
            resolve_conflicts_on_update = "OVERWRITE";
            depends_on = [code(format!("aws_eks_node_group.{label}"))];
        };
        let own = format!("{label}_{}", addon.replace('-', "_"));
        module.add(scope, id, File::Containers, Block::resource("aws_eks_addon", &own, body));
    }
    let identity = body! {
        cluster_name = code(format!("aws_eks_cluster.{label}.name"));
        namespace = scope.lower(id);
        service_account = scope.lower(id);
        role_arn = code(format!("aws_iam_role.{label}.arn"));
    };
    module.add(
        scope,
        id,
        File::Containers,
        Block::resource("aws_eks_pod_identity_association", label, identity),
    );
}

/// The kind `batch`.
pub fn batch(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    common::service_role(scope, id, module, "");
    common::service_role(scope, id, module, "execution");
    common::service_logs(
        scope,
        id,
        module,
        &format!("/aws/batch/${{local.name}}-{}", scope.service(id).name.dashed()),
    );
    let most = settings.scaling().map_or(64, |scaling| scaling.max.max(1));
    let environment = body! {
        name = scope.name_within(id, "", 128);
        type = "MANAGED";
        state = "ENABLED";
        compute_resources {
            type = if settings.is_on("spot") { "FARGATE_SPOT" } else { "FARGATE" };
            max_vcpus = most;
            subnets ?= scope.subnets_of(id, &TIERS);
            security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        }
        tags = common::service_tag(scope, id);
    };
    module.add(
        scope,
        id,
        File::Containers,
        Block::resource("aws_batch_compute_environment", label, environment),
    );
    let queue = body! {
        name = scope.name_within(id, "", 128);
        state = "ENABLED";
        priority = 1_u64;
        compute_environment_order { order = 1_u64; compute_environment = code(format!("aws_batch_compute_environment.{label}.arn")); }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Containers, Block::resource("aws_batch_job_queue", label, queue));
    emit_job(scope, id, module);
}

fn emit_job(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let image = image(scope, id, module);
    let vcpu = settings.count("vcpu").unwrap_or(1);
    let memory = settings.bytes("memory").map_or(2048, crate::units::Bytes::mebibytes);
    let needs = [("VCPU", vcpu), ("MEMORY", memory)];
    let requirements = list(
        needs.map(|(kind, value)| map([("type", Expr::from(kind)), ("value", value.to_string().into())])),
    );
    let options = map([("awslogs-group", code(format!("aws_cloudwatch_log_group.{label}.name")))]);
    let processor = if settings.word("arch") == Some("arm64") { "ARM64" } else { "X86_64" };
    let container = map([
        ("image", image),
        ("jobRoleArn", code(format!("aws_iam_role.{label}.arn"))),
        ("executionRoleArn", code(format!("aws_iam_role.{label}_execution.arn"))),
        ("resourceRequirements", requirements),
        ("environment", pairs(environment::environment(scope, id))),
        ("logConfiguration", map([("logDriver", Expr::from("awslogs")), ("options", options)])),
        ("networkConfiguration", map([("assignPublicIp", "DISABLED")])),
        ("fargatePlatformConfiguration", map([("platformVersion", "LATEST")])),
        ("runtimePlatform", map([("cpuArchitecture", processor), ("operatingSystemFamily", "LINUX")])),
    ]);
    let timeout = settings.time("timeout").map_or(3_600, crate::units::Millis::seconds).max(60);
    let body = body! {
        name = scope.name_within(id, "", 128);
        type = "container";
        platform_capabilities = ["FARGATE"];
        propagate_tags = true;
        container_properties = json(container);
        retry_strategy { attempts = settings.count("retries").unwrap_or(3).clamp(1, 10); }
        timeout { attempt_duration_seconds = timeout; }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Containers, Block::resource("aws_batch_job_definition", label, body));
}
