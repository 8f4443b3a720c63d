//! `explain MODEL availability`: the product of each way and journey, its factors, and what single changes would give.

use std::collections::BTreeSet;

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::explain::{SERVICES, passes, way};
use crate::ask::index::Index;
use crate::ask::select::{Asked, services};
use crate::derive::availability::{Chain, Component, Step, is_redundant};
use crate::model::ServiceId;
use crate::syntax::query::ast::{Thing, Things};
use crate::text::{Noun, Span};

const WAYS: &[Column] = &[
    column("way", "way"),
    column("formula", "formula"),
    column("availability_ppb", "availability"),
    column("lost", "lost in 30 days"),
    column("weakest", "weakest"),
    column("lines", "lines"),
];

const FACTORS: &[Column] = &[
    column("service", "service"),
    column("figure_ppb", "figure"),
    column("because", "because"),
    column("source", "source"),
    column("lines", "lines"),
];

const CHANGES: &[Column] = &[
    column("way", "way"),
    column("service", "service"),
    column("change", "single change"),
    column("availability_ppb", "availability"),
    column("saves", "saves in 30 days"),
];

/// One chain with its name and the places it comes from.
struct Told<'a> {
    name: String,
    chain: &'a Chain,
    spans: Vec<Span>,
}

/// What the availability of journeys and of the ways through services rests on.
pub(super) fn availability(index: &Index<'_>, things: &Things) -> Asked<Answer> {
    let named = |thing: &Thing| match thing {
        Thing::Named(word) => {
            index.model.journeys.iter().position(|one| one.name.as_str() == word.value.as_str())
        }
        _ => None,
    };
    let asked: BTreeSet<usize> = things.each.iter().filter_map(named).collect();
    let rest: Vec<Thing> = things.each.iter().filter(|thing| named(thing).is_none()).cloned().collect();
    let is_about_services = !rest.is_empty();
    let ids = services(index, &Things { each: rest, span: things.span }, SERVICES)?.services;
    let touched = |at: usize| {
        index
            .model
            .journeys
            .get(at)
            .is_some_and(|journey| journey.steps.iter().flatten().any(|id| ids.binary_search(id).is_ok()))
    };
    let mut told = journeys(index, |at| asked.contains(&at) || touched(at));
    if is_about_services {
        told.extend(ways(index, &ids));
    }
    Ok(answer(index, &told))
}

fn answer(index: &Index<'_>, told: &[Told<'_>]) -> Answer {
    let least = told.iter().min_by_key(|one| one.chain.availability);
    let headline = least.map_or_else(
        || "no way and no journey leads there".to_owned(),
        |least| {
            let (figure, lost) = (least.chain.availability, least.chain.downtime.minutes(1));
            let of = Noun::english("way or journey", "ways and journeys").count(told.len());
            format!("{of}; the least available is {}: {figure}, {lost} min in 30 days", least.name)
        },
    );
    let parts: BTreeSet<ServiceId> = told.iter().flat_map(|one| &one.chain.components).copied().collect();
    let factors = parts.iter().filter_map(|id| index.facts.availability.component(*id));
    Answer::new(headline)
        .table(Table {
            key: "ways",
            title: "the product along each way",
            columns: WAYS,
            rows: told.iter().map(|one| way_row(index, one)).collect(),
        })
        .table(Table {
            key: "factors",
            title: "where the factors come from",
            columns: FACTORS,
            rows: factors.map(|part| factor_row(index, part)).collect(),
        })
        .table(Table {
            key: "changes",
            title: "what one change would do",
            columns: CHANGES,
            rows: told.iter().flat_map(|one| change_rows(index, one)).collect(),
        })
        .remark(Some(
            "commitments of AWS, multiplied: a bound for planning, not a probability; `~` marks one that nobody has verified"
                .to_owned(),
        ))
}

/// What is accepted and what completes, journey by journey.
fn journeys<'a>(index: &Index<'a>, wanted: impl Fn(usize) -> bool) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    for found in index.facts.availability.journeys.iter().filter(|found| wanted(found.journey)) {
        let Some(journey) = index.model.journeys.get(found.journey) else { continue };
        let name = &journey.name;
        let accepted = if found.completes.is_some() { ", accepted" } else { "" };
        let spans = vec![journey.span];
        told.push(Told {
            name: format!("journey `{name}`{accepted}"),
            chain: &found.accepts,
            spans: spans.clone(),
        });
        let within = found.within.map_or_else(String::new, |within| format!(" within {within}"));
        told.extend(found.completes.iter().map(|chain| Told {
            name: format!("journey `{name}`, completed{within}"),
            chain,
            spans: spans.clone(),
        }));
    }
    told
}

/// The ways that pass some services.
fn ways<'a>(index: &Index<'a>, ids: &[ServiceId]) -> Vec<Told<'a>> {
    let facts = index.facts;
    let told = facts.availability.paths.iter().filter_map(|found| {
        let path = facts.paths.all.get(found.path).filter(|path| passes(index, path, ids))?;
        let spans = path.flows.iter().map(|id| index.model.flows[*id].span).collect();
        Some(Told { name: way(index, path), chain: &found.chain, spans })
    });
    told.collect()
}

/// A figure as a fraction without trailing zeros.
fn fraction(figure: crate::units::PerBillion) -> String {
    let text = figure.fraction(9);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn way_row(index: &Index<'_>, told: &Told<'_>) -> Vec<Cell> {
    let figure = |id: &ServiceId| {
        let part = index.facts.availability.component(*id)?;
        Some(format!("{} `{}`", fraction(part.figure), index.name(*id)))
    };
    let factors: Vec<String> = told.chain.components.iter().filter_map(figure).collect();
    let product = told.chain.availability.fraction(6);
    let formula = if factors.is_empty() { product } else { format!("{} = {product}", factors.join(" × ")) };
    vec![
        Cell::Words(told.name.clone()),
        Cell::Words(formula),
        Cell::Chance(told.chain.availability),
        Cell::Words(format!("{} min", told.chain.downtime.minutes(1))),
        told.chain.worst.map_or(Cell::Nothing, |id| Cell::words(index.name(id))),
        Cell::places(told.spans.iter().copied()),
    ]
}

fn factor_row(index: &Index<'_>, part: &Component) -> Vec<Cell> {
    let service = &index.model.services[part.service];
    let kind = &service.kind;
    let mark = if part.from_memory { "~ " } else { "" };
    let stands = match (kind.zonal, is_redundant(index.model, part.service)) {
        (false, _) => "the region keeps it up",
        (true, true) => "it stands in several zones",
        (true, false) => "it stands in one zone",
    };
    let (because, source, span) = if part.stated {
        ("the model states `sla`".to_owned(), "stated".to_owned(), service.settings.span("sla"))
    } else {
        (
            format!("AWS's commitment for `{}`: {stands}", kind.word),
            format!("{mark}{}", kind.availability.src),
            None,
        )
    };
    vec![
        Cell::words(index.name(part.service)),
        Cell::Chance(part.figure),
        Cell::Words(because),
        Cell::Words(source),
        Cell::places([span.unwrap_or(service.span)]),
    ]
}

/// The three best single changes of a way.
fn change_rows(index: &Index<'_>, told: &Told<'_>) -> Vec<Vec<Cell>> {
    const SHOWN: usize = 3;
    let row = |change: &crate::derive::availability::Change| {
        let step = match change.step {
            Step::Redundant => "stand in several zones",
            Step::Soft => "live without it: `?` on the arrow",
        };
        vec![
            Cell::Words(told.name.clone()),
            Cell::words(index.name(change.service)),
            Cell::words(step),
            Cell::Chance(change.after),
            Cell::Words(format!("{} min", change.saves.minutes(1))),
        ]
    };
    told.chain.changes.iter().take(SHOWN).map(row).collect()
}
