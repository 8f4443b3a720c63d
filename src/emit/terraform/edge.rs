//! Certificates, names, distributions and firewalls.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, list, template};
use crate::emit::terraform::keys;
use crate::emit::terraform::module::{File, Module, named_tags};
use crate::emit::terraform::scope::Scope;
use crate::model::{ServiceId, Value};

/// The certificate an entry uses, by its setting or by a flow from it.
pub fn certificate_of(scope: &Scope<'_>, id: ServiceId) -> Option<Expr> {
    let stated = scope.service(id).settings.service("certificate");
    let by_flow = || scope.flows_to(id).map(|(_, flow)| flow.from).find(|from| scope.is_a(*from, "acm"));
    let certificate = stated.or_else(by_flow)?;
    Some(certificate_arn(scope, certificate))
}

/// A certificate that Route 53 proves is used once it is proven.
fn certificate_arn(scope: &Scope<'_>, id: ServiceId) -> Expr {
    if zone_of(scope).is_some() && scope.service(id).settings.word("validation") != Some("email") {
        scope.attribute("aws_acm_certificate_validation", id, "certificate_arn")
    } else {
        scope.attribute("aws_acm_certificate", id, "arn")
    }
}

/// The system's hosted zone.
fn zone_of(scope: &Scope<'_>) -> Option<ServiceId> {
    scope.services_of("route53").find(|zone| !scope.service(*zone).settings.is_on("private"))
}

/// A domain name of its own for an API.
pub fn api_domain(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(domain) = scope.service(id).settings.text("domain") else { return };
    let label = scope.label(id);
    let certificate = crate::emit::terraform::balance::certificate(scope, id, module);
    let name = body! {
        domain_name = Expr::text(domain);
        domain_name_configuration {
            certificate_arn = certificate;
            endpoint_type = "REGIONAL";
            security_policy = "TLS_1_2";
        }
    };
    module.add(scope, id, File::Api, Block::resource("aws_apigatewayv2_domain_name", label, name));
    let is_rest = scope.is_a(id, "api_rest");
    let stage = if is_rest { "aws_api_gateway_stage" } else { "aws_apigatewayv2_stage" };
    let attribute = if is_rest { "stage_name" } else { "id" };
    let api = if is_rest { "aws_api_gateway_rest_api" } else { "aws_apigatewayv2_api" };
    let mapping = body! {
        api_id = scope.attribute(api, id, "id");
        domain_name = code(format!("aws_apigatewayv2_domain_name.{label}.id"));
        stage = scope.attribute(stage, id, attribute);
    };
    module.add(scope, id, File::Api, Block::resource("aws_apigatewayv2_api_mapping", label, mapping));
}

/// The kind `acm`.
pub fn certificate(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let by_email = settings.word("validation") == Some("email");
    let domain = match settings.text("domain") {
        Some(domain) => Expr::text(domain),
        None => crate::emit::terraform::balance::domain(scope, id, module),
    };
    let body = body! {
        domain_name = domain;
        subject_alternative_names ?= settings.text("names").map(common::listed);
        validation_method = if by_email { "EMAIL" } else { "DNS" };
        key_algorithm = settings.word("key-algorithm").unwrap_or("RSA_2048");
        tags = common::service_tag(scope, id);
        lifecycle { create_before_destroy = true; }
    };
    module.add(scope, id, File::Edge, Block::resource("aws_acm_certificate", label, body));
    if let Some(zone) = zone_of(scope).filter(|_| !by_email) {
        emit_validation(scope, id, zone, module);
    }
}

fn emit_validation(scope: &Scope<'_>, id: ServiceId, zone: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let options = format!(
        "{{ for option in aws_acm_certificate.{label}.domain_validation_options : option.domain_name => option }}"
    );
    let record = body! {
        for_each = code(options);
        zone_id = scope.attribute("aws_route53_zone", zone, "zone_id");
        name = code("each.value.resource_record_name");
        type = code("each.value.resource_record_type");
        records = [code("each.value.resource_record_value")];
        ttl = scope.service(zone).settings.time("ttl").map_or(60, crate::units::Millis::seconds);
        allow_overwrite = true;
    };
    let own = format!("{label}_validation");
    module.add(scope, id, File::Edge, Block::resource("aws_route53_record", &own, record));
    let proven = body! {
        certificate_arn = code(format!("aws_acm_certificate.{label}.arn"));
        validation_record_fqdns = code(format!("[for record in aws_route53_record.{own} : record.fqdn]"));
    };
    module.add(scope, id, File::Edge, Block::resource("aws_acm_certificate_validation", label, proven));
}

/// The kind `route53`.
pub fn zone(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let private = settings.is_on("private").then(|| {
        let vpcs = &scope.facts.network.vpcs;
        vpcs.iter()
            .map(|vpc| body! { vpc_id = code(format!("aws_vpc.{}.id", scope.place_label(vpc.place))); })
            .collect::<Vec<Body>>()
    });
    let domain = match settings.text("domain") {
        Some(domain) => Expr::text(domain),
        None => crate::emit::terraform::balance::domain(scope, id, module),
    };
    let body = body! {
        name = domain;
        comment = Expr::text(&scope.service(id).title);
        vpc ?{ private.unwrap_or_default() }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Edge, Block::resource("aws_route53_zone", label, body));
    if !settings.is_on("private") {
        emit_query_log(scope, id, module);
    }
    if settings.is_on("dnssec") && !settings.is_on("private") {
        emit_signing(scope, id, module);
    }
    let targets: Vec<ServiceId> =
        scope.model.services.ids().filter(|entry| is_named(scope, id, *entry)).collect();
    for entry in targets {
        emit_alias(scope, id, entry, module);
    }
    if !settings.is_on("private") {
        module.output(
            &format!("{label}_name_servers"),
            &format!("Name servers of the zone {}.", scope.service(id).name),
            code(format!("aws_route53_zone.{label}.name_servers")),
        );
    }
}

/// Queries are logged to us-east-1, where Route 53 writes; the groups of the prefix admit Route 53 of this account alone.
fn emit_query_log(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(days) = common::log_days(scope, id).filter(|_| scope.service(id).settings.is_stated("logs"))
    else {
        return;
    };
    let label = scope.label(id);
    let causes = common::setting_causes(scope, id, "logs");
    let name = template(&format!("/aws/route53/${{local.name}}-{}", scope.lower(id)));
    common::log_group(scope, module, HOME, &causes, (label, name, days));
    let statement = body! {
        sid = "WriteQueries";
        actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
        resources = [template(&format!("${{aws_cloudwatch_log_group.{label}.arn}}:*"))];
        principals { type = "Service"; identifiers = ["route53.amazonaws.com"]; }
        condition { test = "StringEquals"; variable = "aws:SourceAccount"; values = [code("local.account_id")]; }
    };
    let own = format!("{label}_queries");
    let document = body! { statement ?{ Some(statement) } };
    let policy = body! {
        policy_name = scope.name_within(id, "-queries", 255);
        policy_document = code(format!("data.aws_iam_policy_document.{own}.json"));
    };
    let log = body! {
        cloudwatch_log_group_arn = code(format!("aws_cloudwatch_log_group.{label}.arn"));
        zone_id = code(format!("aws_route53_zone.{label}.zone_id"));
        depends_on = [code(format!("aws_cloudwatch_log_resource_policy.{own}"))];
    };
    for block in [
        Block::data("aws_iam_policy_document", &own, document),
        Block::resource("aws_cloudwatch_log_resource_policy", &own, policy),
        Block::resource("aws_route53_query_log", label, log),
    ] {
        module.add_in(scope, HOME, File::Edge, block);
    }
}

/// Where the services of the edge keep keys, certificates and logs.
const HOME: &str = "us-east-1";

/// Signs a zone's answers; the record of trust is the registrar's to publish, so it is an output.
fn emit_signing(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let key = keys::zone_key(scope, id, module);
    let signer = body! {
        name = scope.lower(id).replace('-', "_");
        hosted_zone_id = code(format!("aws_route53_zone.{label}.zone_id"));
        key_management_service_arn = key;
    };
    let causes = common::setting_causes(scope, id, "dnssec");
    let signer = Block::resource("aws_route53_key_signing_key", label, signer);
    module.add_caused(scope, id, File::Edge, signer, &causes);
    let zone = body! {
        hosted_zone_id = code(format!("aws_route53_zone.{label}.zone_id"));
        depends_on = [code(format!("aws_route53_key_signing_key.{label}"))];
    };
    let zone = Block::resource("aws_route53_hosted_zone_dnssec", label, zone);
    module.add_caused(scope, id, File::Edge, zone, &causes);
    module.output(
        &format!("{label}_ds_record"),
        &format!("DS record that the registrar publishes for the zone {}.", scope.service(id).name),
        code(format!("aws_route53_key_signing_key.{label}.ds_record")),
    );
}

/// Kinds that an alias can lead to: addresses of the name and of the zone.
const ALIASES: &[(&str, &str, &str)] = &[
    ("alb", "aws_lb.@.dns_name", "aws_lb.@.zone_id"),
    (
        "api_http",
        "aws_apigatewayv2_domain_name.@.domain_name_configuration[0].target_domain_name",
        "aws_apigatewayv2_domain_name.@.domain_name_configuration[0].hosted_zone_id",
    ),
    (
        "api_rest",
        "aws_apigatewayv2_domain_name.@.domain_name_configuration[0].target_domain_name",
        "aws_apigatewayv2_domain_name.@.domain_name_configuration[0].hosted_zone_id",
    ),
    (
        "cloudfront",
        "aws_cloudfront_distribution.@.domain_name",
        "aws_cloudfront_distribution.@.hosted_zone_id",
    ),
    ("nlb", "aws_lb.@.dns_name", "aws_lb.@.zone_id"),
];

/// Is the entry's domain in the zone, or does the zone lead to it by a flow?
fn is_named(scope: &Scope<'_>, zone: ServiceId, entry: ServiceId) -> bool {
    let domain = |id: ServiceId| {
        scope.service(id).settings.text("domain").map(|text| text.chars().collect::<String>())
    };
    let within = || {
        let (Some(zone), Some(own)) = (domain(zone), domain(entry)) else { return false };
        own == zone || own.ends_with(&format!(".{zone}"))
    };
    let known = ALIASES.iter().any(|(kind, ..)| scope.is_a(entry, kind));
    known && domain(entry).is_some() && (within() || scope.flows_from(zone).any(|(_, flow)| flow.to == entry))
}

fn emit_alias(scope: &Scope<'_>, zone: ServiceId, entry: ServiceId, module: &mut Module) {
    let row = ALIASES.iter().find(|(kind, ..)| scope.is_a(entry, kind));
    let (Some((_, name, hosted)), Some(domain)) = (row, scope.service(entry).settings.text("domain")) else {
        return;
    };
    let fill = |address: &str| code(address.replace('@', scope.label(entry)));
    let health = emit_health_check(scope, zone, entry, module);
    for kind in ["A", "AAAA"].iter().filter(|kind| **kind == "A" || scope.is_a(entry, "cloudfront")) {
        let body = body! {
            zone_id = scope.attribute("aws_route53_zone", zone, "zone_id");
            name = Expr::text(domain);
            type = *kind;
            health_check_id ?= health.clone();
            alias { name = fill(name); zone_id = fill(hosted); evaluate_target_health = !scope.is_a(entry, "cloudfront"); }
        };
        let label = format!("{}_{}_{}", scope.label(zone), scope.label(entry), kind.to_lowercase());
        module.add(scope, entry, File::Edge, Block::resource("aws_route53_record", &label, body));
    }
}

/// The way from the internet to an entry, asked from several regions; nothing when the zone states no path.
fn emit_health_check(
    scope: &Scope<'_>,
    zone: ServiceId,
    entry: ServiceId,
    module: &mut Module,
) -> Option<Expr> {
    let settings = &scope.service(zone).settings;
    let path = settings.text("health").filter(|_| !settings.is_on("private"))?;
    let domain = scope.service(entry).settings.text("domain")?;
    let label = format!("{}_{}", scope.label(zone), scope.label(entry));
    let check = body! {
        type = "HTTPS";
        fqdn = Expr::text(domain);
        port = 443_u64;
        resource_path = Expr::text(path);
        request_interval = 30_u64;
        failure_threshold = 3_u64;
        measure_latency = true;
        tags = named_tags(scope.name_within(entry, "", 128));
    };
    let causes = common::setting_causes(scope, zone, "health");
    let block = Block::resource("aws_route53_health_check", &label, check);
    module.add_caused(scope, zone, File::Edge, block, &causes);
    Some(code(format!("aws_route53_health_check.{label}.id")))
}

/// AWS's groups of rules by the words of the language.
const RULES: &[(&str, &str)] = &[
    ("common", "AWSManagedRulesCommonRuleSet"),
    ("bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet"),
    ("ip-reputation", "AWSManagedRulesAmazonIpReputationList"),
    ("anonymous-ip", "AWSManagedRulesAnonymousIpList"),
    ("sql", "AWSManagedRulesSQLiRuleSet"),
    ("linux", "AWSManagedRulesLinuxRuleSet"),
    ("bot-control", "AWSManagedRulesBotControlRuleSet"),
];

fn visibility(name: &str) -> Body {
    body! { cloudwatch_metrics_enabled = true; metric_name = name; sampled_requests_enabled = true; }
}

fn managed_rule(name: &str, group: &str, priority: u64, counts: bool) -> Body {
    let action = if counts {
        body! { count {} }
    } else {
        body! { none {} }
    };
    body! {
        name = name;
        priority = priority;
        override_action ?{ Some(action) }
        statement { managed_rule_group_statement { name = group; vendor_name = "AWS"; } }
        visibility_config ?{ Some(visibility(name)) }
    }
}

fn rate_rule(most: u64, counts: bool) -> Body {
    let action = if counts {
        body! { count {} }
    } else {
        body! { block {} }
    };
    body! {
        name = "rate";
        priority = 100_u64;
        action ?{ Some(action) }
        statement { rate_based_statement { limit = most.max(10); aggregate_key_type = "IP"; } }
        visibility_config ?{ Some(visibility("rate")) }
    }
}

fn country_rule(countries: &[String]) -> Body {
    let codes = countries.iter().map(|country| Expr::from(country.to_uppercase()));
    body! {
        name = "countries";
        priority = 101_u64;
        action { block {} }
        statement { not_statement { statement { geo_match_statement { country_codes = list(codes); } } } }
        visibility_config ?{ Some(visibility("countries")) }
    }
}

/// The kind `waf`.
pub fn firewall(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let counts = settings.word("mode") == Some("count");
    let words = settings.words("rules");
    let known = words.iter().filter_map(|word| RULES.iter().find(|(name, _)| name == word));
    let mut rules: Vec<Body> =
        known.zip(1..).map(|((name, group), priority)| managed_rule(name, group, priority, counts)).collect();
    rules.push(rate_rule(settings.count("rate").unwrap_or(2_000), counts));
    let countries = settings.words("countries");
    rules.extend((!countries.is_empty()).then(|| country_rule(countries)));
    let is_edge = settings.word("scope") == Some("cloudfront");
    let body = body! {
        name = scope.name_within(id, "", 128);
        description = format!("Firewall {}", scope.service(id).name);
        scope = if is_edge { "CLOUDFRONT" } else { "REGIONAL" };
        default_action { allow {} }
        rule ?{ rules }
        visibility_config ?{ Some(visibility(&scope.lower(id))) }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Edge, Block::resource("aws_wafv2_web_acl", label, body));
    common::service_logs(scope, id, module, &format!("aws-waf-logs-${{local.name}}-{}", scope.lower(id)));
    let logging = body! {
        resource_arn = code(format!("aws_wafv2_web_acl.{label}.arn"));
        log_destination_configs = [code(format!("aws_cloudwatch_log_group.{label}.arn"))];
        redacted_fields { single_header { name = "authorization"; } }
    };
    module.add(
        scope,
        id,
        File::Edge,
        Block::resource("aws_wafv2_web_acl_logging_configuration", label, logging),
    );
    if !is_edge {
        emit_associations(scope, id, module);
    }
}

/// Kinds a regional firewall stands before, with the address of the ARN.
const GUARDED: [(&str, &str); 3] = [
    ("alb", "aws_lb.@.arn"),
    ("api_rest", "aws_api_gateway_stage.@.arn"),
    ("cognito", "aws_cognito_user_pool.@.arn"),
];

fn emit_associations(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let guards = |entry: ServiceId| {
        scope.service(entry).settings.service("waf") == Some(id)
            || scope.flows_from(id).any(|(_, flow)| flow.to == entry)
    };
    let entries: Vec<ServiceId> = scope.model.services.ids().filter(|entry| guards(*entry)).collect();
    for entry in entries {
        let Some((_, address)) = GUARDED.iter().find(|(kind, _)| scope.is_a(entry, kind)) else { continue };
        let body = body! {
            resource_arn = code(address.replace('@', scope.label(entry)));
            web_acl_arn = scope.attribute("aws_wafv2_web_acl", id, "arn");
        };
        let label = format!("{}_{}", scope.label(id), scope.label(entry));
        module.add(scope, id, File::Edge, Block::resource("aws_wafv2_web_acl_association", &label, body));
    }
}

/// The firewall of a distribution: by its setting, or by a flow.
fn firewall_of(scope: &Scope<'_>, id: ServiceId) -> Option<ServiceId> {
    let by_flow = || scope.flows_to(id).map(|(_, flow)| flow.from).find(|from| scope.is_a(*from, "waf"));
    scope.service(id).settings.service("waf").or_else(by_flow)
}

/// One origin of a distribution.
struct Origin {
    service: ServiceId,
    path: String,
}

/// The origins of a distribution, the default first: the only one that computes, otherwise the first bucket.
fn origins(scope: &Scope<'_>, id: ServiceId) -> Vec<Origin> {
    let stated = match scope.service(id).settings.0.get("origin").map(|setting| &setting.value) {
        Some(Value::Service(origin)) => Some((*origin, None)),
        _ => None,
    };
    let flows = scope
        .flows_from(id)
        .filter(|(_, flow)| flow.is_whole())
        .map(|(_, flow)| (flow.to, flow.path.as_ref()));
    let mut found: Vec<Origin> = Vec::new();
    for (service, path) in stated.into_iter().chain(flows) {
        if found.iter().all(|known| known.service != service) {
            let own = path
                .map_or_else(|| format!("/{}/*", scope.service(service).name), |path| path.chars().collect());
            found.push(Origin { service, path: own });
        }
    }
    let computing: Vec<usize> = found
        .iter()
        .enumerate()
        .filter(|(_, origin)| !scope.is_a(origin.service, "s3"))
        .map(|(index, _)| index)
        .collect();
    let first = match computing.as_slice() {
        [only] => *only,
        _ => found.iter().position(|origin| scope.is_a(origin.service, "s3")).unwrap_or(0),
    };
    if first < found.len() {
        let origin = found.remove(first);
        found.insert(0, origin);
    }
    found
}

/// The kind `cloudfront`.
pub fn distribution(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let settings = &scope.service(id).settings;
    let origins = origins(scope, id);
    for origin in &origins {
        emit_origin_sides(scope, id, origin.service, module);
    }
    emit_policies(scope, id, module);
    let bodies: Vec<Body> =
        origins.iter().map(|origin| origin_body(scope, id, origin.service, module)).collect();
    let mut behaviours = origins.iter().map(|origin| behaviour(scope, id, origin));
    let default = behaviours.next();
    let ordered = behaviours
        .zip(origins.iter().skip(1))
        .map(|(body, origin)| body! { path_pattern = origin.path.as_str(); }.and(body));
    let root = settings.text("root").map_or_else(|| Expr::from("index.html"), Expr::text);
    let has_site = origins.first().is_some_and(|origin| scope.is_a(origin.service, "s3"));
    let countries = settings.words("countries");
    let restriction = if countries.is_empty() {
        body! { restriction_type = "none"; }
    } else {
        body! { restriction_type = "whitelist"; locations = list(countries.iter().map(|country| country.to_uppercase())); }
    };
    let class = match settings.word("class") {
        Some("all") => "PriceClass_All",
        Some("200") => "PriceClass_200",
        _ => "PriceClass_100",
    };
    let body = body! {
        comment = Expr::text(&scope.service(id).title);
        enabled = true;
        is_ipv6_enabled = true;
        http_version = "http2and3";
        price_class = class;
        default_root_object ?= has_site.then_some(root);
        aliases ?= settings.text("domain").map(|domain| list([Expr::text(domain)]));
        web_acl_id ?= firewall_of(scope, id).map(|waf| scope.attribute("aws_wafv2_web_acl", waf, "arn"));
        origin ?{ bodies }
        default_cache_behavior ?{ default }
        ordered_cache_behavior ?{ ordered }
        restrictions { geo_restriction ?{ Some(restriction) } }
        viewer_certificate ?{ Some(viewer(scope, id)) }
        tags = common::service_tag(scope, id);
    };
    module.add(scope, id, File::Edge, Block::resource("aws_cloudfront_distribution", label, body));
    emit_delivery(scope, id, module);
    let domain = code(format!("aws_cloudfront_distribution.{label}.domain_name"));
    module.output(&format!("{label}_domain"), &format!("Domain name of {}.", scope.service(id).name), domain);
}

fn viewer(scope: &Scope<'_>, id: ServiceId) -> Body {
    let least = scope.service(id).settings.word("tls-min").unwrap_or("TLSv1.2_2021").to_owned();
    let own = certificate_of(scope, id).map(|certificate| {
        body! { acm_certificate_arn = certificate; ssl_support_method = "sni-only"; minimum_protocol_version = least; }
    });
    own.unwrap_or_else(|| body! { cloudfront_default_certificate = true; })
}

/// Policies that AWS keeps, and the headers of every answer.
fn emit_policies(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let managed = [
        ("aws_cloudfront_cache_policy", "optimized", "Managed-CachingOptimized"),
        ("aws_cloudfront_cache_policy", "disabled", "Managed-CachingDisabled"),
        ("aws_cloudfront_origin_request_policy", "viewer", "Managed-AllViewerExceptHostHeader"),
    ];
    for (kind, label, name) in managed {
        if module.claim(&format!("data.{kind}.{label}")) {
            module.push(File::Edge, Block::data(kind, label, body! { name = name; }));
        }
    }
    emit_cache_policy(scope, id, module);
    if !scope.service(id).settings.is_on("headers") {
        return;
    }
    let security = body! {
        content_type_options { override = true; }
        frame_options { frame_option = "DENY"; override = true; }
        referrer_policy { referrer_policy = "strict-origin-when-cross-origin"; override = true; }
        strict_transport_security { access_control_max_age_sec = 63_072_000_u64; include_subdomains = true; preload = true; override = true; }
    };
    let body = body! { name = scope.name(id); security_headers_config ?{ Some(security) } };
    module.add(
        scope,
        id,
        File::Edge,
        Block::resource("aws_cloudfront_response_headers_policy", scope.label(id), body),
    );
}

/// How long answers are kept when the model says so; otherwise AWS's own policy is used, which keeps them for a day.
fn emit_cache_policy(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(seconds) = own_cache(scope, id) else { return };
    let none = |kind: &str| body! {}.with(kind, "none");
    let key = body! {
        enable_accept_encoding_brotli = true;
        enable_accept_encoding_gzip = true;
        cookies_config ?{ Some(none("cookie_behavior")) }
        headers_config ?{ Some(none("header_behavior")) }
        query_strings_config ?{ Some(none("query_string_behavior")) }
    };
    let body = body! {
        name = scope.name_within(id, "", 128);
        comment = Expr::text(&scope.service(id).title);
        min_ttl = 1_u64.min(seconds);
        default_ttl = seconds;
        max_ttl = seconds.max(31_536_000);
        parameters_in_cache_key_and_forwarded_to_origin ?{ Some(key) }
    };
    let block = Block::resource("aws_cloudfront_cache_policy", scope.label(id), body);
    module.add_caused(scope, id, File::Edge, block, &common::setting_causes(scope, id, "cache"));
}

/// The seconds an answer is kept, when the model states them.
fn own_cache(scope: &Scope<'_>, id: ServiceId) -> Option<u64> {
    let settings = &scope.service(id).settings;
    settings.time("cache").filter(|_| settings.is_stated("cache")).map(crate::units::Millis::seconds)
}

fn behaviour(scope: &Scope<'_>, id: ServiceId, origin: &Origin) -> Body {
    let is_static = scope.is_a(origin.service, "s3");
    let methods: &[&str] = if is_static {
        &["GET", "HEAD", "OPTIONS"]
    } else {
        &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    };
    let cache = if is_static { "optimized" } else { "disabled" };
    let own = own_cache(scope, id)
        .filter(|_| is_static)
        .map(|_| scope.attribute("aws_cloudfront_cache_policy", id, "id"));
    let headers = scope
        .service(id)
        .settings
        .is_on("headers")
        .then(|| scope.attribute("aws_cloudfront_response_headers_policy", id, "id"));
    body! {
        target_origin_id = Expr::from(&scope.service(origin.service).name);
        viewer_protocol_policy = "redirect-to-https";
        allowed_methods = list(methods.iter().copied());
        cached_methods = ["GET", "HEAD"];
        compress = true;
        cache_policy_id = own.unwrap_or_else(|| code(format!("data.aws_cloudfront_cache_policy.{cache}.id")));
        origin_request_policy_id ?= (!is_static).then(|| code("data.aws_cloudfront_origin_request_policy.viewer.id"));
        response_headers_policy_id ?= headers;
    }
}

/// What an origin needs beside the distribution: access control, a private way, an address.
fn emit_origin_sides(scope: &Scope<'_>, id: ServiceId, origin: ServiceId, module: &mut Module) {
    let label = format!("{}_{}", scope.label(id), scope.label(origin));
    let is_function = scope.is_a(origin, "lambda");
    if scope.is_a(origin, "s3") || is_function {
        let control = body! {
            name = template(&format!("${{local.name}}-{}-{}", scope.lower(id), scope.lower(origin)));
            description = format!("{} reads {}", scope.service(id).name, scope.service(origin).name);
            origin_access_control_origin_type = if is_function { "lambda" } else { "s3" };
            signing_behavior = "always";
            signing_protocol = "sigv4";
        };
        module.add(
            scope,
            id,
            File::Edge,
            Block::resource("aws_cloudfront_origin_access_control", &label, control),
        );
    }
    if is_function {
        let url = body! { function_name = scope.attribute("aws_lambda_function", origin, "function_name"); authorization_type = "AWS_IAM"; };
        module.add(
            scope,
            origin,
            File::Functions,
            Block::resource("aws_lambda_function_url", scope.label(origin), url),
        );
    }
    if scope.is_a(origin, "alb") || scope.is_a(origin, "nlb") {
        let tls = scope.facts.network.listener(origin).is_none_or(|listener| listener.tls);
        let config = body! {
            name = scope.name(origin);
            arn = scope.attribute("aws_lb", origin, "arn");
            http_port = 80_u64;
            https_port = 443_u64;
            origin_protocol_policy = if tls { "https-only" } else { "http-only" };
            origin_ssl_protocols { items = ["TLSv1.2"]; quantity = 1_u64; }
        };
        let body = body! { vpc_origin_endpoint_config ?{ Some(config) } };
        module.add(scope, id, File::Edge, Block::resource("aws_cloudfront_vpc_origin", &label, body));
    }
}

fn origin_body(scope: &Scope<'_>, id: ServiceId, origin: ServiceId, module: &mut Module) -> Body {
    let label = format!("{}_{}", scope.label(id), scope.label(origin));
    let head = body! { origin_id = Expr::from(&scope.service(origin).name); };
    let controlled = || code(format!("aws_cloudfront_origin_access_control.{label}.id"));
    let host = |address: Expr| {
        let address = address.as_code().unwrap_or("\"\"").to_owned();
        code(format!("split(\"/\", trimprefix({address}, \"https://\"))[0]"))
    };
    if scope.is_a(origin, "s3") {
        let domain = scope.attribute("aws_s3_bucket", origin, "bucket_regional_domain_name");
        return head.and(body! { domain_name = domain; origin_access_control_id = controlled(); });
    }
    if scope.is_a(origin, "alb") || scope.is_a(origin, "nlb") {
        let domain = crate::emit::terraform::balance::domain(scope, origin, module);
        let config = body! { vpc_origin_id = code(format!("aws_cloudfront_vpc_origin.{label}.id")); };
        return head.and(body! { domain_name = domain; vpc_origin_config ?{ Some(config) } });
    }
    let custom = body! { http_port = 80_u64; https_port = 443_u64; origin_protocol_policy = "https-only"; origin_ssl_protocols = ["TLSv1.2"]; };
    if scope.is_a(origin, "lambda") {
        let domain = host(scope.attribute("aws_lambda_function_url", origin, "function_url"));
        return head.and(body! { domain_name = domain; origin_access_control_id = controlled(); custom_origin_config ?{ Some(custom) } });
    }
    let address = match origin {
        api if scope.is_a(api, "api_http") => {
            host(scope.attribute("aws_apigatewayv2_api", api, "api_endpoint"))
        }
        api if scope.is_a(api, "api_rest") => {
            host(scope.attribute("aws_api_gateway_stage", api, "invoke_url"))
        }
        other => outside(scope, other, module),
    };
    let path = scope
        .is_a(origin, "api_rest")
        .then(|| template(&format!("/${{aws_api_gateway_stage.{}.stage_name}}", scope.label(origin))));
    head.and(body! { domain_name = address; origin_path ?= path; custom_origin_config ?{ Some(custom) } })
}

/// The host of something outside.
fn outside(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let url = crate::emit::terraform::api::address(scope, id, module);
    crate::emit::terraform::hcl::call("regex", ["[^/]+\\.[^/]+".into(), url])
}

/// Access logs go to a log group of the region that CloudFront's logs live in.
fn emit_delivery(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    if common::log_days(scope, id).is_none() {
        return;
    }
    common::service_logs(scope, id, module, &format!("/aws/cloudfront/${{local.name}}-{}", scope.lower(id)));
    let source = body! {
        name = scope.name_within(id, "", 60);
        log_type = "ACCESS_LOGS";
        resource_arn = code(format!("aws_cloudfront_distribution.{label}.arn"));
    };
    module.add(scope, id, File::Edge, Block::resource("aws_cloudwatch_log_delivery_source", label, source));
    let destination = body! {
        name = scope.name_within(id, "", 60);
        output_format = "json";
        delivery_destination_configuration { destination_resource_arn = code(format!("aws_cloudwatch_log_group.{label}.arn")); }
    };
    module.add(
        scope,
        id,
        File::Edge,
        Block::resource("aws_cloudwatch_log_delivery_destination", label, destination),
    );
    let delivery = body! {
        delivery_source_name = code(format!("aws_cloudwatch_log_delivery_source.{label}.name"));
        delivery_destination_arn = code(format!("aws_cloudwatch_log_delivery_destination.{label}.arn"));
    };
    module.add(scope, id, File::Edge, Block::resource("aws_cloudwatch_log_delivery", label, delivery));
}
