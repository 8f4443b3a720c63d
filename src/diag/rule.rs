//! What a finding is an instance of.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diag::{Diagnostic, titles};
use crate::text::{Language, Phrase, Span, Wording};

/// How much a finding matters; the first is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing sound can be built: Terraform and policies are not written.
    Error,
    /// Wrong in production.
    High,
    /// Worth a decision.
    Medium,
    /// Worth knowing.
    Low,
    /// A figure or a remark.
    Info,
}

/// Severities from worst to mildest, with their names and what they are called in Spanish.
const SEVERITIES: [(Severity, Wording); 5] = [
    (Severity::Error, Wording::new("error", "error")),
    (Severity::High, Wording::new("high", "alta")),
    (Severity::Medium, Wording::new("medium", "media")),
    (Severity::Low, Wording::new("low", "baja")),
    (Severity::Info, Wording::new("info", "nota")),
];

/// Severities as headings of a report, with what each asks for.
const TITLES: [(Severity, Wording); 5] = [
    (
        Severity::Error,
        Wording::new(
            "Errors: nothing is built before they are mended",
            "Errores: no se construye nada hasta corregirlos",
        ),
    ),
    (Severity::High, Wording::new("High: wrong in production", "Alta: está mal en producción")),
    (Severity::Medium, Wording::new("Medium: worth a decision", "Media: merece una decisión")),
    (Severity::Low, Wording::new("Low: worth knowing", "Baja: conviene saberlo")),
    (Severity::Info, Wording::new("Remarks", "Notas")),
];

impl Severity {
    /// The name in the language and in outputs.
    pub fn name(self) -> &'static str {
        self.word(Language::En)
    }

    /// What it is called in a report.
    pub fn word(self, language: Language) -> &'static str {
        SEVERITIES.iter().find(|(severity, _)| *severity == self).map_or("", |(_, name)| name.say(language))
    }

    /// What its findings are called together in a report.
    pub fn title(self, language: Language) -> &'static str {
        TITLES.iter().find(|(severity, _)| *severity == self).map_or("", |(_, title)| title.say(language))
    }

    /// All of them, from worst to mildest.
    pub fn all() -> impl Iterator<Item = Self> {
        SEVERITIES.iter().map(|(severity, _)| *severity)
    }

    /// The severity of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        SEVERITIES.iter().find(|(_, known)| known.en == name).map(|(severity, _)| *severity)
    }
}

/// One rule: a code that is never reused, a title and a severity. Its page is `docs/checks/CODE.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `AREA-NNN`.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How much it matters.
    pub severity: Severity,
}

impl Rule {
    /// The title in every language; in English only where the catalogue has the words of the check.
    pub fn heading(&self) -> Phrase {
        heading(self.code, self.title)
    }

    /// A finding of this rule at `span`; its message is the title until one is given.
    pub fn at(&self, span: Span) -> Diagnostic {
        Diagnostic::new(self, span)
    }
}

/// The title of a code in every language.
pub(super) fn heading(code: &str, title: &'static str) -> Phrase {
    titles::spanish(code).map_or_else(|| Phrase::from(title), |spanish| Phrase::new(title, spanish))
}
