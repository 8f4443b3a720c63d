//! Certificates, names, distributions and firewalls.

use crate::emit::terraform::hcl::{Block, Expr, body, code};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

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
