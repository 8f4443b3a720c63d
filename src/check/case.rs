//! What a rule looks at, and what a rule is.

use crate::catalog::Catalog;
use crate::derive::Facts;
use crate::diag::{Diagnostic, Rule};
use crate::model::Model;
use crate::units::Date;

/// Everything a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The model.
    pub model: &'a Model,
    /// What follows from it.
    pub facts: &'a Facts,
    /// What AWS offers.
    pub catalog: &'a Catalog,
    /// The day the findings are for.
    pub today: Date,
}

/// One rule and the pure function that finds where it is broken.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The rule.
    pub rule: Rule,
    /// Its findings, in model order.
    pub find: fn(&Case) -> Vec<Diagnostic>,
}
