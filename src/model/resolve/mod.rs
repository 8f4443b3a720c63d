//! From syntax trees to a model: every name is looked up, every setting gets its type, what follows is added.
//!
//! Resolving never fails: what cannot be understood is reported and left out, and the rest stands.

mod builder;
mod clause;
mod declare;
mod environment;
mod expand;
mod flow;
mod journey;
mod money;
mod names;
mod own_rule;
mod people;
mod promise;
mod read;
mod rules;
mod scaling;
mod setting;
mod system;
mod wiring;

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::model::Model;
use crate::model::resolve::builder::Builder;
use crate::syntax::ast::Ast;
use crate::text::Ident;

pub use environment::environments;
pub use promise::PREDICATES;
pub use rules::RULES;

/// Resolves the files of a model; each comes with the prefix it was included under, the main file first.
///
/// `environment` names the stage whose overrides apply.
pub fn resolve(
    files: &[(Ast, Option<Ident>)],
    environment: Option<&str>,
    catalog: &Catalog,
) -> (Model, Vec<Diagnostic>) {
    let mut builder = Builder::new(catalog);
    let outline = environment::outline(&mut builder, files, environment);
    system::resolve(&mut builder, &outline);
    let declared = declare::resolve(&mut builder, &outline);
    setting::resolve(&mut builder, &outline, &declared);
    expand::children(&mut builder);
    flow::resolve(&mut builder, &outline);
    wiring::from_settings(&mut builder);
    expand::networks(&mut builder);
    people::resolve(&mut builder, &outline);
    journey::resolve(&mut builder, &outline);
    promise::resolve(&mut builder, &outline);
    money::resolve(&mut builder, &outline);
    clause::resolve(&mut builder, &outline);
    own_rule::resolve(&mut builder, &outline);
    builder.finish()
}
