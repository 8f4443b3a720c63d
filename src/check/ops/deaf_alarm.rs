//! OPS-602: an alarm that reaches nobody.

use crate::check::case::{Case, Check};
use crate::check::place::{about, flows_from, name};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::ServiceId;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "OPS-602", title: "alarm that reaches nobody", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let derived = case.model.alarms.iter().filter_map(|alarms| {
        let finding = CHECK.rule.at(alarms.span).subject(case.model.system.name.as_str());
        match alarms.to.as_slice() {
            [] => Some(
                finding.message(Phrase::new("the alarms go to nobody", "las alarmas no van a nadie")).help(
                    Phrase::new(
                        "name who hears them: `alarms auto -> ops`",
                        "nombra quién las oye: `alarms auto -> ops`",
                    ),
                ),
            ),
            to if to.iter().any(|id| is_heard(case, *id)) => None,
            to => to.first().map(|id| unheard(case, finding, *id)),
        }
    });
    derived.chain(declared(case)).collect()
}

/// Alarms that the model declares one by one.
fn declared<'a>(case: &'a Case) -> impl Iterator<Item = Diagnostic> + 'a {
    let alarms = case.model.services.iter().filter(|(_, service)| service.is_a("alarm"));
    alarms.filter_map(|(id, alarm)| {
        let told: Vec<ServiceId> = flows_from(case, id).map(|flow| flow.to).collect();
        let finding = about(&CHECK.rule, case, id);
        if told.is_empty() {
            let message =
                phrase!("the alarm `{}` tells nobody", "la alarma `{}` no avisa a nadie", alarm.name);
            return Some(finding.message(message).help(Phrase::new(
                "write `notify NAME` of a `sns` in its braces",
                "escribe `notify NAME` de un `sns` en sus llaves",
            )));
        }
        let unheard_by = told.iter().all(|to| !is_heard(case, *to));
        unheard_by.then(|| unheard(case, finding, told.first().copied().unwrap_or(id)))
    })
}

/// Does somebody or something listen there? Whatever is no topic acts on the alarm itself.
fn is_heard(case: &Case, id: ServiceId) -> bool {
    let service = &case.model.services[id];
    let has_address = service.settings.is_on("email") || service.settings.is_on("url");
    !service.is_a("sns") || has_address || flows_from(case, id).next().is_some()
}

fn unheard(case: &Case, finding: Diagnostic, topic: ServiceId) -> Diagnostic {
    let topic_name = name(case, topic);
    let finding = finding.message(phrase!(
        "nobody listens to `{topic_name}`, which hears the alarms",
        "nadie escucha `{topic_name}`, que recibe las alarmas"
    ));
    finding
        .label(case.model.services[topic].span, Phrase::new("without a subscriber", "sin suscriptor"))
        .help(Phrase::new(
            "write an address in its braces: `email \"ops@example.com\"`",
            "escribe una dirección en sus llaves: `email \"ops@example.com\"`",
        ))
}
