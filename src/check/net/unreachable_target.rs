//! NET-209: a function outside the network calls something inside it.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{ContainerKind, Flow};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-209",
        title: "VPC target from a function outside the VPC",
        severity: Severity::Error,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let outside = case.model.whole_flows().filter(|(_, flow)| is_cut_off(case, flow));
    outside
        .map(|(_, flow)| {
            let (from, to) = (&case.model.services[flow.from].name, &case.model.services[flow.to].name);
            let message = phrase!(
                "`{from}` stands outside the network of `{to}`",
                "`{from}` está fuera de la red de `{to}`"
            );
            let help = phrase!(
                "move `{from}` into a private tier of the same VPC",
                "lleva `{from}` a una capa privada del mismo VPC"
            );
            let label = case.model.services[flow.from].span;
            CHECK
                .rule
                .at(flow.span)
                .message(message)
                .label(label, Phrase::new("declared outside a VPC", "declarado fuera de un VPC"))
                .help(help)
                .subject(from.as_str())
        })
        .collect()
}

/// Needs the way a security group, and does the caller stand in no network or in another one?
fn is_cut_off(case: &Case, flow: &Flow) -> bool {
    let by_network = flow
        .mechanism
        .as_ref()
        .is_some_and(|mechanism| mechanism.via.ends_with("-in-vpc") || mechanism.via == "nfs-mount");
    let vpc = |id| case.model.place_of(id, ContainerKind::Vpc);
    let caller = &case.model.services[flow.from];
    by_network && !caller.kind.is_outside() && vpc(flow.to).is_some() && vpc(flow.from) != vpc(flow.to)
}
