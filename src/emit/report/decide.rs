//! The first page's list: what somebody has to decide, the most pressing first, each with both ways out.

use serde::Serialize;

use crate::check::claim::Outcome;
use crate::diag::Severity;
use crate::emit::report::Subject;
use crate::emit::report::findings::{Group, groups};
use crate::emit::report::markdown::Markdown;

/// How many decisions the first page asks for.
const DECISIONS: usize = 5;
/// How many places of one rule are named.
const CASES: usize = 3;

/// One decision.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    title: Markdown,
    /// The severity, of a finding.
    severity: Option<&'static str>,
    claim: bool,
    what: Markdown,
    more: Option<usize>,
    why: Markdown,
    either: Vec<Markdown>,
    mends: bool,
    /// The waiver that accepts it for half a year, where one can.
    accept: Option<Markdown>,
    place: Markdown,
}

/// Errors, then claims that do not hold, then what is high and medium; what a tool mends comes after what needs a mind.
pub(super) fn decisions(subject: Subject<'_>) -> Vec<Choice> {
    let of = |severity: Severity| {
        let mut found = groups(subject, |finding| finding.severity == severity);
        found.sort_by_key(|group| group.mends);
        found
            .into_iter()
            .map(|group| choice(subject, &group, severity != Severity::Error))
            .collect::<Vec<_>>()
    };
    let errors = of(Severity::Error);
    let rest = [Severity::High, Severity::Medium].into_iter().flat_map(of);
    errors.into_iter().chain(broken_claims(subject)).chain(rest).take(DECISIONS).collect()
}

/// A rule that is broken as a decision.
fn choice(subject: Subject<'_>, group: &Group, may_waive: bool) -> Choice {
    let told = group.cases.iter().take(CASES);
    let advice = if group.common.is_empty() {
        group.cases.iter().take(1).flat_map(|case| case.fix.clone()).collect()
    } else {
        group.common.clone()
    };
    let until = subject.review.today.half_a_year_on();
    let waiver = |on: &crate::text::Text| {
        let on: String = on.chars().collect();
        Markdown::code(format!("waive {} on {on} until {until} because \"…\"", group.code))
    };
    let on = group.cases.first().and_then(|case| case.subject.as_ref()).filter(|_| may_waive);
    Choice {
        title: group.title.clone(),
        severity: Some(group.severity),
        claim: false,
        what: Markdown::clauses(told.clone().map(|case| case.message.clone())),
        more: group.cases.len().checked_sub(CASES).filter(|more| *more > 0),
        why: group.why.clone(),
        either: advice,
        mends: group.mends,
        accept: on.map(waiver),
        place: Markdown::list(told.map(|case| case.place.clone())),
    }
}

/// Claims of the model that its facts contradict.
fn broken_claims(subject: Subject<'_>) -> Vec<Choice> {
    let review = subject.review;
    let broken = subject.verdicts.iter().filter(|verdict| verdict.finding.outcome == Outcome::Fails);
    broken
        .filter_map(|verdict| {
            let claim = review.model.claims.get(verdict.claim)?;
            Some(Choice {
                title: Markdown::text(&claim.sentence),
                severity: None,
                claim: true,
                what: subject.sentence(&verdict.finding.because),
                more: None,
                why: Markdown::default(),
                either: Vec::new(),
                mends: false,
                accept: None,
                place: Markdown::place(&review.sources, claim.span),
            })
        })
        .collect()
}
