//! `archc import`.

use std::path::PathBuf;

use clap::Args;

use crate::catalog::Catalog;
use crate::diag::render::{Format, count_line, render};
use crate::driver::plan;
use crate::driver::terminal::Stream;
use crate::shell::Status;
use crate::shell::options::Deny;
use crate::text::{Ident, Sources};

/// Reads a Terraform plan or state into a model.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// What `terraform show -json` wrote of a plan or a state; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// Write the model into this file instead of standard output; it must not exist
    #[arg(short = 'o', long = "output", value_name = "MODEL")]
    output: Option<PathBuf>,
    /// What the system is called; else as the plan's variable or tag says
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<Ident>,
    #[command(flatten)]
    deny: Deny,
}

fn name(text: &str) -> Result<Ident, String> {
    let plain = Ident::new(text).filter(|name| !name.as_str().contains('.'));
    plain.ok_or_else(|| "a name has 1 to 64 letters, digits, `_` or `-`".to_owned())
}

impl Import {
    pub(super) fn run(&self) -> Status {
        let catalog = Catalog::embedded();
        let (reading, import) = plan::model(&self.plan, &catalog, self.name.as_ref());
        let status = Status::of(&reading.findings, self.deny.level());
        let mut words = String::new();
        if !reading.findings.is_empty() {
            words = render(Format::Human, &reading.findings, &reading.sources, Stream::Err.wants_color());
        }
        // The model is the result; findings are remarks on it.
        let _ = Stream::Err.say(&words);
        let Some(import) = import else { return status };
        match &self.output {
            None => status.saying(Stream::Out, &import.text),
            Some(path) => match plan::save(path, &import.text) {
                Ok(()) => status.saying(
                    Stream::Out,
                    &format!("wrote {}\n{}\n", path.display(), count_line(&import.findings)),
                ),
                Err(trouble) => {
                    let words = render(Format::Human, &[*trouble], &Sources::default(), false);
                    Status::Trouble.saying(Stream::Err, &words)
                }
            },
        }
    }
}
