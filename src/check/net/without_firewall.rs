//! NET-210: an entry that people reach over HTTP without a web firewall.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::flows_to;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Flow, Mode, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "NET-210", title: "no WAF on a public HTTP entry", severity: Severity::Medium },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let entries = case.model.services.iter().filter(|(_, service)| service.kind.has(Trait::Entry));
    let bare = entries.filter(|(id, _)| is_called_by_people(case, *id) && !has_firewall(case, *id));
    bare.map(|(id, service)| {
        let name = &service.name;
        let finding = CHECK.rule.at(service.span).message(phrase!(
            "people reach `{name}` without a web firewall",
            "las personas llegan a `{name}` sin un cortafuegos web"
        ));
        finding.help(advice(case, id)).subject(name.as_str())
    })
    .collect()
}

fn is_called_by_people(case: &Case, id: ServiceId) -> bool {
    let is_untrusted = |flow: &Flow| case.model.services[flow.from].kind.has(Trait::Untrusted);
    flows_to(case, id).any(|flow| flow.verb == "call" && is_untrusted(flow))
}

fn has_firewall(case: &Case, id: ServiceId) -> bool {
    let is_firewall = |flow: &Flow| case.model.services[flow.from].is_a("waf");
    flows_to(case, id).any(|flow| flow.mode() == Mode::Attach && is_firewall(flow))
}

/// Web ACLs attach to some kinds of entry only; the table of flows knows which.
fn advice(case: &Case, id: ServiceId) -> Phrase {
    let service = &case.model.services[id];
    if case.catalog.mechanisms("waf", &service.kind.id).next().is_some() {
        return phrase!(
            "declare `waf shield` and write `waf shield` in the braces of `{}`",
            "declara `waf shield` y escribe `waf shield` en las llaves de `{}`",
            service.name
        );
    }
    phrase!(
        "a web ACL cannot be attached to `{}`: put `cloudfront` with a `waf` in front, or use `rest-api`",
        "un cortafuegos web no se puede unir a `{}`: pon delante `cloudfront` con un `waf`, o usa `rest-api`",
        service.kind.word
    )
}
