//! NET-206: what holds sensitive data may send to anywhere.

use crate::check::case::{Case, Check};
use crate::check::data::handled;
use crate::check::place::about;
use crate::derive::network::{Direction, Peer};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, ServiceId};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-206",
        title: "unrestricted egress from a service that holds sensitive data",
        severity: Severity::Medium,
    },
    find,
};

/// Security groups let out only what flows need; what is left are the calls to APIs of AWS without an endpoint, which have
/// no fixed addresses.
fn find(case: &Case) -> Vec<Diagnostic> {
    let groups = case.facts.network.groups.iter().copied();
    groups
        .filter(|id| is_open(case, *id) && !calls_outside(case, *id))
        .filter_map(|id| finding(case, id))
        .collect()
}

/// May it open connections to any address, for no declared flow?
fn is_open(case: &Case, id: ServiceId) -> bool {
    case.facts.network.of(id).any(|rule| {
        let anywhere = matches!(&rule.peer, Peer::Cidr(block) if block.ends_with("/0"));
        rule.direction == Direction::Egress && anywhere && rule.flow.is_none()
    })
}

/// Does it call a system outside? Then the way out is wanted.
fn calls_outside(case: &Case, id: ServiceId) -> bool {
    case.model.whole_flows_from(id).any(|(_, flow)| case.model.services[flow.to].kind.is_outside())
}

fn finding(case: &Case, id: ServiceId) -> Option<Diagnostic> {
    let class = handled(case, id).into_iter().filter(|class| class.is_sensitive()).max()?;
    let service = &case.model.services[id];
    let message = phrase!(
        "`{}` handles {} and may send to any address",
        "`{}` maneja {} y puede enviar a cualquier dirección",
        service.name,
        DataClass::name(class)
    );
    let finding = about(&CHECK.rule, case, id).message(message);
    Some(
        finding
            .note(Phrase::new("it calls APIs of AWS over the NAT gateway; they have no fixed addresses", "llama a las API de AWS por la puerta NAT; no tienen direcciones fijas"))
            .help(Phrase::new("reach those APIs inside: `endpoints auto, logs, ssm, ssmmessages, ec2messages` in the braces of the `vpc`", "alcanza esas API por dentro: `endpoints auto, logs, ssm, ssmmessages, ec2messages` en las llaves del `vpc`"))
            .help(Phrase::new("or take the way out: `nat none`", "o quita la salida: `nat none`")),
    )
}
