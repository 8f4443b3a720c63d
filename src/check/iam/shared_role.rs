//! IAM-114: two services act under one role.

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-114", title: "two services share one role", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    case.model.services.ids().filter_map(|id| finding(case, id)).collect()
}

fn finding(case: &Case, id: ServiceId) -> Option<Diagnostic> {
    let service = &case.model.services[id];
    let other = &case.model.services[service.settings.service("runs-as")?];
    let message = phrase!(
        "`{}` and `{}` share one role, and each holds the other's rights",
        "`{}` y `{}` comparten un rol, y cada uno tiene los permisos del otro",
        service.name,
        other.name
    );
    let found = about(&CHECK.rule, case, id)
        .message(message)
        .label(other.span, Phrase::new("whose role it is", "de quién es el rol"))
        .help(Phrase::new(
            "take the `runs-as` out: each service gets a role of its own from its arrows",
            "quita el `runs-as`: cada servicio recibe un rol propio de sus flechas",
        ));
    let edit = service.settings.span("runs-as").map(Edit::delete);
    Some(found.fix(Phrase::new("delete `runs-as`", "borrar `runs-as`"), edit.into_iter().collect()))
}
