//! Sequences: journeys as messages between lifelines, one row a message, so that no text can meet another.

use std::cmp::Ordering;

use crate::emit::icons::icon;
use crate::emit::report::markdown::anchor;
use crate::emit::svg::legend;
use crate::emit::svg::markup::{Element, Own, Px, glyph, rect, text};
use crate::emit::svg::page::{Sheet, Stamp, document};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::text::{Font, Language, Text, Weight};
use crate::view::{Lane, Message, Sequence, Word, word};

const TITLE: Font = Font::new(Weight::SemiBold, 1_400);
const BODY: Font = Font::new(Weight::Regular, 1_200);
const LABEL: Font = Font::new(Weight::Medium, 1_200);
/// The height of the heads of lifelines, of a message, and of a message to oneself.
const HEAD: i32 = 10_000;
const ROW: i32 = 6_800;
const TILE: i32 = 3_600;
const PAD: i32 = 1_200;
/// The narrowest and the widest head, and the air between two.
const LEAST: i32 = 11_000;
const MOST: i32 = 18_000;
const APART: i32 = 3_000;
/// The widest words on a message, and how far a message to oneself reaches.
const WORDS: i32 = 17_000;
const LOOP: i32 = 4_000;
/// From a lifeline to words beside it.
const BESIDE: i32 = 1_600;

/// Where the lifelines stand.
struct Columns {
    middles: Vec<i32>,
    widths: Vec<i32>,
    width: i32,
}

/// Draws a sequence.
pub fn draw(sequence: &Sequence, stamp: &Stamp, language: Language) -> String {
    let columns = columns(sequence);
    let rows = i32::try_from(sequence.messages.len()).unwrap_or(0);
    let height = HEAD + rows * ROW + 2_400;
    let mut drawing: Vec<Element> = Vec::new();
    for (index, lane) in sequence.lanes.iter().enumerate() {
        drawing.push(lifeline(&columns, index, height).own_line());
        drawing.push(head(lane, &columns, index).own_line());
    }
    for (row, message) in (0..).zip(&sequence.messages) {
        drawing.extend(draw_message(sequence, message, &columns, row).map(Element::own_line));
    }
    let sheet = Sheet {
        title: &sequence.title,
        summary: Text::new(format!("{}: {}", word(Word::Lines, language), sequence.messages.len())),
        size: Size { w: columns.width, h: height },
        drawing,
        icons: sequence.lanes.iter().map(|lane| lane.icon.as_str()).collect(),
        keys: legend::sequence_keys(),
        rules: String::new(),
        direction: None,
    };
    document(sheet, stamp, language)
}

/// Columns far enough apart for the words between neighbours; longer messages use what lies between their ends.
fn columns(sequence: &Sequence) -> Columns {
    let widths: Vec<i32> = sequence.lanes.iter().map(lane_width).collect();
    let mut middles: Vec<i32> = Vec::new();
    for (index, width) in widths.iter().enumerate() {
        let before =
            index.checked_sub(1).and_then(|before| Some((*middles.get(before)?, *widths.get(before)?)));
        let side_by_side = before.map_or(width / 2, |(middle, other)| middle + other / 2 + APART + width / 2);
        middles.push(side_by_side.max(pushed(sequence, &middles, index)));
    }
    let right = middles.last().zip(widths.last()).map_or(0, |(middle, width)| middle + width / 2);
    let loops = sequence.messages.iter().filter(|message| message.from == message.to);
    let reach = loops
        .filter_map(|message| Some(middles.get(message.from)? + LOOP + 800 + words_width(message)))
        .max();
    Columns { middles, widths, width: right.max(reach.unwrap_or(0)) }
}

/// How far right a lifeline must stand for the words of messages, which have their place beside their start.
fn pushed(sequence: &Sequence, middles: &[i32], index: usize) -> i32 {
    let Some((before, middle)) =
        index.checked_sub(1).and_then(|before| Some((before, *middles.get(before)?)))
    else {
        return 0;
    };
    let rightward = |message: &&Message| message.from == before && message.to >= index;
    let leftward = |message: &&Message| message.from == index && message.to <= before;
    let between = sequence.messages.iter().filter(|message| rightward(message) || leftward(message));
    between.map(|message| middle + words_width(message) + 2 * BESIDE).max().unwrap_or(0)
}

fn lane_width(lane: &Lane) -> i32 {
    let title = TITLE.width(lane.title.chars()).min(MOST);
    let subtitle = BODY.width(lane.subtitle.chars()).min(MOST);
    title.max(subtitle).max(LEAST) + 2 * PAD
}

/// The width of the widest line of a message's words.
fn words_width(message: &Message) -> i32 {
    let note = note_lines(message).iter().map(|line| BODY.width(line.chars())).max().unwrap_or(0);
    LABEL.width(message.label.chars()).min(WORDS).max(note)
}

fn note_lines(message: &Message) -> Vec<Text> {
    BODY.wrap(&message.note, WORDS, 2)
}

fn lifeline(columns: &Columns, index: usize, height: i32) -> Element {
    let x = columns.middles.get(index).copied().unwrap_or(0);
    let path = format!("M{} {}V{}", Px(x), Px(HEAD), Px(height));
    Element::new("path").with("class", "rule").with("stroke-dasharray", "4 4").with("d", Own(path))
}

fn head(lane: &Lane, columns: &Columns, index: usize) -> Element {
    let (x, w) =
        (columns.middles.get(index).copied().unwrap_or(0), columns.widths.get(index).copied().unwrap_or(0));
    let (symbol, _) = icon(&lane.icon);
    let tile = Rect { x: x - TILE / 2, y: PAD, w: TILE, h: TILE };
    let face = [
        rect(Rect { x: x - w / 2, y: 0, w, h: HEAD - 800 }, 800).with("class", "box"),
        rect(tile, 700).with("class", "tile"),
        glyph(symbol, tile.x + 600, tile.y + 600, TILE - 1_200).with("class", "k"),
        text("t1 mid", x, PAD + TILE + 1_900, &TITLE.ellipsis(&lane.title, MOST)),
        text("t2 mid", x, PAD + TILE + 3_500, &BODY.ellipsis(&lane.subtitle, MOST)),
    ];
    let link = Element::new("a").with("href", Own(format!("../report.md#{}", anchor(&lane.id))));
    Element::new("g")
        .with("id", &lane.id)
        .with("class", Own(format!("n c-{}", style::category(&lane.category))))
        .with("role", "graphics-symbol")
        .add(Element::new("title").say(&lane.title))
        .add(link.add_all(face))
}

fn draw_message(sequence: &Sequence, message: &Message, columns: &Columns, row: i32) -> Option<Element> {
    let (from, to) = (*columns.middles.get(message.from)?, *columns.middles.get(message.to)?);
    let y = HEAD + row * ROW + 3_400;
    let name =
        |lane: usize| sequence.lanes.get(lane).map_or_else(String::new, |lane| lane.title.chars().collect());
    let label: String = message.label.chars().collect();
    let spoken = format!("{}. {} → {}: {label}", row + 1, name(message.from), name(message.to));
    let note: String = message.note.chars().collect();
    let drawn = Element::new("g")
        .with("class", "e")
        .with("role", "graphics-symbol")
        .add(Element::new("title").say(Text::new(format!("{spoken}\n{note}"))));
    Some(
        drawn.add(arrow(message, from, to, y)).add(number(from, y, row)).add_all(words(message, from, to, y)),
    )
}

fn arrow(message: &Message, from: i32, to: i32, y: i32) -> Element {
    let path = if from == to {
        format!("M{} {}H{}V{}H{}", Px(from), Px(y - 800), Px(from + LOOP), Px(y + 800), Px(to))
    } else {
        format!("M{} {}H{}", Px(from), Px(y), Px(to))
    };
    let alarming = message.sensitive || message.missing;
    let class = match (message.is_async || message.missing, alarming) {
        (false, false) => "ln",
        (true, false) => "ln as",
        (false, true) => "ln pii",
        (true, true) => "ln as pii",
    };
    let head = if alarming { "url(#m..pii)" } else { "url(#m..head)" };
    Element::new("path").with("class", class).with("d", Own(path)).with("marker-end", head)
}

/// The number of a message, on its tail.
fn number(from: i32, y: i32, row: i32) -> Element {
    let disc =
        Element::new("circle").with("class", "num").with("cx", Px(from)).with("cy", Px(y)).with("r", Px(900));
    Element::new("g").add(disc).add(text("nt", from, y + 430, &Text::new((row + 1).to_string())))
}

/// The words above a message and its note below, beside the lifeline where it starts.
fn words(message: &Message, from: i32, to: i32, y: i32) -> Vec<Element> {
    let class = if message.sensitive || message.missing { "lt s" } else { "lt" };
    let half = words_width(message) / 2;
    let (middle, shift) = match to.cmp(&from) {
        Ordering::Greater => (from + BESIDE + half, 0),
        Ordering::Less => (from - BESIDE - half, 0),
        Ordering::Equal => (from + LOOP + 800 + half, 400),
    };
    let label = text(class, middle, y - 700 + shift, &LABEL.ellipsis(&message.label, WORDS));
    let notes = (0..)
        .zip(note_lines(message))
        .map(|(row, line)| text("t2 mid", middle, y + 1_700 + row * 1_500 + shift, &line));
    std::iter::once(label).chain(notes).collect()
}
