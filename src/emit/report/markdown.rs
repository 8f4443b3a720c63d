//! Markdown that is safe by type: made from escaped user text, names and figures, never from raw strings of a user.

use std::fmt::Display;

use serde::Serialize;

use crate::text::{Ident, Sources, Span, Text};

/// A piece of inline Markdown in which no user text can open a construct.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
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

/// The anchor of a thing's section, which pictures link to: its name, whose characters are legal in ids and links.
pub fn anchor(name: &Ident) -> String {
    name.to_string()
}
