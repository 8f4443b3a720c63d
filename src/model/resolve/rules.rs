//! The rules resolving can break, in one table.

use crate::diag::{Rule, Severity};

/// Declares the rules and the table of all of them.
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident, $title:literal;)*) => {
        $($(#[$doc])* pub const $name: Rule = Rule { code: $code, title: $title, severity: Severity::$severity };)*

        /// Every rule of this room.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    /// The first word of a declaration is no kind.
    UNKNOWN_KIND = "NAME-001", Error, "unknown kind";
    /// A name that nothing declares.
    UNKNOWN_NAME = "NAME-002", Error, "unknown name";
    /// A name that two things declare.
    DUPLICATE_NAME = "NAME-003", Error, "name declared twice";
    /// A setting the kind does not have.
    UNKNOWN_SETTING = "NAME-004", Error, "unknown setting";
    /// A word that is none of those possible here.
    UNKNOWN_WORD = "NAME-005", Error, "unknown word";
    /// A name of the wrong sort.
    WRONG_SORT = "NAME-006", Error, "name of another sort";
    /// An environment the model does not have.
    UNKNOWN_ENVIRONMENT = "NAME-007", Error, "unknown environment";
    /// A setting or clause given twice.
    SETTING_TWICE = "NAME-008", Error, "setting given twice";
    /// A value with the wrong unit, or none.
    WRONG_UNIT = "UNIT-101", Error, "wrong unit";
    /// A value outside its bounds.
    OUT_OF_BOUNDS = "UNIT-102", Error, "value out of bounds";
    /// A value of another type.
    WRONG_VALUE = "UNIT-103", Error, "value of another type";
    /// Shares of a caller above the whole.
    SHARES_OVER_WHOLE = "MODEL-710", Error, "shares add up to more than 100 %";
    /// No system line, or two.
    ONE_SYSTEM = "MODEL-711", Error, "a model has exactly one system";
    /// A lower bound above the upper one.
    BOUNDS_INVERTED = "MODEL-712", Error, "minimum above maximum";
    /// The authorizer written as a flow.
    AUTHORIZER_AS_FLOW = "MODEL-713", Error, "the authorizer is a setting";
    /// A step of a journey that no flow makes.
    STEP_WITHOUT_FLOW = "MODEL-714", Error, "journey step without a flow";
    /// Load on something that is no entry or stated twice.
    LOAD_ON_NOTHING = "MODEL-715", Error, "load on something that takes none";
    /// A size the data does not know.
    UNKNOWN_SIZE = "MODEL-716", Medium, "size without figures";
    /// A reason is missing.
    REASON_MISSING = "MODEL-717", Error, "an exception needs a reason";
    /// A peak below the usual load.
    PEAK_BELOW_USUAL = "MODEL-718", Error, "peak below the usual load";
    /// Address blocks that do not fit.
    BLOCK_DOES_NOT_FIT = "MODEL-719", Error, "address block does not fit";
}
