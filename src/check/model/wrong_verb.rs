//! MODEL-705: a verb the target does not offer.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::Flow;
use crate::text::{Ident, did_you_mean, nearest, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-705", title: "verb does not fit the target", severity: Severity::Error },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let without = case.model.whole_flows().filter(|(_, flow)| flow.mechanism.is_none());
    without.filter_map(|(_, flow)| unfit(case, flow)).collect()
}

fn unfit(case: &Case, flow: &Flow) -> Option<Diagnostic> {
    let [from, to] = [flow.from, flow.to].map(|id| &case.model.services[id]);
    let rows: Vec<_> =
        case.catalog.mechanisms(&from.kind.id, &to.kind.id).filter(|row| !row.implicit).collect();
    let refused = case.catalog.impossible(&from.kind.id, &to.kind.id);
    if refused.is_some_and(|row| row.verbs.is_empty() || row.verbs.contains(&flow.verb)) {
        return None;
    }
    let mut offered: Vec<String> = rows.iter().flat_map(|row| row.verbs(&to.kind.id)).collect();
    offered.sort();
    offered.dedup();
    let similar = did_you_mean(&flow.verb, offered.iter().map(String::as_str));
    if offered.is_empty() {
        return None;
    }
    let message = phrase!(
        "`{}` cannot be done from `{}` to `{}`",
        "`{}` no se puede hacer de `{}` a `{}`",
        Ident::sanitized(&flow.verb),
        from.name,
        to.name
    );
    let finding = CHECK.rule.at(flow.span).message(message).maybe_help(similar).subject(from.name.as_str());
    let close = nearest(&flow.verb, offered.iter().map(String::as_str));
    let finding = match close {
        Some(verb) => finding.fix(
            phrase!("write `{verb}`", "escribir `{verb}`"),
            vec![Edit::word(flow.span, &flow.verb, verb)],
        ),
        None => finding,
    };
    Some(finding.help(phrase!("possible here: {}", "aquí se puede: {}", offered.join(", "))))
}
