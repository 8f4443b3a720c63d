//! OPS-604: a balancer that cannot tell a sick unit from a sound one.

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "OPS-604", title: "no health check", severity: Severity::High }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let balanced =
        case.model.services.iter().filter(|(id, service)| lacks(service) && is_balanced(case, *id));
    balanced
        .map(|(id, service)| {
            let message = phrase!(
                "nothing tells the balancer whether `{}` is well",
                "nada dice al balanceador si `{}` está sano",
                service.name
            );
            let finding = about(&CHECK.rule, case, id).message(message);
            finding.help(Phrase::new(
                "name the path that tells: `health \"/healthz\"`",
                "nombra la ruta que lo dice: `health \"/healthz\"`",
            ))
        })
        .collect()
}

/// Does its kind take a health path, and it states none?
fn lacks(service: &Service) -> bool {
    service.kind.setting("health").is_some() && service.settings.text("health").is_none()
}

/// Does a load balancer, declared or derived, lead to it?
fn is_balanced(case: &Case, id: ServiceId) -> bool {
    let leads = |from: ServiceId| matches!(case.model.services[from].kind.id.as_str(), "alb" | "nlb");
    case.model.flows_to(id).any(|(_, flow)| leads(flow.from))
}
