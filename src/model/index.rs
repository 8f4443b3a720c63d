//! Who meets whom: the model's lookups, made once when it is complete.

use std::collections::BTreeMap;

use crate::model::{FlowId, Model, PlaceId, ServiceId, Value};
use crate::text::Ident;

/// The lookups of a complete model. Each costs what it finds, not what the model holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Services by name.
    pub(super) names: BTreeMap<Ident, ServiceId>,
    /// The ends of flows, hops included, by service.
    pub(super) ends: Vec<Ends>,
    /// By service: whose settings name it, and in which setting.
    pub(super) mentions: Vec<Vec<(ServiceId, String)>>,
    /// By place: the services that stand in it, at any depth, in model order.
    pub(super) members: Vec<Vec<ServiceId>>,
}

/// The flows at one service, in model order.
#[derive(Debug, Clone, Default)]
pub(super) struct Ends {
    /// Those that start there.
    pub(super) leaving: Vec<FlowId>,
    /// Those that end there.
    pub(super) arriving: Vec<FlowId>,
}

impl Index {
    /// The lookups of a model.
    pub(super) fn of(model: &Model) -> Self {
        Self { names: names(model), ends: ends(model), mentions: mentions(model), members: members(model) }
    }
}

/// The first service of each name.
fn names(model: &Model) -> BTreeMap<Ident, ServiceId> {
    model.services.iter().rev().map(|(id, service)| (service.name.clone(), id)).collect()
}

fn ends(model: &Model) -> Vec<Ends> {
    let mut ends = vec![Ends::default(); model.services.len()];
    for (id, flow) in model.flows.iter() {
        if let Some(from) = ends.get_mut(flow.from.index()) {
            from.leaving.push(id);
        }
        if let Some(to) = ends.get_mut(flow.to.index()) {
            to.arriving.push(id);
        }
    }
    ends
}

fn members(model: &Model) -> Vec<Vec<ServiceId>> {
    let mut members = vec![Vec::new(); model.places.len()];
    for (id, service) in model.services.iter() {
        let around: Vec<PlaceId> = model.enclosing(service.place).map(|(place, _)| place).collect();
        for place in around {
            if let Some(members) = members.get_mut(place.index()) {
                members.push(id);
            }
        }
    }
    members
}

fn mentions(model: &Model) -> Vec<Vec<(ServiceId, String)>> {
    let mut mentions = vec![Vec::new(); model.services.len()];
    for (id, service) in model.services.iter() {
        for (setting, named) in &service.settings.0 {
            let on = match &named.value {
                Value::Service(on) => std::slice::from_ref(on),
                Value::Services(on) => on.as_slice(),
                _ => &[],
            };
            for on in on {
                if let Some(mentions) = mentions.get_mut(on.index()) {
                    mentions.push((id, setting.clone()));
                }
            }
        }
    }
    mentions
}
