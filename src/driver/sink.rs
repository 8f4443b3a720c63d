//! The few operations on a file system that writing outputs needs, as a trait: a test can refuse any of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// What stands at a path. Links are never followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a pipe or a socket.
    Other,
}

/// Where outputs are written to.
pub trait Sink {
    /// What stands at `path`.
    ///
    /// # Errors
    /// When the file system refuses to say.
    fn look(&self, path: &Path) -> io::Result<Entry>;

    /// The bytes of the regular file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names in the folder at `path`, sorted.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;

    /// Makes one folder, whose parent exists.
    ///
    /// # Errors
    /// When it cannot be made, or exists.
    fn make_folder(&mut self, path: &Path) -> io::Result<()>;

    /// Writes a file that does not exist yet.
    ///
    /// # Errors
    /// When it cannot be written whole, or exists.
    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Moves a file; what stands at `to` is replaced at once.
    ///
    /// # Errors
    /// When it cannot be moved.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn remove_file(&mut self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// When it cannot be removed, or is not empty.
    fn remove_folder(&mut self, path: &Path) -> io::Result<()>;

    /// Keeps other builds out of the folder until the sink is dropped; `false` when another build is in it.
    ///
    /// # Errors
    /// When the folder cannot be locked at all.
    fn lock(&mut self, folder: &Path) -> io::Result<bool>;
}

/// The file system of this machine.
#[derive(Debug, Default)]
pub struct Disk {
    /// Open while the folder is locked; the system releases the lock when the process ends, however it ends.
    held: Option<File>,
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Closing alone would not do: a process that is being started from here holds the file open for a moment.
        if let Some(file) = self.held.take() {
            let _ = file.unlock();
        }
    }
}

impl Sink for Disk {
    fn look(&self, path: &Path) -> io::Result<Entry> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_file() => Ok(Entry::File),
            Ok(found) if found.is_dir() => Ok(Entry::Folder),
            Ok(_) => Ok(Entry::Other),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Entry::Missing),
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let names = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn lock(&mut self, folder: &Path) -> io::Result<bool> {
        let file = open_for_lock(folder)?;
        match file.try_lock() {
            Ok(()) => {
                self.held = Some(file);
                Ok(true)
            }
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }
}

/// The folder itself, so that no lock file stays behind.
#[cfg(unix)]
fn open_for_lock(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// A file in the folder: folders cannot be locked here.
#[cfg(not(unix))]
fn open_for_lock(folder: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(".archc-lock"))
}
