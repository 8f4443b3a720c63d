//! Terraform: one root module for a system, written from sound reviews alone.
//!
//! Each kind of service is one function, found through one table. What follows from facts (networks, security groups,
//! roles, alarms) is written from the facts; nothing is derived here a second time.

mod analytics;
mod api;
mod arn;
mod balance;
mod budgets;
mod common;
mod compute;
mod containers;
mod data;
mod edge;
mod environment;
mod events;
mod functions;
mod hcl;
mod identity;
mod keys;
mod messaging;
mod module;
mod network;
mod observe;
mod people;
mod policy;
mod replicas;
mod rest;
mod scope;
mod secrets;
mod security;
mod split;
mod stages;
mod storage;
mod streaming;
mod waivers;
mod workflows;

use crate::check::{Checked, Review};
use crate::emit::Artifact;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, map, template};
pub use crate::emit::terraform::module::Module;
use crate::emit::terraform::module::{File, Home, Need, Variable};
use crate::emit::terraform::scope::Scope;
pub use crate::emit::terraform::split::{Root, print as print_roots, state};
use crate::emit::terraform::stages::Other;
pub use crate::emit::terraform::stages::Stage;
use crate::model::ServiceId;
use crate::text::RelPath;

/// Writes one kind of service.
type Emitter = fn(&Scope<'_>, ServiceId, &mut Module);

/// Nothing of its own: written with the network, or outside AWS.
fn nothing(_: &Scope<'_>, _: ServiceId, _: &mut Module) {}

/// Every kind with its function.
const KINDS: &[(&str, Emitter)] = &[
    ("acm", edge::certificate),
    ("alarm", observe::alarm),
    ("alb", balance::balancer),
    ("api_http", api::http),
    ("api_rest", rest::rest),
    ("athena", analytics::workgroup),
    ("aurora_serverless", data::aurora),
    ("backup", secrets::backup),
    ("bastion", secrets::bastion),
    ("batch", containers::batch),
    ("bedrock", analytics::model),
    ("budget", nothing),
    ("cloudfront", edge::distribution),
    ("cognito", identity::cognito),
    ("dynamodb", data::table),
    ("ec2_service", compute::ec2),
    ("ecr", containers::repository),
    ("ecs_fargate", containers::fargate),
    ("efs", storage::file_system),
    ("eks", containers::kubernetes),
    ("email", secrets::email),
    ("eventbridge", events::bus),
    ("external", nothing),
    ("firehose", streaming::delivery),
    ("glue", workflows::job),
    ("kinesis", streaming::stream),
    ("kms", keys::key),
    ("lambda", functions::function),
    ("logs", observe::logs),
    ("msk", streaming::kafka),
    ("nat", nothing),
    ("nlb", balance::balancer),
    ("opensearch", analytics::search),
    ("rds_mysql", data::instance),
    ("rds_postgres", data::instance),
    ("rds_proxy", data::proxy),
    ("route53", edge::zone),
    ("s3", storage::bucket),
    ("scheduler", events::schedule),
    ("secret", secrets::secret),
    ("sns", messaging::topic),
    ("sqs", messaging::queue),
    ("ssm_parameter", secrets::parameter),
    ("step_functions", workflows::machine),
    ("subnet", nothing),
    ("user", nothing),
    ("valkey", data::cache),
    ("vpc", nothing),
    ("vpc_endpoint", network::endpoint),
    ("vpc_link", api::link),
    ("waf", edge::firewall),
];

/// Is there Terraform for a kind?
pub fn has_kind(kind: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == kind)
}

/// The files of a system's only root module, below `terraform/`.
pub fn print(module: &Module) -> Vec<Artifact> {
    module.print().into_iter().filter_map(|(name, text)| artifact(&name, text)).collect()
}

/// The root module of a system.
pub fn module(checked: Checked<'_>) -> Module {
    let mut roots = [Root::only(open_module(checked))];
    stages::unite(&mut roots, &[]);
    let [mut root] = roots;
    root.module.complete();
    root.module
}

/// The root modules of a system: one, or one a group of the model.
pub fn roots(checked: Checked<'_>, is_split: bool) -> Vec<Root> {
    deployment(checked, is_split, &[]).roots
}

/// A system as root modules, and the stages they serve.
#[derive(Debug)]
pub struct Deployment {
    /// The root modules, each after those it needs.
    pub roots: Vec<Root>,
    /// What became of each stage; nothing of a model with one alone.
    pub stages: Vec<Stage>,
}

/// The root modules of a system, made to serve the stages of these reviews too.
pub fn deployment(checked: Checked<'_>, is_split: bool, others: &[Review]) -> Deployment {
    let open = |checked: Checked<'_>| {
        if is_split { split::roots(&Scope::new(checked)) } else { vec![Root::only(open_module(checked))] }
    };
    let other = |review: &Review| Other {
        environment: review.model.environment.clone().unwrap_or_else(|| review.model.system.env.clone()),
        roots: review.seal().map(open).unwrap_or_default(),
    };
    let mut roots = open(checked);
    let others: Vec<Other> = others.iter().map(other).collect();
    let mut stages = stages::unite(&mut roots, &others);
    for root in &mut roots {
        root.module.complete();
    }
    if others.is_empty() {
        stages.clear();
    }
    Deployment { roots, stages }
}

/// The files of a deployment, below `terraform/`.
pub fn print_deployment(deployment: &Deployment) -> Vec<Artifact> {
    let mut files = split::print(&deployment.roots);
    if !deployment.stages.is_empty() {
        files.extend(artifact("STAGES.md", stages::page(&deployment.stages)));
    }
    files
}

/// The only root module, before its variables are declared.
fn open_module(checked: Checked<'_>) -> Module {
    let scope = Scope::new(checked);
    let mut module = assemble(&scope);
    waivers::apply(&scope, &mut module);
    emit_versions(&scope, &mut module, None);
    module
}

/// Everything but versions and variables.
fn assemble(scope: &Scope<'_>) -> Module {
    let mut module = Module::default();
    emit_locals(scope, &mut module);
    network::emit(scope, &mut module);
    security::emit(scope, &mut module);
    for (id, service) in scope.model.services.iter() {
        if let Some((_, emitter)) = KINDS.iter().find(|(kind, _)| *kind == service.kind.id) {
            module.stand(scope.home(id));
            emitter(scope, id, &mut module);
        }
    }
    module.stand(Home::Operations);
    people::emit(scope, &mut module);
    observe::emit(scope, &mut module);
    budgets::emit(scope, &mut module);
    module.stand(Home::Foundation);
    common::name_late_needs(&mut module);
    common::emit_needs(scope, &mut module);
    // What several things share follows from the system itself.
    let shared = scope.provenance(&[scope.model.system.span]);
    let own = module.blocks_mut().filter(|block| !block.resource_kind().is_empty());
    own.for_each(|block| block.explain(&shared));
    module
}

fn artifact(name: &str, text: String) -> Option<Artifact> {
    Some(Artifact { path: RelPath::new(&format!("terraform/{name}"))?, bytes: text.into_bytes() })
}

fn emit_locals(scope: &Scope<'_>, module: &mut Module) {
    let system = &scope.model.system;
    let longest = scope.project().len().max(12);
    let project = Variable::optional("string", "Short name of the system; every name begins with it.", scope.project()).checked(
        format!("can(regex(\"^[a-z][a-z0-9-]{{1,{}}}$\", var.project))", longest - 1),
        "Use lower-case letters, digits and hyphens, beginning with a letter; names of load balancers leave no room for more.",
    );
    module.variable("project", project);
    module.name_stage(system.env.dashed().to_lowercase());
    let environment =
        Variable::optional("string", "Stage of the deployment.", system.env.dashed().to_lowercase()).checked(
            "can(regex(\"^[a-z][a-z0-9-]{1,15}$\", var.environment))",
            "Use 2 to 16 lower-case letters, digits or hyphens.",
        );
    module.variable("environment", environment);
    let region = Variable::optional("string", "Region the system runs in.", system.region.as_str())
        .checked("can(regex(\"^[a-z]{2}(-[a-z]+)+-[0-9]$\", var.region))", "Must be the name of a Region.");
    module.variable("region", region);
    let mut tags = vec![
        ("Project".to_owned(), code("var.project")),
        ("Environment".to_owned(), code("var.environment")),
        ("ManagedBy".to_owned(), "terraform".into()),
    ];
    tags.extend(system.owner.as_ref().map(|owner| ("Owner".to_owned(), Expr::text(owner))));
    let body = body! {
        name = template("${var.project}-${var.environment}");
        account_id = code("data.aws_caller_identity.current.account_id");
        partition = code("data.aws_partition.current.partition");
        tags = map(tags);
    };
    module.push(File::Locals, Block::data("aws_caller_identity", "current", Body::default()));
    module.push(File::Locals, Block::data("aws_partition", "current", Body::default()));
    let block = Block::new("locals", &[], body);
    module.push(
        File::Locals,
        scope.provenance(&[system.span]).iter().fold(block, |block, line| block.comment(line)),
    );
}

/// Versions, backend and providers, one for each region; a root module among several has a state of its own.
fn emit_versions(scope: &Scope<'_>, module: &mut Module, root: Option<&str>) {
    let needs: Vec<Need> = module.needs().cloned().collect();
    let packs = module.types().contains("archive_file");
    let provider = |source: &str, version: &str| map([("source", source), ("version", version)]);
    let archive = packs.then(|| provider("hashicorp/archive", "~> 2.7"));
    let backend = scope.model.backend.as_ref().map(|backend| {
        let arguments = backend.settings.iter().map(|(name, value)| (name.label(), value.clone()));
        let own = root.map_or_else(Vec::new, |root| split::state(backend, root));
        let arguments =
            arguments.filter(|(name, _)| own.iter().all(|(known, _)| known != name)).chain(own.clone());
        let body =
            arguments.fold(Body::default(), |body, (name, value)| body.with(&name, Expr::text(&value)));
        Block::new("backend", &[backend.kind.as_str()], body)
    });
    let mut terraform = body! { required_version = ">= 1.9, < 2.0"; };
    if let Some(block) = backend {
        terraform.push_labelled(block);
    }
    terraform.push_block(
        "required_providers",
        body! { archive ?= archive; aws = provider("hashicorp/aws", "~> 6.0"); },
    );
    module.push(File::Versions, Block::new("terraform", &[], terraform));
    let tags = || body! { tags = code("local.tags"); };
    let accounts = scope.model.system.account.as_ref().map(|account| list([account.as_str()]));
    let home = body! { region = code("var.region"); allowed_account_ids ?= accounts.clone(); default_tags ?{ Some(tags()) } };
    module.push(File::Versions, Block::new("provider", &["aws"], home));
    for need in &needs {
        if let Need::Region(region) = need {
            let alias = Scope::region_label(region);
            let body = body! { alias = alias; region = region.as_str(); allowed_account_ids ?= accounts.clone(); default_tags ?{ Some(tags()) } };
            module.push(File::Versions, Block::new("provider", &["aws"], body));
        }
    }
}
