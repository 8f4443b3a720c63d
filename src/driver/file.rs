//! Reading one file of a model: bounded, regular, UTF-8.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::diag::Rule;
use crate::driver::rules;

/// The most bytes a file of a model may have.
pub const LARGEST_FILE: u64 = 16 << 20;

/// Why a file is no model.
#[derive(Debug)]
pub enum Refusal {
    /// One of the rules of [`rules`], with an advice.
    Rule(&'static Rule, String),
    /// The system's own error.
    System(io::Error),
    /// The bytes are not UTF-8: what stands before the first wrong one, and the bytes that are wrong.
    Encoding(String, Vec<u8>),
}

/// The characters of the regular file at `path`; links are followed.
///
/// # Errors
/// Why it cannot be a model. What is too large is not read.
pub fn load(path: &Path) -> Result<String, Refusal> {
    load_within(path, LARGEST_FILE, too_large)
}

/// The characters of the regular file at `path`, when they are not more than `most` bytes.
///
/// # Errors
/// Why it cannot be read; `refuse` says it of one that is too large.
pub fn load_within(path: &Path, most: u64, refuse: fn() -> Refusal) -> Result<String, Refusal> {
    let found = fs::metadata(path).map_err(from_system)?;
    if found.is_dir() {
        return Err(Refusal::Rule(&rules::IS_FOLDER, "name a file in it".to_owned()));
    }
    if !found.is_file() {
        let advice = "pipe it in and write `-` for the model".to_owned();
        return Err(Refusal::Rule(&rules::NOT_REGULAR, advice));
    }
    if found.len() > most {
        return Err(refuse());
    }
    read_within(File::open(path).map_err(from_system)?, most, refuse)
}

/// The characters of a stream that ends before it is too large.
///
/// # Errors
/// Why it cannot be a model. At most one byte too many is read.
pub fn read_whole(stream: impl Read) -> Result<String, Refusal> {
    read_within(stream, LARGEST_FILE, too_large)
}

/// The characters of a stream that ends before it has more than `most` bytes.
///
/// # Errors
/// Why it cannot be read; `refuse` says it of one that is too large.
pub fn read_within(stream: impl Read, most: u64, refuse: fn() -> Refusal) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    stream.take(most + 1).read_to_end(&mut bytes).map_err(from_system)?;
    if bytes.len() as u64 > most {
        return Err(refuse());
    }
    let text = String::from_utf8(bytes).map_err(|error| split(&error))?;
    if text.trim().is_empty() {
        let advice = "write a starter model with `archc init NAME`".to_owned();
        return Err(Refusal::Rule(&rules::EMPTY, advice));
    }
    Ok(text)
}

fn too_large() -> Refusal {
    let advice = format!("a model has at most {} MiB; split it with `include`", LARGEST_FILE >> 20);
    Refusal::Rule(&rules::TOO_LARGE, advice)
}

fn from_system(error: io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Refusal::Rule(&rules::MISSING, String::new()),
        _ => Refusal::System(error),
    }
}

/// Splits bytes before the first one that is not UTF-8.
fn split(error: &std::string::FromUtf8Error) -> Refusal {
    let (good, bad) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
    let length = error.utf8_error().error_len().unwrap_or(bad.len()).min(4);
    let wrong = bad.iter().take(length).copied().collect();
    Refusal::Encoding(String::from_utf8_lossy(good).into_owned(), wrong)
}
