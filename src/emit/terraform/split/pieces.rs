//! The blocks of a module and which of them refer to which.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::emit::terraform::hcl::Block;
use crate::emit::terraform::module::{File, Home, Module};

/// One block.
#[derive(Debug)]
pub(super) struct Piece {
    /// The file it stands in.
    pub file: File,
    /// The root module it belongs to.
    pub home: Home,
    /// The block.
    pub block: Block,
    /// What it refers to, by position.
    pub refs: BTreeSet<usize>,
    /// What it refers to as a whole: no contract can tell that, so both stand in one root module.
    pub wholes: BTreeSet<usize>,
}

impl Piece {
    /// Is it repeated where it is used, rather than owned by one root module?
    pub fn is_repeated(&self) -> bool {
        matches!(self.block.kind(), "data" | "locals")
    }
}

/// All blocks, in the order in which they are printed.
#[derive(Debug)]
pub(super) struct Pieces {
    all: Vec<Piece>,
    names: BTreeMap<String, usize>,
}

impl Pieces {
    /// The blocks of a module with their references.
    pub fn of(module: &Module) -> Self {
        let bare = |(file, placed): (File, &crate::emit::terraform::module::Placed)| Piece {
            file,
            home: placed.home,
            block: placed.block.clone(),
            refs: BTreeSet::new(),
            wholes: BTreeSet::new(),
        };
        let mut pieces = Self { all: module.pieces().map(bare).collect(), names: BTreeMap::new() };
        pieces.names =
            pieces.iter().flat_map(|(at, piece)| defined(&piece.block).map(move |name| (name, at))).collect();
        let found: Vec<_> = pieces
            .all
            .iter()
            .map(|piece| (pieces.refs_of(&piece.block), pieces.wholes_of(&piece.block)))
            .collect();
        for (piece, (refs, wholes)) in pieces.all.iter_mut().zip(found) {
            (piece.refs, piece.wholes) = (refs, wholes);
        }
        pieces.move_with_their_targets();
        pieces
    }

    /// The block at a position.
    pub fn get(&self, at: usize) -> Option<&Piece> {
        self.all.get(at)
    }

    /// All blocks with their positions.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Piece)> {
        self.all.iter().enumerate()
    }

    /// Every reference to a block in a piece of code: where it stands, and to which.
    pub fn references<'c>(&'c self, code: &'c str) -> impl Iterator<Item = (Range<usize>, usize)> + 'c {
        words(code).filter_map(|(range, word)| Some((range, *self.names.get(&address(word)?)?)))
    }

    /// The owned blocks that a block needs, also through what is repeated beside it.
    pub fn needs(&self, at: usize) -> BTreeSet<usize> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<usize> =
            self.get(at).map(|piece| piece.refs.iter().copied().collect()).unwrap_or_default();
        while let Some(next) = open.pop() {
            let Some(piece) = self.get(next).filter(|_| next != at && seen.insert(next)) else { continue };
            if piece.is_repeated() {
                open.extend(&piece.refs);
            } else {
                found.insert(next);
            }
        }
        found
    }

    fn refs_of(&self, block: &Block) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        block.codes(&mut |code| found.extend(self.references(code).map(|(_, at)| at)));
        found
    }

    fn wholes_of(&self, block: &Block) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        block.codes_read(&mut |code| {
            found.extend(self.names.get(code).filter(|_| is_address(code)));
        });
        found
    }

    /// A `moved` block stands beside what it moves to.
    fn move_with_their_targets(&mut self) {
        let moves = self.iter().filter(|(_, piece)| piece.block.kind() == "moved");
        let homes: Vec<(usize, Home)> =
            moves.filter_map(|(at, piece)| Some((at, self.get(*piece.refs.first()?)?.home))).collect();
        for (at, home) in homes {
            if let Some(piece) = self.all.get_mut(at) {
                piece.home = home;
            }
        }
    }
}

/// The names by which other blocks refer to a block.
fn defined(block: &Block) -> impl Iterator<Item = String> {
    let own = matches!(block.kind(), "resource" | "data").then(|| block.address());
    let locals: Vec<String> = if block.kind() == "locals" {
        block.arguments().map(|name| format!("local.{name}")).collect()
    } else {
        Vec::new()
    };
    own.into_iter().chain(locals)
}

/// The address at the beginning of a path: `aws_sqs_queue.jobs` of `aws_sqs_queue.jobs.arn`.
fn address(path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let length = if parts.next()? == "data" { 3 } else { 2 };
    let address: Vec<&str> = path.split('.').take(length).collect();
    (address.len() == length).then(|| address.join("."))
}

/// Is it the address of a block, without an attribute?
pub(super) fn is_address(code: &str) -> bool {
    let is_plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    is_plain && code.split('.').count() < 3
}

/// The paths in a piece of code, with where they stand.
pub(super) fn words(code: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let is_between = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let mut at = 0;
    code.split_inclusive(is_between).filter_map(move |part| {
        let start = at;
        at += part.len();
        let word = part.trim_end_matches(is_between);
        (!word.is_empty()).then(|| (start..start + word.len(), word))
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_stand_where_they_say_beside_any_characters() {
        let code = "\"título ${aws_sqs_queue.jobs.arn} – 日本\", local.name";
        let found: Vec<&str> = words(code).map(|(_, word)| word).collect();
        assert_eq!(found, ["t", "tulo", "aws_sqs_queue.jobs.arn", "local.name"]);
        assert!(words(code).all(|(place, word)| code.get(place) == Some(word)));
    }
}
