//! IAM-120: an exception whose reason says nothing.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, Span, Text, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "IAM-120", title: "grant justification missing", severity: Severity::Low },
    find,
};

/// The fewest characters that can say why.
const FEWEST: usize = 10;

fn find(case: &Case) -> Vec<Diagnostic> {
    let short = |because: &Text| because.chars().filter(|c| !c.is_whitespace()).count() < FEWEST;
    exceptions(case).into_iter().filter(|(_, _, because)| because.is_some_and(short)).map(finding).collect()
}

/// Every exception of the model: its word, its line and its reason. A missing reason is refused when the model is read.
type Exception<'a> = (&'static str, Span, Option<&'a Text>);

fn exceptions<'a>(case: &Case<'a>) -> Vec<Exception<'a>> {
    let model = case.model;
    let grants =
        model.grants.iter().map(|grant| ("grant", grant.span, grant.because.as_ref().map(|b| &b.value)));
    let publics = model.publics.iter().map(|public| ("public", public.span, public.because.as_ref()));
    let opens = model.opens.iter().map(|open| ("open", open.span, open.because.as_ref()));
    let waivers = model.waivers.iter().map(|waiver| ("waive", waiver.span, waiver.because.as_ref()));
    grants.chain(publics).chain(opens).chain(waivers).collect()
}

fn finding((word, span, _): Exception) -> Diagnostic {
    let message =
        phrase!("the reason of this `{word}` says nothing", "el motivo de este `{word}` no dice nada");
    CHECK.rule.at(span).message(message).help(Phrase::new(
        "write what it is for and when it can go",
        "escribe para qué sirve y cuándo puede desaparecer",
    ))
}
