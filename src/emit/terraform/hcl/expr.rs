//! Expressions.

use crate::text::{Ident, Text};

/// One piece of a quoted template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Characters as they are.
    Literal(Text),
    /// The inside of `${ }`, written by this room.
    Code(String),
}

/// The right side of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr(pub(super) Node);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Quoted(Vec<Part>),
    Code(String),
    Number(u64),
    Bool(bool),
    List(Vec<Expr>),
    Map(Vec<(String, Expr)>),
    Call(&'static str, Vec<Expr>),
}

impl Expr {
    /// A quoted string of exactly these characters.
    pub fn text(text: &Text) -> Self {
        Self(Node::Quoted(vec![Part::Literal(text.clone())]))
    }

    /// The code of an expression that is only code (a reference), for use inside a template or another expression.
    pub fn as_code(&self) -> Option<&str> {
        match &self.0 {
            Node::Code(code) => Some(code),
            _ => None,
        }
    }
}

impl Expr {
    /// Shows every piece of code in it.
    pub(super) fn codes(&self, see: &mut dyn FnMut(&str)) {
        match &self.0 {
            Node::Quoted(parts) => parts.iter().filter_map(Part::code).for_each(see),
            Node::Code(code) => see(code),
            Node::List(items) | Node::Call(_, items) => items.iter().for_each(|item| item.codes(see)),
            Node::Map(entries) => entries.iter().for_each(|(_, value)| value.codes(see)),
            Node::Number(_) | Node::Bool(_) => {}
        }
    }

    /// Writes other code in place of the pieces for which there is some.
    pub(super) fn rewrite(&mut self, change: &mut dyn FnMut(&str) -> Option<String>) {
        let mut put = |code: &mut String| {
            if let Some(other) = change(code) {
                *code = other;
            }
        };
        match &mut self.0 {
            Node::Quoted(parts) => parts.iter_mut().filter_map(Part::code_mut).for_each(put),
            Node::Code(code) => put(code),
            Node::List(items) | Node::Call(_, items) => {
                for item in items {
                    item.rewrite(change);
                }
            }
            Node::Map(entries) => {
                for (_, value) in entries {
                    value.rewrite(change);
                }
            }
            Node::Number(_) | Node::Bool(_) => {}
        }
    }

    /// Leaves out the items of a list that are code and not to be kept.
    pub(super) fn keep_items(&mut self, keep: &dyn Fn(&str) -> bool) {
        if let Node::List(items) = &mut self.0 {
            items.retain(|item| item.as_code().is_none_or(keep));
        }
    }

    /// Is it a list of nothing?
    pub(super) fn is_empty_list(&self) -> bool {
        matches!(&self.0, Node::List(items) if items.is_empty())
    }
}

impl Part {
    fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Literal(_) => None,
        }
    }

    fn code_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Code(code) => Some(code),
            Self::Literal(_) => None,
        }
    }
}

/// A reference or another expression, written by this room from labels and fixed words.
pub fn code(code: impl Into<String>) -> Expr {
    Expr(Node::Code(code.into()))
}

/// A list.
pub fn list<T: Into<Expr>>(items: impl IntoIterator<Item = T>) -> Expr {
    Expr(Node::List(items.into_iter().map(Into::into).collect()))
}

/// An object; keys that are no plain name are quoted.
pub fn map<K: Into<String>, V: Into<Expr>>(entries: impl IntoIterator<Item = (K, V)>) -> Expr {
    Expr(Node::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
}

/// A function call.
pub fn call(name: &'static str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr(Node::Call(name, arguments.into_iter().collect()))
}

/// `jsonencode(value)`.
pub fn json(value: Expr) -> Expr {
    call("jsonencode", [value])
}

/// A quoted template from a pattern that this room wrote: what stands in `${ }` is code, the rest literal.
pub fn template(pattern: &str) -> Expr {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((literal, tail)) = rest.split_once("${") {
        let (inside, after) = tail.split_once('}').unwrap_or((tail, ""));
        parts.push(Part::Literal(Text::new(literal)));
        parts.push(Part::Code(inside.to_owned()));
        rest = after;
    }
    parts.push(Part::Literal(Text::new(rest)));
    parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
    match parts.as_slice() {
        [Part::Code(only)] => code(only.clone()),
        _ => Expr(Node::Quoted(parts)),
    }
}

impl From<&str> for Expr {
    fn from(literal: &str) -> Self {
        Self::text(&Text::new(literal))
    }
}

impl From<String> for Expr {
    fn from(literal: String) -> Self {
        Self::text(&Text::new(literal))
    }
}

impl From<&String> for Expr {
    fn from(literal: &String) -> Self {
        Self::text(&Text::new(literal.as_str()))
    }
}

impl From<&Text> for Expr {
    fn from(text: &Text) -> Self {
        Self::text(text)
    }
}

impl From<&Ident> for Expr {
    fn from(name: &Ident) -> Self {
        name.as_str().into()
    }
}

impl From<u64> for Expr {
    fn from(number: u64) -> Self {
        Self(Node::Number(number))
    }
}

impl From<u16> for Expr {
    fn from(number: u16) -> Self {
        Self(Node::Number(number.into()))
    }
}

impl From<bool> for Expr {
    fn from(flag: bool) -> Self {
        Self(Node::Bool(flag))
    }
}

impl<T: Into<Expr>, const N: usize> From<[T; N]> for Expr {
    fn from(items: [T; N]) -> Self {
        list(items)
    }
}

impl<T: Into<Expr>> From<Vec<T>> for Expr {
    fn from(items: Vec<T>) -> Self {
        list(items)
    }
}
