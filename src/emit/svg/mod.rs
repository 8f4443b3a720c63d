//! Pictures: views and sequences as SVG documents with a text twin each.
//!
//! A document stands alone: no script, no reference to the outside, light and dark in one file. What is measured by
//! the layout's yardstick carries `data-kind`; title block, zones and legend do not.

mod bands;
mod card;
mod charts;
mod findings;
mod frame;
mod growth;
mod legend;
mod line;
pub(super) mod markup;
mod page;
mod picture;
mod sequence;
mod style;
mod twin;

pub(in crate::emit) use charts::{charts, has_bill, has_capacity};
pub use findings::{BROKEN_LOCK, RULES};
pub(in crate::emit) use findings::{drawn_anew, findings};
pub use growth::draw as draw_growth;
pub use page::Stamp;
pub use picture::{Picture, draw, draw_kept};
pub use sequence::draw as draw_sequence;
pub use twin::{of_sequence, of_view};

use crate::check::Review;
use crate::model::Model;
use crate::text::{Ident, Language, RelPath, Text};
use crate::view::{self, View};

/// A picture as the report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plate {
    /// Where its file stands.
    pub path: RelPath,
    /// What it shows.
    pub title: Text,
    /// Is it one of the pages that the overview opens?
    pub is_page: bool,
}

/// The pictures that are drawn, in the same order.
pub fn plates(review: &Review, views: &[View], language: Language) -> Vec<Plate> {
    let views = views.iter().map(|view| (view.name.clone(), view.title.clone(), !view.trail.is_empty()));
    let sequences = view::sequences(review, language);
    let sequences = sequences.into_iter().map(|sequence| (sequence.name, sequence.title, false));
    let plate =
        |(name, title, is_page): (String, _, _)| Some(Plate { path: path_of(&name, "svg")?, title, is_page });
    views.chain(sequences).filter_map(plate).collect()
}

/// Where a picture's file of some ending stands.
fn path_of(name: &str, ending: &str) -> Option<RelPath> {
    RelPath::new(&format!("diagrams/{}.{ending}", Ident::sanitized(name)))
}

/// The stamp of a model: its system, environment and region.
pub fn stamp(system: &Model, model: Ident) -> Stamp {
    let (system, environment) = (&system.system, &system.environment);
    let env = environment.clone().unwrap_or_else(|| system.env.clone());
    Stamp { system: system.title.clone(), environment: env, region: Text::new(system.region.as_str()), model }
}
