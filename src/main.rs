//! The command `archc`: hands its arguments to the shell and its exit status to the system.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A run makes some hundred thousand small strings and ends: this allocator takes a third of the system's time for them.
/// Huge pages, which it would ask for, would double the memory of a run.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    archc::shell::run()
}
