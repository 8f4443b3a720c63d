//! Settings: what the attributes of a thing's resources say, in the words of the language.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::catalog::{Catalog, Kind, ScalingMetric, SettingRow, SettingSpec, SettingType};
use crate::import::plan::{Plan, ResourceId, at_path, first, text};
use crate::import::things::{Found, ThingId};
use crate::units::UNITS;

/// A setting and its value as written; empty for a flag that is on.
pub type Written = (String, String);

/// The settings of a thing that differ from the catalogue's defaults.
pub fn of_thing(plan: &Plan, catalog: &Catalog, found: &Found, id: ThingId) -> Vec<Written> {
    let Some(kind) = found.kind(catalog, id) else { return Vec::new() };
    let parts = parts(found, id);
    let specs = kind.settings.iter().filter(|spec| spec.name != "key");
    let mut written: Vec<Written> = specs
        .filter_map(|spec| {
            let value = value_of(plan, catalog, kind, spec, &parts)?;
            let is_default = spec.default_written().is_some_and(|default| same(default, &value, spec));
            (!is_default).then(|| (spec.name.clone(), value))
        })
        .collect();
    written.extend(scaling(plan, catalog, kind, &parts));
    written
}

/// A thing's resources, its own first.
fn parts(found: &Found, id: ThingId) -> Vec<ResourceId> {
    let own = found.things[id].resource;
    std::iter::once(own).chain(found.owned(id).filter(|part| *part != own)).collect()
}

/// The settings that the plan tells of a thing.
pub fn told(plan: &Plan, catalog: &Catalog, found: &Found, id: ThingId) -> BTreeSet<String> {
    let Some(kind) = found.kind(catalog, id) else { return BTreeSet::new() };
    let parts = parts(found, id);
    let own = kind.settings.iter().filter(|spec| {
        let is_key = spec.name == "key" && spec.values.iter().any(|value| value == "own");
        is_key || spec.name != "fifo" && value_of(plan, catalog, kind, spec, &parts).is_some()
    });
    let scaling = scaling(plan, catalog, kind, &parts).map(|(name, _)| name);
    own.map(|spec| spec.name.clone()).chain(scaling).collect()
}

/// The value of a setting as a plan tells it, in the language.
fn value_of(
    plan: &Plan,
    catalog: &Catalog,
    kind: &Kind,
    spec: &SettingSpec,
    parts: &[ResourceId],
) -> Option<String> {
    let rows = &catalog.terraform_rows().settings;
    let row = rows.iter().find(|row| row.kind == kind.id && row.name == spec.name);
    // An empty path: a plan does not hold the value.
    let path = row.map_or(spec.terraform.as_deref(), |row| Some(row.path.as_str()))?;
    let (resource, path) = path.split_once('.')?;
    let own = parts.iter().map(|part| &plan.resources[*part]).filter(|part| part.kind == resource);
    let mut own = own.map(|part| &part.values);
    if spec.kind == SettingType::Words {
        return words(row, spec, &own.flat_map(|values| each(values, path)).collect::<Vec<_>>());
    }
    let value = own.find_map(|values| known(values, path))?;
    let is_own = |start: &String| value.as_str().is_some_and(|text| text.starts_with(start.as_str()));
    if row.and_then(|row| row.unless.as_ref()).is_some_and(is_own) {
        return None;
    }
    if let Some(row) = row.filter(|row| !row.words.is_empty()) {
        let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return row.words.get(&said).cloned();
    }
    let value = row.and_then(|row| row.per).map_or(Some(value.clone()), |per| divided(&value, per))?;
    word(catalog, path, spec, row.and_then(|row| row.unit.as_deref()), &value)
}

/// Every value at a path, through all members of lists on the way.
pub fn each<'v>(values: &'v Value, path: &str) -> Vec<&'v Value> {
    let members =
        |value: &'v Value| value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
    path.split('.').fold(vec![values], |found, part| {
        found.into_iter().filter_map(|value| value.get(part)).flat_map(members).collect()
    })
}

/// Several words, those the row knows by another name with theirs; nothing when one of them cannot be said.
fn words(row: Option<&SettingRow>, spec: &SettingSpec, values: &[&Value]) -> Option<String> {
    let said = values.iter().map(|value| {
        let text = value.as_str()?;
        let own = row.and_then(|row| row.words.get(text)).map_or(text, String::as_str);
        let is_known = spec.values.is_empty() || spec.values.iter().any(|known| known == own);
        (is_known && is_safe(own)).then(|| own.to_owned())
    });
    let said: Vec<String> = said.collect::<Option<_>>()?;
    (!said.is_empty()).then(|| said.join(", "))
}

/// A number in larger units, with as many decimals as it needs.
fn divided(value: &Value, per: u64) -> Option<Value> {
    let number: u64 = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    let (whole, thousandths) = (number / per, number % per * 1_000 / per);
    let decimals = format!("{thousandths:03}");
    let text = format!("{whole}.{}", decimals.trim_end_matches('0'));
    Some(Value::String(text.trim_end_matches('.').to_owned()))
}

/// The value at a path; a string of JSON on the way is entered.
fn known(values: &Value, path: &str) -> Option<Value> {
    if let Some(value) = at_path(values, path) {
        let texts: Option<Vec<&str>> =
            value.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
        if let Some(texts) = texts.filter(|texts| texts.len() > 1) {
            return Some(Value::String(texts.join(", ")));
        }
        return Some(first(value).clone()).filter(|value| !value.is_null());
    }
    let (top, rest) = path.split_once('.')?;
    let inside: Value = serde_json::from_str(values.get(top)?.as_str()?).ok()?;
    at_path(&inside, rest).cloned()
}

/// A value in the language; nothing when it cannot be said.
fn word(
    catalog: &Catalog,
    path: &str,
    spec: &SettingSpec,
    unit: Option<&str>,
    value: &Value,
) -> Option<String> {
    let number = || {
        let whole = || value.as_f64().filter(|number| number.fract() == 0.0).and(rounded(value));
        let number: u64 = value.as_u64().or_else(|| value.as_str()?.parse().ok()).or_else(whole)?;
        // AWS writes 0 for what is not used.
        (number > 0 || spec.min.as_deref().is_none_or(|min| min.starts_with('0'))).then_some(number)
    };
    match spec.kind {
        SettingType::Flag => value.as_bool().map(|on| if on { String::new() } else { "off".to_owned() }),
        SettingType::Count => number().map(|number| number.to_string()),
        SettingType::Percent => number().map(|number| format!("{number}%")),
        SettingType::Rate => number().map(|number| format!("{number} rps")),
        SettingType::Time => time(number()?, unit.or_else(|| time_unit(path, spec))?),
        SettingType::Bytes => Some(format!("{} {}", number()?, unit.or(spec.unit.as_deref())?)),
        SettingType::Text => {
            let text = value.as_str().filter(|text| spec.name != "email" || text.contains('@'));
            text.and_then(quoted)
        }
        SettingType::Word => plain_word(catalog, spec, value),
        SettingType::Transition => {
            let class = text(value, "storage_class").to_lowercase();
            let class = CLASSES.iter().find(|(name, _)| *name == class).map(|(_, word)| *word)?;
            Some(format!("{class} {} d", value.get("days")?.as_u64()?))
        }
        _ => None,
    }
}

/// Storage classes that objects move to, and their words.
const CLASSES: [(&str, &str); 3] =
    [("standard_ia", "ia"), ("glacier", "glacier"), ("deep_archive", "deep-archive")];

/// The unit an attribute counts in: by its name, else the setting's.
fn time_unit<'s>(path: &str, spec: &'s SettingSpec) -> Option<&'s str> {
    const ENDINGS: [(&str, &str); 5] = [
        ("_seconds", "s"),
        ("_milliseconds", "ms"),
        ("_in_days", "d"),
        ("days", "d"),
        ("_in_minutes", "min"),
    ];
    let ending = ENDINGS.iter().find(|(ending, _)| path.ends_with(ending));
    ending.map(|(_, unit)| *unit).or(spec.unit.as_deref())
}

/// A time in the largest unit that holds it in whole numbers.
fn time(amount: u64, unit: &str) -> Option<String> {
    const TIMES: [&str; 5] = ["d", "h", "min", "s", "ms"];
    let scale = |unit: &str| UNITS.iter().find(|known| known.name == unit).map(|known| known.numerator);
    let millis = amount.checked_mul(scale(unit)?)?;
    let fits = |unit: &&str| scale(unit).is_some_and(|scale| millis.is_multiple_of(scale));
    let unit = TIMES.into_iter().find(|unit| fits(unit)).filter(|_| millis > 0).unwrap_or("s");
    Some(format!("{} {unit}", millis / scale(unit)?))
}

/// A word: of the known ones, or made of safe characters.
fn plain_word(catalog: &Catalog, spec: &SettingSpec, value: &Value) -> Option<String> {
    if spec.name == "fifo" {
        return value.as_bool().filter(|fifo| *fifo).map(|_| String::new());
    }
    let text = value.as_str()?;
    let lower = text.to_lowercase().replace('_', "-");
    let is_safe = is_safe(text);
    if let Some(table) = &spec.table {
        return catalog
            .size(table, text)
            .map(|size| size.name.clone())
            .or_else(|| is_safe.then(|| text.to_owned()));
    }
    if spec.values.is_empty() {
        return is_safe.then(|| text.to_owned());
    }
    spec.values.iter().find(|known| **known == text || **known == lower).cloned()
}

/// May it stand in a model as a word?
fn is_safe(text: &str) -> bool {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    !text.is_empty() && text.len() <= 40 && is_plain
}

/// A string of the language; nothing for one that is too long or not printable.
pub fn quoted(text: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let is_plain = text.chars().all(|c| !c.is_control() && !crate::text::is_direction_control(c));
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    (is_plain && !text.is_empty() && text.chars().count() <= LONGEST).then(|| format!("\"{escaped}\""))
}

/// Are a default and a value the same? Times are compared as such.
fn same(default: &str, value: &str, spec: &SettingSpec) -> bool {
    let on = (default == "on" && value.is_empty()) || (default == "off" && value == "off");
    on || default == value
        || spec.kind == SettingType::Time && canonical(default).as_deref() == Some(value)
        || spec.kind == SettingType::Bytes && bytes(default).is_some_and(|own| Some(own) == bytes(value))
}

/// `1 GB` in bytes.
fn bytes(written: &str) -> Option<u64> {
    let (number, unit) = written.split_once(' ')?;
    let scale = UNITS.iter().find(|known| known.name == unit)?.numerator;
    number.parse::<u64>().ok()?.checked_mul(scale)
}

fn canonical(written: &str) -> Option<String> {
    let (number, unit) = written.split_once(' ')?;
    time(number.parse().ok()?, unit)
}

/// `scale 2..6 on cpu 50%`
fn scaling(plan: &Plan, catalog: &Catalog, kind: &Kind, parts: &[ResourceId]) -> Option<Written> {
    kind.setting("scale")?;
    let rows = &catalog.terraform_rows().scalings;
    let bounds = parts.iter().find_map(|part| {
        let part = &plan.resources[*part];
        let row = rows.iter().find(|row| row.resource == part.kind)?;
        let bound = |key: &str| {
            let value = at_path(&part.values, key)?;
            value.as_u64().or_else(|| value.as_f64().filter(|value| value.fract() == 0.0).and(rounded(value)))
        };
        Some((bound(&row.min)?, bound(&row.max)?))
    });
    let (min, max) = bounds?;
    let metric =
        parts.iter().find_map(|part| metric(kind, &plan.resources[*part].values)).unwrap_or_default();
    Some(("scale".to_owned(), format!("{min}..{max}{metric}")))
}

/// ` on cpu 50%`, of a scaling policy that follows a metric the kind knows.
fn metric(kind: &Kind, policy: &Value) -> Option<String> {
    const BLOCKS: [&str; 2] =
        ["target_tracking_configuration", "target_tracking_scaling_policy_configuration"];
    let block = BLOCKS.iter().find_map(|block| policy.get(*block)).map(first)?;
    let predefined = at_path(block, "predefined_metric_specification.predefined_metric_type")?.as_str()?;
    let known =
        kind.scaling.metrics.iter().find(|metric| metric.predefined.as_deref() == Some(predefined))?;
    let target = block.get("target_value")?;
    let target = target.as_u64().or_else(|| target.as_str()?.parse().ok()).or_else(|| rounded(target))?;
    Some(format!(" on {} {}", known.word, figure(known, target)))
}

/// Targets are written as decimals: `50.0`.
fn rounded(value: &Value) -> Option<u64> {
    value.to_string().split('.').next()?.parse().ok()
}

fn figure(metric: &ScalingMetric, target: u64) -> String {
    const UNITS: [(&str, &str); 2] = [("percent", "%"), ("requests/minute", "/min")];
    let unit = UNITS.iter().find(|(name, _)| *name == metric.unit).map_or("", |(_, unit)| unit);
    format!("{target}{unit}")
}
