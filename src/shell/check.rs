//! `archc check`.

use clap::Args;

use crate::catalog::Catalog;
use crate::diag::render::{Format, render, sarif};
use crate::driver::build::{Answer, Question, examine};
use crate::driver::mending::{Mending, mend_files};
use crate::driver::read::Input;
use crate::driver::terminal::Stream;
use crate::driver::threads;
use crate::driver::timing::Stopwatch;
use crate::shell::Status;
use crate::shell::explain::page;
use crate::shell::options::{Deny, Model, formats, shown};
use crate::text::{Text, noun};

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
    /// Change the model's files where a finding says how, and print what is left
    #[arg(long)]
    fix: bool,
}

impl Check {
    /// Is the model short?
    pub(super) fn is_brief(&self) -> bool {
        threads::is_short(&self.model.question().input)
    }

    pub(super) fn run(&self) -> Status {
        let question = self.model.question();
        if !self.fix {
            return self.tell(&question, &examine(&question, &mut Stopwatch::default()));
        }
        if question.input == Input::Stdin {
            return Status::Usage.saying(Stream::Err, "archc: `--fix` changes files, and `-` is none\n");
        }
        match mend_files(&question) {
            Ok((answer, mending)) => {
                let told = Status::Clean.saying(Stream::Err, &summary(&mending));
                told.max(self.tell(&question, &answer))
            }
            Err(why) => Status::Trouble
                .saying(Stream::Err, &format!("archc: cannot be written: {}\n", Text::new(why).terminal())),
        }
    }

    fn tell(&self, question: &Question, answer: &Answer) -> Status {
        let format = Format::from_name(&self.format).unwrap_or(Format::Human);
        let findings = &answer.review.findings;
        let sources = shown(question, answer);
        let words = match format {
            Format::Sarif => {
                let catalog = Catalog::embedded();
                sarif(findings, &sources, |code| page(code, &catalog))
            }
            _ => render(format, findings, &sources, Stream::Out.wants_color()),
        };
        Status::of(findings, self.deny.level()).saying(Stream::Out, &words)
    }
}

/// `mended 3 findings (DATA-401, REL-104) in shop.arch`
fn summary(mending: &Mending) -> String {
    if mending.codes.is_empty() {
        return "nothing that a fix could mend\n".to_owned();
    }
    let mut codes = mending.codes.clone();
    codes.sort_unstable();
    codes.dedup();
    let files: Vec<String> =
        mending.files.iter().map(|path| Text::new(path.display().to_string()).terminal()).collect();
    let count = mending.codes.len();
    format!("mended {} ({}) in {}\n", noun::FINDING.count(count), codes.join(", "), files.join(", "))
}
