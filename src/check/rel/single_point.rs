//! REL-101: single point of failure.

use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::about;
use crate::derive::availability::Step;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-101", title: "single point of failure", severity: Severity::High },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    if !case.model.is_production() {
        return Vec::new();
    }
    case.model.services.ids().filter_map(|id| finding(case, id)).collect()
}

/// The least available way that needs the service, when a second zone would help it.
fn finding(case: &Case<'_>, id: crate::model::ServiceId) -> Option<Diagnostic> {
    let found = &case.facts.availability;
    found.component(id).filter(|component| component.redundant.is_some())?;
    let ways = found.paths.iter().filter(|way| way.chain.components.contains(&id));
    let worst = ways.min_by_key(|way| way.chain.availability)?;
    let step = |change: &&crate::derive::availability::Change| {
        change.service == id && change.step == Step::Redundant
    };
    let gain = worst.chain.changes.iter().find(step)?;
    let name = &case.model.services[id].name;
    let message = phrase!(
        "`{name}` stands in one zone, and a way through the system needs it",
        "`{name}` está en una sola zona, y un camino del sistema lo necesita"
    );
    let note = phrase!(
        "{} % available on that way; {} % with a second zone, {} minutes less a month",
        "{} % de disponibilidad en ese camino; {} % con una segunda zona, {} minutos menos al mes",
        worst.chain.availability.percent(3),
        gain.after.percent(3),
        gain.saves.minutes(0),
    );
    let help = Phrase::new(
        "two zones and two of it: `zones 2`, `scale NAME 2..6 on cpu 50%`, or `multi-az` for a database",
        "dos zonas y dos unidades: `zones 2`, `scale NAME 2..6 on cpu 50%`, o `multi-az` para una base de datos",
    );
    let found = about(&CHECK.rule, case, id).message(message).note(note).help(help);
    let service = &case.model.services[id];
    let can = case.model.system.zones >= 2 && service.kind.setting("multi-az").is_some();
    Some(if can { written(case, id, "multi-az", found) } else { found })
}
