//! `archc fmt`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::driver::formatting::{self, Formatted};
use crate::driver::read::Input;
use crate::driver::terminal::Stream;
use crate::shell::Status;

/// Brings models into the canonical form.
#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// Change nothing; print the files that are not in the canonical form, and exit with 1 when there is one
    #[arg(long)]
    check: bool,
    /// The files; all `.arch` files of the working directory when there is none; `-` formats standard input
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
}

impl Fmt {
    pub(super) fn run(&self) -> Status {
        let files = if self.files.is_empty() { formatting::models_here() } else { Ok(self.files.clone()) };
        match files {
            Ok(files) => files.iter().map(|file| self.one(file)).max().unwrap_or(Status::Clean),
            Err(error) => {
                Status::Trouble.saying(Stream::Err, &format!("archc: cannot list models: {error}\n"))
            }
        }
    }

    fn one(&self, file: &Path) -> Status {
        let shown = file.display();
        let formatted = match formatting::format(&Input::new(file)) {
            Ok(formatted) => formatted,
            Err(why) => return Status::Trouble.saying(Stream::Err, &format!("archc: `{shown}`: {why}\n")),
        };
        match (formatted, self.check) {
            (Formatted { broken: true, .. }, _) => {
                let words = format!("archc: `{shown}` has mistakes; `archc check` prints them\n");
                Status::Findings.saying(Stream::Err, &words)
            }
            (formatted, true) if formatted.is_changed() => {
                Status::Findings.saying(Stream::Out, &format!("{shown}\n"))
            }
            (_, true) => Status::Clean,
            (formatted, false) => rewrite(file, &formatted),
        }
    }
}

fn rewrite(file: &Path, formatted: &Formatted) -> Status {
    if file == Path::new("-") {
        return Status::Clean.saying(Stream::Out, &formatted.after);
    }
    if !formatted.is_changed() {
        return Status::Clean;
    }
    match formatting::replace(file, &formatted.after) {
        Ok(()) => Status::Clean.saying(Stream::Out, &format!("formatted {}\n", file.display())),
        Err(error) => {
            let words = format!("archc: cannot write `{}`: {error}\n", file.display());
            Status::Trouble.saying(Stream::Err, &words)
        }
    }
}
