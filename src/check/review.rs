//! A model with its facts and findings, and the proof that none of them is an error.

use crate::derive::Facts;
use crate::diag::{Diagnostic, Severity};
use crate::model::Model;
use crate::text::Sources;
use crate::units::Date;

/// What every picture and report reads: a model, sound or not, with its facts and findings.
#[derive(Debug, Clone)]
pub struct Review {
    /// The files it was read from.
    pub sources: Sources,
    /// The model.
    pub model: Model,
    /// What follows from it.
    pub facts: Facts,
    /// Findings of all stages: errors first, then in source order; waived ones included.
    pub findings: Vec<Diagnostic>,
    /// The day the findings are for.
    pub today: Date,
}

/// A review without errors: the only thing Terraform and policies are made from.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'r>(&'r Review);

impl Review {
    /// The same review as one that is known to be sound; nothing when it has an error. An error cannot be waived.
    pub fn seal(&self) -> Option<Checked<'_>> {
        let sound = self.findings.iter().all(|finding| finding.severity != Severity::Error);
        sound.then_some(Checked(self))
    }
}

impl<'r> Checked<'r> {
    /// The review.
    pub const fn review(self) -> &'r Review {
        self.0
    }
}
