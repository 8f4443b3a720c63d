//! Terraform: every model's module, and the printer against an independent parser.

use archc::catalog::Catalog;
use archc::check::Review;
use archc::derive::derive;
use archc::emit::Artifact;
use archc::emit::terraform::emit;
use archc::model::resolve;
use archc::syntax::parse;
use archc::text::{Source, Sources};

/// The module of a model's text; panics with the findings when the model does not resolve.
fn module(name: &str, text: &str) -> Vec<Artifact> {
    let catalog = Catalog::embedded();
    let mut sources = Sources::default();
    let source = Source::new(name, text);
    let file = sources.add(source.clone());
    let (ast, mut findings) = parse(file, &source);
    let (model, more) = resolve(&[(ast, None)], None, &catalog);
    findings.extend(more);
    let facts = derive(&model, &catalog);
    let review = Review {
        sources,
        model,
        facts,
        findings,
        today: archc::units::Date { year: 2026, month: 11, day: 22 },
    };
    let checked = review.seal().unwrap_or_else(|| panic!("{name} has errors: {:#?}", review.findings));
    emit(checked)
}

/// One file of a module.
fn file<'a>(module: &'a [Artifact], name: &str) -> &'a str {
    let path = format!("terraform/{name}");
    let found = module.iter().find(|artifact| artifact.path.as_str() == path);
    std::str::from_utf8(&found.unwrap_or_else(|| panic!("no {name}")).bytes).unwrap()
}

/// The models of the project, by file name.
const MODELS: [(&str, &str); 6] = [
    ("webshop", include_str!("../../models/webshop.arch")),
    ("three-tier", include_str!("../../models/three-tier.arch")),
    ("serverless", include_str!("../../models/serverless.arch")),
    ("data-lake", include_str!("../../models/data-lake.arch")),
    ("multi-region", include_str!("../../models/multi-region.arch")),
    ("fargate", include_str!("../../models/fargate.arch")),
];

/// Every model's module is left below the test's folder, where the checks with Terraform itself find it.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test leaves files for the checks that need other programs")]
fn modules_parse_and_are_left_for_terraform() {
    for (name, text) in MODELS {
        let folder = format!("{}/modules/{name}", env!("CARGO_TARGET_TMPDIR"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for artifact in module(&format!("{name}.arch"), text) {
            let text = std::str::from_utf8(&artifact.bytes).unwrap();
            hcl_edit::parser::parse_body(text)
                .unwrap_or_else(|error| panic!("{name}: {}: {error}", artifact.path));
            let file = artifact.path.as_str().trim_start_matches("terraform/");
            std::fs::write(format!("{folder}/{file}"), text).unwrap();
        }
    }
}

#[test]
fn blocks_say_which_line_of_the_model_causes_them() {
    let module = module("webshop.arch", MODELS[0].1);
    let storage = file(&module, "storage.tf");
    assert!(storage.contains("# webshop.arch:24 s3 media"), "{storage}");
    let iam = file(&module, "iam.tf");
    assert!(iam.contains("# webshop.arch:36 files -> media : readwrite"), "{iam}");
}
