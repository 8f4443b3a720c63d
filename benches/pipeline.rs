//! Times of the stages: the seed's one by one, parse to check of a generated model of 1 000 services, and Terraform of growing
//! ones.
//!
//! Run with `cargo bench --bench pipeline`.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use archc::catalog::Catalog;
use archc::check::Review;
use archc::driver::generate::generate;
use archc::emit::pictures::Drawing;
use archc::emit::terraform::{print_roots, roots};
use archc::emit::{Draft, OUTPUTS, Shared};
use archc::syntax::ast::Ast;
use archc::syntax::parse;
use archc::text::{FileId, Ident, Source, Sources};
use archc::units::Date;
use archc::{Inputs, review};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn seed() -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/webshop.arch");
    Source::new("webshop.arch", text_of(&path))
}

#[expect(clippy::disallowed_methods, reason = "a bench reads the model it measures")]
fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn tree(source: &Source) -> Vec<(Ast, Option<Ident>)> {
    vec![(parse(FileId(0), source).0, None)]
}

fn reviewed(source: &Source, asts: &[(Ast, Option<Ident>)], catalog: &Catalog) -> Review {
    let mut sources = Sources::default();
    sources.add(source.clone());
    let today = Date { year: 2026, month: 11, day: 22 };
    let inputs = Inputs { sources, asts, environment: None, today, findings: Vec::new() };
    review(inputs, catalog, &mut |_| ())
}

/// Parse, resolve, derive and check, with a catalogue that has read nothing yet.
fn whole(source: &Source) -> Review {
    reviewed(source, &tree(source), &Catalog::embedded())
}

fn stages(bench: &mut Criterion) {
    let source = seed();
    let asts = tree(&source);
    let catalog = Catalog::embedded();
    let review = reviewed(&source, &asts, &catalog);
    let digest = Ident::sanitized("0");
    let drawing = Drawing::default();
    let shared = Shared::default();
    let draft = Draft::new(&review, &catalog, &digest, &drawing, &shared);
    let mut group = bench.benchmark_group("seed");
    group.bench_function("parse", |each| each.iter(|| parse(FileId(0), black_box(&source))));
    group.bench_function("resolve to check", |each| {
        each.iter(|| reviewed(&source, black_box(&asts), &catalog));
    });
    for output in OUTPUTS {
        // Each run puts its views and its Terraform together anew.
        let make = || output.make(black_box(Draft { shared: &Shared::default(), ..draft }));
        group.bench_function(output.name, |each| each.iter(make));
    }
    group.finish();
}

fn thousand(bench: &mut Criterion) {
    let source = Source::new("made.arch", generate(1_000, 1));
    let asts = tree(&source);
    let catalog = Catalog::embedded();
    let mut group = bench.benchmark_group("1000 services");
    group.sample_size(20);
    group.bench_function("parse", |each| each.iter(|| parse(FileId(0), black_box(&source))));
    group.bench_function("resolve to check", |each| {
        each.iter(|| reviewed(&source, black_box(&asts), &catalog));
    });
    group.bench_function("parse to check, cold catalogue", |each| each.iter(|| whole(black_box(&source))));
    group.finish();
}

/// Terraform of growing systems, whole and split: twice the services take about twice as long.
fn terraform(bench: &mut Criterion) {
    let catalog = Catalog::embedded();
    let mut group = bench.benchmark_group("terraform");
    group.sample_size(10);
    for services in [250, 500, 1_000, 2_000] {
        let source = Source::new("made.arch", generate(services, 1));
        let review = reviewed(&source, &tree(&source), &catalog);
        for (name, is_split) in [("whole", false), ("split", true)] {
            group.bench_function(BenchmarkId::new(name, services), |each| {
                each.iter(|| black_box(&review).seal().map(|checked| print_roots(&roots(checked, is_split))));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, stages, thousand, terraform);
criterion_main!(benches);
