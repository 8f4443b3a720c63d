//! How much a picture changes when the model grows by one service: the measure behind "a small edit moves little".
//!
//! Each kind that can work with a service is put beside it, with one flow, and every picture is drawn again.

use std::collections::BTreeMap;
use std::fmt;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::catalog::{Catalog, Kind, Placement};
use crate::check::Review;
use crate::emit::lock::Places;
use crate::emit::svg::{self, Picture};
use crate::layout::{Engine, displaced};
use crate::model::Service;
use crate::text::{Ident, Language, Source, Sources, Span};
use crate::units::Date;
use crate::{Inputs, review, syntax, view};

/// A thing has moved when it is farther than this from where it was, in hundredths of a pixel: five ems of the words on
/// a card, of 13 pixels.
const FAR: i32 = 6_500;

/// How many things moved in the pictures of one view, one count for each service that was put in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shifts {
    /// Boxes in the picture before.
    pub boxes: usize,
    /// Things moved, sorted.
    pub counts: Vec<usize>,
}

impl Shifts {
    /// The count in the middle.
    pub fn median(&self) -> usize {
        self.counts.get(self.counts.len() / 2).copied().unwrap_or(0)
    }

    /// The largest count.
    pub fn worst(&self) -> usize {
        self.counts.last().copied().unwrap_or(0)
    }
}

/// The shifts of every view, by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stability(pub BTreeMap<String, Shifts>);

impl fmt::Display for Stability {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| view | boxes | insertions | nothing moved | median moved | worst |")?;
        writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: |")?;
        for (name, shifts) in &self.0 {
            let still = shifts.counts.iter().filter(|&&count| count == 0).count();
            let (all, median, worst) = (shifts.counts.len(), shifts.median(), shifts.worst());
            writeln!(out, "| {name} | {} | {all} | {still} | {median} | {worst} |", shifts.boxes)?;
        }
        Ok(())
    }
}

/// Puts each possible service into a model of one file and measures what moves.
/// With `is_locked`, each is drawn with a lock of the drawing before.
pub fn stability(name: &str, text: &str, catalog: &Catalog, is_locked: bool) -> Stability {
    let before = drawn(name, text, catalog, &BTreeMap::new());
    let noted = before.pictures.iter().filter(|_| is_locked);
    let lock = noted.map(|named| (named.name().to_owned(), named.places.clone())).collect();
    let grown = insertions(&before.review, text, catalog);
    let counted: Vec<Vec<(String, usize)>> = grown
        .par_iter()
        .map(|text| {
            let after = drawn(name, text, catalog, &lock);
            let pairs = before.pictures.iter().filter_map(|old| {
                let new = after.pictures.iter().find(|new| new.name() == old.name())?;
                (new.ids.len() > old.ids.len()).then(|| (old.name().to_owned(), moved(old, new)))
            });
            pairs.collect()
        })
        .collect();
    let mut found = Stability::default();
    for (name, count) in counted.into_iter().flatten() {
        found.0.entry(name).or_default().counts.push(count);
    }
    for picture in &before.pictures {
        found.0.entry(picture.name().to_owned()).or_default().boxes = picture.ids.len();
    }
    found.0.values_mut().for_each(|shifts| shifts.counts.sort_unstable());
    found
}

/// A picture with the names of its boxes.
struct Named {
    picture: Picture,
    places: Places,
    ids: Vec<Ident>,
}

impl Named {
    fn name(&self) -> &str {
        &self.picture.name
    }
}

struct Drawn {
    review: Review,
    pictures: Vec<Named>,
}

fn drawn(name: &str, text: &str, catalog: &Catalog, lock: &BTreeMap<String, Places>) -> Drawn {
    let mut sources = Sources::default();
    let source = Source::new(name, text);
    let file = sources.add(source.clone());
    let asts = [(syntax::parse(file, &source).0, None)];
    let today = Date { year: 2026, month: 1, day: 1 };
    let inputs = Inputs { sources, asts: &asts, environment: None, today, findings: Vec::new() };
    let review = review(inputs, catalog, &mut |_| ());
    let stamp = svg::stamp(&review.model, Ident::sanitized("stability"));
    let named = |view: view::View| {
        let picture = match lock.get(&view.name) {
            Some(places) => svg::draw_kept(&view, &stamp, Language::En, Engine::Layered, places),
            None => svg::draw(&view, &stamp, Language::En, Engine::Layered),
        };
        let places = Places::of(&view, &picture.scene);
        Named { picture, places, ids: view.nodes.into_iter().map(|node| node.id).collect() }
    };
    let pictures = view::views(&review, Language::En).into_iter().map(named).collect();
    Drawn { review, pictures }
}

/// The boxes of both pictures that stand elsewhere.
fn moved(old: &Named, new: &Named) -> usize {
    let places: BTreeMap<&Ident, usize> = new.ids.iter().enumerate().map(|(place, id)| (id, place)).collect();
    let pair = |(place, id): (usize, &Ident)| {
        let after = new.picture.scene.nodes.get(*places.get(id)?)?;
        Some((*old.picture.scene.nodes.get(place)?, *after))
    };
    let pairs: Vec<_> = old.ids.iter().enumerate().filter_map(pair).collect();
    displaced(&pairs, FAR)
}

/// The texts of the model with one more service and one more flow.
fn insertions(review: &Review, text: &str, catalog: &Catalog) -> Vec<String> {
    let declared: Vec<&Service> =
        review.model.services.values().filter(|service| !service.is_derived()).collect();
    let mut texts = Vec::new();
    for (from, to) in catalog.flow_pairs() {
        let Some((source, target)) = catalog.kind(from).zip(catalog.kind(to)) else { continue };
        let verb = catalog.mechanisms(from, to).find_map(|row| row.verbs(to).into_iter().next());
        let Some(verb) = verb else { continue };
        for service in &declared {
            if service.is_a(from) {
                texts.push(with(
                    text,
                    service.span,
                    target,
                    &format!("{} -> newcomer : {verb}", service.name),
                ));
            }
            if service.is_a(to) {
                texts.push(with(
                    text,
                    service.span,
                    source,
                    &format!("newcomer -> {} : {verb}", service.name),
                ));
            }
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// The text with a new service: on the line before its neighbour's where it may stand there, else at the end.
fn with(text: &str, beside: Span, kind: &Kind, flow: &str) -> String {
    let head = text.get(..beside.start as usize).unwrap_or(text);
    let line = if stands_in_networks(kind) { head.rfind('\n').map_or(0, |end| end + 1) } else { text.len() };
    let (above, below) = text.split_at_checked(line).unwrap_or((text, ""));
    format!("{above}{} newcomer \"Newcomer\"\n{below}\n{flow}\n", kind.word)
}

fn stands_in_networks(kind: &Kind) -> bool {
    [Placement::VpcPrivate, Placement::VpcPublic].iter().any(|place| kind.may_stand(*place))
}
