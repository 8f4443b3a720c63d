//! A view as a walk through its containers, from the outside in and back, without recursion.

use crate::view::View;

/// One step of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A container begins.
    Open(usize),
    /// A thing.
    Node(usize),
    /// The last container that began ends.
    Close,
}

/// Every container and thing of a view once: containers first, both in the view's order.
pub(super) fn walk(view: &View) -> Vec<Step> {
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
