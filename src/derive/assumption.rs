//! What a figure had to assume because the model does not say it.

use serde::Serialize;

use crate::text::{Phrase, Span, Wording};

/// One assumption: a figure that nobody stated, and how to state it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Assumption {
    /// What is assumed, as a noun phrase with names in back-ticks.
    pub what: Phrase,
    /// The value taken, with its unit.
    pub value: String,
    /// Where the value comes from.
    pub source: Wording,
    /// The line of the model it is about.
    pub span: Span,
    /// What to write instead, in the language.
    pub state: String,
}

impl Assumption {
    /// An assumption about `span`.
    pub fn new(what: Phrase, value: impl Into<String>, source: Wording, span: Span, state: String) -> Self {
        Self { what, value: value.into(), source, span, state }
    }
}

/// The source of the project's own rules of thumb.
pub(crate) const OWN: Wording = Wording::new("own rule of thumb", "regla práctica propia");
