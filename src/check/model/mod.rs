//! Rules about the model itself.

mod beyond_reckoning;
mod impossible_flow;
mod misplaced;
mod no_load;
mod nothing_behind;
mod one_way_store;
mod orphan;
mod own_rule;
mod stray_mention;
mod unstarted;
mod wrong_verb;

use crate::check::case::Check;

/// Every rule of this area, by code; MODEL-709 is `waive`'s.
pub const CHECKS: &[Check] = &[
    orphan::CHECK,
    unstarted::CHECK,
    one_way_store::CHECK,
    impossible_flow::CHECK,
    wrong_verb::CHECK,
    misplaced::CHECK,
    no_load::CHECK,
    stray_mention::CHECK,
    nothing_behind::CHECK,
    own_rule::CHECK,
    beyond_reckoning::CHECK,
];
