//! Where a finding points, and under whose name.

use crate::check::case::Case;
use crate::diag::{Diagnostic, Rule};
use crate::model::{Flow, FlowId, ServiceId};
use crate::text::Ident;

/// The name of a service.
pub(super) fn name<'a>(case: &Case<'a>, id: ServiceId) -> &'a Ident {
    &case.model.services[id].name
}

/// A finding about a service, at its head and under its name.
pub(super) fn about(rule: &Rule, case: &Case<'_>, id: ServiceId) -> Diagnostic {
    let service = &case.model.services[id];
    rule.at(service.span).subject(service.name.as_str())
}

/// A finding about a flow, at its arrow and under the name of its start.
pub(super) fn on_flow(rule: &Rule, case: &Case<'_>, id: FlowId) -> Diagnostic {
    let flow = &case.model.flows[id];
    rule.at(flow.span).subject(case.model.services[flow.from].name.as_str())
}

/// The whole flows that end at a service.
pub(super) fn flows_to<'a>(case: &Case<'a>, id: ServiceId) -> impl Iterator<Item = &'a Flow> + use<'a> {
    let (model, facts) = (case.model, case.facts);
    facts.touching.reaching(id).iter().map(|flow| &model.flows[*flow]).filter(move |flow| flow.to == id)
}

/// The whole flows that start at a service.
pub(super) fn flows_from<'a>(case: &Case<'a>, id: ServiceId) -> impl Iterator<Item = &'a Flow> + use<'a> {
    let (model, facts) = (case.model, case.facts);
    facts.touching.from(id).iter().map(|flow| &model.flows[*flow])
}
