//! The languages of reports, and sentences said in each of them.

use serde::{Serialize, Serializer};

use crate::text::Text;

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

/// One sentence in every language; names stand in back-ticks. What has one wording only is the same in all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Phrase {
    en: Text,
    es: Option<Text>,
}

impl Phrase {
    /// Says it in every language; an empty wording is none, and English stands in for it.
    pub fn new(en: impl Into<Text>, es: impl Into<Text>) -> Self {
        Self { en: en.into(), es: Some(es.into()) }
    }

    /// The same with these characters behind it in every language: a name, a path.
    #[must_use]
    pub fn followed_by(&self, tail: &str) -> Self {
        let with = |text: &Text| Text::new(text.chars().chain(tail.chars()).collect::<String>());
        Self { en: with(&self.en), es: self.es.as_ref().map(with) }
    }

    /// The sentence in English, the language of terminals and of data.
    pub const fn en(&self) -> &Text {
        &self.en
    }

    /// The sentence in one language.
    pub fn say(&self, language: Language) -> &Text {
        match (language, &self.es) {
            (Language::Es, Some(spanish)) if !spanish.is_empty() => spanish,
            (Language::En | Language::Es, _) => &self.en,
        }
    }

    /// Is there nothing to be said?
    pub fn is_empty(&self) -> bool {
        self.en.is_empty()
    }
}

impl<T: Into<Text>> From<T> for Phrase {
    fn from(text: T) -> Self {
        Self { en: text.into(), es: None }
    }
}

/// Data is written in English.
impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.en.serialize(serializer)
    }
}

/// A sentence in every language, from one pattern for each: as `format!`, with the same arguments for all.
macro_rules! phrase {
    ($en:literal, $es:literal $(, $($argument:expr),* $(,)?)?) => {
        $crate::text::Phrase::new(format!($en $(, $($argument),*)?), format!($es $(, $($argument),*)?))
    };
}
pub(crate) use phrase;

/// A fixed sentence in every language, for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Wording {
    /// In English.
    pub en: &'static str,
    /// In Spanish.
    pub es: &'static str,
}

impl Wording {
    /// Says it in every language.
    pub const fn new(en: &'static str, es: &'static str) -> Self {
        Self { en, es }
    }

    /// The sentence in one language.
    pub const fn say(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Es => self.es,
        }
    }
}

impl From<Wording> for Phrase {
    fn from(wording: Wording) -> Self {
        Self::new(wording.en, wording.es)
    }
}
