//! Claims about who gets in.

use std::collections::BTreeSet;

use crate::check::Case;
use crate::check::claim::{Finding, fails, first_failure, holds, name, names, open};
use crate::model::{Claim, Grantee, ServiceId};
use crate::text::Span;

/// Nobody but the named services has a flow or a grant to the subject, and no port is open.
pub(super) fn reachable_only(case: &Case<'_>, claim: &Claim) -> Finding {
    let Some(&target) = claim.on.first() else {
        return open("the claim names nothing", "la afirmación no nombra nada");
    };
    let others: BTreeSet<(ServiceId, Span)> =
        reachers(case, target).into_iter().filter(|(who, _)| !claim.by.contains(who)).collect();
    if let Some(open) = case.model.opens.iter().find(|open| open.on == target) {
        return fails("a port is opened by hand", "un puerto está abierto a mano", vec![open.span]);
    }
    let (ids, spans): (Vec<ServiceId>, Vec<Span>) = others.into_iter().unzip();
    if ids.is_empty() {
        let who = names(case, &claim.by);
        return holds(
            format!("nobody but {} has a flow or a grant to it", who.en),
            format!("nadie más que {} tiene un flujo o un permiso hacia ella", who.es),
        );
    }
    let who = names(case, &ids);
    fails(format!("{} reaches it too", who.en), format!("{} también la alcanza", who.es), spans)
}

/// Services that act on the target, with the line that lets them.
fn reachers(case: &Case<'_>, target: ServiceId) -> Vec<(ServiceId, Span)> {
    let flows = case.model.whole_flows_at(target).filter(|(_, flow)| flow.resource() == target);
    let by_flow = flows.map(|(_, flow)| (if flow.from == target { flow.to } else { flow.from }, flow.span));
    let grants = case.model.grants.iter().filter(|grant| grant.on.iter().any(|on| on.value == target));
    let by_grant = grants.filter_map(|grant| match grant.principal.value {
        Grantee::Service(id) => Some((id, grant.span)),
        Grantee::Role(_) | Grantee::Anyone => None,
    });
    by_flow.chain(by_grant).collect()
}

/// Each entry demands tokens of the pool, and none is public.
pub(super) fn authenticated(case: &Case<'_>, claim: &Claim) -> Finding {
    let failure = claim.on.iter().filter_map(|id| not_authenticated(case, *id, &claim.by));
    let pool = names(case, &claim.by);
    let success = holds(
        format!("every route demands a token of {}", pool.en),
        format!("cada ruta exige un token de {}", pool.es),
    );
    first_failure(failure, success)
}

fn not_authenticated(case: &Case<'_>, id: ServiceId, pools: &[ServiceId]) -> Option<Finding> {
    let what = name(case, id);
    if let Some(public) = case.model.publics.iter().find(|public| public.on == id) {
        return Some(fails(format!("{what} is public"), format!("{what} es público"), vec![public.span]));
    }
    let settings = &case.model.services[id].settings;
    let pool = settings.service("auth");
    let span = settings.span("auth").unwrap_or(case.model.services[id].span);
    match pool {
        None => Some(fails(
            format!("{what} has no authorizer"),
            format!("{what} no tiene autorizador"),
            vec![span],
        )),
        Some(pool) if !pools.is_empty() && !pools.contains(&pool) => {
            let other = name(case, pool);
            Some(fails(format!("{what} trusts {other}"), format!("{what} confía en {other}"), vec![span]))
        }
        Some(_) => None,
    }
}
