//! `archc drift`.

use std::path::PathBuf;

use clap::Args;

use crate::catalog::Catalog;
use crate::diag::render::{Format, render, sarif};
use crate::driver::build::examine;
use crate::driver::plan;
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::shell::Status;
use crate::shell::explain::page;
use crate::shell::options::{Deny, Model, formats, shown};

/// Compares a model with a Terraform plan or state.
#[derive(Debug, Args)]
pub(super) struct Drift {
    #[command(flatten)]
    model: Model,
    /// What `terraform show -json` wrote of a plan or a state; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// How differences are printed
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    format: String,
    #[command(flatten)]
    deny: Deny,
}

impl Drift {
    pub(super) fn run(&self) -> Status {
        let question = self.model.question();
        let answer = examine(&question, &mut Stopwatch::default());
        let sources = shown(&question, &answer);
        if !answer.is_readable() {
            let words = render(Format::Human, &answer.review.findings, &sources, Stream::Err.wants_color());
            return Status::of(&answer.review.findings, self.deny.level()).saying(Stream::Err, &words);
        }
        let (sources, findings) = plan::differences(&self.plan, &answer, sources);
        let format = Format::from_name(&self.format).unwrap_or(Format::Human);
        let words = match format {
            Format::Sarif => {
                let catalog = Catalog::embedded();
                sarif(&findings, &sources, |code| page(code, &catalog))
            }
            _ => render(format, &findings, &sources, Stream::Out.wants_color()),
        };
        Status::of(&findings, self.deny.level()).saying(Stream::Out, &words)
    }
}
