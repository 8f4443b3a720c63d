//! Claims about what is stored.

use crate::catalog::Trait;
use crate::check::Case;
use crate::check::claim::{Finding, fails, first_failure, holds, name, open};
use crate::check::place::{flows_from, flows_to};
use crate::model::{Claim, ContainerKind, DataClass, ServiceId, TierAccess};
use crate::units::Millis;

/// The subjects, or every store of the system when the claim names none.
fn subjects(case: &Case<'_>, claim: &Claim) -> Vec<ServiceId> {
    if !claim.on.is_empty() {
        return claim.on.clone();
    }
    let stores = case.model.services.iter().filter(|(_, service)| service.kind.has(Trait::Datastore));
    stores.map(|(id, _)| id).collect()
}

/// What is sensitive has a key of its own, and nothing travels there in the clear.
pub(super) fn encrypted(case: &Case<'_>, claim: &Claim) -> Finding {
    let failure = subjects(case, claim).into_iter().filter_map(|id| not_encrypted(case, id));
    first_failure(
        failure,
        holds(
            "each is encrypted at rest, what is sensitive with a key of its own, and reached over TLS",
            "cada uno está cifrado en reposo, lo sensible con clave propia, y se alcanza por TLS",
        ),
    )
}

fn not_encrypted(case: &Case<'_>, id: ServiceId) -> Option<Finding> {
    let service = &case.model.services[id];
    let what = name(case, id);
    let sensitive = service.holds().any(DataClass::is_sensitive);
    if sensitive && service.kind.setting("key").is_some() && service.settings.word("key") != Some("own") {
        let (en, es) = (format!("{what} has no key of its own"), format!("{what} no tiene clave propia"));
        return Some(fails(en, es, vec![service.span]));
    }
    let touching = flows_to(case, id).chain(flows_from(case, id));
    let clear = touching.into_iter().find(|flow| flow.resource() == id && flow.tls == Some(false))?;
    Some(fails(
        format!("{what} is reached without TLS"),
        format!("{what} se alcanza sin TLS"),
        vec![clear.span],
    ))
}

/// No store is public, by a setting, a statement or its tier.
pub(super) fn no_public_store(case: &Case<'_>, claim: &Claim) -> Finding {
    let failure = subjects(case, claim).into_iter().filter(|id| is_public(case, *id)).map(|id| {
        let what = name(case, id);
        fails(format!("{what} is public"), format!("{what} es público"), vec![case.model.services[id].span])
    });
    first_failure(
        failure,
        holds("none of them can be reached from outside", "ninguno se alcanza desde fuera"),
    )
}

fn is_public(case: &Case<'_>, id: ServiceId) -> bool {
    let tier = case.model.place_of(id, ContainerKind::Tier);
    case.model.services[id].settings.is_on("public")
        || case.model.publics.iter().any(|public| public.on == id)
        || tier.is_some_and(|tier| case.model.places[tier].access == Some(TierAccess::Public))
}

/// Each subject states what may be lost, and is backed up at least that often.
pub(super) fn recovers(case: &Case<'_>, claim: &Claim) -> Finding {
    if claim.on.is_empty() {
        return open("the claim names nothing", "la afirmación no nombra nada");
    }
    let failure = claim.on.iter().filter_map(|id| not_recovered(case, *id));
    first_failure(
        failure,
        holds(
            "each is backed up often enough for its objective",
            "cada uno tiene copias suficientes para su objetivo",
        ),
    )
}

fn not_recovered(case: &Case<'_>, id: ServiceId) -> Option<Finding> {
    let service = &case.model.services[id];
    let what = name(case, id);
    let Some(recovery) = case.model.recoveries.iter().find(|recovery| recovery.on.contains(&id)) else {
        let (en, es) = (
            format!("{what} has no recovery objective"),
            format!("{what} no tiene objetivo de recuperación"),
        );
        return Some(fails(en, es, vec![service.span]));
    };
    let continuous =
        service.settings.is_on("pitr") || service.settings.is_on("backup") && service.kind.has(Trait::Sql);
    let daily = service.settings.is_on("backup") || service.settings.is_on("versioning");
    let rpo = recovery.rpo.unwrap_or(Millis(0));
    let met = continuous && rpo >= Millis(300_000) || daily && rpo >= Millis(86_400_000);
    (!met).then(|| {
        let en = format!("{what} may lose more than {rpo}");
        fails(en, format!("{what} puede perder más de {rpo}"), vec![recovery.span])
    })
}
