//! Rules: every page runs, every rule has a page, the examples have the committed findings, claims and waivers judge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use archc::catalog::Catalog;
use archc::check::claim::{Outcome, PREDICATES, verdicts};
use archc::check::waive::WAIVER_WITHOUT_EFFECT;
use archc::check::{CHECKS, Case, Review};
use archc::diag::render::{Format, render};
use archc::diag::{Diagnostic, Rule, Severity};
use archc::emit::svg;
use archc::model::RULES;
use archc::syntax;
use archc::text::{Language, Phrase};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::support::{english_words, files_in, golden, models, review, review_in, with_spanish_words};

/// Codes of the catalogue that no rule of this folder answers: pictures and outputs are judged where they are made.
const ELSEWHERE: &[&str] = &["DRAW-", "OUT-"];

/// One example of a page.
struct Example {
    /// The code it fires, when it does.
    fires: Option<String>,
    /// The environment it is built for.
    environment: Option<String>,
    text: String,
}

/// What a page of `docs/checks` says.
struct Page {
    heading: String,
    sections: Vec<String>,
    examples: Vec<Example>,
}

/// The value of a key in the words after the fence: `arch,fires=NET-201`.
fn value<'a>(info: &'a str, key: &str) -> Option<&'a str> {
    info.split(',').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
}

fn page(text: &str) -> Page {
    let mut page = Page { heading: String::new(), sections: Vec::new(), examples: Vec::new() };
    let mut open = String::new();
    let mut info = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => open.clear(),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words))) => {
                open.clear();
                info = Some(words.to_string());
            }
            Event::Text(words) | Event::Code(words) => open.push_str(&words),
            Event::End(TagEnd::Heading(level)) if level as usize == 1 => page.heading = open.clone(),
            Event::End(TagEnd::Heading(_)) => page.sections.push(open.clone()),
            Event::End(TagEnd::CodeBlock) => {
                let words = info.take().unwrap_or_default();
                if words.split(',').next() == Some("arch") {
                    let [fires, environment] =
                        ["fires", "env"].map(|key| value(&words, key).map(str::to_owned));
                    page.examples.push(Example { fires, environment, text: open.clone() });
                }
            }
            _ => (),
        }
    }
    page
}

/// Every rule of checking and resolving, by code.
fn rules() -> BTreeMap<&'static str, Rule> {
    let checks = CHECKS.iter().copied().flatten().map(|check| check.rule);
    let all = checks.chain([WAIVER_WITHOUT_EFFECT]).chain(RULES.iter().copied());
    all.map(|rule| (rule.code, rule)).collect()
}

/// Is it a code that says the text itself is wrong?
fn is_about_text(code: &str) -> bool {
    ["SYN-", "NAME-", "UNIT-"].iter().any(|area| code.starts_with(area))
}

/// The pages, by code.
fn pages() -> Vec<(String, String)> {
    let files = files_in(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks"));
    let named = files.into_iter().map(|(name, text)| (name.trim_end_matches(".md").to_owned(), text));
    named.filter(|(code, _)| !is_of_parsing(code)).collect()
}

/// Is it a rule of parsing? Its page is a line or two without a system, and the tests of the syntax run it.
fn is_of_parsing(code: &str) -> bool {
    code.starts_with("SYN-") || code.starts_with("UNIT-0")
}

/// The codes of the findings that no waiver covers.
fn codes(review: &Review) -> Vec<&'static str> {
    review.findings.iter().filter(|finding| finding.waived.is_none()).map(|finding| finding.code).collect()
}

/// What is wrong with an example, in words.
fn complaint(code: &str, example: &Example) -> Option<String> {
    let (looked, _) = review_in("example.arch", &example.text, example.environment.as_deref());
    let found = codes(&looked);
    let stray: Vec<&&str> = found.iter().filter(|other| is_about_text(other) && **other != code).collect();
    let printed = || render(Format::Short, &looked.findings, &looked.sources, false);
    if !stray.is_empty() {
        return Some(format!("has {stray:?}\n{}", printed()));
    }
    match (&example.fires, found.contains(&code)) {
        (Some(fires), _) if fires != code => Some(format!("is on the page of {code} and fires {fires}")),
        (Some(_), false) => Some(format!("does not fire {code}\n{}", printed())),
        (None, true) => Some(format!("fires {code} and should not\n{}", printed())),
        _ => None,
    }
}

#[test]
fn every_example_of_a_page_does_what_it_says() {
    let mut wrong = String::new();
    for (code, text) in pages() {
        let page = page(&text);
        let (firing, silent): (Vec<&Example>, Vec<&Example>) =
            page.examples.iter().partition(|example| example.fires.is_some());
        if firing.is_empty() || silent.is_empty() {
            writeln!(wrong, "{code}: needs a firing and a silent example").expect("a string takes all");
        }
        for (at, example) in page.examples.iter().enumerate() {
            if let Some(complaint) = complaint(&code, example) {
                writeln!(wrong, "{code}: example {} {complaint}", at + 1).expect("a string takes all");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let rules = rules();
    let pages: BTreeSet<String> = pages().into_iter().map(|(code, _)| code).collect();
    let missing: Vec<&&str> = rules.keys().filter(|code| !pages.contains(**code)).collect();
    assert!(missing.is_empty(), "rules without a page: {missing:?}");
    let stray: Vec<&String> = pages.iter().filter(|code| !rules.contains_key(code.as_str())).collect();
    assert!(stray.is_empty(), "pages without a rule: {stray:?}");
}

#[test]
fn pages_rules_and_catalogue_say_the_same() {
    let catalog = Catalog::embedded();
    for (code, rule) in rules() {
        if let Some(stated) = catalog.check(code) {
            assert_eq!(rule.title.to_lowercase(), stated.title.to_lowercase(), "{code}");
            assert_eq!(rule.severity, stated.severity, "{code}");
        }
    }
    for (code, text) in pages() {
        let page = page(&text);
        let rule = rules().get(code.as_str()).copied().expect("a page has a rule");
        assert_eq!(page.heading.to_lowercase(), format!("{code}: {}", rule.title).to_lowercase());
        assert_eq!(page.sections, ["What", "Why", "Example", "Instead", "Sources"], "{code}");
    }
}

#[test]
fn every_stated_check_is_written() {
    let catalog = Catalog::embedded();
    let rules = rules();
    let missing: Vec<&str> = catalog.check_codes().filter(|code| !rules.contains_key(code)).collect();
    let is_ours = |code: &&&str| ELSEWHERE.iter().all(|area| !code.starts_with(area));
    let missing: Vec<&&str> = missing.iter().filter(is_ours).collect();
    assert!(missing.is_empty(), "stated checks without code: {missing:?}");
}

/// The findings of a model, waived ones last.
fn printed(looked: &Review) -> String {
    let mut text = render(Format::Short, &looked.findings, &looked.sources, false);
    for finding in looked.findings.iter().filter(|finding| finding.waived.is_some()) {
        writeln!(text, "waived: {} {}", finding.code, finding.message.en().terminal())
            .expect("a string takes all");
    }
    text
}

#[test]
fn the_example_models_have_these_findings_and_no_error() {
    for (name, text) in models() {
        let (looked, _) = review_in(&format!("models/{name}"), &text, None);
        let name = name.trim_end_matches(".arch");
        golden(&format!("tests/cases/checks/{name}.findings.txt"), &printed(&looked));
        let errors: Vec<_> =
            looked.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

/// Everything a finding says.
fn sayings(finding: &Diagnostic) -> impl Iterator<Item = &Phrase> {
    let labels = finding.labels.iter().map(|label| &label.text);
    let fix = finding.fix.iter().map(|fix| &fix.title);
    [&finding.message, &finding.note].into_iter().chain(&finding.help).chain(labels).chain(fix)
}

#[test]
fn every_check_speaks_spanish() {
    let examples = files_in(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks"))
        .into_iter()
        .flat_map(|(_, text)| page(&text).examples)
        .map(|example| (with_spanish_words(&example.text), example.environment));
    let broken = ["syntax", "resolve"].into_iter().flat_map(|area| {
        files_in(&format!("{}/tests/cases/{area}", env!("CARGO_MANIFEST_DIR")))
            .into_iter()
            .map(|(_, text)| (text, None))
    });
    let (mut english, mut heard) = (BTreeSet::new(), BTreeSet::new());
    for (text, environment) in examples.chain(broken) {
        let (looked, _) = review_in("example.arch", &text, environment.as_deref());
        for (finding, phrase) in
            looked.findings.iter().flat_map(|finding| sayings(finding).map(move |said| (finding, said)))
        {
            let said = phrase.say(Language::Es).terminal();
            heard.insert(finding.code);
            if !english_words(&said).is_empty() {
                english.insert(format!("{}: {said}", finding.code));
            }
        }
    }
    assert!(english.is_empty(), "{english:#?}");
    let of_text = syntax::rules::RULES.iter().map(|rule| rule.code).chain(RULES.iter().map(|rule| rule.code));
    let silent: Vec<&str> = of_text.filter(|code| !heard.contains(code)).collect();
    assert!(silent.is_empty(), "no example says anything with {silent:?}");
    for rule in syntax::rules::RULES.into_iter().chain(RULES).chain(svg::RULES) {
        let heading = rule.heading();
        assert!(heading.say(Language::Es) != heading.en(), "{} has no title in Spanish", rule.code);
    }
}

#[test]
fn headlines_are_short_and_begin_in_lower_case() {
    let examples = pages().into_iter().flat_map(|(_, text)| page(&text).examples).map(|example| example.text);
    let mut wrong = BTreeSet::new();
    for finding in
        examples.chain(models().into_iter().map(|(_, text)| text)).flat_map(|text| review(&text).0.findings)
    {
        let message = finding.message.en().terminal();
        let word: String = message.chars().take_while(|c| !c.is_whitespace()).collect();
        let is_name = word.chars().filter(char::is_ascii_uppercase).count() > 1;
        let begins_low = !message.starts_with(|c: char| c.is_uppercase()) || is_name;
        if message.chars().count() > 80 || !begins_low {
            wrong.insert(format!("{}: {message}", finding.code));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn waivers_cover_what_they_name_and_nothing_else() {
    crate::cases::check("waivers", |source| {
        let (looked, _) = review_in("case.arch", &source.text, None);
        let about = |code: &str| code == "MODEL-709" || code == "NET-210" || code == "AUTH-301";
        looked
            .findings
            .into_iter()
            .filter(|finding| about(finding.code) && finding.waived.is_none())
            .collect()
    });
}

/// The outcome of each claim of a text, as its sentence foretells: `holds …`, `fails …`, `open …`.
#[test]
fn claims_judge_as_their_sentences_foretell() {
    let mut seen: BTreeSet<(String, bool, &str)> = BTreeSet::new();
    for (name, text) in files_in(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/claims")) {
        let (looked, catalog) = review_in(&name, &text, None);
        assert!(!codes(&looked).into_iter().any(is_about_text), "{name}: {}", printed(&looked));
        let case =
            Case { model: &looked.model, facts: &looked.facts, catalog: &catalog, today: looked.today };
        for verdict in verdicts(&case) {
            let claim = &looked.model.claims[verdict.claim];
            let word = match verdict.finding.outcome {
                Outcome::Holds => "holds",
                Outcome::Fails => "fails",
                Outcome::Open => "open",
            };
            let sentence = claim.sentence.terminal();
            let because = format!("{:?}", verdict.finding.because);
            assert!(sentence.starts_with(word), "{name}: `{sentence}` {word}: {because}");
            if word == "fails" && !claim.negated {
                assert!(!verdict.finding.evidence.is_empty(), "`{sentence}` fails without a line");
            }
            seen.insert((claim.predicate.value.clone(), claim.negated, word));
        }
    }
    for (predicate, _) in PREDICATES {
        for (negated, word) in [(false, "holds"), (false, "fails"), (true, "holds"), (true, "fails")] {
            let case = ((*predicate).to_owned(), negated, word);
            assert!(seen.contains(&case), "no case for {case:?}");
        }
    }
}

#[test]
fn the_resolver_reports_what_it_cannot_understand() {
    crate::cases::check("resolve", |source| {
        let (looked, _) = review_in("case.arch", &source.text, None);
        let is_about_names = |code: &str| RULES.iter().any(|rule| rule.code == code);
        let is_about_flows = |code: &str| code == "MODEL-704" || code == "MODEL-705";
        let wanted = |code: &str| is_about_names(code) || is_about_flows(code) || code.starts_with("SYN-");
        looked.findings.into_iter().filter(|finding| wanted(finding.code)).collect()
    });
}
