//! Zones as bands behind the tiers: what runs in several zones lies across their bands. They are decoration: the yardstick
//! of layouts does not see them, and no tier has them whose things would lie on the wrong ones.

use std::collections::BTreeMap;

use crate::emit::svg::frame;
use crate::emit::svg::markup::{Element, rect, text};
use crate::layout::{Rect, Route, Scene};
use crate::text::Text;
use crate::view::{GroupKind, Node, Tone, View};

/// How far a band reaches above and below the things of its row, and beside the borders of its tier.
const BEYOND: i32 = 500;
const BESIDE: i32 = 200;
/// The letter of a zone: the box it needs, and where its baseline lies in it.
const LETTER: i32 = 900;
const LETTER_HEIGHT: i32 = 1_200;
const BASELINE: i32 = 1_020;

/// The bands of all tiers of a view.
pub(super) fn draw(view: &View, scene: &Scene) -> Vec<Element> {
    let tiers = view.groups.iter().enumerate().filter(|(_, group)| {
        matches!(group.kind, GroupKind::TierPublic | GroupKind::TierPrivate | GroupKind::TierIsolated)
    });
    tiers
        .filter_map(|(tier, group)| {
            Some(bands(view, scene, tier)?.with("class", frame::class_of(group.kind)))
        })
        .collect()
}

/// The bands of one tier; nothing when one of its things is not in all zones, or does not lie across all bands.
fn bands(view: &View, scene: &Scene, tier: usize) -> Option<Element> {
    let inside = view.nodes.iter().zip(&scene.nodes).filter(|(node, _)| node.parent == Some(tier));
    let zonal: Vec<(&Node, Rect)> =
        inside.filter(|(node, _)| is_zonal(node)).map(|(node, area)| (node, *area)).collect();
    let zones = letters(zonal.first()?.0);
    let is_everywhere = |node: &Node| node.cells.iter().all(|cell| cell.tone == Tone::Zone);
    if zones.len() < 2 || !zonal.iter().all(|(node, _)| is_everywhere(node)) {
        return None;
    }
    let frame = scene.groups.get(tier)?;
    let count = i32::try_from(zones.len()).ok()?;
    let mut parts = Vec::new();
    for row in rows(&zonal.iter().map(|(_, area)| *area).collect::<Vec<_>>()) {
        let area = Rect { x: frame.rect.x + BESIDE, w: frame.rect.w - 2 * BESIDE, ..spanned(&row) };
        let height = area.h / count;
        let lies_across = |card: &Rect| card.y < area.y + height && card.bottom() > area.bottom() - height;
        if area.overlaps(&frame.title) || !frame.rect.contains(&area) || !row.iter().all(lies_across) {
            return None;
        }
        for (zone, at) in zones.iter().zip(0..) {
            let band = Rect { y: area.y + at * height, h: height, ..area };
            let class = if at % 2 == 0 { "zb" } else { "zb zo" };
            parts.push(rect(band, 400).with("class", class));
            parts.extend(letter(scene, band, zone));
        }
    }
    Some(Element::new("g").add_all(parts).own_line())
}

fn is_zonal(node: &Node) -> bool {
    node.cells.iter().any(|cell| matches!(cell.tone, Tone::Zone | Tone::Idle))
}

/// The letters of zones, without what a thing is there.
fn letters(node: &Node) -> Vec<Text> {
    let first = |label: &Text| label.chars().take_while(|c| !c.is_whitespace()).collect::<String>();
    node.cells.iter().map(|cell| Text::new(first(&cell.label))).collect()
}

/// Boxes in rows: those whose heights overlap stand in one.
fn rows(cards: &[Rect]) -> Vec<Vec<Rect>> {
    let sorted: BTreeMap<(i32, i32), Rect> = cards.iter().map(|card| ((card.y, card.x), *card)).collect();
    let mut rows: Vec<Vec<Rect>> = Vec::new();
    for card in sorted.into_values() {
        match rows.last_mut().filter(|row| card.y < spanned(row).bottom()) {
            Some(row) => row.push(card),
            None => rows.push(vec![card]),
        }
    }
    rows
}

/// The heights of a row, and a little more.
fn spanned(row: &[Rect]) -> Rect {
    let top = row.iter().map(|card| card.y).min().unwrap_or(0) - BEYOND;
    let bottom = row.iter().map(Rect::bottom).max().unwrap_or(0) + BEYOND;
    Rect { x: 0, y: top, w: 0, h: bottom - top }
}

/// The letter of a zone at the left or the right end of its band, where no card, line or label is.
fn letter(scene: &Scene, band: Rect, zone: &Text) -> Option<Element> {
    let y = band.y + (band.h - LETTER_HEIGHT) / 2;
    let places = [band.x + 100, band.right() - 100 - LETTER];
    let mut free = places.into_iter().map(|x| Rect { x, y, w: LETTER, h: LETTER_HEIGHT }).filter(|area| {
        let is_free = |other: &Rect| !other.overlaps(area);
        let labels = scene.edges.iter().filter_map(|route| route.label.as_ref());
        scene.nodes.iter().all(is_free)
            && labels.clone().all(is_free)
            && !scene.edges.iter().any(|route| meets(route, area))
    });
    free.next().map(|area| text("zt", area.x + LETTER / 2, area.y + BASELINE, zone))
}

fn meets(route: &Route, area: &Rect) -> bool {
    let legs = route.points.iter().zip(route.points.iter().skip(1));
    legs.map(|(from, to)| Rect::spanned(*from, *to)).any(|leg| leg.meets(area))
}
