//! DATA-406: a secret in a configuration value.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Ident, Text, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-406", title: "secret in configuration", severity: Severity::Error },
    find,
};

/// Parts of keys that name a secret.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "private_key",
    "access_key",
    "credential",
];

/// How well-known credentials begin.
const SECRET_STARTS: &[&str] =
    &["AKIA", "ASIA", "-----BEGIN", "ghp_", "github_pat_", "xoxb-", "xoxp-", "sk_live_", "eyJ"];

fn find(case: &Case) -> Vec<Diagnostic> {
    let values = case
        .model
        .services
        .values()
        .flat_map(|service| service.config.iter().map(move |config| (service, config)));
    let secret = values.filter(|(_, (key, value, _))| is_secret(key, value));
    secret
        .map(|(service, (key, _, span))| {
            let (name, key) = (&service.name, Ident::sanitized(key));
            let message =
                phrase!("`{key}` of `{name}` looks like a secret", "`{key}` de `{name}` parece un secreto");
            let help = phrase!(
                "declare `secret {}` and write `{name} -> {} : read`",
                "declara `secret {}` y escribe `{name} -> {} : read`",
                key.label().to_lowercase(),
                key.label().to_lowercase()
            );
            CHECK.rule.at(*span).message(message).help(help).subject(name.as_str())
        })
        .collect()
}

/// Does the key name a secret and hold a value, or does the value begin as credentials do?
///
/// A key that ends in `_arn` or `_name` only says where the secret is.
fn is_secret(key: &str, value: &Text) -> bool {
    let key = key.to_lowercase().replace('-', "_");
    let points_elsewhere = ["_arn", "_name", "_id", "_url"].iter().any(|end| key.ends_with(end));
    let named = !points_elsewhere && SECRET_WORDS.iter().any(|word| key.contains(word));
    let start: String = value.chars().take(12).collect();
    (named && !value.is_empty()) || SECRET_STARTS.iter().any(|known| start.starts_with(known))
}
