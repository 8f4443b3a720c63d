//! The layered engine: phase after phase, each container alone.

use std::collections::BTreeSet;

use super::arena::Arena;
use super::build;
use super::course::Courses;
use super::draw::{draw, turn};
use super::hierarchy::{Sheets, read_offsets};
use super::loose;
use super::measure::{Measures, measure};
use super::order::order;
use super::place::{Pads, place};
use super::plan::Plan;
use super::polish::polish;
use super::ports::offsets;
use super::rank::{Task, ranks};
use super::scene::{Direction, Graph, Scene, Size};
use super::sheet::{El, Kind, Sheet};
use super::stack::stack;
use super::tree::Nest;

/// Passes over the whole drawing in which crowded labels get a box of their own.
const PASSES: usize = 3;

/// Lays out a graph in its direction; under [`Direction::Auto`] in the better one.
pub(crate) fn layered(graph: &Graph) -> Scene {
    match graph.direction {
        Direction::Down => drawn(graph, false).0,
        Direction::Right => drawn(graph, true).0,
        Direction::Auto => better(graph),
    }
}

/// Large drawings that read well downwards are not laid out a second time, nor are those without a crossing.
const TRY_BOTH: usize = 300;

fn better(graph: &Graph) -> Scene {
    let down = drawn(graph, false);
    let fits = down.1.hard() == 0 && shape(&down.1) == 0;
    if fits && (down.1.crossings == 0 || graph.nodes.len() > TRY_BOTH) {
        return down.0;
    }
    let right = drawn(graph, true);
    if merit(&right.1) < merit(&down.1) { right.0 } else { down.0 }
}

/// Less is better: defects, crossings, how far the page is from a screen's shape, bends.
fn merit(measures: &Measures) -> (usize, usize, i64, usize) {
    (measures.hard(), measures.crossings, shape(measures), measures.bends)
}

/// 0 for a page between 0.6 and 2.0 times as wide as high, more for strips and towers.
fn shape(measures: &Measures) -> i64 {
    match measures.aspect.max(1) {
        high @ ..600 => 600_000 / high - 1_000,
        wide @ 2_001.. => wide / 2 - 1_000,
        _ => 0,
    }
}

/// One direction, polished unless that did harm, with its measures.
fn drawn(graph: &Graph, turned: bool) -> (Scene, Measures) {
    let plain = scene(graph, turned);
    let mut scene = plain.clone();
    polish(graph, &mut scene);
    let (mut scene, mut measures) = finished(graph, scene, turned);
    if measures.hard() > 0 {
        let other = finished(graph, plain, turned);
        if other.1.hard() < measures.hard() {
            (scene, measures) = other;
        }
    }
    scene.defects.clone_from(&measures.defects);
    (scene, measures)
}

fn finished(graph: &Graph, mut scene: Scene, turned: bool) -> (Scene, Measures) {
    if turned {
        turn(&mut scene);
    }
    let measures = measure(graph, &scene);
    (scene, measures)
}

/// All phases up to the drawing, before axes are turned back.
fn scene(graph: &Graph, turned: bool) -> Scene {
    let plan = Plan::new(graph, turned);
    let mut boxed: BTreeSet<usize> = loops(&plan);
    for pass in 0..PASSES {
        if pass + 1 == PASSES {
            boxed.extend(0..plan.ends.len());
        }
        let (sheets, crowded) = sheets(&plan, &boxed);
        if crowded.is_empty() || pass + 1 == PASSES {
            return draw(&plan, &sheets);
        }
        boxed.extend(crowded);
    }
    Scene::default()
}

/// Loops are too narrow for a label on their track.
fn loops(plan: &Plan) -> BTreeSet<usize> {
    let is_loop = |flow: &usize| plan.ends.get(*flow).copied().flatten().is_some_and(|(a, b)| a == b);
    (0..plan.ends.len()).filter(is_loop).collect()
}

/// All containers laid out, and the flows whose label found no place.
fn sheets(plan: &Plan, boxed: &BTreeSet<usize>) -> (Sheets, Vec<usize>) {
    let mut courses = Courses::new(plan);
    let mut sheets: Sheets = Arena::filled(plan.tree.kids.len(), Sheet::default());
    for &nest in &plan.tree.order {
        let task = Task {
            plan,
            nest,
            inner: &courses.inner[nest],
            passes: &courses.passes[nest],
            boxed: &|flow| boxed.contains(&flow),
        };
        let sheet = build::sheet(&task, &ranks(&task));
        courses.descend(plan, nest, &sheet);
        sheets[nest] = sheet;
    }
    order(plan, &mut sheets);
    let mut crowded = Vec::new();
    for &nest in plan.tree.order.iter().rev() {
        crowded.extend(finish(plan, &mut sheets, nest));
    }
    (sheets, crowded)
}

/// Coordinates of one container, when all its kids have theirs.
fn finish(plan: &Plan, sheets: &mut Sheets, nest: Nest) -> Vec<usize> {
    let mut sheet = std::mem::take(&mut sheets[nest]);
    let pads = Pads::new(plan, nest);
    for el in sheet.elements.keys() {
        if let Some(kid) = kid(plan, &sheet, el) {
            sheet.elements[el].size = sheets[kid].size;
        }
    }
    read_offsets(plan, sheets, nest, &mut sheet);
    offsets(plan, &mut sheet);
    place(plan, &mut sheet, pads);
    let crowded = stack(plan, &mut sheet, pads, nest == plan.tree.root());
    for &el in &sheet.peers {
        if let Some(kid) = kid(plan, &sheet, el) {
            sheets[kid].stretch(sheet.elements[el].size.h);
        }
    }
    let loose = sheet
        .loose
        .iter()
        .map(|&(item, _)| plan.tree.nest(item).map_or(plan.size[item], |kid| sheets[kid].size));
    let sizes: Vec<Size> = loose.collect();
    loose::place(plan, &mut sheet, pads, &sizes);
    sheets[nest] = sheet;
    crowded
}

fn kid(plan: &Plan, sheet: &Sheet, el: El) -> Option<Nest> {
    match sheet.elements[el].kind {
        Kind::Item(item) => plan.tree.nest(item),
        _ => None,
    }
}
