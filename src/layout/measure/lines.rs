//! Lines on boxes.

use std::collections::BTreeSet;

use super::super::arena::Key;
use super::super::scene::{Defect, End, Point, Rect};
use super::super::tree::{Item, Nest};
use super::Sight;
use super::geometry::enters;

/// Lines through boxes and titles, borders crossed too often, ends beside their boxes.
pub(super) fn check(sight: &Sight, defects: &mut Vec<Defect>) {
    for (edge, line) in sight.lines.iter().enumerate() {
        through(sight, edge, line, defects);
        borders(sight, edge, line, defects);
        ends(sight, edge, line, defects);
    }
}

fn through(sight: &Sight, edge: usize, line: &[Point], defects: &mut Vec<Defect>) {
    let (mut nodes, mut groups, mut titles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (&a, &b) in line.iter().zip(line.iter().skip(1)) {
        let span = Rect::spanned(a, b);
        let node =
            |&at: &usize| sight.scene.nodes.get(at).is_some_and(|rect| enters(a, b, &rect.grown(-200)));
        nodes.extend(sight.node_grid.near(&span).filter(node));
        let drawn = |at: usize| sight.scene.groups.get(at);
        let group = |&at: &usize| drawn(at).is_some_and(|group| enters(a, b, &group.rect.grown(-200)));
        groups.extend(sight.group_grid.near(&span).filter(group));
        let title = |&at: &usize| drawn(at).is_some_and(|group| over_title(a, b, &group.title));
        titles.extend(sight.title_grid.near(&span).filter(title));
    }
    let (from, to) = sight.items(edge);
    groups.retain(|&group| !sight.holds(group, from) && !sight.holds(group, to));
    defects.extend(nodes.into_iter().map(|node| Defect::LineThroughNode(edge, node)));
    defects.extend(groups.into_iter().map(|group| Defect::LineThroughGroup(edge, group)));
    defects.extend(titles.into_iter().map(|group| Defect::LineOverTitle(edge, group)));
}

fn over_title(a: Point, b: Point, title: &Rect) -> bool {
    title.w > 0 && title.h > 0 && enters(a, b, &title.grown(-100))
}

/// The groups around an item, itself included.
fn around(sight: &Sight, item: Option<Item>) -> BTreeSet<Nest> {
    let mut found = BTreeSet::new();
    let root = sight.tree.root();
    let mut at = item.map_or(root, |item| sight.tree.nest(item).unwrap_or_else(|| sight.tree.parent(item)));
    while at != root {
        found.insert(at);
        at = sight.tree.parent(sight.tree.item_of(at));
    }
    found
}

/// A group that holds one end is entered or left once, a group that holds both or is an end never.
fn borders(sight: &Sight, edge: usize, line: &[Point], defects: &mut Vec<Defect>) {
    let (from, to) = sight.items(edge);
    let (sources, targets) = (around(sight, from), around(sight, to));
    for &nest in sources.union(&targets) {
        let own = [from, to].contains(&Some(sight.tree.item_of(nest)));
        let both = sources.contains(&nest) && targets.contains(&nest);
        let allowed = usize::from(!own && !both);
        let Some(group) = sight.scene.groups.get(nest.at()) else { continue };
        let excess = crossed(line, &group.rect).saturating_sub(allowed);
        defects.extend(std::iter::repeat_n(Defect::BorderCrossed(edge, nest.at()), excess));
    }
}

/// How often a line changes between inside and outside; 1.5 px around the border are neither.
fn crossed(line: &[Point], rect: &Rect) -> usize {
    let (inner, outer) = (rect.grown(-150), rect.grown(150));
    let mut inside: Option<bool> = None;
    let mut changes = 0;
    let mut note = |now: bool| {
        changes += usize::from(inside.is_some_and(|before| before != now));
        inside = Some(now);
    };
    for (&a, &b) in line.iter().zip(line.iter().skip(1)) {
        if !holds(&outer, a) {
            note(false);
        }
        if enters(a, b, &inner) {
            note(true);
        }
        if !holds(&outer, b) {
            note(false);
        }
    }
    changes
}

fn holds(rect: &Rect, at: Point) -> bool {
    rect.contains(&Rect { x: at.x, y: at.y, w: 0, h: 0 })
}

/// Ends lie within 3 px of the border of their box.
fn ends(sight: &Sight, edge: usize, line: &[Point], defects: &mut Vec<Defect>) {
    let Some(ends) = sight.graph.edges.get(edge).map(|edge| (edge.from, edge.to)) else { return };
    let on = |at: Option<&Point>, end: End| {
        let found = at.zip(sight.scene.rect(end));
        found.is_some_and(|(&at, rect)| holds(&rect.grown(300), at) && !holds(&rect.grown(-300), at))
    };
    let loose = [on(line.first(), ends.0), on(line.last(), ends.1)];
    defects.extend(loose.iter().filter(|&&on| !on).map(|_| Defect::LooseEnd(edge)));
}
