//! What goes where: services and their flows without networks, with teams, trust boundaries and classes of data.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Mode;
use crate::check::Review;
use crate::model::{ContainerKind, Flow, Model, Origin, PlaceId, Service, ServiceId};
use crate::text::{Ident, Language, Text};
use crate::view::gather;
use crate::view::words::{Word, text};
use crate::view::{Direction, Edge, End, Group, GroupKind, Node, View};

/// The data-flow view; nothing when no data flows.
pub(super) fn dataflow(review: &Review, language: Language) -> Option<View> {
    let model = &review.model;
    let flows: Vec<&Flow> = model.flows.values().filter(|flow| is_shown(model, flow)).collect();
    let ends: BTreeSet<ServiceId> = flows.iter().flat_map(|flow| [flow.from, flow.to]).collect();
    if ends.is_empty() {
        return None;
    }
    let mut teams = Teams::new(model, language);
    let mut view =
        View { name: "dataflow".to_owned(), title: text(Word::DataFlow, language), ..View::default() };
    let mut places: BTreeMap<ServiceId, usize> = BTreeMap::new();
    for id in ends {
        let service = &model.services[id];
        places.insert(id, view.nodes.len());
        let (parent, cells) = (teams.of(service), gather::class_cells(service));
        view.nodes.push(Node { parent, cells, ..gather::node(review, service, language) });
    }
    for flow in flows {
        if let (Some(from), Some(to)) = (places.get(&flow.from), places.get(&flow.to)) {
            let edge = edge(model, flow, (*from, *to), &view.edges);
            view.edges.push(edge);
        }
    }
    Some(View { direction: Direction::Auto, groups: teams.groups, ..view })
}

/// Whole flows of data; what is attached to a derived thing (a key) moves none.
fn is_shown(model: &Model, flow: &Flow) -> bool {
    let derived_end = [flow.from, flow.to].into_iter().any(|id| model.services[id].is_derived());
    flow.is_whole() && !(derived_end && flow.mode() == Mode::Attach)
}

fn edge(model: &Model, flow: &Flow, (from, to): (usize, usize), taken: &[Edge]) -> Edge {
    let (source, target) = (&model.services[flow.from].name, &model.services[flow.to].name);
    Edge {
        id: gather::edge_id(taken, source, target, &flow.verb),
        from: End::Node(from),
        to: End::Node(to),
        label: gather::label(flow, &flow.carries),
        sensitive: gather::is_sensitive(flow),
        hint: hint(model, flow),
        derived: matches!(flow.origin, Origin::Derived { .. }),
        soft: flow.soft,
        stroke: gather::stroke(flow),
    }
}

/// The flow's own hint, and the derived things it passes.
fn hint(model: &Model, flow: &Flow) -> Text {
    let own: String = gather::flow_hint(flow).chars().collect();
    let passed: Vec<String> = flow.through.iter().map(|id| model.services[*id].name.to_string()).collect();
    let parts: Vec<String> = [own, passed.join(" → ")].into_iter().filter(|part| !part.is_empty()).collect();
    Text::new(parts.join("\n"))
}

/// The trust boundary and the teams inside and outside it.
struct Teams<'m> {
    model: &'m Model,
    language: Language,
    groups: Vec<Group>,
    boundary: Option<usize>,
    places: BTreeMap<(PlaceId, bool), usize>,
}

impl<'m> Teams<'m> {
    fn new(model: &'m Model, language: Language) -> Self {
        Self { model, language, groups: Vec::new(), boundary: None, places: BTreeMap::new() }
    }

    /// The innermost team of a service, otherwise the trust boundary; what stands outside AWS is in no boundary.
    fn of(&mut self, service: &Service) -> Option<usize> {
        let outside = gather::is_outside(service);
        let around: Vec<PlaceId> = self
            .model
            .enclosing(service.place)
            .filter(|(_, place)| place.kind == ContainerKind::Group)
            .map(|(id, _)| id)
            .collect();
        let mut parent = if outside { None } else { Some(self.boundary()) };
        for id in around.into_iter().rev() {
            parent = Some(self.team(id, outside, parent));
        }
        parent
    }

    fn team(&mut self, id: PlaceId, outside: bool, parent: Option<usize>) -> usize {
        if let Some(index) = self.places.get(&(id, outside)) {
            return *index;
        }
        let place = &self.model.places[id];
        let name = if outside { place.name.child("outside") } else { place.name.clone() };
        let index = self.push(name, GroupKind::Group, place.title.clone(), parent);
        self.places.insert((id, outside), index);
        index
    }

    fn boundary(&mut self) -> usize {
        if let Some(index) = self.boundary {
            return index;
        }
        let title = text(Word::System, self.language);
        let index = self.push(Ident::sanitized("aws.boundary"), GroupKind::Boundary, title, None);
        self.boundary = Some(index);
        index
    }

    fn push(&mut self, id: Ident, kind: GroupKind, title: Text, parent: Option<usize>) -> usize {
        let note = Text::default();
        self.groups.push(Group { id, kind, title, note, parent, derived: false, peer: false });
        self.groups.len() - 1
    }
}
