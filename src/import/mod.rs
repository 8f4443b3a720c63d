//! Floor 9: from a Terraform plan or state to a model, and what differs between the two.
//!
//! It proves before it claims: a flow stands in the model because a policy, a rule of a security group or a mapping in the
//! plan says so. What it cannot read is listed. It must not know files or the command line.

mod drift;
mod flows;
mod folds;
mod people;
mod places;
mod plan;
mod policies;
mod refs;
pub mod rules;
mod settings;
mod survey;
mod text;
mod things;
mod verbs;

pub use drift::compare;
pub use survey::{Import, Survey, survey};
pub use text::write;
