//! Cards: the box of a service, how large it is and how it is drawn.

use crate::emit::icons::icon;
use crate::emit::report::markdown::anchor as section;
use crate::emit::svg::markup::{Element, Own, Px, glyph, rect, text};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::text::{Font, Ident, Text, Weight};
use crate::view::{Cell, Node, Tone};

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
/// The widest lines of text, from the most comfortable to the narrowest.
pub(super) const LINE_WIDTHS: [i32; 3] = [14_500, 12_000, 9_800];
/// The narrowest text column, so that short names make cards of one width.
const LEAST_WIDTH: i32 = 6_000;

const TITLE: Font = Font::new(Weight::SemiBold, 1_400);
const BODY: Font = Font::new(Weight::Regular, 1_200);
const CELL: Font = Font::new(Weight::Medium, 1_200);

/// A card with its lines broken and its size known.
#[derive(Debug, Clone)]
pub(super) struct Card {
    title: Vec<Text>,
    lines: Vec<Text>,
    /// Its size.
    pub(super) size: Size,
}

/// Breaks the text of a card into lines of at most `width` and measures it.
pub(super) fn measure(node: &Node, width: i32) -> Card {
    let title = TITLE.wrap(&node.title, width, 3);
    let parts = [&node.subtitle, &node.detail].into_iter().filter(|part| !part.is_empty());
    let lines: Vec<Text> = parts.flat_map(|part| BODY.wrap(part, width, 2)).collect();
    let badge = if node.badge.is_some() { 2 * BADGE } else { 0 };
    let column = width_of(&lines, BODY).max(width_of(&title, TITLE) + badge).max(LEAST_WIDTH);
    let whole = (2 * PAD_X + TILE + GAP + column).max(cells_width(&node.cells));
    let height = 2 * PAD_Y + text_height(&title, &lines).max(TILE) + foot(node);
    Card { title, lines, size: Size { w: even(whole), h: even(height) } }
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
    match &node.anchor {
        Some(anchor) => {
            let link = Element::new("a").with("href", Own(format!("../report.md#{}", section(anchor))));
            whole.add(hint(node)).add(link.add_all(face))
        }
        None => whole.add(hint(node)).add_all(face),
    }
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

fn face(node: &Node, card: &Card, area: Rect) -> Vec<Element> {
    let height = text_height(&card.title, &card.lines);
    let inner = area.h - foot(node);
    let (symbol, _) = icon(&node.icon);
    let tile = Rect { x: area.x + PAD_X, y: area.y + (inner - TILE) / 2, w: TILE, h: TILE };
    let x = tile.right() + GAP;
    let mut parts = vec![
        rect(area, 800).with("class", "box"),
        rect(tile, 700).with("class", "tile"),
        glyph(symbol, tile.x + 600, tile.y + 600, TILE - 1_200).with("class", "k"),
    ];
    let mut top = area.y + (inner - height) / 2;
    for line in &card.title {
        parts.push(text("t1", x, top + 1_400, line));
        top += TITLE_LINE;
    }
    for line in &card.lines {
        parts.push(text("t2", x, top + 1_200, line));
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

/// The number of findings in the upper right corner.
fn badge(node: &Node, area: Rect) -> Vec<Element> {
    let Some(badge) = &node.badge else { return Vec::new() };
    let (x, y) = (area.right() - BADGE - 500, area.y + BADGE + 500);
    let class = Own(format!("b-{}", badge.severity.name()));
    let disc = Element::new("circle").with("class", class).with("cx", Px(x)).with("cy", Px(y));
    let shown = if badge.count > 99 { "99+".to_owned() } else { badge.count.to_string() };
    vec![disc.with("r", Px(BADGE)), text("bt", x, y + 430, &Text::new(shown))]
}
