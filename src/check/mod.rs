//! Floor 6: one file a rule, pure functions from model and facts to findings.
//!
//! Rules read facts and never compute one. This room must not know pictures, reports or Terraform.

pub mod auth;
pub mod case;
pub mod claim;
pub mod cost;
pub mod data;
mod fixes;
pub mod iam;
pub mod model;
pub mod net;
pub mod ops;
mod place;
pub mod rel;
mod review;
pub mod scale;
pub mod waive;

pub use case::{Case, Check};
pub use review::{Checked, Review};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::diag::{Diagnostic, Severity};

/// Every rule of every area. A new rule is a file of its area and a row of the area's table.
pub const CHECKS: &[&[Check]] = &[
    iam::CHECKS,
    net::CHECKS,
    auth::CHECKS,
    data::CHECKS,
    rel::CHECKS,
    scale::CHECKS,
    cost::CHECKS,
    ops::CHECKS,
    model::CHECKS,
];

/// All findings of a model: those of every rule, with waivers applied, errors first, then in source order.
pub fn check(case: &Case<'_>) -> Vec<Diagnostic> {
    let checks: Vec<&Check> = CHECKS.iter().copied().flatten().collect();
    let found: Vec<Vec<Diagnostic>> = checks.par_iter().map(|check| (check.find)(case)).collect();
    let found =
        fixes::attach(case, found.into_iter().flatten().map(|finding| weighed(case, finding)).collect());
    sorted(waive::apply(case, found))
}

/// A finding at the severity that the project gives its check. An error stays one.
fn weighed(case: &Case<'_>, finding: Diagnostic) -> Diagnostic {
    match case.catalog.level(finding.code).filter(|_| finding.severity != Severity::Error) {
        Some(level) => finding.severity(level),
        None => finding,
    }
}

/// Findings in the order people read them: the worst first, then as in the source; doubles once.
pub fn sorted(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings.dedup();
    findings
}

/// What findings are sorted by.
fn order(finding: &Diagnostic) -> impl Ord + use<'_> {
    (finding.severity, finding.span, finding.code, &finding.message)
}
