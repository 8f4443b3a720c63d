//! IAM-104: a grant on everything of something that can be narrowed to one resource.

use crate::check::case::{Case, Check};
use crate::check::iam::action_text;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Grant;
use crate::text::{Phrase, Span, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "IAM-104",
        title: "wildcard resource where the action supports resources",
        severity: Severity::Error,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let stated = case.model.grants.iter().filter_map(|grant| grant.everything.map(|span| (grant, span)));
    stated.flat_map(|(grant, span)| of_grant(case, grant, span)).collect()
}

fn of_grant(case: &Case, grant: &Grant, span: Span) -> Vec<Diagnostic> {
    let verbs = grant.verbs.iter().map(|verb| {
        (verb.value.clone(), Phrase::new("a verb is about one service", "un verbo se refiere a un servicio"))
    });
    let narrow = grant.actions.iter().filter_map(|action| {
        let facts = case.catalog.action(&action_text(action))?;
        let types: Vec<&str> = facts.resource_types().collect();
        (!types.is_empty())
            .then(|| (facts.name.to_owned(), phrase!("it works on: {}", "actúa sobre: {}", types.join(", "))))
    });
    let help = Phrase::new(
        "name the service; only actions without resource-level support may use `*`",
        "nombra el servicio; solo las acciones sin permisos por recurso pueden usar `*`",
    );
    verbs
        .chain(narrow)
        .map(|(what, note)| {
            let message = phrase!(
                "`{what}` on `*` reaches every resource of the account",
                "`{what}` sobre `*` alcanza todos los recursos de la cuenta"
            );
            CHECK.rule.at(span).message(message).note(note).help(help.clone())
        })
        .collect()
}
