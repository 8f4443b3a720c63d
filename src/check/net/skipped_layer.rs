//! NET-207: an entry that reaches a store without a service between.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::{name, on_flow};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Flow, FlowId};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "NET-207",
        title: "flow between tiers that skips a layer",
        severity: Severity::Medium,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let direct = case.model.whole_flows().filter(|(_, flow)| skips(case, flow));
    direct.map(|(id, flow)| finding(case, id, flow)).collect()
}

/// A CDN that reads a bucket and a signed upload are the ways AWS means to be direct.
fn skips(case: &Case, flow: &Flow) -> bool {
    let (from, to) = (&case.model.services[flow.from].kind, &case.model.services[flow.to]);
    let is_edge = from.has(Trait::Entry) || from.has(Trait::Untrusted);
    let is_meant = from.has(Trait::Cache) || flow.verb == "presign";
    let only_public = to.holds().max() == Some(DataClass::Public);
    is_edge && to.kind.has(Trait::Datastore) && !is_meant && !only_public && flow.mechanism.is_some()
}

fn finding(case: &Case, id: FlowId, flow: &Flow) -> Diagnostic {
    let (from, to) = (name(case, flow.from), name(case, flow.to));
    let finding = on_flow(&CHECK.rule, case, id).message(phrase!(
        "`{from}` reaches the store `{to}` directly",
        "`{from}` alcanza el almacén `{to}` directamente"
    ));
    finding.help(phrase!(
        "put a service between: `{from} -> worker : invoke` and `worker -> {to} : {}`",
        "pon un servicio en medio: `{from} -> worker : invoke` y `worker -> {to} : {}`",
        flow.verb
    ))
}
