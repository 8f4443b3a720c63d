//! Floor 4: the system as one typed graph: names resolved, settings typed, what follows by construction added.
//!
//! The only room that knows petgraph. It must not know prices, policies' words or pictures.

mod graph;
mod index;
pub mod own_rule;
mod parts;
mod resolve;
mod service;
mod settings;

pub use graph::FlowGraph;
pub use parts::*;
pub use resolve::{PREDICATES, RULES, environments, resolve};
pub use service::{Flow, FlowId, Mode, Origin, Service, ServiceId};
pub use settings::{Cidr, ScalePolicy, Setting, SettingSource, Settings, Value};
