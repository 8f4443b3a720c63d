//! What a part of the system costs.

use std::collections::BTreeMap;

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::select::{Selection, whole};
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
    // Everything that is declared brings what is derived from it, and what belongs to no service.
    let whole = whole(index, &of.services);
    let ids = whole.as_deref().unwrap_or(&of.services);
    let counts =
        |service: Option<ServiceId>| service.map_or(whole.is_some(), |id| ids.binary_search(&id).is_ok());
    let mut by_service: BTreeMap<Option<ServiceId>, Points<MicroUsd>> = BTreeMap::new();
    for line in bill.lines.iter().filter(|line| counts(line.service)) {
        let sum = by_service.entry(line.service).or_default();
        *sum = sum.plus(line.cost);
    }
    let total = by_service.values().fold(Points::default(), |sum: Points<MicroUsd>, cost| sum.plus(*cost));
    let mut sorted: Vec<(&Option<ServiceId>, &Points<MicroUsd>)> = by_service.iter().collect();
    sorted.sort_by_key(|(id, cost)| (std::cmp::Reverse(cost.expected), **id));
    let all = bill.totals.expected;
    let row = |name: String, cost: &Points<MicroUsd>| {
        let part = share(cost.expected, all).map_or(Cell::Nothing, Cell::Share);
        vec![
            Cell::Words(name),
            Cell::Money(cost.zero),
            Cell::Money(cost.expected),
            Cell::Money(cost.max),
            part,
        ]
    };
    let mut rows: Vec<Vec<Cell>> = sorted.into_iter().map(|(id, cost)| row(name(index, *id), cost)).collect();
    if rows.len() > 1 {
        rows.push(row("together".to_owned(), &total));
    }
    let free = ids.iter().filter(|id| !by_service.contains_key(&Some(**id))).count();
    Answer::new(format!("{} costs {} a month as expected", of.words, total.expected))
        .table(Table { key: "costs", title: "a month", columns: COLUMNS, rows })
        .remark(
            (free > 0 && !by_service.is_empty())
                .then(|| format!("{free} of them cost nothing by themselves")),
        )
}

fn name(index: &Index<'_>, service: Option<ServiceId>) -> String {
    service.map_or_else(|| "the whole system".to_owned(), |id| index.name(id).to_owned())
}
