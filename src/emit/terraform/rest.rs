//! REST APIs: resources, methods and integrations, deployed when they change.

use crate::derive::network::Route;
use crate::emit::terraform::api;
use crate::emit::terraform::balance;
use crate::emit::terraform::common;
use crate::emit::terraform::edge;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, call, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module, Need};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// The kind `api_rest`.
pub fn rest(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let logs = format!("/aws/apigateway/${{local.name}}-{}", scope.service(id).name.dashed());
    common::service_logs(scope, id, module, &logs);
    module.need(Need::ApiLogging(scope.region_name(id).to_owned()));
    if common::has_grants(scope, id, "") {
        common::service_role(scope, id, module, "");
    }
    emit_api(scope, id, module);
    emit_validator(scope, id, module);
    let auth = emit_authorizer(scope, id, module);
    let routes = scope.facts.network.routes_of(scope.model, id);
    let mut resources: Vec<Expr> =
        auth.iter().map(|_| code(format!("aws_api_gateway_authorizer.{label}"))).collect();
    for route in routes {
        resources.extend(emit_route(scope, id, route, auth.as_ref(), module));
    }
    emit_deployment(scope, id, &resources, module);
    emit_stage(scope, id, module);
    edge::api_domain(scope, id, module);
    let url = code(format!("aws_api_gateway_stage.{label}.invoke_url"));
    module.output(&format!("{label}_endpoint"), &format!("Base URL of {}.", scope.service(id).name), url);
}

fn emit_api(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let endpoint = settings.word("endpoint").unwrap_or("regional").to_uppercase();
    let body = body! {
        name = scope.name(id);
        description = Expr::text(&scope.service(id).title);
        disable_execute_api_endpoint ?= settings.text("domain").map(|_| true);
        endpoint_configuration { types = [endpoint]; }
        lifecycle { create_before_destroy = true; }
    };
    module.add(scope, id, File::Api, Block::resource("aws_api_gateway_rest_api", scope.label(id), body));
}

/// Requests without the parameters a method names are refused at the door.
fn emit_validator(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let body = body! {
        name = "parameters";
        rest_api_id = scope.attribute("aws_api_gateway_rest_api", id, "id");
        validate_request_body = true;
        validate_request_parameters = true;
    };
    let block = Block::resource("aws_api_gateway_request_validator", scope.label(id), body);
    module.add(scope, id, File::Api, block);
}

fn emit_authorizer(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Option<Expr> {
    let pool = scope.service(id).settings.service("auth")?;
    let label = scope.label(id);
    let body = body! {
        name = scope.name(pool);
        rest_api_id = code(format!("aws_api_gateway_rest_api.{label}.id"));
        type = "COGNITO_USER_POOLS";
        identity_source = "method.request.header.Authorization";
        provider_arns = [scope.attribute("aws_cognito_user_pool", pool, "arn")];
    };
    let causes = common::setting_causes(scope, id, "auth");
    module.add_caused(
        scope,
        id,
        File::Api,
        Block::resource("aws_api_gateway_authorizer", label, body),
        &causes,
    );
    Some(code(format!("aws_api_gateway_authorizer.{label}.id")))
}

/// One step of a path: label and path part. Steps shared by routes have the same label.
fn steps(route: &Route) -> (Vec<String>, bool) {
    let whole: String = route.path.chars().collect();
    let greedy = whole.ends_with("/*");
    let stem = whole.trim_end_matches("/*").trim_matches('/').to_owned();
    (stem.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(), greedy)
}

fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Resources, methods and integrations of a route; the addresses a deployment waits for.
fn emit_route(
    scope: &Scope<'_>,
    id: ServiceId,
    route: &Route,
    auth: Option<&Expr>,
    module: &mut Module,
) -> Vec<Expr> {
    let api = scope.label(id).to_owned();
    let (parts, greedy) = steps(route);
    let mut parent = code(format!("aws_api_gateway_rest_api.{api}.root_resource_id"));
    let mut label = api.clone();
    for part in &parts {
        label = format!("{label}_{}", word(part));
        emit_resource(scope, (id, route), &label, (&parent, part), module);
        parent = code(format!("aws_api_gateway_resource.{label}.id"));
    }
    let is_call = !is_first_class(scope, route);
    let mut found = emit_method(scope, (id, route), &label, (&parent, false), auth, module);
    if greedy && is_call {
        let below = format!("{label}_items");
        emit_resource(scope, (id, route), &below, (&parent, "{proxy+}"), module);
        let resource = code(format!("aws_api_gateway_resource.{below}.id"));
        found.extend(emit_method(scope, (id, route), &below, (&resource, true), auth, module));
    }
    found
}

/// Does API Gateway call it by itself?
fn is_first_class(scope: &Scope<'_>, route: &Route) -> bool {
    ACTIONS.iter().any(|(kind, ..)| scope.is_a(route.service, kind))
}

fn emit_resource(
    scope: &Scope<'_>,
    (id, route): (ServiceId, &Route),
    label: &str,
    (parent, part): (&Expr, &str),
    module: &mut Module,
) {
    if !module.claim(&format!("aws_api_gateway_resource.{label}")) {
        return;
    }
    let body = body! {
        rest_api_id = scope.attribute("aws_api_gateway_rest_api", id, "id");
        parent_id = parent.clone();
        path_part = part;
    };
    let block = Block::resource("aws_api_gateway_resource", label, body);
    module.add_caused(scope, id, File::Api, block, &[scope.model.flows[route.flow].span]);
}

fn emit_method(
    scope: &Scope<'_>,
    (id, route): (ServiceId, &Route),
    label: &str,
    (resource, below): (&Expr, bool),
    auth: Option<&Expr>,
    module: &mut Module,
) -> Vec<Expr> {
    let verb = if is_first_class(scope, route) { "POST" } else { "ANY" };
    let own = format!("{label}_{}", verb.to_lowercase());
    if !module.claim(&format!("aws_api_gateway_method.{own}")) {
        return Vec::new();
    }
    let causes = [scope.model.flows[route.flow].span];
    let parameters = below.then(|| map([("method.request.path.proxy", Expr::from(true))]));
    let body = body! {
        rest_api_id = scope.attribute("aws_api_gateway_rest_api", id, "id");
        resource_id = resource.clone();
        http_method = verb;
        authorization = if auth.is_some() { "COGNITO_USER_POOLS" } else { "NONE" };
        authorizer_id ?= auth.cloned();
        request_validator_id = scope.attribute("aws_api_gateway_request_validator", id, "id");
        request_parameters ?= parameters;
    };
    module.add_caused(scope, id, File::Api, Block::resource("aws_api_gateway_method", &own, body), &causes);
    let common = body! {
        rest_api_id = scope.attribute("aws_api_gateway_rest_api", id, "id");
        resource_id = resource.clone();
        http_method = code(format!("aws_api_gateway_method.{own}.http_method"));
    };
    let integration = integration(scope, id, route, below, module);
    let block = Block::resource("aws_api_gateway_integration", &own, common.and(integration));
    module.add_caused(scope, id, File::Api, block, &causes);
    let mut found = vec![
        code(format!("aws_api_gateway_method.{own}")),
        code(format!("aws_api_gateway_integration.{own}")),
    ];
    if is_first_class(scope, route) {
        found.extend(emit_answer(scope, id, &own, resource, &causes, module));
    }
    found
}

/// A service that API Gateway calls by itself answers with an empty 200.
fn emit_answer(
    scope: &Scope<'_>,
    id: ServiceId,
    own: &str,
    resource: &Expr,
    causes: &[crate::text::Span],
    module: &mut Module,
) -> Vec<Expr> {
    let common = || {
        body! {
            rest_api_id = scope.attribute("aws_api_gateway_rest_api", id, "id");
            resource_id = resource.clone();
            http_method = code(format!("aws_api_gateway_method.{own}.http_method"));
            status_code = "200";
        }
    };
    module.add_caused(
        scope,
        id,
        File::Api,
        Block::resource("aws_api_gateway_method_response", own, common()),
        causes,
    );
    let waits = list([
        code(format!("aws_api_gateway_integration.{own}")),
        code(format!("aws_api_gateway_method_response.{own}")),
    ]);
    let answer = common().with("depends_on", waits);
    module.add_caused(
        scope,
        id,
        File::Api,
        Block::resource("aws_api_gateway_integration_response", own, answer),
        causes,
    );
    vec![code(format!("aws_api_gateway_integration_response.{own}"))]
}

fn integration(scope: &Scope<'_>, id: ServiceId, route: &Route, below: bool, module: &mut Module) -> Body {
    let time = scope.service(id).settings.time("timeout").map_or(29_000, |time| time.0).clamp(50, 29_000);
    let balancer = route
        .balancer
        .or_else(|| Some(route.service).filter(|id| scope.is_a(*id, "alb") || scope.is_a(*id, "nlb")));
    let service = scope.service(route.service);
    if scope.is_a(route.service, "lambda") {
        return body! {
            type = "AWS_PROXY";
            integration_http_method = "POST";
            uri = scope.attribute("aws_lambda_function", route.service, "invoke_arn");
            timeout_milliseconds = time;
        };
    }
    if is_first_class(scope, route) {
        return action(scope, id, route);
    }
    let proxy = below.then(|| map([("integration.request.path.proxy", "method.request.path.proxy")]));
    let common = body! { type = "HTTP_PROXY"; integration_http_method = "ANY"; timeout_milliseconds = time; request_parameters ?= proxy; };
    let Some(balancer) = balancer.filter(|_| !service.kind.is_outside()) else {
        let address = api::address(scope, route.service, module);
        return common.with("uri", address);
    };
    let link = scope.model.flows[route.flow].through.iter().copied().find(|id| scope.is_a(*id, "vpc_link"));
    let is_tls = scope.facts.network.listener(balancer).is_none_or(|listener| listener.tls);
    let host = if is_tls {
        balance::domain(scope, balancer, module)
    } else {
        scope.attribute("aws_lb", balancer, "dns_name")
    };
    let scheme = if is_tls { "https" } else { "http" };
    let (parts, _) = steps(route);
    let tail = if below { "/{proxy}" } else { "" };
    let path = format!("/{}{tail}", parts.join("/"));
    let uri = call("format", [format!("{scheme}://%s%s").into(), host, path.into()]);
    let link = link.map(|link| scope.attribute("aws_apigatewayv2_vpc_link", link, "id"));
    common.and(body! {
        uri = uri;
        connection_type ?= link.as_ref().map(|_| "VPC_LINK");
        connection_id ?= link;
        integration_target = scope.attribute("aws_lb", balancer, "arn");
    })
}

/// Services called directly: kind, path of the service's API, template of the request with `@` for the label.
const ACTIONS: &[(&str, &str, &str)] = &[
    (
        "sqs",
        "sqs:path/${local.account_id}/${aws_sqs_queue.@.name}",
        "Action=SendMessage&MessageBody=$util.urlEncode($input.body)",
    ),
    (
        "sns",
        "sns:action/Publish",
        "Action=Publish&TopicArn=$util.urlEncode('${aws_sns_topic.@.arn}')&Message=$util.urlEncode($input.body)",
    ),
    (
        "eventbridge",
        "events:action/PutEvents",
        "{\"Entries\":[{\"EventBusName\":\"${aws_cloudwatch_event_bus.@.name}\",\"Source\":\"${local.name}\",\"DetailType\":\"$context.resourcePath\",\"Detail\":\"$util.escapeJavaScript($input.body)\"}]}",
    ),
    (
        "kinesis",
        "kinesis:action/PutRecord",
        "{\"StreamName\":\"${aws_kinesis_stream.@.name}\",\"PartitionKey\":\"$context.requestId\",\"Data\":\"$util.base64Encode($input.body)\"}",
    ),
    (
        "step_functions",
        "states:action/StartExecution",
        "{\"stateMachineArn\":\"${aws_sfn_state_machine.@.arn}\",\"input\":\"$util.escapeJavaScript($input.body)\"}",
    ),
    (
        "dynamodb",
        "dynamodb:action/PutItem",
        "{\"TableName\":\"${aws_dynamodb_table.@.name}\",\"Item\":{\"id\":{\"S\":\"$context.requestId\"},\"body\":{\"S\":\"$util.escapeJavaScript($input.body)\"}}}",
    ),
    ("s3", "s3:path/${aws_s3_bucket.@.id}", ""),
];

fn action(scope: &Scope<'_>, id: ServiceId, route: &Route) -> Body {
    let label = scope.label(route.service);
    let row = ACTIONS.iter().find(|(kind, ..)| scope.is_a(route.service, kind));
    let (path, request) = row.map_or(("", ""), |(_, path, request)| (*path, *request));
    let region = scope.region_pattern(scope.region_name(id));
    let uri = format!("arn:${{local.partition}}:apigateway:{region}:{}", path.replace('@', label));
    let is_form = request.starts_with("Action=");
    let content =
        if is_form { "'application/x-www-form-urlencoded'" } else { "'application/x-amz-json-1.1'" };
    let headers = map([("integration.request.header.Content-Type", content)]);
    let filled = template(&request.replace('@', label));
    let templates = (!request.is_empty()).then(|| map([("application/json", filled)]));
    body! {
        type = "AWS";
        integration_http_method = if request.is_empty() { "PUT" } else { "POST" };
        uri = template(&uri);
        credentials = code(format!("aws_iam_role.{}.arn", scope.label(id)));
        passthrough_behavior = "NEVER";
        request_parameters ?= (!request.is_empty()).then_some(headers);
        request_templates ?= templates;
    }
}

fn emit_deployment(scope: &Scope<'_>, id: ServiceId, resources: &[Expr], module: &mut Module) {
    let label = scope.label(id);
    let trigger = call("sha1", [json(list(resources.to_vec()))]);
    let body = body! {
        rest_api_id = code(format!("aws_api_gateway_rest_api.{label}.id"));
        triggers = map([("redeployment", trigger)]);
        lifecycle { create_before_destroy = true; }
        depends_on = list(resources.to_vec());
    };
    module.add(scope, id, File::Api, Block::resource("aws_api_gateway_deployment", label, body));
}

fn emit_stage(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let cache = settings.bytes("cache").is_some();
    let stage = settings.text("stage").map_or_else(|| code("var.environment"), Expr::text);
    let body = body! {
        rest_api_id = code(format!("aws_api_gateway_rest_api.{label}.id"));
        deployment_id = code(format!("aws_api_gateway_deployment.{label}.id"));
        stage_name = stage;
        xray_tracing_enabled = settings.is_on("tracing");
        cache_cluster_enabled ?= cache.then_some(true);
        cache_cluster_size ?= cache.then_some("0.5");
        access_log_settings ?{ api::access_log(scope, id) }
        depends_on = [code(format!("aws_api_gateway_account.{}", scope.regional_label("api_logging", scope.region_name(id))))];
    };
    module.add(scope, id, File::Api, Block::resource("aws_api_gateway_stage", label, body));
    let rate = settings.rate("throttle").map_or(100, |rate| rate.0.div_ceil(1_000));
    let method = body! {
        rest_api_id = code(format!("aws_api_gateway_rest_api.{label}.id"));
        stage_name = code(format!("aws_api_gateway_stage.{label}.stage_name"));
        method_path = "*/*";
        settings {
            metrics_enabled = true;
            logging_level = "ERROR";
            data_trace_enabled = false;
            throttling_rate_limit = rate;
            throttling_burst_limit = settings.count("burst").unwrap_or(rate);
            caching_enabled ?= cache.then_some(true);
            cache_data_encrypted ?= cache.then_some(true);
        }
    };
    module.add(scope, id, File::Api, Block::resource("aws_api_gateway_method_settings", label, method));
}
