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
pub fn imported(plan: &str) -> Result<(String, Vec<Diagnostic>), Box<Diagnostic>> {
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
pub fn services(review: &Review) -> BTreeSet<String> {
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
pub fn flows(review: &Review) -> BTreeSet<String> {
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
pub fn grants(review: &Review) -> BTreeSet<String> {
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
pub fn permits(review: &Review) -> BTreeSet<String> {
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

/// A state of these resources, each `(address, type, name, values, blocks it was made after)`.
fn state(resources: &[(&str, &str, &str, Value, &[&str])]) -> String {
    let rows: Vec<Value> = resources
        .iter()
        .map(|(address, kind, name, values, after)| {
            json!({"address": address, "mode": "managed", "type": kind, "name": name, "values": values, "depends_on": after})
        })
        .collect();
    json!({"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": rows}}}).to_string()
}

fn role(service: &str, name: &str) -> Value {
    let trust = json!({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]});
    json!({"name": name, "id": name, "arn": format!("arn:aws:iam::1:role/{name}"), "assume_role_policy": trust.to_string()})
}

fn policy(role: &str, actions: &[&str], on: &str) -> Value {
    let document = json!({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": on}]});
    json!({"role": role, "policy": document.to_string(), "name": "access"})
}

#[test]
fn a_policy_belongs_to_who_acts_and_not_to_what_it_names() {
    let machine = "arn:aws:states:us-east-1:1:stateMachine:claims";
    let table = "arn:aws:dynamodb:us-east-1:1:table/claims";
    let plan = state(&[
        (
            "aws_sfn_state_machine.claims",
            "aws_sfn_state_machine",
            "claims",
            json!({"name": "claims", "arn": machine, "role_arn": "arn:aws:iam::1:role/machine"}),
            &[],
        ),
        (
            "aws_dynamodb_table.claims",
            "aws_dynamodb_table",
            "claims_table",
            json!({"name": "claims-table", "arn": table}),
            &[],
        ),
        (
            "aws_lambda_function.check",
            "aws_lambda_function",
            "check",
            json!({"function_name": "check", "role": "arn:aws:iam::1:role/check"}),
            &[],
        ),
        ("aws_iam_role.machine", "aws_iam_role", "machine", role("states.amazonaws.com", "machine"), &[]),
        ("aws_iam_role.check", "aws_iam_role", "check", role("lambda.amazonaws.com", "check"), &[]),
        (
            "aws_iam_role_policy.check",
            "aws_iam_role_policy",
            "check",
            policy("check", &["states:StartExecution"], machine),
            &[],
        ),
        (
            "aws_iam_role_policy.table",
            "aws_iam_role_policy",
            "table",
            policy(
                "check",
                &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"],
                table,
            ),
            &[],
        ),
    ]);
    let (text, _) = imported(&plan).unwrap();
    assert!(text.contains("check -> claims : start"), "{text}");
    assert!(text.contains("check -> claims_table : read"), "{text}");
    assert!(!text.contains("claims -> "), "the machine was given the rights of whoever starts it: {text}");
}

#[test]
fn a_name_of_three_letters_counts_where_the_state_says_so() {
    let bucket = "arn:aws:s3:::uploads-bucket";
    let resources = |after: &'static [&'static str]| {
        state(&[
            (
                "aws_lambda_function.web",
                "aws_lambda_function",
                "web",
                json!({"function_name": "website", "role": "arn:aws:iam::1:role/web"}),
                &[],
            ),
            ("aws_iam_role.web", "aws_iam_role", "web", role("lambda.amazonaws.com", "web"), &[]),
            (
                "aws_iam_role_policy.web",
                "aws_iam_role_policy",
                "web",
                policy("web", &["s3:GetObject", "s3:ListBucket"], bucket),
                after,
            ),
            (
                "aws_s3_bucket.uploads",
                "aws_s3_bucket",
                "uploads",
                json!({"bucket": "uploads-bucket", "arn": bucket}),
                &[],
            ),
        ])
    };
    assert!(imported(&resources(&["aws_iam_role.web"])).unwrap().0.contains("web -> uploads : read"));
    assert!(!imported(&resources(&[])).unwrap().0.contains("web -> uploads"));
}

#[test]
fn stages_of_one_name_are_not_taken_for_one_another() {
    let api = |name: &str, id: &str| json!({"name": name, "id": id, "protocol_type": "HTTP"});
    let stage = |id: &str, rate: u64| json!({"api_id": id, "id": "$default", "name": "$default", "default_route_settings": [{"throttling_rate_limit": rate}]});
    let plan = state(&[
        ("aws_apigatewayv2_api.one", "aws_apigatewayv2_api", "one", api("one", "api-1111"), &[]),
        ("aws_apigatewayv2_api.two", "aws_apigatewayv2_api", "two", api("two", "api-2222"), &[]),
        ("aws_apigatewayv2_stage.one", "aws_apigatewayv2_stage", "one", stage("api-1111", 50), &[]),
        ("aws_apigatewayv2_stage.two", "aws_apigatewayv2_stage", "two", stage("api-2222", 2000), &[]),
    ]);
    let (text, _) = imported(&plan).unwrap();
    assert!(text.contains("http-api one { throttle 50 rps"), "{text}");
    assert!(text.contains("http-api two { throttle 2000 rps"), "{text}");
}

#[test]
fn open_groups_and_policies_of_aws_are_said() {
    let group = |ingress: Value| json!({"id": "sg-12345", "name": "web-group", "ingress": ingress});
    let server = json!({"id": "i-12345", "vpc_security_group_ids": ["sg-12345"]});
    let rule = json!({"type": "ingress", "security_group_id": "sg-12345", "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]});
    for (ingress, more) in [
        (json!([{"cidr_blocks": ["0.0.0.0/0"]}]), None),
        (json!([]), Some(("aws_security_group_rule.ssh", "aws_security_group_rule", "ssh", rule, &[][..]))),
    ] {
        let mut resources = vec![
            ("aws_instance.server", "aws_instance", "server", server.clone(), &[][..]),
            ("aws_security_group.web", "aws_security_group", "web", group(ingress), &[][..]),
        ];
        resources.extend(more);
        let (_, findings) = imported(&state(&resources)).unwrap();
        assert!(codes(&findings).contains("PLAN-104"), "{findings:?}");
    }
    let attachment = |arn: &str| json!({"role": "worker", "policy_arn": arn});
    let plan = state(&[
        (
            "aws_lambda_function.worker",
            "aws_lambda_function",
            "worker",
            json!({"function_name": "worker-fn", "role": "arn:aws:iam::1:role/worker"}),
            &[],
        ),
        ("aws_iam_role.worker", "aws_iam_role", "worker", role("lambda.amazonaws.com", "worker"), &[]),
        (
            "aws_iam_role_policy_attachment.a",
            "aws_iam_role_policy_attachment",
            "a",
            attachment("arn:aws:iam::aws:policy/AmazonS3FullAccess"),
            &[],
        ),
        (
            "aws_iam_role_policy_attachment.b",
            "aws_iam_role_policy_attachment",
            "b",
            attachment("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
            &[],
        ),
    ]);
    let (_, findings) = imported(&plan).unwrap();
    let managed: Vec<_> = findings.iter().filter(|finding| finding.code == "PLAN-105").collect();
    assert_eq!(managed.len(), 1, "{findings:?}");
}

#[test]
fn a_waiver_of_drift_covers_its_difference_and_no_error() {
    let plan = fixture("webshop.plan");
    let changed = webshop().replace("backup 7 d; holds pii", "backup 14 d; holds pii");
    let waive = "\nwaive DRIFT-205 on clients_db until 2027-06-30 because \"two weeks follow with the next release\"\n";
    let found = differences(&format!("{changed}{waive}"), &plan);
    assert!(found.iter().all(|finding| finding.waived.is_some()), "{found:?}");
    let unused = differences(&format!("{}{waive}", webshop()), &plan);
    assert_eq!(codes(&unused), BTreeSet::from(["MODEL-709"]), "a waiver that covers nothing is said");
    let (review, _) = support::review(&format!("{}{waive}", webshop()));
    assert!(!codes(&review.findings).contains("MODEL-709"), "`check` does not know the plan");
    let more = webshop().replace("files    -> media       : readwrite", "files    -> media       : read");
    let refused = differences(
        &format!("{more}\nwaive DRIFT-206 until 2027-06-30 because \"it is known to the team\"\n"),
        &plan,
    );
    assert!(refused.iter().any(|finding| finding.code == "DRIFT-206" && finding.waived.is_none()));
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
