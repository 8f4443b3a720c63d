//! archc: an architecture description compiler.
//!
//! One text describes a cloud system; this library checks it and writes its diagrams, its report and its Terraform.
//! The rooms are floors: each imports only rooms below it (`docs/architecture.md`). This file joins them; what reads and
//! writes files around it is in [`driver`].

pub mod ask;
pub mod catalog;
pub mod check;
pub mod derive;
pub mod diag;
pub mod driver;
pub mod emit;
pub mod import;
pub mod layout;
pub mod model;
pub mod shell;
pub mod syntax;
pub mod text;
pub mod units;
pub mod view;

use std::collections::BTreeMap;

use check::{Case, Review};
use diag::Diagnostic;
use emit::{Artifact, Draft, Made, OUTPUTS, Output};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use syntax::ast::Ast;
use text::{Ident, Sources};
use units::Date;

/// What a review is made from: the texts of a model as trees, and what was asked for.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The files.
    pub sources: Sources,
    /// Their trees, each with the prefix of its names; the model's own is the first.
    pub asts: &'a [(Ast, Option<Ident>)],
    /// The stage whose overrides apply.
    pub environment: Option<&'a str>,
    /// The day the findings are for.
    pub today: Date,
    /// What is already known to be wrong.
    pub findings: Vec<Diagnostic>,
}

/// From trees to a review: resolve, derive, check. Never fails; `lap` is told when a stage has ended.
pub fn review(inputs: Inputs<'_>, catalog: &catalog::Catalog, lap: &mut dyn FnMut(&'static str)) -> Review {
    let Inputs { sources, asts, environment, today, mut findings } = inputs;
    let (model, mut unresolved) = model::resolve(asts, environment, catalog);
    if environment.is_none() {
        unresolved.extend(mistakes_in_environments(asts, catalog));
    }
    lap("resolve");
    let facts = derive::derive(&model, catalog);
    lap("derive");
    findings.extend(unresolved);
    findings.extend(check::check(&Case { model: &model, facts: &facts, catalog, today }));
    let findings = check::sorted(findings);
    lap("check");
    Review { sources, model, facts, findings, today }
}

/// What is wrong inside environments that nobody asked for, so that it is not found on the day the stage is built.
fn mistakes_in_environments(asts: &[(Ast, Option<Ident>)], catalog: &catalog::Catalog) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, places) in model::environments(asts) {
        let (_, findings) = model::resolve(asts, Some(name.as_str()), catalog);
        let is_inside = |finding: &Diagnostic| places.iter().any(|place| place.has(finding.span));
        found.extend(findings.into_iter().filter(is_inside));
    }
    found
}

/// The reviews of a model's other stages, one an environment, by name.
pub fn stages(of: &Review, asts: &[(Ast, Option<Ident>)], catalog: &catalog::Catalog) -> Vec<Review> {
    let names: Vec<&Ident> = model::environments(asts).into_keys().collect();
    let one = |name: &&Ident| {
        let (sources, environment) = (of.sources.clone(), Some(name.as_str()));
        review(
            Inputs { sources, asts, environment, today: of.today, findings: Vec::new() },
            catalog,
            &mut |_| (),
        )
    };
    names.par_iter().map(one).collect()
}

/// Told what a piece of work is called, it runs it; what times it stands behind this.
pub type Timer<'a> = &'a (dyn Fn(&'static str, &mut dyn FnMut()) + Sync);

/// From a review to files, by output, and what was found while they were made; the outputs are made side by side. An
/// output that is not wanted is left out; one that needs a sound model and gets none is there without files, wanted or not,
/// so that what it wrote for an older model does not outlive it.
pub fn emit(
    draft: Draft<'_>,
    wanted: &(dyn Fn(&str) -> bool + Sync),
    timer: Timer<'_>,
) -> (BTreeMap<&'static str, Vec<Artifact>>, Vec<Diagnostic>) {
    let is_sound = draft.review.seal().is_some();
    let make = |output: &Output| {
        if !is_sound && output.needs_soundness() {
            return Some((output.name, Made::default()));
        }
        let mut made = Made::default();
        wanted(output.name).then(|| timer(output.name, &mut || made = output.make(draft)))?;
        Some((output.name, made))
    };
    // Each by itself: rayon would otherwise leave some together on one thread while another has nothing to do.
    let answers: Vec<Option<(&str, Made)>> = OUTPUTS.par_iter().with_max_len(1).map(make).collect();
    let (mut batch, mut noticed) = (BTreeMap::new(), Vec::new());
    for (name, made) in answers.into_iter().flatten() {
        batch.insert(name, made.files);
        noticed.extend(made.findings);
    }
    (batch, noticed)
}
