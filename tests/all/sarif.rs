//! Findings as SARIF: every log is valid by the published schema, and says all that a code host can show.

use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{files_in, models};

const SCHEMA: &str = include_str!("../cases/sarif/sarif-schema-2.1.0.json");

/// A model with findings of the text, of names, of units and of the review, with fixes, labels and a waiver.
const MISTAKEN: &str = r#"system shop in us-east-1 { env prod; zones 2; data pii "names" }
sqs jobs
lambda work { memory 512 MB; work 50 ms }
lambda work { memory 5 }
dynamodb orders { storage 5 GB; holds pii }
jobs -> work : consume
work -> orders : readwrite
work -> nowhere : send
waive REL-104 on jobs until 2099-01-01 because "phase 2"
tags
"#;

/// The schema, with the one bracket escaped that its dialect takes literally and the validator does not.
fn validator() -> Validator {
    let schema = SCHEMA.replace("{2}]?$", "{2}\\\\]?$");
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

/// What the program prints for a model.
fn log(folder: &Path, model: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_archc"))
        .current_dir(folder)
        .args(["check", model, "--format", "sarif", "--today", "2026-11-22"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The log of one text.
fn log_of(text: &str) -> Value {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("shop.arch"), text).unwrap();
    log(folder.path(), "shop.arch")
}

fn array<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn results(log: &Value) -> &[Value] {
    array(log, "/runs/0/results")
}

#[test]
fn every_log_is_valid_by_the_published_schema() {
    let validator = validator();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<String> = models()
        .into_iter()
        .map(|(name, _)| format!("models/{name}"))
        .filter(|path| path.ends_with(".arch"))
        .collect();
    for area in ["syntax", "resolve", "claims", "waivers"] {
        let files = files_in(&root.join("tests/cases").join(area).display().to_string());
        paths.extend(files.into_iter().map(|(name, _)| format!("tests/cases/{area}/{name}")));
    }
    assert!(paths.len() > 15);
    for path in paths.iter().filter(|path| path.ends_with(".arch")) {
        let log = log(root, path);
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        assert!(!results(&log).is_empty(), "{path} has findings");
    }
}

#[test]
fn a_log_with_a_missing_message_is_not_valid() {
    let mut log = log_of(MISTAKEN);
    assert!(validator().is_valid(&log));
    log["runs"][0]["results"][0].as_object_mut().unwrap().remove("message");
    assert!(!validator().is_valid(&log));
}

#[test]
fn every_rule_carries_its_page() {
    let log = log_of(MISTAKEN);
    for rule in array(&log, "/runs/0/tool/driver/rules") {
        let code = rule["id"].as_str().unwrap();
        let page = rule["help"]["markdown"].as_str().unwrap();
        assert!(page.starts_with(&format!("# {code}: ")) && page.contains("\n## "), "{code}: {page}");
    }
}

#[test]
fn results_point_to_their_rule_and_carry_fixes_labels_and_waivers() {
    let log = log_of(MISTAKEN);
    let rules = array(&log, "/runs/0/tool/driver/rules");
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let with = |key: &str| results(&log).iter().filter(|result| !array(result, key).is_empty()).count();
    assert!(with("/fixes") > 0 && with("/relatedLocations") > 0 && with("/suppressions") == 1);
    let twice = results(&log).iter().find(|result| result["ruleId"] == "NAME-003").unwrap();
    assert_eq!(twice["locations"][0]["physicalLocation"]["region"]["startLine"], 4);
    assert_eq!(twice["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

/// The text with the first fix of a result applied, by lines and columns as the log gives them.
fn applied(text: &str, result: &Value) -> String {
    let at = |region: &Value, line: &str, column: &str| {
        let [line, column] =
            [&region[line], &region[column]].map(|value| usize::try_from(value.as_u64().unwrap()).unwrap());
        let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    let mut changed = text.to_owned();
    for replacement in array(result, "/fixes/0/artifactChanges/0/replacements").iter().rev() {
        let region = &replacement["deletedRegion"];
        let range = at(region, "startLine", "startColumn")..at(region, "endLine", "endColumn");
        changed.replace_range(range, replacement["insertedContent"]["text"].as_str().unwrap());
    }
    changed
}

#[test]
fn a_fix_of_the_log_answers_its_finding() {
    let log = log_of(MISTAKEN);
    let fixable = results(&log).iter().filter(|result| !array(result, "/fixes").is_empty());
    let codes: Vec<&Value> = fixable
        .map(|result| {
            let print = &result["partialFingerprints"];
            let mended = log_of(&applied(MISTAKEN, result));
            assert!(results(&mended).iter().all(|other| other["partialFingerprints"] != *print));
            &result["ruleId"]
        })
        .collect();
    assert!(codes.len() > 1, "{codes:?}");
}

/// Code and fingerprint of each result, in order.
fn prints(log: &Value) -> Vec<(String, String)> {
    let print = |result: &Value| {
        (result["ruleId"].to_string(), result["partialFingerprints"]["archcFinding/v1"].to_string())
    };
    let mut prints: Vec<(String, String)> = results(log).iter().map(print).collect();
    prints.sort();
    prints
}

#[test]
fn fingerprints_stay_when_lines_or_the_file_move() {
    let before = prints(&log_of(MISTAKEN));
    let moved = MISTAKEN.replace('\n', "\n# a remark\n\n");
    assert_eq!(before, prints(&log_of(&moved)));
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    std::fs::write(folder.path().join("deep/shop.arch"), MISTAKEN).unwrap();
    assert_eq!(before, prints(&log(folder.path(), "deep/shop.arch")));
    let mut distinct = before.clone();
    distinct.dedup();
    assert_eq!(before, distinct, "every finding has its own");
}

#[test]
fn braces_of_a_message_are_no_placeholders() {
    let log = log_of(MISTAKEN);
    for result in results(&log) {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.replace("{{", "").replace("}}", "").contains(['{', '}']), "{text}");
    }
}

/// What the program prints for a model that it reads from standard input.
fn log_of_input(folder: &Path, text: &str) -> Value {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_archc"))
        .current_dir(folder)
        .args(["check", "-", "--format", "sarif", "--today", "2026-11-22"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// The files that results of a log are in.
fn files(log: &Value) -> std::collections::BTreeSet<String> {
    let uri = |result: &Value| {
        result.pointer("/locations/0/physicalLocation/artifactLocation/uri").map(ToString::to_string)
    };
    results(log).iter().filter_map(uri).collect()
}

#[test]
fn findings_of_included_files_and_of_standard_input_have_their_place() {
    let folder = TempDir::new().unwrap();
    let store = "dynamodb orders { storage 5 GB; holds pii }\n";
    let shop = "system shop in us-east-1 { env prod }\ninclude \"parts/store.arch\"\nlambda work { memory 512 MB; work 50 ms }\nwork -> orders : readwrite\n";
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    std::fs::write(folder.path().join("parts/store.arch"), store).unwrap();
    std::fs::write(folder.path().join("shop.arch"), shop).unwrap();
    let included = log(folder.path(), "shop.arch");
    assert!(validator().is_valid(&included));
    assert!(files(&included).contains("\"parts/store.arch\""), "{:?}", files(&included));
    let fix = results(&included).iter().find(|result| !array(result, "/fixes").is_empty()).unwrap();
    let changed = fix.pointer("/fixes/0/artifactChanges/0/artifactLocation/uri").unwrap();
    assert_eq!(*changed, fix["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
    let piped = log_of_input(folder.path(), shop);
    assert!(validator().is_valid(&piped));
    assert_eq!(results(&piped).len(), results(&included).len());
}

#[test]
fn a_finding_without_a_place_is_valid_too() {
    let folder = TempDir::new().unwrap();
    let nothing = log_of_input(folder.path(), "");
    assert!(validator().is_valid(&nothing) && !results(&nothing).is_empty(), "{nothing}");
    let wide = log_of_input(
        folder.path(),
        "\u{feff}system s in us-east-1 { env prod }\r\nsqs \"é\u{1F600}\" jobs\r\n",
    );
    assert!(validator().is_valid(&wide), "{wide}");
}
