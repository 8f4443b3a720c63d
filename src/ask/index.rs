//! A model and its facts, indexed once for any number of questions.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Kind};
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

/// Allowances on everything, by the actions they name, so that a question does not read those of all services.
#[derive(Debug, Default)]
struct Everywhere<'a> {
    grants: Vec<&'a Grant>,
    /// Positions of grants, by action.
    by_action: BTreeMap<&'a str, Vec<usize>>,
    /// Positions of grants with a `*` in an action.
    patterns: Vec<usize>,
}

impl<'a> Everywhere<'a> {
    fn enter(&mut self, grant: &'a Grant) {
        let at = self.grants.len();
        self.grants.push(grant);
        for action in &grant.actions {
            let list = if action.contains('*') {
                &mut self.patterns
            } else {
                self.by_action.entry(action.as_str()).or_default()
            };
            list.push(at);
        }
    }
}

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
    everywhere: Everywhere<'a>,
    /// Services by the identifier of their kind.
    of_kind: BTreeMap<&'a str, Vec<ServiceId>>,
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
            everywhere: Everywhere::default(),
            of_kind: BTreeMap::new(),
            controllers: none(),
            denied: denials(&facts.access),
        };
        for (id, service) in model.services.iter() {
            index.of_kind.entry(service.kind.id.as_str()).or_default().push(id);
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
                self.everywhere.enter(grant);
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

    /// Allowances about a service.
    pub(super) fn grants_on(&self, service: ServiceId) -> &[&'a Grant] {
        self.on.get(service.index()).map_or(&[], Vec::as_slice)
    }

    /// Allowances on everything that may hold one of these actions; those with `*` among them always.
    pub(super) fn grants_everywhere<'w>(&self, actions: impl Iterator<Item = &'w str>) -> Vec<&'a Grant> {
        let named = actions.filter_map(|action| self.everywhere.by_action.get(action)).flatten();
        let at: BTreeSet<usize> = named.chain(&self.everywhere.patterns).copied().collect();
        at.into_iter().filter_map(|at| self.everywhere.grants.get(at)).copied().collect()
    }

    /// The services whose kind passes a test.
    pub(super) fn of_kinds(&self, is_meant: impl Fn(&Kind) -> bool) -> impl Iterator<Item = ServiceId> {
        let is_meant = move |id: &ServiceId| is_meant(&self.model.services[*id].kind);
        let lists = self.of_kind.values().filter(move |list| list.first().is_some_and(&is_meant));
        lists.flatten().copied()
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
