//! The house rules, held as tests: floors, sizes, words, exceptions.
//!
//! Sources are read as tokens, not as lines, so that strings and comments cannot mislead a rule.

#[path = "tidy/code.rs"]
mod code;
#[path = "tidy/rules.rs"]
mod rules;
