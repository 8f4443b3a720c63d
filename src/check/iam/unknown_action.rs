//! IAM-105: a raw action that AWS does not have.

use crate::check::case::{Case, Check};
use crate::check::iam::{action_text, raw_actions};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::text::{Phrase, Span, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-105", title: "unknown or misspelt action", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let actions = raw_actions(case).map(|(_, action)| (action.span, action_text(action)));
    actions
        .filter(|(_, action)| is_unknown(case, action))
        .map(|(span, action)| finding(case, span, &action))
        .collect()
}

/// Nothing can be said of wildcards (another rule does) nor of services that are not listed.
fn is_unknown(case: &Case, action: &str) -> bool {
    let prefix = action.split_once(':').map_or("", |(prefix, _)| prefix);
    !action.contains(['*', '?'])
        && case.catalog.action(action).is_none()
        && !case.catalog.is_unlisted_service(prefix)
}

fn finding(case: &Case, span: Span, action: &str) -> Diagnostic {
    let finding = CHECK
        .rule
        .at(span)
        .message(phrase!("AWS has no action `{action}`", "AWS no tiene la acción `{action}`"));
    match case.catalog.similar_action(action) {
        Some(similar) => {
            let edit = Edit::replace(span, format!("\"{similar}\""));
            finding
                .help(phrase!("did you mean `{similar}`?", "¿quería decir `{similar}`?"))
                .fix(phrase!("replace it by {similar}", "sustituirla por {similar}"), vec![edit])
        }
        None => finding.help(Phrase::new(
            "an action is `service:Name`, as in `s3:GetObject`",
            "una acción es `servicio:Nombre`, como `s3:GetObject`",
        )),
    }
}
