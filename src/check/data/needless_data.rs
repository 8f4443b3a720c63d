//! DATA-404: a service is sent a class of data that it does nothing with.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{flows_from, flows_to, name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Flow, FlowId, ServiceId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "DATA-404", title: "service receives data it never uses", severity: Severity::Low },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let classified = case.model.whole_flows().filter(|(_, flow)| is_to_code(case, flow));
    classified.flat_map(|(id, flow)| needless(case, id, flow)).collect()
}

/// Does it end at code that can say what it uses?
fn is_to_code(case: &Case, flow: &Flow) -> bool {
    let kind = &case.model.services[flow.to].kind;
    kind.has(Trait::AssumesRole) && kind.setting("uses").is_some()
}

fn needless(case: &Case, id: FlowId, flow: &Flow) -> Vec<Diagnostic> {
    let unused =
        flow.carries.iter().copied().filter(|class| class.is_sensitive() && !is_used(case, flow.to, *class));
    unused
        .map(|class| {
            let (to, class) = (name(case, flow.to), DataClass::name(class));
            let finding = on_flow(&CHECK.rule, case, id).message(phrase!(
                "`{to}` receives {class} and does nothing with it",
                "`{to}` recibe {class} y no hace nada con ello"
            ));
            finding.help(phrase!(
                "take the class off the arrow, or say what it is for: `uses {class}` in the braces of `{to}`",
                "quita la clase de la flecha, o di para qué es: `uses {class}` en las llaves de `{to}`"
            ))
        })
        .collect()
}

/// Does the service say so, pass the class on, or act on a store that holds it?
fn is_used(case: &Case, id: ServiceId, class: DataClass) -> bool {
    let model = case.model;
    let says = model.services[id].settings.words("uses").iter().any(|word| word == class.name());
    let passes = |flow: &Flow| flow.from == id && flow.carries.contains(&class);
    let keeps = |flow: &Flow| {
        flow.initiator() == id && model.services[flow.resource()].holds().any(|held| held == class)
    };
    let mut touching = flows_from(case, id).chain(flows_to(case, id));
    says || touching.any(|flow| passes(flow) || keeps(flow))
}
