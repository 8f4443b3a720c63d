//! Floor 9: from reviews to files. Each output is one file or folder here and one row of a table.
//!
//! The only room that knows Handlebars and HCL. It computes nothing: figures come from facts, boxes from scenes.

pub mod answer;
pub mod deployer;
pub mod export;
mod fonts;
mod icons;
pub mod json;
pub mod lock;
pub mod matrix;
mod outputs;
pub mod pictures;
pub mod policies;
pub mod raster;
pub mod report;
pub mod svg;
pub mod terraform;

pub use outputs::{Draft, Made, Maker, OUTPUTS, Output, Shared};

use crate::text::RelPath;

/// One file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where, below the output folder.
    pub path: RelPath,
    /// What.
    pub bytes: Vec<u8>,
}
