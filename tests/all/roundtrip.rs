//! Round trips: plans of archc's own modules, made by the real terraform (`.ci/plans`), give back the models they were made of.
//!
//! The small plans of `tests/cases/import` run with every test. Those of the matrix and of all models are made when they are
//! asked for: `ARCHC_PLANS` names the folder they are in.

use std::collections::{BTreeMap, BTreeSet};

use archc::catalog::Catalog;
use archc::check::Review;
use archc::diag::{Diagnostic, Severity};
use archc::import;
use archc::model::{ServiceId, Settings};
use archc::text::Source;

use crate::import::{flows, grants, imported, permits, services};
use crate::support;

/// What differs between a model and the one that its plan gives, a line each.
pub fn losses(model: &str, plan: &str) -> Vec<String> {
    let (ours, catalog) = support::review(model);
    let (text, _) = imported(plan).unwrap_or_else(|finding| panic!("{finding:?}"));
    let (back, _) = support::review(&text);
    let mut lost = Vec::new();
    let broken = back
        .findings
        .iter()
        .filter(|finding| ["SYN-", "NAME-", "UNIT-"].iter().any(|start| finding.code.starts_with(start)));
    lost.extend(broken.map(|finding| format!("the model that is read is broken: {finding:?}")));
    let mut compare = |what: &str, own: BTreeSet<String>, theirs: BTreeSet<String>| {
        lost.extend(own.difference(&theirs).map(|line| format!("{what} lost: {line}")));
        lost.extend(theirs.difference(&own).map(|line| format!("{what} invented: {line}")));
    };
    compare("service", services(&ours), services(&back));
    compare("flow", flows(&ours), flows(&back));
    compare("grant", grants(&ours), grants(&back));
    compare("permit", permits(&ours), permits(&back));
    lost.extend(settings(&ours, &back, &catalog));
    lost
}

/// Settings that name an argument of Terraform and have another value, or none, afterwards.
fn settings(ours: &Review, back: &Review, catalog: &Catalog) -> Vec<String> {
    let mut lost = Vec::new();
    for (id, service) in ours.model.services.iter().filter(|(_, service)| !service.is_derived()) {
        let Some(other) = back.model.service(service.name.as_str()) else { continue };
        let theirs = &back.model.services[other].settings;
        for (name, own) in stated(ours, id) {
            let is_carried = service.kind.setting(name).is_some_and(|spec| spec.terraform.is_some())
                && !catalog.terraform_rows().is_silent(&service.kind.id, name);
            let value = theirs.0.get(name).map(|setting| said(back, setting));
            if is_carried && value.as_ref() != Some(&said(ours, own)) {
                let written = said(ours, own);
                lost.push(format!(
                    "setting lost: {} {} {name}: {written} became {value:?}",
                    service.kind.word, service.name
                ));
            }
        }
    }
    lost
}

/// A value with names in place of ids.
fn said(review: &Review, setting: &archc::model::Setting) -> String {
    use archc::model::Value;
    let name = |id: &ServiceId| review.model.services[*id].name.to_string();
    match &setting.value {
        Value::Service(id) => name(id),
        Value::Services(ids) => ids.iter().map(name).collect::<Vec<_>>().join(", "),
        // The order of a list is not Terraform's.
        Value::Words(words) => {
            let mut words = words.clone();
            words.sort();
            format!("{words:?}")
        }
        other => format!("{other:?}"),
    }
}

fn stated(review: &Review, id: ServiceId) -> impl Iterator<Item = (&str, &archc::model::Setting)> {
    let settings: &Settings = &review.model.services[id].settings;
    settings
        .0
        .iter()
        .filter(|(name, _)| settings.is_stated(name))
        .map(|(name, setting)| (name.as_str(), setting))
}

/// What no plan tells, as `docs/reference/import.md` lists it: the start of a line of losses, and what else stands in it.
const UNTOLD: &[(&str, &str)] = &[
    // IAM cannot tell reading a SQL database from writing it.
    ("flow lost", "_db : read"),
    ("flow invented", "_db : readwrite"),
    // Whoever asks has the rights on the buckets; who may send back what a stream could not deliver is named by its reader.
    ("flow lost: query -> refined : read", ""),
    ("flow invented: portal -> re", ""),
    ("permit lost: engineers redrive events.dlq", ""),
    ("permit invented: engineers redrive index.dlq", ""),
    // Settings without an argument of their own, or of what nothing calls.
    ("setting lost: sqs", " max-age:"),
    ("setting lost: sqs", " fifo:"),
    ("setting lost: secret", " rotate:"),
    ("setting lost: aurora", " multi-az:"),
    ("setting lost: kinesis", " dlq:"),
    ("setting lost", " health:"),
    ("setting lost", " port:"),
];

fn is_untold(line: &str) -> bool {
    UNTOLD.iter().any(|(start, part)| line.starts_with(start) && line.contains(part))
}

/// The differences that `archc drift` finds between a model and a plan.
fn drift(model: &str, plan: &str) -> Vec<Diagnostic> {
    let (mut review, catalog) = support::review(model);
    let file = review.sources.add(Source::new("plan.json", plan));
    let source = review.sources.get(file).unwrap();
    let (survey, _) = import::survey(file, source, &catalog, None).unwrap();
    import::compare(&review, &survey, &catalog)
}

/// The plans of a folder with the models they were made of: `NAME.plan.json`, `NAME.state.json` and, among the project's models or
/// beside them, `NAME.arch`.
fn pairs(folder: &str) -> Vec<(String, String, String)> {
    let models: BTreeMap<String, String> = support::models().into_iter().collect();
    let files: BTreeMap<String, String> = support::files_in(folder).into_iter().collect();
    let plans = files.iter().filter(|(name, _)| name.ends_with(".json"));
    let paired = plans.filter_map(|(name, plan)| {
        let own = format!("{}.arch", name.split('.').next()?);
        let model = models.get(&own).or_else(|| files.get(&own))?;
        Some((name.clone(), model.clone(), plan.clone()))
    });
    paired.collect()
}

#[test]
#[ignore = "needs plans that the real terraform made: .ci/run roundtrip"]
fn plans_of_archc_give_back_their_models() {
    let folder = std::env::var("ARCHC_PLANS").expect("ARCHC_PLANS names the folder of the plans");
    let pairs = pairs(&folder);
    assert!(!pairs.is_empty(), "no plans in {folder}");
    let models: BTreeSet<String> = support::models().into_iter().map(|(name, _)| name).collect();
    let mut failures = Vec::new();
    for (name, model, plan) in &pairs {
        let lost = losses(model, plan);
        let is_ours = name.split('.').next().is_some_and(|stem| models.contains(&format!("{stem}.arch")));
        // A schedule without a target is no resource.
        let is_difference = |one: &Diagnostic| {
            one.severity != Severity::Info && !format!("{one:?}").contains("`a_scheduler`")
        };
        let differences: Vec<_> = drift(model, plan).into_iter().filter(is_difference).collect();
        let (review, _) = support::review(model);
        println!(
            "{name}: {} services, {} flows, {} rights of services: {} losses, {} differences",
            services(&review).len(),
            flows(&review).len(),
            grants(&review).len(),
            lost.len(),
            differences.len()
        );
        for line in &lost {
            println!("  {line}");
        }
        let is_wrong = |line: &&String| {
            is_ours && !is_untold(line) || line.starts_with("grant invented") || line.contains("is broken")
        };
        failures.extend(lost.iter().filter(is_wrong).map(|line| format!("{name}: {line}")));
        failures.extend(
            differences.iter().map(|one| format!("{name}: {} {:?} {:?}", one.code, one.message, one.note)),
        );
    }
    assert!(failures.is_empty(), "{} plans\n{}", pairs.len(), failures.join("\n"));
}
