//! What Terraform itself needs to be allowed, by resource type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The whole of `deployer.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeployerRows {
    /// Where the actions come from.
    pub source: String,
    /// The day they were read.
    pub date: String,
    /// IAM actions by Terraform type.
    pub types: BTreeMap<String, BTreeSet<String>>,
    /// ARN patterns by IAM resource type, for those whose ARN holds the system's name (`${prefix}`).
    pub scopes: BTreeMap<String, Vec<String>>,
    /// IAM resource types whose ARN holds a number that AWS gives: what acts on them cannot be scoped by name.
    pub by_id: BTreeSet<String>,
    /// Services without regions.
    pub global: BTreeSet<String>,
    /// The services that a type passes a role to.
    pub passes: BTreeMap<String, BTreeSet<String>>,
    /// The service-linked role that a type needs.
    pub linked: BTreeMap<String, String>,
}
