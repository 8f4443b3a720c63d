//! `archc query`.

use clap::{Args, ValueEnum};

use crate::ask::{self, Index};
use crate::diag::render::{Format, render};
use crate::diag::{Diagnostic, Severity};
use crate::driver::build::examine;
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::emit::answer::{document, json_text, text};
use crate::shell::Status;
use crate::shell::options::{Model, shown};
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
    pub(super) fn run(&self) -> Status {
        let words = self.question.join(" ");
        let asked = Source::new("question", words.as_str());
        let (parsed, findings) = question(FileId(0), &asked);
        let Some(parsed) = parsed else { return refuse(&findings, asked) };
        let about = self.model.question();
        let found = examine(&about, &mut Stopwatch::default());
        let sources = shown(&about, &found);
        if !found.is_readable() {
            let words = render(Format::Human, &found.review.findings, &sources, Stream::Err.wants_color());
            return Status::Trouble.saying(Stream::Err, &words);
        }
        let review = &found.review;
        let index = Index::new(&review.model, &review.facts, &found.catalog);
        match ask::answer(&index, &parsed) {
            Err(finding) => refuse(&[*finding], asked),
            Ok(answer) => {
                let printed = match self.format {
                    Form::Text => text(&answer, &sources),
                    Form::Json => json_text(&document(&words, &answer, &sources)),
                };
                told(&review.findings).saying(Stream::Out, &printed)
            }
        }
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
pub(super) fn refuse(findings: &[Diagnostic], asked: Source) -> Status {
    let mut sources = Sources::default();
    sources.add(asked);
    Status::Usage.saying(Stream::Err, &render(Format::Human, findings, &sources, Stream::Err.wants_color()))
}
