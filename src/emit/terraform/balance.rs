//! Load balancers: listeners, rules by path, target groups.

use std::collections::BTreeSet;

use crate::derive::network::Listener;
use crate::emit::terraform::common;
use crate::emit::terraform::edge;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, json, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::{Flow, FlowId, ServiceId, TierAccess};
use crate::text::{Span, Text};

/// One service behind a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The load balancer.
    pub balancer: ServiceId,
    /// The service.
    pub service: ServiceId,
    /// Its port.
    pub port: u16,
    /// Is the last hop encrypted?
    pub tls: bool,
    /// The paths that lead to it; none when everything does.
    pub paths: Vec<Text>,
    /// The lines that cause it.
    pub causes: Vec<Span>,
}

/// Every service behind a load balancer of the system, once a balancer.
pub fn targets(scope: &Scope<'_>) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    for route in &scope.facts.network.routes {
        let Some(balancer) = route.balancer else { continue };
        let flow = &scope.model.flows[route.flow];
        let target = Target {
            balancer,
            service: route.service,
            port: route.port,
            tls: route.tls,
            paths: vec![route.path.clone()],
            causes: vec![flow.span],
        };
        merge(&mut found, target);
    }
    let direct = scope.model.whole_flows().filter(|(_, flow)| is_direct(scope, flow));
    for (id, flow) in direct {
        merge(&mut found, direct_target(scope, id, flow));
    }
    found
}

fn merge(found: &mut Vec<Target>, target: Target) {
    let known =
        found.iter_mut().find(|known| known.balancer == target.balancer && known.service == target.service);
    match known {
        Some(known) => {
            known.paths.extend(
                target.paths.into_iter().filter(|path| !known.paths.contains(path)).collect::<Vec<_>>(),
            );
            known.causes.extend(target.causes);
            known.tls |= target.tls;
        }
        None => found.push(target),
    }
}

/// A network load balancer passes everything on.
fn is_direct(scope: &Scope<'_>, flow: &Flow) -> bool {
    scope.is_a(flow.from, "nlb")
        && flow.mechanism.as_ref().is_some_and(|_| !scope.service(flow.to).kind.is_outside())
}

fn direct_target(scope: &Scope<'_>, id: FlowId, flow: &Flow) -> Target {
    let service = scope.service(flow.to);
    let own = service.settings.count("port").and_then(|port| u16::try_from(port).ok());
    let port = own.or(service.kind.port).unwrap_or(443);
    let tls = crate::derive::network::Network::is_encrypted(scope.model, id);
    Target { balancer: flow.from, service: flow.to, port, tls, paths: Vec::new(), causes: vec![flow.span] }
}

/// The label of a target group.
fn group_label(scope: &Scope<'_>, target: &Target) -> String {
    let own = scope.label(target.service);
    if scope.service(target.balancer).is_derived() {
        own.to_owned()
    } else {
        format!("{own}_{}", scope.label(target.balancer))
    }
}

/// How many units of a service each instance runs.
fn pods(scope: &Scope<'_>, id: ServiceId) -> u64 {
    if scope.is_a(id, "ec2_service") {
        scope.service(id).settings.count("pods").unwrap_or(1).clamp(1, 5)
    } else {
        1
    }
}

/// The target groups a service's instances join: references to ARNs.
pub fn groups_of(scope: &Scope<'_>, id: ServiceId) -> Vec<Expr> {
    let own = scope.targets().iter().filter(|target| target.service == id);
    own.map(|target| group_arn(scope, target)).collect()
}

/// The ARN of a target group.
pub fn group_arn(scope: &Scope<'_>, target: &Target) -> Expr {
    let label = group_label(scope, target);
    if pods(scope, target.service) > 1 {
        code(format!("[for group in aws_lb_target_group.{label} : group.arn]"))
    } else {
        code(format!("aws_lb_target_group.{label}.arn"))
    }
}

/// Load balancer and target group as target tracking names them.
pub fn request_label(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    let target = scope.targets().iter().find(|target| target.service == id)?;
    let (balancer, group) = (scope.label(target.balancer), group_label(scope, target));
    let group = if pods(scope, id) > 1 {
        format!("values(aws_lb_target_group.{group})[0]")
    } else {
        format!("aws_lb_target_group.{group}")
    };
    Some(template(&format!("${{aws_lb.{balancer}.arn_suffix}}/${{{group}.arn_suffix}}")))
}

/// How CloudWatch names a load balancer and the target group of a service behind it.
pub fn suffixes(scope: &Scope<'_>, id: ServiceId, balancer: Option<ServiceId>) -> Option<(Expr, Expr)> {
    let is_wanted =
        |target: &Target| target.service == id && balancer.is_none_or(|wanted| wanted == target.balancer);
    let target = scope.targets().iter().find(|target| is_wanted(target))?;
    let group = group_label(scope, target);
    let group = if pods(scope, id) > 1 {
        format!("values(aws_lb_target_group.{group})[0]")
    } else {
        format!("aws_lb_target_group.{group}")
    };
    Some((scope.attribute("aws_lb", target.balancer, "arn_suffix"), code(format!("{group}.arn_suffix"))))
}

/// What must exist before requests can be counted: the rule or listener that leads to the group.
pub fn listener_dependency(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    let target = scope.targets().iter().find(|target| target.service == id)?;
    Some(forwarder(scope, target))
}

/// The address of the rule or listener that forwards to a target.
pub fn forwarder(scope: &Scope<'_>, target: &Target) -> Expr {
    let is_rule = scope.is_a(target.balancer, "alb") && !is_default(target);
    if is_rule {
        code(format!("aws_lb_listener_rule.{}", group_label(scope, target)))
    } else {
        code(format!("aws_lb_listener.{}", scope.label(target.balancer)))
    }
}

/// Does everything lead to it?
fn is_default(target: &Target) -> bool {
    target.paths.is_empty() || target.paths.iter().any(|path| path.is("/*") || path.is("/"))
}

fn emit_target_group(scope: &Scope<'_>, target: &Target, module: &mut Module) {
    let id = target.service;
    let is_network = scope.is_a(target.balancer, "nlb");
    let label = group_label(scope, target);
    let is_function = scope.is_a(id, "lambda");
    let is_balancer = scope.is_a(id, "alb");
    let target_type =
        TARGET_TYPES.iter().find(|(kind, _)| scope.is_a(id, kind)).map_or("instance", |(_, kind)| *kind);
    let suffix = if scope.service(target.balancer).is_derived() {
        String::new()
    } else {
        format!("-{}", scope.lower(target.balancer))
    };
    let units = pods(scope, id);
    let name = if units > 1 {
        scope.name_within(id, &format!("{suffix}-${{each.key}}"), 38)
    } else {
        scope.name_within(id, &suffix, 32)
    };
    let protocol = if is_network {
        network_protocol(scope, target.balancer)
    } else if target.tls {
        "HTTPS"
    } else {
        "HTTP"
    };
    let ports = map((0..units).map(|unit| {
        (format!("{}", u64::from(target.port) + unit), Expr::from(u64::from(target.port) + unit))
    }));
    let port = if units > 1 { code("each.value") } else { target.port.into() };
    let health = health(scope, target, is_network && !is_balancer);
    let mut body = body! {
        for_each ?= (units > 1).then_some(ports);
        name = name;
        target_type = target_type;
        vpc_id ?= scope.vpc_of(target.balancer).filter(|_| !is_function).map(|vpc| code(format!("aws_vpc.{}.id", scope.place_label(vpc))));
        port ?= (!is_function).then_some(port);
        protocol ?= (!is_function).then_some(protocol);
        deregistration_delay ?= (!is_function).then_some(60_u64);
        health_check ?{ (!is_function).then_some(health) }
    };
    body.push_block("lifecycle", body! { create_before_destroy = true; });
    let block = Block::resource("aws_lb_target_group", &label, body);
    module.add_caused(scope, id, File::LoadBalancing, block, &target.causes);
    if is_function || is_balancer {
        emit_attachment(scope, target, &label, module);
    }
}

/// Kinds whose targets are no instances.
const TARGET_TYPES: [(&str, &str); 4] =
    [("ecs_fargate", "ip"), ("eks", "ip"), ("lambda", "lambda"), ("alb", "alb")];

fn network_protocol(scope: &Scope<'_>, balancer: ServiceId) -> &'static str {
    if scope.service(balancer).settings.word("protocol") == Some("udp") { "UDP" } else { "TCP" }
}

fn health(scope: &Scope<'_>, target: &Target, is_tcp: bool) -> Body {
    let path =
        scope.service(target.service).settings.text("health").map_or_else(|| Expr::from("/"), Expr::text);
    let protocol = if is_tcp {
        "TCP"
    } else if target.tls {
        "HTTPS"
    } else {
        "HTTP"
    };
    body! {
        protocol = protocol;
        path ?= (!is_tcp).then_some(path);
        matcher ?= (!is_tcp).then_some("200-399");
        interval = 15_u64;
        timeout = 5_u64;
        healthy_threshold = 2_u64;
        unhealthy_threshold = 3_u64;
    }
}

fn emit_attachment(scope: &Scope<'_>, target: &Target, label: &str, module: &mut Module) {
    let is_function = scope.is_a(target.service, "lambda");
    let kind = if is_function { "aws_lambda_function" } else { "aws_lb" };
    let permission = is_function.then(|| {
        list([code(format!(
            "aws_lambda_permission.{}_from_{}",
            scope.label(target.service),
            scope.label(target.balancer)
        ))])
    });
    let body = body! {
        target_group_arn = code(format!("aws_lb_target_group.{label}.arn"));
        target_id = scope.attribute(kind, target.service, "arn");
        port ?= (!is_function).then_some(target.port);
        depends_on ?= permission.or_else(|| Some(list([code(format!("aws_lb_listener.{}", scope.label(target.service)))])));
    };
    let block = Block::resource("aws_lb_target_group_attachment", label, body);
    module.add_caused(scope, target.service, File::LoadBalancing, block, &target.causes);
}

/// Can the internet not reach it?
fn is_internal(scope: &Scope<'_>, id: ServiceId) -> bool {
    let service = scope.service(id);
    let outside =
        |flow: &Flow| scope.service(flow.from).kind.is_outside() || scope.is_a(flow.from, "route53");
    service.is_derived()
        || service.settings.is_on("internal")
        || !scope.flows_to(id).any(|(_, flow)| outside(flow))
}

/// The kinds `alb` and `nlb`.
pub fn balancer(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let is_network = scope.is_a(id, "nlb");
    emit_balancer(scope, id, is_network, module);
    let listener = scope.facts.network.listener(id);
    let own: Vec<Target> = scope.targets().iter().filter(|target| target.balancer == id).cloned().collect();
    emit_listener(scope, id, listener, &own, module);
    if !is_network {
        emit_redirect(scope, id, module);
        let mut taken = BTreeSet::new();
        for target in own.iter().filter(|target| !is_default(target)) {
            emit_rule(scope, target, &mut taken, module);
        }
    }
    for target in &own {
        emit_target_group(scope, target, module);
    }
}

fn emit_balancer(scope: &Scope<'_>, id: ServiceId, is_network: bool, module: &mut Module) {
    let label = scope.label(id);
    let internal = is_internal(scope, id);
    let wanted: &[TierAccess] =
        if internal { &[TierAccess::Private, TierAccess::Isolated] } else { &[TierAccess::Public] };
    let bucket = common::log_days(scope, id).map(|_| common::log_bucket(scope, id, module));
    let waits = bucket.as_ref().map(|bucket| list([code(format!("aws_s3_bucket_policy.{bucket}"))]));
    let logs = bucket.map(|bucket| {
        body! { bucket = code(format!("aws_s3_bucket.{bucket}.id")); prefix = scope.lower(id); enabled = true; }
    });
    let idle = scope.service(id).settings.time("idle").map_or(60, crate::units::Millis::seconds);
    let body = body! {
        name = scope.name_within(id, "", 32);
        internal = internal;
        load_balancer_type = if is_network { "network" } else { "application" };
        subnets ?= scope.subnets_of(id, wanted);
        security_groups ?= scope.has_group(id).then(|| list([scope.group(id)]));
        idle_timeout ?= (!is_network).then_some(idle.clamp(1, 4000));
        drop_invalid_header_fields ?= (!is_network).then_some(true);
        enable_cross_zone_load_balancing ?= is_network.then(|| scope.service(id).settings.is_on("cross-zone"));
        enable_deletion_protection = scope.is_protected(id);
        access_logs ?{ logs }
        depends_on ?= waits;
    };
    module.add(scope, id, File::LoadBalancing, Block::resource("aws_lb", label, body));
}

/// The certificate of a listener: that of the model, otherwise a variable.
pub fn certificate(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    edge::certificate_of(scope, id).unwrap_or_else(|| {
        let name = format!("{}_certificate_arn", scope.label(id));
        let example = format!(
            "arn:aws:acm:{}:123456789012:certificate/6f1c3a52-7d07-4a8c-9f5d-0f4c6c1d2b3a",
            scope.region_name(id)
        );
        let description = format!("ARN of the ACM certificate of {}, in its Region.", scope.service(id).name);
        let condition = format!("can(regex(\"^arn:aws[a-z-]*:acm:\", var.{name}))");
        module.variable(
            &name,
            Variable::required("string", description, example)
                .checked(condition, "Must be the ARN of an ACM certificate."),
        )
    })
}

/// The name on a listener's certificate.
pub fn domain(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    if let Some(domain) = scope.service(id).settings.text("domain") {
        return Expr::text(domain);
    }
    let name = format!("{}_domain", scope.label(id));
    let description =
        format!("Domain name on the certificate of {}; callers verify it.", scope.service(id).name);
    module.variable(
        &name,
        Variable::required("string", description, format!("{}.example.com", scope.lower(id))),
    )
}

fn emit_listener(
    scope: &Scope<'_>,
    id: ServiceId,
    listener: Option<&Listener>,
    own: &[Target],
    module: &mut Module,
) {
    let is_network = scope.is_a(id, "nlb");
    let stated = scope.service(id).settings.word("protocol");
    let tls = if is_network {
        stated.is_none_or(|word| word == "tls")
    } else {
        listener.is_none_or(|listener| listener.tls)
    };
    let port = listener.map_or(443, |listener| listener.port);
    let protocol = match (is_network, tls, stated) {
        (true, true, _) => "TLS",
        (true, false, Some("udp")) => "UDP",
        (true, false, _) => "TCP",
        (false, true, _) => "HTTPS",
        (false, false, _) => "HTTP",
    };
    let policy =
        scope.service(id).settings.word("tls-policy").unwrap_or("ELBSecurityPolicy-TLS13-1-2-2021-06");
    let default = own.iter().find(|target| is_default(target));
    let certificate = tls.then(|| certificate(scope, id, module));
    let idle = scope.service(id).settings.time("idle").filter(|_| protocol == "TCP");
    let body = body! {
        load_balancer_arn = scope.attribute("aws_lb", id, "arn");
        tcp_idle_timeout_seconds ?= idle.map(|time| time.seconds().clamp(60, 6000));
        port = port;
        protocol = protocol;
        ssl_policy ?= tls.then_some(policy);
        certificate_arn ?= certificate;
        default_action ?{ actions(scope, id, default) }
    };
    let causes = listener.map_or_else(|| scope.service(id).causes(), |listener| listener.causes.as_slice());
    module.add_caused(
        scope,
        id,
        File::LoadBalancing,
        Block::resource("aws_lb_listener", scope.label(id), body),
        causes,
    );
}

/// What a listener does: sign in first where the model says so, then forward, or answer that there is nothing.
fn actions(scope: &Scope<'_>, balancer: ServiceId, target: Option<&Target>) -> Vec<Body> {
    let pool = scope
        .service(balancer)
        .settings
        .service("auth")
        .or_else(|| target.and_then(|target| scope.service(target.service).settings.service("auth")));
    let sign_in = pool.filter(|_| target.is_some()).map(|pool| sign_in(scope, balancer, pool));
    let last = target.map_or_else(not_found, |target| forward(scope, target));
    sign_in.into_iter().chain([last]).collect()
}

fn not_found() -> Body {
    body! {
        type = "fixed-response";
        fixed_response {
            content_type = "application/json";
            message_body = json(map([("message", "not found")]));
            status_code = "404";
        }
    }
}

fn sign_in(scope: &Scope<'_>, balancer: ServiceId, pool: ServiceId) -> Body {
    let client = format!("{}_{}", scope.label(pool), scope.label(balancer));
    body! {
        type = "authenticate-cognito";
        order = 1_u64;
        authenticate_cognito {
            user_pool_arn = scope.attribute("aws_cognito_user_pool", pool, "arn");
            user_pool_client_id = code(format!("aws_cognito_user_pool_client.{client}.id"));
            user_pool_domain = scope.attribute("aws_cognito_user_pool_domain", pool, "domain");
        }
    }
}

fn forward(scope: &Scope<'_>, target: &Target) -> Body {
    let label = group_label(scope, target);
    if pods(scope, target.service) == 1 {
        return body! { type = "forward"; order ?= ordered(scope, target); target_group_arn = code(format!("aws_lb_target_group.{label}.arn")); };
    }
    let each = body! {
        for_each = code(format!("aws_lb_target_group.{label}"));
        content { arn = code("target_group.value.arn"); weight = 1_u64; }
    };
    let mut forward = Body::default();
    forward.push_labelled(Block::new("dynamic", &["target_group"], each));
    body! { type = "forward"; order ?= ordered(scope, target); forward ?{ Some(forward) } }
}

/// The second step where signing in is the first.
fn ordered(scope: &Scope<'_>, target: &Target) -> Option<u64> {
    let has = |id: ServiceId| scope.service(id).settings.service("auth").is_some();
    (has(target.balancer) || has(target.service)).then_some(2)
}

/// Browsers that come without TLS are sent to the listener that has it.
fn emit_redirect(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let is_open = scope
        .facts
        .network
        .of(id)
        .any(|rule| rule.port == 80 && rule.direction == crate::derive::network::Direction::Ingress);
    let is_tls = scope.facts.network.listener(id).is_some_and(|listener| listener.tls && listener.port != 80);
    if !is_open || !is_tls || !scope.service(id).settings.is_on("redirect") {
        return;
    }
    let body = body! {
        load_balancer_arn = scope.attribute("aws_lb", id, "arn");
        port = 80_u64;
        protocol = "HTTP";
        default_action {
            type = "redirect";
            redirect { port = "443"; protocol = "HTTPS"; status_code = "HTTP_301"; }
        }
    };
    let label = format!("{}_redirect", scope.label(id));
    module.add(scope, id, File::LoadBalancing, Block::resource("aws_lb_listener", &label, body));
}

/// A path ending in `/*` also means the collection itself.
fn path_patterns(path: &Text) -> Vec<Expr> {
    let whole: String = path.chars().collect();
    match whole.strip_suffix("/*") {
        Some(stem) if !stem.is_empty() => vec![stem.into(), whole.clone().into()],
        _ => vec![whole.into()],
    }
}

/// Longer paths come first; within a length the place follows from the label, so that a new rule moves no other one.
fn priority(target: &Target, label: &str, taken: &mut BTreeSet<u64>) -> u64 {
    let depth = |path: &Text| u64::try_from(path.chars().filter(|c| *c == '/').count()).unwrap_or(9);
    let deepest = target.paths.iter().map(depth).max().unwrap_or(1).min(9);
    let spread = label.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 4_999);
    let start = (9 - deepest) * 5_000 + spread + 1;
    let free = (start..start + 5_000).find(|number| !taken.contains(number)).unwrap_or(start);
    taken.insert(free);
    free
}

fn emit_rule(scope: &Scope<'_>, target: &Target, taken: &mut BTreeSet<u64>, module: &mut Module) {
    let patterns: Vec<Expr> = target.paths.iter().flat_map(path_patterns).collect();
    let label = group_label(scope, target);
    let body = body! {
        listener_arn = scope.attribute("aws_lb_listener", target.balancer, "arn");
        priority = priority(target, &label, taken);
        action ?{ actions(scope, target.balancer, Some(target)) }
        condition { path_pattern { values = list(patterns); } }
    };
    let block = Block::resource("aws_lb_listener_rule", &label, body);
    module.add_caused(scope, target.service, File::LoadBalancing, block, &target.causes);
}
