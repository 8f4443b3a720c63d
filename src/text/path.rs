//! Relative paths of outputs and includes.

use std::fmt;

use serde::{Serialize, Serializer};

/// A relative path below some root: parts joined by `/`, none empty, `.` or `..`, no backslash, colon or control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

impl RelPath {
    /// The path in `text`, or nothing when a part could lead elsewhere.
    pub fn new(text: &str) -> Option<Self> {
        let forbidden = |c: char| c.is_control() || matches!(c, '\\' | ':');
        let is_part =
            |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(forbidden);
        text.split('/').all(is_part).then(|| Self(text.to_owned()))
    }

    /// The parts joined by `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
