//! MODEL-706: a service in a place its kind cannot stand in.

use crate::catalog::Placement;
use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-706", title: "placement contradicts the kind", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let declared = case.model.services.iter().filter(|(_, service)| !service.is_derived());
    declared.filter_map(|(id, service)| misplaced(case, id, service)).collect()
}

fn misplaced(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let in_tier = case.model.place_of(id, ContainerKind::Tier).is_some();
    let in_vpc = case.model.place_of(id, ContainerKind::Vpc).is_some();
    let may_network = is_network(service, Placement::is_vpc);
    let may_outside = is_network(service, |placement| !placement.is_vpc());
    let (name, word) = (&service.name, &service.kind.word);
    let (message, help) = match (in_tier, in_vpc) {
        (false, false) if !may_outside => (
            phrase!(
                "`{name}` needs a network: it is of kind `{word}`",
                "`{name}` necesita una red: es de tipo `{word}`"
            ),
            Phrase::new("place it inside a `tier` of a `vpc`", "ponlo en una `tier` de un `vpc`"),
        ),
        (false, true) if !may_outside => (
            phrase!(
                "`{name}` needs a tier: it is of kind `{word}`",
                "`{name}` necesita una capa: es de tipo `{word}`"
            ),
            Phrase::new("place it inside a `tier` of the `vpc`", "ponlo en una `tier` del `vpc`"),
        ),
        (_, true) if !may_network => (
            phrase!(
                "`{name}` belongs in no network: it is of kind `{word}`",
                "`{name}` no pertenece a ninguna red: es de tipo `{word}`"
            ),
            Phrase::new("move its line out of the `vpc`", "saca su línea del `vpc`"),
        ),
        _ => return None,
    };
    let finding = CHECK.rule.at(service.span).message(message);
    Some(finding.help(help).subject(name.as_str()))
}

/// Does one of the kind's placements satisfy `which`?
fn is_network(service: &Service, which: impl Fn(Placement) -> bool) -> bool {
    which(service.kind.placement) || service.kind.placement_optional.is_some_and(which)
}
