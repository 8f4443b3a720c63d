//! Rules of the architect: every test of the language fires and is silent, and a mistake in a rule has its place.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::support::review;

/// A system in which every test has something to hold of and something not to.
const SYSTEM: &str = r#"system demo "Demo" in us-east-1 { env prod; zones 2 }
load front 20 rps, peak 60 rps for 20 h/month
actor guest
external bank { url "https://bank.example" }
cognito pool { users 1000 }
http-api front { auth pool; throttle 100 rps }
vpc net 10.0.0.0/16 {
  tier app private { ec2 web { size t3.small; port 8080; scale 2..4 on cpu 50%; health "/healthz" } }
  tier data isolated { postgres base { size db.t3.medium; storage 50 GB; multi-az; backup 7 d; holds internal } }
}
group selling {
  lambda sell { memory 512 MB; work 100 ms; concurrency 20; tracing }
  dynamodb sold { storage 5 GB; pitr; holds pii; key own }
}
group shipping { lambda ship { memory 512 MB; work 100 ms; concurrency 20 } }
sqs jobs { dlq after 5; holds internal }
guest -> pool : sign-in ?
guest -> front : call
front -> web : call share 80%
front -> sell : call share 20% carries pii timeout 3 s retries 1 size 8 KB
web -> base : readwrite
sell -> sold : readwrite carries pii
sell -> jobs : send
jobs -> ship : consume idempotent by order_id
ship -> sold : read
ship -> bank : call ?
tags sell, sold { team "selling" }
alarms auto -> ops
sns ops { email "ops@example.com" }
role admins for group "ops" { administer all; mfa; session 1 h; never read pii }
role readers for group "all" { observe all }
"#;

/// Clauses, and the things that break them.
const CLAUSES: &[(&str, &[&str])] = &[
    ("forbid flow to datastore unless same group", &["web -> base", "ship -> sold"]),
    ("forbid flow from * to * where same vpc", &["web -> base"]),
    ("forbid flow where not same region", &[]),
    ("forbid flow where same tier", &[]),
    ("forbid flow where verb send, consume", &["sell -> jobs", "jobs -> ship"]),
    ("forbid flow where carries pii", &["front -> sell", "sell -> sold"]),
    ("forbid flow where through alb", &["front -> web"]),
    ("require flow from front with encrypted", &["front -> web"]),
    ("forbid flow from sell where sync", &["sell -> sold"]),
    ("forbid flow from code where soft and sync", &["ship -> bank"]),
    ("require flow from buffer with idempotent", &[]),
    ("require flow from front to code with timeout <= 5 s", &["front -> web"]),
    ("require flow from front to sell with timeout < 3 s", &["front -> sell"]),
    ("forbid flow where retries >= 1", &["front -> sell"]),
    ("forbid flow where size > 4 KB", &["front -> sell"]),
    ("forbid flow where share > 50%", &["front -> web"]),
    ("forbid flow to web where rate > 15 rps", &["front -> web"]),
    ("forbid flow to web where rate > 16 rps", &[]),
    ("forbid flow to web where peak-rate > 40 rps", &["front -> web"]),
    ("forbid service database where is postgres", &["base"]),
    ("forbid service where in selling, shipping and not is datastore", &["sell", "ship"]),
    ("forbid service where in isolated", &["base"]),
    ("forbid service where holds internal", &["base", "jobs"]),
    ("require service selling, shipping with tag team", &["ship"]),
    ("require service selling with tag team \"shipping\"", &["sell", "sold"]),
    ("forbid service where named s*l*", &["sell", "sold"]),
    ("forbid service where called-by front and not calls postgres", &["sell"]),
    ("forbid service where calls outside", &["ship"]),
    ("forbid service where public", &[]),
    ("require service code with watched", &[]),
    ("require service compute with tracing", &["web"]),
    ("require service with pitr", &[]),
    ("require service datastore with backup >= 8 d", &["base"]),
    ("require service pii with key own", &[]),
    ("require service datastore with key own", &["base"]),
    ("forbid service where memory > 256 MB", &["sell", "ship"]),
    ("forbid service database where cost > 100 USD", &["base"]),
    ("forbid service where max-cost > 1000000 USD", &[]),
    ("forbid service where callers >= 2", &["sold"]),
    ("forbid service where targets >= 2", &["front", "sell", "ship"]),
    ("forbid service guest", &["guest"]),
    ("forbid service sqs or public", &[]),
    ("require role with mfa and session <= 4 h", &["readers"]),
    ("require role with mfa or named read*", &[]),
    ("require role with boundary", &["readers"]),
    ("require role readers with session", &["readers"]),
    ("require service front with availability >= 99.99%", &["front"]),
    ("require service entry with availability > 90%", &[]),
    ("require service front with latency <= 20 ms", &["front"]),
    ("forbid service front where latency > 10 s", &[]),
    ("forbid role where changes datastore", &["admins"]),
    ("forbid role where changes jobs and not mfa", &[]),
    ("forbid role where may administer", &["admins"]),
    ("forbid role where actions > 1", &["admins", "readers"]),
];

/// What breaks a clause in the system above: the stretch in back-ticks of each headline.
fn breaking(clause: &str) -> Result<BTreeSet<String>, String> {
    let (looked, _) = review(&format!("{SYSTEM}rule \"it is so\" {{ {clause} }}\n"));
    let wrong: Vec<String> = looked
        .findings
        .iter()
        .filter(|f| f.severity.name() == "error")
        .map(|f| f.message.en().terminal())
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let broken = looked.findings.iter().filter(|finding| finding.code == "MODEL-721");
    let said = broken.map(|finding| finding.message.en().terminal());
    Ok(said.filter_map(|said| Some(said.split('`').nth(1)?.to_owned())).collect())
}

#[test]
fn every_test_of_a_rule_picks_what_it_says() {
    let mut wrong = String::new();
    for (clause, expected) in CLAUSES {
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        let found = breaking(clause);
        // One row stands for a mistake: `or` belongs to a condition.
        let is_as_said =
            if clause.contains("sqs or") { found.is_err() } else { found == Ok(expected.clone()) };
        if !is_as_said {
            writeln!(wrong, "{clause}: {found:?}, not {expected:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Mistakes in a rule: its text, the code and the place's words, and a part of the help.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("forbid flw to datastore", "NAME-005", "flw", "did you mean `flow`?"),
    ("forbid flow to postgrs", "NAME-002", "postgrs", "did you mean `postgres`?"),
    ("forbid flow unless sam group", "NAME-005", "sam", "did you mean `same`?"),
    ("forbid flow unless same grup", "NAME-005", "grup", "did you mean `group`?"),
    ("forbid service wher public", "NAME-002", "wher", "did you mean `where`?"),
    ("require service with backup >= 7", "UNIT-101", "7", "write the number with its unit"),
    ("require service with tracng", "NAME-005", "tracng", "did you mean `tracing`?"),
    ("forbid service where key ownn", "NAME-005", "ownn", "did you mean `own`?"),
    ("forbid service where holds piii", "NAME-005", "piii", "did you mean `pii`?"),
    ("forbid flow from admins to *", "NAME-006", "admins", ""),
    ("forbid service where in nowhere", "NAME-002", "nowhere", ""),
    ("require flow to *", "UNIT-103", "", "say what each flow must have"),
    ("forbid service where", "UNIT-103", "", ""),
    ("forbid service where cost", "UNIT-103", "", ""),
    ("severity hih; forbid service", "NAME-005", "hih", "did you mean `high`?"),
    ("severity low; severity low; forbid service", "NAME-008", "severity low", ""),
    ("forbids service", "NAME-004", "forbids", "did you mean `forbid`?"),
    ("advice \"none\"", "UNIT-103", "rule \"it is so\" { advice \"none\" }", "write a clause"),
];

#[test]
fn a_mistake_in_a_rule_has_its_place_and_an_advice() {
    for (text, code, place, advice) in MISTAKES {
        let (looked, _) = review(&format!("{SYSTEM}rule \"it is so\" {{ {text} }}\n"));
        let finding = looked.findings.iter().find(|finding| finding.code == *code);
        let finding = finding.unwrap_or_else(|| panic!("{text}: no {code} in {:#?}", looked.findings));
        let source = &looked.sources.get(finding.span.file).unwrap().text;
        assert_eq!(&source[finding.span.start as usize..finding.span.end as usize], *place, "{text}");
        let help: String = finding.help.iter().map(|help| help.en().terminal()).collect();
        assert!(help.contains(advice), "{text}: {help:?}");
    }
}

#[test]
fn the_page_shows_rules_that_are_kept_and_one_that_is_broken() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/rule.md")).unwrap();
    let examples: Vec<&str> =
        page.split("```arch\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
    let [kept, more, broken] = examples.as_slice() else {
        panic!("the page has {} examples", examples.len())
    };
    assert_eq!([kept, more].map(|text| text.matches("\nrule \"").count()), [10, 15]);
    let codes = |text: &str| -> Vec<String> {
        let own = |code: &str| code == "MODEL-721" || code.starts_with("NAME") || code.starts_with("UNIT");
        let (looked, _) = review(text);
        looked.findings.iter().filter(|f| own(f.code)).map(|f| f.message.en().terminal()).collect()
    };
    assert_eq!(codes(kept), Vec::<String>::new());
    assert_eq!(codes(more), Vec::<String>::new());
    assert_eq!(codes(broken), ["`sell -> sent`: stores are reached by their own group only"]);
}

#[test]
fn an_error_of_a_rule_keeps_the_model_from_being_sealed_and_a_waiver_covers_the_others() {
    let rule = |severity: &str| {
        format!("{SYSTEM}rule \"it is so\" {{ forbid service sell; severity {severity} }}\n")
    };
    assert!(review(&rule("error")).0.seal().is_none());
    let waiver = "waive MODEL-721 on sell until 2027-06-30 because \"split in the second phase\"\n";
    let (looked, _) = review(&format!("{}{waiver}", rule("high")));
    let finding = looked.findings.iter().find(|finding| finding.code == "MODEL-721").unwrap();
    assert!(finding.waived.is_some() && looked.seal().is_some());
}
