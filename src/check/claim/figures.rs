//! Claims about figures: fixed cost, latency, availability.

use crate::check::Case;
use crate::check::claim::{Finding, fails, holds, name, open};
use crate::derive::cost::Points;
use crate::model::{Claim, ServiceId};
use crate::units::{Dimension, MicroUsd, Millis, Percent};

/// A figure against the claim's bound; `<` is the default.
fn compare(claim: &Claim, dimension: Dimension, figure: u64, said: [String; 2]) -> Finding {
    let [en, es] = said;
    let Some(bound) = claim.bound.filter(|bound| bound.figure.dimension == dimension) else {
        return open("the claim states no bound of that sort", "la afirmación no da un límite de ese tipo");
    };
    let limit = match dimension {
        Dimension::Percent => format!("{} %", Percent(bound.figure.amount).percent(4)),
        _ => Millis(bound.figure.amount).spoken(),
    };
    let (en, es) = if bound.upper {
        (format!("{en}; less than {limit} is claimed"), format!("{es}; se afirma menos de {limit}"))
    } else {
        (format!("{en}; more than {limit} is claimed"), format!("{es}; se afirma más de {limit}"))
    };
    let within = if bound.upper { figure < bound.figure.amount } else { figure > bound.figure.amount };
    if within { holds(en, es) } else { fails(en, es, vec![claim.span]) }
}

/// The part of the expected bill that is there without load.
pub(super) fn fixed_cost(case: &Case<'_>, claim: &Claim) -> Finding {
    let Some(share) = case.facts.cost.fixed_share() else {
        return open("nothing in the model has a price", "nada en el modelo tiene precio");
    };
    let Points { zero, expected, .. } = case.facts.cost.totals;
    let percent = share.percent(0);
    let en = format!("{percent} % of the bill is fixed ({} of {})", usd(zero), usd(expected));
    let es = format!("el {percent} % de la factura es fijo ({} de {})", usd(zero), usd(expected));
    compare(claim, Dimension::Percent, share.0, [en, es])
}

fn usd(amount: MicroUsd) -> String {
    format!("{} USD", amount.usd(0))
}

/// The slowest way from each subject, in the mean.
pub(super) fn latency(case: &Case<'_>, claim: &Claim) -> Finding {
    let from_subject =
        |path: usize| case.facts.paths.all.get(path).is_some_and(|path| claim.on.contains(&path.start));
    let slowest = case
        .facts
        .latency
        .paths
        .iter()
        .filter(|found| from_subject(found.path))
        .max_by_key(|found| found.mean);
    let Some(slowest) = slowest else {
        return open("no way begins there", "ningún camino empieza ahí");
    };
    let millis = slowest.mean.0.div_ceil(1_000);
    let en = format!("the slowest way takes {millis} ms in the mean");
    compare(
        claim,
        Dimension::Time,
        millis,
        [en, format!("el camino más lento tarda {millis} ms en promedio")],
    )
}

/// The least available way from each subject.
pub(super) fn availability(case: &Case<'_>, claim: &Claim) -> Finding {
    let worst_of = |id: &ServiceId| Some((*id, case.facts.availability.worst_from(&case.facts.paths, *id)?));
    let worst = claim.on.iter().filter_map(worst_of).min_by_key(|(_, found)| found.chain.availability);
    let Some((id, worst)) = worst else {
        return open("no way begins there", "ningún camino empieza ahí");
    };
    let share = Percent(worst.chain.availability.0 / 1_000);
    let (from, percent) = (name(case, id), share.percent(4));
    let en = format!("the least available way from {from} has {percent} %");
    compare(
        claim,
        Dimension::Percent,
        share.0,
        [en, format!("el camino menos disponible desde {from} tiene {percent} %")],
    )
}
