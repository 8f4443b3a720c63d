//! From a text to its tree: the scan, the grammar, and the lowering of its nodes.

use pest::Parser as _;

use crate::diag::Diagnostic;
use crate::syntax::ast::Ast;
use crate::syntax::lower;
use crate::syntax::parts::Notes;
use crate::syntax::scan;
use crate::text::{FileId, Source};

/// The parser pest makes of `grammar/arch.pest`, and its nodes.
mod grammar {
    #![allow(missing_docs, clippy::pedantic, reason = "pest derives one undocumented name per grammar rule")]

    /// The parser of the language.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/arch.pest"]
    pub struct Grammar;
}

pub(super) use grammar::Rule;

/// Reads one file: its tree, and every mistake of its text in the order of places. It never fails: what cannot be
/// understood is a finding, and the statements around it are in the tree.
pub fn parse(file: FileId, source: &Source) -> (Ast, Vec<Diagnostic>) {
    let scan::Scanned { text, findings } = scan::scan(file, &source.text);
    let mut notes = Notes::new(file, &source.text, findings);
    let statements = match grammar::Grammar::parse(Rule::file, &text) {
        Ok(pairs) => lower::statements(pairs, &mut notes),
        Err(refusal) => {
            notes.refused(&refusal.location);
            Vec::new()
        }
    };
    (Ast { file, statements }, notes.into_findings())
}
