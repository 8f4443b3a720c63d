//! Rules about authentication.

mod bypass;
mod guests;
mod lost_identity;
mod network_position;
mod no_second_factor;
mod no_throttle;
mod unauthenticated;

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::flows_to;
use crate::model::{Flow, Mode, ServiceId};

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    unauthenticated::CHECK,
    bypass::CHECK,
    no_second_factor::CHECK,
    lost_identity::CHECK,
    network_position::CHECK,
    guests::CHECK,
    no_throttle::CHECK,
];

/// The entries that people call, in model order.
pub(super) fn entries<'a>(case: &'a Case<'a>) -> impl Iterator<Item = ServiceId> + 'a {
    case.model.services.iter().map(|(id, _)| id).filter(|id| is_entry(case, *id))
}

/// Do people or strangers call it for an answer (not to sign in, not to look up a name)?
fn is_entry(case: &Case, id: ServiceId) -> bool {
    case.model.services[id].kind.has(Trait::Entry)
        && flows_to(case, id)
            .any(|flow| flow.verb == "call" && case.model.services[flow.from].kind.has(Trait::Untrusted))
}

/// Does it demand a token, by its own setting or an attached authorizer?
fn is_authorised(case: &Case, id: ServiceId) -> bool {
    let knows = |flow: &Flow| case.model.services[flow.from].kind.has(Trait::IdentityProvider);
    let attached = flows_to(case, id).any(|flow| flow.mode() == Mode::Attach && knows(flow));
    attached || case.model.services[id].settings.service("auth").is_some()
}

/// Is it marked `public … because`?
fn is_public_on_purpose(case: &Case, id: ServiceId) -> bool {
    case.model.publics.iter().any(|public| public.on == id)
}
