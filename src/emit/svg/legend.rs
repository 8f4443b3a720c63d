//! The legend: only what the drawing uses is explained.

use crate::emit::svg::markup::{Element, Own, Px, rect, text};
use crate::layout::Rect;
use crate::text::{Font, Language, Text, Weight};
use crate::view::{Edge, Message, Node, Sequence, Stroke, Tone, View, Word, word};

/// How a key is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sample {
    /// A line with its classes and its arrowhead.
    Line(&'static str, &'static str),
    /// A filled cell.
    Fill(&'static str),
    /// A dashed card.
    Card,
    /// A card that opens a page.
    Page,
    /// A disc with a number.
    Disc,
}

/// One thing to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    sample: Sample,
    word: Word,
}

const FONT: Font = Font::new(Weight::Regular, 1_200);
const SAMPLE: i32 = 3_400;
const GAP: i32 = 700;
const APART: i32 = 2_600;
const ROW: i32 = 2_400;

/// A test whether a view uses a key.
type Uses = fn(&View) -> bool;

/// Keys with the test that asks for them.
const KEYS: [(Sample, Word, Uses); 12] = [
    (Sample::Line("ln", "url(#m..head)"), Word::MayAct, |view| {
        has_edge(view, |edge| edge.stroke == Stroke::Grant)
    }),
    (Sample::Line("ln", "url(#m..head)"), Word::Call, |view| {
        has_edge(view, |edge| edge.stroke == Stroke::Sync)
    }),
    (Sample::Line("ln as", "url(#m..head)"), Word::Asynchronous, |view| {
        has_edge(view, |edge| edge.stroke == Stroke::Async)
    }),
    (Sample::Line("ln at", "url(#m..head)"), Word::Attached, |view| {
        has_edge(view, |edge| edge.stroke == Stroke::Attach)
    }),
    (Sample::Line("ln", "url(#m..soft)"), Word::Soft, |view| has_edge(view, |edge| edge.soft)),
    (Sample::Line("ln pii", "url(#m..pii)"), Word::SensitiveData, |view| {
        has_edge(view, |edge| edge.sensitive)
    }),
    (Sample::Card, Word::Derived, |view| has_node(view, |node| node.derived)),
    (Sample::Page, Word::OpensPage, |view| has_node(view, |node| node.opens.is_some())),
    (Sample::Fill("z"), Word::ZoneUsed, |view| has_tone(view, Tone::Zone)),
    (Sample::Fill("zi"), Word::ZoneIdle, |view| has_tone(view, Tone::Idle)),
    (Sample::Fill("hh3"), Word::ShareOfBill, |view| {
        has_tone(view, Tone::Heat(3)) || has_tone(view, Tone::Heat(4))
    }),
    (Sample::Disc, Word::Findings, |view| has_node(view, |node| node.badge.is_some())),
];

fn has_edge(view: &View, test: impl FnMut(&Edge) -> bool) -> bool {
    view.edges.iter().any(test)
}

fn has_node(view: &View, test: impl FnMut(&Node) -> bool) -> bool {
    view.nodes.iter().any(test)
}

fn has_tone(view: &View, tone: Tone) -> bool {
    view.nodes.iter().flat_map(|node| &node.cells).any(|cell| cell.tone == tone)
}

/// The keys a view needs, in a fixed order.
pub(super) fn keys(view: &View) -> Vec<Key> {
    let used = KEYS.iter().filter(|(.., uses)| uses(view));
    used.map(|(sample, word, _)| Key { sample: *sample, word: *word }).collect()
}

/// The keys a sequence needs, in the same order.
pub(super) fn sequence_keys(sequence: &Sequence) -> Vec<Key> {
    let has = |test: fn(&Message) -> bool| sequence.messages.iter().any(test);
    let wanted = [
        (Word::Call, has(|message| !message.is_async)),
        (Word::Asynchronous, has(|message| message.is_async)),
        (Word::SensitiveData, has(|message| message.sensitive)),
    ];
    let used = KEYS.iter().filter(|(_, word, _)| wanted.contains(&(*word, true)));
    used.map(|(sample, word, _)| Key { sample: *sample, word: *word }).collect()
}

/// Draws keys in rows no wider than `width`; also says how high they are.
pub(super) fn draw(keys: &[Key], width: i32, language: Language) -> (Vec<Element>, i32) {
    let mut parts = vec![hairline(width)];
    let (mut x, mut y) = (0, 2_200);
    for key in keys {
        let words = FONT.ellipsis(&Text::new(word(key.word, language)), width - SAMPLE - GAP);
        let needed = SAMPLE + GAP + FONT.width(words.chars());
        if x > 0 && x + needed > width {
            (x, y) = (0, y + ROW);
        }
        parts.extend(sample(key.sample, x, y));
        parts.push(text("lg", x + SAMPLE + GAP, y + 420, &words));
        x += needed + APART;
    }
    (parts, if keys.is_empty() { 0 } else { y + 1_200 })
}

fn hairline(width: i32) -> Element {
    Element::new("path").with("class", "rule").with("d", Own(format!("M0 0H{}", Px(width))))
}

fn sample(sample: Sample, x: i32, y: i32) -> Vec<Element> {
    let area = Rect { x: x + 400, y: y - 700, w: SAMPLE - 800, h: 1_400 };
    match sample {
        Sample::Line(class, head) => vec![
            Element::new("path")
                .with("class", class)
                .with("d", Own(format!("M{} {}H{}", Px(x), Px(y), Px(x + SAMPLE))))
                .with("marker-end", head),
        ],
        Sample::Fill(class) => vec![rect(area, 400).with("class", class)],
        Sample::Card => vec![Element::new("g").with("class", "d").add(rect(area, 400).with("class", "box"))],
        Sample::Page => vec![
            rect(area, 400).with("class", "box"),
            Element::new("g").with("class", "c-network").add(rect(area.grown(-300), 200).with("class", "pg")),
        ],
        Sample::Disc => {
            let middle = x + SAMPLE / 2;
            let disc =
                Element::new("circle").with("class", "b-high").with("cx", Px(middle)).with("cy", Px(y));
            vec![disc.with("r", Px(900)), text("bt", middle, y + 430, &Text::new("2"))]
        }
    }
}
