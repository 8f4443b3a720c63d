//! Labels on everything.

use std::collections::BTreeSet;

use super::super::grid::Grid;
use super::super::scene::{Defect, Rect};
use super::geometry::enters;
use super::{BOX_CELL, Sight};

/// Labels on nodes, labels, lines, borders and titles, missing labels and labels away from their line.
pub(super) fn check(sight: &Sight, defects: &mut Vec<Defect>) {
    let wanted = sight.graph.edges.iter().zip(&sight.scene.edges).enumerate();
    let missing = wanted.filter(|(_, (edge, route))| edge.label.is_some() && route.label.is_none());
    defects.extend(missing.map(|(edge, _)| Defect::LabelMissing(edge)));
    let labels = sight.scene.edges.iter().enumerate();
    let labels: Vec<(usize, Rect)> = labels.filter_map(|(edge, route)| Some((edge, route.label?))).collect();
    let grid = Grid::over(sight.bounds, labels.iter().map(|label| label.1), BOX_CELL);
    for (number, &(edge, rect)) in labels.iter().enumerate() {
        let inner = rect.grown(-100);
        let later = grid.near(&rect).filter(|&at| at > number);
        for &(other, area) in later.filter_map(|at| labels.get(at)) {
            if area.overlaps(&inner) {
                defects.push(Defect::LabelsOverlap(edge, other));
            }
        }
        on_boxes(sight, edge, &inner, defects);
        on_lines(sight, edge, &inner, defects);
        if !is_near(sight, edge, &rect) {
            defects.push(Defect::LabelAway(edge));
        }
    }
}

fn on_boxes(sight: &Sight, edge: usize, inner: &Rect, defects: &mut Vec<Defect>) {
    for node in sight.node_grid.near(inner) {
        if sight.scene.nodes.get(node).is_some_and(|rect| rect.overlaps(inner)) {
            defects.push(Defect::LabelOnNode(edge, node));
        }
    }
    for group in sight.group_grid.near(inner) {
        let drawn = sight.scene.groups.get(group).map(|group| group.rect);
        if drawn.is_some_and(|rect| rect.overlaps(inner) && !rect.contains(inner)) {
            defects.push(Defect::LabelOnBorder(edge, group));
        }
    }
    for group in sight.title_grid.near(inner) {
        if sight.scene.groups.get(group).is_some_and(|group| group.title.overlaps(inner)) {
            defects.push(Defect::LabelOnTitle(edge, group));
        }
    }
}

fn on_lines(sight: &Sight, edge: usize, inner: &Rect, defects: &mut Vec<Defect>) {
    let pieces = sight.piece_grid.near(inner).filter_map(|at| sight.pieces.get(at));
    let over = pieces.filter(|piece| piece.edge != edge && enters(piece.a, piece.b, inner));
    let lines: BTreeSet<usize> = over.map(|piece| piece.edge).collect();
    defects.extend(lines.into_iter().map(|line| Defect::LabelOnLine(edge, line)));
}

/// Within 10 px.
fn is_near(sight: &Sight, edge: usize, rect: &Rect) -> bool {
    let Some(line) = sight.lines.get(edge) else { return false };
    let around = rect.grown(1_000);
    line.iter().zip(line.iter().skip(1)).any(|(&a, &b)| enters(a, b, &around))
}
