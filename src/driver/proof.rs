//! A proof by trial: every picture of many generated models is drawn and measured.

use std::fmt;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::catalog::Catalog;
use crate::driver::generate::generate;
use crate::emit::svg;
use crate::layout::{Defect, Engine};
use crate::text::{Ident, Language, Source, Sources};
use crate::units::Date;
use crate::{Inputs, review, syntax, view};

/// What was drawn, and what was wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Models.
    pub models: u64,
    /// Pictures of boxes and lines.
    pub pictures: usize,
    /// Lines in them.
    pub lines: usize,
    /// The seed, the size and the picture of each defect.
    pub defects: Vec<(u64, usize, String, Defect)>,
}

impl fmt::Display for Proof {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (seed, services, picture, defect) in &self.defects {
            writeln!(out, "seed {seed}, {services} services, {picture}: {defect:?}")?;
        }
        let Self { models, pictures, lines, defects } = self;
        writeln!(out, "{models} models, {pictures} pictures, {lines} lines, {} defects", defects.len())
    }
}

/// Draws `models` models of up to `services` services.
pub fn prove(models: u64, services: usize) -> Proof {
    let catalog = Catalog::embedded();
    // Every size comes up again and again, each time with another seed.
    let size = |seed: u64| 1 + usize::try_from(seed).unwrap_or(0) % services.max(1);
    let proofs = (0..models).into_par_iter().map(|seed| one(&catalog, (seed, size(seed))));
    let mut whole = proofs.reduce(Proof::default, Proof::and);
    whole.defects.sort();
    whole
}

impl Proof {
    fn and(mut self, other: Self) -> Self {
        self.models += other.models;
        self.pictures += other.pictures;
        self.lines += other.lines;
        self.defects.extend(other.defects);
        self
    }
}

/// What is wrong with the pictures of one model.
fn one(catalog: &Catalog, (seed, size): (u64, usize)) -> Proof {
    let mut proof = Proof { models: 1, ..Proof::default() };
    let mut sources = Sources::default();
    let source = Source::new("generated.arch", generate(size, seed));
    let file = sources.add(source.clone());
    let asts = [(syntax::parse(file, &source).0, None)];
    let today = Date { year: 2026, month: 1, day: 1 };
    let inputs = Inputs { sources, asts: &asts, environment: None, today, findings: Vec::new() };
    let review = review(inputs, catalog, &mut |_| ());
    let stamp = svg::stamp(&review.model, Ident::sanitized("proof"));
    for view in view::views(&review, Language::En) {
        let picture = svg::draw(&view, &stamp, Language::En, Engine::Layered);
        proof.pictures += 1;
        proof.lines += view.edges.len();
        let found = picture.defects.into_iter().map(|defect| (seed, size, view.name.clone(), defect));
        proof.defects.extend(found);
    }
    proof
}
