//! archc: an architecture description compiler.
//!
//! One text describes a cloud system; this library checks it and writes its diagrams, its report and its Terraform.
//! The rooms are floors: each imports only rooms below it (`docs/architecture.md`).

pub mod catalog;
pub mod check;
pub mod derive;
pub mod diag;
pub mod driver;
pub mod emit;
pub mod layout;
pub mod model;
pub mod syntax;
pub mod text;
pub mod units;
pub mod view;
