//! `model.json` is what its schema says.

use std::fs;
use std::path::PathBuf;

use archc::driver::build::{Answer, Question, examine};
use archc::driver::read::Input;
use archc::driver::timing::Stopwatch;
use archc::emit::pictures::Drawing;
use archc::emit::{Draft, OUTPUTS, Shared, json};
use archc::text::Ident;
use archc::units::Date;
use serde_json::Value;

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn answer(path: &str) -> Answer {
    let question =
        Question { input: Input::File(here(path)), environment: None, today: Date::parse("2026-11-22") };
    examine(&question, &mut Stopwatch::default())
}

fn document(path: &str) -> Value {
    let answer = answer(path);
    let digest = Ident::sanitized("digest");
    let (drawing, shared) = (Drawing::default(), Shared::default());
    let draft = Draft::new(&answer.review, &answer.catalog, &digest, &drawing, &shared);
    let output = OUTPUTS.iter().find(|output| output.name == "model").unwrap();
    serde_json::from_slice(&output.make(draft).files[0].bytes).unwrap()
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let path = here("docs/reference/model.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, json::schema()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(
        committed == json::schema(),
        "run `UPDATE_SCHEMA=1 cargo test --test all json::` and read the difference"
    );
}

#[test]
fn every_model_is_valid_by_the_schema() {
    let schema: Value = serde_json::from_str(&json::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for entry in fs::read_dir(here("models")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "arch") {
            let document = document(path.strip_prefix(here("")).unwrap().to_str().unwrap());
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
    }
}

#[test]
fn a_document_with_a_wrong_type_is_not_valid() {
    let schema: Value = serde_json::from_str(&json::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut broken = document("models/webshop.arch");
    broken["services"][0]["usual_mrps"] = Value::from("many");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_seed_is_told_by_names_and_lines() {
    let document = document("models/webshop.arch");
    assert_eq!(document["schema"], 1);
    assert_eq!(document["system"]["name"], "shop");
    let services = document["services"].as_array().unwrap();
    let queue = services.iter().find(|service| service["name"] == "sales").unwrap();
    assert_eq!((queue["word"].as_str(), queue["origin"]["derived"].as_bool()), (Some("sqs"), Some(false)));
    assert_eq!(queue["settings"]["max-age"]["value"], 900_000);
    let letter = services.iter().find(|service| service["name"] == "sales.dlq").unwrap();
    assert_eq!(letter["origin"]["derived"], true);
    assert_eq!(letter["origin"]["causes"][0]["file"], "webshop.arch");
    let flows = document["flows"].as_array().unwrap();
    let write = flows.iter().find(|flow| flow["from"] == "files" && flow["to"] == "media").unwrap();
    let grants = document["grants"].as_array().unwrap();
    let granted = grants.iter().filter(|grant| grant["flow"] == write["id"]);
    assert!(
        granted.flat_map(|grant| grant["actions"].as_array().unwrap()).any(|action| action == "s3:PutObject")
    );
    assert_eq!(document["claims"].as_array().unwrap().len(), 5);
}
