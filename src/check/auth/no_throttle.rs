//! AUTH-307: an API that lets in more than what stands behind it can take.

use crate::catalog::Trait;
use crate::check::auth::entries;
use crate::check::case::{Case, Check};
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
        return Some(finding.help(Phrase::new(
            "write a limit in its braces: `throttle 200 rps`",
            "escribe un límite en sus llaves: `throttle 200 rps`",
        )));
    };
    let weakest = case.model.whole_flows_from(id).filter(|(_, flow)| !flow.soft && flow.is_sync());
    let (to, rate) =
        weakest.filter_map(|(at, flow)| overrun(case, at, flow, throttle)).min_by_key(|(_, rate)| *rate)?;
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
    Some(finding.help(Phrase::new(
        "lower the throttle, or raise the maximum of what stands behind",
        "baja el límite de entrada, o sube el máximo de lo que hay detrás",
    )))
}

/// The callee and the rate it can take, when the API's whole throttle would send it more.
fn overrun(case: &Case, id: FlowId, flow: &Flow, throttle: PerSecond) -> Option<(ServiceId, PerSecond)> {
    let group = case.facts.capacity.group(flow.to).filter(|group| group.derived_target > 0)?;
    let (part, whole) = (case.facts.load.flow(id).peak.0, case.facts.load.service(flow.from).peak.0);
    let arriving = u128::from(throttle.0) * u128::from(part) / u128::from(whole.max(1));
    let taken = u128::from(group.max) * u128::from(group.derived_target) * 1_000 / 60;
    let rate = PerSecond(u64::try_from(taken).ok()?);
    (arriving > taken).then_some((flow.to, rate))
}
