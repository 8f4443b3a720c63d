//! The languages of reports, and sentences said in each of them.

use serde::Serialize;

/// A language a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// The language of a tag: `en` or `es`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::En, Self::Es].into_iter().find(|language| language.tag() == tag)
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

/// One sentence in every language. It is made of names and figures; what users wrote never goes in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Phrase {
    /// In English.
    pub en: String,
    /// In Spanish.
    pub es: String,
}

impl Phrase {
    /// Says it in both languages.
    pub fn new(en: impl Into<String>, es: impl Into<String>) -> Self {
        Self { en: en.into(), es: es.into() }
    }

    /// The sentence in one language.
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Es => &self.es,
        }
    }
}
