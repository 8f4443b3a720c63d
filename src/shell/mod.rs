//! Floor 11: the command line, one file a command.
//!
//! The only room that knows clap. It decides nothing about models: it asks the driver and prints what it is told.

mod build;
mod check;
mod completions;
mod dev;
mod drift;
mod explain;
mod fmt;
mod import;
mod init;
mod kinds;
mod options;
mod query;
mod simulate;
mod status;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use status::Status;

use crate::driver::threads;

/// An architecture description compiler: one text becomes diagrams, a report, Terraform and policies.
#[derive(Debug, Parser)]
#[command(
    name = "archc",
    version,
    propagate_version = true,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The commands; each is a file of this folder.
#[derive(Debug, Subcommand)]
enum Command {
    /// Write everything a model says: diagrams, report, Terraform, policies, permission matrix
    Build(build::Build),
    /// Print the findings about a model, and write nothing
    Check(check::Check),
    /// Print the page of a finding's code, or what a figure or right of a model rests on
    Explain(explain::Explain),
    /// Answer a question about a model: who can do what, what breaks, what it costs
    Query(query::Query),
    /// Let the load of a model grow: what breaks first, what it takes, what it costs
    Simulate(simulate::Simulate),
    /// List what AWS offers, or print the page of one kind
    Kinds(kinds::Kinds),
    /// Write a starter model
    Init(init::Init),
    /// Read a Terraform plan or state into a model
    Import(import::Import),
    /// Say what differs between a model and a Terraform plan or state
    Drift(drift::Drift),
    /// Bring models into the canonical form
    Fmt(fmt::Fmt),
    /// Print a script that completes commands in a shell
    Completions(completions::Completions),
    /// For those who work on archc
    #[command(subcommand)]
    Dev(dev::Dev),
}

/// Runs the command of the process's arguments.
pub fn run() -> ExitCode {
    let status = match Cli::try_parse() {
        Ok(cli) => dispatch(cli.command),
        Err(refusal) => refuse(&refusal),
    };
    status.into()
}

impl Command {
    /// Is it done before a second thread has begun?
    fn is_brief(&self) -> bool {
        match self {
            Self::Check(command) => command.is_brief(),
            Self::Query(command) => command.is_brief(),
            Self::Kinds(_) | Self::Init(_) | Self::Completions(_) => true,
            _ => false,
        }
    }
}

fn dispatch(command: Command) -> Status {
    threads::begin(command.is_brief());
    match command {
        Command::Build(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Query(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Kinds(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Drift(command) => command.run(),
        Command::Fmt(command) => command.run(),
        Command::Completions(command) => command.run(&mut Cli::command()),
        Command::Dev(command) => command.run(),
    }
}

/// Prints help, the version, or what is wrong with the arguments.
fn refuse(refusal: &clap::Error) -> Status {
    let printed = refusal.print().is_ok();
    match (refusal.use_stderr(), printed) {
        (true, _) => Status::Usage,
        (false, true) => Status::Clean,
        (false, false) => Status::Trouble,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
