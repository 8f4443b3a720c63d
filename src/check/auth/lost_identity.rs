//! AUTH-304: the user's identity is dropped before it reaches what handles personal data.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::data::handled;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, FlowGraph, Mode, Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "AUTH-304", title: "user identity is lost on the way", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let dropped = case.model.services.iter().filter(|(_, service)| drops(service));
    dropped.filter_map(|(id, service)| lost(case, id, service)).collect()
}

fn drops(service: &Service) -> bool {
    service.settings.word("identity") == Some("dropped")
}

/// The first service behind it that acts on personal data without knowing whose request it is.
fn lost(case: &Case, id: ServiceId, service: &Service) -> Option<Diagnostic> {
    let graph = FlowGraph::new(case.model, |flow| flow.mode() != Mode::Attach);
    let people = case.model.services.iter().filter(|(_, outside)| outside.kind.has(Trait::Untrusted));
    let from_people = graph.reachable_from(people.map(|(start, _)| start)).binary_search(&id).is_ok();
    let behind = graph.reachable(id).into_iter().filter(|other| *other != id);
    let mut blind = behind.filter(|other| case.model.services[*other].kind.has(Trait::AssumesRole));
    let blind =
        blind.find(|other| handled(case, *other).contains(&DataClass::Pii)).filter(|_| from_people)?;
    let (name, other) = (&service.name, &case.model.services[blind].name);
    let span = service.settings.span("identity").unwrap_or(service.span);
    let message = phrase!(
        "`{name}` drops the identity that `{other}` needs for personal data",
        "`{name}` pierde la identidad que `{other}` necesita para datos personales"
    );
    let finding = CHECK.rule.at(span).message(message).subject(name.as_str());
    Some(finding.help(Phrase::new(
        "carry the user's subject in the message and write `identity kept`",
        "lleva el sujeto del usuario en el mensaje y escribe `identity kept`",
    )))
}
