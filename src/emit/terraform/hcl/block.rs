//! Bodies and blocks.

use crate::emit::terraform::hcl::{Expr, print};
use crate::text::Text;

/// One entry of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// `name = value`.
    Argument(String, Expr),
    /// A nested block.
    Block(Block),
}

/// What stands between the braces of a block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body(pub(super) Vec<Entry>);

impl Body {
    /// Adds an argument.
    pub fn push(&mut self, name: &str, value: impl Into<Expr>) {
        self.0.push(Entry::Argument(name.to_owned(), value.into()));
    }

    /// Adds an argument in front of all others.
    pub fn push_first(&mut self, name: &str, value: impl Into<Expr>) {
        self.0.insert(0, Entry::Argument(name.to_owned(), value.into()));
    }

    /// Adds a nested block.
    pub fn push_block(&mut self, kind: &str, body: Self) {
        self.0.push(Entry::Block(Block::new(kind, &[], body)));
    }

    /// Adds an argument that may be missing.
    pub fn push_some(&mut self, name: &str, value: Option<impl Into<Expr>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Adds a nested block for each body.
    pub fn push_blocks(&mut self, kind: &str, bodies: impl IntoIterator<Item = Self>) {
        for body in bodies {
            self.push_block(kind, body);
        }
    }

    /// Adds a nested block with comments above and labels.
    pub fn push_labelled(&mut self, block: Block) {
        self.0.push(Entry::Block(block));
    }

    /// The same body with the entries of another one after its own.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The same body with a further argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Expr>) -> Self {
        self.push(name, value);
        self
    }
}

/// A block: its type, its labels, what stands above and inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    pub(super) comments: Vec<String>,
    pub(super) body: Body,
}

impl Block {
    /// A block; labels are written by this room.
    pub fn new(kind: &str, labels: &[&str], body: Body) -> Self {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Self { kind: kind.to_owned(), labels, comments: Vec::new(), body }
    }

    /// `resource "type" "label" { … }`.
    pub fn resource(kind: &str, label: &str, body: Body) -> Self {
        Self::new("resource", &[kind, label], body)
    }

    /// `data "type" "label" { … }`.
    pub fn data(kind: &str, label: &str, body: Body) -> Self {
        Self::new("data", &[kind, label], body)
    }

    /// Adds a line of comment above; whatever could end the line is replaced.
    #[must_use]
    pub fn comment(mut self, line: &str) -> Self {
        self.comments.push(Text::new(line).terminal());
        self
    }

    /// The type of a resource or data source; empty for other blocks.
    pub fn resource_kind(&self) -> &str {
        let typed = matches!(self.kind.as_str(), "resource" | "data");
        self.labels.first().filter(|_| typed).map_or("", String::as_str)
    }

    /// The body, to be changed.
    pub fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// The address other blocks use: `aws_vpc.net`, `data.aws_partition.current`.
    pub fn address(&self) -> String {
        let prefix = if self.kind == "data" { "data." } else { "" };
        format!("{prefix}{}", self.labels.join("."))
    }

    /// The comments and the body alone, as in a file of values.
    pub fn print_inside(&self) -> String {
        print::inside(self)
    }

    /// The block as text, ended by a newline.
    pub fn print(&self) -> String {
        print::block(self)
    }
}
