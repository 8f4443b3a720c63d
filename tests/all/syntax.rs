//! The language: what parses, what is reported, and where.

use std::path::{Path, PathBuf};

use archc::syntax::ast::Ast;
use archc::syntax::parse;
use archc::syntax::rules::RULES;
use archc::text::{FileId, Source};

/// The seed model.
const SEED: &str = include_str!("../../models/webshop.arch");

/// A fenced block of a page: what stands behind the backticks, the text, and where it begins.
struct Fence {
    info: String,
    text: String,
    place: String,
}

/// The pages of the project: README.md and every Markdown file below `docs/`.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("docs")];
    let mut pages: Vec<PathBuf> = [root.join("README.md")].into_iter().filter(|page| page.exists()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// The blocks of a page; the indentation of a block in a list does not count.
fn fences(page: &Path) -> Vec<Fence> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut fences: Vec<Fence> = Vec::new();
    let mut open: Option<usize> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let indent = line.len() - line.trim_start().len();
        match (open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => {
                let place = format!("{}:{number}", page.display());
                fences.push(Fence { info: info.trim().to_owned(), text: String::new(), place });
                open = Some(indent);
            }
            (Some(_), Some("")) => open = None,
            (Some(outer), _) => {
                let fence = fences.last_mut().unwrap();
                fence.text.push_str(line.get(outer.min(indent)..).unwrap_or(""));
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    fences
}

#[test]
fn every_example_of_the_pages_parses_or_fails_as_it_says() {
    let mut broken = String::new();
    let mut examples = 0;
    for fence in pages().iter().flat_map(|page| fences(page)) {
        let Some(mark) = fence.info.strip_prefix("arch") else { continue };
        examples += 1;
        let code = mark.split_once('=').map_or("", |(_, code)| code);
        let findings = parse(FileId(0), &Source::new("example.arch", fence.text.clone())).1;
        let ours = code.starts_with("SYN-") || code.starts_with("UNIT-00");
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        let right = if ours { codes.contains(&code) } else { codes.is_empty() };
        if !right {
            broken += &format!("{}: {codes:?}\n", fence.place);
        }
    }
    assert!(broken.is_empty(), "{broken}");
    assert!(examples >= 40, "the pages were found");
}

#[test]
fn every_rule_has_a_page_that_fires_it() {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks");
    for rule in RULES {
        let page = checks.join(format!("{}.md", rule.code));
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(text.starts_with(&format!("# {}: {}\n", rule.code, rule.title)), "{}", page.display());
        let infos: Vec<String> = fences(&page).into_iter().map(|fence| fence.info).collect();
        assert_eq!(infos, [format!("arch,fires={}", rule.code), "arch".to_owned()]);
    }
}

#[test]
fn every_statement_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let linked = index.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(page, _)| page);
    for page in linked {
        assert!(folder.join(page).exists(), "{page} is linked and missing");
    }
    let grammar = include_str!("../../grammar/arch.pest");
    let (_, statements) = grammar.split_once("any_statement = _{").unwrap();
    let (statements, _) = statements.split_once('}').unwrap();
    for statement in statements.split('|').map(str::trim) {
        let page = match statement {
            "vpc" | "tier" | "region" | "group" => "containers",
            "own_rule" => "rule",
            other => other,
        };
        assert!(index.contains(&format!("[{page}]({page}.md)")), "{statement} has no page in the index");
    }
}

#[test]
fn every_rule_of_the_grammar_is_documented() {
    let grammar = include_str!("../../grammar/arch.pest");
    let mut above = "";
    for line in grammar.lines() {
        let begins = line.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        assert!(!begins || above.starts_with("/// "), "no words above `{line}`");
        above = line;
    }
}

/// One line for each statement, its places as `start..end`.
fn outline(ast: &Ast) -> String {
    let lines = ast.statements.iter().map(|statement| format!("{statement:?}"));
    let all: Vec<String> = lines.collect();
    let mut short = String::new();
    for piece in all.join("\n").split("Span { file: FileId(0), start: ") {
        let mended = match piece.split_once(" }") {
            Some((place, rest)) if place.contains(", end: ") && !short.is_empty() => {
                format!("{}{rest}", place.replace(", end: ", ".."))
            }
            _ => piece.to_owned(),
        };
        short.push_str(&mended);
    }
    short.replace("Spanned { value: ", "{ ").replace(", span: ", " @")
}

#[test]
fn the_seed_has_no_findings_and_this_tree() {
    let (ast, findings) = parse(FileId(0), &Source::new("models/webshop.arch", SEED));
    assert!(findings.is_empty(), "{findings:#?}");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("webshop.ast", outline(&ast));
    });
}

#[test]
fn every_mistake_is_found_at_its_place() {
    crate::cases::check("syntax", |source| parse(FileId(0), source).1);
}

#[test]
fn the_editors_know_every_statement() {
    let colours: serde_json::Value =
        serde_json::from_str(include_str!("../../editors/vscode/syntaxes/arch.tmLanguage.json")).unwrap();
    let pattern = colours["repository"]["statement"]["match"].as_str().unwrap();
    let words = pattern.split_once("(system|").and_then(|(_, rest)| rest.split_once(')')).unwrap().0;
    let mut known: Vec<&str> = words.split('|').chain(["system"]).collect();
    let grammar = include_str!("../../grammar/arch.pest");
    let (_, statements) = grammar.split_once("any_statement = _{").unwrap();
    let statements = statements.split_once('}').unwrap().0.split('|').map(str::trim);
    let mut wanted: Vec<&str> =
        statements.map(|word| if word == "own_rule" { "rule" } else { word }).collect();
    known.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(known, wanted);
}
