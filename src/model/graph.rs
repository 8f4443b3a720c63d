//! Questions about the shape of the system: cycles, reachability, components.
//!
//! Built on petgraph's iterative algorithms, so that a chain of a million services is no deeper than one of two.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;

use crate::model::{Flow, Model, ServiceId};

/// The directed graph of some flows of a model; its nodes are the services.
#[derive(Debug, Clone)]
pub struct FlowGraph {
    graph: DiGraph<ServiceId, ()>,
}

impl FlowGraph {
    /// The graph of the whole flows that `keep` picks, from caller to called.
    pub fn new(model: &Model, keep: impl Fn(&Flow) -> bool) -> Self {
        let mut graph = DiGraph::with_capacity(model.services.len(), model.flows.len());
        for id in model.services.ids() {
            graph.add_node(id);
        }
        for (_, flow) in model.whole_flows().filter(|(_, flow)| keep(flow)) {
            graph.add_edge(node(flow.from), node(flow.to), ());
        }
        Self { graph }
    }

    /// Services that call each other in a circle, or themselves; each circle in model order.
    pub fn cycles(&self) -> Vec<Vec<ServiceId>> {
        let is_cycle = |component: &Vec<NodeIndex>| match component.as_slice() {
            [single] => self.graph.contains_edge(*single, *single),
            _ => true,
        };
        let mut cycles: Vec<Vec<ServiceId>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(is_cycle)
            .map(|component| services(&component))
            .collect();
        cycles.sort();
        cycles
    }

    /// The services that flows lead to from `start`, itself included, in model order.
    pub fn reachable(&self, start: ServiceId) -> Vec<ServiceId> {
        self.reachable_from([start])
    }

    /// The services that flows lead to from any of `starts`, themselves included, in model order.
    pub fn reachable_from(&self, starts: impl IntoIterator<Item = ServiceId>) -> Vec<ServiceId> {
        let mut walk = Dfs::empty(&self.graph);
        let mut found = Vec::new();
        for start in starts {
            // What was found from an earlier one is not walked again.
            walk.move_to(node(start));
            while let Some(next) = walk.next(&self.graph) {
                found.push(next);
            }
        }
        services(&found)
    }
}

fn node(id: ServiceId) -> NodeIndex {
    NodeIndex::new(id.index())
}

fn services(nodes: &[NodeIndex]) -> Vec<ServiceId> {
    let mut services: Vec<ServiceId> = nodes.iter().map(|node| ServiceId::from_index(node.index())).collect();
    services.sort();
    services
}
