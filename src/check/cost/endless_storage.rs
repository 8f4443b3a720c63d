//! COST-511: storage without lifecycle.

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Service;
use crate::text::{Phrase, phrase};
use crate::units::Bytes;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-511", title: "storage without lifecycle", severity: Severity::Low },
    find,
};

/// Less than this costs little wherever it lies.
const WORTH_IT: Bytes = Bytes(50 << 30);

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let stores = case.model.services.iter().filter(|(_, service)| keeps_everything(service));
    stores
        .map(|(id, service)| {
            let message = phrase!(
                "`{}` keeps all it has in the dearest class, for ever",
                "`{}` guarda todo en la clase más cara, para siempre",
                service.name
            );
            let found = about(&CHECK.rule, case, id).message(message);
            let help = phrase!(
                "move and delete in time: `{} {} {{ lifecycle ia 90 d; expire 365 d }}`",
                "mueve y borra a tiempo: `{} {} {{ lifecycle ia 90 d; expire 365 d }}`",
                service.kind.word,
                service.name
            );
            found
                .note(Phrase::new(
                    "an infrequent class costs about half",
                    "una clase de acceso infrecuente cuesta más o menos la mitad",
                ))
                .help(help)
        })
        .collect()
}

/// Does it store much, and could but does not move or delete anything?
fn keeps_everything(service: &Service) -> bool {
    let can = service.kind.setting("lifecycle").is_some();
    let much = service.settings.bytes("storage").is_some_and(|stored| stored >= WORTH_IT);
    let ends = service.settings.is_on("lifecycle") || service.settings.is_on("expire");
    can && much && !ends && !service.is_derived()
}
