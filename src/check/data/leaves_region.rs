//! DATA-403: personal data that goes to another region, or nobody knows where.

use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Flow, FlowId, Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-403", title: "personal data leaves the region", severity: Severity::High },
    find,
};

/// Settings that copy what is stored to other regions.
const COPIES: &[&str] = &["replicas", "replicate", "copy-to"];

fn find(case: &Case) -> Vec<Diagnostic> {
    let flows =
        case.model.whole_flows().filter(|(_, flow)| flow.carries.iter().any(|class| is_personal(*class)));
    let flows = flows.filter_map(|(id, flow)| leaves(case, id, flow));
    let stores = case.model.services.iter().filter(|(_, service)| service.holds().any(is_personal));
    let stores = stores.filter_map(|(_, service)| copied(case, service));
    flows.chain(stores).collect()
}

/// Is it about a person?
fn is_personal(class: DataClass) -> bool {
    matches!(class, DataClass::Pii | DataClass::Payment)
}

fn leaves(case: &Case, id: FlowId, flow: &Flow) -> Option<Diagnostic> {
    let (from, to) = (&case.model.services[flow.from], &case.model.services[flow.to]);
    let here = case.model.region_of(flow.from);
    let (message, help) = if to.is_a("external") {
        let stated = to.settings.word("region");
        if stated == Some(here) {
            return None;
        }
        let message = if stated.is_some() {
            elsewhere_message(from, to)
        } else {
            phrase!(
                "personal data goes from `{}` to `{}`, nobody says where",
                "datos personales van de `{}` a `{}`, nadie dice dónde está",
                from.name,
                to.name
            )
        };
        (
            message,
            phrase!(
                "say where it stands, in the braces of `{}`: `region {here}`",
                "di dónde está, en las llaves de `{}`: `region {here}`",
                to.name
            ),
        )
    } else {
        if is_anywhere(from) || is_anywhere(to) || here == case.model.region_of(flow.to) {
            return None;
        }
        let help = Phrase::new(
            "keep it in one region, or send a reference instead of the data",
            "déjalo en una región, o envía una referencia en lugar de los datos",
        );
        (elsewhere_message(from, to), help)
    };
    Some(on_flow(&CHECK.rule, case, id).message(message).help(help))
}

fn elsewhere_message(from: &Service, to: &Service) -> Phrase {
    phrase!(
        "personal data goes from `{}` to `{}`, in another region",
        "datos personales van de `{}` a `{}`, en otra región",
        from.name,
        to.name
    )
}

/// Does it stand in no region?
fn is_anywhere(service: &Service) -> bool {
    use crate::catalog::Placement::{Account, Edge, Global};
    service.kind.is_outside() || matches!(service.kind.placement, Account | Edge | Global)
}

/// A setting of the store copies it elsewhere.
fn copied(case: &Case, service: &Service) -> Option<Diagnostic> {
    let id = case.model.service(service.name.as_str())?;
    let (setting, region) =
        COPIES.iter().find_map(|setting| Some((*setting, elsewhere(case, id, setting)?)))?;
    let span = service.settings.span(setting).unwrap_or(service.span);
    let message = phrase!(
        "personal data of `{}` is copied to {region}",
        "datos personales de `{}` se copian en {region}",
        name(case, id)
    );
    let finding = CHECK.rule.at(span).message(message).subject(service.name.as_str());
    Some(finding.help(phrase!(
        "keep the copy local, or waive this with the reason: `waive DATA-403 on {}`",
        "guarda la copia en la región, o acéptalo con su motivo: `waive DATA-403 on {}`",
        service.name
    )))
}

/// The first region a setting names that is not the store's own.
fn elsewhere<'a>(case: &Case<'a>, id: ServiceId, setting: &str) -> Option<&'a str> {
    let here = case.model.region_of(id);
    let regions = case.model.services[id].settings.words(setting);
    regions.iter().map(String::as_str).find(|region| *region != here && region.contains('-'))
}
