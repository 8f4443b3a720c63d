//! Whatever the text: the parser answers, its places are sound, and the canonical form means the same.
//!
//! `ARCHC_CASES` is the number of random texts for each property (4 000 when it is not set).

use std::num::NonZeroUsize;

use archc::diag::Diagnostic;
use archc::syntax::ast::Ast;
use archc::syntax::{format, parse};
use archc::text::{FileId, Source, Span};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const SEED: &str = include_str!("../../models/webshop.arch");

/// Words, punctuation and odd characters, so that random texts come near statements.
const PIECES: [&str; 92] = [
    "system",
    "vpc",
    "tier",
    "region",
    "group",
    "load",
    "role",
    "grant",
    "public",
    "open",
    "config",
    "scale",
    "slo",
    "recover",
    "budget",
    "alarms",
    "journey",
    "claim",
    "rule",
    "waive",
    "view",
    "tags",
    "include",
    "catalog",
    "size",
    "defaults",
    "environment",
    "backend",
    "note",
    "decision",
    "ec2",
    "a",
    "b.c",
    "products",
    "->",
    "-->",
    "→",
    ":",
    ",",
    ";",
    "\n",
    "\n",
    "\n",
    "{",
    "}",
    "{",
    "}",
    "?",
    "\"",
    "\"text\"",
    "\"\"\"",
    "\\",
    "#",
    "# note\n",
    "//",
    "=",
    "<",
    "*",
    "share",
    "carries",
    "idempotent",
    "by",
    "for",
    "group",
    "peak",
    "on",
    "over",
    "from",
    "because",
    "until",
    "in",
    "at",
    "alert",
    "actual",
    "deny",
    "never",
    "all",
    "mfa",
    "5",
    "20 rps",
    "60 %",
    "60 h/month",
    "2..6",
    "10.0.0.0/16",
    "2027-06-30",
    "t3.medium",
    "99 parsecs",
    "<<<<<<< HEAD\n",
    "=======\n",
    "ñ",
    "\u{202e}",
    "\u{a0}",
];

/// Runs every text, or one in `part` where each is read several times.
fn runner(part: u32) -> TestRunner {
    let cases =
        std::env::var("ARCHC_CASES").ok().and_then(|cases| cases.parse::<u32>().ok()).unwrap_or(1_000) / part;
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

fn read(text: &str) -> (Ast, Vec<Diagnostic>) {
    parse(FileId(0), &Source::new("random.arch", text))
}

/// Every place a finding names.
fn places(finding: &Diagnostic) -> Vec<Span> {
    let labels = finding.labels.iter().map(|label| label.span);
    let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    std::iter::once(finding.span).chain(labels).chain(edits).collect()
}

/// Every place of a tree, read from its printed form so that no node is forgotten.
fn tree_places(ast: &Ast) -> Vec<(usize, usize)> {
    let printed = format!("{:?}", ast.statements);
    let numbers = |piece: &str| -> Option<(usize, usize)> {
        let (start, rest) = piece.split_once(", end: ")?;
        let (end, _) = rest.split_once(" }")?;
        Some((start.parse().ok()?, end.parse().ok()?))
    };
    printed.split("Span { file: FileId(0), start: ").skip(1).filter_map(numbers).collect()
}

/// The tree without its places.
fn meaning(ast: &Ast) -> String {
    let printed = format!("{:?}", ast.statements);
    let mut pieces = printed.split("Span { file: FileId(0), start: ");
    let first = pieces.next().unwrap_or("").to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once(" }").map_or("", |(_, rest)| rest))
}

fn assert_sound(text: &str) {
    let (ast, findings) = read(text);
    let places = findings.iter().flat_map(places).map(|span| (span.start as usize, span.end as usize));
    for (start, end) in places.chain(tree_places(&ast)) {
        assert!(text.get(start..end).is_some(), "{start}..{end} is no place of {text:?}");
    }
    assert!(findings.is_sorted_by_key(|finding| finding.span.start), "findings are in order: {text:?}");
}

fn assert_form(text: &str) {
    let source = Source::new("random.arch", text);
    let Some(form) = format(&source) else { return };
    let again = Source::new("random.arch", form.clone());
    assert_eq!(format(&again).as_ref(), Some(&form), "the form of {text:?} has another form");
    assert_eq!(meaning(&read(text).0), meaning(&read(&form).0), "{text:?} and its form {form:?} differ");
    assert_eq!(comments(text), comments(&form), "{text:?} has other comments than {form:?}");
}

/// The comments of a text, sorted; enough of the language is known here for texts without syntax findings.
fn comments(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"']) {
        let (_, from) = rest.split_at(at);
        let length = if let Some(inside) = from.strip_prefix("\"\"\"") {
            inside.find("\"\"\"").map_or(from.len(), |length| length + 6)
        } else if from.starts_with('"') {
            let mut inside = from.char_indices().skip(1);
            let mut end = from.len();
            while let Some((at, c)) = inside.next() {
                match c {
                    '\\' => drop(inside.next()),
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    _ => {}
                }
            }
            end
        } else {
            let comment = from.lines().next().unwrap_or("");
            all.push(comment.trim_end().to_owned());
            comment.len()
        };
        rest = &from[length..];
    }
    all.sort();
    all
}

/// Texts of random pieces, with and without spaces between.
fn random_text() -> impl Strategy<Value = String> {
    let piece = (0..PIECES.len()).prop_map(|at| PIECES[at]);
    let spaced = (piece, prop_oneof![4 => Just(" "), 1 => Just("")]);
    prop::collection::vec(spaced, 0..60)
        .prop_map(|all| all.into_iter().map(|(a, b)| format!("{a}{b}")).collect())
}

/// The seed with a few stretches removed, doubled or replaced.
fn mutated_seed() -> impl Strategy<Value = String> {
    let change = (0..SEED.len(), 0..12_usize, 0..PIECES.len(), 0..3_usize);
    prop::collection::vec(change, 1..5).prop_map(|changes| {
        changes.into_iter().fold(SEED.to_owned(), |text, (at, length, piece, kind)| {
            let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let end =
                (start + length..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let inserted = [PIECES[piece], "", &text[start..end].repeat(2)][kind].to_owned();
            format!("{}{inserted}{}", &text[..start], &text[end..])
        })
    })
}

/// Statements put together from whole lines of the seed with other spacing, which have few mistakes.
fn respaced_seed() -> impl Strategy<Value = String> {
    let gaps = prop_oneof![4 => Just(" "), 1 => Just("   "), 1 => Just("\t"), 1 => Just(" # note\n"), 1 => Just(" \n\n\n")];
    prop::collection::vec(gaps, 1..30).prop_map(|gaps| {
        let mut gaps = gaps.iter().cycle();
        let lines = SEED.lines().map(|line| match gaps.next() {
            Some(gap) if gap.contains('\n') => format!("{line}{gap}"),
            Some(gap) => format!("{}{line}\n", gap.repeat(2)),
            None => line.to_owned(),
        });
        lines.collect()
    })
}

#[test]
fn every_text_is_answered_with_sound_places() {
    let all = prop_oneof![random_text(), mutated_seed(), any::<String>()];
    let result = runner(1).run(&all, |text| {
        assert_sound(&text);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn the_form_means_the_same_and_stays() {
    let all = prop_oneof![random_text(), mutated_seed(), respaced_seed()];
    let result = runner(4).run(&all, |text| {
        assert_form(&text);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn very_deep_and_very_long_texts_are_answered() {
    let million = 1_000_000;
    let many = 100_000;
    for text in [
        "{".repeat(million),
        "}".repeat(million),
        "a{".repeat(many),
        format!("{}{}", "vpc a {".repeat(20_000), "}".repeat(20_000)),
        "\"".repeat(many),
        "\"\"\"".repeat(many / 3),
        "\\".repeat(many),
        format!("a -> {}b : call", "b, ".repeat(many / 3)),
        format!("journey x {{ {}a }}", "a -> ".repeat(many / 5)),
        "ñ".repeat(many / 2),
        "x".repeat(many),
        ",\n".repeat(many / 2),
        "<<<<<<<\n".repeat(many / 8),
        "'a".repeat(many / 2),
        "“".repeat(many / 3),
    ] {
        let (_, findings) = read(&text);
        assert!(findings.len() <= 1_000, "findings are bounded");
    }
    let (_, findings) = read(&"vpc a {".repeat(65));
    assert_eq!(findings.iter().filter(|finding| finding.code == "SYN-008").count(), 1);
    assert_eq!(findings[0].span.start, 64 * 7 + 6, "the finding stands at the brace that is too deep");
}

#[test]
fn the_work_grows_with_the_length_only() {
    let (_, findings) = read(SEED);
    assert!(findings.is_empty());
    // From here on the parser refuses a text that needs more than 64 calls of a rule a byte.
    let length = 32 * 1024;
    pest::set_call_limit(NonZeroUsize::new(64 * (length + 16)));
    for shape in [
        SEED,
        "a -> b : call\n",
        "{",
        "}",
        "a ",
        ",",
        "a,",
        "\"\n",
        "role r { observe all }\n",
        "1 ",
        "1a ",
        "-",
        "->",
        "claim \"",
        "# x\n",
        "a { b { c 1; } }\n",
        "environment e { a { b c } }\n",
        "tier t {",
        "?",
    ] {
        let text = shape.repeat(length / shape.len());
        let (_, findings) = read(&text);
        let refused =
            findings.iter().any(|finding| finding.message.en().is("the text is too intricate to be read"));
        assert!(!refused, "{shape:?} needs too many calls");
    }
}
