//! Findings by severity, with what to do, and the assumptions behind the figures.

use serde::Serialize;

use crate::diag::Diagnostic;
use crate::emit::report::Subject;
use crate::emit::report::markdown::Markdown;
use crate::text::{Language, Text};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Findings {
    open: Vec<Line>,
    waived: Vec<Line>,
    assumptions: Vec<AssumptionRow>,
    unsure: Vec<UnsureRow>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    code: &'static str,
    severity: &'static str,
    title: Markdown,
    message: Markdown,
    place: Markdown,
    why: Markdown,
    fix: Vec<Markdown>,
    reason: Markdown,
}

#[derive(Debug, Serialize)]
struct AssumptionRow {
    what: Markdown,
    value: Markdown,
    source: Markdown,
    place: Markdown,
    state: Markdown,
}

#[derive(Debug, Serialize)]
struct UnsureRow {
    what: Markdown,
    figures: Markdown,
}

pub(super) fn findings(subject: Subject<'_>) -> Findings {
    let all = subject.review.findings.iter();
    let (waived, open): (Vec<_>, Vec<_>) = all.partition(|finding| finding.waived.is_some());
    Findings {
        open: open.into_iter().map(|finding| line(subject, finding)).collect(),
        waived: waived.into_iter().map(|finding| line(subject, finding)).collect(),
        assumptions: subject
            .review
            .facts
            .assumptions
            .iter()
            .map(|assumption| AssumptionRow {
                what: subject.sentence(&assumption.what),
                value: value(&assumption.value),
                source: Markdown::own(assumption.source.say(subject.language)),
                place: Markdown::place(&subject.review.sources, assumption.span),
                state: Markdown::code(&assumption.state),
            })
            .collect(),
        unsure: unsure(subject),
    }
}

/// A figure as text; a word of the language, which no figure has, as code.
fn value(written: &str) -> Markdown {
    let has_figure = written.bytes().any(|byte| byte.is_ascii_digit());
    if has_figure { Markdown::text(&Text::new(written)) } else { Markdown::code(written) }
}

/// One finding in the report's language: title and advice of a check come from the catalogue.
pub(super) fn line(subject: Subject<'_>, finding: &Diagnostic) -> Line {
    let words = subject.catalog.check(finding.code);
    let spanish = subject.language == Language::Es;
    let pick = |english: &str, other: &str| Markdown::text(&Text::new(if spanish { other } else { english }));
    let own = |text: &str| Markdown::own(text);
    let helps = finding.help.iter().map(|help| subject.sentence(help));
    let general = words
        .filter(|_| finding.help.is_empty())
        .map(|words| own(if spanish { &words.fix_es } else { &words.fix }));
    Line {
        code: finding.code,
        severity: finding.severity.word(subject.language),
        title: words.map_or_else(
            || subject.sentence(&finding.heading()),
            |words| pick(&words.title, &words.title_es),
        ),
        message: subject.sentence(&finding.message),
        place: Markdown::place(&subject.review.sources, finding.span),
        why: words.map_or_else(Markdown::default, |words| pick(&words.rationale, &words.rationale_es)),
        fix: general.into_iter().chain(helps).collect(),
        reason: finding.waived.as_ref().map(Markdown::text).unwrap_or_default(),
    }
}

/// Kinds of the model with figures that nobody has confirmed, and how many.
fn unsure(subject: Subject<'_>) -> Vec<UnsureRow> {
    let mut seen = std::collections::BTreeSet::new();
    let kinds = subject
        .review
        .model
        .services
        .values()
        .map(|service| &service.kind)
        .filter(|kind| seen.insert(kind.id.clone()));
    kinds
        .filter_map(|kind| {
            let prices = kind
                .pricing
                .items
                .iter()
                .filter(|price| price.is_from_memory())
                .map(|price| price.id.clone());
            let sla = kind.availability.is_from_memory().then(|| "SLA".to_owned());
            let figures: Vec<Markdown> = prices.chain(sla).map(Markdown::code).collect();
            (!figures.is_empty()).then(|| UnsureRow {
                what: Markdown::own(subject.say(&kind.name, &kind.name_es)),
                figures: Markdown::list(figures),
            })
        })
        .collect()
}
