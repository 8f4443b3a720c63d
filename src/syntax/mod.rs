//! Floor 3: from text to the syntax tree, and back to canonical text.
//!
//! The only room that knows pest. It must not know the catalogue: kinds, settings and verbs are just words here.

pub mod ast;
mod format;
mod lower;
mod parse;
mod parts;
mod pieces;
pub mod query;
pub mod rules;
mod scan;
mod strings;

pub use format::format;
pub use parse::parse;
