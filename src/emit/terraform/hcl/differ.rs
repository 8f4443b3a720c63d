//! What differs between two blocks of one address, and how a value becomes a variable.

use std::collections::BTreeSet;

use crate::emit::terraform::hcl::block::Entry;
use crate::emit::terraform::hcl::expr::{Node, Part};
use crate::emit::terraform::hcl::{Block, Body, Expr};

/// One step to a value inside a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An argument.
    Argument(String),
    /// The nested block of a type and a number.
    Block(String, usize),
    /// An entry of an object.
    Key(String),
    /// An item of a list, or an argument of a call.
    Item(usize),
}

/// A value in which two blocks differ; a missing argument has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The way to it.
    pub path: Vec<Step>,
    /// The type of both, as Terraform writes it.
    pub kind: &'static str,
    /// What the first block has.
    pub own: Option<Expr>,
    /// What the other has.
    pub other: Option<Expr>,
}

/// Blocks that Terraform reads before it knows any variable.
const FIXED_BLOCKS: [&str; 3] = ["lifecycle", "moved", "terraform"];
/// Arguments that it reads before.
const FIXED_ARGUMENTS: [&str; 2] = ["depends_on", "provider"];

/// The values in which two blocks differ.
///
/// # Errors
/// The argument or nested block in which they differ in more than values.
pub fn differences(own: &Block, other: &Block) -> Result<Vec<Difference>, String> {
    let mut found = Differ::default();
    found.blocks(own, other)?;
    Ok(found.found)
}

#[derive(Debug, Default)]
struct Differ {
    path: Vec<Step>,
    found: Vec<Difference>,
}

impl Differ {
    fn blocks(&mut self, own: &Block, other: &Block) -> Result<(), String> {
        let is_fixed = FIXED_BLOCKS.contains(&own.kind.as_str()) && own.body != other.body;
        if own.kind != other.kind || own.labels != other.labels || is_fixed {
            return Err(own.kind.clone());
        }
        self.bodies(&own.body, &other.body)
    }

    fn bodies(&mut self, own: &Body, other: &Body) -> Result<(), String> {
        let names: Vec<&str> = arguments(own).chain(arguments(other)).map(|(name, _)| name).collect();
        let mut seen = BTreeSet::new();
        for name in names.into_iter().filter(|name| seen.insert(name.to_owned())) {
            let value = |body| arguments(body).find(|(known, _)| *known == name).map(|(_, value)| value);
            let (mine, theirs) = (value(own), value(other));
            if mine == theirs {
                continue;
            }
            if FIXED_ARGUMENTS.contains(&name) {
                return Err(name.to_owned());
            }
            self.path.push(Step::Argument(name.to_owned()));
            self.values(mine, theirs).ok_or_else(|| name.to_owned())?;
            self.path.pop();
        }
        let kinds: BTreeSet<&str> =
            nested(own).chain(nested(other)).map(|block| block.kind.as_str()).collect();
        for kind in kinds {
            let of_kind = |body| nested(body).filter(move |block| block.kind == kind).collect::<Vec<_>>();
            let (mine, theirs) = (of_kind(own), of_kind(other));
            if mine.len() != theirs.len() {
                return Err(kind.to_owned());
            }
            for (at, (mine, theirs)) in mine.into_iter().zip(theirs).enumerate() {
                self.path.push(Step::Block(kind.to_owned(), at));
                self.blocks(mine, theirs)?;
                self.path.pop();
            }
        }
        Ok(())
    }

    /// Takes a difference of values; nothing when there is none that one variable could hold.
    fn values(&mut self, own: Option<&Expr>, other: Option<&Expr>) -> Option<()> {
        if own == other {
            return Some(());
        }
        let kinds: Vec<&'static str> =
            [own, other].into_iter().flatten().map(kind).collect::<Option<_>>().unwrap_or_default();
        if let Some(kind) = shared(&kinds) {
            let (own, other) = (own.cloned(), other.cloned());
            self.found.push(Difference { path: self.path.clone(), kind, own, other });
            return Some(());
        }
        match (&own?.0, &other?.0) {
            (Node::List(mine), Node::List(theirs)) => self.items(mine, theirs),
            (Node::Call(name, mine), Node::Call(known, theirs)) if name == known => self.items(mine, theirs),
            (Node::Map(mine), Node::Map(theirs)) if mine.len() == theirs.len() => {
                for ((key, mine), (known, theirs)) in mine.iter().zip(theirs) {
                    if key != known {
                        return None;
                    }
                    self.path.push(Step::Key(key.clone()));
                    self.values(Some(mine), Some(theirs))?;
                    self.path.pop();
                }
                Some(())
            }
            _ => None,
        }
    }

    fn items(&mut self, own: &[Expr], other: &[Expr]) -> Option<()> {
        if own.len() != other.len() {
            return None;
        }
        for (at, (mine, theirs)) in own.iter().zip(other).enumerate() {
            self.path.push(Step::Item(at));
            self.values(Some(mine), Some(theirs))?;
            self.path.pop();
        }
        Some(())
    }
}

fn arguments(body: &Body) -> impl Iterator<Item = (&str, &Expr)> {
    body.0.iter().filter_map(|entry| match entry {
        Entry::Argument(name, value) => Some((name.as_str(), value)),
        Entry::Block(_) => None,
    })
}

fn nested(body: &Body) -> impl Iterator<Item = &Block> {
    body.0.iter().filter_map(|entry| match entry {
        Entry::Block(block) => Some(block),
        Entry::Argument(..) => None,
    })
}

/// What a list or map of unknown members is: any of its type.
const EMPTY_LIST: &str = "list()";
/// The same of a map.
const EMPTY_MAP: &str = "map()";

/// The type of a value that refers to nothing.
fn kind(value: &Expr) -> Option<&'static str> {
    let one_of = |items: &mut dyn Iterator<Item = &Expr>| {
        let kinds: Vec<&'static str> = items.map(kind).collect::<Option<_>>()?;
        if kinds.is_empty() { Some("") } else { shared(&kinds) }
    };
    match &value.0 {
        Node::Number(_) => Some("number"),
        Node::Bool(_) => Some("bool"),
        Node::Quoted(parts) => parts.iter().all(|part| matches!(part, Part::Literal(_))).then_some("string"),
        Node::List(items) => Some(match one_of(&mut items.iter())? {
            "" => EMPTY_LIST,
            "string" => "list(string)",
            "number" => "list(number)",
            _ => return None,
        }),
        Node::Map(entries) => Some(match one_of(&mut entries.iter().map(|(_, value)| value))? {
            "" => EMPTY_MAP,
            "string" => "map(string)",
            "number" => "map(number)",
            _ => return None,
        }),
        Node::Code(_) | Node::Call(..) => None,
    }
}

/// The one type of several values.
fn shared(kinds: &[&'static str]) -> Option<&'static str> {
    let is_empty = |kind: &&&str| **kind == EMPTY_LIST || **kind == EMPTY_MAP;
    let start = |kind: &str| kind.split('(').next().unwrap_or_default().to_owned();
    let first = kinds.iter().find(|kind| !is_empty(kind))?;
    let fits = |kind: &&str| kind == first || is_empty(&kind) && start(kind) == start(first);
    kinds.iter().all(fits).then_some(*first)
}

impl Block {
    /// Puts an expression at a place of the block; a missing argument is added behind the others.
    pub fn put(&mut self, path: &[Step], value: Expr) {
        self.body.put(path, value);
    }
}

impl Body {
    fn put(&mut self, path: &[Step], value: Expr) {
        match path.split_first() {
            Some((Step::Argument(name), rest)) => {
                let known = self.0.iter_mut().find_map(|entry| match entry {
                    Entry::Argument(known, own) if known == name => Some(own),
                    _ => None,
                });
                if let Some(own) = known {
                    own.put(rest, value);
                } else {
                    let last = self.0.iter().take_while(|entry| matches!(entry, Entry::Argument(..))).count();
                    self.0.insert(last, Entry::Argument(name.clone(), value));
                }
            }
            Some((Step::Block(kind, at), rest)) => {
                let blocks = self.0.iter_mut().filter_map(|entry| match entry {
                    Entry::Block(block) if block.kind == *kind => Some(block),
                    _ => None,
                });
                if let Some(block) = blocks.into_iter().nth(*at) {
                    block.body.put(rest, value);
                }
            }
            Some((Step::Key(_) | Step::Item(_), _)) | None => {}
        }
    }
}

impl Expr {
    fn put(&mut self, path: &[Step], value: Self) {
        let Some((step, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        let inside = match (&mut self.0, step) {
            (Node::List(items) | Node::Call(_, items), Step::Item(at)) => items.get_mut(*at),
            (Node::Map(entries), Step::Key(key)) => {
                entries.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            _ => None,
        };
        if let Some(inside) = inside {
            inside.put(rest, value);
        }
    }
}

impl Step {
    /// What it is called, for the name of a variable; an item has a number.
    pub fn word(&self) -> String {
        match self {
            Self::Argument(name) | Self::Key(name) | Self::Block(name, 0) => name.clone(),
            Self::Block(name, at) => format!("{name}_{}", at + 1),
            Self::Item(at) => (at + 1).to_string(),
        }
    }
}
