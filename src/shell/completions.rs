//! `archc completions`.

use clap::Args;
use clap_complete::{Shell, generate};

use crate::driver::terminal::Stream;
use crate::shell::Status;

/// Prints a completion script.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, command: &mut clap::Command) -> Status {
        let mut script = Vec::new();
        generate(self.shell, command, "archc", &mut script);
        Status::Clean.saying(Stream::Out, &String::from_utf8_lossy(&script))
    }
}
