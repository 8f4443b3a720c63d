//! Plans and states read into models: round trips, somebody else's Terraform, and hostile texts.

use std::collections::BTreeSet;

use archc::catalog::Catalog;
use archc::check::Review;
use archc::derive::access::Principal;
use archc::diag::Diagnostic;
use archc::import::{self, rules};
use archc::model::ContainerKind;
use archc::text::{Source, Sources, Text};
use serde_json::{Value, json};

use crate::support;

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/cases/import/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The model of a plan and the remarks on it, or the finding that says why there is none.
fn imported(plan: &str) -> Result<(String, Vec<Diagnostic>), Box<Diagnostic>> {
    let catalog = Catalog::embedded();
    let mut sources = Sources::default();
    let file = sources.add(Source::new("plan.json", plan));
    let (survey, findings) = import::survey(file, sources.get(file).unwrap(), &catalog, None)?;
    Ok((import::write(&survey, &catalog, &Text::new("plan.json")), findings))
}

fn codes(findings: &[Diagnostic]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Declared services with their kinds and tiers, apart from what is outside AWS.
fn services(review: &Review) -> BTreeSet<String> {
    let model = &review.model;
    let declared =
        model.services.iter().filter(|(_, service)| !service.is_derived() && !service.kind.is_outside());
    let told = declared.map(|(id, service)| {
        let tier = model.place_of(id, ContainerKind::Tier).map(|place| &model.places[place]);
        let place =
            tier.map(|tier| format!(" in {} {:?}", tier.name, tier.access.unwrap())).unwrap_or_default();
        format!("{} {}{place}", service.kind.word, service.name)
    });
    told.collect()
}

/// Declared arrows between services of AWS.
fn flows(review: &Review) -> BTreeSet<String> {
    let model = &review.model;
    let outside = |id| model.services[id].kind.is_outside();
    let whole = model.whole_flows().map(|(_, flow)| flow);
    let declared = whole.filter(|flow| {
        flow.origin == archc::model::Origin::Declared && !outside(flow.from) && !outside(flow.to)
    });
    declared
        .map(|flow| {
            format!("{} -> {} : {}", model.services[flow.from].name, model.services[flow.to].name, flow.verb)
        })
        .collect()
}

/// What the roles of services may do with which service: actor, action, resource.
fn grants(review: &Review) -> BTreeSet<String> {
    let model = &review.model;
    let mut found = BTreeSet::new();
    for grant in &review.facts.access.grants {
        let (Principal::Service(actor), Some(on)) = (&grant.principal, grant.resource.service) else {
            continue;
        };
        let (actor, on) = (&model.services[*actor].name, &model.services[on].name);
        found.extend(grant.actions.iter().map(|action| format!("{actor} {action} {on}")));
    }
    found
}

/// What each role of people may do in human verbs.
fn permits(review: &Review) -> BTreeSet<String> {
    let model = &review.model;
    let mut found = BTreeSet::new();
    for role in model.roles.values() {
        for permit in role.permits.iter().filter(|permit| !permit.budgets) {
            let on: BTreeSet<&str> = permit.on.iter().map(|id| model.services[*id].name.as_str()).collect();
            found.extend(on.iter().map(|name| format!("{} {} {name}", role.name, permit.verb)));
        }
    }
    found
}

#[test]
fn the_plan_of_the_seed_gives_back_the_seed() {
    let (_, seed) = support::models().into_iter().find(|(name, _)| name.starts_with("webshop")).unwrap();
    let (seed, _) = support::review(&seed);
    let (text, findings) = imported(&fixture("webshop.plan")).unwrap();
    let (back, _) = support::review(&text);
    assert_eq!(services(&back), services(&seed));
    assert_eq!(flows(&back), flows(&seed));
    assert_eq!(grants(&back), grants(&seed));
    assert_eq!(permits(&back), permits(&seed));
    assert_eq!(codes(&findings), BTreeSet::from(["PLAN-101"]), "only budgets have no counterpart");
    let broken: Vec<_> = back.findings.iter().filter(|finding| finding.code.starts_with("SYN-")).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn an_experts_state_gives_its_services_and_what_its_policies_prove() {
    let (text, findings) = imported(&fixture("expert.state")).unwrap();
    support::golden("tests/cases/import/expert.state.arch", &text);
    assert_eq!(codes(&findings), BTreeSet::from(["PLAN-101", "PLAN-103"]));
    let (review, _) = support::review(&text);
    let proven = [
        "clients -> clients_postgres : readwrite",
        "files -> files_s3 : delete",
        "files -> files_s3 : readwrite",
        "http_api -> clients : call",
        "http_api -> files : call",
        "http_api -> orders : send",
        "http_api -> products : call",
        "orders -> sales : consume",
        "products -> products_postgres : readwrite",
        "sales -> products_postgres : readwrite",
        "sales -> sales_postgres : readwrite",
    ];
    assert_eq!(flows(&review), proven.map(str::to_owned).into());
    let errors: Vec<_> =
        review.findings.iter().filter(|one| one.severity == archc::diag::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_plan_claims_nothing_that_only_the_state_proves() {
    let (text, findings) = imported(&fixture("expert.plan")).unwrap();
    support::golden("tests/cases/import/expert.plan.arch", &text);
    assert!(codes(&findings).contains("PLAN-102"));
    let (review, _) = support::review(&text);
    let (state, _) = support::review(&imported(&fixture("expert.state")).unwrap().0);
    assert_eq!(services(&review), services(&state));
    // A loop over databases names all of them in the configuration; the function may log in to two.
    assert!(!flows(&review).iter().any(|flow| flow.starts_with("sales -> clients_postgres")));
    assert!(
        flows(&review).contains("sales -> sales_postgres : connect"),
        "the security group proves the way"
    );
}

#[test]
fn what_is_no_plan_is_said_at_its_place() {
    for (text, code) in [
        ("", "PLAN-001"),
        ("{\"planned_values\": [1, 2", "PLAN-001"),
        ("{}", "PLAN-002"),
        ("[]", "PLAN-002"),
        ("\"planned_values\"", "PLAN-002"),
        ("{\"version\":4,\"serial\":1,\"lineage\":\"x\"}", "PLAN-003"),
        (&"[".repeat(100_000), "PLAN-001"),
        (&"{\"values\":".repeat(10_000), "PLAN-001"),
    ] {
        assert_eq!(imported(text).unwrap_err().code, code, "{}", text.chars().take(40).collect::<String>());
    }
    let broken = imported("{\n \"planned_values\": {,}\n}").unwrap_err();
    assert_eq!(broken.span.start, 22, "{broken:?}");
    let empty = imported("{\"format_version\":\"1.0\",\"terraform_version\":\"1.11.4\"}").unwrap();
    assert_eq!(codes(&empty.1), BTreeSet::from(["PLAN-006"]));
}

/// A value of each sort that JSON knows.
fn wrong_values() -> [Value; 7] {
    [
        json!(null),
        json!(true),
        json!(-1.5e300),
        json!("\u{202e}\"}\n# x"),
        json!([[[]]]),
        json!({"a": {"": []}}),
        json!([null, 3, "x"]),
    ]
}

/// Puts `value` at the `at`th place of a tree, counted in order; says how many places there are.
fn replace(tree: &mut Value, at: usize, value: &Value, seen: &mut usize) {
    if *seen == at {
        *tree = value.clone();
    }
    *seen += 1;
    match tree {
        Value::Array(list) => list.iter_mut().for_each(|inner| replace(inner, at, value, seen)),
        Value::Object(fields) => fields.values_mut().for_each(|inner| replace(inner, at, value, seen)),
        _ => {}
    }
}

/// A plan small enough to break at every place.
fn small() -> Value {
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "variables": {"project": {"value": "tiny"}},
        "planned_values": {"root_module": {"resources": [
            {"address": "aws_sqs_queue.jobs", "mode": "managed", "type": "aws_sqs_queue", "name": "jobs",
             "values": {"name": "tiny-jobs", "arn": "arn:aws:sqs:us-east-1:1:tiny-jobs", "fifo_queue": true,
                        "redrive_policy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:1:tiny-dead\",\"maxReceiveCount\":3}"}},
            {"address": "aws_sqs_queue.dead", "mode": "managed", "type": "aws_sqs_queue", "name": "dead",
             "values": {"name": "tiny-dead", "arn": "arn:aws:sqs:us-east-1:1:tiny-dead"}},
            {"address": "aws_lambda_function.work[\"worker\"]", "mode": "managed", "type": "aws_lambda_function", "name": "work", "index": "worker",
             "values": {"function_name": "tiny-work", "memory_size": 512, "vpc_config": [{"subnet_ids": ["subnet-1"]}]}},
            {"address": "aws_iam_role.work[\"worker\"]", "mode": "managed", "type": "aws_iam_role", "name": "work", "index": "worker",
             "values": {"name": "tiny-work-role", "assume_role_policy": "{\"Statement\":[{\"Principal\":{\"Service\":\"lambda.amazonaws.com\"}}]}"}},
            {"address": "aws_iam_role_policy.work[\"worker\"]", "mode": "managed", "type": "aws_iam_role_policy", "name": "work", "index": "worker",
             "values": {"role": "tiny-work-role", "policy": "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"arn:aws:sqs:us-east-1:1:tiny-jobs\"}}"}},
            {"address": "aws_lambda_event_source_mapping.m", "mode": "managed", "type": "aws_lambda_event_source_mapping", "name": "m",
             "values": {"event_source_arn": "arn:aws:sqs:us-east-1:1:tiny-jobs"}},
        ], "child_modules": [{"address": "module.net", "resources": [
            {"address": "module.net.aws_vpc.this", "mode": "managed", "type": "aws_vpc", "name": "this", "values": {"cidr_block": "10.0.0.0/16", "id": "vpc-1"}},
            {"address": "module.net.aws_subnet.a", "mode": "managed", "type": "aws_subnet", "name": "a", "values": {"id": "subnet-1", "vpc_id": "vpc-1"}},
        ]}]}},
        "configuration": {"root_module": {
            "resources": [
                {"address": "aws_lambda_function.work", "expressions": {"role": {"references": ["aws_iam_role.work", "each.key"]}},
                 "for_each_expression": {"references": ["var.names"]}},
                {"address": "aws_lambda_event_source_mapping.m", "expressions": {"function_name": {"references": ["aws_lambda_function.work[\"worker\"].arn"]}}},
            ],
            "outputs": {"x": {"expression": {"references": ["module.net.id"]}}},
            "module_calls": {"net": {"expressions": {"name": {"references": ["var.project"]}}, "module": {"outputs": {"id": {"expression": {"references": ["aws_vpc.this.id"]}}}}}},
        }},
        "resource_drift": [{"address": "aws_sqs_queue.jobs", "change": {"before": {"delay_seconds": 0}, "after": {"delay_seconds": 9}}}],
        "resource_changes": [{"address": "aws_sqs_queue.jobs", "change": {"actions": ["update"]}}],
    });
    plan
}

#[test]
fn a_small_plan_is_read_through_modules_keys_and_embedded_documents() {
    let (text, findings) = imported(&small().to_string()).unwrap();
    for line in [
        "system tiny in us-east-1",
        "sqs jobs { fifo; dlq after 3 }",
        "vpc net 10.0.0.0/16",
        "jobs -> worker : consume",
        "worker -> jobs : send",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(codes(&findings).contains("PLAN-103"), "`sqs:*` is wider than verbs");
    let place = findings.iter().find(|finding| finding.code == "PLAN-103").unwrap().span;
    assert!(place.start > 0, "it stands where the role does");
}

/// Every value of a plan is replaced by one of every other sort: the model that comes out is always one the parser accepts.
#[test]
fn no_value_of_a_plan_is_trusted() {
    let whole = small();
    let mut places = 0;
    replace(&mut whole.clone(), usize::MAX, &Value::Null, &mut places);
    for at in 0..places {
        for value in wrong_values() {
            let mut broken = whole.clone();
            replace(&mut broken, at, &value, &mut 0);
            if let Ok((text, _)) = imported(&broken.to_string()) {
                let file = archc::text::FileId(0);
                let (_, odd) = archc::syntax::parse(file, &Source::new("model.arch", text.clone()));
                assert!(odd.is_empty(), "{value} at {at}: {odd:?}\n{text}");
            }
        }
    }
}

#[test]
fn a_plan_that_is_cut_off_anywhere_is_a_finding() {
    let whole = small().to_string();
    for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        assert_eq!(imported(&whole[..at]).unwrap_err().code, "PLAN-001");
    }
}

#[test]
fn hostile_names_stay_inside_their_place() {
    let name = "x\"; }\n} actor \u{202e}evil \u{1b}[31m ñ # ${var.x}";
    let mut plan = small();
    plan["planned_values"]["root_module"]["resources"][0]["name"] = json!(name);
    plan["planned_values"]["root_module"]["resources"][2]["index"] = json!(name);
    plan["planned_values"]["root_module"]["resources"][1]["address"] = json!(name);
    plan["variables"]["project"]["value"] = json!(name);
    let (text, _) = imported(&plan.to_string()).unwrap();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let (review, _) = support::review(&text);
    assert!(review.model.services.values().all(|service| service.kind.id != "user"), "{text}");
    assert!(!review.findings.iter().any(|finding| finding.code.starts_with("SYN-")), "{text}");
}

/// The differences between a model and a plan.
fn differences(model: &str, plan: &str) -> Vec<Diagnostic> {
    let (mut review, catalog) = support::review(model);
    let file = review.sources.add(Source::new("plan.json", plan));
    let source = review.sources.get(file).unwrap();
    let (survey, _) = import::survey(file, source, &catalog, None).unwrap();
    import::compare(&review, &survey, &catalog)
}

fn webshop() -> String {
    support::models().into_iter().find(|(name, _)| name.starts_with("webshop")).unwrap().1
}

#[test]
fn a_model_does_not_differ_from_its_own_plan() {
    let findings = differences(&webshop(), &fixture("webshop.plan"));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn each_difference_has_its_code() {
    let plan = fixture("webshop.plan");
    for (from, to, code) in [
        ("sns      ops ", "sqs more\nsns      ops ", "DRIFT-201"),
        ("s3       media", "s3       pictures", "DRIFT-202"),
        ("multi-az; backup 7 d; holds pii", "backup 7 d; holds pii", ""),
        ("backup 7 d; holds pii", "backup 14 d; holds pii", "DRIFT-205"),
        (
            "size t3.small;  port 8080; scale 2..4 on cpu 50%;           health \"/healthz\"; work 40 ms",
            "size t3.small; port 8080; scale 2..9 on cpu 50%; health \"/healthz\"; work 40 ms",
            "DRIFT-205",
        ),
        ("files    -> media       : readwrite", "files    -> media       : read", "DRIFT-206"),
        (
            "files    -> media       : readwrite",
            "files    -> media       : readwrite\nfiles -> media : delete",
            "DRIFT-207",
        ),
        ("products -> products_db : readwrite\n", "", "DRIFT-208"),
        (
            "clients  -> clients_db  : readwrite",
            "clients  -> products_db : readwrite\nclients  -> clients_db  : readwrite",
            "DRIFT-209",
        ),
        ("tier app private", "tier app isolated", "DRIFT-204"),
    ] {
        let model = webshop();
        assert!(model.contains(from), "{from}");
        let model = model
            .replace(from, to)
            .replace("media", if to.contains("pictures") { "pictures" } else { "media" });
        let findings = differences(&model, &plan);
        let found = codes(&findings);
        assert!(code.is_empty() && found.is_empty() || found.contains(code), "{from} => {to}: {found:?}");
    }
}

#[test]
fn another_kind_and_changes_outside_terraform_are_said() {
    let plan = small().to_string();
    let found = differences("system tiny in us-east-1 { env dev }\nsns jobs\n", &plan);
    assert!(
        codes(&found).is_superset(&BTreeSet::from(["DRIFT-202", "DRIFT-203", "DRIFT-210", "DRIFT-211"])),
        "{found:#?}"
    );
    assert!(found.is_sorted_by_key(|finding| finding.severity));
}

#[test]
fn every_rule_of_plans_has_its_page() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    for rule in rules::TROUBLE.iter().chain(rules::REMARKS).chain(rules::DIFFERENCES) {
        let page = std::fs::read_to_string(folder.join(format!("{}.md", rule.code))).unwrap_or_default();
        let head = format!("# {}: {}\n\nSeverity: {}", rule.code, rule.title, rule.severity.name());
        assert!(page.starts_with(&head), "{}", rule.code);
    }
}
