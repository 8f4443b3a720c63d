//! Floor 6: questions over a model and what follows from it, and what they are answered with.
//!
//! Pure functions from a review to an [`Answer`]: a sentence and tables of typed cells. This room must not know how an answer
//! is printed, and it computes no figure that `derive` knows.

mod access;
mod answer;
mod blast;
mod cost;
mod explain;
mod failure;
mod index;
mod path;
mod query;
mod rules;
mod select;
pub mod simulate;
mod who;

pub use answer::{Answer, Cell, Column, Table};
pub use explain::{TOPICS, Topic, topic};
pub use failure::{Effect, Effects, effects_of, zone_losses};
pub use index::Index;
pub use query::answer;
pub use rules::{RULES, UNKNOWN_NAME};
