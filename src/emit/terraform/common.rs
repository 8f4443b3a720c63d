//! Blocks that many kinds need alike: log groups, roles, and what is written once for all.

use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, map, template};
use crate::emit::terraform::module::{File, Module, Need};
use crate::emit::terraform::policy;
use crate::emit::terraform::scope::{Scope, retention};
use crate::emit::terraform::storage;
use crate::model::ServiceId;
use crate::text::{Span, Text};

/// A role that is not a service's own.
#[derive(Debug)]
pub struct Role<'a> {
    /// Its label.
    pub label: &'a str,
    /// Its name.
    pub name: Expr,
    /// What it is for.
    pub description: &'a str,
    /// Who assumes it.
    pub principal: &'a str,
    /// The lines that cause it.
    pub causes: &'a [Span],
}

fn commented(scope: &Scope<'_>, causes: &[Span], block: Block) -> Block {
    scope.provenance(causes).iter().fold(block, |block, line| block.comment(line))
}

/// A log group: label, name and days, encrypted with the region's system key.
pub fn log_group(
    scope: &Scope<'_>,
    module: &mut Module,
    region: &str,
    causes: &[Span],
    (label, name, days): (&str, Expr, u64),
) {
    module.need(Need::Key(region.to_owned()));
    let block = log_group_block(label, name, days, system_key(scope, region));
    module.add_in(scope, region, File::Observability, commented(scope, causes, block));
}

fn log_group_block(label: &str, name: Expr, days: u64, key: Expr) -> Block {
    let body = body! { name = name; retention_in_days = retention(days); kms_key_id = key; };
    Block::resource("aws_cloudwatch_log_group", label, body)
}

/// The log group of a service, unless the model says `logs off`.
pub fn service_logs(scope: &Scope<'_>, id: ServiceId, module: &mut Module, name: &str) {
    let label = scope.label(id);
    let region = scope.region_name(id).to_owned();
    let Some(days) = log_days(scope, id) else { return };
    let is_own = scope.service(id).settings.word("logs-key") == Some("own");
    let key = if is_own {
        crate::emit::terraform::keys::logs_key(scope, id, module)
    } else {
        module.need(Need::Key(region.clone()));
        system_key(scope, &region)
    };
    let causes = scope.service(id).causes();
    let block = log_group_block(label, template(name), days, key);
    module.add_in(scope, &region, File::Observability, commented(scope, causes, block));
}

/// How many days a service keeps its logs; nothing when the model says `logs off`. A year when it says nothing.
pub fn log_days(scope: &Scope<'_>, id: ServiceId) -> Option<u64> {
    let settings = &scope.service(id).settings;
    let is_off =
        settings.is_stated("logs") && !settings.is_on("logs") || settings.word("logs") == Some("off");
    (!is_off).then(|| settings.time("logs").map_or(365, crate::units::Millis::days))
}

/// The lines that cause what a setting of a service asks for.
pub fn setting_causes(scope: &Scope<'_>, id: ServiceId, setting: &str) -> Vec<Span> {
    let service = scope.service(id);
    service.settings.span(setting).map_or_else(|| service.causes().to_vec(), |span| vec![span])
}

/// The parts of a text whose parts are separated by commas.
pub fn listed(text: &Text) -> Expr {
    let whole: String = text.chars().collect();
    let parts = whole.split(',').map(str::trim).filter(|part| !part.is_empty());
    list(parts.map(|part| Expr::text(&Text::new(part))))
}

/// The ARN of the region's system key.
pub fn system_key(scope: &Scope<'_>, region: &str) -> Expr {
    code(format!("aws_kms_key.{}.arn", scope.regional_label("main", region)))
}

/// The ARN of a service's own key, otherwise of the region's system key.
pub fn key_of(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    scope.own_key_arn(id).unwrap_or_else(|| {
        module.need(Need::Key(scope.region_name(id).to_owned()));
        system_key(scope, scope.region_name(id))
    })
}

/// The bucket of access logs of a service's region.
pub fn log_bucket(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> String {
    let region = scope.region_name(id).to_owned();
    let label = scope.regional_label("logs", &region);
    module.need(Need::LogBucket(region));
    label
}

/// The trust policy of a service principal, as JSON.
pub fn trust(module: &mut Module, principal: &str) -> Expr {
    module.need(Need::Trust(principal.to_owned()));
    code(format!("data.aws_iam_policy_document.trust_{}.json", trust_label(principal)))
}

/// `monitoring.rds.amazonaws.com` becomes `monitoring_rds`.
fn trust_label(principal: &str) -> String {
    principal.trim_end_matches(".amazonaws.com").replace(['.', '-'], "_")
}

/// A role.
pub fn role(scope: &Scope<'_>, module: &mut Module, role: &Role<'_>) {
    let body = body! {
        name = role.name.clone();
        description = role.description;
        assume_role_policy = trust(module, role.principal);
    };
    module.push(File::Iam, commented(scope, role.causes, Block::resource("aws_iam_role", role.label, body)));
}

/// A document and the policy of a role that holds it: label of both, causes, statements.
pub fn role_policy(module: &mut Module, scope: &Scope<'_>, (label, causes): (&str, &[Span]), document: Body) {
    let document = Block::data("aws_iam_policy_document", label, document);
    module.push(File::Iam, commented(scope, causes, document));
    let policy = body! {
        name = "access";
        role = code(format!("aws_iam_role.{label}.name"));
        policy = code(format!("data.aws_iam_policy_document.{label}.json"));
    };
    module.push(File::Iam, commented(scope, causes, Block::resource("aws_iam_role_policy", label, policy)));
}

/// Attaches a managed policy of AWS to a role.
pub fn attach(module: &mut Module, role: &str, label: &str, policy: &str) {
    let body = body! {
        role = code(format!("aws_iam_role.{role}.name"));
        policy_arn = template(&format!("arn:${{local.partition}}:iam::aws:policy/{policy}"));
    };
    module.push(File::Iam, Block::resource("aws_iam_role_policy_attachment", label, body));
}

/// Services whose trust policies take `aws:SourceAccount`, against the confused deputy.
const WITH_SOURCE_ACCOUNT: [&str; 9] = [
    "vpc-flow-logs.amazonaws.com",
    "states.amazonaws.com",
    "scheduler.amazonaws.com",
    "events.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "sns.amazonaws.com",
    "bedrock.amazonaws.com",
    "apigateway.amazonaws.com",
];

/// Writes everything that was needed, in order.
pub fn emit_needs(scope: &Scope<'_>, module: &mut Module) {
    let needs: Vec<Need> = module.needs().cloned().collect();
    for need in &needs {
        if let Need::LogBucket(region) = need {
            storage::log_bucket(scope, region, module);
        }
    }
    let needs: Vec<Need> = module.needs().cloned().collect();
    for need in &needs {
        emit_need(scope, need, module);
    }
}

fn emit_need(scope: &Scope<'_>, need: &Need, module: &mut Module) {
    match need {
        Need::Key(region) => crate::emit::terraform::keys::system_key(scope, region, module),
        Need::Image(region, arch) => image(scope, region, arch, module),
        Need::Trust(principal) => trust_document(principal, module),
        Need::DatabaseMonitoring => monitoring_role(scope, module),
        Need::ApiLogging(region) => api_logging(scope, region, module),
        Need::EdgeAddresses(region) => edge_addresses(scope, region, module),
        Need::SubnetGroup(tier) => subnet_group(scope, tier, module),
        Need::Cluster(region) => crate::emit::terraform::containers::cluster(scope, region, module),
        Need::LogBucket(_) | Need::Region(_) => {}
    }
}

/// The trust policies may be asked for by what is written last, so roles that are needed are named first.
pub fn name_late_needs(module: &mut Module) {
    if module.has_need(&Need::DatabaseMonitoring) {
        module.need(Need::Trust("monitoring.rds.amazonaws.com".to_owned()));
    }
    if module.needs().any(|need| matches!(need, Need::ApiLogging(_))) {
        module.need(Need::Trust("apigateway.amazonaws.com".to_owned()));
    }
}

fn trust_document(principal: &str, module: &mut Module) {
    let condition = WITH_SOURCE_ACCOUNT.contains(&principal).then(|| {
        body! { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    });
    let actions = if principal == "pods.eks.amazonaws.com" {
        vec!["sts:AssumeRole", "sts:TagSession"]
    } else {
        vec!["sts:AssumeRole"]
    };
    let document = body! {
        statement {
            actions = actions;
            principals { type = "Service"; identifiers = [principal]; }
            condition ?{ condition }
        }
    };
    let label = format!("trust_{}", trust_label(principal));
    module.push(File::Iam, Block::data("aws_iam_policy_document", &label, document));
}

fn image(scope: &Scope<'_>, region: &str, arch: &str, module: &mut Module) {
    let label = scope.regional_label(&format!("image_{arch}"), region);
    let name = format!("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{arch}");
    let block = Block::data("aws_ssm_parameter", &label, body! { name = name; });
    module.add_in(scope, region, File::Compute, block);
}

fn monitoring_role(scope: &Scope<'_>, module: &mut Module) {
    role(
        scope,
        module,
        &Role {
            label: "rds_monitoring",
            name: template("${local.name}-rds-monitoring"),
            description: "Lets RDS write the figures of its enhanced monitoring.",
            principal: "monitoring.rds.amazonaws.com",
            causes: &[],
        },
    );
    attach(module, "rds_monitoring", "rds_monitoring", "service-role/AmazonRDSEnhancedMonitoringRole");
}

/// API Gateway writes the logs of REST APIs under one role of the account.
fn api_logging(scope: &Scope<'_>, region: &str, module: &mut Module) {
    let label = scope.regional_label("api_logging", region);
    role(
        scope,
        module,
        &Role {
            label: &label,
            name: template(&format!("${{local.name}}-{}", label.replace('_', "-"))),
            description: "Lets API Gateway write its logs.",
            principal: "apigateway.amazonaws.com",
            causes: &[],
        },
    );
    attach(module, &label, &label, "service-role/AmazonAPIGatewayPushToCloudWatchLogs");
    let account = body! { cloudwatch_role_arn = code(format!("aws_iam_role.{label}.arn")); };
    module.add_in(scope, region, File::Api, Block::resource("aws_api_gateway_account", &label, account));
}

fn edge_addresses(scope: &Scope<'_>, region: &str, module: &mut Module) {
    let label = scope.regional_label("edge", region);
    let body = body! { name = "com.amazonaws.global.cloudfront.origin-facing"; };
    module.add_in(
        scope,
        region,
        File::SecurityGroups,
        Block::data("aws_ec2_managed_prefix_list", &label, body),
    );
}

fn subnet_group(scope: &Scope<'_>, tier: &str, module: &mut Module) {
    let place = scope.model.places.iter().find(|(id, _)| scope.place_label(*id) == tier);
    let Some((id, place)) = place else { return };
    let vpc = scope
        .model
        .enclosing(Some(id))
        .find_map(|(id, _)| scope.facts.network.vpcs.iter().find(|vpc| vpc.place == id));
    let region = vpc.map_or(scope.model.system.region.as_str(), |vpc| vpc.region.as_str());
    let body = body! {
        name = template(&format!("${{local.name}}-{}", tier.replace('_', "-").to_lowercase()));
        description = format!("Subnets of the tier {}", place.name);
        subnet_ids = scope.subnet_ids(id);
    };
    let block = commented(scope, &[place.span], Block::resource("aws_db_subnet_group", tier, body));
    module.add_in(scope, region, File::Data, block);
}

/// The role of a service and its policy, for the role its code runs under (`""`) or another (`execution`, `node`).
pub fn service_role(scope: &Scope<'_>, id: ServiceId, module: &mut Module, which: &str) -> String {
    let service = scope.service(id);
    if which.is_empty() && scope.model.runs_as(id) != id {
        return scope.role_label(id).to_owned();
    }
    let label =
        if which.is_empty() { scope.label(id).to_owned() } else { format!("{}_{which}", scope.label(id)) };
    let suffix = if which.is_empty() { String::new() } else { format!("-{which}") };
    let own = service.kind.principal.clone().unwrap_or_else(|| "ec2.amazonaws.com".to_owned());
    let workload = service.kind.workload_principal.clone().filter(|_| which.is_empty());
    let principal = if which == "node" { "ec2.amazonaws.com".to_owned() } else { workload.unwrap_or(own) };
    role(
        scope,
        module,
        &Role {
            label: &label,
            name: scope.name_within(id, &suffix, 64),
            description: &format!("{} {}{suffix}", service.kind.name, service.name),
            principal: &principal,
            causes: service.causes(),
        },
    );
    let statements = scope.facts.access.statements(&crate::derive::access::Principal::Service(id));
    let own: Vec<_> = statements.iter().filter(|statement| statement.role == which).collect();
    if !own.is_empty() {
        role_policy(module, scope, (&label, service.causes()), policy::document(scope, own));
    }
    label
}

/// Has a service grants for one of its roles?
pub fn has_grants(scope: &Scope<'_>, id: ServiceId, which: &str) -> bool {
    let principal = crate::derive::access::Principal::Service(id);
    let is_own = |grant: &crate::derive::access::Grant| {
        grant.role == which && grant.carrier == crate::derive::access::Carrier::Identity
    };
    scope.facts.access.of(&principal).iter().any(is_own)
}

/// A tag that names the service.
pub fn service_tag(scope: &Scope<'_>, id: ServiceId) -> Expr {
    let own = std::iter::once(("Service".to_owned(), Expr::from(&scope.service(id).name)));
    let team = scope.service(id).settings.text("team").map(|team| ("Team".to_owned(), Expr::text(team)));
    let stated = scope.service(id).tags.iter().map(|(key, value)| (key.clone(), Expr::text(value)));
    let mut tags: Vec<(String, Expr)> = own.collect();
    for (key, value) in team.into_iter().chain(stated) {
        tags.retain(|(known, _)| !known.eq_ignore_ascii_case(&key));
        tags.push((key, value));
    }
    map(tags)
}

/// A statement that refuses requests without TLS.
pub fn tls_only(actions: &str, resources: Expr) -> Body {
    body! {
        sid = "DenyInsecureTransport";
        effect = "Deny";
        actions = list([actions]);
        resources = resources;
        principals { type = "*"; identifiers = ["*"]; }
        condition { test = "Bool"; variable = "aws:SecureTransport"; values = ["false"]; }
    }
}
