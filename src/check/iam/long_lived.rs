//! IAM-113: credentials that live until somebody remembers them.

use crate::check::case::{Case, Check};
use crate::check::iam::{action_text, raw_actions};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, Span, Text, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-113", title: "long-lived user credentials", severity: Severity::High },
    find,
};

/// Configuration keys that hold an access key.
const KEYS: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
/// Actions that make one.
const ACTIONS: [&str; 3] = ["iam:CreateAccessKey", "iam:CreateUser", "iam:CreateLoginProfile"];

fn find(case: &Case) -> Vec<Diagnostic> {
    let services = case.model.services.values();
    let config = services.flat_map(|service| service.config.iter().map(move |entry| (service, entry)));
    let config = config.filter(|(_, (key, value, _))| is_key(key, value));
    let configured = config.map(|(service, (_, _, span))| {
        finding(
            *span,
            phrase!(
                "`{}` is configured with an access key",
                "`{}` lleva una clave de acceso en su configuración",
                service.name
            ),
        )
        .subject(service.name.as_str())
    });
    let actions = raw_actions(case).map(|(_, action)| (action.span, action_text(action)));
    let made = actions.filter(|(_, action)| ACTIONS.contains(&action.as_str()));
    configured
        .chain(made.map(|(span, action)| {
            finding(
                span,
                phrase!(
                    "`{action}` makes long-lived credentials",
                    "`{action}` crea credenciales de larga vida"
                ),
            )
        }))
        .collect()
}

/// An access key by its name, or by its form: `AKIA` and 16 more characters.
fn is_key(key: &str, value: &Text) -> bool {
    let value: String = value.chars().take(21).collect();
    let is_form =
        value.starts_with("AKIA") && value.len() == 20 && value.chars().all(|c| c.is_ascii_alphanumeric());
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known)) || is_form
}

fn finding(span: Span, message: Phrase) -> Diagnostic {
    CHECK.rule.at(span).message(message).help(Phrase::new(
        "use the service's role, or a role of people with a federated group",
        "usa el rol del servicio, o un rol de personas con un grupo federado",
    ))
}
