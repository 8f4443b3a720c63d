//! A drawing that keeps what stood in an earlier one: boxes stay, what is new is put where there is room.

use super::draw::tidied;
use super::measure::{bounds, measure};
use super::occupancy::Occupancy;
use super::path::{Wanted, path};
use super::scene::{Direction, End, Graph, GroupBox, Point, Rect, Route, Scene, Size};
use super::spacing::PX;
use super::spot::{Newcomer, spots};
use super::tree::Tree;

/// An earlier drawing, in the order of the graph that is to be drawn; `None` for what was not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where flows pointed.
    pub direction: Direction,
    /// Boxes of nodes.
    pub nodes: Vec<Option<Rect>>,
    /// Boxes of groups.
    pub groups: Vec<Option<GroupBox>>,
    /// Lines.
    pub edges: Vec<Option<Route>>,
}

/// Free space around a drawing while it grows.
const MARGIN: i32 = 900 * PX;
/// The end of a line is on its box within this.
const ON: i32 = 3 * PX;
/// Larger graphs that have grown are drawn anew: the search for places and ways takes too long there.
const MOST: usize = 400;

/// Draws a graph so that what an earlier drawing had stays where it was. `None` when that cannot be done without a
/// defect: a group is new, or there is no room or no way for something.
pub fn keep(graph: &Graph, kept: &Kept) -> Option<Scene> {
    let is_grown = kept.nodes.iter().any(Option::is_none);
    if is_grown && graph.nodes.len() > MOST || kept.groups.len() != graph.groups.len() {
        return None;
    }
    let mut board = Board::new(graph, kept)?;
    board.settle()?;
    board.route_rest()?;
    let scene = board.finished();
    let measures = measure(graph, &scene);
    measures.defects.is_empty().then_some(scene)
}

struct Board<'a> {
    graph: &'a Graph,
    tree: Tree,
    scene: Scene,
    placed: Vec<bool>,
    /// False for lines without a way.
    drawn: Vec<bool>,
}

impl<'a> Board<'a> {
    fn new(graph: &'a Graph, kept: &Kept) -> Option<Self> {
        let groups: Option<Vec<GroupBox>> = kept.groups.iter().copied().collect();
        let titles = groups?.into_iter().zip(&graph.groups);
        let same = |(drawn, group): (GroupBox, &super::scene::Group)| GroupBox {
            title: Rect { w: group.title.w, h: group.title.h, ..drawn.title },
            ..drawn
        };
        let nodes = graph.nodes.iter().enumerate().map(|(node, wanted)| {
            let before = kept.nodes.get(node).copied().flatten();
            before.map(|rect| Rect {
                x: rect.x + (rect.w - wanted.size.w) / 2,
                w: wanted.size.w,
                h: wanted.size.h,
                ..rect
            })
        });
        let nodes: Vec<Option<Rect>> = nodes.collect();
        let mut board = Self {
            graph,
            tree: Tree::new(graph),
            placed: nodes.iter().map(Option::is_some).collect(),
            drawn: Vec::new(),
            scene: Scene {
                direction: kept.direction,
                nodes: nodes.into_iter().map(Option::unwrap_or_default).collect(),
                groups: titles.map(same).collect(),
                ..Scene::default()
            },
        };
        for (place, edge) in graph.edges.iter().enumerate() {
            let route = kept.edges.get(place).cloned().flatten().filter(|route| board.holds(edge, route));
            board.drawn.push(route.is_some());
            board.scene.edges.push(route.unwrap_or_default());
        }
        Some(board)
    }

    /// True when a line of the earlier drawing still ends on its boxes and carries the same label.
    fn holds(&self, edge: &super::scene::Edge, route: &Route) -> bool {
        let on = |at: Option<&Point>, end: End| {
            let rect = if self.is_placed(end) { self.scene.rect(end) } else { None };
            at.zip(rect).is_some_and(|(at, rect)| {
                let at = Rect { x: at.x, y: at.y, w: 0, h: 0 };
                rect.grown(ON).contains(&at) && !rect.grown(-ON).contains(&at)
            })
        };
        let label = route.label.map(|label| Size { w: label.w, h: label.h });
        label == edge.label && on(route.points.first(), edge.from) && on(route.points.last(), edge.to)
    }

    fn is_placed(&self, end: End) -> bool {
        match end {
            End::Node(node) => self.placed.get(node).copied().unwrap_or(false),
            End::Group(_) => true,
        }
    }

    /// Puts every new box where there is room, with the lines to what already stands.
    fn settle(&mut self) -> Option<()> {
        let new: Vec<usize> =
            (0..self.placed.len()).filter(|&node| self.placed.get(node) == Some(&false)).collect();
        for node in new {
            let mine: Vec<usize> = self.lines_of(node).collect();
            let newcomer = self.newcomer(node, &mine)?;
            let mut found = spots(&self.tree, &self.scene, &self.placed, &newcomer);
            let next = found.find_map(|(mut scene, rect)| {
                *scene.nodes.get_mut(node)? = rect;
                mine.iter().try_fold(scene, |scene, &edge| self.routed(scene, edge))
            });
            drop(found);
            self.scene = next?;
            *self.placed.get_mut(node)? = true;
            for edge in mine {
                *self.drawn.get_mut(edge)? = true;
            }
        }
        Some(())
    }

    /// The lines without a way between a new box and those that stand.
    fn lines_of(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let own = End::Node(node);
        let stands = move |end: End| end == own || self.is_placed(end);
        let all = self.graph.edges.iter().enumerate().zip(&self.drawn);
        all.filter(move |((_, edge), drawn)| {
            !**drawn && (edge.from == own || edge.to == own) && stands(edge.from) && stands(edge.to)
        })
        .map(|((place, _), _)| place)
    }

    fn newcomer(&self, node: usize, lines: &[usize]) -> Option<Newcomer> {
        let size = self.graph.nodes.get(node)?.size;
        let first = lines.iter().find_map(|line| self.graph.edges.get(*line));
        let other = first.map(|edge| if edge.from == End::Node(node) { edge.to } else { edge.from });
        Some(Newcomer {
            node,
            size,
            near: other.and_then(|end| self.scene.rect(end)),
            label: first.and_then(|edge| edge.label).map_or(0, |label| label.w),
        })
    }

    /// The drawing with a way for one more line.
    fn routed(&self, mut scene: Scene, place: usize) -> Option<Scene> {
        let edge = self.graph.edges.get(place)?;
        shift(&mut scene, MARGIN);
        let area = bounds(&scene);
        scene.size = Size { w: area.right() + MARGIN, h: area.bottom() + MARGIN };
        let (from, to) = (scene.rect(edge.from)?, scene.rect(edge.to)?);
        let wanted = Wanted {
            edge: place,
            from,
            to,
            label: edge.label,
            inside: (from.contains(&to), to.contains(&from)),
        };
        let room = Occupancy::new(self.graph, &scene);
        let (points, label) = path(&room, &wanted)?;
        *scene.edges.get_mut(place)? = Route { points, label };
        Some(scene)
    }

    /// Ways for the lines between boxes that all stand.
    fn route_rest(&mut self) -> Option<()> {
        let open = |edge: &usize| self.drawn.get(*edge) == Some(&false);
        let mut rest = (0..self.drawn.len()).filter(open);
        self.scene = rest.try_fold(self.scene.clone(), |scene, edge| self.routed(scene, edge))?;
        Some(())
    }

    fn finished(self) -> Scene {
        let mut scene = self.scene;
        let area = bounds(&scene);
        shift_by(&mut scene, Point { x: -area.x, y: -area.y });
        scene.size = Size { w: area.w, h: area.h };
        for route in &mut scene.edges {
            route.points = tidied(route.points.iter().copied());
        }
        scene
    }
}

/// Moves a drawing so that it begins at `margin`.
fn shift(scene: &mut Scene, margin: i32) {
    let area = bounds(scene);
    shift_by(scene, Point { x: margin - area.x, y: margin - area.y });
}

fn shift_by(scene: &mut Scene, by: Point) {
    let moved = |rect: &mut Rect| {
        rect.x += by.x;
        rect.y += by.y;
    };
    scene.nodes.iter_mut().for_each(&moved);
    for group in &mut scene.groups {
        moved(&mut group.rect);
        moved(&mut group.title);
    }
    for route in &mut scene.edges {
        route.label.iter_mut().for_each(&moved);
        for point in &mut route.points {
            *point = Point { x: point.x + by.x, y: point.y + by.y };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, keep};
    use crate::layout::chance::Chance;
    use crate::layout::measure::measure;
    use crate::layout::scene::{Direction, Edge, End, Graph, Group, Node, Scene, Size};
    use crate::layout::{Engine, displaced, layout};

    fn node(parent: Option<usize>) -> Node {
        Node { parent, size: Size { w: 15_000, h: 6_000 } }
    }

    fn flow(from: usize, to: usize) -> Edge {
        Edge { from: End::Node(from), to: End::Node(to), label: Some(Size { w: 5_000, h: 1_800 }) }
    }

    fn graph() -> Graph {
        let title = Size { w: 9_000, h: 1_800 };
        Graph {
            direction: Direction::Down,
            nodes: [None, Some(0), Some(1), Some(1), Some(2), Some(0)].map(node).to_vec(),
            groups: [None, Some(0), Some(0)].map(|parent| Group { parent, title, peer: false }).to_vec(),
            edges: vec![flow(0, 1), flow(1, 2), flow(1, 3), flow(2, 4), flow(3, 4), flow(0, 5)],
        }
    }

    fn kept(scene: &Scene, more: &Graph) -> Kept {
        Kept {
            direction: scene.direction,
            nodes: (0..more.nodes.len()).map(|node| scene.nodes.get(node).copied()).collect(),
            groups: scene.groups.iter().copied().map(Some).collect(),
            edges: (0..more.edges.len()).map(|edge| scene.edges.get(edge).cloned()).collect(),
        }
    }

    #[test]
    fn nothing_new_changes_nothing() {
        let graph = graph();
        let scene = layout(&graph, Engine::Layered);
        assert_eq!(keep(&graph, &kept(&scene, &graph)), Some(scene));
    }

    #[test]
    fn what_is_new_stands_clean_and_the_rest_stays() {
        let (graph, mut chance) = (graph(), Chance::new(47));
        let scene = layout(&graph, Engine::Layered);
        let mut still = 0;
        for _ in 0..40 {
            let mut more = graph.clone();
            more.nodes.push(node([None, Some(0), Some(1), Some(2)][chance.below(4)]));
            more.edges.push(flow(chance.below(6), 6));
            let Some(next) = keep(&more, &kept(&scene, &more)) else { continue };
            assert_eq!(measure(&more, &next).defects, []);
            let pairs: Vec<_> = scene.nodes.iter().copied().zip(next.nodes.iter().copied()).collect();
            still += usize::from(displaced(&pairs, 0) == 0);
        }
        assert!(still >= 36, "{still} of 40");
    }

    #[test]
    fn a_new_group_is_drawn_anew() {
        let (graph, mut more) = (graph(), graph());
        more.groups.push(Group { parent: None, title: Size::default(), peer: false });
        let mut kept = kept(&layout(&graph, Engine::Layered), &more);
        kept.groups.push(None);
        assert_eq!(keep(&more, &kept), None);
    }
}
