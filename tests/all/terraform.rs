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
            hcl_edit::parser::parse_body(text)
                .unwrap_or_else(|error| panic!("{name}: {}: {error}", artifact.path));
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
