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

    /// Shows every piece of code in it, nested blocks included.
    fn codes(&self, see: &mut dyn FnMut(&str)) {
        for entry in &self.0 {
            match entry {
                Entry::Argument(_, value) => value.codes(see),
                Entry::Block(block) => block.body.codes(see),
            }
        }
    }

    /// Writes other code in place of the pieces for which there is some.
    fn rewrite(&mut self, change: &mut dyn FnMut(&str) -> Option<String>) {
        for entry in &mut self.0 {
            match entry {
                Entry::Argument(_, value) => value.rewrite(change),
                Entry::Block(block) => block.body.rewrite(change),
            }
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
    pub(super) notes: Vec<String>,
    pub(super) body: Body,
}

impl Block {
    /// A block; labels are written by this room.
    pub fn new(kind: &str, labels: &[&str], body: Body) -> Self {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Self { kind: kind.to_owned(), labels, comments: Vec::new(), notes: Vec::new(), body }
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

    /// Adds lines of comment above when there are none.
    pub fn explain(&mut self, lines: &[String]) {
        if self.comments.is_empty() {
            self.comments.extend(lines.iter().map(|line| Text::new(line.as_str()).terminal()));
        }
    }

    /// Adds a line of comment at the top of its inside, where scanners look for it.
    pub fn note(&mut self, line: &str) {
        self.notes.push(Text::new(line).terminal());
    }

    /// The name of a resource or data source; empty for other blocks.
    pub fn label(&self) -> &str {
        self.labels.get(1).map_or("", String::as_str)
    }

    /// The type of a resource or data source; empty for other blocks.
    pub fn resource_kind(&self) -> &str {
        let typed = matches!(self.kind.as_str(), "resource" | "data");
        self.labels.first().filter(|_| typed).map_or("", String::as_str)
    }

    /// What it is: `resource`, `data`, `output` …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The names of its arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.body.0.iter().filter_map(|entry| match entry {
            Entry::Argument(name, _) => Some(name.as_str()),
            Entry::Block(_) => None,
        })
    }

    /// Shows every piece of code in it: references, calls, what stands in `${ }`.
    pub fn codes(&self, see: &mut dyn FnMut(&str)) {
        self.body.codes(see);
    }

    /// Shows every piece of code in it but those that only say what it waits for.
    pub fn codes_read(&self, see: &mut dyn FnMut(&str)) {
        for entry in &self.body.0 {
            match entry {
                Entry::Argument(name, _) if name == "depends_on" => {}
                Entry::Argument(_, value) => value.codes(see),
                Entry::Block(block) => block.body.codes(see),
            }
        }
    }

    /// Writes other code in place of the pieces for which there is some.
    pub fn rewrite(&mut self, change: &mut dyn FnMut(&str) -> Option<String>) {
        self.body.rewrite(change);
    }

    /// Leaves out what it need not wait for.
    pub fn keep_waiting_for(&mut self, keep: &dyn Fn(&str) -> bool) {
        for entry in &mut self.body.0 {
            if let Entry::Argument(name, value) = entry
                && name == "depends_on"
            {
                value.keep_items(keep);
            }
        }
        let is_empty = |entry: &Entry| matches!(entry, Entry::Argument(name, value) if name == "depends_on" && value.is_empty_list());
        self.body.0.retain(|entry| !is_empty(entry));
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
