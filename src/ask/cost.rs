//! What a part of the system costs.

use std::collections::BTreeMap;

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::select::Selection;
use crate::derive::cost::{Points, share};
use crate::model::ServiceId;
use crate::units::MicroUsd;

const COLUMNS: &[Column] = &[
    column("service", "service"),
    column("zero_micro_usd", "without load"),
    column("expected_micro_usd", "expected"),
    column("max_micro_usd", "at most"),
    column("share_ppm", "of the whole"),
];

/// `cost of group sales`
pub(super) fn cost(index: &Index<'_>, of: &Selection) -> Answer {
    let bill = &index.facts.cost;
    let mut by_service: BTreeMap<ServiceId, Points<MicroUsd>> = BTreeMap::new();
    for line in &bill.lines {
        if let Some(service) = line.service.filter(|id| of.services.binary_search(id).is_ok()) {
            let sum = by_service.entry(service).or_default();
            *sum = sum.plus(line.cost);
        }
    }
    let total = by_service.values().fold(Points::default(), |sum: Points<MicroUsd>, cost| sum.plus(*cost));
    let mut sorted: Vec<(&ServiceId, &Points<MicroUsd>)> = by_service.iter().collect();
    sorted.sort_by_key(|(id, cost)| (std::cmp::Reverse(cost.expected), **id));
    let whole = bill.totals.expected;
    let row = |name: String, cost: &Points<MicroUsd>| {
        let part = share(cost.expected, whole).map_or(Cell::Nothing, Cell::Share);
        vec![
            Cell::Words(name),
            Cell::Money(cost.zero),
            Cell::Money(cost.expected),
            Cell::Money(cost.max),
            part,
        ]
    };
    let mut rows: Vec<Vec<Cell>> =
        sorted.into_iter().map(|(id, cost)| row(index.name(*id).to_owned(), cost)).collect();
    if rows.len() > 1 {
        rows.push(row("together".to_owned(), &total));
    }
    let free = of.services.len().saturating_sub(by_service.len());
    Answer::new(format!("{} costs {} a month as expected", of.words, total.expected))
        .table(Table { key: "costs", title: "a month", columns: COLUMNS, rows })
        .remark(
            (free > 0 && !by_service.is_empty())
                .then(|| format!("{free} of them cost nothing by themselves")),
        )
        .remark(own_lines(index, of))
}

/// What is billed to the whole system, when everything was asked for.
fn own_lines(index: &Index<'_>, of: &Selection) -> Option<String> {
    let everything = index.model.services.ids().all(|id| of.services.binary_search(&id).is_ok());
    let rest = index.facts.cost.sum(|line| line.service.is_none()).expected;
    (everything && rest.0 > 0)
        .then(|| format!("{rest} more belongs to no service: alarms of the whole system"))
}
