//! Rules about data: encryption, secrets, exposure.

mod clear_text;
mod public_bucket;
mod secret_in_config;

use crate::check::case::Check;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[clear_text::CHECK, secret_in_config::CHECK, public_bucket::CHECK];
