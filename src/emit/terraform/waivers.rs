//! Waivers of scanners' rules: what a scanner reads to leave a finding out, in the blocks that a waiver is about.
//!
//! Whether a waiver is over is a finding of the review: what is written says the day, and does not change on it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::catalog::scanner_rule;
use crate::emit::terraform::module::Module;
use crate::emit::terraform::scope::Scope;
use crate::model::Waiver;
use crate::text::Text;

/// The file that tf-nag reads beside a module.
const NAG_FILE: &str = ".tfnag.json";
/// The scanner that reads comments inside of blocks.
const COMMENTED: &str = "checkov";

/// Writes the model's waivers of scanners' rules into a module.
pub fn apply(scope: &Scope<'_>, module: &mut Module) {
    let waivers: Vec<&Waiver> =
        scope.model.waivers.iter().filter(|waiver| scanner_rule(&waiver.code.value).is_some()).collect();
    if waivers.is_empty() {
        return;
    }
    let owners = owners(scope);
    let mut listed = Vec::new();
    for waiver in waivers {
        let addresses = write_one(&owners, waiver, module);
        if !addresses.is_empty() {
            listed.push(listed_row(waiver, &addresses));
        }
    }
    if !listed.is_empty() {
        let text = serde_json::to_string_pretty(&json!({ "suppressions": listed })).unwrap_or_default();
        module.beside(NAG_FILE, format!("{text}\n"));
    }
}

/// Comments the blocks of one waiver; the addresses of those whose scanner wants a list instead.
fn write_one(
    owners: &BTreeMap<String, BTreeSet<String>>,
    waiver: &Waiver,
    module: &mut Module,
) -> Vec<String> {
    let Some((scanner, types)) = scanner_rule(&waiver.code.value) else { return Vec::new() };
    let reason = waiver.because.as_ref().map(Text::terminal).unwrap_or_default();
    let until = waiver.until.map(|day| format!(" (until {day})")).unwrap_or_default();
    let comment = format!("{COMMENTED}:skip={}:{reason}{until}", waiver.code.value);
    let mut addresses = Vec::new();
    for block in module.blocks_mut() {
        let is_meant = block.kind() == "resource" && types.contains(block.resource_kind());
        if !is_meant || !is_about(owners, waiver, block.label()) {
            continue;
        }
        if scanner.name == COMMENTED {
            block.note(&comment);
        } else {
            addresses.push(block.address());
        }
    }
    addresses
}

fn listed_row(waiver: &Waiver, addresses: &[String]) -> Value {
    let reason = waiver.because.as_ref().map(Text::terminal).unwrap_or_default();
    let mut row = json!({ "id": waiver.code.value, "resources": addresses, "reason": reason });
    if let (Some(until), Some(fields)) = (waiver.until, row.as_object_mut()) {
        fields.insert("expires".to_owned(), json!(until.to_string()));
    }
    row
}

/// Is a waiver about the thing that a block belongs to?
fn is_about(owners: &BTreeMap<String, BTreeSet<String>>, waiver: &Waiver, label: &str) -> bool {
    let Some(on) = &waiver.on else { return true };
    owner(owners, label).is_some_and(|names| names.contains(on.value.as_str()))
}

/// The names of the thing whose label a block's own begins with; the longest such label counts.
fn owner<'o>(owners: &'o BTreeMap<String, BTreeSet<String>>, label: &str) -> Option<&'o BTreeSet<String>> {
    let mut rest = label;
    loop {
        if let Some(names) = owners.get(rest) {
            return Some(names);
        }
        rest = rest.rsplit_once('_')?.0;
    }
}

/// The names in the model by the labels of their blocks: services, roles of people, networks and tiers.
fn owners(scope: &Scope<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let services = scope
        .model
        .services
        .iter()
        .map(|(id, service)| (scope.label(id).to_owned(), service.name.to_string()));
    let roles = scope.model.roles.values().map(|role| (role.name.label(), role.name.to_string()));
    let places = scope.model.places.iter().map(|(id, place)| (scope.place_label(id), place.name.to_string()));
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (label, name) in services.chain(roles).chain(places) {
        owners.entry(label).or_default().insert(name);
    }
    owners
}
