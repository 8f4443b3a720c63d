//! Floor 5: what follows from a model, computed once and read by all that comes after.
//!
//! Pure functions from a model to facts. This room must not know findings, words of a report, pictures or Terraform.

pub mod access;
pub mod network;
pub mod operations;

use crate::catalog::Catalog;
use crate::model::Model;

/// Everything that follows from a model. Every fact keeps the places in the model that cause it.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Who may do what, and why.
    pub access: access::Access,
    /// Subnets, security groups and their rules, endpoints and routes.
    pub network: network::Network,
    /// Alarms and log groups.
    pub operations: operations::Operations,
}

/// Derives all facts of a model; never fails.
pub fn derive(model: &Model, catalog: &Catalog) -> Facts {
    let network = network::derive(model, catalog);
    let access = access::derive(model, catalog);
    let operations = operations::derive(model, catalog, &network);
    Facts { access, network, operations }
}
