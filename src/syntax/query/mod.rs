//! Questions to `archc query`: from a line of text to its tree.
//!
//! The grammar is `grammar/query.pest`. It knows the forms of questions; what names, verbs and kinds there are is for the
//! room that answers.

pub mod ast;
mod lower;

use pest::Parser as _;

use crate::diag::{Diagnostic, Rule as Code, Severity};
use crate::syntax::parse;
use crate::syntax::query::ast::Question;
use crate::text::{FileId, Source, Span, nearest};

/// The parser pest makes of `grammar/query.pest`, and its nodes.
mod grammar {
    #![allow(missing_docs, clippy::pedantic, reason = "pest derives one undocumented name per grammar rule")]

    /// The parser of questions.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/query.pest"]
    pub struct Grammar;
}

use grammar::Rule;

const fn error(code: &'static str, title: &'static str) -> Code {
    Code { code, title, severity: Severity::Error }
}

/// The text is no question.
pub const NO_QUESTION: Code = error("ASK-001", "not a question");
/// A part of a question is missing.
pub const INCOMPLETE: Code = error("ASK-002", "a part of the question is missing");
/// Something stands behind a complete question.
pub const TOO_MUCH: Code = error("ASK-003", "text that does not belong to the question");

/// The longest question, in bytes.
const LONGEST: usize = 64 * 1024;

/// The forms of questions with an example each: the whole of what can be asked.
pub const FORMS: [(&str, &str); 9] = [
    ("who can VERB THINGS", "who can write orders"),
    ("what can WHO VERB", "what can developers write"),
    ("access WHO", "access developers"),
    ("blast-radius WHO", "blast-radius products"),
    ("path THINGS -> THINGS", "path customer -> orders"),
    ("what breaks if THINGS fails", "what breaks if products_db fails"),
    ("what breaks without THINGS", "what breaks without any postgres"),
    ("what breaks without zone LETTER", "what breaks without zone a"),
    ("cost of THINGS", "cost of group sales"),
];

/// What a missing part is called.
const PARTS: [(Rule, &str); 9] = [
    (Rule::miss_verb, "a verb"),
    (Rule::miss_thing, "the name of a thing"),
    (Rule::miss_actor, "the name of a role or service"),
    (Rule::miss_can, "`can` and a verb"),
    (Rule::miss_arrow, "`->` and where to"),
    (Rule::miss_fails, "`fails`"),
    (Rule::miss_event, "`if … fails` or `without …`"),
    (Rule::miss_what, "`breaks` or `can`"),
    (Rule::miss_zone, "the letter of a zone"),
];

/// Which forms a question's node has, by their positions in [`FORMS`].
const FORMS_OF: [(Rule, &[usize]); 10] = [
    (Rule::who, &[0]),
    (Rule::may, &[1]),
    (Rule::access, &[2]),
    (Rule::blast, &[3]),
    (Rule::path, &[4]),
    (Rule::breaks, &[5, 7]),
    (Rule::what, &[5, 1]),
    (Rule::cost, &[8]),
    (Rule::how, &[8]),
    (Rule::needs, &[5]),
];

/// Reads a question; what is wrong with it is a finding with its place, and then there is no question.
pub fn question(file: FileId, source: &Source) -> (Option<Question>, Vec<Diagnostic>) {
    let text = source.text.as_str();
    if text.len() > LONGEST {
        let finding = NO_QUESTION.at(Span::new(file, 0, 0)).message("the question is longer than 64 KiB");
        return (None, vec![finding]);
    }
    let mut reading = lower::Reading::new(file, text);
    parse::limit_work();
    let question = if let Ok(pairs) = grammar::Grammar::parse(Rule::question, text) {
        lower::question(pairs, &mut reading)
    } else {
        reading.add(NO_QUESTION.at(Span::new(file, 0, 0)));
        None
    };
    let findings = reading.into_findings();
    (question.filter(|_| findings.is_empty()), findings)
}

/// What a missing part is called, or nothing when the node marks no missing part.
fn missing(node: Rule) -> Option<&'static str> {
    PARTS.iter().find(|(part, _)| *part == node).map(|(_, words)| *words)
}

/// What to write: the form of this node with its example, once a form.
fn advice(node: Rule) -> Vec<String> {
    let positions = FORMS_OF.iter().find(|(known, _)| *known == node).map_or(&[][..], |(_, at)| at);
    let forms = positions.iter().filter_map(|at| FORMS.get(*at));
    forms.map(|(form, example)| format!("write `{form}`, such as `{example}`")).collect()
}

/// The first words that begin a question.
const OPENINGS: [&str; 8] = ["who", "which", "how", "what", "access", "path", "blast-radius", "cost"];

/// A text that begins no question.
fn no_question(first: &str, span: Span) -> Diagnostic {
    let meant = nearest(first, OPENINGS).map(|meant| format!("did you mean `{meant}`?"));
    let headline = match first {
        "" => "there is no question".to_owned(),
        _ => format!("no question begins with `{first}`"),
    };
    let all: Vec<String> = FORMS.iter().map(|(_, example)| format!("`{example}`")).collect();
    let possible = format!("ask {}", all.join(", "));
    NO_QUESTION.at(span).message(headline).maybe_help(meant).help(possible)
}
