//! The house rules, held as tests: floors, sizes, words, exceptions.
//!
//! Sources are read as tokens, not as lines, so that strings and comments cannot mislead a rule.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "these tests read the sources and print their figures"
)]

#[cfg(test)]
#[path = "tidy/code.rs"]
mod code;
#[cfg(test)]
#[path = "tidy/rules.rs"]
mod rules;
