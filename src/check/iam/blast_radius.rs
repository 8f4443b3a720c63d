//! IAM-119: how much one principal can change.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::iam::{name_of, place_of};
use crate::derive::access::Principal;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, ServiceId};
use crate::text::{Language, Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-119", title: "blast radius of a principal", severity: Severity::Info },
    find,
};

/// The share of all datastores above which a principal is worth a remark, in percent.
const LIMIT: usize = 60;
/// Below so many datastores a share says nothing.
const FEWEST: usize = 3;

fn find(case: &Case) -> Vec<Diagnostic> {
    let stores: Vec<ServiceId> = case.model.services.ids().filter(|id| is_store(case, *id)).collect();
    if stores.len() < FEWEST {
        return Vec::new();
    }
    case.facts.access.principals().filter_map(|principal| finding(case, principal, &stores)).collect()
}

fn is_store(case: &Case, id: ServiceId) -> bool {
    case.model.services[id].kind.has(Trait::Datastore)
}

fn finding(case: &Case, principal: &Principal, stores: &[ServiceId]) -> Option<Diagnostic> {
    let reach = case.facts.access.reach(principal);
    let reached = reach.changes.iter().filter(|id| stores.binary_search(id).is_ok()).count();
    if reached * 100 <= stores.len() * LIMIT {
        return None;
    }
    let name = name_of(case.model, principal);
    let classes: Vec<&str> = reach.classes(case.model).into_iter().map(DataClass::name).collect();
    let through =
        reach.through.iter().map(|id| case.model.services[*id].name.as_str()).collect::<Vec<_>>().join(", ");
    let message = phrase!(
        "`{name}` can change {reached} of {} datastores",
        "`{name}` puede modificar {reached} de {} almacenes de datos",
        stores.len()
    );
    let finding = CHECK.rule.at(place_of(case.model, principal)?).message(message).subject(name.as_str());
    let by = if through.is_empty() {
        Phrase::default()
    } else {
        phrase!("; part of it through {through}", "; una parte, a través de {through}")
    };
    let finding = finding.note(Phrase::new(
        format!("classes of data within reach: {}{}", classes.join(", "), by.en().terminal()),
        format!("clases de datos a su alcance: {}{}", classes.join(", "), by.say(Language::Es).terminal()),
    ));
    Some(finding.help(Phrase::new("split the service or the role", "divide el servicio o el rol")))
}
