//! Bringing model files into the canonical form.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::driver::file::{self, Refusal};
use crate::driver::read::Input;
use crate::driver::sink::{Disk, Sink};
use crate::syntax;
use crate::text::Source;

/// A text before and after formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// As it stands.
    pub before: String,
    /// In the canonical form; the same when it has mistakes.
    pub after: String,
    /// Does it have mistakes, so that it is left as it is?
    pub broken: bool,
}

impl Formatted {
    /// Is the text not in the canonical form?
    pub fn is_changed(&self) -> bool {
        self.before != self.after
    }
}

/// Formats one file, or standard input.
///
/// # Errors
/// Why it cannot be read, as words.
pub fn format(input: &Input) -> Result<Formatted, String> {
    let text = match input {
        Input::Stdin => file::read_whole(io::stdin().lock()),
        Input::File(path) => file::load(path),
    };
    let before = text.map_err(|refusal| match refusal {
        Refusal::Rule(rule, _) => rule.title.to_owned(),
        Refusal::System(error) => error.to_string(),
        Refusal::Encoding(..) => "the file is not UTF-8 text".to_owned(),
    })?;
    let source = Source::new(input.name(), before.clone());
    let after = syntax::format(&source);
    Ok(Formatted { broken: after.is_none(), after: after.unwrap_or_else(|| before.clone()), before })
}

/// Replaces a file's text at once: a reader sees the old text or the new one.
///
/// # Errors
/// When the folder or the file cannot be written; the old text stands then.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link is kept, and what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let staged = path.with_file_name(format!(".{name}.archc-new"));
    let mut disk = Disk::default();
    let written = disk
        .write_new(&staged, text.as_bytes())
        .and_then(|()| fs::set_permissions(&staged, fs::metadata(&path)?.permissions()))
        .and_then(|()| disk.rename(&staged, &path));
    if written.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::AlreadyExists) {
        // The first error is the one that is reported.
        let _ = disk.remove_file(&staged);
    }
    written
}

/// The `.arch` files of the working directory, by name.
///
/// # Errors
/// When the directory cannot be listed.
pub fn models_here() -> io::Result<Vec<PathBuf>> {
    let names = Disk::default().list(Path::new("."))?;
    Ok(names
        .into_iter()
        .map(PathBuf::from)
        .filter(|path| path.extension().is_some_and(|end| end == "arch"))
        .collect())
}
