//! AUTH-307: an API that lets in more than what stands behind it can take.

use crate::catalog::Trait;
use crate::check::auth::entries;
use crate::check::case::{Case, Check};
use crate::check::fixes::written;
use crate::check::place::{about, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, FlowId, ServiceId};
use crate::text::{Phrase, phrase};
use crate::units::PerSecond;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "AUTH-307", title: "no throttle on a public API", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let apis = entries(case).filter(|id| case.model.services[*id].kind.setting("throttle").is_some());
    let apis = apis.filter(|id| case.model.services[*id].kind.has(Trait::Public));
    apis.filter_map(|id| unbounded(case, id)).collect()
}

fn unbounded(case: &Case, id: ServiceId) -> Option<Diagnostic> {
    let service = &case.model.services[id];
    let Some(throttle) = service.settings.rate("throttle") else {
        let finding = about(&CHECK.rule, case, id).message(phrase!(
            "nothing limits the calls of `{}`",
            "nada limita las llamadas de `{}`",
            service.name
        ));
        let finding = finding.help(Phrase::new(
            "write a limit in its braces: `throttle 200 rps`",
            "escribe un límite en sus llaves: `throttle 200 rps`",
        ));
        return Some(match twice_the_peak(case, id) {
            Some(limit) => written(case, id, &format!("throttle {limit} rps"), finding),
            None => finding,
        });
    };
    let weakest = case.model.whole_flows_from(id).filter(|(_, flow)| !flow.soft && flow.is_sync());
    let (to, rate, most) = weakest
        .filter_map(|(at, flow)| overrun(case, at, flow, throttle))
        .min_by_key(|(_, _, most)| *most)?;
    let span = service.settings.span("throttle").unwrap_or(service.span);
    let message = phrase!(
        "`{}` lets in more than `{}` can take at its most",
        "`{}` deja pasar más de lo que `{}` soporta como máximo",
        service.name,
        name(case, to)
    );
    let finding = CHECK.rule.at(span).message(message).subject(service.name.as_str());
    let finding = finding
        .label(case.model.services[to].span, phrase!("takes {} rps", "soporta {} rps", rate.0 / 1_000));
    let finding = finding.help(Phrase::new(
        "lower the throttle, or raise the maximum of what stands behind",
        "baja el límite de entrada, o sube el máximo de lo que hay detrás",
    ));
    // A limit below the stated peak would turn away callers that the model means to serve.
    let serves = most.0 >= case.facts.load.service(id).peak.0;
    Some(match most.0 / 1_000 {
        limit if limit > 0 && serves => written(case, id, &format!("throttle {limit} rps"), finding),
        _ => finding,
    })
}

/// Twice the stated peak in whole calls a second; nothing when no load is stated.
fn twice_the_peak(case: &Case, id: ServiceId) -> Option<u64> {
    let peak = case.facts.load.service(id).peak.0;
    (case.facts.load.is_stated(id) && peak > 0).then(|| peak.saturating_mul(2).div_ceil(1_000))
}

/// The callee, the rate it can take, and the throttle that sends it no more, when the API's whole throttle would.
fn overrun(
    case: &Case,
    id: FlowId,
    flow: &Flow,
    throttle: PerSecond,
) -> Option<(ServiceId, PerSecond, PerSecond)> {
    let group = case.facts.capacity.group(flow.to).filter(|group| group.derived_target > 0)?;
    let (part, whole) = (case.facts.load.flow(id).peak.0, case.facts.load.service(flow.from).peak.0);
    let arriving = u128::from(throttle.0) * u128::from(part) / u128::from(whole.max(1));
    let taken = u128::from(group.max) * u128::from(group.derived_target) * 1_000 / 60;
    let rate = PerSecond(u64::try_from(taken).ok()?);
    let most = taken * u128::from(whole) / u128::from(part.max(1));
    (arriving > taken).then_some((flow.to, rate, PerSecond(u64::try_from(most).ok()?)))
}
