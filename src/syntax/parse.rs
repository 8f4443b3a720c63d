//! From a text to its tree: the scan, the grammar, and the lowering of its nodes.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Once;

use pest::Parser as _;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::diag::Diagnostic;
use crate::syntax::ast::{Ast, Statement};
use crate::syntax::lower;
use crate::syntax::parts::{MOST_FINDINGS, Notes};
use crate::syntax::pieces::{LEAST, pieces};
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

/// The most work the parser may do, in calls of a rule: far above the 20 a byte that the largest file needs.
const MOST_CALLS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(64 * 16 * 1024 * 1024);

/// The switch is one for the whole process, so it is set once, for the largest file.
static LIMIT: Once = Once::new();

/// Sets the bound on the parser's work, once for the process.
pub(super) fn limit_work() {
    LIMIT.call_once(|| pest::set_call_limit(Some(MOST_CALLS)));
}

/// Reads one file: its tree, and every mistake of its text in the order of places. It never fails: what cannot be
/// understood is a finding, and the statements around it are in the tree.
pub fn parse(file: FileId, source: &Source) -> (Ast, Vec<Diagnostic>) {
    parse_in_pieces(file, source, LEAST)
}

/// Reads a file in pieces of at least so many bytes, side by side.
fn parse_in_pieces(file: FileId, source: &Source, least: usize) -> (Ast, Vec<Diagnostic>) {
    limit_work();
    let scan::Scanned { text, mut findings } = scan::scan(file, &source.text);
    let read: Vec<_> = pieces(&text, least)
        .into_par_iter()
        .map(|piece| read(&text, Notes::new(file, &source.text, piece.start), piece))
        .collect();
    let mut statements = Vec::new();
    for (some, found) in read {
        statements.extend(some);
        findings.extend(found);
    }
    findings.truncate(MOST_FINDINGS);
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    (Ast { file, statements }, findings)
}

/// The statements of a piece of the mended text, and their mistakes.
fn read<'t>(text: &'t str, mut notes: Notes<'t>, piece: Range<usize>) -> (Vec<Statement>, Vec<Diagnostic>) {
    let statements = match grammar::Grammar::parse(Rule::file, text.get(piece).unwrap_or_default()) {
        Ok(pairs) => lower::statements(pairs, &mut notes),
        Err(refusal) => {
            notes.refused(&refusal.location);
            Vec::new()
        }
    };
    (statements, notes.into_findings())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces that the grammar treats in different ways.
    const PIECES: [&str; 48] = [
        "a",
        "->",
        ":",
        ",",
        ";",
        "\n",
        "{",
        "}",
        "?",
        "\"",
        "\"\"\"",
        "\\",
        "#",
        " ",
        "\t",
        "\r",
        "=",
        "<",
        "-",
        ".",
        "system",
        "vpc",
        "tier",
        "role",
        "grant",
        "budget",
        "alert",
        "journey",
        "claim",
        "slo",
        "load",
        "peak",
        "for",
        "on",
        "over",
        "because",
        "in",
        "at",
        "share",
        "environment",
        "container",
        "5",
        "20 rps",
        "60%",
        "2..6",
        "10.0.0.0/16",
        "ñ",
        "\u{1F600}",
    ];

    /// A text of random pieces; the same for the same seed.
    fn text(seed: u64) -> String {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap()
        };
        let length = next() % 40;
        (0..length).map(|_| PIECES[next() % PIECES.len()]).collect()
    }

    /// The scan mends texts before the grammar sees them; this shows that the grammar needs no help to be total.
    #[test]
    fn the_grammar_alone_accepts_every_text() {
        for seed in 0..5_000 {
            let text = text(seed);
            let parsed = grammar::Grammar::parse(Rule::file, &text);
            assert!(parsed.is_ok(), "{text:?}: {parsed:?}");
            assert_eq!(parsed.unwrap().as_str().len(), text.len(), "{text:?}");
        }
    }

    #[test]
    fn a_text_read_in_pieces_is_the_same_as_read_at_once() {
        for seed in 0..5_000 {
            let source = Source::new("made.arch", text(seed));
            let (whole, pieces) = (parse(FileId(0), &source), parse_in_pieces(FileId(0), &source, 1));
            assert_eq!(format!("{whole:?}"), format!("{pieces:?}"), "{:?}", source.text);
        }
    }

    #[test]
    fn the_words_of_the_language_come_last_in_the_grammar() {
        // `Parts` tells words without a value by their order.
        assert_eq!(format!("{:?}", Rule::all_rules().last().unwrap()), "k_until");
        for rule in Rule::all_rules() {
            assert_eq!(format!("{rule:?}").starts_with("k_"), *rule >= Rule::k_system, "{rule:?}");
        }
    }
}
