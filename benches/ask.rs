//! How long questions take at ten thousand services, and growth over 200 loads at a thousand.

use std::hint::black_box;

use archc::ask::simulate::{Factor, Target, grow};
use archc::ask::{Index, answer};
use archc::catalog::Catalog;
use archc::derive::derive;
use archc::driver::generate::generate;
use archc::model::resolve;
use archc::syntax::{parse, query};
use archc::text::{FileId, Source};
use criterion::{Criterion, criterion_group, criterion_main};

const QUESTIONS: [&str; 9] = [
    "who can write rows7",
    "who can read all",
    "what can developers access",
    "access fn7",
    "blast-radius fn9",
    "path visitor -> rows7",
    "what breaks if store7 fails",
    "what breaks without zone a",
    "cost of vpc net3",
];

fn questions(bench: &mut Criterion) {
    let catalog = Catalog::embedded();
    let source = Source::new("made.arch", generate(10_000, 1));
    let (model, _) = resolve(&[(parse(FileId(0), &source).0, None)], None, &catalog);
    let facts = derive(&model, &catalog);
    let mut group = bench.benchmark_group("10000 services");
    group.sample_size(10);
    group.bench_function("index", |each| each.iter(|| Index::new(black_box(&model), &facts, &catalog)));
    let index = Index::new(&model, &facts, &catalog);
    for text in QUESTIONS {
        let (question, _) = query::question(FileId(0), &Source::new("question", text));
        group.bench_function(text, |each| {
            each.iter(|| question.as_ref().map(|question| answer(&index, black_box(question)).is_ok()));
        });
    }
    group.finish();
}

fn growth(bench: &mut Criterion) {
    let catalog = Catalog::embedded();
    let source = Source::new("made.arch", generate(1_000, 1));
    let (model, _) = resolve(&[(parse(FileId(0), &source).0, None)], None, &catalog);
    let facts = derive(&model, &catalog);
    let target = Target::Times(Factor(1_000 * Factor::ONE.0));
    let mut group = bench.benchmark_group("1000 services");
    group.sample_size(10);
    group.bench_function("growth at 200 points", |each| {
        each.iter(|| grow(black_box(&model), &catalog, &facts.operations, target, 200).is_ok());
    });
    group.finish();
}

criterion_group!(benches, questions, growth);
criterion_main!(benches);
