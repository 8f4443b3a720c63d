//! What a figure had to assume because the model does not say it.

use serde::Serialize;

use crate::text::Span;

/// One assumption: a figure that nobody stated, and how to state it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Assumption {
    /// What is assumed, as an English noun phrase with names in back-ticks.
    pub what: String,
    /// The value taken, with its unit.
    pub value: String,
    /// Where the value comes from.
    pub source: String,
    /// The line of the model it is about.
    pub span: Span,
    /// What to write instead, in the language.
    pub state: String,
}

impl Assumption {
    /// An assumption about `span`.
    pub fn new(what: String, value: impl Into<String>, source: &str, span: Span, state: String) -> Self {
        Self { what, value: value.into(), source: source.to_owned(), span, state }
    }
}

/// The source of the project's own rules of thumb.
pub(crate) const OWN: &str = "own rule of thumb";
