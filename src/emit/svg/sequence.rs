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
/// The height of the heads of lifelines without their words, of a line of a title, and of a line below it.
const HEAD: i32 = 6_600;
const TITLE_LINE: i32 = 1_800;
const LINE: i32 = 1_600;
/// The most lines of a title or of what is below it, and of the note below a message.
const MOST_TITLES: usize = 2;
const MOST_NOTES: usize = 4;
/// The room above an arrow, below it, and of a line of its note.
const ABOVE: i32 = 2_800;
const BELOW: i32 = 1_200;
const NOTE_LINE: i32 = 1_500;
const TILE: i32 = 3_600;
const PAD: i32 = 1_200;
const PAD_X: i32 = 800;
/// The narrowest and the widest head, and the air between two.
const LEAST: i32 = 9_000;
const MOST: i32 = 12_000;
const APART: i32 = 1_600;
/// The widest words on a message, and how far a message to oneself reaches.
const WORDS: i32 = 12_000;
const LOOP: i32 = 4_000;
/// From a lifeline to words beside it.
const BESIDE: i32 = 1_600;

/// Where the lifelines stand.
struct Columns {
    middles: Vec<i32>,
    widths: Vec<i32>,
    width: i32,
    /// The height of the heads.
    head: i32,
    /// How far down each message stands.
    rows: Vec<i32>,
    height: i32,
}

/// Draws a sequence.
pub fn draw(sequence: &Sequence, stamp: &Stamp, language: Language) -> String {
    let columns = columns(sequence);
    let mut drawing: Vec<Element> = Vec::new();
    for (index, lane) in sequence.lanes.iter().enumerate() {
        drawing.push(lifeline(&columns, index).own_line());
        drawing.push(head(lane, &columns, index).own_line());
    }
    for (row, message) in sequence.messages.iter().enumerate() {
        drawing.extend(draw_message(sequence, message, &columns, row).map(Element::own_line));
    }
    let sheet = Sheet {
        title: &sequence.title,
        trail: &[],
        summary: Text::new(format!("{}: {}", word(Word::Lines, language), sequence.messages.len())),
        size: Size { w: columns.width, h: columns.height },
        drawing,
        icons: sequence.lanes.iter().map(|lane| lane.icon.as_str()).collect(),
        keys: legend::sequence_keys(sequence),
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
    let words = |lane| count(title_lines(lane).len()) * TITLE_LINE + count(subtitle_lines(lane).len()) * LINE;
    let head = HEAD + sequence.lanes.iter().map(words).max().unwrap_or(0);
    let (rows, bottom) = rows(sequence, head);
    Columns { middles, widths, width: right.max(reach.unwrap_or(0)), head, rows, height: bottom + BELOW }
}

/// How far down the arrow of each message stands, and where the last row ends.
fn rows(sequence: &Sequence, head: i32) -> (Vec<i32>, i32) {
    let mut bottom = head;
    let mut rows = Vec::new();
    for message in &sequence.messages {
        rows.push(bottom + ABOVE);
        bottom += ABOVE + BELOW + count(note_lines(message).len()) * NOTE_LINE;
    }
    (rows, bottom)
}

fn count(lines: usize) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX)
}

fn title_lines(lane: &Lane) -> Vec<Text> {
    TITLE.wrap(&lane.title, MOST, MOST_TITLES)
}

fn subtitle_lines(lane: &Lane) -> Vec<Text> {
    BODY.wrap(&lane.subtitle, MOST, MOST_TITLES)
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
    let between = between.map(|message| middle + words_width(message) + 2 * BESIDE);
    let loops = sequence.messages.iter().filter(|message| message.from == before && message.to == before);
    let beside = loops.map(|message| middle + LOOP + 800 + words_width(message) + BESIDE);
    between.chain(beside).max().unwrap_or(0)
}

fn lane_width(lane: &Lane) -> i32 {
    let title = title_lines(lane).iter().map(|line| TITLE.width(line.chars())).max().unwrap_or(0);
    let subtitle = subtitle_lines(lane).iter().map(|line| BODY.width(line.chars())).max().unwrap_or(0);
    title.max(subtitle).max(LEAST) + 2 * PAD_X
}

/// The width of the widest line of a message's words.
fn words_width(message: &Message) -> i32 {
    let note = note_lines(message).iter().map(|line| BODY.width(line.chars())).max().unwrap_or(0);
    LABEL.width(message.label.chars()).min(WORDS).max(note)
}

fn note_lines(message: &Message) -> Vec<Text> {
    BODY.wrap(&message.note, WORDS, MOST_NOTES)
}

fn lifeline(columns: &Columns, index: usize) -> Element {
    let x = columns.middles.get(index).copied().unwrap_or(0);
    let path = format!("M{} {}V{}", Px(x), Px(columns.head), Px(columns.height));
    Element::new("path").with("class", "rule").with("stroke-dasharray", "4 4").with("d", Own(path))
}

fn head(lane: &Lane, columns: &Columns, index: usize) -> Element {
    let (x, w) =
        (columns.middles.get(index).copied().unwrap_or(0), columns.widths.get(index).copied().unwrap_or(0));
    let (symbol, _) = icon(&lane.icon);
    let tile = Rect { x: x - TILE / 2, y: PAD, w: TILE, h: TILE };
    let mut face = vec![
        rect(Rect { x: x - w / 2, y: 0, w, h: columns.head - 800 }, 800).with("class", "box"),
        rect(tile, 700).with("class", "tile"),
        glyph(symbol, tile.x + 600, tile.y + 600, TILE - 1_200).with("class", "k"),
    ];
    let mut baseline = tile.bottom() + 100;
    for line in title_lines(lane) {
        baseline += TITLE_LINE;
        face.push(text("t1 mid", x, baseline, &line));
    }
    for line in subtitle_lines(lane) {
        baseline += LINE;
        face.push(text("t2 mid", x, baseline, &line));
    }
    let link = Element::new("a").with("href", Own(format!("../report.md#{}", anchor(&lane.id))));
    Element::new("g")
        .with("id", &lane.id)
        .with("class", Own(format!("n c-{}", style::category(&lane.category))))
        .with("role", "graphics-symbol")
        .add(Element::new("title").say(Text::new(format!("{}\n{}", said(&lane.title), said(&lane.subtitle)))))
        .add(link.add_all(face))
}

/// The characters of a text that go into another one.
fn said(text: &Text) -> String {
    text.chars().collect()
}

fn draw_message(sequence: &Sequence, message: &Message, columns: &Columns, row: usize) -> Option<Element> {
    let (from, to) = (*columns.middles.get(message.from)?, *columns.middles.get(message.to)?);
    let y = *columns.rows.get(row)?;
    let name = |lane: usize| sequence.lanes.get(lane).map_or_else(String::new, |lane| said(&lane.title));
    let (label, note) = (said(&message.label), said(&message.note));
    let spoken = format!("{}. {} → {}: {label}", row + 1, name(message.from), name(message.to));
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
fn number(from: i32, y: i32, row: usize) -> Element {
    let disc =
        Element::new("circle").with("class", "num").with("cx", Px(from)).with("cy", Px(y)).with("r", Px(900));
    Element::new("g").add(disc).add(text("nt", from, y + 430, &Text::new((row + 1).to_string())))
}

/// The words above a message and its note below, beside the lifeline where it starts.
fn words(message: &Message, from: i32, to: i32, y: i32) -> Vec<Element> {
    let is_alarming = message.sensitive || message.missing;
    let (x, shift, is_left) = match to.cmp(&from) {
        Ordering::Greater => (from + BESIDE, 0, true),
        Ordering::Less => (from - BESIDE, 0, false),
        Ordering::Equal => (from + LOOP + 800, 400, true),
    };
    let class = match (is_left, is_alarming) {
        (true, false) => "lt b",
        (true, true) => "lt b s",
        (false, false) => "lt e",
        (false, true) => "lt e s",
    };
    let below = if is_left { "t2" } else { "t2 end" };
    let label = text(class, x, y - 700 + shift, &LABEL.ellipsis(&message.label, WORDS));
    let notes = (0..)
        .zip(note_lines(message))
        .map(|(row, line)| text(below, x, y + 1_700 + row * NOTE_LINE + shift, &line));
    std::iter::once(label).chain(notes).collect()
}
