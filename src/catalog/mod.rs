//! Floor 2: what AWS offers, as a typed view of the data in `catalog/`.
//!
//! The data is embedded in the program and each part is parsed when it is first asked for, so that a run pays only for the
//! kinds its model uses. This room knows the data's schema. It must not know the language, a model, or any single kind.

mod access;
mod action;
mod capacity;
mod check;
mod deployer;
mod embedded;
mod flow;
mod kind;
mod number;
mod own_price;
mod price;
mod project;
mod region;
mod scanner;
mod setting;
mod size;
mod store;
mod terraform;

pub use access::{Allow, Audience, Base, Channel, Credentials, Level, Verb};
pub use action::{ActionFacts, ActionLevel, Duty, Escalation};
pub use capacity::{
    BudgetFacts, BudgetThreshold, Burst, Capacity, EventSourceGrowth, Figure, Millionths, Scaling,
    ScalingMetric,
};
pub use check::CheckText;
pub use deployer::DeployerRows;
pub use flow::{End, GrantResource, GrantVia, Impossible, Mechanism, MechanismGrant, Mode, Principal};
pub use kind::{Availability, Basis, Fact, Hardening, Kind, Placement, Quota, Trait, VpcEndpoint};
pub use own_price::{UNKNOWN_PRICE, WRONG_PRICE};
pub use price::{FreeTier, Price, Pricing, Quantity, When};
pub use project::{OTHER_SCHEMA, PROJECT_FILE, UNKNOWN_NAME, UNREADABLE, WORD_TAKEN, WRONG_LEVEL};
pub use region::{OwnPrice, PriceSubject, RegionFactor};
pub use scanner::{Scanner, scanner_rule, scanners};
pub use setting::{SettingDefault, SettingSpec, SettingType};
pub use size::Size;
pub use store::Catalog;
pub use terraform::{FoldRow, JointRow, MergeRow, ScalingRow, SettingRow, TerraformRows, ThingRow};
