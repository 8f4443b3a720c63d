//! `explain MODEL budget`: what each budget will see, and how its figures come about.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::explain::{FIGURES, Line, SERVICES};
use crate::ask::index::Index;
use crate::ask::select::{Asked, services};
use crate::derive::budget::{BudgetFacts, counts, part};
use crate::derive::cost::{Points, share};
use crate::model::{Budget, Period, Scope, ServiceId, Spending};
use crate::syntax::query::ast::{Thing, Things};
use crate::text::Noun;
use crate::units::{MicroUsd, Percent};

const COUNTED: &[Column] = &[
    column("service", "service"),
    column("zero_micro_usd", "without load"),
    column("expected_micro_usd", "expected"),
    column("max_micro_usd", "at most"),
    column("share_ppm", "of the limit"),
];

/// What a period is to a month, in words.
const PERIODS: [(Period, &str, &str); 4] = [
    (Period::Daily, "a day", " × 24 h / 730 h"),
    (Period::Monthly, "a month", ""),
    (Period::Quarterly, "a quarter", " × 3"),
    (Period::Annually, "a year", " × 12"),
];

fn period(period: Period) -> (&'static str, &'static str) {
    PERIODS.iter().find(|(known, ..)| *known == period).map_or(("", ""), |(_, word, times)| (word, times))
}

/// What the budgets over some things rest on: over the system, a container or a service.
pub(super) fn budget(index: &Index<'_>, things: &Things) -> Asked<Answer> {
    let is_system = |thing: &Thing| matches!(thing, Thing::Named(word) if word.value.as_str() == index.model.system.name.as_str());
    let rest: Vec<Thing> = things.each.iter().filter(|thing| !is_system(thing)).cloned().collect();
    let ids = services(index, &Things { each: rest, span: things.span }, SERVICES)?.services;
    let wanted = |budget: &Budget| {
        ids.is_empty() || ids.iter().any(|id| counts(index.model, &budget.scope, Some(*id)))
    };
    let found: Vec<(&Budget, &BudgetFacts)> = index
        .facts
        .budgets
        .iter()
        .filter_map(|facts| Some((index.model.budgets.get(facts.budget)?, facts)))
        .filter(|(budget, _)| wanted(budget))
        .collect();
    let mut answer = Answer::new(headline(index, &found));
    for (budget, facts) in found {
        let rows = lines(index, budget, facts).into_iter().map(|line| line.cells(index)).collect();
        answer = answer
            .table(Table { key: "figures", title: "what the budget will see", columns: FIGURES, rows })
            .table(Table {
                key: "counted",
                title: "what it counts, a month",
                columns: COUNTED,
                rows: counted_rows(index, budget),
            });
    }
    Ok(answer)
}

fn headline(index: &Index<'_>, found: &[(&Budget, &BudgetFacts)]) -> String {
    match found {
        [] if index.model.budgets.is_empty() => "the model states no `budget`".to_owned(),
        [] => "no budget counts this".to_owned(),
        [(budget, facts)] => {
            let (word, _) = period(budget.period);
            let expected = facts.cost.expected;
            format!(
                "{} of {} {word} for {} are expected",
                expected,
                budget.limit,
                scope(index, &budget.scope)
            )
        }
        several => format!("{} count it", Noun::english("budget", "budgets").count(several.len())),
    }
}

fn scope(index: &Index<'_>, scope: &Scope) -> String {
    match scope {
        Scope::System => "the whole system".to_owned(),
        Scope::Place(id) => format!("`{}`", index.model.places[*id].name),
        Scope::Service(id) => format!("`{}`", index.name(*id)),
    }
}

fn lines(index: &Index<'_>, budget: &Budget, facts: &BudgetFacts) -> Vec<Line> {
    let (limit, cost) = (budget.limit, facts.cost);
    let (word, times) = period(budget.period);
    let monthly = index.facts.cost.sum(|line| counts(index.model, &budget.scope, line.service));
    let line = |figure: String, formula: String| {
        Line { figure, ..Line::default() }.formula(formula).at(vec![budget.span])
    };
    let shown = |part: Option<Percent>| {
        part.map_or_else(|| "no limit".to_owned(), |part| format!("{} %", part.percent(1)))
    };
    let of = |name: &str, monthly: MicroUsd, part: Option<Percent>| {
        line(format!("{name} {word}, as part of the limit"), format!("{monthly}{times} / {limit}"))
            .value(shown(part))
            .source("the bill: `archc explain MODEL cost`")
    };
    let month = index.catalog.hours_per_month();
    let hours = facts.hours_at_max.map_or_else(|| "never".to_owned(), |hours| format!("{hours} h"));
    let mut told = vec![
        of("expected", monthly.expected, facts.expected_share),
        of("at most", monthly.max, facts.max_share),
        line(
            "hours at maximum until the limit".to_owned(),
            format!("({limit} - {}) / (({} - {}) / {month} h)", cost.expected, cost.max, cost.expected),
        )
        .value(hours)
        .source("reckoned"),
        line(
            "threshold worth an alert on what was spent".to_owned(),
            format!("110 % × {}, up to the next 5 %, at most 95 %", shown(facts.expected_share)),
        )
        .value(format!("{} %", facts.proposed_actual.percent(1)))
        .source("own rule"),
    ];
    told.extend(budget.alerts.iter().map(|(threshold, _)| {
        let amount = part(limit, threshold.share);
        let crossed = threshold.of == Spending::Actual && amount < cost.expected;
        let verdict = if crossed {
            "every period: it lies below what is expected"
        } else {
            "only when something is wrong"
        };
        let of = if threshold.of == Spending::Actual { "actual" } else { "forecast" };
        line(
            format!("alert at {} {of}", threshold.share),
            format!("{} × {limit} = {amount}", threshold.share),
        )
        .value(verdict)
        .source("stated")
        .at(vec![threshold.span])
    }));
    told
}

/// What the budget counts, service by service, the dearest first; what belongs to no service last.
fn counted_rows(index: &Index<'_>, budget: &Budget) -> Vec<Vec<Cell>> {
    let own = |id: Option<ServiceId>| {
        (id, index.facts.cost.sum(|line| line.service == id && counts(index.model, &budget.scope, id)))
    };
    let mut all: Vec<(Option<ServiceId>, Points<MicroUsd>)> = index
        .model
        .services
        .ids()
        .map(Some)
        .chain([None])
        .map(own)
        .filter(|(_, cost)| !cost.is_zero())
        .collect();
    all.sort_by_key(|(id, cost)| (id.is_none(), std::cmp::Reverse(cost.expected), *id));
    let row = |(id, cost): &(Option<ServiceId>, Points<MicroUsd>)| {
        vec![
            Cell::Words(id.map_or_else(|| "the whole system".to_owned(), |id| index.name(id).to_owned())),
            Cell::Money(cost.zero),
            Cell::Money(cost.expected),
            Cell::Money(cost.max),
            share(cost.expected, budget.limit)
                .filter(|_| budget.period == Period::Monthly)
                .map_or(Cell::Nothing, Cell::Share),
        ]
    };
    all.iter().map(row).collect()
}
