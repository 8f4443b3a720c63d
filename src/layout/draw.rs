//! From sheets to a scene: places on the page, pieces of flows joined, axes turned back.

use super::arena::Arena;
use super::hierarchy::Sheets;
use super::plan::Plan;
use super::scene::{Direction, GroupBox, Point, Rect, Route, Scene, Size};
use super::sheet::{El, Kind, Link, Seg, Shape, Sheet};
use super::spacing::LINE_GAP;
use super::tree::{Item, Nest};

/// Draws all sheets; axes are not turned back.
pub(crate) fn draw(plan: &Plan, sheets: &Sheets) -> Scene {
    let corners = corners(plan, sheets);
    let page = sheets[plan.tree.root()].size;
    let mut scene = Scene {
        direction: Direction::Down,
        size: page,
        edges: routes(plan, sheets, &corners),
        ..Scene::default()
    };
    for item in corners.keys() {
        let at = corners[item];
        match plan.tree.nest(item) {
            None => scene.nodes.push(boxed(at, plan.size[item])),
            Some(nest) if nest == plan.tree.root() => {}
            Some(nest) => {
                let rect = boxed(at, sheets[nest].size);
                let title = boxed(shifted(at, sheets[nest].title), plan.title[nest]);
                scene.groups.push(GroupBox { rect, title });
            }
        }
    }
    scene
}

fn boxed(at: Point, size: Size) -> Rect {
    Rect { x: at.x, y: at.y, w: size.w, h: size.h }
}

fn shifted(at: Point, by: Point) -> Point {
    Point { x: at.x + by.x, y: at.y + by.y }
}

/// The upper left corner of each item on the page.
fn corners(plan: &Plan, sheets: &Sheets) -> Arena<Item, Point> {
    let mut corners = Arena::filled(plan.size.len(), Point::default());
    for &nest in &plan.tree.order {
        let (sheet, at) = (&sheets[nest], corners[plan.tree.item_of(nest)]);
        for element in sheet.elements.iter() {
            if let Kind::Item(item) = element.kind {
                corners[item] = shifted(at, Point { x: element.x, y: element.y });
            }
        }
        for &(item, place) in &sheet.loose {
            corners[item] = shifted(at, place);
        }
    }
    corners
}

/// A piece of a line with the place it takes in the whole.
type Piece = (i64, Vec<Point>);

fn routes(plan: &Plan, sheets: &Sheets, corners: &Arena<Item, Point>) -> Vec<Route> {
    let mut pieces: Arena<usize, Vec<Piece>> = Arena::filled(plan.ends.len(), Vec::new());
    let mut labels: Arena<usize, Option<Rect>> = Arena::filled(plan.ends.len(), None);
    for &nest in &plan.tree.order {
        let corner = corners[plan.tree.item_of(nest)];
        for link in &sheets[nest].links {
            let mut points: Vec<Point> =
                shape(&sheets[nest], link).iter().map(|&p| shifted(corner, p)).collect();
            if !link.along {
                points.reverse();
            }
            pieces[link.flow].push((link.phase, points));
            if let Some(rect) = label(plan, sheets, nest, link) {
                let at = shifted(corner, Point { x: rect.x, y: rect.y });
                labels[link.flow] = Some(Rect { x: at.x, y: at.y, ..rect });
            }
        }
    }
    let joined = pieces.iter_mut().map(|pieces| join(pieces));
    joined.zip(labels.iter()).map(|(points, &label)| Route { points, label }).collect()
}

fn join(pieces: &mut [Piece]) -> Vec<Point> {
    pieces.sort_by_key(|piece| piece.0);
    tidied(pieces.iter().flat_map(|piece| piece.1.iter().copied()))
}

/// Exchanges the axes of a scene.
pub(crate) fn turn(scene: &mut Scene) {
    scene.direction = Direction::Right;
    scene.size = scene.size.turned();
    for rect in &mut scene.nodes {
        *rect = rect.turned();
    }
    for group in &mut scene.groups {
        *group = GroupBox { rect: group.rect.turned(), title: group.title.turned() };
    }
    for route in &mut scene.edges {
        for point in &mut route.points {
            *point = point.turned();
        }
        route.label = route.label.map(|label| label.turned());
    }
}

/// Drops points that repeat or lie on a straight run.
pub(crate) fn tidied(points: impl IntoIterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        while let [.., a, b] = kept.as_slice() {
            let upright = a.x == b.x && b.x == point.x && (a.y < b.y) == (b.y < point.y);
            let level = a.y == b.y && b.y == point.y && (a.x < b.x) == (b.x < point.x);
            if !upright && !level {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

fn shape(sheet: &Sheet, link: &Link) -> Vec<Point> {
    match &link.shape {
        Shape::Line(segs) => walk(sheet, segs),
        Shape::Stub(el) => vec![Point { x: sheet.elements[*el].x, y: sheet.elements[*el].y }],
        Shape::Bridge(bridge) => {
            let span = &sheet.spans[*bridge];
            let (from, to) = sheet.span_x(*bridge);
            let under = |el: El| sheet.elements[el].rect().bottom();
            vec![
                Point { x: from, y: under(span.from) },
                Point { x: from, y: span.track },
                Point { x: to, y: span.track },
                Point { x: to, y: under(span.to) },
            ]
        }
        Shape::Over(left, right, label) => over(sheet, left, right, *label),
    }
}

fn over(sheet: &Sheet, left: &[Seg], right: &[Seg], label: El) -> Vec<Point> {
    let rect = sheet.elements[label].rect();
    let level = rect.y + rect.h / 2;
    let mut points = walk(sheet, left);
    let mut back = walk(sheet, right);
    back.reverse();
    let ends: Vec<i32> = points.last().into_iter().chain(back.first()).map(|point| point.x).collect();
    points.extend(ends.iter().map(|&x| Point { x, y: level }));
    points.extend(back);
    points
}

fn walk(sheet: &Sheet, segs: &[Seg]) -> Vec<Point> {
    let mut points = Vec::new();
    for &key in segs {
        let seg = &sheet.segs[key];
        let (upper, lower) = (sheet.upper_x(key), sheet.lower_x(key));
        points.push(Point { x: upper, y: sheet.elements[seg.top].rect().bottom() });
        if upper != lower {
            points.push(Point { x: upper, y: seg.track });
            if let Some(leg) = seg.dogleg {
                points.push(Point { x: leg.x, y: seg.track });
                points.push(leg);
                points.push(Point { x: lower, y: leg.y });
            } else {
                points.push(Point { x: lower, y: seg.track });
            }
        }
        points.push(Point { x: lower, y: sheet.elements[seg.bottom].y });
    }
    points
}

fn label(plan: &Plan, sheets: &Sheets, nest: Nest, link: &Link) -> Option<Rect> {
    let sheet = &sheets[nest];
    plan.label(link.flow)?;
    match &link.shape {
        Shape::Line(segs) => {
            let labels = segs.iter().map(|&seg| sheet.segs[seg].bottom);
            let mut labels = labels.filter(|&el| sheet.elements[el].kind == Kind::Label);
            labels.next().map(|el| sheet.elements[el].rect())
        }
        Shape::Bridge(bridge) => sheet.spans[*bridge].label,
        Shape::Over(_, _, el) => {
            let rect = sheet.elements[*el].rect();
            Some(Rect { x: rect.x + LINE_GAP, w: rect.w - 2 * LINE_GAP, ..rect })
        }
        Shape::Stub(_) => None,
    }
}
