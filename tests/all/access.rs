//! Grants, network rules and policies: the seed against its reference, policies against facts, reach against brute force.

use std::collections::{BTreeMap, BTreeSet};

use archc::catalog::Catalog;
use archc::check::{self, Case, Review};
use archc::derive;
use archc::derive::access::{Carrier, Effect, Filling, Principal, control_of};
use archc::derive::network::{Direction, Peer, Rule};
use archc::emit::{matrix, policies};
use archc::model;
use archc::syntax;
use archc::text::{Source, Sources};
use archc::units::Date;
use serde_json::Value;

const SEED: &str = include_str!("../../models/webshop.arch");
const MODELS: &[&str] = &[
    SEED,
    include_str!("../../models/data-lake.arch"),
    include_str!("../../models/fargate.arch"),
    include_str!("../../models/multi-region.arch"),
    include_str!("../../models/serverless.arch"),
    include_str!("../../models/three-tier.arch"),
];

/// The review of a model's text.
fn review(text: &str) -> Review {
    let catalog = Catalog::embedded();
    let today = Date::parse("2026-11-22").unwrap();
    let mut sources = Sources::default();
    let file = sources.add(Source::new("model.arch", text));
    let (ast, mut findings) = syntax::parse(file, sources.get(file).unwrap());
    let (model, resolved) = model::resolve(&[(ast, None)], None, &catalog);
    findings.extend(resolved);
    let facts = derive::derive(&model, &catalog);
    findings.extend(check::check(&Case { model: &model, facts: &facts, catalog: &catalog, today }));
    Review { sources, model, facts, findings: check::sorted(findings), today }
}

fn files(review: &Review) -> BTreeMap<String, Value> {
    let errors: Vec<String> = review
        .findings
        .iter()
        .map(|found| format!("{} {}", found.code, found.message.en().terminal()))
        .collect();
    let checked = review.seal().unwrap_or_else(|| panic!("the model has errors: {errors:#?}"));
    let parse = |bytes: &[u8]| serde_json::from_slice(bytes).expect("a policy is JSON");
    policies::write(checked)
        .iter()
        .map(|artifact| (artifact.path.as_str().to_owned(), parse(&artifact.bytes)))
        .collect()
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(word) => vec![word.clone()],
        Value::Array(all) => all.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// What a policy says, one line an effect, action, resource and condition.
fn rights(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().expect("a policy has statements");
    let said = statements.iter().flat_map(|statement| {
        let condition = statement.get("Condition").map(Value::to_string).unwrap_or_default();
        let effect = statement["Effect"].as_str().unwrap_or_default().to_owned();
        words(&statement["Action"]).into_iter().flat_map(move |action| {
            let (effect, condition) = (effect.clone(), condition.clone());
            words(&statement["Resource"])
                .into_iter()
                .map(move |on| format!("{effect} {action} {on} {condition}"))
        })
    });
    said.map(|line| line.trim_end().to_owned()).collect()
}

/// The names the reference uses where this tool writes those of the deployment.
fn as_in_reference(line: &str) -> String {
    let line = line
        .replace("000000000000", "123456789012")
        .replace(":::shop-prod-media-123456789012", ":::media")
        .replace("shop-prod/", "shop/")
        .replace("shop-prod-", "")
        .replace("sales.fifo", "sales")
        .replace("sg-sell", "sg-0abc")
        .replace("subnet-app", "subnet-0abc");
    match line.split_once(":dbuser:").and_then(|(_, user)| user.rsplit_once('/')) {
        Some((_, user)) => line.replace(&format!("/{user}"), "/app"),
        None => line,
    }
}

#[test]
fn the_seed_grants_what_the_reference_grants() {
    let reference: Value =
        serde_json::from_str(include_str!("../cases/access/reference-policies.json")).unwrap();
    let files = files(&review(SEED));
    let own = |name: &str| if name == "api" { "front" } else { name }.to_owned();
    for (name, policy) in reference.as_object().unwrap() {
        // Without a prefix there is nothing to compare: an absent key would fail `StringLike`.
        let mut expected: BTreeSet<String> = rights(policy)
            .into_iter()
            .map(|line| line.replace(r#" {"StringLike":{"s3:prefix":"*"}}"#, ""))
            .collect();
        if name == "sell" {
            // `key own` of `orders`, and tracing, which the catalogue assumes for functions.
            let via = r#"{"StringEquals":{"kms:ViaService":"dynamodb.us-east-1.amazonaws.com"}}"#;
            expected
                .insert(format!("Allow kms:Decrypt arn:aws:kms:us-east-1:123456789012:key/orders-key {via}"));
            expected.insert("Allow xray:PutTelemetryRecords *".to_owned());
            expected.insert("Allow xray:PutTraceSegments *".to_owned());
        }
        let found: BTreeSet<String> = rights(&files[&format!("policies/{}.json", own(name))])
            .iter()
            .map(|line| as_in_reference(line))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

/// `auth` of a service is what its load balancer does; nobody asked for rights on the pool.
#[test]
fn signing_in_through_a_balancer_gives_the_service_no_right() {
    let review = review(include_str!("../../models/three-tier.arch"));
    let (web, pool) = (review.model.service("web").unwrap(), review.model.service("accounts").unwrap());
    let grants = &review.facts.access.grants;
    let rights = grants
        .iter()
        .filter(|grant| grant.principal == Principal::Service(web) && grant.resource.service == Some(pool));
    assert_eq!(rights.count(), 0);
}

#[test]
fn policies_say_what_facts_say() {
    for text in MODELS {
        let review = review(text);
        let files = files(&review);
        let mut by_role: BTreeMap<(Principal, String), BTreeSet<String>> = BTreeMap::new();
        for grant in review.facts.access.grants.iter().filter(|grant| grant.carrier == Carrier::Identity) {
            let filling = Filling::new(&review.model, grant.resource.service);
            let arn = filling.fill(&grant.resource.arn);
            let effect = if grant.effect == Effect::Allow { "Allow" } else { "Deny" };
            let said = by_role.entry((grant.principal.clone(), grant.role.clone())).or_default();
            said.extend(grant.actions.iter().map(|action| format!("{effect} {action} {arn}")));
        }
        for ((principal, role), expected) in by_role {
            let name = match principal {
                Principal::Service(id) => review.model.services[id].name.to_string(),
                Principal::Role(id) => review.model.roles[id].name.to_string(),
                other => panic!("{other:?} has no role"),
            };
            let name = if role.is_empty() { name } else { format!("{name}.{role}") };
            let found: BTreeSet<String> = rights(&files[&format!("policies/{name}.json")])
                .iter()
                .map(|line| line.split_once(" {").map_or(line.as_str(), |(line, _)| line).to_owned())
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn no_placeholder_and_no_wildcard_action_is_left() {
    for text in MODELS {
        for (path, policy) in files(&review(text)) {
            for line in rights(&policy) {
                let (_, rest) = line.split_once(' ').unwrap();
                let (action, on) = rest.split_once(' ').unwrap();
                assert!(!action.contains('*'), "{path}: {line}");
                assert!(!on.contains("${") || on.contains("${aws:"), "{path}: {line}");
            }
        }
    }
}

#[test]
fn statement_ids_are_letters_and_digits_and_differ() {
    for text in MODELS {
        for (path, policy) in files(&review(text)) {
            let ids: Vec<&str> = policy["Statement"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|one| one["Sid"].as_str())
                .collect();
            let different: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(different.len(), ids.len(), "{path}");
            assert!(
                ids.iter().all(|id| id.chars().all(|c| c.is_ascii_alphanumeric()) && !id.is_empty()),
                "{path}"
            );
        }
    }
}

/// Reach by brute force: the relation "holds power over" is closed by trying every pair through every third.
fn reach_by_hand(review: &Review) -> BTreeMap<Principal, BTreeSet<usize>> {
    let access = &review.facts.access;
    let services: Vec<Principal> = review.model.services.ids().map(Principal::Service).collect();
    let all: Vec<Principal> =
        services.iter().cloned().chain(review.model.roles.ids().map(Principal::Role)).collect();
    let steps = |from: &Principal, to: &Principal| {
        access.of(from).iter().any(|grant| {
            control_of(grant).is_some() && grant.resource.service.map(Principal::Service).as_ref() == Some(to)
        })
    };
    let mut held: Vec<Vec<bool>> =
        all.iter().map(|from| all.iter().map(|to| from == to || steps(from, to)).collect()).collect();
    for middle in 0..all.len() {
        for from in 0..all.len() {
            for to in 0..all.len() {
                held[from][to] = held[from][to] || (held[from][middle] && held[middle][to]);
            }
        }
    }
    let changed = |principal: &Principal| {
        let own = access.of(principal).iter().filter(|grant| grant.is_identity_allow() && grant.is_change());
        own.filter_map(|grant| grant.resource.service)
            .map(archc::units::Id::index)
            .collect::<BTreeSet<usize>>()
    };
    let row =
        |from: usize| (0..all.len()).filter(|to| held[from][*to]).flat_map(|to| changed(&all[to])).collect();
    (0..all.len()).map(|from| (all[from].clone(), row(from))).collect()
}

/// Functions in a ring with chords, each with a table of its own, and people who may deploy some of them.
fn ring(members: usize, chord: usize) -> String {
    let mut text = "system ring in us-east-1 { env dev }\n".to_owned();
    for at in 0..members {
        let line = format!(
            "lambda f{at} {{ memory 128 MB }}\ndynamodb t{at} {{ holds internal }}\nf{at} -> t{at} : write\n"
        );
        text.push_str(&line);
        if at % 3 != 0 {
            text.push_str(&format!("f{at} -> f{} : invoke\n", (at * chord + 1) % members));
        }
    }
    text.push_str("role builders for group \"b\" { deploy f1, f2 }\n");
    text
}

#[test]
fn reach_agrees_with_brute_force() {
    let rings: Vec<String> =
        [(3, 1), (5, 2), (8, 3), (11, 7)].iter().map(|(members, chord)| ring(*members, *chord)).collect();
    for text in MODELS.iter().copied().chain(rings.iter().map(String::as_str)) {
        let review = review(text);
        for (principal, expected) in reach_by_hand(&review) {
            let found: BTreeSet<usize> =
                review.facts.access.reach(&principal).changes.iter().map(|id| id.index()).collect();
            assert_eq!(found, expected, "{principal:?}");
        }
    }
}

fn named(review: &Review, rule: &Rule) -> Option<(String, String, u16)> {
    let name = |id| review.model.services[id].name.to_string();
    match &rule.peer {
        Peer::Group(other) => Some((name(*other), name(rule.group), rule.port)),
        Peer::Cidr(_) | Peer::PrefixList(_) => None,
    }
}

#[test]
fn the_seed_opens_the_reference_rules_and_the_way_to_the_balancer() {
    let review = review(SEED);
    let ingress = review.facts.network.rules.iter().filter(|rule| rule.direction == Direction::Ingress);
    let found: BTreeSet<(String, String, u16)> =
        ingress.map(|rule| named(&review, rule).expect("only groups")).collect();
    let row = |from: &str, to: &str, port| (from.to_owned(), to.to_owned(), port);
    let expected = BTreeSet::from([
        row("clients", "clients_db", 5432),
        row("net.alb", "clients", 8080),
        row("net.alb", "files", 8080),
        row("net.alb", "products", 8080),
        row("products", "products_db", 5432),
        row("sell", "products_db", 5432),
        row("net.link", "net.alb", 443),
    ]);
    assert_eq!(found, expected);
}

#[test]
fn every_group_rule_has_its_twin_and_nobody_outside_is_let_in_unasked() {
    for text in MODELS {
        let review = review(text);
        let rules = &review.facts.network.rules;
        for rule in rules {
            assert!(!rule.causes.is_empty() && !rule.why.is_empty(), "{:?}", rule.why);
            let Peer::Group(other) = rule.peer else { continue };
            let is_twin = |twin: &&Rule| {
                twin.group == other
                    && twin.peer == Peer::Group(rule.group)
                    && twin.port == rule.port
                    && twin.direction != rule.direction
            };
            assert!(rules.iter().any(|twin| is_twin(&twin)), "{:?}", rule.why);
        }
        let open = rules.iter().filter(|rule| {
            rule.direction == Direction::Ingress && rule.peer == Peer::Cidr("0.0.0.0/0".to_owned())
        });
        for rule in open {
            let flow =
                rule.flow.map(|flow| review.model.flows[flow].from).expect("an open door has a caller");
            assert!(review.model.services[flow].kind.is_outside(), "{:?}", rule.why);
        }
    }
}

#[test]
fn a_zone_more_moves_no_subnet() {
    let blocks = |text: &str| -> BTreeSet<(String, char, String)> {
        let review = review(text);
        let vpc = &review.facts.network.vpcs[0];
        let name = |tier| review.model.places[tier].name.to_string();
        vpc.subnets.iter().map(|subnet| (name(subnet.tier), subnet.zone, subnet.cidr.to_string())).collect()
    };
    let (two, three) = (blocks(SEED), blocks(&SEED.replace("zones 2", "zones 3")));
    assert_eq!((two.len(), three.len()), (6, 9));
    assert!(two.is_subset(&three));
}

#[test]
fn the_seed_listens_with_tls_because_of_its_customers() {
    let review = review(SEED);
    let network = &review.facts.network;
    let tls: Vec<bool> = network.listeners.iter().map(|listener| listener.tls).collect();
    assert_eq!(tls, [true]);
    let name = |id| review.model.services[id].name.to_string();
    let routes: Vec<(String, String, bool)> = network
        .routes
        .iter()
        .filter(|route| route.balancer.is_some())
        .map(|route| (name(route.service), route.path.chars().collect(), route.tls))
        .collect();
    let row = |service: &str, tls| (service.to_owned(), format!("/{service}/*"), tls);
    assert_eq!(routes, [row("products", false), row("clients", true), row("files", false)]);
    let plain = self::review(&SEED.replace(" carries pii\nfront -> files", "\nfront -> files"));
    assert!(plain.facts.network.listeners.iter().all(|listener| !listener.tls && listener.port == 80));
}

#[test]
fn alarms_watch_what_the_seed_consists_of() {
    let review = review(SEED);
    let names: Vec<String> =
        review.facts.operations.alarms.iter().map(|alarm| alarm.name.to_string()).collect();
    for expected in [
        "products.unhealthy",
        "products_db.storage",
        "sales.age",
        "sales.dlq.depth",
        "sell.errors",
        "front.errors",
    ] {
        assert!(names.iter().any(|name| name == expected), "{expected}: {names:?}");
    }
    let silent = self::review(&SEED.replace("alarms auto -> ops", ""));
    assert!(silent.facts.operations.alarms.is_empty());
}

#[test]
fn the_matrix_has_one_row_a_grant_and_quotes_what_could_run() {
    let text = SEED.replace(
        "slo 99.8%",
        "grant files : actions \"s3:GetObjectTagging\" on media because \"=cmd|'/c calc'!A1 etiquetas\"\nslo 99.8%",
    );
    let review = review(&text);
    let rows = matrix::rows(&review);
    let distinct: BTreeSet<&matrix::Row> = rows.iter().collect();
    assert_eq!(distinct.len(), rows.len());
    let csv = matrix::write(&review)
        .into_iter()
        .next()
        .map(|artifact| String::from_utf8(artifact.bytes).unwrap())
        .unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(csv.contains("\"'=cmd"), "a spreadsheet would run it");
}

/// The fenced examples of a page: the info string and the text.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push((info.to_owned(), format!("{}\n", body.join("\n"))));
        }
    }
    found
}

#[test]
fn every_rule_of_iam_fires_and_falls_silent_on_its_page() {
    for check in check::iam::CHECKS {
        let code = check.rule.code;
        let path = format!("{}/docs/checks/{code}.md", env!("CARGO_MANIFEST_DIR"));
        #[expect(clippy::disallowed_methods, reason = "a test reads the page of the rule")]
        let page = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let examples = examples(&page);
        assert!(examples.len() >= 2, "{code}");
        for (info, text) in examples {
            let codes: Vec<&str> = review(&text).findings.iter().map(|finding| finding.code).collect();
            assert_eq!(
                codes.contains(&code),
                info == format!("arch,fires={code}"),
                "{code} {info}: {codes:?}\n{text}"
            );
            let broken = codes
                .iter()
                .any(|code| code.starts_with("SYN") || code.starts_with("NAME") || code.starts_with("UNIT"));
            assert!(!broken, "{code}: {codes:?}");
        }
    }
}
