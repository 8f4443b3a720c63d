//! Terraform: every model's module, and the printer against an independent parser.

use archc::catalog::Catalog;
use archc::check::Review;
use archc::derive::derive;
use archc::emit::Artifact;
use archc::emit::terraform;
use archc::model::resolve;
use archc::syntax::parse;
use archc::text::{Source, Sources};

/// The review of a model's text, with the findings of reading it.
pub fn review(name: &str, text: &str, catalog: &Catalog) -> Review {
    let mut sources = Sources::default();
    let source = Source::new(name, text);
    let file = sources.add(source.clone());
    let (ast, mut findings) = parse(file, &source);
    let (model, more) = resolve(&[(ast, None)], None, catalog);
    findings.extend(more);
    let facts = derive(&model, catalog);
    Review { sources, model, facts, findings, today: archc::units::Date { year: 2026, month: 11, day: 22 } }
}

/// The module of a model's text; panics with the findings when the model does not resolve.
fn module(name: &str, text: &str) -> Vec<Artifact> {
    let review = review(name, text, &Catalog::embedded());
    let checked = review.seal().unwrap_or_else(|| panic!("{name} has errors: {:#?}", review.findings));
    terraform::print(&terraform::module(checked))
}

/// One file of a module.
fn file<'a>(module: &'a [Artifact], name: &str) -> &'a str {
    let path = format!("terraform/{name}");
    let found = module.iter().find(|artifact| artifact.path.as_str() == path);
    std::str::from_utf8(&found.unwrap_or_else(|| panic!("no {name}")).bytes).unwrap()
}

/// The models of the project, by file name.
const MODELS: [(&str, &str); 6] = [
    ("webshop", include_str!("../../models/webshop.arch")),
    ("three-tier", include_str!("../../models/three-tier.arch")),
    ("serverless", include_str!("../../models/serverless.arch")),
    ("data-lake", include_str!("../../models/data-lake.arch")),
    ("multi-region", include_str!("../../models/multi-region.arch")),
    ("fargate", include_str!("../../models/fargate.arch")),
];

/// Every model's module is left below the test's folder, where the checks with Terraform itself find it.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test leaves files for the checks that need other programs")]
fn modules_parse_and_are_left_for_terraform() {
    for (name, text) in MODELS {
        let folder = format!("{}/modules/{name}", env!("CARGO_TARGET_TMPDIR"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for artifact in module(&format!("{name}.arch"), text) {
            let text = std::str::from_utf8(&artifact.bytes).unwrap();
            if artifact.path.as_str().ends_with(".tf") {
                hcl_edit::parser::parse_body(text)
                    .unwrap_or_else(|error| panic!("{name}: {}: {error}", artifact.path));
            }
            let file = artifact.path.as_str().trim_start_matches("terraform/");
            std::fs::write(format!("{folder}/{file}"), text).unwrap();
        }
    }
}

#[test]
fn blocks_say_which_line_of_the_model_causes_them() {
    let module = module("webshop.arch", MODELS[0].1);
    let storage = file(&module, "storage.tf");
    assert!(storage.contains("# webshop.arch:24 s3 media"), "{storage}");
    let iam = file(&module, "iam.tf");
    assert!(iam.contains("# webshop.arch:36 files -> media : readwrite"), "{iam}");
}

/// Every resource and data source of every model says where it comes from.
#[test]
fn no_block_is_without_its_line() {
    for (name, text) in MODELS {
        for artifact in module(&format!("{name}.arch"), text) {
            let text = String::from_utf8(artifact.bytes).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let is_block = pair[1].starts_with("resource \"") || pair[1].starts_with("data \"");
                let is_explained = pair[0].starts_with("# ");
                assert!(!is_block || is_explained, "{name}: {}: {}", artifact.path, pair[1]);
            }
            assert!(!lines.first().is_some_and(|line| line.starts_with("resource")), "{}", artifact.path);
        }
    }
}

/// A bucket, a topic and an alert, with more statements.
fn small(more: &str) -> String {
    let system = "system s in us-east-1 { env prod; zones 2; owner \"o@example.com\" }\n";
    format!(
        "{system}sns ops {{ email \"a@example.com\" }}\ns3 media {{ storage 1 GB; holds internal }}\ns3 other {{ storage 1 GB; holds internal }}\n{more}\n"
    )
}

#[test]
fn a_waiver_of_a_scanners_rule_stands_where_the_scanner_reads_it() {
    let waivers = "waive CKV_AWS_144 on media until 2027-06-30 because \"one Region\\n}} is enough\"\n\
                   waive AwsSolutions-S1 on other until 2027-06-30 because \"nobody reads its logs\"\n";
    let module = module("waived.arch", &small(waivers));
    let storage = file(&module, "storage.tf");
    let body = hcl_edit::parser::parse_body(storage).unwrap();
    let comment = "#checkov:skip=CKV_AWS_144:one Region";
    assert_eq!(storage.matches(comment).count(), 1, "{storage}");
    let at = storage.find(comment).unwrap();
    let above = storage[..at].rfind("resource").unwrap();
    assert!(storage[above..at].starts_with("resource \"aws_s3_bucket\" \"media\" {\n"), "{storage}");
    assert!(storage.lines().any(|line| line.contains(comment) && line.ends_with("(until 2027-06-30)")));
    assert!(body.blocks().count() > 10, "the reason does not leave its line");
    let listed: serde_json::Value = serde_json::from_str(file(&module, ".tfnag.json")).unwrap();
    let wanted = serde_json::json!({ "suppressions": [{
        "id": "AwsSolutions-S1", "resources": ["aws_s3_bucket.other"], "reason": "nobody reads its logs",
        "expires": "2027-06-30",
    }]});
    assert_eq!(listed, wanted);
}

#[test]
fn a_waiver_that_no_scanner_reads_is_a_finding() {
    let found = |waiver: &str| {
        let (review, _) = crate::support::review(&small(waiver));
        let codes = review.findings.iter().filter(|finding| finding.code == "MODEL-709");
        codes.map(|finding| format!("{finding:?}")).collect::<Vec<_>>()
    };
    let because = "until 2027-06-30 because \"so\"";
    assert_eq!(found(&format!("waive CKV_AWS_144 {because}")), Vec::<String>::new());
    assert_eq!(found(&format!("waive CKV_AWS_338 on ops {because}")), Vec::<String>::new());
    assert_eq!(found(&format!("waive CKV_AWS_144 on ops {because}")).len(), 1, "a topic is no bucket");
    assert_eq!(found(&format!("waive CKV_AWS_144 on nothing {because}")).len(), 1);
    let expired = "waive CKV_AWS_144 on media until 2020-01-01 because \"so\"";
    assert!(found(expired)[0].contains("expired"));
    let misspelt = found(&format!("waive CKV_AWS_1444 on media {because}"));
    assert!(misspelt[0].contains("CKV_AWS_144"), "{misspelt:?}");
}

/// Sessions of Session Manager come through AWS: they open no port to the internet.
#[test]
fn a_shell_opens_no_port() {
    let text = small(
        "actor person\nvpc net 10.0.0.0/16 { tier app private { ec2 web { size t3.small; port 8080; scale 2..4 on cpu 50% } } }\n\
         person -> web : shell\nrole staff for group \"staff\" { shell web; mfa; session 1 h }",
    );
    let module = module("shell.arch", &text);
    let groups = file(&module, "security_groups.tf");
    assert!(!groups.contains("0.0.0.0/0\"\n  from_port") && !groups.contains("from_internet"), "{groups}");
}

/// What AWS Budgets takes: alerts that somebody hears, no forecast by the day, a tag filter, a role that Budgets takes on.
#[test]
fn budgets_are_what_aws_accepts() {
    let text = |block: &hcl_edit::structure::Block, name: &str| -> String {
        block
            .body
            .get_attribute(name)
            .map(|attribute| attribute.value.to_string().trim().to_owned())
            .unwrap_or_default()
    };
    let mut seen = (0, 0);
    let daily = small("budget 20 USD daily { alert 80% actual -> ops; at 100% actual deny new ec2, lambda }");
    let owned = small("budget 20 USD monthly for media { at 100% actual deny new ec2 }");
    let models = MODELS.iter().map(|(name, text)| (*name, (*text).to_owned()));
    for (name, model) in models.chain([("daily", daily), ("owned", owned)]) {
        let module = module(name, &model);
        let whole: String =
            module.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        let body = hcl_edit::parser::parse_body(file(&module, "budgets.tf")).unwrap();
        for block in body.blocks() {
            match block.labels.first().map_or("", |label| label.as_str()) {
                "aws_budgets_budget" => {
                    let notices: Vec<_> = block.body.get_blocks("notification").collect();
                    assert!(notices.len() <= 10, "{name}");
                    for notice in notices {
                        let topics = text(notice, "subscriber_sns_topic_arns");
                        let heard = [topics.clone(), text(notice, "subscriber_email_addresses")];
                        assert!(heard.iter().any(|list| list.len() > 2), "{name}: {notice:?}");
                        let is_daily = text(block, "time_unit") == "\"DAILY\"";
                        assert!(!is_daily || text(notice, "notification_type") == "\"ACTUAL\"", "{name}");
                        if let Some(label) = topics.split('.').nth(1) {
                            let exists = format!("resource \"aws_sns_topic\" \"{label}\" {{");
                            assert!(whole.contains(&exists), "{name}: {topics}");
                        }
                        seen.0 += 1;
                    }
                    let filter = block.body.get_blocks("cost_filter").next().unwrap();
                    assert!(text(filter, "values").contains("user:"), "{name}");
                    assert!(text(filter, "values").contains('$'), "{name}");
                    assert!(text(block, "limit_amount").starts_with('"'), "{name}");
                }
                "aws_budgets_budget_action" => {
                    let role = text(block, "execution_role_arn").split('.').nth(1).unwrap().to_owned();
                    let start = whole.find(&format!("resource \"aws_iam_role\" \"{role}\" {{")).unwrap();
                    assert!(whole[start..start + 400].contains("trust_budgets.json"), "{name}");
                    let subscriber = block.body.get_blocks("subscriber").next().unwrap();
                    assert!(text(subscriber, "address").len() > 2, "{name}: {subscriber:?}");
                    seen.1 += 1;
                }
                _ => {}
            }
        }
    }
    assert!(seen.0 >= 12 && seen.1 >= 2, "{seen:?}");
}

#[test]
fn a_budget_that_aws_refuses_is_an_error_at_its_line() {
    let wrong = [
        ("budget 20 USD monthly { alert 80% actual -> ops, ops2 }\nsns ops2", "COST-513"),
        ("budget 20 USD monthly { alert 80% actual -> media }", "COST-513"),
        ("budget 20 USD monthly { alert 80% actual, 80% actual -> ops }", "COST-513"),
        ("budget 20 USD daily { alert 80% forecast -> ops }", "COST-507"),
        ("budget 20 USD monthly { alert 80% actual -> ops; at 100% actual deny new acm }", "NAME-005"),
        ("budget 20 USD monthly { alert 80% actual -> ops; at 100% actual refuse ec2 }", "NAME-005"),
        ("budget 20 USD monthly { alert 80% actual -> ops; at 100% actual stop media }", "NAME-006"),
    ];
    for (statement, code) in wrong {
        let (review, _) = crate::support::review(&small(statement));
        let found = review.findings.iter().find(|finding| finding.code == code);
        let found = found.unwrap_or_else(|| panic!("{statement}: {:?}", review.findings));
        assert_eq!(found.severity, archc::diag::Severity::Error, "{statement}");
        let place = review.sources.place(found.span);
        assert!(place.starts_with("model.arch:5"), "{statement}: {place}");
        assert!(review.seal().is_none(), "{statement}");
    }
    let nobody = small("budget 20 USD monthly { at 100% actual deny new ec2 }");
    let told = |text: &str| {
        let (review, _) = crate::support::review(text);
        review.findings.iter().all(|finding| finding.code != "COST-513")
    };
    assert!(told(&nobody), "the owner is told");
    assert!(!told(&nobody.replace("o@example.com", "the shop's team")), "nobody is told");
}

/// Every block of a module by its header, without comments.
fn blocks(module: &[Artifact]) -> std::collections::BTreeMap<String, String> {
    let mut found = std::collections::BTreeMap::new();
    for artifact in module.iter().filter(|artifact| artifact.path.as_str().ends_with(".tf")) {
        let text = std::str::from_utf8(&artifact.bytes).unwrap();
        for block in text.split("\n\n").collect::<Vec<_>>().join("\n\n").split("\n}\n") {
            let lines: Vec<&str> = block.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
            let body = lines.join("\n").trim().to_owned();
            let header = body.lines().next().unwrap_or_default().to_owned();
            found.insert(
                format!(
                    "{}: {header} {}",
                    artifact.path,
                    if header == "locals {" || header == "moved {" { body.as_str() } else { "" }
                ),
                body,
            );
        }
    }
    found
}

#[test]
fn the_seed_is_written_as_reviewed() {
    for artifact in module("webshop.arch", MODELS[0].1) {
        let name = artifact.path.as_str().trim_start_matches("terraform/").replace('.', "_");
        insta::assert_snapshot!(format!("seed_{name}"), std::str::from_utf8(&artifact.bytes).unwrap());
    }
}

/// A model with a stage that differs in values alone, and one that differs in more.
const STAGED: &str = r#"
system staged in us-east-1 { env prod; zones 2; owner "a@example.com" }
actor person
cognito pool { users 100 }
sns ops { email "ops@example.com" }
http-api front { auth pool; throttle 200 rps; logs 90 d }
vpc net 10.0.0.0/16 {
  nat one
  tier app private { ec2 shop { size t3.medium; port 8080; scale 2..6 on cpu 50%; health "/healthz"; work 20 ms } }
  tier data isolated { postgres stock { size db.t3.medium; storage 50 GB; multi-az; backup 14 d; holds internal } }
}
sqs jobs { dlq after 5 }
lambda worker { memory 512 MB; work 50 ms; concurrency 20 }
person -> front : call
front -> shop : call
shop -> stock : readwrite
shop -> jobs : send
jobs -> worker : consume idempotent by id
role staff for group "staff" { observe all; mfa; session 1 h }
alarms auto -> ops
budget 500 USD monthly for staged { alert 80% actual -> ops }
environment dev {
  account "123456789012"
  shop { size t3.micro; scale 1..2 on cpu 60% }
  stock { size db.t3.small; storage 20 GB; backup 1 d }
  worker { memory 256 MB }
  front { throttle 20 rps; logs 7 d }
  budget 300 USD monthly for staged { alert 80% actual -> ops }
}
environment poor { budget 1 USD monthly for staged { alert 80% actual -> ops } }
environment tiny { zones 1; lambda extra { memory 128 MB; work 5 ms; concurrency 1 }; jobs -> extra : consume idempotent by id }
"#;

/// A model's files of Terraform, made to serve the model's other stages.
fn staged(text: &str) -> std::collections::BTreeMap<String, String> {
    let catalog = Catalog::embedded();
    let mut sources = Sources::default();
    let source = Source::new("staged.arch", text);
    let file = sources.add(source.clone());
    let asts = [(parse(file, &source).0, None)];
    let review = review("staged.arch", text, &catalog);
    let stages = archc::stages(&review, &asts, &catalog);
    let checked = review.seal().unwrap_or_else(|| panic!("{:#?}", review.findings));
    let files = terraform::print_deployment(&terraform::deployment(checked, false, &stages));
    let text = |file: &Artifact| std::str::from_utf8(&file.bytes).unwrap().to_owned();
    files
        .iter()
        .map(|file| (file.path.as_str().trim_start_matches("terraform/").to_owned(), text(file)))
        .collect()
}

/// The lines of a module's blocks without comments, with the values of variables put in; variables' own blocks are left out.
fn resolved(files: &std::collections::BTreeMap<String, String>, values: &str) -> Vec<String> {
    let words = |text: &str| {
        let pairs = text
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        pairs.collect::<std::collections::BTreeMap<String, String>>()
    };
    let values = words(values);
    let mut lines = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".tf") && *name != "variables.tf") {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            let put = match line.split_once(" = var.") {
                Some((start, variable)) => match values.get(variable) {
                    Some(value) => format!("{start} = {value}"),
                    None => line.clone(),
                },
                None => line.clone(),
            };
            if !put.ends_with(" = null") {
                lines.push(format!("{name}: {put}"));
            }
        }
    }
    // An argument that only one stage has stands behind the others.
    lines.sort();
    lines
}

#[test]
fn one_text_serves_every_stage_that_differs_in_values() {
    let files = staged(STAGED);
    let variables = &files["variables.tf"];
    for (name, kind) in [
        ("shop_instance_type", "string"),
        ("stock_allocated_storage", "number"),
        ("worker_memory_size", "number"),
    ] {
        assert!(variables.contains(&format!("variable \"{name}\" {{")), "{name}: {variables}");
        assert!(variables.contains(&format!("= {kind}")), "{kind}");
    }
    let (dev, prod) = (&files["dev.tfvars"], &files["prod.tfvars"]);
    assert!(dev.contains("\"t3.micro\"") && prod.contains("\"t3.medium\""), "{dev}{prod}");
    // With the values of the stage the text is the one that is written for the stage alone.
    let chosen = |environment| {
        let (review, _) = crate::support::review_in("staged.arch", STAGED, environment);
        let files = terraform::print(&terraform::module(review.seal().unwrap()));
        let text = |file: &Artifact| std::str::from_utf8(&file.bytes).unwrap().to_owned();
        files
            .iter()
            .map(|file| (file.path.as_str().trim_start_matches("terraform/").to_owned(), text(file)))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    for (environment, values) in [(None, prod), (Some("dev"), dev)] {
        let alone = chosen(environment);
        let own: Vec<String> = resolved(&alone, "");
        let naming = |line: &String| {
            !line.contains("var.project") && !line.contains("var.environment") && !line.contains("var.region")
        };
        let (own, put): (Vec<String>, Vec<String>) = (
            own.into_iter().filter(naming).collect(),
            resolved(&files, values)
                .into_iter()
                .filter(naming)
                .filter(|line| !line.contains("= \"staged\""))
                .collect(),
        );
        let lost: Vec<&String> = own.iter().filter(|line| !put.contains(line)).collect();
        assert!(lost.is_empty(), "{environment:?}: {lost:#?}");
    }
    assert!(!files.contains_key("tiny.tfvars"));
    let page = &files["STAGES.md"];
    assert!(page.contains("| dev | dev | `dev.tfvars` | |"), "{page}");
    assert!(page.contains("archc build MODEL --env tiny"), "{page}");
    assert!(page.contains("| poor | poor | none | its model has errors"), "{page}");
}

#[test]
fn a_model_with_one_stage_has_no_page_of_stages() {
    let files = staged(STAGED.split("environment dev").next().unwrap());
    assert!(!files.contains_key("STAGES.md") && files.contains_key("prod.tfvars"));
    assert!(!files["variables.tf"].contains("differs between stages"));
}

#[test]
fn writing_twice_writes_the_same() {
    for (name, text) in MODELS {
        assert_eq!(module(name, text), module(name, text), "{name}");
    }
}

#[test]
fn a_small_edit_changes_only_its_own_blocks() {
    let before = blocks(&module("webshop.arch", MODELS[0].1));
    let shifted = format!("# one more line\n\n{}", MODELS[0].1);
    assert_eq!(before, blocks(&module("webshop.arch", &shifted)), "lines moved");
    let larger = MODELS[0].1.replace("storage 50 GB", "storage 60 GB");
    let after = blocks(&module("webshop.arch", &larger));
    let changed: Vec<&String> =
        after.iter().filter(|(key, body)| before.get(*key) != Some(body)).map(|(key, _)| key).collect();
    let own =
        ["\"aws_db_instance\" \"products_db\"", "\"aws_cloudwatch_metric_alarm\" \"products_db_storage\""];
    assert_eq!(changed.len(), own.len(), "{changed:?}");
    assert!(changed.iter().zip(own).all(|(block, own)| block.contains(own)), "{changed:?}");
}

#[test]
fn a_new_service_leaves_the_blocks_of_others_alone() {
    let before = blocks(&module("webshop.arch", MODELS[0].1));
    let line = "    lambda sell  \"Ventas\"";
    let more = MODELS[0]
        .1
        .replace(line, &format!("    ec2 reviews \"Reseñas\" {{ size t3.small; health \"/\" }}\n{line}"));
    let more = format!("{}\nfront -> reviews : call share 1%\n", more.replace("share 60%", "share 59%"));
    let after = blocks(&module("webshop.arch", &more));
    let shared = ["people.tf", "autoscaling_notification", "tfvars"];
    for (key, body) in before.iter().filter(|(key, _)| !shared.iter().any(|part| key.contains(part))) {
        assert_eq!(Some(body), after.get(key), "{key}");
    }
}

#[test]
fn a_renamed_service_is_moved() {
    let renamed = "system s in us-east-1\nsns tidings { was news; email \"a@example.com\" }\n";
    let moved = module("renamed.arch", renamed);
    let text = file(&moved, "moved.tf");
    assert!(text.contains("from = aws_sns_topic.news\n"), "{text}");
    assert!(text.contains("to   = aws_sns_topic.tidings\n"), "{text}");
}

#[test]
fn every_kind_has_an_emitter() {
    let catalog = Catalog::embedded();
    let missing: Vec<&str> = catalog
        .kinds()
        .map(|kind| kind.id.as_str())
        .filter(|kind| !archc::emit::terraform::has_kind(kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Sid and actions of every statement of a document.
fn actions_of(document: &hcl_edit::structure::Block) -> Vec<(String, Vec<String>)> {
    let texts = |block: &hcl_edit::structure::Block, name: &str| -> Vec<String> {
        let value = block.body.get_attribute(name).map(|attribute| attribute.value.clone());
        let array = value.as_ref().and_then(|value| value.as_array().cloned());
        let single = value.as_ref().and_then(|value| value.as_str()).map(str::to_owned);
        array.map_or_else(
            || single.into_iter().collect(),
            |array| array.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        )
    };
    let statements = document.body.get_blocks("statement");
    statements.map(|statement| (texts(statement, "sid").concat(), texts(statement, "actions"))).collect()
}

#[test]
fn policies_hold_exactly_what_the_facts_grant() {
    let catalog = Catalog::embedded();
    for (name, text) in MODELS {
        let review = review(name, text, &catalog);
        let module = terraform::print(&terraform::module(review.seal().unwrap()));
        let parsed = hcl_edit::parser::parse_body(file(&module, "iam.tf")).unwrap();
        for (id, service) in review.model.services.iter() {
            let principal = archc::derive::access::Principal::Service(id);
            let statements = review.facts.access.statements(&principal);
            let mut granted: Vec<(String, Vec<String>)> = statements
                .iter()
                .filter(|statement| statement.role.is_empty())
                .map(|statement| (statement.sid.clone(), statement.actions.clone()))
                .collect();
            let label = service.name.label();
            let is_own = |block: &&hcl_edit::structure::Block| {
                block.has_ident("data") && block.labels.get(1).is_some_and(|own| own.as_str() == label)
            };
            let mut written: Vec<(String, Vec<String>)> =
                parsed.blocks().filter(is_own).flat_map(actions_of).collect();
            granted.sort();
            written.sort();
            if !granted.is_empty() || !written.is_empty() {
                assert_eq!(granted, written, "{name}: {label}");
            }
        }
    }
}

#[test]
fn one_role_is_written_for_two_services() {
    let text = "system demo in us-east-1 { env prod; zones 2 }\n\
        dynamodb orders { storage 5 GB; pitr; holds internal }\n\
        lambda sell { memory 512 MB; work 100 ms; concurrency 20 }\n\
        lambda refund { memory 512 MB; work 100 ms; concurrency 5; runs-as sell }\n\
        refund -> orders : readwrite\n";
    let module = module("shared.arch", text);
    let (iam, functions) = (file(&module, "iam.tf"), file(&module, "functions.tf"));
    assert_eq!(iam.matches("resource \"aws_iam_role\"").count(), 1, "{iam}");
    assert!(iam.contains("dynamodb:PutItem"), "{iam}");
    assert_eq!(functions.matches("= aws_iam_role.sell.arn").count(), 2, "{functions}");
    assert!(!functions.contains("aws_iam_role_policy.refund"), "{functions}");
}

/// What a copy leaves open is planned as a change each time.
#[test]
fn how_long_a_copied_backup_lives_is_written_out() {
    let text =
        "system demo in us-east-1 { env prod; zones 2 }\nbackup safe { keep 35 d; copy-to eu-west-1 }\n";
    let module = module("copied.arch", text);
    let backup = file(&module, "backup.tf");
    assert_eq!(backup.matches("opt_in_to_archive_for_supported_resources = false").count(), 2, "{backup}");
}

#[test]
fn a_waivers_reason_stays_inside_its_comment() {
    let text = "system demo in us-east-1 { env prod; zones 2 }\n\
        s3 media { storage 5 GB; holds internal }\n\
        waive CKV_AWS_144 on media until 2027-06-30 because \"one\\nresource \\\"aws_x\\\" \\\"y\\\" {}\"\n";
    let module = module("waived.arch", text);
    let storage = file(&module, "storage.tf");
    assert!(storage.contains("#checkov:skip=CKV_AWS_144:one"), "{storage}");
    assert!(!storage.lines().any(|line| line.trim_start().starts_with("resource \"aws_x\"")), "{storage}");
}
