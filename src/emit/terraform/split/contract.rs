//! What root modules tell one another, and their blocks with references rewritten.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::terraform::hcl::{Block, body, call, code, template};
use crate::emit::terraform::module::{File, Module};
use crate::emit::terraform::split::cut::Cut;
use crate::emit::terraform::split::pieces::{Piece, Pieces, is_address, words};

/// One value that a root module tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    /// The root module that has it.
    by: usize,
    /// The expression that gives it there.
    code: String,
}

/// All that is told, and to whom.
#[derive(Debug)]
pub(super) struct Contracts<'p> {
    pieces: &'p Pieces,
    cut: &'p Cut,
    names: &'p [String],
    /// The parameter of each value: the last parts of its name.
    parameters: BTreeMap<Told, String>,
    /// By root module: its blocks, with those that are repeated in it, and the values it reads.
    parts: Vec<(BTreeSet<usize>, BTreeSet<Told>)>,
}

impl<'p> Contracts<'p> {
    /// What the root modules of a cut tell one another.
    pub fn between(pieces: &'p Pieces, cut: &'p Cut, names: &'p [String]) -> Self {
        let mut contracts = Self { pieces, cut, names, parameters: BTreeMap::new(), parts: Vec::new() };
        contracts.parts = (0..names.len()).map(|unit| contracts.part(unit)).collect();
        let told: BTreeSet<Told> = contracts.parts.iter().flat_map(|(_, read)| read).cloned().collect();
        let mut taken = BTreeSet::new();
        for told in told {
            let base = path(&told.code);
            let numbered = (2..).map(|number| format!("{base}/{number}"));
            let free = std::iter::once(base.clone()).chain(numbered);
            let name = free.into_iter().find(|name| taken.insert((told.by, name.clone()))).unwrap_or(base);
            contracts.parameters.insert(told, name);
        }
        contracts
    }

    /// The blocks of a root module, and what they read from others.
    fn part(&self, unit: usize) -> (BTreeSet<usize>, BTreeSet<Told>) {
        let own = self.pieces.iter().map(|(at, _)| at).filter(|at| self.cut.unit(*at) == Some(unit));
        let mut blocks: BTreeSet<usize> = own.chain(self.always()).collect();
        let mut open: Vec<usize> = blocks.iter().copied().collect();
        let is_repeated = |at: &usize| self.pieces.get(*at).is_some_and(Piece::is_repeated);
        while let Some(at) = open.pop() {
            let refs = self.pieces.get(at).into_iter().flat_map(|piece| &piece.refs).copied();
            open.extend(refs.filter(is_repeated).filter(|at| blocks.insert(*at)));
        }
        let mut read = BTreeSet::new();
        for at in &blocks {
            let Some(piece) = self.pieces.get(*at) else { continue };
            piece
                .block
                .codes(&mut |code| read.extend(self.foreign(unit, code).into_iter().map(|(_, told)| told)));
        }
        (blocks, read)
    }

    /// The names and tags that every root module has.
    fn always(&self) -> impl Iterator<Item = usize> {
        self.pieces.iter().filter(|(_, piece)| piece.file == File::Locals).map(|(at, _)| at)
    }

    /// The parts of a piece of code that another root module tells, by the place at which they stand. The whole of it is told
    /// where that makes sense elsewhere; otherwise the attributes in it are. What is only waited for is not told.
    fn foreign(&self, unit: usize, code: &str) -> Vec<(std::ops::Range<usize>, Told)> {
        let owner = |at: usize| self.cut.unit(at).filter(|owner| *owner != unit);
        let found: Vec<(std::ops::Range<usize>, Option<usize>)> =
            self.pieces.references(code).map(|(range, at)| (range, owner(at))).collect();
        let owners: BTreeSet<Option<usize>> = found.iter().map(|(_, owner)| *owner).collect();
        let is_bound = words(code).any(|(_, word)| {
            ["each.", "self.", "local.", "var.", "data."].iter().any(|start| word.starts_with(start))
        });
        let whole = match owners.iter().collect::<Vec<_>>().as_slice() {
            [Some(by)] if !is_bound && !is_address(code) => Some(*by),
            _ => None,
        };
        if let Some(by) = whole {
            return vec![(0..code.len(), Told { by, code: code.to_owned() })];
        }
        let attribute = |(range, by): (std::ops::Range<usize>, Option<usize>)| {
            let path = code.get(range.clone())?;
            Some((range, Told { by: by?, code: path.to_owned() })).filter(|_| !is_address(path))
        };
        found.into_iter().filter_map(attribute).collect()
    }

    /// Puts the blocks of a root module into it.
    pub fn fill(&self, unit: usize, module: &mut Module) {
        let Some((blocks, read)) = self.parts.get(unit) else { return };
        for (told, path) in self.parameters.iter().filter(|(told, _)| told.by == unit) {
            module.push(File::Contracts, self.parameter(told, path));
        }
        for told in read {
            module.push(File::Contracts, self.reading(told));
        }
        for piece in blocks.iter().filter_map(|at| self.pieces.get(*at)) {
            let mut block = piece.block.clone();
            block.keep_waiting_for(&|code| {
                self.pieces
                    .references(code)
                    .all(|(_, at)| self.cut.unit(at).is_none_or(|owner| owner == unit))
            });
            block.rewrite(&mut |code| self.rewritten(unit, code));
            module.push(piece.file, block);
        }
    }

    /// A piece of code with what others tell in place of references to them.
    fn rewritten(&self, unit: usize, code: &str) -> Option<String> {
        let mut parts = self.foreign(unit, code);
        parts.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut written = code.to_owned();
        for (range, told) in &parts {
            written.replace_range(range.clone(), &self.reference(told));
        }
        (!parts.is_empty()).then_some(written)
    }

    /// The label of a value, in the root modules that read it.
    fn label(&self, told: &Told) -> String {
        let by = self.names.get(told.by).map(|name| name.replace('-', "_")).unwrap_or_default();
        let path = self.parameters.get(told).map(|path| path.replace('/', "_")).unwrap_or_default();
        format!("{by}_{path}")
    }

    fn reference(&self, told: &Told) -> String {
        let value = format!("data.aws_ssm_parameter.{}.insecure_value", self.label(told));
        if is_compound(&told.code) { format!("jsondecode({value})") } else { value }
    }

    fn name(&self, told: &Told) -> String {
        let by = self.names.get(told.by).map(String::as_str).unwrap_or_default();
        let path = self.parameters.get(told).map(String::as_str).unwrap_or_default();
        format!("/${{local.name}}/{by}/{path}")
    }

    fn parameter(&self, told: &Told, path: &str) -> Block {
        let value = code(told.code.as_str());
        let value = if is_compound(&told.code) { call("jsonencode", [value]) } else { value };
        let readers = self.parts.iter().zip(self.names).filter(|((_, read), _)| read.contains(told));
        let readers: Vec<&str> = readers.map(|(_, name)| name.as_str()).collect();
        let body = body! {
            name = template(&self.name(told));
            description = "Told to other root modules.";
            type = "String";
            insecure_value = value;
        };
        let block = Block::resource("aws_ssm_parameter", &format!("told_{}", path.replace('/', "_")), body);
        block.comment(&format!("Read by {}.", shown(&readers)))
    }

    fn reading(&self, told: &Told) -> Block {
        Block::data("aws_ssm_parameter", &self.label(told), body! { name = template(&self.name(told)); })
    }
}

/// The most readers that a comment names.
const MOST_READERS: usize = 5;

fn shown(readers: &[&str]) -> String {
    let named: Vec<&str> = readers.iter().take(MOST_READERS).copied().collect();
    let more = readers.len() - named.len();
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

/// A list or an object is told as JSON.
fn is_compound(code: &str) -> bool {
    code.starts_with(['[', '{'])
}

/// The last parts of the name of a parameter: `sqs_queue/jobs/arn` of `aws_sqs_queue.jobs.arn`, `subnet/app/id` of
/// `[for subnet in aws_subnet.app : subnet.id]`.
fn path(code: &str) -> String {
    let all: Vec<&str> = words(code).map(|(_, word)| word).collect();
    let kept = all.iter().skip_while(|word| !word.starts_with("aws_"));
    let parts: Vec<&str> = kept.flat_map(|word| word.split('.')).filter(|part| !part.is_empty()).collect();
    let mut chosen: Vec<&str> = Vec::new();
    for part in parts {
        let part = part.strip_prefix("aws_").unwrap_or(part);
        if !chosen.contains(&part) {
            chosen.push(part);
        }
    }
    chosen.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_named_after_what_they_tell() {
        assert_eq!(path("aws_sqs_queue.jobs.arn"), "sqs_queue/jobs/arn");
        assert_eq!(path("[for subnet in aws_subnet.app : subnet.id]"), "subnet/app/id");
        assert_eq!(path("values(aws_nat_gateway.out)[0].id"), "nat_gateway/out/0/id");
        assert!(is_compound("[for subnet in aws_subnet.app : subnet.id]") && !is_compound("aws_vpc.net.id"));
        assert!(
            is_address("aws_vpc.net") && !is_address("aws_vpc.net.id") && !is_address("values(aws_vpc.net)")
        );
    }
}
