//! NET-203: instances or tasks with a public address.

use crate::catalog::{Placement, Trait};
use crate::check::case::{Case, Check};
use crate::check::net::is_in_public_tier;
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-203", title: "compute with a public address", severity: Severity::High },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let compute = case.model.services.iter().filter(|(_, service)| has_addresses(service));
    compute.filter_map(|(id, service)| public(case, id, service)).collect()
}

/// Does its code run on something that has addresses of its own? (A function's interfaces never get a public one.)
fn has_addresses(service: &Service) -> bool {
    service.kind.has(Trait::AssumesRole)
        && service.kind.has(Trait::OwnsSecurityGroup)
        && service.kind.may_stand(Placement::VpcPrivate)
}

fn public(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let by_setting = service.settings.span("public").filter(|_| service.settings.is_on("public"));
    let name = &service.name;
    let message = match by_setting {
        Some(_) => phrase!("`{name}` is given a public address", "`{name}` recibe una dirección pública"),
        None if is_in_public_tier(case, id) => {
            phrase!("`{name}` stands in a public tier", "`{name}` está en una capa pública")
        }
        None => return None,
    };
    let finding = about(&CHECK.rule, case, id).message(message);
    let finding = match by_setting {
        Some(span) => finding.label(span, Phrase::new("asked for here", "se pide aquí")),
        None => finding,
    };
    Some(finding.help(Phrase::new(
        "move it to a tier that is `private`; a load balancer or an API leads there",
        "llévalo a una capa `private`; un balanceador o una API conducen a él",
    )))
}
