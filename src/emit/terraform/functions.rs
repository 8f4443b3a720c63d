//! Functions: the function itself, what starts it, and who may.

use crate::derive::access::{Carrier, Principal, Statement};
use crate::emit::terraform::arn;
use crate::emit::terraform::common;
use crate::emit::terraform::environment;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{Flow, ServiceId, TierAccess};

/// The kind `lambda`.
pub fn function(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    common::service_role(scope, id, module, "");
    let logs = format!("/aws/lambda/${{local.name}}-{}", scope.service(id).name.dashed());
    common::service_logs(scope, id, module, &logs);
    emit_function(scope, id, module);
    for (_, flow) in scope.flows_to(id).filter(|(_, flow)| flow.is_whole()) {
        emit_mapping(scope, id, flow, module);
    }
    emit_permissions(scope, id, module);
    emit_retries(scope, id, module);
    emit_provisioned(scope, id, module);
}

fn emit_function(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let region = scope.region_name(id).to_owned();
    let environment = environment::object(scope, id);
    let key = scope.own_key_arn(id).or_else(|| {
        environment.as_ref().map(|_| {
            module.need(crate::emit::terraform::module::Need::Key(region.clone()));
            common::system_key(scope, &region)
        })
    });
    let storage = settings.bytes("storage").map_or(512, crate::units::Bytes::mebibytes);
    let arch = if settings.word("arch") == Some("arm64") { "arm64" } else { "x86_64" };
    let tracing = if settings.is_on("tracing") { "Active" } else { "PassThrough" };
    let head = body! {
        function_name = scope.name_within(id, "", 64);
        description = Expr::text(&scope.service(id).title);
        role = code(format!("aws_iam_role.{}.arn", scope.role_label(id)));
        architectures = [arch];
        memory_size = settings.bytes("memory").map_or(512, crate::units::Bytes::mebibytes);
        timeout = settings.time("timeout").map_or(30, crate::units::Millis::seconds);
        reserved_concurrent_executions ?= settings.count("concurrency");
        kms_key_arn ?= key;
        publish ?= (settings.count("provisioned").unwrap_or(0) > 0).then_some(true);
    };
    let tail = body! {
        environment ?{ environment.map(|variables| body! { variables = variables; }) }
        vpc_config ?{ vpc_config(scope, id) }
        ephemeral_storage ?{ (storage > 512).then(|| body! { size = storage; }) }
        tracing_config { mode = tracing; }
        logging_config { log_format = "JSON"; log_group = code(format!("aws_cloudwatch_log_group.{label}.name")); }
        file_system_config ?{ file_system(scope, id) }
        tags = common::service_tag(scope, id);
        depends_on ?= dependencies(scope, id);
    };
    let body = head.and(package(scope, id, module)).and(tail);
    module.add(scope, id, File::Functions, Block::resource("aws_lambda_function", label, body));
}

/// The function's rights must exist before it starts, or its first calls fail.
fn dependencies(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    let role = scope.model.runs_as(id);
    let policy = common::has_grants(scope, role, "")
        .then(|| code(format!("aws_iam_role_policy.{}", scope.label(role))));
    policy.map(|policy| list([policy]))
}

fn vpc_config(scope: &Scope<'_>, id: ServiceId) -> Option<Body> {
    let vpc = scope.vpc_of(id)?;
    let _ = vpc;
    let subnets = scope.subnets_of(id, &[TierAccess::Private, TierAccess::Isolated])?;
    Some(
        body! { subnet_ids = subnets; security_group_ids = list(scope.has_group(id).then(|| scope.group(id))); },
    )
}

/// The file system a function reads or writes, by its access point.
fn file_system(scope: &Scope<'_>, id: ServiceId) -> Option<Body> {
    let system = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "efs"))?;
    let point = scope.attribute("aws_efs_access_point", system, "arn");
    Some(body! { arn = point; local_mount_path = template(&format!("/mnt/{}", scope.label(system))); })
}

/// Where the code comes from: an image, a package beside the configuration, or an object that a variable names.
fn package(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let settings = &scope.service(id).settings;
    if let Some(image) = settings.text("image") {
        return body! { package_type = "Image"; image_uri = Expr::text(image); };
    }
    let runtime = settings.word("runtime").unwrap_or("python3.14");
    let handler = settings.text("handler").map_or_else(|| default_handler(runtime).into(), Expr::text);
    let common = body! { runtime = runtime; handler = handler; };
    let source = match settings.text("code") {
        Some(path) => local_package(scope, id, Expr::text(path), module),
        None => stored_package(scope, id, module),
    };
    common.and(source)
}

fn default_handler(runtime: &str) -> &'static str {
    const HANDLERS: [(&str, &str); 5] = [
        ("python", "handler.handler"),
        ("nodejs", "index.handler"),
        ("java", "example.Handler::handleRequest"),
        ("dotnet", "Function::Function.Handler::Handle"),
        ("provided", "bootstrap"),
    ];
    HANDLERS
        .iter()
        .find(|(prefix, _)| runtime.starts_with(prefix))
        .map_or("handler.handler", |(_, handler)| handler)
}

/// A package beside the configuration; a folder is packed, an archive is taken as it is.
fn local_package(scope: &Scope<'_>, id: ServiceId, path: Expr, module: &mut Module) -> Body {
    let label = scope.label(id);
    let is_archive = [".zip", ".jar"].iter().any(|ending| {
        scope
            .service(id)
            .settings
            .text("code")
            .is_some_and(|code| code.chars().collect::<String>().ends_with(ending))
    });
    let path = crate::emit::terraform::hcl::call("format", ["%s/%s".into(), code("path.module"), path]);
    if is_archive {
        return body! {
            filename = path.clone();
            source_code_hash = crate::emit::terraform::hcl::call("filebase64sha256", [path]);
        };
    }
    let archive = body! {
        type = "zip";
        source_dir = path;
        output_path = template(&format!("${{path.module}}/build/{label}.zip"));
    };
    module.add(scope, id, File::Functions, Block::data("archive_file", label, archive));
    body! {
        filename = code(format!("data.archive_file.{label}.output_path"));
        source_code_hash = code(format!("data.archive_file.{label}.output_base64sha256"));
    }
}

/// A package in a bucket of the delivery pipeline.
fn stored_package(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Body {
    let label = scope.label(id);
    let name = format!("{label}_package");
    let description =
        format!("Object that holds the code of {}: bucket, key and version.", scope.service(id).name);
    let example = map([
        ("bucket", Expr::from(format!("{}-artifacts", scope.project()))),
        ("key", Expr::from(format!("{}.zip", scope.lower(id)))),
    ]);
    let kind = "object({ bucket = string, key = string, version = optional(string) })";
    module.variable(&name, Variable::required(kind, description, example));
    body! {
        s3_bucket = code(format!("var.{name}.bucket"));
        s3_key = code(format!("var.{name}.key"));
        s3_object_version = code(format!("var.{name}.version"));
    }
}

/// Kinds that are read by a mapping, with the address of what is read and whether it is a stream.
const SOURCES: [(&str, &str, &str, bool); 4] = [
    ("sqs", "aws_sqs_queue", "arn", false),
    ("kinesis", "aws_kinesis_stream", "arn", true),
    ("dynamodb", "aws_dynamodb_table", "stream_arn", true),
    ("msk", "aws_msk_cluster", "arn", true),
];

fn emit_mapping(scope: &Scope<'_>, id: ServiceId, flow: &Flow, module: &mut Module) {
    let Some((kind, address, attribute, is_stream)) =
        SOURCES.iter().find(|(kind, ..)| scope.is_a(flow.from, kind))
    else {
        return;
    };
    let settings = &scope.service(id).settings;
    let label = format!("{}_{}", scope.label(id), scope.label(flow.from));
    let is_kafka = *kind == "msk";
    let fifo = scope.service(flow.from).settings.is_on("fifo");
    let most = if fifo { 10 } else { 10_000 };
    let batch = settings.count("batch").unwrap_or(10).clamp(1, most);
    let window = settings
        .time("batch-window")
        .map_or(0, crate::units::Millis::seconds)
        .max(u64::from(batch > 10 && !is_stream));
    let concurrency =
        settings.count("concurrency").filter(|_| *kind == "sqs").map(|most| most.clamp(2, 1000));
    let own = scope.service(flow.from);
    let failed = (*kind == "kinesis" || *kind == "dynamodb").then(|| failed(scope, flow.from)).flatten();
    let topics = is_kafka
        .then(|| list([own.settings.text("topic").map_or_else(|| Expr::from(&own.name), Expr::text)]));
    let address =
        if is_kafka && scope.is_without_servers(flow.from) { "aws_msk_serverless_cluster" } else { *address };
    let body = body! {
        event_source_arn = scope.attribute(address, flow.from, attribute);
        function_name = scope.attribute("aws_lambda_function", id, "arn");
        batch_size = batch;
        maximum_batching_window_in_seconds ?= (window > 0 && !fifo).then_some(window);
        starting_position ?= is_stream.then_some("TRIM_HORIZON");
        bisect_batch_on_function_error ?= (*is_stream && !is_kafka).then_some(true);
        maximum_retry_attempts ?= (*is_stream && !is_kafka).then(|| own.settings.count("dlq").unwrap_or(3));
        topics ?= topics;
        function_response_types ?= (!is_kafka).then(|| list(["ReportBatchItemFailures"]));
        scaling_config ?{ concurrency.map(|most| body! { maximum_concurrency = most; }) }
        destination_config ?{ failed }
    };
    let mut block = Block::resource("aws_lambda_event_source_mapping", &label, body);
    if common::has_grants(scope, id, "") {
        block
            .body_mut()
            .push("depends_on", list([code(format!("aws_iam_role_policy.{}", scope.role_label(id)))]));
    }
    module.add_caused(scope, id, File::Functions, block, &[flow.span]);
}

/// Where records go that cannot be processed.
fn failed(scope: &Scope<'_>, stream: ServiceId) -> Option<Body> {
    let queue = crate::emit::terraform::messaging::dead_letters_of(scope, stream)?;
    let arn = scope.attribute("aws_sqs_queue", queue, "arn");
    Some(body! { on_failure { destination_arn = arn; } })
}

/// The permissions of AWS's services to invoke the function.
fn emit_permissions(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let statements = scope.facts.access.resource_statements(id);
    let permissions = statements.iter().filter(|statement| statement.carrier == Carrier::LambdaPermission);
    for statement in permissions {
        emit_permission(scope, id, statement, module);
    }
}

fn emit_permission(scope: &Scope<'_>, id: ServiceId, statement: &Statement, module: &mut Module) {
    let Principal::Aws(principal) = &statement.principal else { return };
    let from = statement.source.map_or_else(
        || principal.split('.').next().unwrap_or("aws").replace('-', "_"),
        |source| scope.label(source).to_owned(),
    );
    let value = |key: &str| {
        statement
            .conditions
            .iter()
            .find(|((_, known), _)| known == key)
            .and_then(|(_, values)| values.first())
    };
    let source =
        value("aws:SourceArn").zip(statement.source).map(|(arn, source)| source_of(scope, id, source, arn));
    for (index, action) in statement.actions.iter().enumerate() {
        let suffix = if index == 0 { String::new() } else { format!("_{}", index + 1) };
        let is_url = action == "lambda:InvokeFunctionUrl";
        let body = body! {
            statement_id = statement.sid.as_str();
            action = action.as_str();
            function_name = scope.attribute("aws_lambda_function", id, "function_name");
            principal = principal.as_str();
            source_arn ?= source.clone();
            source_account ?= value("aws:SourceAccount").map(|_| code("local.account_id"));
            function_url_auth_type ?= is_url.then_some("AWS_IAM");
        };
        let label = format!("{}_from_{from}{suffix}", scope.label(id));
        let block = Block::resource("aws_lambda_permission", &label, body);
        module.add_caused(scope, id, File::Functions, block, &statement.causes);
    }
}

/// The ARN of what invokes: a rule of a bus, a target group of a load balancer, otherwise the service's own.
fn source_of(scope: &Scope<'_>, id: ServiceId, source: ServiceId, arn: &str) -> Expr {
    let pair = format!("{}_{}", scope.label(source), scope.label(id));
    if scope.is_a(source, "eventbridge") {
        return code(format!("aws_cloudwatch_event_rule.{pair}.arn"));
    }
    if scope.is_a(source, "alb") {
        let own = format!("{}_{}", scope.label(id), scope.label(source));
        return code(format!("aws_lb_target_group.{own}.arn"));
    }
    arn::source(scope, source, arn)
}

/// Asynchronous events are repeated, then go to a queue of their own.
fn emit_retries(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let queue = crate::emit::terraform::messaging::dead_letters_of(scope, id);
    if queue.is_none() && !settings.is_stated("max-age") {
        return;
    }
    let target = queue.map(|queue| scope.attribute("aws_sqs_queue", queue, "arn"));
    let body = body! {
        function_name = scope.attribute("aws_lambda_function", id, "function_name");
        maximum_event_age_in_seconds = settings.time("max-age").map_or(21_600, crate::units::Millis::seconds).clamp(60, 21_600);
        maximum_retry_attempts = settings.count("dlq").unwrap_or(2).min(2);
        destination_config ?{ target.map(|target| body! { on_failure { destination = target; } }) }
    };
    module.add(
        scope,
        id,
        File::Functions,
        Block::resource("aws_lambda_function_event_invoke_config", scope.label(id), body),
    );
}

/// Executions kept warm stand behind an alias.
fn emit_provisioned(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let warm = settings.count("provisioned").unwrap_or(0);
    if warm == 0 {
        return;
    }
    let label = scope.label(id);
    let alias = body! {
        name = "live";
        function_name = code(format!("aws_lambda_function.{label}.function_name"));
        function_version = code(format!("aws_lambda_function.{label}.version"));
    };
    module.add(scope, id, File::Functions, Block::resource("aws_lambda_alias", label, alias));
    let config = body! {
        function_name = code(format!("aws_lambda_function.{label}.function_name"));
        qualifier = code(format!("aws_lambda_alias.{label}.name"));
        provisioned_concurrent_executions = warm;
    };
    module.add(
        scope,
        id,
        File::Functions,
        Block::resource("aws_lambda_provisioned_concurrency_config", label, config),
    );
}
