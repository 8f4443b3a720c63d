//! The language: what parses, what is reported, and where.

use archc::syntax::ast::Ast;
use archc::syntax::parse;
use archc::text::{FileId, Source};

/// The seed model.
const SEED: &str = include_str!("../../models/webshop.arch");

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
