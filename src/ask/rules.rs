//! What can be wrong with a question once its words are read.

use crate::diag::{Rule, Severity};

const fn error(code: &'static str, title: &'static str) -> Rule {
    Rule { code, title, severity: Severity::Error }
}

/// Nothing in the model has this name.
pub const UNKNOWN_NAME: Rule = error("ASK-004", "a name that nothing in the model has");
/// Nothing that is asked about offers this verb.
pub const UNKNOWN_VERB: Rule = error("ASK-005", "a verb that nothing asked about offers");
/// The name is known and cannot stand here.
pub const OUT_OF_PLACE: Rule = error("ASK-006", "a thing that this question cannot be about");

/// Every rule of this room, in the order of their codes.
pub const RULES: [&Rule; 3] = [&UNKNOWN_NAME, &UNKNOWN_VERB, &OUT_OF_PLACE];
