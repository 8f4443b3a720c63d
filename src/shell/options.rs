//! Options that several commands share, and how their values are read.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::diag::Severity;
use crate::diag::render::Format;
use crate::driver::build::{Answer, Question};
use crate::driver::read::Input;
use crate::text::{Language, Source, Sources};
use crate::units::Date;

/// The model and what is asked of it.
#[derive(Debug, Args)]
pub(super) struct Model {
    /// The model; `-` reads it from standard input
    #[arg(value_name = "MODEL")]
    path: PathBuf,
    /// Apply the overrides of this environment
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The day the findings are for, as YYYY-MM-DD; else that of `SOURCE_DATE_EPOCH`, else today
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

impl Model {
    pub(super) fn question(&self) -> Question {
        Question { input: Input::new(&self.path), environment: self.env.clone(), today: self.today }
    }
}

/// From which severity on findings fail the run.
#[derive(Debug, Args)]
pub(super) struct Deny {
    /// Exit with 1 when there is a finding at this level or above
    #[arg(long, value_name = "LEVEL", default_value = "error", value_parser = levels(), ignore_case = true)]
    deny: String,
}

impl Deny {
    pub(super) fn level(&self) -> Severity {
        Severity::from_name(&self.deny).unwrap_or(Severity::Error)
    }
}

fn levels() -> PossibleValuesParser {
    PossibleValuesParser::new(Severity::all().filter(|level| *level != Severity::Info).map(Severity::name))
}

/// The parser of `--format`.
pub(super) fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(Format::names())
}

/// Reads the value of `--lang`.
pub(super) fn lang(code: &str) -> Result<Language, String> {
    Language::from_tag(code).ok_or_else(|| "the languages are `en` and `es`".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written YYYY-MM-DD, such as 2027-06-30".to_owned())
}

/// The sources with their names as the user would type them: from the working directory, not from the model's folder.
pub(super) fn shown(question: &Question, answer: &Answer) -> Sources {
    let folder = question.input.folder();
    let mut sources = Sources::default();
    for (_, source) in answer.review.sources.iter() {
        let name = if source.name == "-" {
            source.name.clone()
        } else {
            folder.join(&source.name).display().to_string()
        };
        sources.add(Source::new(name, source.text.clone()));
    }
    sources
}
