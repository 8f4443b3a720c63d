//! What the figures rest on: what was assumed, and where each price, commitment and quota comes from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::derive::assumption::Assumption;
use crate::emit::report::Subject;
use crate::emit::report::markdown::Markdown;
use crate::text::Text;

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Sources {
    assumptions: Vec<AssumptionRow>,
    sources: Vec<SourceRow>,
}

/// What was assumed alike, and the lines that would state it.
#[derive(Debug, Serialize)]
struct AssumptionRow {
    what: Markdown,
    value: Markdown,
    source: Markdown,
    lines: Markdown,
}

/// One source and what was taken from it.
#[derive(Debug, Serialize)]
struct SourceRow {
    source: Markdown,
    memory: bool,
    date: Option<String>,
    prices: Markdown,
    commitments: Markdown,
    quotas: Markdown,
}

/// Figures by the kind they belong to.
type Figures = BTreeMap<String, BTreeSet<String>>;

/// What was taken from one source.
#[derive(Debug, Default)]
struct Taken {
    prices: Figures,
    commitments: BTreeSet<String>,
    quotas: Figures,
}

pub(super) fn sources(subject: Subject<'_>) -> Sources {
    Sources { assumptions: assumptions(subject), sources: figures(subject) }
}

/// What is said of an assumption before its subject: what assumptions have in common.
fn opening(subject: Subject<'_>, assumption: &Assumption) -> String {
    let said: String = assumption.what.say(subject.language).chars().collect();
    said.split('`').next().unwrap_or_default().to_owned()
}

/// Assumptions of one sort, value and source together, in the order of the first of each.
fn assumptions(subject: Subject<'_>) -> Vec<AssumptionRow> {
    let mut order: Vec<(String, &str, &str)> = Vec::new();
    let mut alike: BTreeMap<(String, &str, &str), Vec<&Assumption>> = BTreeMap::new();
    for assumption in &subject.review.facts.assumptions {
        let source = assumption.source.say(subject.language);
        let key = (opening(subject, assumption), assumption.value.as_str(), source);
        let known = alike.entry(key.clone()).or_default();
        if known.is_empty() {
            order.push(key);
        }
        known.push(assumption);
    }
    let rows = order.into_iter().filter_map(|key| Some(assumed(subject, alike.get(&key)?)));
    rows.flatten().collect()
}

fn assumed(subject: Subject<'_>, alike: &[&Assumption]) -> Option<AssumptionRow> {
    let first = alike.first()?;
    let what = match alike {
        [only] => subject.sentence(&only.what),
        _ => Markdown::own(format!("{}…", opening(subject, first))),
    };
    let line = |assumption: &&Assumption| {
        let place: String = subject.review.sources.place(assumption.span);
        Markdown::code(&assumption.state).remark(&format!("`{place}`"))
    };
    Some(AssumptionRow {
        what,
        value: value(&first.value),
        source: Markdown::own(first.source.say(subject.language)),
        lines: Markdown::list(alike.iter().map(line)),
    })
}

/// A figure as text; a word of the language, which no figure has, as code.
fn value(written: &str) -> Markdown {
    let has_figure = written.bytes().any(|byte| byte.is_ascii_digit());
    if has_figure { Markdown::text(&Text::new(written)) } else { Markdown::code(written) }
}

/// Every source of a price, a commitment or a quota that a figure of the report rests on; what nobody verified last.
fn figures(subject: Subject<'_>) -> Vec<SourceRow> {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let mut taken: BTreeMap<(bool, String), Taken> = BTreeMap::new();
    for line in &facts.cost.lines {
        let known = taken.entry((line.from_memory, line.source.clone())).or_default();
        known.prices.entry(word(&line.kind)).or_default().insert(line.item.clone());
    }
    for component in facts.availability.components.iter().filter(|component| !component.stated) {
        let kind = &model.services[component.service].kind;
        let known = taken.entry((component.from_memory, kind.availability.src.clone())).or_default();
        known.commitments.insert(word(&kind.id));
    }
    for quota in &facts.capacity.quotas {
        let kinds = model.services.values().map(|service| &service.kind);
        let kind = kinds.into_iter().find(|kind| kind.id == quota.kind);
        let Some(row) = kind.and_then(|kind| kind.quota(&quota.name)) else { continue };
        let known = taken.entry((row.is_from_memory(), row.src.clone())).or_default();
        known.quotas.entry(word(&quota.kind)).or_default().insert(quota.name.clone());
    }
    taken.into_iter().map(|((memory, source), taken)| source_row(memory, &source, &taken)).collect()
}

/// A kind as the language spells it.
fn word(kind: &str) -> String {
    kind.replace('_', "-")
}

fn source_row(memory: bool, source: &str, taken: &Taken) -> SourceRow {
    SourceRow {
        source: Markdown::code(source),
        memory,
        date: date(source),
        prices: listed(&taken.prices),
        commitments: Markdown::list(taken.commitments.iter().map(Markdown::code)),
        quotas: listed(&taken.quotas),
    }
}

/// Each kind with its figures.
fn listed(figures: &Figures) -> Markdown {
    let kind = |(kind, items): (&String, &BTreeSet<String>)| {
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        Markdown::code(format!("{kind}: {}", items.join(", ")))
    };
    Markdown::list(figures.iter().map(kind))
}

/// The date that a source names: a year, perhaps with month and day.
fn date(source: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let mut parts = source.split(|c: char| !is_part(c)).map(|part| part.trim_matches('-'));
    let dated = |part: &&str| {
        part.len() >= 4
            && part.starts_with("20")
            && part.split('-').next().is_some_and(|year| year.len() == 4)
    };
    parts.rfind(dated).map(str::to_owned)
}
