//! REL-146: hidden shared fate.

use crate::check::case::{Case, Check};
use crate::check::place::name;
use crate::derive::availability::needs;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Claim, ServiceId};
use crate::text::Phrase;
use std::collections::BTreeMap;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "REL-146", title: "hidden shared fate", severity: Severity::Info }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let claims =
        case.model.claims.iter().filter(|claim| claim.predicate.value == "independent" && !claim.negated);
    claims.flat_map(|claim| shared(case, claim)).collect()
}

/// What two or more members of a claim cannot live without.
fn shared(case: &Case<'_>, claim: &Claim) -> Vec<Diagnostic> {
    let mut needed: BTreeMap<ServiceId, Vec<ServiceId>> = BTreeMap::new();
    for member in &claim.on {
        for id in needs(case.model, *member) {
            needed.entry(id).or_default().push(*member);
        }
    }
    let together = needed.into_iter().filter(|(_, members)| members.len() > 1);
    together.map(|(id, members)| finding(case, claim, id, &members)).collect()
}

fn finding(case: &Case<'_>, claim: &Claim, id: ServiceId, members: &[ServiceId]) -> Diagnostic {
    let names: Vec<String> = members.iter().map(|member| format!("`{}`", name(case, *member))).collect();
    let shared = name(case, id);
    let message = Phrase::new(
        format!("{} share `{shared}` and fail with it", names.join(" and ")),
        format!("{} comparten `{shared}` y fallan con él", names.join(" y ")),
    );
    let found = CHECK.rule.at(claim.span).message(message).subject(name(case, id).as_str());
    let uses = case.model.whole_flows_to(id).filter(|(_, flow)| members.contains(&flow.from));
    let found = uses.fold(found, |found, (_, flow)| {
        found.label(flow.span, Phrase::new("needed here", "se necesita aquí"))
    });
    found.help(Phrase::new(
        "give each service its own store, or drop the claim",
        "da a cada servicio su propio almacén, o retira la afirmación",
    ))
}
