//! The file `layout.lock` beside a model: read when it is there, written when that is asked for.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::diag::Diagnostic;
use crate::driver::file;
use crate::driver::formatting::replace;
use crate::driver::read::Input;
use crate::driver::rules::{self, NOWHERE, Trouble};
use crate::driver::sink::{Disk, Sink as _};
use crate::emit::lock::{LOCK, Lock};
use crate::emit::svg::BROKEN_LOCK as BROKEN;
use crate::text::{Ident, Source, Sources, Span, phrase};

/// What a model is called in the lock.
pub fn name_of(input: &Input) -> Ident {
    let name = input.name();
    Ident::sanitized(name.strip_suffix(".arch").unwrap_or(&name))
}

fn path(input: &Input) -> PathBuf {
    input.folder().join(LOCK)
}

/// The lock beside a model; an empty one where there is none. A text that is no lock is added to `sources`, and the
/// finding says where it goes wrong.
pub fn read(input: &Input, sources: &mut Sources) -> (Lock, Option<Diagnostic>) {
    if *input == Input::Stdin || !path(input).is_file() {
        return (Lock::default(), None);
    }
    // What a finding would show of it may be no business of the project.
    if path(input).is_symlink() {
        let advice =
            phrase!("`{LOCK}` is a link; it must be a file", "`{LOCK}` es un enlace; debe ser un archivo");
        return (Lock::default(), Some(BROKEN.at(NOWHERE).note(advice)));
    }
    let Ok(text) = file::load(&path(input)) else {
        let advice = phrase!("`{LOCK}` cannot be read", "no se puede leer `{LOCK}`");
        return (Lock::default(), Some(BROKEN.at(NOWHERE).note(advice)));
    };
    match Lock::parse(&text) {
        Ok(lock) => (lock, None),
        Err(mistake) => {
            let start = text.split_inclusive('\n').take(mistake.line - 1).map(str::len).sum::<usize>();
            let length = text.lines().nth(mistake.line - 1).map_or(0, str::len);
            let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let span = |file| Span::new(file, at(start), at(start + length));
            let file = sources.add(Source::new(LOCK, text.clone()));
            let help = phrase!(
                "remove `{LOCK}`, or write it again with `archc build --lock`",
                "borra `{LOCK}`, o escríbelo otra vez con `archc build --lock`"
            );
            (Lock::default(), Some(BROKEN.at(span(file)).note(mistake.wanted).help(help)))
        }
    }
}

/// Writes the lock beside a model, at once.
///
/// # Errors
/// A coded finding when the folder or the file cannot be written.
pub fn write(input: &Input, lock: &Lock) -> Result<(), Trouble> {
    let path = path(input);
    let written = match Disk::default().write_new(&path, lock.print().as_bytes()) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => replace(&path, &lock.print()),
        done => done,
    };
    written.map_err(|error| {
        rules::refused(&rules::OUT_FAILED, &path, &error, "make the folder of the model writable")
    })
}
