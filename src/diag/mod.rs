//! Floor 1: findings as data, and one renderer per output format.
//!
//! This room knows texts and places. It must not know what a finding is about.

mod diagnostic;
mod mend;
pub mod render;
mod rule;
mod titles;

pub use diagnostic::{Diagnostic, Edit, Fix, Form, Label};
pub use mend::{Mended, mend};
pub use rule::{Rule, Severity};
