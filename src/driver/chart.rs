//! One picture that is asked for by itself, outside a build.

use std::fs;
use std::io;
use std::path::Path;

use crate::driver::formatting::replace;

/// Writes a picture, whole or not at all; its folder is made when it is not there.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write(path: &Path, drawing: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    if !path.exists() {
        fs::write(path, "")?;
    }
    replace(path, drawing)
}
