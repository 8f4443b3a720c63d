//! A model and its facts, indexed once for any number of questions.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::derive::Facts;
use crate::derive::access::{Access, Effect, Grant, Principal, control_of};
use crate::derive::order::Touching;
use crate::model::{Model, PlaceId, RoleId, ServiceId};

/// What a name of a model stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// A service.
    Service(ServiceId),
    /// A role of people.
    Role(RoleId),
    /// A container.
    Place(PlaceId),
}

/// A denial: whose, of which action, on which service and type of resource.
type Denial<'a> = (&'a Principal, ServiceId, &'a str, &'a str);

/// A model and its facts with the tables that questions need.
#[derive(Debug)]
pub struct Index<'a> {
    /// The model.
    pub model: &'a Model,
    /// What follows from it.
    pub facts: &'a Facts,
    /// What AWS offers.
    pub catalog: &'a Catalog,
    names: BTreeMap<&'a str, Named>,
    pub(super) touching: Touching,
    /// Services in a place itself, by the place's position.
    inside: Vec<Vec<ServiceId>>,
    /// Allowances by the service they are about.
    on: Vec<Vec<&'a Grant>>,
    /// Allowances on everything.
    everywhere: Vec<&'a Grant>,
    /// Who can run or rewrite a service, and by which grant.
    controllers: Vec<Vec<&'a Grant>>,
    denied: BTreeSet<Denial<'a>>,
}

impl<'a> Index<'a> {
    /// Reads a model and its facts once.
    pub fn new(model: &'a Model, facts: &'a Facts, catalog: &'a Catalog) -> Self {
        let none = || vec![Vec::new(); model.services.len()];
        let mut index = Self {
            model,
            facts,
            catalog,
            names: names(model),
            touching: Touching::new(model),
            inside: vec![Vec::new(); model.places.len()],
            on: none(),
            everywhere: Vec::new(),
            controllers: none(),
            denied: denials(&facts.access),
        };
        for (id, service) in model.services.iter() {
            if let Some(list) = service.place.and_then(|place| index.inside.get_mut(place.index())) {
                list.push(id);
            }
        }
        for grant in &facts.access.grants {
            index.enter(grant);
        }
        index
    }

    fn enter(&mut self, grant: &'a Grant) {
        if grant.effect != Effect::Allow {
            return;
        }
        let Some(service) = grant.resource.service else {
            if grant.resource.arn == "*" {
                self.everywhere.push(grant);
            }
            return;
        };
        if let Some(list) = self.on.get_mut(service.index()) {
            list.push(grant);
        }
        if control_of(grant).is_some()
            && let Some(list) = self.controllers.get_mut(service.index())
        {
            list.push(grant);
        }
    }

    /// What a name stands for.
    pub(super) fn named(&self, name: &str) -> Option<Named> {
        self.names.get(name).copied()
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.names.keys().copied()
    }

    /// The services in a place, those in the places inside of it included.
    pub(super) fn within(&self, place: PlaceId) -> Vec<ServiceId> {
        let holds = |id: PlaceId| self.model.enclosing(Some(id)).any(|(around, _)| around == place);
        let inner = self.model.places.ids().filter(|id| holds(*id));
        inner.filter_map(|id| self.inside.get(id.index())).flatten().copied().collect()
    }

    /// Allowances about a service, and those about everything that the model writes by hand.
    pub(super) fn grants_on(&self, service: ServiceId) -> impl Iterator<Item = &'a Grant> + '_ {
        let own = self.on.get(service.index()).map_or(&[][..], Vec::as_slice);
        own.iter().chain(&self.everywhere).copied()
    }

    /// Grants by which somebody can run or rewrite a service.
    pub(super) fn controls_of(&self, service: ServiceId) -> &[&'a Grant] {
        self.controllers.get(service.index()).map_or(&[], Vec::as_slice)
    }

    /// Is the action of this grant taken back by a boundary of the same principal?
    pub(super) fn is_denied(&self, grant: &Grant, action: &str, on: ServiceId) -> bool {
        !self.denied.is_empty()
            && self.denied.contains(&(&grant.principal, on, action, grant.resource.kind.as_str()))
    }

    /// A service's name.
    pub(super) fn name(&self, service: ServiceId) -> &'a str {
        self.model.services[service].name.as_str()
    }

    /// What to call a principal.
    pub(super) fn principal(&self, principal: &Principal) -> String {
        match principal {
            Principal::Service(id) => self.name(*id).to_owned(),
            Principal::Role(id) => format!("role {}", self.model.roles[*id].name),
            Principal::Aws(name) => name.clone(),
            Principal::Anyone => "anyone".to_owned(),
        }
    }
}

fn names(model: &Model) -> BTreeMap<&str, Named> {
    let places = model.places.iter().map(|(id, place)| (place.name.as_str(), Named::Place(id)));
    let roles = model.roles.iter().map(|(id, role)| (role.name.as_str(), Named::Role(id)));
    let services = model.services.iter().map(|(id, service)| (service.name.as_str(), Named::Service(id)));
    places.chain(roles).chain(services).collect()
}

fn denials(access: &Access) -> BTreeSet<Denial<'_>> {
    let denials = access.grants.iter().filter(|grant| grant.effect == Effect::Deny);
    let each = denials.filter_map(|grant| Some((grant, grant.resource.service?)));
    each.flat_map(|(grant, service)| {
        let kind = grant.resource.kind.as_str();
        grant.actions.iter().map(move |action| (&grant.principal, service, action.as_str(), kind))
    })
    .collect()
}
