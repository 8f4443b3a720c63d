//! Turns the catalogue's TOML files into tables that the library reads on demand.
//!
//! TOML is for people; at run time each kind, flow row and check is one line of JSON, parsed when it is first asked for.
//! What must be known without parsing (words, pairs of kinds, codes, actions) becomes a sorted static table.
//! Templates are read here too: a mistake in one ends the build, and a run does not pay for Handlebars' grammar.

#![allow(clippy::disallowed_methods, reason = "a build script reads its inputs and writes its output itself")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::{env, fs};

use handlebars::template::{Parameter, Template, TemplateElement};
use handlebars::{Path, PathSeg};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=catalog");
    let mut code = String::new();
    code.push_str(&kinds()?);
    code.push_str(&flows()?);
    code.push_str(&checks()?);
    for name in ["settings", "sizes", "regions", "escalation", "import", "scanners"] {
        let _ =
            writeln!(code, "pub(super) static {}: &str = {};", name.to_uppercase(), literal(&toml(name)?));
    }
    let deployer: Value = serde_json::from_str(&fs::read_to_string("catalog/deployer.json")?)?;
    let _ = writeln!(code, "pub(super) static DEPLOYER: &str = {};", literal(&deployer));
    code.push_str(&actions()?);
    fs::write(format!("{}/catalog.rs", env::var("OUT_DIR")?), code)?;
    for folder in PAGES {
        println!("cargo::rerun-if-changed={folder}");
    }
    fs::write(format!("{}/pages.rs", env::var("OUT_DIR")?), pages()?)?;
    println!("cargo::rerun-if-changed=templates");
    fs::write(format!("{}/templates.rs", env::var("OUT_DIR")?), templates()?)?;
    Ok(())
}

/// Where pages of codes are kept: of review checks, and of what can be wrong with texts and files.
const PAGES: [&str; 2] = ["docs/checks", "docs/codes"];

/// `PAGES`: code and text of each page, sorted by code.
fn pages() -> Outcome<String> {
    let mut found = BTreeMap::new();
    for folder in PAGES {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if let Some(code) = name.strip_suffix(".md") {
                found.insert(code.to_owned(), format!("/{folder}/{name}"));
            }
        }
    }
    let mut code = "/// The page of each code that has one.\nstatic PAGES: &[(&str, &str)] = &[\n".to_owned();
    for (name, path) in found {
        writeln!(code, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// `ENGLISH` and `SPANISH`: name of each template and its parts as JSON, which `emit::report::template` puts together again.
fn templates() -> Outcome<String> {
    let mut code = String::new();
    for (language, name) in [("en", "ENGLISH"), ("es", "SPANISH")] {
        writeln!(code, "pub(super) static {name}: &[(&str, &str)] = &[")?;
        for entry in fs::read_dir(format!("templates/{language}"))? {
            let file = entry?.path();
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let template = Template::compile(&fs::read_to_string(&file)?)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            let parts = parts(&template).map_err(|error| format!("{}: {error}", file.display()))?;
            writeln!(code, "({:?}, {}),", stem.trim_end_matches(".md"), literal(&parts))?;
        }
        code.push_str("];\n");
    }
    Ok(code)
}

/// The parts of a template, of the kinds that the reports' templates use.
fn parts(template: &Template) -> Outcome<Value> {
    let parts: Outcome<Vec<Value>> = template.elements.iter().map(part).collect();
    Ok(Value::Array(parts?))
}

fn part(element: &TemplateElement) -> Outcome<Value> {
    Ok(match element {
        TemplateElement::RawString(text) => json!({"Text": text}),
        TemplateElement::Expression(call) if call.params.is_empty() => json!({"Value": word(&call.name)?}),
        TemplateElement::HelperBlock(call) if !call.chain && call.hash.is_empty() => {
            let otherwise = call.inverse.as_ref().map(parts).transpose()?;
            let body = parts(call.template.as_ref().unwrap_or(&Template::new()))?;
            json!({"Block": [word(&call.name)?, words(&call.params)?, body, otherwise]})
        }
        other => return Err(format!("reports do not use {other:?}").into()),
    })
}

fn words(parameters: &[Parameter]) -> Outcome<Vec<Value>> {
    parameters.iter().map(word).collect()
}

/// A name, or the way to a value.
fn word(parameter: &Parameter) -> Outcome<Value> {
    match parameter {
        Parameter::Name(name) => Ok(json!({"Name": name})),
        Parameter::Path(Path::Local((level, name, raw))) => Ok(json!({"Local": [level, name, raw]})),
        Parameter::Path(Path::Relative((steps, raw))) => {
            let steps: Option<Vec<&String>> = steps.iter().map(named).collect();
            Ok(json!({"Path": [steps.ok_or_else(|| format!("reports do not use `{raw}`"))?, raw]}))
        }
        other => Err(format!("reports do not use {other:?}").into()),
    }
}

fn named(step: &PathSeg) -> Option<&String> {
    match step {
        PathSeg::Named(name) => Some(name),
        _ => None,
    }
}

/// One TOML file of the catalogue as a JSON value.
fn toml(name: &str) -> Outcome<Value> {
    let path = format!("catalog/{name}.toml");
    let table: toml::Table =
        toml::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{path}: {error}"))?;
    Ok(exact(serde_json::to_value(table)?))
}

/// The value with each decimal as a string: a JSON reader may round what TOML's reader kept.
fn exact(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            Value::String(number.as_f64().unwrap_or_default().to_string())
        }
        Value::Array(items) => items.into_iter().map(exact).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, field)| (key, exact(field))).collect(),
        other => other,
    }
}

/// A Rust string literal of a value's JSON.
fn literal(value: &Value) -> String {
    format!("{:?}", value.to_string())
}

/// The text of a key; empty when it is missing.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The members of an array of tables.
fn rows<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// One string, or a list of them.
fn names<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    match value.get(key) {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `KINDS`: id, word, whether an architect declares it, JSON; sorted by id.
fn kinds() -> Outcome<String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir("catalog/kinds")? {
        let path = entry?.path();
        if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) {
            found.insert(stem.to_owned(), toml(&format!("kinds/{stem}"))?);
        }
    }
    let mut code = String::from("pub(super) static KINDS: &[EmbeddedKind] = &[\n");
    for (id, kind) in &found {
        let declarable = kind.get("declarable") != Some(&Value::Bool(false));
        let word = text(kind, "word");
        let json = literal(kind);
        let _ = writeln!(
            code,
            "EmbeddedKind {{ id: {id:?}, word: {word:?}, declarable: {declarable}, json: {json} }},"
        );
    }
    code.push_str("];\n");
    Ok(code)
}

/// `FLOWS`, `IMPOSSIBLE` (rows as JSON) and, for each, the sorted pairs of kinds with their row numbers.
fn flows() -> Outcome<String> {
    let file = toml("flows")?;
    let mut code = String::new();
    for (key, name) in [("flow", "FLOWS"), ("impossible", "IMPOSSIBLE")] {
        let rows = rows(&file, key);
        let mut pairs: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (number, row) in rows.iter().enumerate() {
            for from in names(row, "from") {
                for to in names(row, "to") {
                    pairs.entry((from, to)).or_default().push(number);
                }
            }
        }
        let _ = writeln!(code, "pub(super) static {name}: &[&str] = &[");
        for row in rows {
            let _ = writeln!(code, "{},", literal(row));
        }
        let _ = writeln!(code, "];\npub(super) static {name}_PAIRS: &[Pair] = &[");
        for ((from, to), numbers) in &pairs {
            let _ = writeln!(code, "Pair {{ from: {from:?}, to: {to:?}, rows: &{numbers:?} }},");
        }
        code.push_str("];\n");
    }
    Ok(code)
}

/// `CHECKS`: code and JSON, sorted by code.
fn checks() -> Outcome<String> {
    let file = toml("checks")?;
    let sorted: BTreeMap<&str, &Value> =
        rows(&file, "check").iter().map(|check| (text(check, "code"), check)).collect();
    let mut out = String::from("pub(super) static CHECKS: &[(&str, &str)] = &[\n");
    for (code, check) in sorted {
        let _ = writeln!(out, "({code:?}, {}),", literal(check));
    }
    out.push_str("];\n");
    Ok(out)
}

/// `ACTIONS` and `ACTION_NAMES`: the lines of `actions.txt`, sorted, and where the name in each begins and ends. Sliced
/// into strings here, they would cost each start of the process some twenty thousand relocations.
fn actions() -> Outcome<String> {
    let file = fs::read_to_string("catalog/actions.txt")?;
    let mut lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
    let name = |line: &str| line.find(' ').unwrap_or(line.len());
    lines.sort_unstable_by_key(|line| line.split(' ').next());
    let mut names = Vec::new();
    let mut text = String::new();
    for line in lines {
        names.push((text.len(), text.len() + name(line)));
        text.push_str(line);
        text.push('\n');
    }
    let mut code = format!("pub(super) static ACTIONS: &str = {text:?};\n");
    code.push_str("#[expect(clippy::unreadable_literal, reason = \"nobody reads them\")]\n");
    writeln!(code, "pub(super) static ACTION_NAMES: &[(u32, u32)] = &{names:?};")?;
    Ok(code)
}
