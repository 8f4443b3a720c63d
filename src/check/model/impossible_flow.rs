//! MODEL-704: a flow that AWS offers no way for.

use std::collections::BTreeSet;

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Flow;
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "MODEL-704", title: "impossible flow", severity: Severity::Error }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let without = case.model.whole_flows().filter(|(_, flow)| flow.mechanism.is_none());
    without.filter_map(|(_, flow)| impossible(case, flow)).collect()
}

/// Reported unless the pair is legal with another verb, which is MODEL-705's business.
fn impossible(case: &Case, flow: &Flow) -> Option<Diagnostic> {
    let [from, to] = [flow.from, flow.to].map(|id| &case.model.services[id]);
    let [from_kind, to_kind] = [&from.kind.id, &to.kind.id];
    let known = case.catalog.impossible(from_kind, to_kind);
    let stated = known.filter(|row| row.verbs.is_empty() || row.verbs.contains(&flow.verb));
    if stated.is_none() && case.catalog.mechanisms(from_kind, to_kind).any(|row| !row.implicit) {
        return None;
    }
    let message = phrase!(
        "`{}` cannot reach `{}` directly",
        "`{}` no puede alcanzar `{}` directamente",
        from.name,
        to.name
    );
    let finding = CHECK.rule.at(flow.span).message(message).subject(from.name.as_str());
    Some(match stated {
        Some(row) => finding
            .note(Phrase::new(row.why.as_str(), row.why_es.as_str()))
            .help(Phrase::new(row.advice.as_str(), row.advice_es.as_str())),
        None => finding
            .note(phrase!(
                "no mechanism leads from `{}` to `{}`",
                "ningún mecanismo conduce de `{}` a `{}`",
                from.kind.word,
                to.kind.word
            ))
            .maybe_help(detour(case, flow)),
    })
}

/// A legal way over one other kind.
fn detour(case: &Case, flow: &Flow) -> Option<Phrase> {
    let [from, to] = [flow.from, flow.to].map(|id| &case.model.services[id].kind);
    let legal = |a: &str, b: &str| case.catalog.mechanisms(a, b).any(|row| !row.implicit);
    let between: BTreeSet<&str> = case
        .catalog
        .kinds()
        .filter(|kind| kind.declarable && legal(&from.id, &kind.id) && legal(&kind.id, &to.id))
        .map(|kind| kind.word.as_str())
        .collect();
    let best = ["lambda", "sqs", "alb", "http-api"]
        .into_iter()
        .find(|word| between.contains(word))
        .or(between.first().copied())?;
    Some(phrase!(
        "`{}` -> `{best}` -> `{}` is possible",
        "`{}` -> `{best}` -> `{}` es posible",
        from.word,
        to.word
    ))
}
