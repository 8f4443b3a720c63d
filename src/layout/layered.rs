//! The layered engine: phase after phase, each container alone.

use std::collections::BTreeSet;

use super::arena::Arena;
use super::build;
use super::course::Courses;
use super::draw::{draw, turn};
use super::gather::gathered;
use super::hierarchy::{Sheets, read_offsets};
use super::loose;
use super::measure::{Measures, measure};
use super::order::order;
use super::place::{Pads, place};
use super::plan::{FOLD, Plan, Way, weight};
use super::polish::polish;
use super::ports::offsets;
use super::rank::{Task, ranks};
use super::scene::{Direction, Graph, Scene, Size};
use super::sheet::{El, Kind, Sheet};
use super::stack::stack;
use super::tree::Nest;

/// Passes over the whole drawing in which crowded labels get a box of their own.
const PASSES: usize = 3;

/// Downwards, to the right, and the same with towers folded to rows.
const DOWN: Way = Way { turned: false, fold: 0 };
const RIGHT: Way = Way { turned: true, fold: 0 };
const DOWN_FOLDED: Way = Way { turned: false, fold: FOLD };
const RIGHT_FOLDED: Way = Way { turned: true, fold: FOLD };

/// Lays out a graph in its direction; under [`Direction::Auto`] in the better one.
pub(crate) fn layered(graph: &Graph) -> Scene {
    let large = graph.nodes.len() > LARGE;
    match graph.direction {
        Direction::Down | Direction::Auto if large => best(graph, &[DOWN]),
        Direction::Right if large => best(graph, &[RIGHT]),
        Direction::Down => best(graph, &[DOWN, DOWN_FOLDED]),
        Direction::Right => best(graph, &[RIGHT, RIGHT_FOLDED]),
        Direction::Auto if graph.nodes.len() > TRY_BOTH => best(graph, &[DOWN, DOWN_FOLDED]),
        Direction::Auto => best(graph, &[DOWN, RIGHT, DOWN_FOLDED, RIGHT_FOLDED]),
    }
}

/// Large drawings are tried in few ways only.
const TRY_BOTH: usize = 60;
/// Larger ones in one: nobody reads them on a page, and folding them would buy its shape with crossings.
const LARGE: usize = 300;
/// The shape a folded drawing is corrected to, in thousandths of its height.
const PAGE: i64 = 1_200;

/// The best of some ways. Folding is tried only when nothing before it gives a page, and once more with another width
/// when that gave none.
fn best(graph: &Graph, ways: &[Way]) -> Scene {
    let mut found: Option<(Scene, Measures)> = None;
    for way in ways {
        let known = found.as_ref().map(|(_, measures)| merit(graph, measures));
        if known.is_some_and(|known| is_enough(known, *way, graph)) {
            break;
        }
        let first = drawn(graph, *way);
        let again = corrected(*way, &first.1).filter(|_| graph.nodes.len() <= TRY_BOTH);
        let second = again.map(|way| drawn(graph, way));
        for next in std::iter::once(first).chain(second) {
            if found.as_ref().is_none_or(|known| is_better(graph, &next.1, &known.1)) {
                found = Some(next);
            }
        }
    }
    found.map(|(scene, _)| scene).unwrap_or_default()
}

/// Is a drawing better than the one before? In a direction that was asked for, shape is not bought with crossings.
fn is_better(graph: &Graph, next: &Measures, known: &Measures) -> bool {
    let is_free = graph.direction == Direction::Auto || next.crossings <= known.crossings;
    is_free && merit(graph, next) < merit(graph, known)
}

/// The same way with a width that should give a page, when it was folded and gave none.
fn corrected(way: Way, measures: &Measures) -> Option<Way> {
    let aspect = measures.aspect.max(1);
    let fold = if way.turned { way.fold * aspect / PAGE } else { way.fold * PAGE / aspect };
    (way.fold > 0 && shape(measures) > 0).then_some(Way { fold: fold.clamp(5, 1_000), ..way })
}

/// A page without defects is enough where folding would be next, and one without crossings where anything would.
fn is_enough(known: Merit, next: Way, graph: &Graph) -> bool {
    let is_page = known.hard == 0 && known.shape == 0;
    is_page && (next.fold > 0 || known.crossings == 0 || graph.nodes.len() > TRY_BOTH)
}

/// How good a drawing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Merit {
    hard: usize,
    /// Crossings and the shape of the page, weighed.
    cost: i64,
    bends: usize,
    shape: i64,
    crossings: usize,
}

/// Less is better. Crossings and the size of the drawing count more the farther its shape is from that of a page.
fn merit(graph: &Graph, measures: &Measures) -> Merit {
    let (shape, crossings) = (shape(measures), measures.crossings);
    let cost = (weight(crossings + graph.nodes.len() / 4) + 2) * (1_000 + 2 * shape);
    Merit { hard: measures.hard(), cost, bends: measures.bends, shape, crossings }
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
fn drawn(graph: &Graph, way: Way) -> (Scene, Measures) {
    let plain = unframed(graph, way);
    let mut scene = plain.clone();
    polish(graph, &mut scene);
    let (mut scene, mut measures) = finished(graph, scene, way.turned);
    if measures.hard() > 0 {
        let other = finished(graph, plain, way.turned);
        if other.1.hard() < measures.hard() {
            (scene, measures) = other;
        }
    }
    scene.defects.clone_from(&measures.defects);
    (scene, measures)
}

/// Laid out with containers of many kids divided by frames, which are not drawn.
fn unframed(graph: &Graph, way: Way) -> Scene {
    let framed = gathered(graph);
    let mut scene = scene(framed.as_ref().unwrap_or(graph), way);
    scene.groups.truncate(graph.groups.len());
    scene
}

fn finished(graph: &Graph, mut scene: Scene, turned: bool) -> (Scene, Measures) {
    if turned {
        turn(&mut scene);
    }
    let measures = measure(graph, &scene);
    (scene, measures)
}

/// All phases up to the drawing, before axes are turned back.
fn scene(graph: &Graph, way: Way) -> Scene {
    let plan = Plan::new(graph, way);
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

#[cfg(test)]
mod tests {
    use super::{DOWN, DOWN_FOLDED, PASSES, Plan, RIGHT, RIGHT_FOLDED, Sheets, loops, scene, sheets};
    use crate::layout::chance::Chance;
    use crate::layout::measure::measure;
    use crate::layout::polish::polish;
    use crate::layout::scene::{Edge, End, Graph, Group, Node, Size};

    /// A nested graph with rings, loops and parallel flows.
    fn random(chance: &mut Chance) -> Graph {
        let (groups, nodes) = (chance.below(5), 2 + chance.below(14));
        let length = |chance: &mut Chance, least: i32| least + 100 * i32::try_from(chance.below(80)).unwrap();
        let mut graph = Graph::default();
        for group in 0..groups {
            let parent = (group > 0 && chance.below(2) == 0).then(|| chance.below(group));
            let title = Size { w: length(chance, 5_000), h: 1_800 };
            graph.groups.push(Group { parent, title, peer: chance.below(4) == 0 });
        }
        for _ in 0..nodes {
            let parent = (groups > 0 && chance.below(4) > 0).then(|| chance.below(groups));
            let size = Size { w: length(chance, 9_000), h: length(chance, 4_000) };
            graph.nodes.push(Node { parent, size });
        }
        for _ in 0..2 * nodes {
            let [from, to] = [0, 1].map(|_| End::Node(chance.below(nodes)));
            let label = (chance.below(2) == 0).then(|| Size { w: length(chance, 2_000), h: 1_400 });
            graph.edges.push(Edge { from, to, label });
        }
        graph
    }

    /// Each element stands once, in its own layer, beside its neighbours and under the layer above.
    fn assert_in_order(plan: &Plan, sheets: &Sheets) {
        for nest in sheets.keys() {
            let sheet = &sheets[nest];
            let mut seen = 0;
            let mut floor = i32::MIN;
            for layer in sheet.layers.keys() {
                let row = &sheet.layers[layer];
                seen += row.len();
                for (place, &el) in row.iter().enumerate() {
                    assert_eq!((sheet.place[el], sheet.elements[el].layer), (place, layer));
                    assert!(sheet.elements[el].y >= floor, "a layer reaches into the next");
                }
                for (a, b) in row.iter().zip(row.iter().skip(1)) {
                    assert!(sheet.elements[*a].rect().right() < sheet.elements[*b].x, "neighbours overlap");
                }
                floor = row
                    .iter()
                    .map(|&el| sheet.elements[el].rect().bottom())
                    .max()
                    .unwrap_or(floor)
                    .max(floor);
            }
            assert_eq!(seen, sheet.elements.len(), "an element is missing in its layer");
            for seg in sheet.segs.iter() {
                assert_eq!(sheet.elements[seg.top].layer + 1, sheet.elements[seg.bottom].layer);
            }
            let boxes = plan.tree.kids[nest].len();
            assert_eq!(sheet.homes.iter().flatten().count() + sheet.loose.len(), boxes, "a box is missing");
        }
    }

    #[test]
    fn layers_orders_and_places_hold_together() {
        let mut chance = Chance::new(41);
        for _ in 0..60 {
            let graph = random(&mut chance);
            for way in [DOWN, RIGHT, DOWN_FOLDED, RIGHT_FOLDED] {
                let plan = Plan::new(&graph, way);
                let mut boxed = loops(&plan);
                for _ in 0..PASSES {
                    let (sheets, crowded) = sheets(&plan, &boxed);
                    assert_in_order(&plan, &sheets);
                    boxed.extend(crowded);
                }
            }
        }
    }

    #[test]
    fn polish_adds_no_crossing_no_corner_and_no_defect() {
        let mut chance = Chance::new(43);
        for _ in 0..60 {
            let graph = random(&mut chance);
            let plain = scene(&graph, DOWN);
            let mut polished = plain.clone();
            polish(&graph, &mut polished);
            let (before, after) = (measure(&graph, &plain), measure(&graph, &polished));
            assert!(after.crossings <= before.crossings && after.bends <= before.bends);
            assert!(after.hard() <= before.hard());
            assert_eq!((plain.nodes, plain.groups), (polished.nodes, polished.groups));
        }
    }
}
