//! Floor 10: reading models, building them, writing outputs all or nothing.
//!
//! The only room that does input and output, and the only one that knows clocks and the environment. It must not know
//! how a command line looks.

#![expect(clippy::disallowed_methods, reason = "this is the room that input, output and clocks belong to")]

pub mod build;
pub mod chart;
pub mod file;
pub mod formatting;
pub mod generate;
pub mod include;
pub mod lock;
pub mod manifest;
pub mod mending;
pub mod plan;
pub mod proof;
pub mod read;
pub mod rules;
pub mod sink;
pub mod stability;
pub mod starter;
pub mod terminal;
pub mod threads;
pub mod timing;
pub mod today;
pub mod write;
