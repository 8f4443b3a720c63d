//! Scanners of Terraform: which rules there are, and what they complain about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::catalog::embedded;

/// A scanner and its rules about what archc writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// Its name.
    pub name: String,
    /// The version whose rules these are.
    pub version: String,
    /// The types of Terraform that a rule complains about, by the rule.
    pub rules: BTreeMap<String, BTreeSet<String>>,
}

/// The whole of `scanners.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scanners {
    scanner: Vec<Scanner>,
}

/// Every known scanner; read when it is first asked for.
pub fn scanners() -> &'static [Scanner] {
    static READ: OnceLock<Scanners> = OnceLock::new();
    &READ.get_or_init(|| serde_json::from_str(embedded::SCANNERS).unwrap_or_default()).scanner
}

/// The scanner that has a rule, and the types of Terraform that the rule complains about.
pub fn scanner_rule(code: &str) -> Option<(&'static Scanner, &'static BTreeSet<String>)> {
    scanners().iter().find_map(|scanner| Some((scanner, scanner.rules.get(code)?)))
}
