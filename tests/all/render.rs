//! Findings as text: every format, on good and on hostile input.

use archc::diag::render::{Format, render};
use archc::diag::{Diagnostic, Rule, Severity};
use archc::syntax::parse;
use archc::text::{FileId, Source, Sources, Span};

const HIGH: Rule =
    Rule { code: "NET-210", title: "an entry without a web firewall", severity: Severity::High };

/// A model with mistakes, and its findings.
fn sample() -> (Sources, Vec<Diagnostic>) {
    let text = include_str!("../cases/syntax/several-mistakes.arch");
    let plain: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("#  ") && !line.starts_with("#~")).collect();
    let mut sources = Sources::default();
    let file = sources.add(Source::new("models/several.arch", plain.join("\n")));
    let source = sources.get(file).expect("the file was added");
    let mut findings = parse(file, source).1;
    let waived = HIGH.at(Span::new(file, 0, 1)).subject("front").message("`front` has no firewall");
    findings.push(Diagnostic { waived: Some("phase 2".into()), ..waived });
    findings.push(HIGH.at(Span::default()).message("a finding about a missing file").severity(Severity::Low));
    (sources, findings)
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn each_format_has_a_name_and_a_form() {
    let (sources, findings) = sample();
    let names: Vec<&str> = Format::names().collect();
    assert_eq!(names, ["human", "short", "json", "sarif", "github"]);
    for name in names {
        let format = Format::from_name(name).expect("a listed name is known");
        assert_eq!(format.name(), name);
        snapshot(&format!("findings.{name}"), &render(format, &findings, &sources, false));
    }
    assert_eq!(Format::from_name("xml"), None);
    assert_eq!(render(Format::Human, &[], &sources, false), "no findings\n");
}

/// Findings whose places lie outside of every file, between bytes of a character, or backwards.
fn hostile() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let long = format!("s3 {} \u{1b}[31m\u{202e}ñ", "x".repeat(1_000_000));
    sources.add(Source::new("a\u{1b}[31m,:%\n.arch", "ñ\n\tb \u{1b}[31m \u{202e}c\r\nd"));
    sources.add(Source::new("long.arch", long));
    sources.add(Source::new("empty.arch", ""));
    let mut findings = Vec::new();
    for file in 0..4 {
        for (start, end) in [
            (0, 0),
            (0, 1),
            (1, 2),
            (0, 2),
            (2, 2),
            (3, 9),
            (9, 3),
            (5, 5),
            (0, 900),
            (500_000, 500_001),
            (1_000_000, 4_000_000_000),
        ] {
            let span = Span::new(FileId(file), start, end);
            let finding =
                HIGH.at(span).message("x\u{1b}[31m\n::error::%0A\u{202e}").note("n\u{7}").help("h\u{9b}\n");
            let other = Span::new(FileId((file + 1) % 4), end / 2, end);
            findings
                .push(finding.label(other, "o\u{1b}").label(Span::new(FileId(file), start / 2, start), "p"));
        }
    }
    (sources, findings)
}

#[test]
fn no_format_panics_or_passes_a_control_character_on() {
    let (sources, findings) = hostile();
    for format in Format::names().filter_map(Format::from_name) {
        let text = render(format, &findings, &sources, false);
        let bad = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(bad, None, "{} lets a control character through", format.name());
        if matches!(format, Format::Human | Format::Short | Format::Github) {
            assert!(!text.contains('\u{202e}'), "{} lets a direction control through", format.name());
            assert!(text.lines().all(|line| line.len() < 2_000), "{} prints a very long line", format.name());
        }
    }
    let github = render(Format::Github, &findings, &sources, false);
    assert!(github.lines().all(|line| line.starts_with("::warning ")), "a finding stays one command");
}

#[test]
fn colours_are_only_added_when_asked_for() {
    let (sources, findings) = sample();
    let plain = render(Format::Human, &findings, &sources, false);
    let coloured = render(Format::Human, &findings, &sources, true);
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
}

#[test]
fn fingerprints_do_not_move_with_the_lines() {
    let fingerprints = |text: &str| -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.arch", text));
        let findings = parse(file, sources.get(file).expect("the file was added")).1;
        let log: serde_json::Value =
            serde_json::from_str(&render(Format::Sarif, &findings, &sources, false)).expect("SARIF is JSON");
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"]["archcFinding/v1"].to_string()).collect()
    };
    let before = fingerprints("view\nview\ntags a\n");
    let after = fingerprints("# a comment\n\n  view\nview\n\ntags   a\n");
    assert_eq!(before.len(), 3);
    assert_eq!(before, after);
    assert!(before[0] != before[1] && before[1] != before[2]);
}
