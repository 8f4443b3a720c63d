//! VPCs: subnets by tier and zone, gateways, routes, endpoints, flow logs.

use std::collections::BTreeSet;

use crate::derive::access::{Effect, Principal};
use crate::derive::network::Vpc;
use crate::emit::terraform::common;
use crate::emit::terraform::hcl::{Block, Body, Expr, body, call, code, list, map, template};
use crate::emit::terraform::module::{File, Module, named_tags};
use crate::emit::terraform::scope::Scope;
use crate::model::{PlaceId, ServiceId, TierAccess};
use crate::text::Span;

/// A VPC on its way into the module.
struct Site<'s, 'r> {
    scope: &'s Scope<'r>,
    vpc: &'s Vpc,
    label: String,
    causes: Vec<Span>,
}

/// Emits every VPC.
pub fn emit(scope: &Scope<'_>, module: &mut Module) {
    for vpc in &scope.facts.network.vpcs {
        let label = scope.place_label(vpc.place);
        let site = Site { scope, vpc, label, causes: vec![scope.model.places[vpc.place].span] };
        site.emit_vpc(module);
        site.emit_tiers(module);
        site.emit_nat(module);
        site.emit_flow_logs(module);
    }
}

impl Site<'_, '_> {
    fn add(&self, module: &mut Module, causes: &[Span], block: Block) {
        let lines = self.scope.provenance(causes);
        let block = lines.iter().fold(block, |block, line| block.comment(line));
        module.add_in(self.scope, &self.vpc.region, File::Network, block);
    }

    fn tags(&self, suffix: &str) -> Expr {
        named_tags(template(&format!("${{local.name}}-{}{suffix}", self.label.replace('_', "-"))))
    }

    fn id(&self) -> Expr {
        code(format!("aws_vpc.{}.id", self.label))
    }

    fn emit_vpc(&self, module: &mut Module) {
        let vpc = body! {
            cidr_block = self.vpc.cidr.to_string();
            enable_dns_hostnames = true;
            enable_dns_support = true;
            tags = self.tags("");
        };
        self.add(module, &self.causes, Block::resource("aws_vpc", &self.label, vpc));
        let closed = body! { vpc_id = self.id(); tags = self.tags("-default-closed"); };
        let closed = Block::resource("aws_default_security_group", &self.label, closed);
        self.add(
            module,
            &self.causes,
            closed.comment("The default group stays without rules, so that nothing can rely on it."),
        );
        if self.has_internet() {
            let gateway = body! { vpc_id = self.id(); tags = self.tags(""); };
            self.add(module, &self.causes, Block::resource("aws_internet_gateway", &self.label, gateway));
        }
    }

    fn has_internet(&self) -> bool {
        self.vpc.internet || self.vpc.tiers.iter().any(|(_, access)| *access == TierAccess::Public)
    }

    fn emit_tiers(&self, module: &mut Module) {
        for (tier, access) in &self.vpc.tiers {
            self.emit_subnets(module, *tier);
            self.emit_routes(module, *tier, *access);
        }
    }

    fn place_causes(&self, place: PlaceId) -> Vec<Span> {
        vec![self.scope.model.places[place].span]
    }

    fn emit_subnets(&self, module: &mut Module, tier: PlaceId) {
        let label = self.scope.place_label(tier);
        let subnets = self.vpc.subnets.iter().filter(|subnet| subnet.tier == tier);
        let blocks = map(subnets.map(|subnet| (subnet.zone.to_string(), subnet.cidr.to_string())));
        let region = self.scope.region_pattern(&self.vpc.region);
        let name = self.scope.model.places[tier].name.dashed();
        let own = format!("${{local.name}}-{}-${{each.key}}", label.replace('_', "-"));
        let subnet = body! {
            for_each = blocks;
            vpc_id = self.id();
            availability_zone = template(&format!("{region}${{each.key}}"));
            cidr_block = code("each.value");
            map_public_ip_on_launch = false;
            tags = map([("Name", template(&own)), ("Tier", name.into())]);
        };
        self.add(module, &self.place_causes(tier), Block::resource("aws_subnet", &label, subnet));
    }

    fn emit_routes(&self, module: &mut Module, tier: PlaceId, access: TierAccess) {
        let label = self.scope.place_label(tier);
        let by_zone = access == TierAccess::Private && self.vpc.nat.is_some();
        let suffix = if by_zone { "-${each.key}" } else { "" };
        let name = template(&format!("${{local.name}}-{}{suffix}", label.replace('_', "-")));
        let table = body! {
            for_each ?= by_zone.then(|| code(format!("aws_subnet.{label}")));
            vpc_id = self.id();
            tags = named_tags(name);
        };
        let causes = self.place_causes(tier);
        self.add(module, &causes, Block::resource("aws_route_table", &label, table));
        let table = if by_zone {
            format!("aws_route_table.{label}[each.key].id")
        } else {
            format!("aws_route_table.{label}.id")
        };
        let bound = body! {
            for_each = code(format!("aws_subnet.{label}"));
            subnet_id = code("each.value.id");
            route_table_id = code(table.clone());
        };
        self.add(module, &causes, Block::resource("aws_route_table_association", &label, bound));
        let gateway = self.gateway(access, by_zone);
        if let Some((argument, target)) = gateway {
            let route = body! {
                for_each ?= by_zone.then(|| code(format!("aws_subnet.{label}")));
                route_table_id = code(table);
                destination_cidr_block = "0.0.0.0/0";
            };
            let route =
                Block::resource("aws_route", &format!("{label}_internet"), route.with(argument, target));
            self.add(module, &causes, route);
        }
    }

    /// The way out of a tier: argument and target of its default route.
    fn gateway(&self, access: TierAccess, by_zone: bool) -> Option<(&'static str, Expr)> {
        match access {
            TierAccess::Public => {
                Some(("gateway_id", code(format!("aws_internet_gateway.{}.id", self.label))))
            }
            TierAccess::Private if by_zone => {
                let nat = self.vpc.nat?;
                let label = self.scope.label(nat);
                let zone = if self.is_single_nat(nat) { self.first_zone() } else { "each.key".to_owned() };
                Some(("nat_gateway_id", code(format!("aws_nat_gateway.{label}[{zone}].id"))))
            }
            _ => None,
        }
    }

    fn first_zone(&self) -> String {
        self.vpc.zones.first().map_or_else(String::new, |zone| format!("\"{zone}\""))
    }

    fn is_single_nat(&self, nat: ServiceId) -> bool {
        let vpc = &self.scope.model.places[self.vpc.place].settings;
        self.scope.service(nat).settings.word("per") == Some("vpc") || vpc.word("nat") == Some("one")
    }

    fn emit_nat(&self, module: &mut Module) {
        let public = self.vpc.tiers.iter().find(|(_, access)| *access == TierAccess::Public);
        let (Some(nat), Some((tier, _))) = (self.vpc.nat, public) else { return };
        let (label, tier) = (self.scope.label(nat).to_owned(), self.scope.place_label(*tier));
        let subnets = if self.is_single_nat(nat) {
            code(format!(
                "{{ for zone, subnet in aws_subnet.{tier} : zone => subnet if zone == {} }}",
                self.first_zone()
            ))
        } else {
            code(format!("aws_subnet.{tier}"))
        };
        let causes = self.scope.service(nat).causes();
        let address =
            body! { for_each = subnets.clone(); domain = "vpc"; tags = self.tags("-nat-${each.key}"); };
        self.add(module, causes, Block::resource("aws_eip", &label, address));
        let gateway = body! {
            for_each = subnets;
            allocation_id = code(format!("aws_eip.{label}[each.key].id"));
            subnet_id = code("each.value.id");
            tags = self.tags("-${each.key}");
            depends_on = [code(format!("aws_internet_gateway.{}", self.label))];
        };
        self.add(module, causes, Block::resource("aws_nat_gateway", &label, gateway));
    }

    fn emit_flow_logs(&self, module: &mut Module) {
        let settings = &self.scope.model.places[self.vpc.place].settings;
        let stated = settings.time("flow-logs").filter(|_| settings.is_stated("flow-logs"));
        let days = stated.map_or(365, crate::units::Millis::days);
        let label = format!("{}_flow", self.label);
        let name = template(&format!("/${{local.name}}/{}/flow", self.label.replace('_', "-")));
        common::log_group(self.scope, module, &self.vpc.region, &self.causes, (label.as_str(), name, days));
        let document = body! { sid = "WriteFlowLogs"; };
        let write = body! {
            actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
            resources = [template(&format!("${{aws_cloudwatch_log_group.{label}.arn}}:*"))];
        };
        let mut policy = crate::emit::terraform::hcl::Body::default();
        policy.push_block("statement", document.and(write));
        common::role(
            self.scope,
            module,
            &common::Role {
                label: &label,
                name: template(&format!("${{local.name}}-{}-flow", self.label.replace('_', "-"))),
                description: "Lets VPC flow logs write to their log group.",
                principal: "vpc-flow-logs.amazonaws.com",
                causes: &self.causes,
            },
        );
        common::role_policy(module, self.scope, (&label, &self.causes), policy);
        let log = body! {
            vpc_id = self.id();
            traffic_type = "ALL";
            log_destination = code(format!("aws_cloudwatch_log_group.{label}.arn"));
            iam_role_arn = code(format!("aws_iam_role.{label}.arn"));
            tags = self.tags("");
        };
        self.add(module, &self.causes, Block::resource("aws_flow_log", &self.label, log));
    }
}

/// The kind `vpc_endpoint`.
pub fn endpoint(scope: &Scope<'_>, id: ServiceId, module: &mut Module) {
    let Some(vpc) = scope.vpc_of(id).and_then(|place| scope.facts.network.vpc(place)) else {
        return;
    };
    let settings = &scope.service(id).settings;
    let service = settings.word("service").map_or_else(|| service_in_name(scope, id), str::to_owned);
    let is_gateway =
        matches!(service.as_str(), "s3" | "dynamodb") && settings.word("type") != Some("interface");
    let safe: String = service.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
    let region = scope.region_pattern(&vpc.region);
    let tables = route_tables(scope, vpc);
    let is_full = settings.word("policy") == Some("full");
    let policy = (!is_full).then(|| endpoint_policy(scope, (id, vpc), module, &service));
    let body = body! {
        vpc_id = code(format!("aws_vpc.{}.id", scope.place_label(vpc.place)));
        service_name = template(&format!("com.amazonaws.{region}.{safe}"));
        vpc_endpoint_type = if is_gateway { "Gateway" } else { "Interface" };
        route_table_ids ?= is_gateway.then_some(tables);
        private_dns_enabled ?= (!is_gateway).then_some(true);
        subnet_ids ?= scope.subnets_of(id, &[TierAccess::Private, TierAccess::Isolated]).filter(|_| !is_gateway);
        security_group_ids ?= (!is_gateway && scope.has_group(id)).then(|| list([scope.group(id)]));
        policy ?= policy;
        tags = named_tags(scope.name(id));
    };
    module.add(scope, id, File::Network, Block::resource("aws_vpc_endpoint", scope.label(id), body));
}

/// `net.s3-endpoint` is an endpoint of `s3`.
fn service_in_name(scope: &Scope<'_>, id: ServiceId) -> String {
    let name = scope.service(id).name.as_str();
    let last = name.rsplit('.').next().unwrap_or(name);
    last.trim_end_matches("-endpoint").to_owned()
}

/// The route tables of the tiers that are not public.
fn route_tables(scope: &Scope<'_>, vpc: &Vpc) -> Expr {
    let inner = vpc.tiers.iter().filter(|(_, access)| *access != TierAccess::Public);
    let mut lists: Vec<Expr> = inner
        .map(|(tier, access)| {
            let label = scope.place_label(*tier);
            let by_zone = *access == TierAccess::Private && vpc.nat.is_some();
            let all = format!("[for table in aws_route_table.{label} : table.id]");
            if by_zone { code(all) } else { list([code(format!("aws_route_table.{label}.id"))]) }
        })
        .collect();
    match lists.len() {
        1 => lists.remove(0),
        _ => call("concat", lists),
    }
}

/// An endpoint only carries what the system's own grants allow, for principals of this account.
fn endpoint_policy(
    scope: &Scope<'_>,
    (id, vpc): (ServiceId, &Vpc),
    module: &mut Module,
    service: &str,
) -> Expr {
    let prefix: String = service.split('.').next().unwrap_or(service).chars().collect();
    let prefix =
        ENDPOINT_ACTIONS.iter().find(|(name, _)| *name == prefix).map_or(prefix.as_str(), |(_, own)| own);
    let actions = granted_in(scope, vpc, prefix);
    let own = (!actions.is_empty()).then(|| {
        body! {
            sid = "OwnGrantsOnly";
            actions = list(actions);
            resources = ["*"];
            principals { type = "*"; identifiers = ["*"]; }
            condition { test = "StringEquals"; variable = "aws:PrincipalAccount"; values = [code("local.account_id")]; }
        }
    });
    let mut statements: Vec<Body> = own.into_iter().collect();
    if service == "s3" {
        statements.extend(public_reads(scope, vpc));
    }
    if statements.is_empty() {
        statements.push(body! {
            sid = "NothingUsesIt";
            effect = "Deny";
            actions = ["*"];
            resources = ["*"];
            principals { type = "*"; identifiers = ["*"]; }
        });
    }
    let label = format!("{}_endpoint", scope.label(id));
    let document = body! { statement ?{ statements } };
    module.add(scope, id, File::Network, Block::data("aws_iam_policy_document", &label, document));
    code(format!("data.aws_iam_policy_document.{label}.json"))
}

/// The services that stand in a VPC.
fn standing<'s>(scope: &'s Scope<'_>, vpc: &'s Vpc) -> impl Iterator<Item = ServiceId> + 's {
    scope.model.services_in(vpc.place).filter(|id| scope.vpc_of(*id) == Some(vpc.place))
}

/// The actions of an AWS service that anything in a VPC is granted.
fn granted_in(scope: &Scope<'_>, vpc: &Vpc, prefix: &str) -> BTreeSet<String> {
    let is_own = |action: &&String| action.split_once(':').is_some_and(|(service, _)| service == prefix);
    let of = |id| scope.facts.access.of(&Principal::Service(id)).iter();
    let grants = standing(scope, vpc).flat_map(of).filter(|grant| grant.effect == Effect::Allow);
    grants.flat_map(|grant| grant.actions.iter().filter(is_own).cloned().collect::<Vec<_>>()).collect()
}

/// Buckets of AWS that instances and tasks read over the way to S3, with the kinds that do.
const PUBLIC_READS: [(&str, &[&str], &str); 2] = [
    ("ImageLayers", &["batch", "ecs_fargate", "eks"], "prod-REGION-starport-layer-bucket"),
    ("SystemPackages", &["ec2_service", "eks"], "al2023-repos-REGION-de612dc2"),
];

/// Layers of images and packages of Amazon Linux come from buckets of AWS: without them nothing could start.
fn public_reads(scope: &Scope<'_>, vpc: &Vpc) -> Vec<Body> {
    let region = scope.region_pattern(&vpc.region);
    let stands =
        |kinds: &[&str]| standing(scope, vpc).any(|id| kinds.iter().any(|kind| scope.is_a(id, kind)));
    let rows = PUBLIC_READS.iter().filter(|(_, kinds, _)| stands(kinds));
    rows.map(|(sid, _, bucket)| {
        let arn = format!("arn:${{local.partition}}:s3:::{}/*", bucket.replace("REGION", &region));
        body! {
            sid = *sid;
            actions = ["s3:GetObject"];
            resources = [template(&arn)];
            principals { type = "*"; identifiers = ["*"]; }
        }
    })
    .collect()
}

/// Endpoint names whose actions begin otherwise.
const ENDPOINT_ACTIONS: &[(&str, &str)] = &[
    ("kinesis-streams", "kinesis"),
    ("kinesis-firehose", "firehose"),
    ("bedrock-runtime", "bedrock"),
    ("monitoring", "cloudwatch"),
];
