//! A view written as nested blocks, from the outside in and back, without recursion.

use crate::view::{Group, Node, View};

/// One step of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A container begins.
    Open(usize),
    /// A thing.
    Node(usize),
    /// The last container that began ends.
    Close,
}

/// How a tool writes containers and things.
pub(super) struct Blocks {
    /// The lines that begin a container; those after the first stand inside of it.
    pub open: fn(&Group) -> Vec<String>,
    /// The line of a thing.
    pub card: fn(&Node) -> String,
    /// The line that ends a container.
    pub close: &'static str,
    /// How deep the outermost blocks stand.
    pub depth: usize,
}

impl Blocks {
    /// Every container and thing of a view, one a line, two blanks a level.
    pub(super) fn write(&self, view: &View) -> String {
        let mut out = String::new();
        let mut depth = self.depth;
        let mut line = |depth: usize, text: &str| out.extend(["  ".repeat(depth).as_str(), text, "\n"]);
        for step in walk(view) {
            match step {
                Step::Open(group) => {
                    let texts = view.groups.get(group).map(self.open).unwrap_or_default();
                    for (at, text) in texts.iter().enumerate() {
                        line(depth + at.min(1), text);
                    }
                    depth += 1;
                }
                Step::Node(node) => {
                    if let Some(node) = view.nodes.get(node) {
                        line(depth, &(self.card)(node));
                    }
                }
                Step::Close => {
                    depth -= 1;
                    line(depth, self.close);
                }
            }
        }
        out
    }
}

/// Every container and thing of a view once: containers first, both in the view's order.
fn walk(view: &View) -> Vec<Step> {
    let root = view.groups.len();
    let mut inside: Vec<Vec<Step>> = vec![Vec::new(); root + 1];
    let mut put = |parent: Option<usize>, step| {
        let home = parent.filter(|parent| *parent < root).unwrap_or(root);
        inside.get_mut(home).map(|list| list.push(step))
    };
    for (index, group) in view.groups.iter().enumerate() {
        put(group.parent, Step::Open(index));
    }
    for (index, node) in view.nodes.iter().enumerate() {
        put(node.parent, Step::Node(index));
    }
    let mut steps = Vec::new();
    let mut waiting: Vec<Step> = inside.get(root).into_iter().flatten().rev().copied().collect();
    while let Some(step) = waiting.pop() {
        steps.push(step);
        if let Step::Open(group) = step {
            waiting.push(Step::Close);
            waiting.extend(inside.get(group).into_iter().flatten().rev());
        }
    }
    steps
}
