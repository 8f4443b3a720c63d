//! Least privilege, proven: every policy that is written is read back and holds what the facts grant, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use archc::catalog::Catalog;
use archc::check::Review;
use archc::derive::access::{Carrier, Effect, Filling, Grant, Principal, Statement, prefix};
use archc::emit::{policies, terraform};
use archc::model::{ContainerKind, Model, ServiceId};
use hcl_edit::structure::{Block, Body};
use serde_json::Value;

use crate::terraform::review;
use crate::values::World;

/// Statements that no arrow asks for: AWS's own services and the account need them. Each with its reason.
const HOUSEKEEPING: &[(&str, &str)] = &[
    (
        "AccountAdministration",
        "without it nobody could ever change a key's policy; it stands in the key's own policy",
    ),
    ("Alarms", "CloudWatch tells a topic of this account"),
    ("AtMost", "a boundary grants nothing; the role's policies say on what"),
    ("CloudWatchLogs", "CloudWatch Logs encrypts the account's log groups, by their ARNs"),
    ("AttachRefusal", "a budget's action attaches the refusal to the roles it names"),
    ("DecryptVersions", "the copies of a bucket in another region"),
    ("DenyInsecureTransport", "a denial"),
    ("EncryptCopies", "the copies of a bucket in another region"),
    ("ImageLayers", "an endpoint lets AWS's own layers of images through"),
    ("LoadBalancerLogs", "load balancers write their access logs"),
    ("LogDeliveryCheck", "the delivery of logs asks whether it may write"),
    ("NothingNew", "a denial"),
    ("NothingUsesIt", "a denial"),
    ("OwnGrantsOnly", "an endpoint lets through what the facts grant to principals of this account"),
    ("Pushes", "AWS's services encrypt what they push, for this account"),
    ("ReadConfiguration", "the copies of a bucket in another region"),
    ("ReadVersions", "the copies of a bucket in another region"),
    ("ServerAccessLogs", "buckets write their access logs"),
    ("SystemPackages", "an endpoint lets the packages of Amazon Linux through"),
    ("WriteCopies", "the copies of a bucket in another region"),
    ("WriteFlowLogs", "flow logs are written to their own log group"),
    ("WriteLogs", "services of AWS write logs to their own log group"),
    ("WriteQueries", "Route 53 writes queries to their own log group"),
    ("ZoneSigning", "Route 53 signs a zone with its key; it stands in the key's own policy"),
    ("ZoneSigningGrant", "Route 53 signs a zone with its key; it stands in the key's own policy"),
];

/// Statements of the facts that no Terraform needs, each with its reason.
const NOT_WRITTEN: &[(&str, &str)] =
    &[("EventsPutEventsEventBus", "S3 tells the account's own bus, and that asks for no policy")];

/// A statement: id, is it a denial, actions, resources, conditions.
type Said = (String, bool, Vec<String>, BTreeSet<String>, BTreeSet<String>);

fn strings(block: &Block, name: &str) -> Vec<String> {
    let Some(attribute) = block.body.get_attribute(name) else { return Vec::new() };
    match attribute.value.as_array() {
        Some(array) => array.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        None => attribute.value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// One statement as it is written, and whether it is about everything.
struct Written {
    said: Said,
    document: String,
    is_on_all: bool,
}

fn written(world: &World, body: &Body) -> Vec<Written> {
    let is_document =
        |block: &&Block| block.labels.first().is_some_and(|kind| kind.as_str() == "aws_iam_policy_document");
    let mut found = Vec::new();
    for document in body.blocks().filter(is_document) {
        let label = document.labels[1].as_str();
        for statement in document.body.get_blocks("statement") {
            let denies = strings(statement, "effect").concat() == "Deny";
            let mut actions = strings(statement, "actions");
            actions.sort();
            let resources = statement.body.get_attribute("resources");
            let resources = resources.map_or_else(Vec::new, |attribute| world.values(&attribute.value));
            let resources: Vec<String> = resources.iter().map(|arn| uncounted(arn)).collect();
            let sid = strings(statement, "sid").concat();
            let key = label.strip_suffix("_key").filter(|_| resources == ["*"]);
            let own = key.filter(|_| HOUSEKEEPING.iter().all(|(known, _)| *known != sid));
            found.push(Written {
                is_on_all: resources == ["*"],
                document: label.to_owned(),
                // In a key's own policy, everything is the key.
                said: (
                    sid,
                    denies,
                    actions,
                    own.map_or_else(
                        || resources.into_iter().collect(),
                        |own| BTreeSet::from([world.attribute("aws_kms_key", own, &["arn".to_owned()])]),
                    ),
                    conditions_written(world, statement),
                ),
            });
        }
    }
    found
}

/// Conditions as texts; of the ARN of what pushes only that there is one, because a block's ARN says more than a fact knows.
fn conditions_written(world: &World, statement: &Block) -> BTreeSet<String> {
    let each = |condition: &Block| {
        let (test, key) = (strings(condition, "test").concat(), strings(condition, "variable").concat());
        let attribute = condition.body.get_attribute("values").filter(|_| key != "aws:SourceArn");
        condition_text(&test, &key, attribute.map_or_else(Vec::new, |values| world.values(&values.value)))
    };
    statement.body.get_blocks("condition").map(each).collect()
}

fn condition_text(test: &str, key: &str, mut values: Vec<String>) -> String {
    values.sort();
    let values = if key == "aws:SourceArn" { "an ARN".to_owned() } else { values.join(" | ") };
    format!("{test} {key} {values}")
}

/// What AWS chooses when it makes a thing.
const CHOSEN: [&str; 9] = [
    "${api_id}",
    "${guardrail}",
    "${id}",
    "${profile}",
    "${resource_id}",
    "${secret}",
    "${sg_id}",
    "${subnet_id}",
    "${vpc_id}",
];

/// The label of the thing that AWS chooses something for: the tier of subnets, the database behind a pool of connections.
fn chosen_for(model: &Model, id: ServiceId, part: &str) -> String {
    let service = &model.services[id];
    let tier = |kind| model.place_of(id, kind).map(|place| model.places[place].name.label());
    let behind = || model.whole_flows().find(|(_, flow)| flow.from == id).map(|(_, flow)| flow.to);
    match part {
        "${subnet_id}" => {
            [tier(ContainerKind::Vpc), tier(ContainerKind::Tier)].map(Option::unwrap_or_default).join("_")
        }
        "${secret}" if service.is_a("rds_proxy") => model.services[behind().unwrap()].name.label(),
        _ => service.name.label(),
    }
}

/// An ARN of the facts, or a value of a condition, as the evaluated Terraform writes it.
fn filled(model: &Model, who: &Principal, service: Option<ServiceId>, pattern: &str) -> String {
    let mut text = pattern.to_owned();
    for part in CHOSEN {
        let label = service.map_or_else(String::new, |id| chosen_for(model, id, part));
        text = text.replace(part, &format!("~{label}"));
    }
    text = text.replace("${aws:userid}", "&{aws:userid}");
    if let Some(region) = service.and_then(|id| elsewhere(model, who, id)) {
        text = text.replace("${region}", &region);
    }
    // A cache without servers is another type of resource, and a search domain's name is cut.
    let is_serverless =
        service.is_some_and(|id| model.services[id].settings.word("mode") == Some("serverless"));
    if is_serverless {
        text = text.replace(":replicationgroup:", ":serverlesscache:");
    }
    let arn = Filling::new(model, service).fill(&text);
    let arn =
        if service.is_some_and(|id| model.services[id].is_a("opensearch")) { cut_domain(&arn) } else { arn };
    // The ARN of a log group is written with `:*` in policies: CloudWatch Logs compares it so.
    let is_group = arn.contains(":log-group:") && !arn.contains(":log-stream:") && !arn.ends_with(":*");
    if is_group { format!("{arn}:*") } else { arn }
}

/// The ARN of a domain whose name was cut, without the number at the end of the name.
fn uncounted(arn: &str) -> String {
    let Some((start, rest)) = arn.split_once(":domain/") else { return arn.to_owned() };
    let (name, path) =
        rest.split_once('/').map_or((rest, String::new()), |(name, path)| (name, format!("/{path}")));
    let number = name.rsplit_once('-').map_or("", |(_, number)| number);
    let is_cut = name.len() == 28 && number.len() == 4 && number.chars().all(|c| c.is_ascii_hexdigit());
    let name = if is_cut { format!("{}-…", &name[..23]) } else { name.to_owned() };
    format!("{start}:domain/{name}{path}")
}

/// A domain's name has 28 characters at most; a longer one ends in a number that is only compared in its length.
fn cut_domain(arn: &str) -> String {
    let Some((start, rest)) = arn.split_once(":domain/") else { return arn.to_owned() };
    let (name, path) =
        rest.split_once('/').map_or((rest, String::new()), |(name, path)| (name, format!("/{path}")));
    let kept: String = name.chars().take(23).collect();
    let name = if name.len() > 28 { format!("{}-…", kept.trim_end_matches('-')) } else { name.to_owned() };
    format!("{start}:domain/{name}{path}")
}

/// The region a thing is really in, where that is not its place's: the replica of a table that is near, the services of the edge.
fn elsewhere(model: &Model, who: &Principal, id: ServiceId) -> Option<String> {
    let service = &model.services[id];
    let near = match who {
        Principal::Service(who) => Some(model.region_of(*who)),
        _ => None,
    };
    let replica = near.filter(|near| service.settings.words("replicas").iter().any(|known| known == near));
    let serves_edge =
        |flow: &archc::model::Flow| flow.from == id && model.services[flow.to].is_a("cloudfront");
    let names = |other: &archc::model::Service| {
        other.is_a("cloudfront") && other.settings.service("certificate") == Some(id)
    };
    let is_edge = service.is_a("waf") && service.settings.word("scope") == Some("cloudfront")
        || service.is_a("acm")
            && (model.services.values().any(names) || model.flows.values().any(serves_edge));
    let edge = is_edge.then(|| "us-east-1".to_owned());
    replica.map(str::to_owned).filter(|_| service.is_a("dynamodb")).or(edge)
}

fn said(model: &Model, statement: &Statement) -> Said {
    let mut actions = statement.actions.clone();
    actions.sort();
    let resources = statement.resources.iter();
    let who = &statement.principal;
    let resources = resources.map(|resource| filled(model, who, resource.service, &resource.arn)).collect();
    let service = statement.resources.first().and_then(|resource| resource.service);
    let conditions = statement.conditions.iter().map(|((test, key), values)| {
        let values = values.iter().map(|value| filled(model, who, service, value)).collect();
        condition_text(test, key, values)
    });
    let denies = statement.effect == Effect::Deny;
    (statement.sid.clone(), denies, actions, resources, conditions.collect())
}

/// What a model grants by policies of roles of services and people, of resources and of keys.
fn granted(review: &Review) -> Vec<Said> {
    let (model, access) = (&review.model, &review.facts.access);
    let services = model.services.ids().map(Principal::Service);
    let people = model.roles.ids().map(Principal::Role);
    let mut found: Vec<Said> = services
        .chain(people)
        .flat_map(|principal| {
            access.statements(&principal).iter().map(|statement| said(model, statement)).collect::<Vec<_>>()
        })
        .collect();
    for id in model.services.ids() {
        let statements = access.resource_statements(id);
        let named = statements.iter().filter(|statement| statement.carrier != Carrier::LambdaPermission);
        found.extend(named.map(|statement| said(model, statement)));
    }
    found
}

/// A permission of a function: function, id, action, principal, names it the source, the account.
type Permission = (String, String, String, String, bool, bool);

fn permissions_written(body: &Body) -> Vec<Permission> {
    let is_permission =
        |block: &&Block| block.labels.first().is_some_and(|kind| kind.as_str() == "aws_lambda_permission");
    let one = |block: &Block, name: &str| strings(block, name).concat();
    let has = |block: &Block, name: &str| block.body.get_attribute(name).is_some();
    let function = |block: &Block| {
        let value = block.body.get_attribute("function_name").unwrap().value.to_string();
        value.split('.').nth(1).unwrap_or_default().to_owned()
    };
    let all = body.blocks().filter(is_permission);
    all.map(|block| {
        let (id, action, principal) =
            (one(block, "statement_id"), one(block, "action"), one(block, "principal"));
        (function(block), id, action, principal, has(block, "source_arn"), has(block, "source_account"))
    })
    .collect()
}

fn permissions_granted(review: &Review) -> Vec<Permission> {
    let mut found = Vec::new();
    for (id, service) in review.model.services.iter() {
        let statements = review.facts.access.resource_statements(id);
        for statement in statements.iter().filter(|statement| statement.carrier == Carrier::LambdaPermission)
        {
            let Principal::Aws(principal) = &statement.principal else { continue };
            let has = |key: &str| statement.conditions.keys().any(|(_, known)| known == key);
            for action in &statement.actions {
                let source = has("aws:SourceArn") && statement.source.is_some();
                found.push((
                    service.name.label(),
                    statement.sid.clone(),
                    action.clone(),
                    principal.clone(),
                    source,
                    has("aws:SourceAccount"),
                ));
            }
        }
    }
    found.sort();
    found
}

/// The files of a model's module, read back.
fn bodies(review: &Review) -> Vec<Body> {
    let files = terraform::print(&terraform::module(review.seal().unwrap()));
    let code = files.iter().filter(|file| file.path.as_str().ends_with(".tf"));
    let texts = code.map(|file| std::str::from_utf8(&file.bytes).unwrap());
    texts.map(|text| hcl_edit::parser::parse_body(text).unwrap()).collect()
}

/// The difference of two collections with repetition: what the first has and the second has not.
fn beyond<'a, T: Ord>(one: &'a [T], other: &[T]) -> Vec<&'a T> {
    let mut left: BTreeMap<&T, usize> = BTreeMap::new();
    for item in other {
        *left.entry(item).or_default() += 1;
    }
    one.iter()
        .filter(|item| match left.get_mut(item) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
        .collect()
}

/// The texts of the matrix and of the project's models.
fn models() -> Vec<(String, String)> {
    let mut texts = crate::matrix::models();
    texts.extend(crate::support::models());
    texts
}

#[test]
fn terraform_holds_exactly_what_the_facts_grant() {
    let catalog = Catalog::embedded();
    let is_housekeeping = |said: &Said| HOUSEKEEPING.iter().any(|(sid, _)| *sid == said.0);
    let is_trust = |said: &Said| said.0.is_empty() && said.2.iter().all(|action| action.starts_with("sts:"));
    let has_levels = |action: &String| {
        catalog.action(action).is_some_and(|facts| facts.resource_types().any(|kind| kind != "*"))
    };
    let (mut proven, mut permissions, mut on_all) = (0, 0, BTreeMap::<&str, usize>::new());
    let mut failures = BTreeSet::new();
    for (name, text) in models() {
        let review = review(&name, &text, &catalog);
        let granted = granted(&review);
        let (mut all, mut functions) = (Vec::new(), Vec::new());
        let bodies = bodies(&review);
        let world = World::new(&bodies, Filling::new(&review.model, None).account());
        for body in &bodies {
            all.extend(written(&world, body));
            functions.extend(permissions_written(body));
        }
        functions.sort();
        assert_eq!(functions, permissions_granted(&review), "{name}");
        permissions += functions.len();
        let texts: Vec<Said> = all.iter().map(|written| written.said.clone()).collect();
        for more in
            beyond(&texts, &granted).into_iter().filter(|said| !is_housekeeping(said) && !is_trust(said))
        {
            failures.insert(format!("{name} writes what nothing grants: {more:?}"));
        }
        let is_needed = |said: &&Said| NOT_WRITTEN.iter().all(|(sid, _)| *sid != said.0);
        for less in beyond(&granted, &texts).into_iter().filter(is_needed) {
            failures.insert(format!("{name} grants what is not written: {less:?}"));
        }
        proven += granted.len();
        for written in all.iter().filter(|written| !written.said.1) {
            let (sid, _, actions, ..) = &written.said;
            if actions.iter().any(|action| action.contains('*') && action != "kms:*") {
                failures.insert(format!("{name}: {}: {actions:?}", written.document));
            }
            let why = if !written.is_on_all {
                continue;
            } else if written.document.ends_with("_key") {
                "the key itself, in its own policy"
            } else if let Some((_, why)) = HOUSEKEEPING.iter().find(|(known, _)| known == sid) {
                why
            } else if actions.iter().all(|action| !has_levels(action)) {
                "no resource-level support"
            } else {
                failures.insert(format!("{name}: {} may {actions:?} on everything", written.document));
                continue;
            };
            *on_all.entry(why).or_default() += 1;
        }
    }
    let failures: Vec<String> = failures.into_iter().collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(proven > 2_000 && permissions > 50, "{proven} {permissions}");
    println!(
        "{proven} statements and {permissions} permissions of functions are what the facts grant; on everything:"
    );
    for (why, count) in on_all {
        println!("{count:>6}  {why}");
    }
}

/// One right: effect, principal, action, resource, conditions.
type Right = (String, String, String, String, String);

fn many(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Operators, keys and values in one order.
fn conditions(value: &Value) -> String {
    let mut found = Vec::new();
    for (operator, keys) in value.as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let mut values = many(values);
            values.sort();
            found.push(format!("{operator} {key} {}", values.join("|")));
        }
    }
    found.sort();
    found.join("; ")
}

/// The rights that a policy file gives.
fn rights(document: &Value) -> BTreeSet<Right> {
    let mut found = BTreeSet::new();
    for statement in document["Statement"].as_array().unwrap() {
        let text = |key: &str| statement[key].as_str().unwrap_or_default().to_owned();
        for action in many(&statement["Action"]) {
            for resource in many(&statement["Resource"]) {
                let principal = statement.get("Principal").map(ToString::to_string).unwrap_or_default();
                found.insert((
                    text("Effect"),
                    principal,
                    action.clone(),
                    resource,
                    conditions(&statement["Condition"]),
                ));
            }
        }
    }
    found
}

fn principal(model: &Model, grant: &Grant) -> String {
    let role = |name: &str| {
        let account = Filling::new(model, None).account().to_owned();
        format!("{{\"AWS\":\"arn:aws:iam::{account}:role/{}-{name}\"}}", prefix(model))
    };
    match (&grant.principal, grant.carrier) {
        (_, Carrier::Identity) => String::new(),
        (Principal::Service(id), _) => role(model.services[*id].name.as_str()),
        (Principal::Role(id), _) => role(model.roles[*id].name.as_str()),
        (Principal::Aws(name), _) => format!("{{\"Service\":\"{name}\"}}"),
        (Principal::Anyone, _) => "\"*\"".to_owned(),
    }
}

/// The rights that one grant of the facts gives.
fn rights_of(model: &Model, grant: &Grant) -> Vec<Right> {
    let filling = Filling::new(model, grant.resource.service);
    let mut all: Vec<String> = Vec::new();
    for ((operator, key), values) in &grant.conditions {
        let mut values: Vec<String> = values.iter().map(|value| filling.fill(value)).collect();
        values.sort();
        all.push(format!("{operator} {key} {}", values.join("|")));
    }
    all.sort();
    let effect = if grant.effect == Effect::Allow { "Allow" } else { "Deny" };
    let right = |action: &String| {
        (
            effect.to_owned(),
            principal(model, grant),
            action.clone(),
            filling.fill(&grant.resource.arn),
            all.join("; "),
        )
    };
    grant.actions.iter().map(right).collect()
}

/// The name of the file that carries a grant.
fn file(model: &Model, grant: &Grant) -> Option<String> {
    if grant.carrier != Carrier::Identity {
        return Some(format!("{}.resource", model.services[grant.resource.service?].name));
    }
    let stem = match &grant.principal {
        Principal::Service(id) => model.services[*id].name.to_string(),
        Principal::Role(id) => {
            let name = model.roles[*id].name.to_string();
            if model.service(&name).is_some() { format!("{name}.people") } else { name }
        }
        Principal::Aws(_) | Principal::Anyone => return None,
    };
    Some(if grant.role.is_empty() { stem } else { format!("{stem}.{}", grant.role) })
}

#[test]
fn policy_files_give_exactly_the_rights_of_the_facts() {
    let catalog = Catalog::embedded();
    let mut proven = 0;
    for (name, text) in models() {
        let review = review(&name, &text, &catalog);
        let mut granted: BTreeMap<String, BTreeSet<Right>> = BTreeMap::new();
        for grant in &review.facts.access.grants {
            if let Some(file) = file(&review.model, grant) {
                granted.entry(file).or_default().extend(rights_of(&review.model, grant));
            }
        }
        let files = policies::write(review.seal().unwrap());
        let written: BTreeMap<String, BTreeSet<Right>> = files
            .iter()
            .map(|file| {
                let name = file.path.as_str().trim_start_matches("policies/").trim_end_matches(".json");
                (name.to_owned(), rights(&serde_json::from_slice(&file.bytes).unwrap()))
            })
            .collect();
        assert_eq!(written.keys().collect::<Vec<_>>(), granted.keys().collect::<Vec<_>>(), "{name}");
        for (file, rights) in &written {
            let expected = &granted[file];
            let more: Vec<&Right> = rights.difference(expected).collect();
            let less: Vec<&Right> = expected.difference(rights).collect();
            assert!(more.is_empty() && less.is_empty(), "{name}: {file}: more {more:#?}, less {less:#?}");
            proven += rights.len();
        }
    }
    assert!(proven > 5_000, "{proven}");
    println!("{proven} rights of policy files are those of the facts");
}
