//! User pools.

use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Expr, body, code, list, map, template};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::emit::terraform::scope::Scope;
use crate::model::ServiceId;

/// The kind `cognito`.
pub fn cognito(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    emit_pool(scope, id, module);
    let stated = scope.service(id).settings.text("domain");
    let is_own = stated.is_some_and(|domain| domain.chars().any(|c| c == '.'));
    let prefix = template(&format!("${{local.name}}-{}-${{local.account_id}}", scope.lower(id)));
    let certificate = is_own.then(|| sign_in_certificate(scope, id, module));
    let domain = body! {
        domain = stated.map_or(prefix, Expr::text);
        user_pool_id = code(format!("aws_cognito_user_pool.{label}.id"));
        certificate_arn ?= certificate;
        managed_login_version ?= (plan(scope, id) != "LITE").then_some(2_u64);
    };
    module.add(scope, id, File::Identity, Block::resource("aws_cognito_user_pool_domain", &label, domain));
    emit_client(scope, id, module);
    emit_balancer_clients(scope, id, module);
    if scope.service(id).settings.is_on("guests") {
        emit_guests(scope, id, module);
    }
    module.output(
        &format!("{label}_user_pool_id"),
        &format!("User pool {}.", scope.service(id).name),
        code(format!("aws_cognito_user_pool.{label}.id")),
    );
    module.output(
        &format!("{label}_client_id"),
        &format!("Client of the application at {}.", scope.service(id).name),
        code(format!("aws_cognito_user_pool_client.{label}.id")),
    );
}

/// The certificate of a sign-in page under a domain of one's own: CloudFront serves it, so it lives in us-east-1.
fn sign_in_certificate(scope: &Scope<'_>, id: ServiceId, module: &mut Module) -> Expr {
    let name = format!("{}_certificate_arn", scope.label(id));
    let description = format!(
        "ARN of the ACM certificate of the sign-in page of {}, in us-east-1.",
        scope.service(id).name
    );
    let example = "arn:aws:acm:us-east-1:123456789012:certificate/6f1c3a52-7d07-4a8c-9f5d-0f4c6c1d2b3a";
    let condition = format!("can(regex(\"^arn:aws[a-z-]*:acm:us-east-1:\", var.{name}))");
    let variable = Variable::required("string", description, example);
    module.variable(&name, variable.checked(condition, "Must be the ARN of an ACM certificate in us-east-1."))
}

/// Credentials for people who have not signed in: a role that may do nothing until it is given a policy.
fn emit_guests(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id);
    let guests = format!("{label}_guests");
    let causes = common::setting_causes(scope, id, "guests");
    let pool = body! {
        identity_pool_name = scope.name(id);
        allow_unauthenticated_identities = true;
        allow_classic_flow = false;
        cognito_identity_providers {
            client_id = code(format!("aws_cognito_user_pool_client.{label}.id"));
            provider_name = code(format!("aws_cognito_user_pool.{label}.endpoint"));
            server_side_token_check = true;
        }
    };
    let condition = |test: &str, key: &str, value: Expr| {
        body! { test = test; variable = format!("cognito-identity.amazonaws.com:{key}"); values = list([value]); }
    };
    let own = code(format!("aws_cognito_identity_pool.{label}.id"));
    let conditions = [
        condition("StringEquals", "aud", own.clone()),
        condition("ForAnyValue:StringLike", "amr", "unauthenticated".into()),
    ];
    let trust = body! {
        statement {
            actions = ["sts:AssumeRoleWithWebIdentity"];
            principals { type = "Federated"; identifiers = ["cognito-identity.amazonaws.com"]; }
            condition ?{ conditions }
        }
    };
    let role = body! {
        name = scope.name_within(id, "-guests", 64);
        description = format!("Guests of {}", scope.service(id).name);
        assume_role_policy = code(format!("data.aws_iam_policy_document.{guests}.json"));
    };
    let roles = body! {
        identity_pool_id = own;
        roles = map([("unauthenticated", code(format!("aws_iam_role.{guests}.arn")))]);
    };
    for (file, block) in [
        (File::Identity, Block::resource("aws_cognito_identity_pool", label, pool)),
        (File::Iam, Block::data("aws_iam_policy_document", &guests, trust)),
        (File::Iam, Block::resource("aws_iam_role", &guests, role)),
        (File::Identity, Block::resource("aws_cognito_identity_pool_roles_attachment", label, roles)),
    ] {
        module.add_caused(scope, id, file, block, &causes);
    }
}

fn plan(scope: &Scope<'_>, id: ServiceId) -> String {
    scope.service(id).settings.word("plan").unwrap_or("essentials").to_uppercase()
}

fn emit_pool(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let settings = &scope.service(id).settings;
    let mfa = match settings.word("mfa") {
        Some("off") => "OFF",
        Some("required") => "ON",
        _ => "OPTIONAL",
    };
    let by_admin = settings.word("signup") == Some("admin") || settings.is_on("staff");
    let admin = by_admin.then(|| body! { allow_admin_create_user_only = true; });
    let threat = (plan(scope, id) == "PLUS").then(|| body! { advanced_security_mode = "ENFORCED"; });
    let triggers = triggers(scope, id);
    let body = body! {
        name = scope.name(id);
        user_pool_tier = plan(scope, id);
        username_attributes = ["email"];
        auto_verified_attributes = ["email"];
        mfa_configuration = mfa;
        deletion_protection = if scope.is_protected(id) { "ACTIVE" } else { "INACTIVE" };
        password_policy {
            minimum_length = settings.count("password").unwrap_or(12).clamp(6, 99);
            require_lowercase = true;
            require_uppercase = true;
            require_numbers = true;
            require_symbols = true;
            temporary_password_validity_days = 3_u64;
        }
        software_token_mfa_configuration ?{ (mfa != "OFF").then(|| body! { enabled = true; }) }
        account_recovery_setting { recovery_mechanism { name = "verified_email"; priority = 1_u64; } }
        admin_create_user_config ?{ admin }
        user_pool_add_ons ?{ threat }
        lambda_config ?{ triggers }
    };
    module.add(scope, id, File::Identity, Block::resource("aws_cognito_user_pool", scope.label(id), body));
}

/// The functions the pool asks when somebody signs in.
fn triggers(scope: &Scope<'_>, id: ServiceId) -> Option<crate::emit::terraform::hcl::Body> {
    let function = scope.flows_from(id).map(|(_, flow)| flow.to).find(|to| scope.is_a(*to, "lambda"))?;
    Some(body! { pre_token_generation = scope.attribute("aws_lambda_function", function, "arn"); })
}

/// Addresses a browser is sent to: those of the model, otherwise a variable.
fn addresses(scope: &Scope<'_>, id: ServiceId, setting: &str, module: &mut Module) -> Expr {
    if let Some(stated) = scope.service(id).settings.text(setting) {
        return common::listed(stated);
    }
    let what = if setting == "callback" {
        "Where a browser goes after signing in at"
    } else {
        "Where a browser goes after signing out of"
    };
    let name = format!("{}_{setting}_urls", scope.label(id));
    let example = list([format!("https://{}.example.com/{setting}", scope.project())]);
    let condition = format!("alltrue([for url in var.{name} : startswith(url, \"https://\")])");
    let variable = Variable::required("list(string)", format!("{what} {}.", scope.service(id).name), example);
    module.variable(&name, variable.checked(condition, "Must begin with https://."))
}

fn emit_client(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let label = scope.label(id).to_owned();
    let minutes =
        scope.service(id).settings.time("token").map_or(60, |time| time.seconds() / 60).clamp(5, 1440);
    let body = body! {
        name = "application";
        user_pool_id = code(format!("aws_cognito_user_pool.{label}.id"));
        allowed_oauth_flows_user_pool_client = true;
        allowed_oauth_flows = ["code"];
        allowed_oauth_scopes = ["email", "openid", "profile"];
        supported_identity_providers = ["COGNITO"];
        callback_urls = addresses(scope, id, "callback", module);
        logout_urls ?= scope.service(id).settings.text("logout").map(common::listed);
        explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"];
        prevent_user_existence_errors = "ENABLED";
        enable_token_revocation = true;
        access_token_validity = minutes;
        id_token_validity = minutes;
        refresh_token_validity = 30_u64;
        token_validity_units { access_token = "minutes"; id_token = "minutes"; refresh_token = "days"; }
    };
    module.add(scope, id, File::Identity, Block::resource("aws_cognito_user_pool_client", &label, body));
}

/// A load balancer that signs browsers in has a client with a secret of its own.
fn emit_balancer_clients(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let targets = scope.targets();
    let asks = |service: ServiceId| scope.service(service).settings.service("auth") == Some(id);
    let balancers = scope.services_of("alb").filter(|alb| {
        asks(*alb) || targets.iter().any(|target| target.balancer == *alb && asks(target.service))
    });
    for alb in balancers {
        let label = format!("{}_{}", scope.label(id), scope.label(alb));
        let domain = crate::emit::terraform::balance::domain(scope, alb, module);
        let callback = match domain.as_code() {
            Some(code) => template(&format!("https://${{{code}}}/oauth2/idpresponse")),
            None => {
                crate::emit::terraform::hcl::call("format", ["https://%s/oauth2/idpresponse".into(), domain])
            }
        };
        let body = body! {
            name = scope.name(alb);
            user_pool_id = scope.attribute("aws_cognito_user_pool", id, "id");
            generate_secret = true;
            allowed_oauth_flows_user_pool_client = true;
            allowed_oauth_flows = ["code"];
            allowed_oauth_scopes = ["email", "openid"];
            supported_identity_providers = ["COGNITO"];
            callback_urls = list([callback]);
            prevent_user_existence_errors = "ENABLED";
        };
        module.add(scope, alb, File::Identity, Block::resource("aws_cognito_user_pool_client", &label, body));
    }
}
