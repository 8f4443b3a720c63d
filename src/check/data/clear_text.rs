//! DATA-402: classified data on a way that is not encrypted.

use crate::check::case::{Case, Check};
use crate::check::fixes::on_arrow;
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::{DataClass, Flow, Service};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-402", title: "sensitive flow in clear text", severity: Severity::Error },
    find,
};

/// A classified flow gets TLS by itself; what is left are flows and ends that switch it off.
fn find(case: &Case) -> Vec<Diagnostic> {
    let clear =
        case.model.whole_flows().filter(|(_, flow)| flow.carries.iter().any(|class| class.is_sensitive()));
    clear.filter_map(|(_, flow)| in_the_clear(case, flow)).collect()
}

fn in_the_clear(case: &Case, flow: &Flow) -> Option<Diagnostic> {
    let (from, to) = (&case.model.services[flow.from], &case.model.services[flow.to]);
    let by_end = [from, to].into_iter().find(|end| switches_tls_off(end));
    let (span, what) = match (flow.tls, by_end) {
        (Some(false), _) => (flow.span, Phrase::new("`tls off` on this flow", "`tls off` en este flujo")),
        (None, Some(end)) => {
            (end.settings.span("tls")?, phrase!("`tls off` in `{}`", "`tls off` en `{}`", end.name))
        }
        _ => return None,
    };
    let class =
        flow.carries.iter().copied().filter(|class| class.is_sensitive()).max().map_or("", DataClass::name);
    let message = phrase!(
        "`{}` sends {class} to `{}` in clear text",
        "`{}` envía {class} a `{}` sin cifrar",
        from.name,
        to.name
    );
    let finding = CHECK.rule.at(flow.span).message(message).label(span, what);
    let finding = match flow.tls {
        Some(_) => on_arrow(flow, "tls on", finding),
        None => finding
            .fix(Phrase::new("write `tls on`", "escribir `tls on`"), vec![Edit::replace(span, "tls on")]),
    };
    Some(
        finding
            .help(Phrase::new(
                "take the `tls off` out: classified data is encrypted inside the network too",
                "quita el `tls off`: los datos clasificados se cifran también dentro de la red",
            ))
            .subject(from.name.as_str()),
    )
}

fn switches_tls_off(end: &Service) -> bool {
    end.settings.is_stated("tls") && !end.settings.is_on("tls")
}
