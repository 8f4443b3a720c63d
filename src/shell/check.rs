//! `archc check`.

use clap::Args;

use crate::diag::render::{Format, render};
use crate::driver::build::examine;
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::shell::Status;
use crate::shell::options::{Deny, Model, formats, shown};

/// Prints findings.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    model: Model,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    format: String,
    #[command(flatten)]
    deny: Deny,
}

impl Check {
    pub(super) fn run(&self) -> Status {
        let question = self.model.question();
        let answer = examine(&question, &mut Stopwatch::default());
        let format = Format::from_name(&self.format).unwrap_or(Format::Human);
        let findings = &answer.review.findings;
        let words = render(format, findings, &shown(&question, &answer), Stream::Out.wants_color());
        Status::of(findings, self.deny.level()).saying(Stream::Out, &words)
    }
}
