//! Frames: the boxes of containers and their titles.

use crate::emit::svg::markup::{Element, Own, glyph, rect, text};
use crate::layout::{GroupBox, Size};
use crate::text::{Font, Ident, Text, Weight};
use crate::view::{Group, GroupKind};

const TITLE: Font = Font::new(Weight::SemiBold, 1_300);
const NOTE: Font = Font::new(Weight::Regular, 1_200);
const GLYPH: i32 = 1_600;
const GAP: i32 = 600;
const HEIGHT: i32 = 2_000;
const TITLE_WIDTH: i32 = 26_000;
const NOTE_WIDTH: i32 = 22_000;

/// A sort of container: its class and its glyph.
const LOOKS: [(GroupKind, &str, &str); 8] = [
    (GroupKind::Cloud, "g-cloud", "cloud"),
    (GroupKind::Region, "g-region", "region"),
    (GroupKind::Vpc, "g-vpc", "network"),
    (GroupKind::TierPublic, "g-public", "globe"),
    (GroupKind::TierPrivate, "g-private", "lock"),
    (GroupKind::TierIsolated, "g-isolated", "shield"),
    (GroupKind::Group, "g-group", "people"),
    (GroupKind::Boundary, "g-boundary", "shield"),
];

fn look(kind: GroupKind) -> (&'static str, &'static str) {
    LOOKS
        .iter()
        .find(|(known, ..)| *known == kind)
        .map_or(("g-group", "people"), |(_, class, name)| (class, name))
}

/// The glyph of a sort of container.
pub(super) fn glyph_of(kind: GroupKind) -> &'static str {
    look(kind).1
}

/// The class of a sort of container.
pub(super) fn class_of(kind: GroupKind) -> &'static str {
    look(kind).0
}

/// The title of a container as it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Head {
    title: Text,
    note: Text,
    /// Its size.
    pub(super) size: Size,
}

/// Cuts and measures the title of a container.
pub(super) fn measure(group: &Group) -> Head {
    let title = TITLE.ellipsis(&group.title, TITLE_WIDTH);
    let note = NOTE.ellipsis(&group.note, NOTE_WIDTH);
    let beside = if note.is_empty() { 0 } else { NOTE.width(note.chars()) + 2 * GAP };
    let width = GLYPH + GAP + TITLE.width(title.chars()) + beside;
    Head { title, note, size: Size { w: width, h: HEIGHT } }
}

/// Draws a container; `parent` is the name of the one around it.
pub(super) fn draw(group: &Group, head: &Head, place: &GroupBox, parent: Option<&Ident>) -> Element {
    let (class, _) = look(group.kind);
    let derived = if group.derived { " g-d" } else { "" };
    Element::new("g")
        .with("id", &group.id)
        .with("class", Own(format!("{class}{derived}")))
        .with("data-kind", "group")
        .with("data-id", &group.id)
        .with_some("data-parent", parent)
        .with("role", "graphics-object")
        .add(Element::new("title").say(&group.title))
        .add(rect(place.rect, 1_000).with("class", "f"))
        .add(title(group, head, place))
}

fn title(group: &Group, head: &Head, place: &GroupBox) -> Element {
    let (_, symbol) = look(group.kind);
    let area = place.title;
    let x = area.x + GLYPH + GAP;
    let note_x = x + TITLE.width(head.title.chars()) + 2 * GAP;
    let note = (!head.note.is_empty()).then(|| text("gn", note_x, area.y + 1_450, &head.note));
    Element::new("g")
        .with("data-kind", "header")
        .with("data-for", &group.id)
        .add(rect(area, 0).with("fill", "none"))
        .add(glyph(symbol, area.x, area.y + 200, GLYPH).with("class", "k gk"))
        .add(text("gt", x, area.y + 1_450, &head.title))
        .add_all(note)
}
