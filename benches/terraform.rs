//! Terraform for growing systems: the whole module, and the same split into root modules.
//!
//! Run with `cargo bench --bench terraform`. A thousand services take less than 100 ms, and twice as many about twice as long.

use std::hint::black_box;

use archc::catalog::Catalog;
use archc::check::Review;
use archc::driver::generate::generate;
use archc::emit::terraform::{print_roots, roots};
use archc::syntax::parse;
use archc::text::{FileId, Source, Sources};
use archc::units::Date;
use archc::{Inputs, review};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// How many services the systems have.
const SIZES: [usize; 4] = [250, 500, 1_000, 2_000];

fn reviewed(services: usize) -> Review {
    let source = Source::new("made.arch", generate(services, 1));
    let asts = vec![(parse(FileId(0), &source).0, None)];
    let mut sources = Sources::default();
    sources.add(source);
    let today = Date { year: 2026, month: 11, day: 22 };
    let inputs = Inputs { sources, asts: &asts, environment: None, today, findings: Vec::new() };
    review(inputs, &Catalog::embedded(), &mut |_| ())
}

/// How many bytes a system's files have.
fn written(review: &Review, is_split: bool) -> usize {
    let files = review.seal().map(|checked| print_roots(&roots(checked, is_split)));
    files.into_iter().flatten().map(|file| file.bytes.len()).sum()
}

fn emission(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("terraform");
    group.sample_size(10);
    for services in SIZES {
        let review = reviewed(services);
        group.throughput(Throughput::Elements(services as u64));
        for (name, is_split) in [("one root module", false), ("split", true)] {
            group.bench_function(BenchmarkId::new(name, services), |each| {
                each.iter(|| written(black_box(&review), is_split));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, emission);
criterion_main!(benches);
