//! `model.json`: the model, what follows from it and what was found, for other programs.

mod document;
mod facts;
mod lower;

use schemars::{Schema, schema_for};

use crate::emit::json::document::Document;
use crate::emit::{Artifact, Draft};
use crate::text::RelPath;

/// The version of the format.
pub const SCHEMA: u32 = 1;

/// The file `model.json`.
pub fn write(draft: Draft<'_>) -> Vec<Artifact> {
    // All keys are strings, so that writing to memory cannot fail.
    let mut bytes = serde_json::to_vec_pretty(&lower::document(draft)).unwrap_or_default();
    bytes.push(b'\n');
    RelPath::new("model.json").map(|path| Artifact { path, bytes }).into_iter().collect()
}

/// The JSON Schema of `model.json`, as text.
pub fn schema() -> String {
    let schema: Schema = schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
