//! Load balancers' listeners and routes: who terminates TLS, and which path leads where.
//!
//! A flow is encrypted when it says so; otherwise when it carries a sensitive class, or when its target speaks no plain HTTP.
//! A load balancer listens with TLS as soon as one flow through it is sensitive or says `tls on`, the public can reach it, or a certificate is
//! named: one listener for all, because a second door in clear text would be the one that is used.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Trait;
use crate::derive::network::{Listener, Route};
use crate::model::{DataClass, Flow, FlowId, Mode, Model, Service, ServiceId};
use crate::text::{Text, Wording};

/// The port of a load balancer that speaks plain HTTP.
const HTTP: u16 = 80;
/// The port of a load balancer that speaks TLS.
const HTTPS: u16 = 443;

/// Does a flow carry data that must be encrypted on the way?
fn is_sensitive(flow: &Flow) -> bool {
    flow.carries.iter().copied().any(DataClass::is_sensitive)
}

/// Is a flow encrypted on its last hop?
pub(super) fn is_encrypted(model: &Model, flow: &Flow) -> bool {
    let target = &model.services[flow.to];
    let is_plain = target.kind.protocol.as_deref() == Some("http");
    flow.tls.unwrap_or_else(|| !is_plain || is_sensitive(flow))
}

/// Where load balancers listen.
pub(super) fn listeners(model: &Model) -> Vec<Listener> {
    let mut encrypted: BTreeMap<ServiceId, Vec<&Flow>> = BTreeMap::new();
    let flows = model.whole_flows().map(|(_, flow)| flow);
    for flow in flows.filter(|flow| flow.tls.unwrap_or_else(|| is_sensitive(flow))) {
        for balancer in passed(model, flow) {
            encrypted.entry(balancer).or_default().push(flow);
        }
    }
    let balancers = model.services.ids().filter(|id| is_balancer(&model.services[*id]));
    balancers.map(|id| listener(model, id, encrypted.get(&id).map_or(&[], Vec::as_slice))).collect()
}

/// Does it spread requests over other services?
pub(super) fn is_balancer(service: &Service) -> bool {
    service.kind.has(Trait::L7) || service.kind.has(Trait::L4)
}

/// Where a load balancer listens, by the flows through it that must be encrypted.
fn listener(model: &Model, id: ServiceId, encrypted: &[&Flow]) -> Listener {
    let service = &model.services[id];
    let (tls, why) = reason(model, id, encrypted);
    let causes = encrypted.iter().map(|flow| flow.span);
    let causes = if encrypted.is_empty() { service.causes().to_vec() } else { causes.collect() };
    let stated = service.settings.is_stated("port").then(|| port_setting(service)).flatten();
    let port = stated.unwrap_or(if tls { HTTPS } else { HTTP });
    Listener { balancer: id, port, tls, why: why.into(), causes }
}

/// The load balancers that a flow passes, ends or begins at, each once.
fn passed(model: &Model, flow: &Flow) -> BTreeSet<ServiceId> {
    let stops = [flow.from, flow.to].into_iter().chain(flow.through.iter().copied());
    stops.filter(|id| is_balancer(&model.services[*id])).collect()
}

/// Why a load balancer may do without TLS.
const PLAIN: Wording = Wording::new(
    "nothing classified passes it and only the network reaches it",
    "nada clasificado pasa por él y solo la red lo alcanza",
);

/// Why a load balancer speaks TLS, or does not.
fn reason(model: &Model, id: ServiceId, encrypted: &[&Flow]) -> (bool, Wording) {
    let service = &model.services[id];
    let named = service.settings.0.contains_key("certificate") || service.settings.0.contains_key("domain");
    let reasons = [
        (
            encrypted.iter().any(|flow| is_sensitive(flow)),
            Wording::new("classified data passes it", "pasan por él datos clasificados"),
        ),
        (!encrypted.is_empty(), Wording::new("a flow asks for it", "un flujo lo pide")),
        (is_public(model, id), Wording::new("the internet reaches it", "internet llega a él")),
        (named, Wording::new("a certificate is named", "se nombra un certificado")),
        (
            service.settings.word("tls-policy").is_some() && !service.is_derived(),
            Wording::new(
                "it is declared, and TLS is its default",
                "está declarado, y TLS es lo normal en él",
            ),
        ),
    ];
    let found = reasons.iter().find(|(holds, _)| *holds);
    found.map_or((false, PLAIN), |(_, why)| (true, *why))
}

/// Can somebody outside call it? A derived load balancer is internal.
pub(super) fn is_public(model: &Model, id: ServiceId) -> bool {
    let calls = |flow: &Flow| model.services[flow.from].kind.is_outside() && flow.mode() != Mode::Admin;
    let called = || model.flows_to(id).any(|(_, flow)| calls(flow));
    let service = &model.services[id];
    !service.is_derived() && !service.settings.is_on("internal") && called()
}

/// The port a service states or its kind assumes.
pub(super) fn port(service: &Service) -> Option<u16> {
    port_setting(service).or(service.kind.port)
}

fn port_setting(service: &Service) -> Option<u16> {
    service.settings.count("port").and_then(|port| u16::try_from(port).ok())
}

/// The routes of APIs and load balancers.
pub(super) fn routes(model: &Model) -> Vec<Route> {
    let routed = model.whole_flows().filter(|(_, flow)| has_routes(&model.services[flow.from]));
    let inward = routed.filter(|(_, flow)| flow.mode() != Mode::Attach);
    // All flows to one service share its target group: it is encrypted as soon as one of them must be.
    let encrypted: BTreeSet<ServiceId> =
        model.whole_flows().filter(|(_, flow)| is_encrypted(model, flow)).map(|(_, flow)| flow.to).collect();
    inward.map(|(id, flow)| route(model, id, flow, encrypted.contains(&flow.to))).collect()
}

/// Does it choose a target by the request's path?
fn has_routes(service: &Service) -> bool {
    service.kind.has(Trait::L7) || service.kind.has(Trait::Authorizes)
}

fn route(model: &Model, id: FlowId, flow: &Flow, tls: bool) -> Route {
    let service = &model.services[flow.to];
    let balancer = flow.through.iter().copied().find(|id| is_balancer(&model.services[*id]));
    let stated = flow.path.as_ref().or_else(|| service.settings.text("path"));
    let port = port(service).unwrap_or(HTTPS);
    let is_first = balancer.is_some() || model.services[flow.from].kind.has(Trait::L7);
    Route {
        entry: flow.from,
        service: flow.to,
        balancer: balancer.or(is_first.then_some(flow.from)),
        flow: id,
        path: stated.cloned().unwrap_or_else(|| Text::new(format!("/{}/*", service.name))),
        port,
        tls,
    }
}
