//! SARIF 2.1.0: one run, its rules, its results.

use std::collections::BTreeMap;
use std::iter;

use serde_json::{Value, json};

use crate::diag::render::{json, sound};
use crate::diag::{Diagnostic, Fix, Severity};
use crate::text::{FileId, Sources, Span, Text};

/// SARIF's word for each severity, and the figure code hosts sort security findings by.
const LEVELS: [(Severity, &str, &str); 5] = [
    (Severity::Error, "error", "9.0"),
    (Severity::High, "error", "7.5"),
    (Severity::Medium, "warning", "5.0"),
    (Severity::Low, "note", "2.0"),
    (Severity::Info, "note", "0.0"),
];

/// The findings as a SARIF log. `help` gives the page of a code, in Markdown.
pub fn sarif(findings: &[Diagnostic], sources: &Sources, help: impl Fn(&str) -> Option<String>) -> String {
    let mut rules: BTreeMap<&str, &Diagnostic> = BTreeMap::new();
    for finding in findings {
        rules.entry(finding.code).or_insert(finding);
    }
    let codes: Vec<&str> = rules.keys().copied().collect();
    let mut seen = BTreeMap::new();
    let results: Vec<Value> =
        findings.iter().map(|finding| result(finding, sources, &codes, &mut seen)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "archc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|finding| rule(finding, &help)).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    json::printed(&log)
}

fn level(severity: Severity) -> (&'static str, &'static str) {
    LEVELS
        .iter()
        .find(|(known, _, _)| *known == severity)
        .map_or(("note", "0.0"), |(_, word, score)| (word, score))
}

fn rule(finding: &Diagnostic, help: &impl Fn(&str) -> Option<String>) -> Value {
    let code = finding.code;
    let (word, score) = level(finding.severity);
    let text = format!("Run `archc explain {code}` for what it means and what to do.");
    let page = help(code).unwrap_or_else(|| text.clone());
    json!({
        "id": code,
        "shortDescription": { "text": finding.title },
        "help": { "text": text, "markdown": page },
        "defaultConfiguration": { "level": word },
        "properties": { "security-severity": score, "severity": finding.severity.name() },
    })
}

fn result<'a>(
    finding: &'a Diagnostic,
    sources: &'a Sources,
    codes: &[&str],
    seen: &mut BTreeMap<String, u32>,
) -> Value {
    let related = finding.labels.iter().filter_map(|label| {
        let mut place = location(label.span, sources)?;
        place.as_object_mut()?.insert("message".to_owned(), json!({ "text": literal(label.text.en()) }));
        Some(place)
    });
    // The format wants each of them once; two flows may stand on one line.
    let mut places: Vec<Value> = Vec::new();
    for place in related {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": level(finding.severity).0,
        "message": { "text": message(finding) },
        "locations": location(finding.span, sources).into_iter().collect::<Vec<Value>>(),
        "relatedLocations": places,
        "partialFingerprints": { "archcFinding/v1": fingerprint(finding, sources, seen) },
    });
    if let Some(members) = result.as_object_mut() {
        members.extend(
            finding.waived.iter().map(|reason| ("suppressions".to_owned(), suppressed(&json!(reason)))),
        );
        let fixes = finding.fix.iter().filter_map(|fix| fixed(fix, sources));
        members.extend(fixes.map(|fix| ("fixes".to_owned(), fix)));
    }
    result
}

/// A waiver stands in the model itself.
fn suppressed(reason: &Value) -> Value {
    json!([{ "kind": "inSource", "justification": reason }])
}

/// The headline, what is said at the place, and each advice, a line each.
fn message(finding: &Diagnostic) -> String {
    let note = Some(&finding.note).filter(|note| !note.is_empty()).map(|note| literal(note.en()));
    let advice = finding.help.iter().map(|help| format!("help: {}", literal(help.en())));
    iter::once(literal(finding.message.en())).chain(note).chain(advice).collect::<Vec<String>>().join("\n")
}

/// Words of a message: a brace by itself would begin a placeholder (SARIF 2.1.0, 3.11.5).
fn literal(words: &Text) -> String {
    words.chars().flat_map(|letter| iter::repeat_n(letter, 1 + usize::from("{}".contains(letter)))).collect()
}

/// The edits of a fix, file by file; nothing when one of them has no place.
fn fixed(fix: &Fix, sources: &Sources) -> Option<Value> {
    let mut changes: BTreeMap<FileId, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let edit = edit.resolved(sources);
        let replacement = json!({
            "deletedRegion": region(edit.span, sources)?,
            "insertedContent": { "text": edit.text },
        });
        changes.entry(edit.span.file).or_default().push(replacement);
    }
    let files = changes.into_iter().map(|(file, replacements)| {
        let uri = uri(&sources.get(file)?.name);
        Some(json!({ "artifactLocation": { "uri": uri }, "replacements": replacements }))
    });
    let description = json!({ "text": literal(fix.title.en()) });
    Some(json!([{ "description": description, "artifactChanges": files.collect::<Option<Vec<Value>>>()? }]))
}

fn location(span: Span, sources: &Sources) -> Option<Value> {
    let (source, _, _) = sound(span, sources)?;
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&source.name) },
        "region": region(span, sources)?,
    }}))
}

fn region(span: Span, sources: &Sources) -> Option<Value> {
    let (_, start, end) = sound(span, sources)?;
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

/// A relative path as a URI reference: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(encode).collect()
}

/// What stays the same when lines or folders move: code, file, subject and the line's words; the n-th of equals gets its
/// number.
fn fingerprint(finding: &Diagnostic, sources: &Sources, seen: &mut BTreeMap<String, u32>) -> String {
    let file = sources.get(finding.span.file).and_then(|source| source.name.rsplit('/').next()).unwrap_or("");
    let subject: String = finding.subject.iter().flat_map(|subject| subject.chars()).collect();
    let words: Vec<&str> = sources.line(finding.span).split_whitespace().collect();
    let key = [finding.code, file, &subject, &words.join(" ")].join("\u{1f}");
    let number = seen.entry(key.clone()).and_modify(|number| *number += 1).or_insert(1);
    format!("{:032x}", fnv(format!("{key}\u{1f}{number}").as_bytes()))
}

/// The 128-bit FNV-1a hash: the same on every machine and in every version.
fn fnv(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(super::fnv(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(super::fnv(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
