//! Rules about data: encryption, secrets, exposure.

mod clear_text;
mod leaves_region;
mod needless_data;
mod open_logs;
mod public_bucket;
mod secret_in_config;
mod shared_key;
mod stale_secret;
mod unchecked_upload;
mod unclassified;

use std::collections::BTreeSet;

use crate::check::case::{Case, Check};
use crate::model::{DataClass, ServiceId};

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    shared_key::CHECK,
    clear_text::CHECK,
    leaves_region::CHECK,
    needless_data::CHECK,
    unclassified::CHECK,
    secret_in_config::CHECK,
    stale_secret::CHECK,
    unchecked_upload::CHECK,
    public_bucket::CHECK,
    open_logs::CHECK,
];

/// The classes of data a service holds, sends, receives, or finds in the stores it acts on.
pub(super) fn handled(case: &Case, id: ServiceId) -> BTreeSet<DataClass> {
    let touched = case.model.whole_flows_at(id).flat_map(|(_, flow)| {
        let acts = flow.initiator() == id && flow.resource() != id;
        let stored = acts.then(|| case.model.services[flow.resource()].holds()).into_iter().flatten();
        flow.carries.iter().copied().chain(stored)
    });
    touched.chain(case.model.services[id].holds()).collect()
}
