//! HTTP APIs: stage, authorizer, integrations and routes.

use crate::derive::network::Route;
use crate::emit::terraform::balance;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, TierAccess};
use crate::text::Text;

/// What is written to the access log of a request, by the names of API Gateway's context.
const LOGGED: [(&str, &str); 8] = [
    ("requestId", "$context.requestId"),
    ("requestTime", "$context.requestTime"),
    ("sourceIp", "$context.identity.sourceIp"),
    ("routeKey", "$context.routeKey"),
    ("status", "$context.status"),
    ("latency", "$context.responseLatency"),
    ("error", "$context.integrationErrorMessage"),
    ("subject", "$context.authorizer.claims.sub"),
];

/// The kind `api_http`.
pub fn http(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let logs = format!("/aws/apigateway/${{local.name}}-{}", scope.service(id).name.dashed());
    common::service_logs(scope, id, module, &logs);
    emit_api(scope, id, module);
    let auth = emit_authorizer(scope, id, module);
    let routes: Vec<&Route> = scope.facts.network.routes_of(scope.model, id).collect();
    if common::has_grants(scope, id, "") {
        common::service_role(scope, id, module, "");
    }
    for route in &routes {
        emit_integration(scope, id, route, module);
        emit_routes(scope, id, route, auth.as_ref(), module);
    }
    emit_stage(scope, id, module);
    let endpoint = code(format!("aws_apigatewayv2_api.{label}.api_endpoint"));
    module.output(
        &format!("{label}_endpoint"),
        &format!("Base URL of {}.", scope.service(id).name),
        endpoint,
    );
    crate::emit::terraform::edge::api_domain(scope, id, module);
}

fn emit_api(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let service = scope.service(id);
    let cors = service.settings.text("cors").map(|origin| {
        body! {
            allow_origins = common::listed(origin);
            allow_methods = ["DELETE", "GET", "PATCH", "POST", "PUT"];
            allow_headers = ["authorization", "content-type"];
            max_age = 300_u64;
        }
    });
    let body = body! {
        name = scope.name(id);
        description = Expr::text(&service.title);
        protocol_type = "HTTP";
        disable_execute_api_endpoint ?= service.settings.text("domain").map(|_| true);
        cors_configuration ?{ cors }
    };
    module.add(scope, id, File::Api, Block::resource("aws_apigatewayv2_api", scope.label(id), body));
}

/// The authorizer of an API that asks for signing in, as its label.
fn emit_authorizer(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Option<Expr> {
    let pool = scope.service(id).settings.service("auth")?;
    let (label, pool_label) = (scope.label(id), scope.label(pool));
    let body = body! {
        api_id = code(format!("aws_apigatewayv2_api.{label}.id"));
        name = scope.name(pool);
        authorizer_type = "JWT";
        identity_sources = ["$request.header.Authorization"];
        jwt_configuration {
            issuer = template(&format!("https://${{aws_cognito_user_pool.{pool_label}.endpoint}}"));
            audience = [code(format!("aws_cognito_user_pool_client.{pool_label}.id"))];
        }
    };
    let causes = common::setting_causes(scope, id, "auth");
    module.add_caused(
        scope,
        id,
        File::Api,
        Block::resource("aws_apigatewayv2_authorizer", label, body),
        &causes,
    );
    Some(code(format!("aws_apigatewayv2_authorizer.{label}.id")))
}

/// The kind `vpc_link`.
pub fn link(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let body = body! {
        name = scope.name(id);
        subnet_ids ?= scope.subnets_of(id, &[TierAccess::Private, TierAccess::Isolated, TierAccess::Public]);
        security_group_ids = list(scope.has_group(id).then(|| scope.group(id)));
        tags = crate::emit::terraform::module::named_tags(scope.name(id));
    };
    module.add(scope, id, File::Api, Block::resource("aws_apigatewayv2_vpc_link", scope.label(id), body));
}

/// The label of a route's integration.
fn integration_label(scope: &Scope<'_>, id: ServiceId, route: &Route) -> String {
    format!("{}_{}", scope.label(id), scope.label(route.service))
}

fn timeout(scope: &Scope<'_>, id: ServiceId, route: &Route, most: u64) -> u64 {
    let flow = &scope.model.flows[route.flow];
    let stated = flow.timeout.or_else(|| scope.service(id).settings.time("timeout"));
    stated.map_or(most, |time| time.0).clamp(50, most)
}

fn emit_integration(scope: &Scope<'_>, id: ServiceId, route: &Route, module: &mut Module) {
    let flow = &scope.model.flows[route.flow];
    let label = integration_label(scope, id, route);
    let common = body! {
        api_id = scope.attribute("aws_apigatewayv2_api", id, "id");
        description = format!("{} {}", scope.service(route.service).kind.name, scope.service(route.service).name);
    };
    let time = timeout(scope, id, route, 30_000);
    let body = if let Some(balancer) = balancer_of(scope, route) {
        private(scope, id, route, balancer, time, module)
    } else if scope.is_a(route.service, "lambda") {
        body! {
            integration_type = "AWS_PROXY";
            integration_method = "POST";
            integration_uri = scope.attribute("aws_lambda_function", route.service, "invoke_arn");
            payload_format_version = "2.0";
            timeout_milliseconds = time;
        }
    } else if scope.service(route.service).kind.is_outside() {
        body! {
            integration_type = "HTTP_PROXY";
            integration_method = "ANY";
            integration_uri = address(scope, route.service, module);
            timeout_milliseconds = time;
        }
    } else {
        first_class(scope, id, route)
    };
    let block = Block::resource("aws_apigatewayv2_integration", &label, common.and(body));
    module.add_caused(scope, id, File::Api, block, &[flow.span]);
}

/// The load balancer a route passes or ends at.
fn balancer_of(scope: &Scope<'_>, route: &Route) -> Option<ServiceId> {
    let own = Some(route.service).filter(|id| scope.is_a(*id, "alb") || scope.is_a(*id, "nlb"));
    own.or(route.balancer.filter(|balancer| *balancer != route.entry))
}

fn private(
    scope: &Scope<'_>,
    id: ServiceId,
    route: &Route,
    balancer: ServiceId,
    time: u64,
    module: &mut Module,
) -> crate::emit::terraform::hcl::Body {
    let link = scope.model.flows[route.flow].through.iter().copied().find(|id| scope.is_a(*id, "vpc_link"));
    let same_vpc = |link: &ServiceId| scope.vpc_of(*link) == scope.vpc_of(balancer);
    let link = link.or_else(|| scope.services_of("vpc_link").find(same_vpc)).unwrap_or(id);
    let is_tls = scope.facts.network.listener(balancer).is_none_or(|listener| listener.tls);
    let name = is_tls.then(|| balance::domain(scope, balancer, module));
    body! {
        integration_type = "HTTP_PROXY";
        integration_method = "ANY";
        integration_uri = scope.attribute("aws_lb_listener", balancer, "arn");
        connection_type = "VPC_LINK";
        connection_id = scope.attribute("aws_apigatewayv2_vpc_link", link, "id");
        timeout_milliseconds = time;
        tls_config ?{ name.map(|name| body! { server_name_to_verify = name; }) }
    }
}

/// The address of something outside: that of the model, otherwise a variable.
pub fn address(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    if let Some(url) = scope.service(id).settings.text("url") {
        return Expr::text(url);
    }
    let name = format!("{}_url", scope.label(id));
    let description = format!("Address of {}.", scope.service(id).name);
    module.variable(
        &name,
        Variable::required("string", description, format!("https://{}.example.com", scope.lower(id))),
    )
}

/// Names and patterns of values.
type Parameters = &'static [(&'static str, &'static str)];

/// A target that API Gateway calls by itself: kind, subtype, parameters with `@` for the label.
const FIRST_CLASS: &[(&str, &str, Parameters)] = &[
    ("sqs", "SQS-SendMessage", &[("QueueUrl", "${aws_sqs_queue.@.url}"), ("MessageBody", "$request.body")]),
    (
        "step_functions",
        "StepFunctions-StartExecution",
        &[("StateMachineArn", "${aws_sfn_state_machine.@.arn}"), ("Input", "$request.body")],
    ),
    (
        "eventbridge",
        "EventBridge-PutEvents",
        &[
            ("EventBusName", "${aws_cloudwatch_event_bus.@.name}"),
            ("Source", "${local.name}"),
            ("DetailType", "$request.path"),
            ("Detail", "$request.body"),
        ],
    ),
    (
        "kinesis",
        "Kinesis-PutRecord",
        &[
            ("StreamName", "${aws_kinesis_stream.@.name}"),
            ("PartitionKey", "$context.requestId"),
            ("Data", "$request.body"),
        ],
    ),
];

fn first_class(scope: &Scope<'_>, id: ServiceId, route: &Route) -> crate::emit::terraform::hcl::Body {
    let row = FIRST_CLASS.iter().find(|(kind, ..)| scope.is_a(route.service, kind));
    let (subtype, parameters) =
        row.map_or(("SQS-SendMessage", &[][..]), |(_, subtype, parameters)| (*subtype, *parameters));
    let label = scope.label(route.service);
    let filled =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), template(&value.replace('@', label))));
    let order = ordering(scope, route);
    body! {
        integration_type = "AWS_PROXY";
        integration_subtype = subtype;
        credentials_arn = code(format!("aws_iam_role.{}.arn", scope.label(id)));
        payload_format_version = "1.0";
        request_parameters = map(filled.chain(order));
    }
}

/// A FIFO queue keeps the order of messages with the same value of a field of the body.
fn ordering(scope: &Scope<'_>, route: &Route) -> Option<(String, Expr)> {
    let settings = &scope.service(route.service).settings;
    if !settings.is_on("fifo") {
        return None;
    }
    let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
    let field: Option<String> = settings.word("fifo").map(|field| field.chars().filter(safe).collect());
    let value =
        field.map_or_else(|| "$context.requestId".to_owned(), |field| format!("$request.body.{field}"));
    Some(("MessageGroupId".to_owned(), value.into()))
}

/// The route keys of a path: the collection, and everything below it.
pub fn route_keys(method: &str, path: &Text) -> Vec<(String, &'static str)> {
    let whole: String = path.chars().collect();
    let stem = whole.trim_end_matches("/*").trim_end_matches('/');
    let root = if stem.is_empty() { "/" } else { stem };
    let own = (format!("{method} {root}"), "");
    let below = (format!("{method} {stem}/{{proxy+}}"), "_items");
    if whole.ends_with("/*") { vec![own, below] } else { vec![own] }
}

fn emit_routes(scope: &Scope<'_>, id: ServiceId, route: &Route, auth: Option<&Expr>, module: &mut Module) {
    let flow = &scope.model.flows[route.flow];
    let label = integration_label(scope, id, route);
    let is_send = FIRST_CLASS.iter().any(|(kind, ..)| scope.is_a(route.service, kind));
    let keys = route_keys(if is_send { "POST" } else { "ANY" }, &route.path);
    for (key, suffix) in keys.iter().filter(|(_, suffix)| !is_send || suffix.is_empty()) {
        let body = body! {
            api_id = scope.attribute("aws_apigatewayv2_api", id, "id");
            route_key = key.as_str();
            target = template(&format!("integrations/${{aws_apigatewayv2_integration.{label}.id}}"));
            authorization_type = if auth.is_some() { "JWT" } else { "NONE" };
            authorizer_id ?= auth.cloned();
        };
        let block = Block::resource("aws_apigatewayv2_route", &format!("{label}{suffix}"), body);
        module.add_caused(scope, id, File::Api, block, &[flow.span]);
    }
}

fn emit_stage(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let label = scope.label(id);
    let rate = settings.rate("throttle").map_or(100, |rate| rate.0.div_ceil(1_000));
    let body = body! {
        api_id = code(format!("aws_apigatewayv2_api.{label}.id"));
        name = settings.text("stage").map_or_else(|| Expr::from("$default"), Expr::text);
        auto_deploy = true;
        default_route_settings {
            detailed_metrics_enabled = true;
            throttling_rate_limit = rate;
            throttling_burst_limit = settings.count("burst").unwrap_or(rate);
        }
        access_log_settings ?{ access_log(scope, id) }
    };
    module.add(scope, id, File::Api, Block::resource("aws_apigatewayv2_stage", label, body));
}

/// What a stage writes about each request, and where; nothing when the model says `logs off`.
pub fn access_log(scope: &Scope<'_>, id: ServiceId) -> Option<Body> {
    common::log_days(scope, id)?;
    Some(body! {
        destination_arn = scope.attribute("aws_cloudwatch_log_group", id, "arn");
        format = json(map(LOGGED));
    })
}
