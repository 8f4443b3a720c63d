//! Pictures: views and sequences as SVG documents with a text twin each.
//!
//! A document stands alone: no script, no reference to the outside, light and dark in one file. What is measured by
//! the layout's yardstick carries `data-kind`; title block, zones and legend do not.

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
pub use findings::RULES;
pub(in crate::emit) use findings::findings;
pub use growth::draw as draw_growth;
pub use page::Stamp;
pub use picture::{Picture, draw};
pub use sequence::draw as draw_sequence;
pub use twin::{of_sequence, of_view};

use crate::check::Review;
use crate::model::Model;
use crate::text::{Ident, Language, RelPath, Text};
use crate::view;

/// Paths and titles of the pictures that are drawn, in the same order.
pub fn titles(review: &Review, language: Language) -> Vec<(RelPath, Text)> {
    let views = view::views(review, language).into_iter().map(|view| (view.name, view.title));
    let sequences =
        view::sequences(review, language).into_iter().map(|sequence| (sequence.name, sequence.title));
    views.chain(sequences).filter_map(|(name, title)| Some((path_of(&name, "svg")?, title))).collect()
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
