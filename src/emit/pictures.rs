//! All pictures of a model in all formats that are wanted, each with its text twin, and what is wrong with them.

use std::collections::BTreeSet;

use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelExtend as _, ParallelIterator as _,
};
use serde_json::{Value, json};

use crate::check::Review;
use crate::diag::Diagnostic;
use crate::emit::export::{TOOLS, Tool};
use crate::emit::fonts;
use crate::emit::lock::{Lock, Places};
use crate::emit::raster::{PRINTS, Print};
use crate::emit::svg::{self, Picture, Stamp};
use crate::emit::{Artifact, Draft, Made};
use crate::layout::{Direction, Engine, GroupBox, Rect, measure};
use crate::text::{Ident, Language, RelPath};
use crate::view::{self, Sequence, View};

/// How pictures are drawn, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Who lays out.
    pub engine: Engine,
    /// The formats that are wanted beside SVG, by their names.
    pub formats: BTreeSet<String>,
    /// Do documents carry their font?
    pub embed_font: bool,
    /// Where things stood, and what the model is called there.
    pub lock: (Lock, String),
}

/// The names of all formats. SVG is always written: the report shows it.
pub fn formats() -> impl Iterator<Item = &'static str> {
    let others = PRINTS.iter().map(|print| print.name).chain(TOOLS.iter().map(|tool| tool.name));
    std::iter::once("svg").chain(others)
}

/// Writes them below `diagrams/`.
pub fn write(draft: Draft<'_>) -> Made {
    let wanted = |name: &str| draft.drawing.formats.contains(name);
    let press = Press {
        draft,
        stamp: svg::stamp(&draft.review.model, draft.digest.clone()),
        tools: TOOLS.iter().filter(|tool| wanted(tool.name)).collect(),
        prints: PRINTS.iter().filter(|print| wanted(print.name)).collect(),
        font: draft.drawing.embed_font.then(fonts::rules),
    };
    let views = draft.views();
    let mut made = Made::default();
    // Pictures know nothing of each other, so they are drawn at the same time.
    let drawn: Vec<_> = views.par_iter().with_max_len(1).map(|view| press.view(view)).collect();
    for (files, findings) in drawn {
        made.files.extend(files);
        made.findings.extend(findings);
    }
    let sequences = view::sequences(draft.review, draft.language);
    made.files.extend(sequences.iter().flat_map(|sequence| press.sequence(sequence)));
    made
}

/// All that every picture needs.
struct Press<'a> {
    draft: Draft<'a>,
    stamp: Stamp,
    tools: Vec<&'static Tool>,
    prints: Vec<&'static Print>,
    /// Rules of style with the font, when documents carry it.
    font: Option<String>,
}

impl Press<'_> {
    /// The files of one view, and its findings.
    fn view(&self, view: &View) -> (Vec<Artifact>, Vec<Diagnostic>) {
        let Draft { review, language, .. } = self.draft;
        let (picture, is_lost) = drawn(view, &self.stamp, self.draft);
        let exports = self.tools.iter().map(|tool| (tool.ending, (tool.view)(view, &picture))).collect();
        let twin = svg::of_view(view, language);
        let mut findings = svg::findings(review, view, &picture.defects);
        findings.extend(is_lost.then(|| svg::drawn_anew(review, view)));
        (self.files(&view.name, picture.document, twin, exports), findings)
    }

    fn sequence(&self, sequence: &Sequence) -> Vec<Artifact> {
        let document = svg::draw_sequence(sequence, &self.stamp, self.draft.language);
        let exports = self.tools.iter().map(|tool| (tool.ending, (tool.sequence)(sequence))).collect();
        self.files(&sequence.name, document, svg::of_sequence(sequence), exports)
    }

    fn files(
        &self,
        name: &str,
        document: String,
        twin: String,
        exports: Vec<(&'static str, String)>,
    ) -> Vec<Artifact> {
        let prints: Vec<(&str, Vec<u8>)> =
            self.prints.iter().filter_map(|print| Some((print.name, (print.make)(&document)?))).collect();
        let shown = match &self.font {
            Some(font) => fonts::embed(&document, font),
            None => document,
        };
        let texts = [("svg", shown), ("txt", twin)].into_iter().chain(exports);
        let texts = texts.map(|(ending, text)| (ending, text.into_bytes()));
        let file = |(ending, bytes): (&str, Vec<u8>)| {
            let path = RelPath::new(&format!("diagrams/{}.{ending}", Ident::sanitized(name)))?;
            Some(Artifact { path, bytes })
        };
        texts.chain(prints).filter_map(file).collect()
    }
}

/// A picture, kept at its places where the lock has it; true when that could not be done.
fn drawn(view: &View, stamp: &Stamp, draft: Draft<'_>) -> (Picture, bool) {
    let Drawing { engine, lock: (lock, model), .. } = draft.drawing;
    match lock.0.get(&(model.clone(), view.name.clone())) {
        None => (svg::draw(view, stamp, draft.language, *engine), false),
        Some(places) => {
            let picture = svg::draw_kept(view, stamp, draft.language, *engine, places);
            let is_lost = !picture.is_kept;
            (picture, is_lost)
        }
    }
}

/// The lock with the places of all pictures of a model as they are drawn now.
pub fn locked(draft: Draft<'_>) -> Lock {
    let (mut lock, model) = draft.drawing.lock.clone();
    lock.0.retain(|(of, _), _| *of != model);
    let stamp = svg::stamp(&draft.review.model, draft.digest.clone());
    let views = view::views(draft.review, draft.language);
    let noted = views.par_iter().map(|view| {
        let picture = drawn(view, &stamp, draft).0;
        ((model.clone(), view.name.clone()), Places::of(view, &picture.scene))
    });
    lock.0.par_extend(noted);
    lock
}

/// The drawings of all views as JSON, in pixels, in the form that measures of drawings read, with their own measures.
pub fn scenes(review: &Review) -> Value {
    let stamp = svg::stamp(&review.model, Ident::sanitized("scene"));
    let drawn = view::views(review, Language::En).into_iter().map(|view| {
        let picture = svg::draw(&view, &stamp, Language::En, Engine::default());
        scene(&view, &picture)
    });
    Value::Array(drawn.collect())
}

fn scene(view: &View, picture: &Picture) -> Value {
    let place = |group: Option<usize>| {
        group.and_then(|group| view.groups.get(group)).map(|group| group.id.to_string())
    };
    let drawn = &picture.scene;
    let measures = measure(&picture.graph, drawn);
    let nodes = view.nodes.iter().zip(&drawn.nodes);
    let nodes: Vec<Value> = nodes
        .map(|(node, Rect { x, y, w, h })| {
            let [x, y, w, h] = [x, y, w, h].map(|length| px(*length));
            json!({ "id": node.id.as_str(), "parent": place(node.parent), "x": x, "y": y, "w": w, "h": h })
        })
        .collect();
    let groups = view.groups.iter().zip(&drawn.groups);
    let groups: Vec<Value> = groups
        .map(|(group, GroupBox { rect: Rect { x, y, w, h }, title })| {
            let [x, y, w, h] = [x, y, w, h].map(|length| px(*length));
            json!({
                "id": group.id.as_str(), "parent": place(group.parent), "peer": group.peer,
                "x": x, "y": y, "w": w, "h": h, "header": pixels(*title),
            })
        })
        .collect();
    let edges = view.edges.iter().zip(&drawn.edges);
    let edges: Vec<Value> = edges
        .map(|(edge, route)| {
            let points: Vec<[f64; 2]> = route.points.iter().map(|at| [px(at.x), px(at.y)]).collect();
            json!({
                "id": edge.id.as_str(),
                "from": view.end_id(edge.from).map(Ident::as_str),
                "to": view.end_id(edge.to).map(Ident::as_str),
                "points": points,
                "label": route.label.map(pixels),
                "wants_label": !edge.label.is_empty(),
            })
        })
        .collect();
    json!({
        "view": view.name,
        "direction": if drawn.direction == Direction::Right { "LR" } else { "TB" },
        "width": px(drawn.size.w),
        "height": px(drawn.size.h),
        "defects": picture.defects.len(),
        "crossings": measures.crossings,
        "bends": measures.bends,
        "aspect": px(i32::try_from(measures.aspect / 10).unwrap_or(i32::MAX)),
        "nodes": nodes,
        "groups": groups,
        "edges": edges,
    })
}

fn px(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.
}

fn pixels(rect: Rect) -> Value {
    json!({ "x": px(rect.x), "y": px(rect.y), "w": px(rect.w), "h": px(rect.h) })
}
