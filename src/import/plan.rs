//! From JSON to resources: what `terraform show -json` writes of a plan or a state.
//!
//! The text is not trusted: a part of another form is a finding at its place, and the rest is read.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diag::Diagnostic;
use crate::import::rules;
use crate::text::{FileId, Source, Span};
use crate::units::{Arena, Id};

/// The most resources that are read.
pub const MOST_RESOURCES: usize = 200_000;
/// How deep modules may be nested.
const DEEPEST_MODULE: usize = 32;

/// The id of a resource.
pub type ResourceId = Id<Resource>;

/// One instance of a resource or data source.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its address: `module.net.aws_subnet.app["a"]`.
    pub address: String,
    /// The address of its module; empty for the root.
    pub module: String,
    /// Its type.
    pub kind: String,
    /// Its label.
    pub label: String,
    /// Which instance of the block it is, as JSON writes it: `"a"` or `0`.
    pub key: Option<Value>,
    /// Is it a data source?
    pub is_data: bool,
    /// What is known of its attributes.
    pub values: Value,
    /// The blocks it was made after; only a state says so.
    pub depends_on: Vec<String>,
}

impl Resource {
    /// The address of its block: without the keys of its instance and its module's.
    pub fn block(&self) -> String {
        let data = if self.is_data { "data." } else { "" };
        let module = bare(&self.module);
        let module = if module.is_empty() { module } else { format!("{module}.") };
        format!("{module}{data}{}.{}", self.kind, self.label)
    }

    /// The string at a path of the attributes; lists are entered at their first member.
    pub fn string(&self, path: &str) -> Option<&str> {
        at_path(&self.values, path)?.as_str()
    }
}

/// The value at a dotted path; lists are entered at their first member.
pub fn at_path<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, part| {
        let inside = first(value);
        inside.get(part)
    })
}

/// A module's address without the keys of its instances.
pub fn bare(module: &str) -> String {
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

/// The first member of a list, at any depth; anything else is itself.
pub fn first(value: &Value) -> &Value {
    let mut value = value;
    while let Some(inner) = value.as_array().and_then(|list| list.first()) {
        value = inner;
    }
    value
}

/// The block of a resource or a module as the configuration writes it.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// What the attributes refer to, as Terraform lists it.
    pub expressions: Value,
    /// What `for_each` or `count` refers to.
    pub repeated: Value,
}

/// A plan or a state.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Resources and data sources, in the order of the text.
    pub resources: Arena<Resource>,
    /// The blocks of a plan's configuration, by address without keys; none of a state.
    pub written: BTreeMap<String, Written>,
    /// What the calls of modules pass: by module and variable.
    pub passed: BTreeMap<(String, String), Value>,
    /// What modules give back: by module and output.
    pub given: BTreeMap<(String, String), Value>,
    /// Values of the root module's variables.
    pub variables: BTreeMap<String, Value>,
    /// Attributes that were changed outside Terraform: address and the names of attributes.
    pub changed_outside: Vec<(String, Vec<String>)>,
    /// What Terraform would do: address and actions, when it is more than reading.
    pub pending: Vec<(String, Vec<String>)>,
    /// Is it a state, where everything is known?
    pub is_state: bool,
    places: BTreeMap<String, u32>,
    file: FileId,
}

impl Plan {
    /// Where a resource of this address stands in the text; the beginning when it is not found.
    pub fn place(&self, address: &str) -> Span {
        let start = self.places.get(address).copied().unwrap_or(0);
        Span::new(self.file, start, start + u32::try_from(address.len()).unwrap_or(0))
    }
}

/// Reads a text.
///
/// # Errors
/// One finding when nothing can be read of it.
pub fn read(file: FileId, source: &Source) -> Result<(Plan, Vec<Diagnostic>), Box<Diagnostic>> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    let root: Value = serde_json::from_str(text).map_err(|error| not_json(file, source, skipped, &error))?;
    let whole = Span::new(file, 0, u32::try_from(source.text.len().min(1)).unwrap_or(0));
    refuse_others(&root, whole)?;
    let mut reader = Reader { plan: Plan { file, ..Plan::default() }, findings: Vec::new(), is_full: false };
    reader.plan.places = places(&source.text);
    reader.plan.is_state = root.get("planned_values").is_none();
    reader.take_values(&root);
    reader.take_configuration(root.pointer("/configuration/root_module"), "", 0);
    reader.take_changes(&root);
    if reader.is_full {
        let advice = format!("archc reads {MOST_RESOURCES} resources; import one root module at a time");
        return Err(Box::new(rules::TOO_MANY.at(whole).help(advice)));
    }
    Ok((reader.plan, reader.findings))
}

fn not_json(file: FileId, source: &Source, skipped: usize, error: &serde_json::Error) -> Box<Diagnostic> {
    let before: usize =
        source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (before + error.column().saturating_sub(1) + if error.line() <= 1 { skipped } else { 0 })
        .min(source.text.len());
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default();
    let finding = rules::NOT_JSON.at(Span::new(file, at, at)).note(reason);
    Box::new(finding.help("write it with `terraform show -json tfplan > plan.json`"))
}

/// Refuses JSON that is something else.
fn refuse_others(root: &Value, whole: Span) -> Result<(), Box<Diagnostic>> {
    let has = |key: &str| root.get(key).is_some();
    if has("planned_values") || has("values") && has("format_version") {
        return Ok(());
    }
    let advice =
        "write it with `terraform show -json tfplan > plan.json`, or without a plan's name for the state";
    if has("serial") && has("lineage") {
        return Err(Box::new(
            rules::RAW_STATE.at(whole).help("write it with `terraform show -json > state.json`"),
        ));
    }
    // An empty state has nothing but its version.
    if has("format_version") && has("terraform_version") {
        return Ok(());
    }
    Err(Box::new(rules::NOT_A_PLAN.at(whole).help(advice)))
}

/// Where each `"address": "…"` stands: the first place of each address.
fn places(text: &str) -> BTreeMap<String, u32> {
    const WORD: &str = "\"address\"";
    let mut found = BTreeMap::new();
    for (at, _) in text.match_indices(WORD) {
        let Some(tail) = text.get(at + WORD.len()..) else { continue };
        let rest = tail.trim_start_matches([' ', ':', '\n', '\r', '\t']);
        let start = text.len() - rest.len() + 1;
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(Value::String(address))) = stream.next() {
            found.entry(address).or_insert(u32::try_from(start).unwrap_or(0));
        }
    }
    found
}

struct Reader {
    plan: Plan,
    findings: Vec<Diagnostic>,
    is_full: bool,
}

impl Reader {
    fn odd(&mut self, address: &str, words: &str) {
        let span = self.plan.place(address);
        let message = format!("{words} of `{}` has a form Terraform does not write", shown(address));
        self.findings.push(rules::ODD_FORM.at(span).message(message).subject(address));
    }

    /// Values: of the state that was, for data sources, then of the plan or state itself.
    fn take_values(&mut self, root: &Value) {
        let values = root.get("planned_values").or_else(|| root.get("values"));
        if let Some(module) = values.and_then(|values| values.get("root_module")) {
            self.take_module(module, 0);
        }
        if self.plan.is_state {
            return;
        }
        if let Some(module) = root.pointer("/prior_state/values/root_module") {
            self.take_read_before(module, 0);
        }
        let variables = root.get("variables").and_then(Value::as_object);
        for (name, variable) in variables.into_iter().flatten() {
            let value = variable.get("value").cloned().unwrap_or(Value::Null);
            self.plan.variables.insert(name.clone(), value);
        }
    }

    fn take_module(&mut self, module: &Value, depth: usize) {
        let address = text(module, "address").to_owned();
        match module.get("resources") {
            None | Some(Value::Null) => {}
            Some(Value::Array(resources)) => {
                for resource in resources {
                    self.take_resource(resource, &address);
                }
            }
            Some(_) => self.odd(&address, "`resources`"),
        }
        for child in children(module).iter().filter(|_| depth < DEEPEST_MODULE) {
            self.take_module(child, depth + 1);
        }
    }

    /// Data sources that were read before the plan was made; the plan itself lists the others.
    fn take_read_before(&mut self, module: &Value, depth: usize) {
        let address = text(module, "address").to_owned();
        let resources = module.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten().filter(|resource| text(resource, "mode") == "data") {
            self.take_resource(resource, &address);
        }
        for child in children(module).iter().filter(|_| depth < DEEPEST_MODULE) {
            self.take_read_before(child, depth + 1);
        }
    }

    fn take_resource(&mut self, resource: &Value, module: &str) {
        let (address, kind, label) =
            (text(resource, "address"), text(resource, "type"), text(resource, "name"));
        if kind.is_empty() || label.is_empty() {
            return self.odd(address, "a resource");
        }
        if self.plan.resources.len() >= MOST_RESOURCES {
            self.is_full = true;
            return;
        }
        let values = resource.get("values").cloned().unwrap_or(Value::Null);
        // A plan leaves them out when none is known.
        if !values.is_object() && !values.is_null() {
            self.odd(address, "`values`");
        }
        self.plan.resources.add(Resource {
            address: address.to_owned(),
            module: module.to_owned(),
            kind: kind.to_owned(),
            label: label.to_owned(),
            key: resource.get("index").filter(|key| !key.is_null()).cloned(),
            is_data: text(resource, "mode") == "data",
            values,
            depends_on: strings(resource.get("depends_on")),
        });
    }

    fn take_configuration(&mut self, module: Option<&Value>, address: &str, depth: usize) {
        let Some(module) = module.filter(|_| depth < DEEPEST_MODULE) else { return };
        let prefix = if address.is_empty() { String::new() } else { format!("{address}.") };
        let resources = module.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            let block = format!("{prefix}{}", text(resource, "address"));
            let repeated =
                ["for_each_expression", "count_expression"].iter().find_map(|key| resource.get(*key));
            let expressions = resource.get("expressions").cloned().unwrap_or(Value::Null);
            let repeated = repeated.cloned().unwrap_or(Value::Null);
            self.plan.written.insert(block, Written { expressions, repeated });
        }
        for (name, output) in entries(module, "outputs") {
            let expression = output.get("expression").cloned().unwrap_or(Value::Null);
            self.plan.given.insert((address.to_owned(), name.clone()), expression);
        }
        for (name, call) in entries(module, "module_calls") {
            let inner = format!("{prefix}module.{name}");
            for (variable, expression) in entries(call, "expressions") {
                self.plan.passed.insert((inner.clone(), variable.clone()), expression.clone());
            }
            self.take_configuration(call.get("module"), &inner, depth + 1);
        }
    }

    fn take_changes(&mut self, root: &Value) {
        let listed = |key: &str| root.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        for drift in listed("resource_drift") {
            let names = changed_names(&drift);
            self.plan.changed_outside.push((text(&drift, "address").to_owned(), names));
        }
        for change in listed("resource_changes") {
            let actions = strings(change.pointer("/change/actions"));
            let is_change = actions.iter().any(|action| !matches!(action.as_str(), "no-op" | "read"));
            if is_change {
                self.plan.pending.push((text(&change, "address").to_owned(), actions));
            }
        }
    }
}

/// The attributes whose value before differs from that after, in order.
fn changed_names(drift: &Value) -> Vec<String> {
    let side = |key: &str| drift.pointer(key).and_then(Value::as_object);
    let (Some(before), Some(after)) = (side("/change/before"), side("/change/after")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value))
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names
}

/// The characters of a key; empty when there are none.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// One string or several; anything else is left out.
pub fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn children(module: &Value) -> &[Value] {
    module.get("child_modules").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn entries<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// The beginning of a name, short enough for a headline.
pub fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = name.chars().take(LONGEST).collect();
    if cut.len() < name.len() { format!("{cut}…") } else { cut }
}
