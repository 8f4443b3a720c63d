//! The house rules, held as tests.
