//! The page around a drawing: title block, legend, style sheet, icons.

use std::collections::BTreeSet;

use crate::emit::icons::icon;
use crate::emit::svg::card::file_of;
use crate::emit::svg::legend;
use crate::emit::svg::line;
use crate::emit::svg::markup::{Element, Own, Px, rect, text};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::text::{Font, Ident, Language, Text, Weight};
use crate::view::{Link, Word, word};

/// What a title block says of the model a picture was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The system's title.
    pub system: Text,
    /// The environment.
    pub environment: Ident,
    /// The region.
    pub region: Text,
    /// The first characters of the hash of the model's files.
    pub model: Ident,
}

/// What goes onto a page.
pub(super) struct Sheet<'s> {
    /// What the picture shows.
    pub(super) title: &'s Text,
    /// The pages it is a part of.
    pub(super) trail: &'s [Link],
    /// What a screen reader says of the whole.
    pub(super) summary: Text,
    /// The size of the drawing.
    pub(super) size: Size,
    /// The drawing, its own origin in its upper left corner.
    pub(super) drawing: Vec<Element>,
    /// Catalogue names of icons in use.
    pub(super) icons: BTreeSet<&'s str>,
    /// What is to be explained.
    pub(super) keys: Vec<legend::Key>,
    /// More rules of style.
    pub(super) rules: String,
    /// `TB` or `LR` for a drawing of boxes and lines.
    pub(super) direction: Option<&'static str>,
}

const MARGIN: i32 = 2_400;
/// The margin at the sides of a page that would be wider than [`WIDE`] with the usual one.
const NARROW_MARGIN: i32 = 1_200;
const WIDE: i32 = 160_000;
const HEAD: i32 = 6_400;
const FOOT: i32 = 2_800;
/// The narrowest page, so that the title block and the legend have room.
const LEAST_WIDTH: i32 = 56_000;
const H1: Font = Font::new(Weight::SemiBold, 2_200);
const H2: Font = Font::new(Weight::Regular, 1_300);
/// The widest link to another page.
const TRAIL_WIDTH: i32 = 16_000;
const FINE: Font = Font::new(Weight::Regular, 1_200);

/// The document of a page.
pub(super) fn document(sheet: Sheet<'_>, stamp: &Stamp, language: Language) -> String {
    let side = if sheet.size.w + 2 * MARGIN > WIDE { NARROW_MARGIN } else { MARGIN };
    let width = (sheet.size.w + 2 * side).max(LEAST_WIDTH);
    let (legend, legend_height) = legend::draw(&sheet.keys, width - 2 * side, language);
    let below = MARGIN + HEAD + sheet.size.h + MARGIN;
    let height = below + legend_height + FOOT + MARGIN / 2;
    let left = (width - sheet.size.w) / 2;
    let root = root(&sheet, stamp, Size { w: width, h: height }, language);
    let content = Element::new("g")
        .add(defs(&sheet.icons))
        .line()
        .add(rect(Rect { x: 0, y: 0, w: width, h: height }, 0).with("class", "bg"))
        .add(title_block(&sheet, stamp, (side, width)))
        .line()
        .add(shifted(left, MARGIN + HEAD).add_all(sheet.drawing))
        .line()
        .add(shifted(side, below).add_all(legend))
        .add(foot(stamp, (width - side, height), language));
    let style = format!("{}{}", style::sheet(&content.classes()), sheet.rules);
    root.add(Element::new("style").say(Own(style))).line().add(content).document()
}

/// A group moved to a place.
fn shifted(x: i32, y: i32) -> Element {
    Element::new("g").with("transform", Own(format!("translate({} {})", Px(x), Px(y)))).line()
}

fn root(sheet: &Sheet<'_>, stamp: &Stamp, size: Size, language: Language) -> Element {
    let heading = both(&stamp.system, sheet.title);
    let root = graphic(size, language).with("aria-labelledby", "t..title t..desc");
    let measured = match sheet.direction {
        Some(direction) => root.with("data-arch", "1").with("data-direction", direction),
        None => root,
    };
    measured
        .add(Element::new("title").with("id", "t..title").say(heading))
        .add(Element::new("desc").with("id", "t..desc").say(&sheet.summary))
}

/// The root of a document of a size, in pixels, before what names it.
pub(super) fn graphic(size: Size, language: Language) -> Element {
    Element::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("width", Px(size.w))
        .with("height", Px(size.h))
        .with("viewBox", Own(format!("0 0 {} {}", Px(size.w), Px(size.h))))
        .with("role", "graphics-document document")
        .with("lang", language.tag())
}

fn both(system: &Text, view: &Text) -> Text {
    let (system, view): (String, String) = (system.chars().collect(), view.chars().collect());
    Text::new(format!("{system}: {view}"))
}

/// Each icon once, and the arrowheads.
fn defs(icons: &BTreeSet<&str>) -> Element {
    let drawn: BTreeSet<(&'static str, &'static str)> = icons.iter().map(|name| icon(name)).collect();
    let symbols = drawn.into_iter().map(|(name, path)| {
        Element::new("symbol")
            .with("id", Own(format!("i..{name}")))
            .with("viewBox", "0 0 24 24")
            .add(Element::new("path").with("d", path))
    });
    Element::new("defs").add_all(line::heads()).add_all(symbols)
}

fn title_block(sheet: &Sheet<'_>, stamp: &Stamp, (side, width): (i32, i32)) -> Element {
    let room = width - 2 * side;
    let view: String = sheet.title.chars().collect();
    let region: String = stamp.region.chars().collect();
    let under = Text::new(format!("{view}  ·  {}  ·  {region}", stamp.environment));
    let (trail, x) = trail(sheet.trail, side);
    let heading = text("h1", side, MARGIN + 2_000, &H1.ellipsis(&stamp.system, room));
    let under = text("h2", x, MARGIN + 4_100, &H2.ellipsis(&under, (side + room - x).max(0)));
    Element::new("g").add(heading).add_all(trail).add(under)
}

/// Links to the pages around a page, and where the words behind them begin.
fn trail(links: &[Link], side: i32) -> (Vec<Element>, i32) {
    let mut x = side;
    let mut parts = Vec::new();
    for link in links {
        let shown = H2.ellipsis(&link.title, TRAIL_WIDTH);
        let words = text("nav", x, MARGIN + 4_100, &shown);
        parts.push(Element::new("a").with("href", file_of(&link.picture)).add(words));
        x += H2.width(shown.chars());
        parts.push(text("h2", x + 700, MARGIN + 4_100, &Text::new("›")));
        x += 2 * 700 + H2.width("›".chars());
    }
    (parts, x)
}

/// Which model and which compiler, at the lower right.
fn foot(stamp: &Stamp, (right, height): (i32, i32), language: Language) -> Element {
    let model = word(Word::Model, language);
    let words = format!("{model} {}  ·  archc {}", stamp.model, env!("CARGO_PKG_VERSION"));
    let shown = FINE.ellipsis(&Text::new(words), right);
    Element::new("g").add(text("lg end", right, height - MARGIN, &shown))
}
