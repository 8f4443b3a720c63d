//! The command `archc`: hands its arguments to the shell and its exit status to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    archc::shell::run()
}
