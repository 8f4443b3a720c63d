//! Fixes and severities: what a finding writes into the model answers it and harms nothing; `check --fix` changes files at once or not.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use archc::check::Review;
use archc::diag::{Diagnostic, Severity, mend};
use archc::model::Origin;

use crate::support::{files_in, review_in};

/// Checks whose findings carry an edit on their pages' firing examples.
const FIXABLE: &[&str] = &[
    "AUTH-301",
    "AUTH-302",
    "AUTH-303",
    "AUTH-306",
    "AUTH-307",
    "COST-504",
    "COST-506",
    "COST-507",
    "COST-508",
    "COST-510",
    "COST-511",
    "DATA-401",
    "DATA-402",
    "DATA-407",
    "DATA-409",
    "DATA-410",
    "IAM-101",
    "IAM-105",
    "IAM-106",
    "IAM-109",
    "IAM-112",
    "IAM-114",
    "IAM-115",
    "IAM-117",
    "MODEL-705",
    "MODEL-708",
    "MODEL-709",
    "NET-202",
    "NET-204",
    "NET-212",
    "OPS-601",
    "OPS-603",
    "OPS-604",
    "OPS-605",
    "REL-101",
    "REL-104",
    "REL-105",
    "REL-106",
    "REL-108",
    "REL-109",
    "REL-110",
    "REL-111",
    "REL-143",
    "REL-144",
    "SCALE-201",
    "SCALE-202",
    "SCALE-203",
    "SCALE-204",
    "SCALE-205",
    "SCALE-206",
    "SCALE-207",
    "SCALE-208",
    "SCALE-211",
    "SCALE-217",
];

/// Text, and the environment it is built for, of each firing example of the pages, by code.
fn firing() -> Vec<(String, String, Option<String>)> {
    let mut found = Vec::new();
    for (name, page) in files_in(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks")) {
        let code = name.trim_end_matches(".md");
        for block in page.split("```arch,").skip(1) {
            let Some((info, rest)) = block.split_once('\n') else { continue };
            let text = rest.split("```").next().unwrap_or_default();
            let environment = info.split(',').find_map(|part| part.strip_prefix("env=")).map(str::to_owned);
            if info.contains(&format!("fires={code}")) {
                found.push((code.to_owned(), text.to_owned(), environment));
            }
        }
    }
    found
}

fn key(finding: &Diagnostic) -> String {
    format!("{} {}", finding.code, finding.message.en().terminal())
}

/// The names of what the model declares, and its arrows: what no fix adds to or takes from.
fn declared(review: &Review) -> (Vec<String>, usize) {
    let model = &review.model;
    let services = model.services.values().filter(|service| !service.is_derived());
    let names = services.map(|service| service.name.to_string()).collect();
    (names, model.whole_flows().filter(|(_, flow)| matches!(flow.origin, Origin::Declared)).count())
}

/// What a fix may bring to light that nobody could see before: a line of a `grant` gone wrong hides what else it says, and
/// what is added is looked at as if somebody had written it.
fn follows(fixed: &str, new: &str) -> bool {
    const FOLLOWING: &[(&str, &str)] = &[
        ("OPS-601", "COST-503"),
        ("OPS-601", "COST-512"),
        ("REL-104", "REL-105"),
        ("REL-110", "COST-504"),
        ("COST-504", "COST-502"),
    ];
    FOLLOWING.contains(&(fixed, new))
}

fn errors(review: &Review) -> usize {
    review.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

#[test]
fn every_fix_answers_its_finding_and_brings_no_error() {
    let mut fixed = BTreeSet::new();
    for (code, text, environment) in firing() {
        let (before, _) = review_in("example.arch", &text, environment.as_deref());
        for finding in before.findings.iter().filter(|finding| finding.code == code && finding.fix.is_some())
        {
            let mended = mend([finding], &before.sources);
            let [mended] = mended.as_slice() else { panic!("{code}: {} files", mended.len()) };
            let (after, _) = review_in("example.arch", &mended.text, environment.as_deref());
            let left: Vec<String> = after.findings.iter().map(key).collect();
            assert!(!left.contains(&key(finding)), "{code}: {} stands after\n{}", key(finding), mended.text);
            assert!(errors(&after) <= errors(&before), "{code}: {left:?} in\n{}", mended.text);
            assert!(left.iter().all(|other| !other.starts_with("SYN-")), "{code}: {left:?}\n{}", mended.text);
            assert_eq!(declared(&before), declared(&after), "{code}: {}", mended.text);
            let known: BTreeSet<&str> = before.findings.iter().map(|known| known.code).collect();
            let new: Vec<&Diagnostic> =
                after.findings.iter().filter(|finding| !known.contains(finding.code)).collect();
            assert!(new.iter().all(|new| follows(&code, new.code)), "{code}: {new:#?}\n{}", mended.text);
            fixed.insert(code.clone());
        }
    }
    let missing: Vec<&&str> = FIXABLE.iter().filter(|code| !fixed.contains(**code)).collect();
    assert!(missing.is_empty(), "no fix on the pages of {missing:?}; fixed {fixed:?}");
}

#[test]
fn all_fixes_of_the_examples_go_together() {
    for (code, text, environment) in firing() {
        let (before, _) = review_in("example.arch", &text, environment.as_deref());
        for mended in mend(before.findings.iter().filter(|finding| finding.waived.is_none()), &before.sources)
        {
            let (after, _) = review_in("example.arch", &mended.text, environment.as_deref());
            let broken = after.findings.iter().any(|finding| finding.code.starts_with("SYN-"));
            let was = before.findings.iter().any(|finding| finding.code.starts_with("SYN-"));
            assert!(was || !broken, "{code}:\n{}", mended.text);
        }
    }
}

#[test]
fn mending_comes_to_an_end() {
    for (code, text, environment) in firing() {
        let mut text = text;
        for round in 0.. {
            assert!(round < 8, "{code} is mended without end:\n{text}");
            let (looked, _) = review_in("example.arch", &text, environment.as_deref());
            let open = looked.findings.iter().filter(|finding| finding.waived.is_none());
            match mend(open, &looked.sources).into_iter().next() {
                Some(mended) if mended.text != text => text = mended.text,
                _ => break,
            }
        }
    }
}

const SHOP: &str = "system shop in us-east-1 { env prod }\ninclude \"store.arch\"\nlambda work { memory 512 MB; work 50 ms }\nsqs jobs { holds internal } # the work\njobs -> work : consume idempotent by id\nwork -> base : readwrite\n";
const STORE: &str = "# what is kept\ndynamodb base { storage 5 GB; holds pii }\nwaive NET-210 on base until 2027-06-30 because \"not a front at all\"\n";

fn archc(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_archc"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_changes_every_file_of_a_model_and_then_has_nothing_to_do() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("shop.arch"), SHOP).unwrap();
    fs::write(folder.path().join("store.arch"), STORE).unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (_, _, told) = archc(folder.path(), &["check", "--fix", "shop.arch"]);
    assert!(
        told.starts_with(
            "mended 5 findings (DATA-401, MODEL-709, REL-104, REL-109, SCALE-201) in shop.arch, store.arch"
        ),
        "{told}"
    );
    assert!(
        read("shop.arch").contains("\nsqs jobs { dlq after 5; holds internal } # the work\n"),
        "{}",
        read("shop.arch")
    );
    assert_eq!(
        read("store.arch"),
        "# what is kept\ndynamodb base { pitr; key own; storage 5 GB; holds pii }\n"
    );
    let before = [read("shop.arch"), read("store.arch")];
    let (_, _, told) = archc(folder.path(), &["check", "--fix", "shop.arch"]);
    assert_eq!(told, "nothing that a fix could mend\n");
    assert_eq!([read("shop.arch"), read("store.arch")], before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn what_cannot_be_fixed_is_left_as_it_is() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("bad.arch"), "sqs jobs { dlq aftr 5 }\nsqs }").unwrap();
    let (status, _, _) = archc(folder.path(), &["check", "--fix", "bad.arch"]);
    assert_eq!(status, 1);
    assert_eq!(fs::read_to_string(folder.path().join("bad.arch")).unwrap(), "sqs jobs { dlq aftr 5 }\nsqs }");
    let (status, _, told) = archc(folder.path(), &["check", "--fix", "-"]);
    assert_eq!((status, told.as_str()), (2, "archc: `--fix` changes files, and `-` is none\n"));
    assert_eq!(archc(folder.path(), &["check", "--fix", "none.arch"]).0, 3);
}

#[test]
fn a_project_says_how_much_a_check_matters() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("shop.arch"), SHOP).unwrap();
    fs::write(folder.path().join("store.arch"), STORE).unwrap();
    let said = |settings: &str| {
        fs::write(folder.path().join("archc.toml"), settings).unwrap();
        archc(folder.path(), &["check", "--format", "short", "shop.arch"])
    };
    let (status, plain, _) = said("");
    assert!(status == 0 && plain.contains(" high[REL-104] "), "{plain}");
    let (status, raised, _) = said("[severity]\nREL-104 = \"error\"\nREL-109 = \"info\"\n");
    assert!(
        raised.contains(" error[REL-104] ") && raised.contains(" info[REL-109] ") && status == 1,
        "{raised}"
    );
    for (line, place, words) in [
        ("REL-14 = \"low\"", "archc.toml:2:1", "there is no check `REL-14`"),
        ("REL-104 = \"hih\"", "archc.toml:2:12", "`hih` is no severity"),
        ("IAM-103 = \"low\"", "archc.toml:2:1", "`IAM-103` is an error and stays one"),
    ] {
        let (status, told, _) = said(&format!("[severity]\n{line}\n"));
        assert!(told.contains(&format!("{place}: error[CAT-005] {words}")) && status == 1, "{told}");
    }
    let (status, told, _) = said("severities = 3\n");
    assert!(told.contains("archc.toml:1:1: error[CAT-001]") && status == 1, "{told}");
}
