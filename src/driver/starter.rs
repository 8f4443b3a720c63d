//! The model `archc init` begins with.

use std::io;
use std::path::Path;

use crate::driver::sink::{Disk, Sink};

/// A small system that builds without findings of severity `error`; `NAME` stands for the system's name.
pub const STARTER: &str = include_str!("starter.arch");

/// Writes a file of the working directory that is not there yet.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn write_new(name: &str, text: &str) -> io::Result<()> {
    Disk::default().write_new(Path::new(name), text.as_bytes())
}
