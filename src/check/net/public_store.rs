//! NET-201: a store that the internet could reach.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::net::is_in_public_tier;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-201", title: "datastore in a public subnet", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let stores = case
        .model
        .services
        .iter()
        .filter(|(_, service)| is_store(service) && service.kind.placement.is_vpc());
    stores.filter_map(|(id, service)| public(case, id, service)).collect()
}

fn is_store(service: &Service) -> bool {
    service.kind.has(Trait::Datastore) || service.kind.has(Trait::Cache)
}

fn public(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let name = &service.name;
    let by_setting = service.settings.span("public").filter(|_| service.settings.is_on("public"));
    let message = match by_setting {
        Some(_) => phrase!(
            "the store `{name}` is given a public address",
            "el almacén `{name}` recibe una dirección pública"
        ),
        None if is_in_public_tier(case, id) => {
            phrase!(
                "the store `{name}` stands in a public tier",
                "el almacén `{name}` está en una capa pública"
            )
        }
        None => return None,
    };
    let finding = CHECK.rule.at(by_setting.unwrap_or(service.span)).message(message);
    Some(
        finding
            .help(Phrase::new(
                "place it in a tier that is `isolated` or `private`",
                "ponlo en una capa `isolated` o `private`",
            ))
            .subject(name.as_str()),
    )
}
