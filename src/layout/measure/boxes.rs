//! Boxes on boxes.

use super::super::arena::Key;
use super::super::scene::{Defect, Rect};
use super::super::tree::Item;
use super::Sight;

/// Overlaps and boxes outside their group; half a pixel of play.
pub(super) fn check(sight: &Sight, defects: &mut Vec<Defect>) {
    for (node, rect) in sight.scene.nodes.iter().enumerate() {
        nodes(sight, node, rect, defects);
    }
    for (group, drawn) in sight.scene.groups.iter().enumerate() {
        groups(sight, group, &drawn.rect, defects);
    }
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.grown(-50).overlaps(&b.grown(-50))
}

fn nodes(sight: &Sight, node: usize, rect: &Rect, defects: &mut Vec<Defect>) {
    let others = sight.node_grid.near(rect).filter(|&other| other > node);
    for other in others {
        if sight.scene.nodes.get(other).is_some_and(|other| overlap(rect, other)) {
            defects.push(Defect::NodesOverlap(node, other));
        }
    }
    let item = Some(Item::of(node));
    for group in sight.group_grid.near(rect) {
        let foreign = !sight.holds(group, item);
        if foreign && sight.scene.groups.get(group).is_some_and(|group| overlap(rect, &group.rect)) {
            defects.push(Defect::NodeMisplaced(node, group));
        }
    }
    let home = sight.graph.nodes.get(node).and_then(|node| node.parent);
    let outer = home.and_then(|home| Some((home, sight.scene.groups.get(home)?)));
    let missed = outer.filter(|(_, group)| !group.rect.grown(50).contains(rect));
    defects.extend(missed.map(|(home, _)| Defect::NodeMisplaced(node, home)));
}

fn groups(sight: &Sight, group: usize, rect: &Rect, defects: &mut Vec<Defect>) {
    let item = |group| sight.tree.item(super::super::scene::End::Group(group));
    let home = sight.graph.groups.get(group).and_then(|group| group.parent);
    let outer = home.and_then(|home| Some((home, sight.scene.groups.get(home)?)));
    let missed =
        outer.filter(|(home, outer)| sight.holds(*home, item(group)) && !outer.rect.grown(50).contains(rect));
    defects.extend(missed.map(|(home, _)| Defect::GroupMisplaced(group, home)));
    for other in sight.group_grid.near(rect).filter(|&other| other > group) {
        let nested = sight.holds(group, item(other)) || sight.holds(other, item(group));
        let touches = sight.scene.groups.get(other).is_some_and(|other| overlap(rect, &other.rect));
        if !nested && touches {
            defects.push(Defect::GroupsOverlap(group, other));
        }
    }
}
