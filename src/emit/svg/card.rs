//! Cards: the box of a service, how large it is and how it is drawn.

use crate::emit::icons::icon;
use crate::emit::report::markdown::anchor as section;
use crate::emit::svg::markup::{Element, Own, glyph, rect, text};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::text::{Font, Ident, Text, Weight};
use crate::view::{Badge, Cell, Node, Tone};

/// Lengths of a card, in hundredths of a pixel.
const PAD_X: i32 = 1_100;
const PAD_Y: i32 = 900;
const TILE: i32 = 3_600;
const GAP: i32 = 1_000;
const TITLE_LINE: i32 = 1_800;
const LINE: i32 = 1_600;
const CELLS: i32 = 2_200;
const CELL_GAP: i32 = 400;
const BADGE: i32 = 900;
/// How a card is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The widest line of text.
    width: i32,
    /// Does the icon stand above the words instead of beside them?
    is_upright: bool,
}

/// The narrowest cut with the icon beside the words.
pub(super) const NARROW: Cut = Cut { width: 9_800, is_upright: false };

/// All cuts, from the most comfortable to the narrowest.
pub(super) const CUTS: [Cut; 7] = [
    Cut { width: 14_500, is_upright: false },
    Cut { width: 12_000, is_upright: false },
    NARROW,
    Cut { width: 10_800, is_upright: true },
    Cut { width: 10_400, is_upright: true },
    Cut { width: 10_000, is_upright: true },
    Cut { width: 9_600, is_upright: true },
];

/// Between the icon and the words below it.
const BELOW_TILE: i32 = 400;
/// The narrowest text column, so that short names make cards of one width.
const LEAST_WIDTH: i32 = 6_000;

/// The narrowest inside of an upright card: the icon between two badges.
const LEAST_UPRIGHT: i32 = 8_000;

const TITLE: Font = Font::new(Weight::SemiBold, 1_400);
const BODY: Font = Font::new(Weight::Regular, 1_200);
const COUNT: Font = Font::new(Weight::SemiBold, 1_200);
const CELL: Font = Font::new(Weight::Medium, 1_200);

/// A card with its lines broken and its size known.
#[derive(Debug, Clone)]
pub(super) struct Card {
    title: Vec<Text>,
    lines: Vec<Text>,
    is_upright: bool,
    /// Its size.
    pub(super) size: Size,
}

/// Breaks the text of a card into lines and measures it.
pub(super) fn measure(node: &Node, cut: Cut) -> Card {
    let Cut { width, is_upright } = cut;
    let title = TITLE.wrap(&node.title, width, 3);
    let parts = [&node.subtitle, &node.detail].into_iter().filter(|part| !part.is_empty());
    let lines: Vec<Text> = parts.flat_map(|part| BODY.wrap(part, width, 2)).collect();
    let badge = node.badge.as_ref().filter(|_| !is_upright).map_or(0, |badge| pill(badge).1);
    let column = width_of(&lines, BODY).max(width_of(&title, TITLE) + badge).max(LEAST_WIDTH);
    let words = text_height(&title, &lines);
    let (inner, face) = if is_upright {
        (column.max(LEAST_UPRIGHT), TILE + BELOW_TILE + words)
    } else {
        (TILE + GAP + column, words.max(TILE))
    };
    let whole = (2 * PAD_X + inner).max(cells_width(&node.cells));
    let height = 2 * PAD_Y + face + foot(node);
    Card { title, lines, is_upright, size: Size { w: even(whole), h: even(height) } }
}

/// Whole, even pixels, so that the middle of a card lies on a pixel.
fn even(length: i32) -> i32 {
    (length + 199) / 200 * 200
}

fn width_of(lines: &[Text], font: Font) -> i32 {
    lines.iter().map(|line| font.width(line.chars())).max().unwrap_or(0)
}

fn count(lines: &[Text]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(i32::MAX)
}

fn text_height(title: &[Text], lines: &[Text]) -> i32 {
    count(title) * TITLE_LINE + count(lines) * LINE
}

fn foot(node: &Node) -> i32 {
    if node.cells.is_empty() { 0 } else { CELLS }
}

fn cells_width(cells: &[Cell]) -> i32 {
    let widest = cells.iter().map(|cell| CELL.width(cell.label.chars())).max().unwrap_or(0) + 1_000;
    let all = i32::try_from(cells.len()).unwrap_or(0);
    all * (widest + CELL_GAP) - CELL_GAP + 2 * PAD_X
}

/// Draws a card; `parent` is the name of the container it stands in.
pub(super) fn draw(node: &Node, card: &Card, area: Rect, parent: Option<&Ident>) -> Element {
    let class = format!("n c-{}{}", style::category(&node.category), if node.derived { " d" } else { "" });
    let whole = Element::new("g")
        .with("id", &node.id)
        .with("class", Own(class))
        .with("data-kind", "node")
        .with("data-id", &node.id)
        .with_some("data-parent", parent)
        .with("role", "graphics-symbol");
    let face = face(node, card, area);
    match target(node) {
        Some(target) => whole.add(hint(node)).add(Element::new("a").with("href", target).add_all(face)),
        None => whole.add(hint(node)).add_all(face),
    }
}

/// What a card opens: the picture it stands for, or its section of the report.
fn target(node: &Node) -> Option<Own> {
    let picture = node.opens.as_ref().map(|picture| file_of(picture));
    picture.or_else(|| node.anchor.as_ref().map(|anchor| Own(format!("../report.md#{}", section(anchor)))))
}

/// The file of a picture, seen from another one.
pub(super) fn file_of(picture: &str) -> Own {
    Own(format!("{}.svg", Ident::sanitized(picture)))
}

fn join<'t>(parts: impl Iterator<Item = &'t Text>, between: &str) -> Text {
    let filled: Vec<String> =
        parts.filter(|part| !part.is_empty()).map(|part| part.chars().collect()).collect();
    Text::new(filled.join(between))
}

/// The tooltip, which is also what a screen reader says: all words of the card, what the view adds, and the findings.
fn hint(node: &Node) -> Element {
    let cells = node.cells.iter().map(|cell| &cell.label);
    let face = join([&node.title, &node.subtitle, &node.detail].into_iter().chain(cells), ", ");
    let findings = node.badge.iter().flat_map(|badge| &badge.lines);
    let more = [&node.hint].into_iter().chain(findings);
    Element::new("title").say(join(std::iter::once(&face).chain(more), "\n"))
}

/// Where the parts of a card's face stand.
struct Places {
    tile: Rect,
    /// Where lines begin, or their middle on an upright card.
    x: i32,
    /// The upper side of the first line.
    top: i32,
}

/// Icon and words beside each other, or below each other, in the upper `inner` of a card.
fn places(card: &Card, area: Rect, inner: i32) -> Places {
    let words = text_height(&card.title, &card.lines);
    if card.is_upright {
        let y = area.y + (inner - TILE - BELOW_TILE - words) / 2;
        let x = area.x + area.w / 2;
        return Places { tile: Rect { x: x - TILE / 2, y, w: TILE, h: TILE }, x, top: y + TILE + BELOW_TILE };
    }
    let tile = Rect { x: area.x + PAD_X, y: area.y + (inner - TILE) / 2, w: TILE, h: TILE };
    Places { tile, x: tile.right() + GAP, top: area.y + (inner - words) / 2 }
}

fn face(node: &Node, card: &Card, area: Rect) -> Vec<Element> {
    let (symbol, _) = icon(&node.icon);
    let Places { tile, x, mut top } = places(card, area, area.h - foot(node));
    let [title, line_class] = if card.is_upright { ["t1 mid", "t2 mid"] } else { ["t1", "t2"] };
    let mut parts = vec![rect(area, 800).with("class", "box")];
    parts.extend(node.opens.as_ref().map(|_| rect(area.grown(-300), 600).with("class", "pg")));
    parts.extend([
        rect(tile, 700).with("class", "tile"),
        glyph(symbol, tile.x + 600, tile.y + 600, TILE - 1_200).with("class", "k"),
    ]);
    for line in &card.title {
        parts.push(text(title, x, top + 1_400, line));
        top += TITLE_LINE;
    }
    for line in &card.lines {
        parts.push(text(line_class, x, top + 1_200, line));
        top += LINE;
    }
    parts.extend(cells(&node.cells, area));
    parts.extend(badge(node, area));
    parts
}

/// The class of a tone.
fn tone_class(tone: Tone) -> &'static str {
    const HEAT: [&str; 5] = ["h0", "hh1", "hh2", "hh3", "hh4"];
    match tone {
        Tone::Zone => "z",
        Tone::Idle => "zi",
        Tone::Sensitive => "sn",
        Tone::Plain => "pl",
        Tone::Heat(degree) => HEAT.get(usize::from(degree)).copied().unwrap_or("hh4"),
    }
}

/// The row of cells at the foot: each as wide as the others.
fn cells(cells: &[Cell], area: Rect) -> Vec<Element> {
    let all = i32::try_from(cells.len()).unwrap_or(0).max(1);
    let width = (area.w - 1_600 - (all - 1) * CELL_GAP) / all;
    let placed = (0..).zip(cells).flat_map(|(place, cell): (i32, &Cell)| {
        let x = area.x + 800 + place * (width + CELL_GAP);
        let box_ = Rect { x, y: area.bottom() - CELLS - 200, w: width, h: CELLS - 400 };
        [
            rect(box_, 400).with("class", tone_class(cell.tone)),
            text("ct", x + width / 2, box_.y + 1_320, &cell.label),
        ]
    });
    placed.collect()
}

/// The number of findings as it is shown, and how wide: a disc, and longer for three characters.
fn pill(badge: &Badge) -> (Text, i32) {
    let shown = Text::new(if badge.count > 99 { "99+".to_owned() } else { badge.count.to_string() });
    let width = (COUNT.width(shown.chars()) + 400).max(2 * BADGE);
    (shown, width)
}

/// The number of findings in the upper right corner.
fn badge(node: &Node, area: Rect) -> Vec<Element> {
    let Some(badge) = &node.badge else { return Vec::new() };
    let (shown, width) = pill(badge);
    let disc = Rect { x: area.right() - 500 - width, y: area.y + 500, w: width, h: 2 * BADGE };
    let class = Own(format!("b-{}", badge.severity.name()));
    let middle = disc.x + width / 2;
    vec![rect(disc, BADGE).with("class", class), text("bt", middle, disc.y + BADGE + 430, &shown)]
}
