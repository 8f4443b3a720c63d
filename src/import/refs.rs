//! Which resource an attribute names: by its value when that is known, else by what the configuration refers to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalog::TerraformRows;
use crate::import::plan::{Plan, Resource, ResourceId, bare};

/// How many calls of modules a reference is followed through.
const DEEPEST_REFERENCE: usize = 16;
/// The shortest name that means its resource wherever it stands.
const SHORTEST_NAME: usize = 4;
/// The longest value that can be a name; longer ones are documents.
const LONGEST_NAME: usize = 512;

/// The names of resources.
#[derive(Debug)]
pub struct References<'p> {
    plan: &'p Plan,
    rows: &'p TerraformRows,
    names: BTreeMap<&'p str, Vec<ResourceId>>,
    blocks: BTreeMap<String, Vec<ResourceId>>,
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
        for same in names.values_mut() {
            keep_telling(plan, same);
        }
        Self { plan, rows, names, blocks }
    }

    /// The resources that the attribute at a path names, in order; `self` is the resource itself.
    pub fn at(&self, id: ResourceId, path: &str) -> BTreeSet<ResourceId> {
        if path == "self" {
            return BTreeSet::from([id]);
        }
        let resource = &self.plan.resources[id];
        let mut found = BTreeSet::new();
        let (top, rest) = path.split_once('.').unwrap_or((path, ""));
        let written = self.plan.written.get(&resource.block());
        let written = written.and_then(|written| written.expressions.get(top));
        for (known, expression) in by_member(resource.values.get(top), written) {
            let mut own = BTreeSet::new();
            for value in inside(known, rest) {
                self.add_named(resource, top, value, &mut own);
            }
            if own.is_empty() {
                // Some blocks are attributes to Terraform: then it lists what all of them refer to.
                let whole = expression.filter(|expression| expression.get("references").is_some());
                for value in whole.map_or_else(|| inside(expression, rest), |whole| vec![whole]) {
                    self.add_referred(resource, value, &mut own);
                }
            }
            found.extend(own);
        }
        found
    }

    /// The resources that any attribute names, apart from the resource itself.
    pub fn all(&self, id: ResourceId) -> BTreeSet<ResourceId> {
        let resource = &self.plan.resources[id];
        let mut found = BTreeSet::new();
        for (key, value) in resource.values.as_object().into_iter().flatten() {
            // Names are not unique among types: of a resource's own ones only ARNs can be another one's as well.
            let is_own = self
                .rows
                .identities
                .iter()
                .any(|identity| attribute(resource, identity) == Some(key.as_str()));
            if !is_own || value.as_str().is_none_or(|name| name.starts_with("arn:")) {
                self.add_named(resource, key, value, &mut found);
            }
        }
        if let Some(written) = self.plan.written.get(&resource.block()) {
            self.add_referred(resource, &written.expressions, &mut found);
        }
        found.remove(&id);
        found
    }

    /// Every resource.
    pub fn resources(&self) -> impl Iterator<Item = ResourceId> {
        self.plan.resources.ids()
    }

    /// The resources of a known name.
    pub fn named(&self, name: &str) -> &[ResourceId] {
        self.names.get(name).filter(|_| name.len() >= SHORTEST_NAME).map_or(&[], Vec::as_slice)
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
    fn add_named(&self, resource: &Resource, top: &str, value: &Value, found: &mut BTreeSet<ResourceId>) {
        each_string(top, value, &mut |inside, key, text| {
            if text.len() > LONGEST_NAME {
                return;
            }
            // A nested `name` gives a name and refers to nothing, but that of an alias says what it stands for, and that of a block
            // called like a type means one of it.
            if key == "name" && top != "alias" {
                let of_type =
                    |id: &ResourceId| self.plan.resources[*id].kind.strip_prefix("aws_") == Some(inside);
                found.extend(self.names.get(text).into_iter().flatten().copied().filter(of_type));
                return;
            }
            let mut named = BTreeSet::new();
            let mut look = |name: &str| {
                // Short names are too common, unless the state says that the one was made after the other.
                let is_told = |id: &ResourceId| {
                    let block = || self.plan.resources[*id].block();
                    name.len() >= SHORTEST_NAME || resource.depends_on.contains(&block())
                };
                let own = self.names.get(name).into_iter().flatten().filter(|id| is_told(id));
                named.extend(own.filter(|id| self.is_spoken_of(**id, key, name)));
            };
            look(text);
            // URIs: of a bucket's objects, of the path of something scaled, of what an API calls.
            ["https://", "integrations/"]
                .iter()
                .filter_map(|start| text.strip_prefix(start))
                .for_each(&mut look);
            text.strip_prefix("s3://")
                .and_then(|rest| rest.split('/').next())
                .into_iter()
                .for_each(&mut look);
            text.split(['/', ':']).skip(1).filter(|_| key == "resource_id").for_each(&mut look);
            text.split_once(".execute-api.").into_iter().for_each(|(id, _)| look(id));
            // A URI of API Gateway holds the ARN of the function it calls; redrive policies are JSON.
            for part in text.split(['"', ' ']).chain(text.split("/functions/").skip(1)) {
                let part = part.strip_suffix("/invocations").unwrap_or(part);
                if part.len() < text.len() {
                    look(part);
                }
            }
            found.extend(self.meant(key, named));
        });
    }

    /// May a value under this key be the resource? Roles and groups are often called like what uses them: of these a bare name
    /// counts only where the key says so.
    fn is_spoken_of(&self, id: ResourceId, key: &str, text: &str) -> bool {
        let resource = &self.plan.resources[id];
        let last = resource.kind.rsplit('_').next().unwrap_or_default();
        let is_bare = resource.string("name") == Some(text);
        !is_bare || !self.rows.common_parts.contains(&resource.kind) || key.to_lowercase().contains(last)
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
            // `step[0].arn` is listed with `step` behind it, which would mean all of them.
            let is_exact = |reference: &&String| {
                let indexed = format!("{reference}[");
                !references.iter().any(|other| other.starts_with(&indexed))
            };
            for reference in references.iter().filter(is_exact) {
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
        // Instances of a module see their own resources.
        let near: Vec<ResourceId> =
            all.iter().copied().filter(|id| self.plan.resources[*id].module == seen.module).collect();
        let all = if near.is_empty() { all } else { &near };
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
    let name = name.strip_prefix("https://").unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

/// Of several resources of one type and region that share a name, none is meant by it: every API has a stage `$default`.
fn keep_telling(plan: &Plan, same: &mut Vec<ResourceId>) {
    let sort = |id: ResourceId| {
        let resource = &plan.resources[id];
        (resource.kind.as_str(), resource.string("region"))
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for id in same.iter() {
        *counts.entry(sort(*id)).or_default() += 1;
    }
    same.retain(|id| counts.get(&sort(*id)) == Some(&1));
}

/// Values with the expressions they come from: block by block where both sides list the same number of them.
fn by_member<'v>(
    values: Option<&'v Value>,
    written: Option<&'v Value>,
) -> Vec<(Option<&'v Value>, Option<&'v Value>)> {
    let lists = (values.and_then(Value::as_array), written.and_then(Value::as_array));
    match lists {
        (Some(values), Some(written)) if values.len() == written.len() => {
            values.iter().map(Some).zip(written.iter().map(Some)).collect()
        }
        _ => vec![(values, written)],
    }
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

/// Each string of a value with the key of the object it stands in and the key it stands under.
fn each_string(key: &str, value: &Value, visit: &mut dyn FnMut(&str, &str, &str)) {
    let mut open = vec![("", key, value)];
    while let Some((above, key, value)) = open.pop() {
        match value {
            Value::String(text) => visit(above, key, text),
            Value::Array(list) => open.extend(list.iter().map(|value| (above, key, value))),
            Value::Object(fields) => {
                open.extend(fields.iter().map(|(inner, value)| (key, inner.as_str(), value)));
            }
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
