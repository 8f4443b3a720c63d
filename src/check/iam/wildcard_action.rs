//! IAM-103: a raw action with a wildcard.

use crate::check::case::{Case, Check};
use crate::check::iam::{action_text, raw_actions};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "IAM-103", title: "wildcard action", severity: Severity::Error }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let actions = raw_actions(case).map(|(_, action)| (action.span, action_text(action)));
    let wild = actions.filter(|(_, action)| action.contains(['*', '?']));
    wild.map(|(span, action)| {
        let message = phrase!(
            "`{action}` also grants actions that do not exist yet",
            "`{action}` concede también acciones que aún no existen"
        );
        let help = Phrase::new(
            "name the actions one by one, or use a verb: `archc kinds KIND` lists what each stands for",
            "nombra las acciones una a una, o usa un verbo: `archc kinds KIND` dice qué significa cada uno",
        );
        CHECK.rule.at(span).message(message).help(help)
    })
    .collect()
}
