//! AUTH-305: between two services, being in the network is all the proof.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Flow};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "AUTH-305",
        title: "service-to-service call without identity",
        severity: Severity::Low,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let bare = case.model.whole_flows().filter(|(_, flow)| is_bare(case, flow));
    bare.map(|(id, flow)| {
        let (from, to) = (name(case, flow.from), name(case, flow.to));
        let class = flow.carries.iter().copied().max().map_or("", DataClass::name);
        let message = phrase!(
            "`{to}` takes {class} from whoever reaches it, such as `{from}`",
            "`{to}` acepta {class} de quien lo alcance, como `{from}`"
        );
        let finding = on_flow(&CHECK.rule, case, id).message(message);
        finding.help(phrase!(
            "let `{to}` check tokens: write `auth NAME` of a `cognito` in its braces",
            "haz que `{to}` compruebe tokens: escribe `auth NAME` de un `cognito` en sus llaves"
        ))
    })
    .collect()
}

/// Does one service call another with classified data, and no token is checked?
fn is_bare(case: &Case, flow: &Flow) -> bool {
    let [from, to] = [flow.from, flow.to].map(|id| &case.model.services[id]);
    let over_network = flow
        .mechanism
        .as_ref()
        .is_some_and(|mechanism| matches!(mechanism.via.as_str(), "service-to-service" | "http-in-vpc"));
    let classified = flow.carries.iter().any(|class| matches!(class, DataClass::Pii | DataClass::Payment));
    from.kind.has(Trait::AssumesRole) && over_network && classified && to.settings.service("auth").is_none()
}
