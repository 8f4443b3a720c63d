//! The policy of whoever runs Terraform: complete for what is emitted, made of actions that exist, and no wider.

use std::collections::BTreeSet;

use archc::catalog::Catalog;
use archc::emit::{deployer, terraform};
use serde_json::Value;

use crate::support;

/// Data sources that ask nobody, or need no right.
const FREE: [&str; 3] = ["aws_caller_identity", "aws_iam_policy_document", "aws_partition"];

/// The policies of a model, and the types it emits.
fn policies(name: &str, text: &str) -> (Vec<Value>, BTreeSet<String>) {
    let (review, catalog) = support::review(text);
    let checked = review.seal().unwrap_or_else(|| panic!("{name} has errors"));
    let roots = terraform::roots(checked, false);
    let files = deployer::write(checked, &catalog, &roots);
    let documents = files.iter().map(|file| serde_json::from_slice(&file.bytes).unwrap()).collect();
    (documents, roots[0].module.types())
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        other => other.as_array().unwrap().iter().map(|each| each.as_str().unwrap().to_owned()).collect(),
    }
}

#[test]
fn the_policy_has_exactly_the_actions_of_the_emitted_types() {
    let catalog = Catalog::embedded();
    let rows = catalog.deployer_rows();
    for (name, text) in support::models() {
        let (documents, types) = policies(&name, &text);
        let mut wanted: BTreeSet<&String> = BTreeSet::new();
        for kind in types.iter().filter(|kind| !FREE.contains(&kind.as_str()) && kind.starts_with("aws_")) {
            wanted.extend(rows.types.get(kind).unwrap_or_else(|| panic!("{name}: no actions for {kind}")));
        }
        let mut found = BTreeSet::new();
        for document in &documents {
            assert!(document.to_string().len() <= 6_144, "{name}: IAM takes no larger managed policy");
            for statement in document["Statement"].as_array().unwrap() {
                let actions = strings(&statement["Action"]);
                assert!(actions.iter().all(|action| !action.contains('*')), "{name}: {actions:?}");
                let is_own = ["PassRoles", "CreateLinkedRoles"].contains(&statement["Sid"].as_str().unwrap());
                found.extend(actions.into_iter().filter(|_| !is_own));
            }
        }
        assert_eq!(found.iter().collect::<BTreeSet<_>>(), wanted, "{name}");
    }
}

#[test]
fn what_bears_the_systems_name_is_scoped_to_it() {
    let text = support::models().into_iter().find(|(name, _)| name.starts_with("webshop")).unwrap().1;
    let (documents, _) = policies("webshop", &text);
    let statements: Vec<&Value> =
        documents.iter().flat_map(|document| document["Statement"].as_array().unwrap()).collect();
    let on = |action: &str| {
        let has = |statement: &&&Value| strings(&statement["Action"]).iter().any(|known| known == action);
        let statement = statements.iter().find(has).unwrap_or_else(|| panic!("{action}"));
        (strings(&statement["Resource"]), statement["Condition"].clone())
    };
    assert_eq!(on("sqs:CreateQueue").0, ["arn:aws:sqs:us-east-1:000000000000:shop-prod-*"]);
    assert_eq!(on("iam:CreateRole").0, ["arn:aws:iam::000000000000:role/shop-prod-*"]);
    assert_eq!(on("ec2:CreateVpc").1["StringEquals"]["aws:RequestedRegion"][0], "us-east-1");
    let (roles, condition) = on("iam:PassRole");
    assert_eq!(roles, ["arn:aws:iam::000000000000:role/shop-prod-*"]);
    let to = strings(&condition["StringEquals"]["iam:PassedToService"]);
    assert!(
        to.contains(&"lambda.amazonaws.com".to_owned()) && !to.contains(&"glue.amazonaws.com".to_owned()),
        "{to:?}"
    );
}

/// An action is on everything only where what it acts on bears no name, and then in the system's regions alone.
#[test]
fn everything_is_for_what_bears_no_name_and_stays_in_its_region() {
    let catalog = Catalog::embedded();
    let rows = catalog.deployer_rows();
    let (mut named, mut open) = (0, 0);
    for (name, text) in support::models() {
        for document in policies(&name, &text).0 {
            for statement in document["Statement"].as_array().unwrap() {
                let actions = strings(&statement["Action"]);
                let resources = strings(&statement["Resource"]);
                if resources != ["*"] {
                    let is_own = |arn: &String| arn.contains("-prod") || arn.contains("aws-service-role/");
                    assert!(resources.iter().all(is_own), "{name}: {resources:?}");
                    named += actions.len();
                    continue;
                }
                let service = actions[0].split(':').next().unwrap();
                let is_bound = statement["Condition"]["StringEquals"]["aws:RequestedRegion"].is_array();
                assert!(is_bound || rows.global.contains(service), "{name}: {actions:?}");
                for action in &actions {
                    let facts = catalog.action(action);
                    let types = facts.iter().flat_map(archc::catalog::ActionFacts::resource_types);
                    let types: Vec<String> = types.map(|kind| format!("{service}:{kind}")).collect();
                    let is_numbered = types.iter().any(|kind| rows.by_id.contains(kind));
                    let is_named = types.iter().any(|kind| rows.scopes.contains_key(kind));
                    assert!(is_numbered || !is_named, "{name}: {action} could be scoped");
                    open += 1;
                }
            }
        }
    }
    assert!(named > 1_000 && open > 0, "{named} {open}");
    println!("{named} actions on names of the system, {open} on what bears none");
}

#[test]
fn the_state_of_a_backend_is_allowed_and_nothing_beside_it() {
    let model = "system tiny in us-east-1 { env dev }\nsqs jobs\nbackend s3 { bucket \"states\"; key \"tiny.tfstate\"; region us-east-1 }\n";
    let (documents, _) = policies("tiny", model);
    let text = documents[0].to_string();
    assert!(text.contains("arn:aws:s3:::states/tiny.tfstate*"), "{text}");
}

#[test]
fn the_data_names_actions_and_resource_types_that_exist() {
    let catalog = Catalog::embedded();
    let rows = catalog.deployer_rows();
    let mut types: BTreeSet<String> = BTreeSet::new();
    for action in rows.types.values().flatten() {
        let service = action.split(':').next().unwrap();
        match catalog.action(action) {
            Some(facts) => types.extend(facts.resource_types().map(|kind| format!("{service}:{kind}"))),
            None => assert!(catalog.actions_of(service).next().is_none(), "{action} does not exist"),
        }
    }
    for scope in rows.scopes.keys().chain(&rows.by_id) {
        assert!(types.contains(scope), "no action acts on {scope}");
    }
}
