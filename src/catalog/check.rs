//! The words of the review checks, in both languages.

use serde::{Deserialize, Deserializer};

use crate::diag::Severity;

/// What a check says: its predicate itself is code, found by the code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckText {
    /// `AREA-NNN`.
    pub code: String,
    /// What is wrong, in a few words.
    pub title: String,
    /// [`CheckText::title`] in Spanish.
    pub title_es: String,
    /// How much it matters.
    #[serde(deserialize_with = "severity")]
    pub severity: Severity,
    /// The Well-Architected pillar, or `model`.
    pub pillar: String,
    /// Why it matters.
    pub rationale: String,
    /// [`CheckText::rationale`] in Spanish.
    pub rationale_es: String,
    /// The predicate, in words.
    pub detects: String,
    /// What to do; what stands in back-ticks is valid in the language, or a command.
    pub fix: String,
    /// [`CheckText::fix`] in Spanish.
    pub fix_es: String,
    /// Where the rule comes from.
    pub source: Vec<String>,
}

fn severity<'de, D: Deserializer<'de>>(from: D) -> Result<Severity, D::Error> {
    let name = String::deserialize(from)?;
    Severity::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("`{name}` is no severity")))
}
