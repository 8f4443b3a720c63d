//! All pictures of a model in all formats that are wanted, each with its text twin, and what is wrong with them.

use std::collections::BTreeSet;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::diag::Diagnostic;
use crate::emit::export::{TOOLS, Tool};
use crate::emit::svg::{self, Stamp};
use crate::emit::{Artifact, Draft, Made};
use crate::layout::Engine;
use crate::text::{Ident, RelPath};
use crate::view::{self, Sequence, View};

/// How pictures are drawn, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Who lays out.
    pub engine: Engine,
    /// The formats that are wanted beside SVG, by their names.
    pub formats: BTreeSet<String>,
}

/// The names of all formats. SVG is always written: the report shows it.
pub fn formats() -> impl Iterator<Item = &'static str> {
    std::iter::once("svg").chain(TOOLS.iter().map(|tool| tool.name))
}

/// Writes them below `diagrams/`.
pub fn write(draft: Draft<'_>) -> Made {
    let stamp = svg::stamp(&draft.review.model, draft.digest.clone());
    let views = view::views(draft.review, draft.language);
    let sequences = view::sequences(draft.review, draft.language);
    let tools: Vec<&Tool> = TOOLS.iter().filter(|tool| draft.drawing.formats.contains(tool.name)).collect();
    let mut made = Made::default();
    // Pictures know nothing of each other, so they are drawn at the same time.
    let drawn: Vec<_> = views.par_iter().map(|view| of_view(draft, &stamp, &tools, view)).collect();
    for (files, findings) in drawn {
        made.files.extend(files);
        made.findings.extend(findings);
    }
    made.files.extend(sequences.iter().flat_map(|sequence| of_sequence(draft, &stamp, &tools, sequence)));
    made
}

/// The files of one view, and its findings.
fn of_view(
    draft: Draft<'_>,
    stamp: &Stamp,
    tools: &[&Tool],
    view: &View,
) -> (Vec<Artifact>, Vec<Diagnostic>) {
    let picture = svg::draw(view, stamp, draft.language, draft.drawing.engine);
    let twin = svg::of_view(view, draft.language);
    let exports = tools.iter().map(|tool| (tool.ending, (tool.view)(view, &picture)));
    let findings = svg::findings(draft.review, view, &picture.defects);
    let first = [("svg", picture.document.clone()), ("txt", twin)];
    (files(&view.name, first.into_iter().chain(exports)), findings)
}

fn of_sequence(draft: Draft<'_>, stamp: &Stamp, tools: &[&Tool], sequence: &Sequence) -> Vec<Artifact> {
    let document = svg::draw_sequence(sequence, stamp, draft.language);
    let exports = tools.iter().map(|tool| (tool.ending, (tool.sequence)(sequence)));
    let first = [("svg", document), ("txt", svg::of_sequence(sequence))];
    files(&sequence.name, first.into_iter().chain(exports))
}

fn files<'e>(name: &str, contents: impl Iterator<Item = (&'e str, String)>) -> Vec<Artifact> {
    let file = |(ending, content): (&str, String)| {
        let path = RelPath::new(&format!("diagrams/{}.{ending}", Ident::sanitized(name)))?;
        Some(Artifact { path, bytes: content.into_bytes() })
    };
    contents.filter_map(file).collect()
}
