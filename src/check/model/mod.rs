//! Rules about the model itself.

mod impossible_flow;
mod misplaced;
mod wrong_verb;

use crate::check::case::Check;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[impossible_flow::CHECK, wrong_verb::CHECK, misplaced::CHECK];
