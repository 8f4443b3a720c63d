//! Where things run: account, regions, networks, tiers; derived things included.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Placement;
use crate::check::Review;
use crate::model::{ContainerKind, Model, Place, PlaceId, Service, ServiceId, TierAccess};
use crate::text::{Ident, Language, Text};
use crate::view::gather;
use crate::view::governance;
use crate::view::hops::{self, Hop};
use crate::view::words::{Word, text, word};
use crate::view::{Cell, Direction, Edge, End, Group, GroupKind, Node, Stroke, Tone, View};

/// The view of everything.
pub(super) fn deployment(review: &Review, language: Language) -> View {
    let kept: BTreeSet<ServiceId> =
        review.model.services.ids().filter(|id| !is_mere_key(&review.model, *id)).collect();
    View {
        name: "deployment".to_owned(),
        title: text(Word::Deployment, language),
        ..of(review, &kept, language)
    }
}

/// A derived key says no more than the mark of the service it encrypts.
pub(super) fn is_mere_key(model: &Model, id: ServiceId) -> bool {
    let service = &model.services[id];
    service.is_derived() && service.is_a("kms") && model.flows_at(id).next().is_none()
}

/// The deployment of some services.
pub(super) fn of(review: &Review, kept: &BTreeSet<ServiceId>, language: Language) -> View {
    let mut frames = Frames::new(&review.model, language);
    let mut view = View { direction: Direction::Auto, ..View::default() };
    let mut places: BTreeMap<ServiceId, usize> = BTreeMap::new();
    for (id, service) in review.model.services.iter().filter(|(id, _)| kept.contains(id)) {
        let parent = frames.of_service(service);
        places.insert(id, view.nodes.len());
        let cells = zones(&review.model, id, service, language);
        view.nodes.push(Node { parent, cells, ..gather::node(review, service, language) });
    }
    let keys = review.model.services.ids().filter(|id| is_mere_key(&review.model, *id)).count();
    if kept.len() + keys == review.model.services.len() {
        for id in review.model.places.ids() {
            frames.of_place(id);
        }
    }
    for hop in hops::hops(&review.model, kept, language) {
        if let (Some(from), Some(to)) = (places.get(&hop.from), places.get(&hop.to)) {
            let edge = edge(&review.model, &hop, (*from, *to), &view.edges);
            view.edges.push(edge);
        }
    }
    if kept.len() + keys == review.model.services.len() {
        governance::add(review, &mut view, &places, frames.cloud, language);
    }
    View { groups: frames.groups, ..view }
}

/// A line of a deployment.
pub(super) fn edge(model: &Model, hop: &Hop<'_>, (from, to): (usize, usize), taken: &[Edge]) -> Edge {
    let names = (&model.services[hop.from].name, &model.services[hop.to].name);
    Edge {
        id: gather::edge_id(taken, names.0, names.1, &hop.verb),
        from: End::Node(from),
        to: End::Node(to),
        label: hop.label.clone(),
        sensitive: hop.flow.is_some_and(gather::is_sensitive),
        hint: hop.flow.map(gather::flow_hint).unwrap_or_default(),
        derived: hop.derived,
        soft: hop.flow.is_some_and(|flow| flow.soft),
        stroke: hop.flow.map_or(Stroke::Async, gather::stroke),
    }
}

/// Which zones a service runs in, when it stands in a network and zones matter to it.
pub(super) fn zones(model: &Model, id: ServiceId, service: &Service, language: Language) -> Vec<Cell> {
    let inside = model.place_of(id, ContainerKind::Vpc).is_some();
    if !inside || !service.kind.zonal {
        return Vec::new();
    }
    let single = service.kind.setting("multi-az").is_some() && !service.settings.is_on("multi-az");
    let standby = service.settings.is_on("multi-az");
    let letters = ('a'..='z').zip(0..model.system.zones);
    letters.map(|(letter, place)| zone(letter, place, (single, standby), language)).collect()
}

/// One zone: in use, in use as a standby, or not in use.
fn zone(letter: char, place: u64, (single, standby): (bool, bool), language: Language) -> Cell {
    let idle = (single && place > 0) || (standby && place > 1);
    let role = match place {
        0 if standby => word(Word::Primary, language),
        1 if standby => word(Word::Standby, language),
        _ => "",
    };
    let label = if role.is_empty() { letter.to_string() } else { format!("{letter} {role}") };
    Cell { label: Text::new(label), tone: if idle { Tone::Idle } else { Tone::Zone } }
}

/// The containers of a view, added when something stands in them.
struct Frames<'m> {
    model: &'m Model,
    language: Language,
    groups: Vec<Group>,
    places: BTreeMap<PlaceId, usize>,
    cloud: Option<usize>,
    region: Option<usize>,
    outside: BTreeSet<PlaceId>,
}

impl<'m> Frames<'m> {
    fn new(model: &'m Model, language: Language) -> Self {
        let places = BTreeMap::new();
        let outside = outside(model);
        Self { model, language, groups: Vec::new(), places, cloud: None, region: None, outside }
    }

    /// The container of a service.
    fn of_service(&mut self, service: &Service) -> Option<usize> {
        if gather::is_outside(service) {
            let place = service.place.filter(|place| self.outside.contains(place));
            return place.and_then(|place| self.of_place(place));
        }
        match (service.place, service.kind.placement) {
            (Some(place), _) => self.of_place(place),
            (None, Placement::Edge | Placement::Global | Placement::Account) => Some(self.cloud()),
            (None, _) => Some(self.region()),
        }
    }

    /// The container of a place, with those around it.
    fn of_place(&mut self, id: PlaceId) -> Option<usize> {
        let missing: Vec<PlaceId> = self
            .model
            .enclosing(Some(id))
            .map(|(id, _)| id)
            .take_while(|id| !self.places.contains_key(id))
            .collect();
        for id in missing.into_iter().rev() {
            let place = &self.model.places[id];
            let parent = match place.parent {
                Some(parent) => self.places.get(&parent).copied(),
                None if self.outside.contains(&id) => None,
                None if place.kind == ContainerKind::Region => Some(self.cloud()),
                None => Some(self.region()),
            };
            let index = self.push(group(place, parent, self.language));
            self.places.insert(id, index);
        }
        self.places.get(&id).copied()
    }

    /// The outermost container of the region the system names.
    fn own_region(&self) -> Option<PlaceId> {
        let name = self.model.system.region.as_str();
        let is_own = |place: &Place| {
            place.kind == ContainerKind::Region && place.parent.is_none() && place.name.as_str() == name
        };
        self.model.places.iter().find(|(_, place)| is_own(place)).map(|(id, _)| id)
    }

    fn push(&mut self, group: Group) -> usize {
        self.groups.push(group);
        self.groups.len() - 1
    }

    fn cloud(&mut self) -> usize {
        if let Some(index) = self.cloud {
            return index;
        }
        let account = self.model.system.account.clone().unwrap_or_default();
        let title = text(Word::Cloud, self.language);
        let cloud = blank("aws.account", GroupKind::Cloud, title);
        let index = self.push(Group { note: Text::new(account), ..cloud });
        self.cloud = Some(index);
        index
    }

    /// The system's own region: its container when the model has one, otherwise one that is added.
    fn region(&mut self) -> usize {
        if let Some(index) = self.region.or_else(|| self.of_place(self.own_region()?)) {
            return index;
        }
        let parent = Some(self.cloud());
        let name = self.model.system.region.as_str();
        let title = Text::new(format!("{} {name}", word(Word::Region, self.language)));
        let region = blank(&format!("aws.{name}"), GroupKind::Region, title);
        let index = self.push(Group { parent, peer: true, ..region });
        self.region = Some(index);
        index
    }
}

/// Groups that hold nothing but what stands outside AWS.
fn outside(model: &Model) -> BTreeSet<PlaceId> {
    let holds = |wanted: bool| {
        let services = model.services.values().filter(move |service| gather::is_outside(service) == wanted);
        services.flat_map(|service| model.enclosing(service.place)).map(|(id, _)| id).collect::<BTreeSet<_>>()
    };
    let inside = holds(false);
    holds(true).into_iter().filter(|id| !inside.contains(id)).collect()
}

/// A container without what varies.
pub(super) fn blank(id: &str, kind: GroupKind, title: Text) -> Group {
    let id = Ident::sanitized(id);
    Group { id, kind, title, note: Text::default(), parent: None, derived: false, peer: false }
}

/// A place as a container.
pub(super) fn group(place: &Place, parent: Option<usize>, language: Language) -> Group {
    let kind = group_kind(place);
    let access = match kind {
        GroupKind::TierPublic => word(Word::PublicTier, language),
        GroupKind::TierPrivate => word(Word::PrivateTier, language),
        GroupKind::TierIsolated => word(Word::IsolatedTier, language),
        _ => "",
    };
    let block = place.cidr.map_or_else(String::new, |cidr| cidr.to_string());
    let parts: Vec<&str> = [access, block.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    Group {
        note: Text::new(parts.join(" · ")),
        parent,
        derived: place.derived,
        peer: kind == GroupKind::Region,
        id: place.name.clone(),
        ..blank("_", kind, titled(place, kind, language))
    }
}

/// A VPC or region says what it is before its title.
fn titled(place: &Place, kind: GroupKind, language: Language) -> Text {
    let before = match kind {
        GroupKind::Vpc => word(Word::Network, language),
        GroupKind::Region => word(Word::Region, language),
        _ => return place.title.clone(),
    };
    let title: String = place.title.chars().collect();
    Text::new(format!("{before} {title}"))
}

/// Which sort of container a place is.
pub(super) fn group_kind(place: &Place) -> GroupKind {
    match (place.kind, place.access) {
        (ContainerKind::Vpc, _) => GroupKind::Vpc,
        (ContainerKind::Region, _) => GroupKind::Region,
        (ContainerKind::Group, _) => GroupKind::Group,
        (ContainerKind::Tier, Some(TierAccess::Public)) => GroupKind::TierPublic,
        (ContainerKind::Tier, Some(TierAccess::Isolated)) => GroupKind::TierIsolated,
        (ContainerKind::Tier, _) => GroupKind::TierPrivate,
    }
}
