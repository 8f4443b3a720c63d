//! Markdown that is safe by type: made from escaped user text, names and figures, never from raw strings of a user.

use std::fmt::Display;

use serde::Serialize;

use crate::text::{Ident, Language, Sources, Span, Text};

/// A piece of inline Markdown in which no user text can open a construct.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Markdown(String);

impl Markdown {
    /// User text.
    pub fn text(text: &Text) -> Self {
        Self(text.markdown())
    }

    /// Blocks of the user's own Markdown.
    pub fn blocks(text: &Text) -> Self {
        Self(text.markdown_blocks())
    }

    /// A message of archc, in which names stand in back-ticks.
    pub fn message(text: &Text) -> Self {
        Self(text.markdown_with_code())
    }

    /// A sentence of the catalogue or of archc itself.
    pub fn own(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A name, an action or an ARN as code; back-ticks and line ends cannot occur in what is passed.
    pub fn code(word: impl Display) -> Self {
        let safe: String =
            word.to_string().chars().filter(|c| *c != '`' && !c.is_control() && *c != '|').collect();
        Self(format!("`{safe}`"))
    }

    /// A figure.
    pub fn figure(figure: impl Display) -> Self {
        Self(figure.to_string())
    }

    /// Pieces joined by commas.
    pub fn list(pieces: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(all.join(", "))
    }

    /// Pieces joined by commas, the last by *and*: as a sentence names things.
    pub fn series(pieces: impl IntoIterator<Item = Self>, language: Language) -> Self {
        let mut all: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        let Some(last) = all.pop() else { return Self::default() };
        if all.is_empty() {
            return Self(last);
        }
        Self(format!("{} {} {last}", all.join(", "), and(language, &last)))
    }

    /// The same with a figure behind it in brackets.
    #[must_use]
    pub fn remark(&self, figure: &str) -> Self {
        Self(format!("{} ({figure})", self.0))
    }

    /// Containers from the outermost in.
    pub fn path(pieces: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(all.join(" › "))
    }

    /// Pieces joined by semicolons.
    pub fn clauses(pieces: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(all.join("; "))
    }

    /// A link to a section of the report whose anchor is the name.
    pub fn link(name: &Ident) -> Self {
        Self(format!("[`{name}`](#{})", anchor(name)))
    }

    /// Where a line of the model stands, as code.
    pub fn place(sources: &Sources, span: Span) -> Self {
        Self::code(sources.place(span))
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// *And* before a word; Spanish says *e* before the sound of an *i*.
fn and(language: Language, next: &str) -> &'static str {
    let word = next.trim_start_matches(['[', '`', '*']).to_lowercase();
    let sounds_alike = (word.starts_with('i') || word.starts_with("hi"))
        && !["ia", "ie", "io", "hia", "hie", "hio"].iter().any(|glide| word.starts_with(glide));
    match language {
        Language::En => "and",
        Language::Es if sounds_alike => "e",
        Language::Es => "y",
    }
}

/// The anchor of a thing's section, which pictures link to: its name, whose characters are legal in ids and links.
pub fn anchor(name: &Ident) -> String {
    name.to_string()
}
