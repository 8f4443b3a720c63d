//! Which resource an attribute names: by its value when that is known, else by what the configuration refers to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalog::TerraformRows;
use crate::import::plan::{Plan, Resource, ResourceId};

/// How many calls of modules a reference is followed through.
const DEEPEST_REFERENCE: usize = 16;
/// The longest value that can be a name; longer ones are documents.
const LONGEST_NAME: usize = 512;

/// The names of resources.
#[derive(Debug)]
pub struct References<'p> {
    plan: &'p Plan,
    names: BTreeMap<&'p str, Vec<ResourceId>>,
    blocks: BTreeMap<String, Vec<ResourceId>>,
    identities: &'p [String],
}

impl<'p> References<'p> {
    /// Learns the names of all resources.
    pub fn new(plan: &'p Plan, rows: &'p TerraformRows) -> Self {
        let mut names: BTreeMap<&str, Vec<ResourceId>> = BTreeMap::new();
        let mut blocks: BTreeMap<String, Vec<ResourceId>> = BTreeMap::new();
        for (id, resource) in plan.resources.iter() {
            blocks.entry(resource.block()).or_default().push(id);
            let own: BTreeSet<&str> =
                rows.identities.iter().filter_map(|key| name_of(resource, key)).collect();
            for name in own.into_iter().filter(|_| !resource.is_data) {
                names.entry(name).or_default().push(id);
            }
        }
        Self { plan, names, blocks, identities: &rows.identities }
    }

    /// The resources that the attribute at a path names, in order; `self` is the resource itself.
    pub fn at(&self, id: ResourceId, path: &str) -> BTreeSet<ResourceId> {
        if path == "self" {
            return BTreeSet::from([id]);
        }
        let resource = &self.plan.resources[id];
        let mut found = BTreeSet::new();
        let (top, rest) = path.split_once('.').unwrap_or((path, ""));
        for value in inside(resource.values.get(top), rest) {
            self.add_named(top, value, &mut found);
        }
        if found.is_empty() {
            let written = self.plan.written.get(&resource.block());
            for value in written.into_iter().flat_map(|written| inside(written.expressions.get(top), rest)) {
                self.add_referred(resource, value, &mut found);
            }
        }
        found
    }

    /// The resources that any attribute names, apart from the resource itself.
    pub fn all(&self, id: ResourceId) -> BTreeSet<ResourceId> {
        let resource = &self.plan.resources[id];
        let mut found = BTreeSet::new();
        for (key, value) in resource.values.as_object().into_iter().flatten() {
            // Names are not unique among types: of a resource's own ones only ARNs can be another one's as well.
            let is_own =
                self.identities.iter().any(|identity| attribute(resource, identity) == Some(key.as_str()));
            if !is_own || value.as_str().is_none_or(|name| name.starts_with("arn:")) {
                self.add_named(key, value, &mut found);
            }
        }
        if let Some(written) = self.plan.written.get(&resource.block()) {
            self.add_referred(resource, &written.expressions, &mut found);
        }
        found.remove(&id);
        found
    }

    /// The resources of a known name.
    pub fn named(&self, name: &str) -> &[ResourceId] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The resources that an ARN or a pattern of one is about: of the longest beginning that is a name, else of a part.
    pub fn of_arn(&self, arn: &str) -> BTreeSet<ResourceId> {
        let mut whole = arn.trim_end_matches(['*', '/', ':']);
        loop {
            let found = self.named(whole);
            if !found.is_empty() {
                return found.iter().copied().collect();
            }
            let Some(cut) = whole.rfind(['/', ':']) else { break };
            whole = whole.get(..cut).unwrap_or_default();
        }
        let parts = arn.split(['/', ':']).rev().filter(|part| part.len() > 3 && !part.contains('*'));
        parts
            .map(|part| self.named(part))
            .find(|found| !found.is_empty())
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// The resources that the strings of an attribute's value name.
    pub fn add_named(&self, key: &str, value: &Value, found: &mut BTreeSet<ResourceId>) {
        each_string(key, value, &mut |key, text| {
            // A nested `name` gives a name; it refers to nothing.
            if text.len() > LONGEST_NAME || key == "name" {
                return;
            }
            let mut named: BTreeSet<ResourceId> = BTreeSet::new();
            let bare =
                text.strip_prefix("https://").or_else(|| text.strip_prefix("integrations/")).unwrap_or(text);
            named.extend(self.named(text).iter().chain(self.named(bare)));
            // A URI of API Gateway holds the ARN of the function it calls; redrive policies are JSON.
            for part in text.split(['"', ' ']).chain(text.split("/functions/").skip(1)) {
                let part = part.strip_suffix("/invocations").unwrap_or(part);
                named.extend(self.named(part).iter().filter(|_| part.len() < text.len()));
            }
            found.extend(self.meant(key, named));
        });
    }

    /// Of several resources of one name those whose type the attribute speaks of: `function_name` means a function.
    fn meant(&self, key: &str, named: BTreeSet<ResourceId>) -> BTreeSet<ResourceId> {
        const ENDINGS: [&str; 5] = ["_name", "_arn", "_id", "_identifier", "s"];
        let stem = ENDINGS.iter().find_map(|ending| key.strip_suffix(ending)).unwrap_or(key);
        let fits = |id: &ResourceId| self.plan.resources[*id].kind.ends_with(stem);
        let meant: BTreeSet<ResourceId> = named.iter().copied().filter(fits).collect();
        if meant.is_empty() { named } else { meant }
    }

    /// The resources that an expression of a resource's block refers to.
    pub fn add_referred(&self, resource: &Resource, expression: &Value, found: &mut BTreeSet<ResourceId>) {
        each_reference(expression, &mut |references| {
            let each = references.iter().any(|reference| reference.starts_with("each."));
            for reference in &references {
                let seen = Seen { module: &resource.module, key: resource.key.as_ref().filter(|_| each) };
                self.follow(seen, reference, 0, found);
                if reference.starts_with("each.value") {
                    let written = self.plan.written.get(&resource.block());
                    let key = resource.key.as_ref();
                    for repeated in written.map(|written| referred(&written.repeated)).into_iter().flatten() {
                        self.follow(Seen { module: &resource.module, key }, &repeated, 0, found);
                    }
                }
            }
        });
    }

    fn follow(&self, seen: Seen<'_>, reference: &str, depth: usize, found: &mut BTreeSet<ResourceId>) {
        if depth > DEEPEST_REFERENCE {
            return;
        }
        let prefix = if seen.module.is_empty() { String::new() } else { format!("{}.", bare(seen.module)) };
        let mut parts = reference.split('.');
        let (head, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if head == "var" {
            let (outer, _) = bare_split(seen.module);
            if let Some(passed) = self.plan.passed.get(&(bare(seen.module), name.to_owned())) {
                for reference in referred(passed) {
                    self.follow(Seen { module: &outer, key: seen.key }, &reference, depth + 1, found);
                }
            }
        } else if head == "module" {
            let inner = format!("{prefix}module.{}", name.split('[').next().unwrap_or_default());
            let output = parts.next().unwrap_or_default().split('[').next().unwrap_or_default();
            if let Some(given) = self.plan.given.get(&(inner.clone(), output.to_owned())) {
                for reference in referred(given) {
                    self.follow(Seen { module: &inner, key: seen.key }, &reference, depth + 1, found);
                }
            }
        } else {
            let data = if head == "data" { parts.next() } else { None };
            let address =
                data.map_or_else(|| format!("{head}.{name}"), |label| format!("data.{name}.{label}"));
            self.add_instances(&format!("{prefix}{address}"), seen, found);
        }
    }

    /// The instances of a block: that of a key in the reference, that of the same key, or all.
    fn add_instances(&self, address: &str, seen: Seen<'_>, found: &mut BTreeSet<ResourceId>) {
        let (block, literal) = address.split_once('[').map_or((address, None), |(block, key)| {
            (block, serde_json::from_str::<Value>(key.trim_end_matches(']')).ok())
        });
        let all = self.blocks.get(block).map_or(&[][..], Vec::as_slice);
        let wanted = literal.as_ref().or(seen.key);
        let same =
            all.iter().filter(|id| wanted.is_some() && self.plan.resources[**id].key.as_ref() == wanted);
        let chosen: Vec<ResourceId> = same.copied().collect();
        found.extend(if chosen.is_empty() { all.to_vec() } else { chosen });
    }
}

/// From where a reference is read.
#[derive(Debug, Clone, Copy)]
struct Seen<'a> {
    module: &'a str,
    key: Option<&'a Value>,
}

/// The attribute of an identity, `attribute` or `type.attribute`, when a resource has it.
fn attribute<'k>(resource: &Resource, identity: &'k str) -> Option<&'k str> {
    match identity.split_once('.') {
        Some((kind, key)) => (resource.kind == kind).then_some(key),
        None => Some(identity),
    }
}

fn name_of<'r>(resource: &'r Resource, identity: &str) -> Option<&'r str> {
    let name = resource.values.get(attribute(resource, identity)?)?.as_str()?;
    (name.len() > 3).then_some(name)
}

/// A module's address without the keys of its instances.
fn bare(module: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in module.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// The module around a module, and its own name.
fn bare_split(module: &str) -> (String, String) {
    let whole = bare(module);
    let cut = whole.rfind("module.").unwrap_or(0);
    let (outer, own) = whole.split_at_checked(cut).unwrap_or_default();
    (outer.trim_end_matches('.').to_owned(), own.to_owned())
}

/// The values at a path, through all members of lists; JSON inside a string is entered.
fn inside<'v>(value: Option<&'v Value>, path: &str) -> Vec<&'v Value> {
    let mut found: Vec<&Value> = value.into_iter().collect();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        found = found.into_iter().flat_map(members).filter_map(|value| value.get(part)).collect();
    }
    found
}

fn members(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

/// Each string of a value with the key it stands under.
fn each_string(key: &str, value: &Value, visit: &mut dyn FnMut(&str, &str)) {
    let mut open = vec![(key, value)];
    while let Some((key, value)) = open.pop() {
        match value {
            Value::String(text) => visit(key, text),
            Value::Array(list) => open.extend(list.iter().map(|value| (key, value))),
            Value::Object(fields) => open.extend(fields.iter().map(|(key, value)| (key.as_str(), value))),
            _ => {}
        }
    }
}

/// Each list of references in an expression or a block of expressions.
fn each_reference(value: &Value, visit: &mut dyn FnMut(Vec<String>)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(fields) => {
                let list = fields.get("references").and_then(Value::as_array);
                if let Some(list) = list {
                    visit(list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
                }
                open.extend(fields.iter().filter(|(key, _)| *key != "references").map(|(_, value)| value));
            }
            _ => {}
        }
    }
}

fn referred(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    each_reference(value, &mut |references| found.extend(references));
    found
}
