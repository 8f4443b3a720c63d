//! The lock of a layout: a text that says where everything stood, so that the next drawing keeps it there.
//!
//! One line a thing, names as in the pictures, lengths in hundredths of a pixel. A text that does not follow the form is
//! refused as a whole, with the number of the first line that does not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::layout::{Direction, Graph, GroupBox, Kept, Point, Rect, Route, Scene, Size};
use crate::text::{Ident, Phrase, phrase};
use crate::view::View;

/// The name of its file, which stands beside the model.
pub const LOCK: &str = "layout.lock";
/// The first line.
const HEAD: &str = "archc layout 1";
/// What stands above all other lines.
const NOTE: &str = "# Where the boxes and lines of the pictures stand. Written by `archc build --lock`; remove it to draw anew.\n";
/// No length is larger: a hundred thousand pixels.
const LARGEST: i32 = 10_000_000;

/// Where the things of one picture stood, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    direction: Direction,
    nodes: BTreeMap<String, Rect>,
    groups: BTreeMap<String, GroupBox>,
    edges: BTreeMap<String, Route>,
}

/// The places of all pictures, by model and picture: models that share a folder share the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<(String, String), Places>);

/// What is wrong with the text of a lock, and in which line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line.
    pub line: usize,
    /// What was wanted there.
    pub wanted: Phrase,
}

impl Places {
    /// Notes where everything of a picture stands.
    pub fn of(view: &View, scene: &Scene) -> Self {
        let name = |id: &Ident| id.as_str().to_owned();
        Self {
            direction: scene.direction,
            nodes: view.nodes.iter().map(|node| name(&node.id)).zip(scene.nodes.iter().copied()).collect(),
            groups: view
                .groups
                .iter()
                .map(|group| name(&group.id))
                .zip(scene.groups.iter().copied())
                .collect(),
            edges: view.edges.iter().map(|edge| name(&edge.id)).zip(scene.edges.iter().cloned()).collect(),
        }
    }

    /// The places in the order of a view.
    pub(in crate::emit) fn kept(&self, view: &View) -> Kept {
        let nodes = view.nodes.iter().map(|node| self.nodes.get(node.id.as_str()).copied()).collect();
        let groups = view.groups.iter().map(|group| self.groups.get(group.id.as_str()).copied()).collect();
        let edges = view.edges.iter().map(|edge| self.edges.get(edge.id.as_str()).cloned()).collect();
        Kept { direction: self.direction, nodes, groups, edges }
    }

    /// How many boxes of a drawing have the size they had.
    pub(in crate::emit) fn agreement(&self, view: &View, graph: &Graph) -> usize {
        let before = |id: &Ident| self.nodes.get(id.as_str()).map(|rect| Size { w: rect.w, h: rect.h });
        let boxes = view.nodes.iter().zip(&graph.nodes);
        boxes.filter(|(node, wanted)| before(&node.id) == Some(wanted.size)).count()
    }

    fn print(&self, out: &mut String) {
        // Writing to a string cannot fail, here and below.
        for (name, Rect { x, y, w, h }) in &self.nodes {
            let _ = writeln!(out, "node {name} {x} {y} {w} {h}");
        }
        for (name, GroupBox { rect, title }) in &self.groups {
            let _ = write!(out, "group {name}");
            for Rect { x, y, w, h } in [rect, title] {
                let _ = write!(out, " {x} {y} {w} {h}");
            }
            out.push('\n');
        }
        for (name, route) in &self.edges {
            let _ = write!(out, "line {name}");
            for Point { x, y } in &route.points {
                let _ = write!(out, " {x} {y}");
            }
            if let Some(Rect { x, y, w, h }) = route.label {
                let _ = write!(out, " label {x} {y} {w} {h}");
            }
            out.push('\n');
        }
    }

    /// Takes in one line; `None` when it has another form.
    fn read(&mut self, line: &str) -> Option<()> {
        let (kind, rest) = line.split_once(' ')?;
        let (name, numbers) = rest.split_once(' ').unwrap_or((rest, ""));
        let name = Ident::new(name)?.as_str().to_owned();
        let is_new = match kind {
            "node" => self.nodes.insert(name, rect(&lengths(numbers)?)?).is_none(),
            "group" => {
                let all = lengths(numbers)?;
                let (outer, title) = all.split_at_checked(4)?;
                self.groups.insert(name, GroupBox { rect: rect(outer)?, title: rect(title)? }).is_none()
            }
            "line" => {
                let (points, label) = match numbers.split_once("label") {
                    Some((points, label)) => (points, Some(rect(&lengths(label)?)?)),
                    None => (numbers, None),
                };
                self.edges.insert(name, Route { points: self::points(&lengths(points)?)?, label }).is_none()
            }
            _ => return None,
        };
        is_new.then_some(())
    }
}

fn lengths(text: &str) -> Option<Vec<i32>> {
    let number = |word: &str| word.parse::<i32>().ok().filter(|length| (0..=LARGEST).contains(length));
    text.split_ascii_whitespace().map(number).collect()
}

fn rect(numbers: &[i32]) -> Option<Rect> {
    if let [x, y, w, h] = *numbers { Some(Rect { x, y, w, h }) } else { None }
}

fn points(numbers: &[i32]) -> Option<Vec<Point>> {
    let pair = |pair: &[i32]| if let [x, y] = *pair { Some(Point { x, y }) } else { None };
    numbers.chunks(2).map(pair).collect()
}

impl Lock {
    /// The text of the lock.
    pub fn print(&self) -> String {
        let mut out = format!("{HEAD}\n{NOTE}");
        for ((model, view), places) in &self.0 {
            let direction = if places.direction == Direction::Right { "right" } else { "down" };
            let _ = writeln!(out, "\nview {model} {view} {direction}");
            places.print(&mut out);
        }
        out
    }

    /// Reads the text of a lock.
    ///
    /// # Errors
    /// The first line that does not follow the form.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let mut lock = Self::default();
        let mut open: Option<(String, String)> = None;
        for (place, line) in text.lines().map(str::trim_end).enumerate() {
            if place == 0 && line != HEAD {
                return Err(Mistake {
                    line: 1,
                    wanted: phrase!("the first line is `{HEAD}`", "la primera línea es `{HEAD}`"),
                });
            }
            if place == 0 || line.is_empty() || line.starts_with('#') {
                continue;
            }
            let taken = match line.strip_prefix("view ") {
                Some(rest) => begin(rest).and_then(|(name, places)| {
                    open = Some(name.clone());
                    lock.0.insert(name, places).is_none().then_some(())
                }),
                None => {
                    open.as_ref().and_then(|open| lock.0.get_mut(open)).and_then(|places| places.read(line))
                }
            };
            if taken.is_none() {
                return Err(Mistake { line: place + 1, wanted: form() });
            }
        }
        Ok(lock)
    }
}

/// The name of a picture and its direction.
fn begin(rest: &str) -> Option<((String, String), Places)> {
    let mut words = rest.split(' ');
    let [model, view] = [words.next()?, words.next()?];
    let direction = match words.next()? {
        "down" => Direction::Down,
        "right" => Direction::Right,
        _ => return None,
    };
    let name = |name: &str| Some(Ident::new(name)?.as_str().to_owned());
    let places = Places { direction, ..Places::default() };
    words.next().is_none().then_some(((name(model)?, name(view)?), places))
}

fn form() -> Phrase {
    Phrase::new(
        "a line is `view MODEL PICTURE down|right`, or `node`, `group` or `line` with a name that was not there before and lengths from 0 to 10000000",
        "una línea es `view MODELO DIBUJO down|right`, o bien `node`, `group` o `line` con un nombre nuevo y longitudes de 0 a 10000000",
    )
}
