//! A system as several root modules: everything stands in one of them, in an order, and what they tell one another is told.

use std::collections::{BTreeMap, BTreeSet};

use archc::catalog::Catalog;
use archc::driver::generate::generate;
use archc::emit::terraform::{self, Root};
use hcl_edit::structure::{Block, Body};

use crate::terraform::review;

/// Servers and databases in one group.
const IN_A_TIER: usize = 10;

/// A generated system whose parts are dealt out to `groups` teams, and to groups in the tiers of its networks.
pub fn grouped(services: usize, groups: usize) -> String {
    let whole = generate(services, 1);
    let kinds = ["http-api ", "lambda ", "sqs ", "dynamodb ", "s3 "];
    let mut teams = vec![String::new(); groups];
    let (mut text, mut inner, mut tiers) = (String::new(), Vec::new(), 0);
    for line in whole.lines() {
        let name = line.split_whitespace().nth(1).unwrap_or_default();
        let number: String = name.chars().filter(char::is_ascii_digit).collect();
        if kinds.iter().any(|kind| line.starts_with(kind)) {
            let team: usize = number.parse().unwrap_or(0);
            teams[team % groups].push_str(&format!("  {line}\n"));
        } else if line.starts_with("    ") {
            inner.push(line);
        } else {
            for chunk in inner.chunks(IN_A_TIER) {
                tiers += 1;
                text.push_str(&format!("    group part{tiers} {{\n{}\n    }}\n", chunk.join("\n")));
            }
            inner.clear();
            text.push_str(&format!("{line}\n"));
        }
    }
    let teams = teams.iter().enumerate().map(|(team, lines)| format!("group team{team} {{\n{lines}}}\n"));
    let backend = "backend s3 { bucket \"made-state\"; key \"made.tfstate\"; region us-east-1 }\n";
    format!("{text}{}{backend}", teams.collect::<String>())
}

/// A model whose two groups need each other, with services in a network and in none.
const CROSSED: &str = r#"
system cross in us-east-1 { env prod; zones 2; owner "a@example.com" }
actor person
cognito pool { users 100 }
sns ops { email "ops@example.com" }
http-api front { auth pool; throttle 50 rps }
vpc net 10.0.0.0/16 {
  tier app private {
    group selling { ec2 shop { size t3.small; port 8080; scale 2..4 on cpu 50%; health "/healthz"; work 20 ms } }
  }
  tier data isolated {
    group storing {
      efs drive { holds internal }
      postgres stock { size db.t3.medium; storage 20 GB; multi-az; holds pii; key own }
    }
  }
}
group shipping {
  sqs parcels { dlq after 5 }
  lambda packer { memory 256 MB; work 50 ms; concurrency 5 }
}
group billing {
  sqs bills { dlq after 5 }
  lambda biller { memory 256 MB; work 50 ms; concurrency 5 }
}
person -> front : call
front -> shop : call
shop -> stock : readwrite
shop -> drive : readwrite
shop -> parcels : send
parcels -> packer : consume idempotent by id
packer -> bills : send
bills -> biller : consume idempotent by id
biller -> parcels : send
role staff for group "staff" { observe all; mfa; session 1 h }
alarms auto -> ops
backend s3 { bucket "cross-state"; key "cross.tfstate"; region us-east-1 }
"#;

fn roots(name: &str, text: &str) -> (Vec<Root>, Root) {
    let review = review(name, text, &Catalog::embedded());
    let checked = review.seal().unwrap_or_else(|| panic!("{name} has errors: {:#?}", review.findings));
    let only = terraform::roots(checked, false).remove(0);
    (terraform::roots(checked, true), only)
}

/// The bodies of a root module's files.
fn bodies(root: &Root) -> Vec<Body> {
    let files = root.module.print().into_iter().filter(|(name, _)| name.ends_with(".tf"));
    files
        .map(|(name, text)| {
            hcl_edit::parser::parse_body(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
        })
        .collect()
}

fn address(block: &Block) -> String {
    let labels: Vec<&str> = block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
    let start = if block.has_ident("data") { "data." } else { "" };
    format!("{start}{}", labels.join("."))
}

/// The addresses of what a root module declares, those of its data sources too.
fn declared(root: &Root) -> BTreeSet<String> {
    let blocks = bodies(root);
    let all = blocks.iter().flat_map(Body::blocks);
    all.filter(|block| block.has_ident("resource") || block.has_ident("data")).map(address).collect()
}

/// The addresses that a root module's texts mention, of types that the system has.
fn mentioned(root: &Root, types: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in
        root.module.print().iter().filter(|(name, _)| name.ends_with(".tf") && name != "moved.tf")
    {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')) {
                let parts: Vec<&str> = word.split('.').collect();
                match parts.as_slice() {
                    ["data", kind, label, ..] if types.contains(*kind) => {
                        found.insert(format!("data.{kind}.{label}"))
                    }
                    [kind, label, ..] if types.contains(*kind) => found.insert(format!("{kind}.{label}")),
                    _ => false,
                };
            }
        }
    }
    found
}

/// The name of a parameter, as it is written.
fn parameter(block: &Block) -> String {
    block.body.get_attribute("name").unwrap().value.to_string()
}

/// The parameters of contracts: written by whom, read by whom.
fn told(roots: &[Root]) -> (BTreeMap<String, String>, Vec<(String, String)>) {
    let (mut written, mut read) = (BTreeMap::new(), Vec::new());
    for root in roots {
        let name = root.name.clone().unwrap();
        for body in bodies(root) {
            for block in body
                .blocks()
                .filter(|block| block.labels.first().is_some_and(|kind| kind.as_str() == "aws_ssm_parameter"))
            {
                let label = block.labels[1].as_str();
                if block.has_ident("resource") && label.starts_with("told_") {
                    assert_eq!(written.insert(parameter(block), name.clone()), None);
                } else if block.has_ident("data") && parameter(block).contains("local.name") {
                    read.push((parameter(block), name.clone()));
                }
            }
        }
    }
    (written, read)
}

/// Everything that must hold of root modules, whatever the model.
fn assert_sound(name: &str, roots: &[Root], only: &Root) {
    let mut places = BTreeMap::new();
    for (at, root) in roots.iter().enumerate() {
        for need in &root.needs {
            assert!(places.contains_key(need.as_str()), "{name}: {:?} comes before {need}", root.name);
        }
        places.insert(root.name.as_deref().unwrap(), at);
    }
    let whole: BTreeSet<String> =
        declared(only).into_iter().filter(|address| !address.starts_with("data.")).collect();
    let types = only.module.types();
    let mut seen = BTreeSet::new();
    for root in roots {
        let own = declared(root);
        for address in
            own.iter().filter(|address| !address.starts_with("data.") && !address.contains(".told_"))
        {
            assert!(seen.insert(address.clone()), "{name}: {address} stands in two root modules");
        }
        let strange: Vec<String> = mentioned(root, &types).difference(&own).cloned().collect();
        assert!(strange.is_empty(), "{name}: {:?} refers to {strange:?}", root.name);
    }
    assert_eq!(seen, whole, "{name}");
    let (written, read) = told(roots);
    for (parameter, reader) in &read {
        let writer = written.get(parameter).unwrap_or_else(|| panic!("{name}: nobody tells {parameter}"));
        assert!(
            places[writer.as_str()] < places[reader.as_str()],
            "{name}: {writer} tells {reader} {parameter}"
        );
        let waits = &roots[places[reader.as_str()]].needs;
        assert!(waits.contains(writer), "{name}: {reader} does not wait for {writer}");
    }
    let readers: BTreeSet<&String> = read.iter().map(|(parameter, _)| parameter).collect();
    assert!(written.keys().all(|parameter| readers.contains(parameter)), "{name}: told to nobody");
    let secret = |parameter: &&String| {
        ["client_secret", "password", "secret_string"].iter().any(|word| parameter.contains(word))
    };
    assert_eq!(written.keys().find(secret), None, "{name}: contracts hold no secrets");
}

/// Leaves root modules below the test's folder, where the checks with Terraform itself find them.
#[expect(clippy::disallowed_methods, reason = "a test leaves files for the checks that need other programs")]
fn leave(name: &str, roots: &[Root]) {
    let folder = format!("{}/split/{name}", env!("CARGO_TARGET_TMPDIR"));
    let _ = std::fs::remove_dir_all(&folder);
    for artifact in terraform::print_roots(roots) {
        let path = format!("{folder}/{}", artifact.path.as_str().trim_start_matches("terraform/"));
        let path = path.trim_end_matches(".example");
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &artifact.bytes).unwrap();
    }
}

#[test]
fn groups_that_need_each_other_are_cut_and_told_apart() {
    let (roots, only) = roots("cross.arch", CROSSED);
    assert_sound("cross", &roots, &only);
    leave("cross", &roots);
    let names: Vec<&str> = roots.iter().filter_map(|root| root.name.as_deref()).collect();
    assert_eq!(names.first(), Some(&"foundation"), "{names:?}");
    assert!(
        ["selling", "storing", "shipping", "billing", "shared", "operations"]
            .iter()
            .all(|name| names.contains(name)),
        "{names:?}"
    );
    let selling = roots.iter().find(|root| root.name.as_deref() == Some("selling")).unwrap();
    let files: BTreeMap<String, String> = selling.module.print().into_iter().collect();
    assert!(files["versions.tf"].contains("key    = \"cross/selling.tfstate\""), "{}", files["versions.tf"]);
    assert!(files["contracts.tf"].contains("\"/${local.name}/"), "{}", files["contracts.tf"]);
}

#[test]
fn every_model_can_be_split() {
    for (name, text) in crate::support::models() {
        let (roots, only) = roots(&name, &text);
        assert_sound(&name, &roots, &only);
        leave(name.trim_end_matches(".arch"), &roots);
    }
}

#[test]
fn a_thousand_services_are_split_by_their_groups() {
    let (roots, only) = roots("made.arch", &grouped(1_000, 12));
    assert_sound("made", &roots, &only);
    leave("made", &roots);
    let largest = roots.iter().map(|root| root.module.pieces().count()).max().unwrap_or(0);
    let all = only.module.pieces().count();
    assert!(largest * 5 < all, "the largest of {} root modules has {largest} of {all} blocks", roots.len());
}
