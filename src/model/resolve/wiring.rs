//! Settings that name another service connect the two: `auth signin` attaches the pool to the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Mechanism;
use crate::model::resolve::builder::Builder;
use crate::model::resolve::flow::blank;
use crate::model::{Flow, FlowId, Origin, ServiceId, Value};
use crate::text::{Span, phrase};

/// One setting that names a service.
struct Link {
    owner: ServiceId,
    named: ServiceId,
    setting: String,
    span: Span,
}

/// The flows between two services.
type Between = BTreeMap<(ServiceId, ServiceId), Vec<FlowId>>;

/// Adds a derived flow for every setting that names a service the catalogue can connect.
pub(super) fn from_settings(builder: &mut Builder<'_>) {
    let links: Vec<Link> = builder
        .model
        .services
        .iter()
        .flat_map(|(owner, service)| {
            service.settings.0.iter().map(move |(name, setting)| (owner, name, setting))
        })
        .flat_map(|(owner, name, setting)| {
            let link = move |named| Link { owner, named, setting: name.clone(), span: setting.span };
            named_in(&setting.value).iter().copied().map(link).collect::<Vec<_>>()
        })
        .collect();
    let mut between = Between::new();
    for (id, flow) in builder.model.flows.iter() {
        between.entry((flow.from, flow.to)).or_default().push(id);
    }
    for link in links {
        connect(builder, &link, &mut between);
    }
}

/// The services a value names.
fn named_in(value: &Value) -> &[ServiceId] {
    match value {
        Value::Service(id) => std::slice::from_ref(id),
        Value::Services(ids) => ids,
        _ => &[],
    }
}

/// From the named service to the owner when the catalogue knows that way, otherwise the other way.
fn connect(builder: &mut Builder<'_>, link: &Link, between: &mut Between) {
    // Whoever is signed in for needs no right on the pool: a load balancer asks it.
    let back = (link.setting != "auth").then_some((link.owner, link.named));
    let ways = [(link.named, link.owner)].into_iter().chain(back);
    let found = ways.into_iter().find_map(|ends| row(builder, ends).map(|row| (ends, row)));
    let Some(((from, to), mechanism)) = found else { return };
    let verb = mechanism.verbs(&builder.model.services[to].kind.id).into_iter().next().unwrap_or_default();
    let known = between.entry((from, to)).or_default();
    if known.iter().any(|id| builder.model.flows[*id].verb == verb) {
        return;
    }
    let (owner, named) = (&builder.model.services[link.owner].name, &builder.model.services[link.named].name);
    let why = phrase!("`{owner}` says `{} {named}`", "`{owner}` dice `{} {named}`", link.setting);
    let mechanism = Some(builder.share_mechanism(&mechanism));
    let origin = Origin::Derived { why, causes: vec![link.span] };
    known.push(builder.model.flows.add(Flow { mechanism, origin, ..blank((from, to), verb, link.span) }));
}

/// The first row of the catalogue for two services.
fn row(builder: &Builder<'_>, (from, to): (ServiceId, ServiceId)) -> Option<Mechanism> {
    let [from, to] = [from, to].map(|id| Arc::clone(&builder.model.services[id].kind));
    builder.catalog.mechanisms(&from.id, &to.id).next().cloned()
}
