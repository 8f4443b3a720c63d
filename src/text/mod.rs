//! Floor 0: texts, places in texts, and the only ways a user's words may leave the program.
//!
//! This room knows bytes and characters. It must not know the language, files on a disk, or AWS.

mod advances;
mod counted;
mod document;
mod escape;
mod ident;
mod language;
mod metrics;
mod nearest;
mod path;
mod source;
mod span;

pub use counted::{Counted, Noun, noun};
pub use escape::{Text, is_direction_control};
pub use ident::{Ident, LONGEST_NAME};
pub(crate) use language::phrase;
pub use language::{Language, Phrase, Wording};
pub use metrics::{Font, Weight};
pub use nearest::{did_you_mean, nearest, one_of};
pub use path::RelPath;
pub use source::{LineColumn, LineIndex, Source, Sources};
pub use span::{FileId, Span, Spanned};
