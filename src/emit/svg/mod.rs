//! Pictures: views and sequences as SVG documents with a text twin each.
//!
//! A document stands alone: no script, no reference to the outside, light and dark in one file. What is measured by
//! the layout's yardstick carries `data-kind`; title block, zones and legend do not.

mod card;
mod frame;
mod legend;
mod line;
mod markup;
mod page;
mod picture;
mod sequence;
mod style;
mod twin;

pub use page::Stamp;
pub use picture::{Picture, draw};
pub use sequence::draw as draw_sequence;
pub use twin::{of_sequence, of_view};

use crate::check::Review;
use crate::emit::Artifact;
use crate::layout::Engine;
use crate::model::Model;
use crate::text::{Ident, Language, RelPath, Text};
use crate::view;

/// All pictures of a review below `diagrams/`, and for each view the defects of its drawing.
pub fn write(
    review: &Review,
    stamp: &Stamp,
    language: Language,
    engine: Engine,
) -> (Vec<Artifact>, Vec<Picture>) {
    let mut artifacts = Vec::new();
    let mut pictures = Vec::new();
    for view in view::views(review, language) {
        let picture = draw(&view, stamp, language, engine);
        artifacts.extend(pair(&view.name, &picture.document, &of_view(&view, language)));
        pictures.push(picture);
    }
    for sequence in view::sequences(review, language) {
        artifacts.extend(pair(
            &sequence.name,
            &draw_sequence(&sequence, stamp, language),
            &of_sequence(&sequence),
        ));
    }
    (artifacts, pictures)
}

/// Paths and titles of the pictures that [`write()`] makes, in the same order.
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

/// A picture's file and its text twin's.
fn pair(name: &str, document: &str, twin: &str) -> Vec<Artifact> {
    let files = [("svg", document), ("txt", twin)];
    let file = |(ending, content): (&str, &str)| {
        let path = path_of(name, ending)?;
        Some(Artifact { path, bytes: content.as_bytes().to_vec() })
    };
    files.into_iter().filter_map(file).collect()
}

/// The stamp of a model: its system, environment and region.
pub fn stamp(system: &Model, model: Ident) -> Stamp {
    let (system, environment) = (&system.system, &system.environment);
    let env = environment.clone().unwrap_or_else(|| system.env.clone());
    Stamp { system: system.title.clone(), environment: env, region: Text::new(system.region.as_str()), model }
}
