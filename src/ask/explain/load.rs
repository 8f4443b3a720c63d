//! `explain MODEL load`: what arrives at services, by each flow and statement.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::derive::cost::share;
use crate::model::{Flow, ServiceId};
use crate::text::Span;
use crate::units::{MicroUsd, PerSecond};

const LOAD: &[Column] = &[
    column("service", "service"),
    column("from", "from"),
    column("formula", "formula"),
    column("usual_milli_rps", "usual"),
    column("peak_milli_rps", "peak"),
    column("lines", "lines"),
];

/// What arrives at services: by each flow and statement, the rate before times the share.
pub(super) fn load(index: &Index<'_>, ids: &[ServiceId]) -> Answer {
    let rates = &index.facts.load;
    let mut rows = Vec::new();
    for id in ids {
        for stated in index.model.loads.iter().filter(|load| load.on == *id) {
            rows.push(load_row(
                index,
                *id,
                "outside",
                "stated".to_owned(),
                (stated.usual, stated.peak),
                stated.span,
            ));
        }
        for flow_id in index.touching.reaching(*id) {
            let flow = &index.model.flows[*flow_id];
            let carried = rates.flow(*flow_id);
            let is_own = flow.to == *id && !index.model.services[flow.from].kind.is_outside();
            if is_own && carried.peak.0 > 0 {
                let formula = share_formula(index, flow, carried.peak.0);
                rows.push(load_row(
                    index,
                    *id,
                    index.name(flow.from),
                    formula,
                    (carried.usual, carried.peak),
                    flow.span,
                ));
            }
        }
    }
    let headline = match ids {
        [one] => {
            let load = rates.service(*one);
            format!(
                "`{}` gets {} usually and {} at peak, {} events a month",
                index.name(*one),
                load.usual,
                load.peak,
                load.expected
            )
        }
        many => format!("load of {} services", many.len()),
    };
    Answer::new(headline).table(Table { key: "load", title: "what arrives", columns: LOAD, rows })
}

fn share_formula(index: &Index<'_>, flow: &Flow, peak: u64) -> String {
    let before = index.facts.load.service(flow.from).peak;
    let part = share(
        MicroUsd(i64::try_from(peak).unwrap_or(i64::MAX)),
        MicroUsd(i64::try_from(before.0).unwrap_or(i64::MAX)),
    );
    let source = if flow.share.is_some() { "stated" } else { "the rest in equal parts, or every request" };
    part.map_or_else(|| source.to_owned(), |part| format!("peak {before} × {part} ({source})"))
}

fn load_row(
    index: &Index<'_>,
    id: ServiceId,
    from: &str,
    formula: String,
    (usual, peak): (PerSecond, PerSecond),
    span: Span,
) -> Vec<Cell> {
    let cells = [
        Cell::words(index.name(id)),
        Cell::words(from),
        Cell::Words(formula),
        Cell::Rate(usual),
        Cell::Rate(peak),
    ];
    cells.into_iter().chain([Cell::places([span])]).collect()
}
