//! `archc query`.

use clap::{Args, ValueEnum};

use crate::ask::{self, Answer, Index};
use crate::diag::render::{Format, render};
use crate::diag::{Diagnostic, Severity};
use crate::driver::build::{Question, examine};
use crate::driver::terminal::Stream;
use crate::driver::threads;
use crate::driver::timing::Stopwatch;
use crate::emit::answer::{document, json_text, text};
use crate::shell::Status;
use crate::shell::options::{Model, shown};
use crate::syntax::query::ast::Question as Parsed;
use crate::syntax::query::question;
use crate::text::{FileId, Source, Sources};

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

impl Form {
    /// An answer in this form; programs are told what was asked.
    pub(super) fn print(self, asked: &str, answer: &Answer, sources: &Sources) -> String {
        match self {
            Self::Text => text(answer, sources),
            Self::Json => json_text(&document(asked, answer, sources)),
        }
    }
}

/// Answers a question about a model.
#[derive(Debug, Args)]
#[command(
    after_help = "Questions:\n  who can write orders\n  what can developers write\n  access developers\n  blast-radius products\n  path customer -> orders\n  what breaks if products_db fails\n  what breaks without zone a\n  cost of group sales"
)]
pub(super) struct Query {
    #[command(flatten)]
    model: Model,
    /// The question, in quotes or not
    #[arg(value_name = "QUESTION", required = true, num_args = 1..)]
    question: Vec<String>,
    /// How the answer is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

impl Query {
    /// Is the model short?
    pub(super) fn is_brief(&self) -> bool {
        threads::is_short(&self.model.question().input)
    }

    pub(super) fn run(&self) -> Status {
        let words = self.question.join(" ");
        let asked = Source::new("question", words.as_str());
        put(asked, &words, &self.model.question(), self.format, ask::answer)
    }
}

/// Reads a question, then the model it is put to, and prints the answer under a title.
pub(super) fn put(
    asked: Source,
    title: &str,
    about: &Question,
    format: Form,
    answer: impl FnOnce(&Index<'_>, &Parsed) -> Result<Answer, Box<Diagnostic>>,
) -> Status {
    let (parsed, findings) = question(FileId(0), &asked);
    let Some(parsed) = parsed else { return refuse(&findings, asked) };
    let found = examine(about, &mut Stopwatch::default());
    let sources = shown(about, &found);
    let review = &found.review;
    if !found.is_readable() {
        return complain(Status::Trouble, &review.findings, &sources);
    }
    match answer(&Index::new(&review.model, &review.facts, &found.catalog), &parsed) {
        Err(finding) => refuse(&[*finding], asked),
        Ok(answer) => told(&review.findings).saying(Stream::Out, &format.print(title, &answer, &sources)),
    }
}

/// A model with errors is answered as far as it is understood, and the exit status says so.
pub(super) fn told(findings: &[Diagnostic]) -> Status {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors == 0 {
        return Status::Clean;
    }
    let words = format!(
        "archc: the model has errors ({errors}); `archc check` prints them, and figures may be missing\n"
    );
    Status::Findings.saying(Stream::Err, &words)
}

/// A question that cannot be answered, with its place.
fn refuse(findings: &[Diagnostic], asked: Source) -> Status {
    let mut sources = Sources::default();
    sources.add(asked);
    complain(Status::Usage, findings, &sources)
}

/// Findings for people, and the status they give.
pub(super) fn complain(status: Status, findings: &[Diagnostic], sources: &Sources) -> Status {
    status.saying(Stream::Err, &render(Format::Human, findings, sources, Stream::Err.wants_color()))
}
