//! Paths: the shortest way of data from one thing to another.

use std::collections::VecDeque;

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::select::Selection;
use crate::model::{Flow, FlowId, Mode, ServiceId};
use crate::text::{Noun, noun};

const COLUMNS: &[Column] = &[
    column("step", "step"),
    column("from", "from"),
    column("to", "to"),
    column("verb", "verb"),
    column("mode", "mode"),
    column("passes", "passes"),
    column("lines", "lines"),
];

/// Modes with what they mean for the caller.
const MODES: [(Mode, &str); 6] = [
    (Mode::Sync, "waits"),
    (Mode::Async, "goes on at once"),
    (Mode::Stream, "reads a stream"),
    (Mode::Batch, "in bulk"),
    (Mode::Attach, "attached"),
    (Mode::Admin, "a person at work"),
];

/// `path customer -> orders`: a shortest way to each target, from the nearest start.
pub(super) fn path(index: &Index<'_>, from: &Selection, to: &Selection) -> Answer {
    let ways: Vec<Vec<FlowId>> = {
        let reached = search(index, &from.services);
        to.services.iter().filter_map(|target| way(index, &reached, *target)).collect()
    };
    let (here, there) = (&from.words, &to.words);
    let mut answer = Answer::new(match ways.first() {
        None => format!("nothing flows from {here} to {there}"),
        Some(way) if ways.len() == 1 => {
            format!("{here} reaches {there} in {}", Noun::english("step", "steps").count(way.len()))
        }
        Some(_) => format!("{here} reaches {} of {there}", noun::THING.count(ways.len())),
    });
    if ways.is_empty() {
        let back = search(index, &to.services);
        let reverse =
            from.services.iter().any(|id| way(index, &back, *id).is_some_and(|way| !way.is_empty()));
        return answer.remark(reverse.then(|| {
            format!("the other way round there is one: ask `path {} -> {}`", plain(there), plain(here))
        }));
    }
    for way in ways {
        answer = answer.table(table(index, &way));
    }
    answer
}

/// Words without the back-ticks around names.
fn plain(words: &str) -> String {
    words.replace('`', "")
}

/// For each service the flow by which it is first reached, and how many steps away it is.
struct Reached {
    by: Vec<Option<FlowId>>,
    distance: Vec<Option<u32>>,
}

fn search(index: &Index<'_>, starts: &[ServiceId]) -> Reached {
    let count = index.model.services.len();
    let mut reached = Reached { by: vec![None; count], distance: vec![None; count] };
    let mut open: VecDeque<ServiceId> = VecDeque::new();
    for start in starts {
        if let Some(slot) = reached.distance.get_mut(start.index()) {
            *slot = Some(0);
        }
        open.push_back(*start);
    }
    while let Some(at) = open.pop_front() {
        let next = reached.distance.get(at.index()).copied().flatten().unwrap_or(0).saturating_add(1);
        for id in index.touching.from(at) {
            let to = index.model.flows[*id].to;
            let slots = reached.distance.get_mut(to.index()).zip(reached.by.get_mut(to.index()));
            if let Some((distance @ None, by)) = slots {
                (*distance, *by) = (Some(next), Some(*id));
                open.push_back(to);
            }
        }
    }
    reached
}

/// The flows from a start to a target, in order; nothing when it is not reached.
fn way(index: &Index<'_>, reached: &Reached, target: ServiceId) -> Option<Vec<FlowId>> {
    reached.distance.get(target.index()).copied().flatten()?;
    let mut flows = Vec::new();
    let mut at = target;
    while let Some(id) = reached.by.get(at.index()).copied().flatten() {
        flows.push(id);
        at = index.model.flows[id].from;
    }
    flows.reverse();
    Some(flows)
}

fn table(index: &Index<'_>, way: &[FlowId]) -> Table {
    let rows = (1..).zip(way).map(|(step, id)| row(index, step, &index.model.flows[*id])).collect();
    Table { key: "path", title: "path", columns: COLUMNS, rows }
}

fn row(index: &Index<'_>, step: u64, flow: &Flow) -> Vec<Cell> {
    let mode = MODES.iter().find(|(mode, _)| *mode == flow.mode()).map_or("", |(_, words)| words);
    let mode = if flow.soft { format!("{mode}, lives without") } else { mode.to_owned() };
    vec![
        Cell::Count(step),
        Cell::words(index.name(flow.from)),
        Cell::words(index.name(flow.to)),
        Cell::words(flow.verb.as_str()),
        Cell::Words(mode),
        Cell::List(flow.through.iter().map(|id| index.name(*id).to_owned()).collect()),
        Cell::places([flow.span]),
    ]
}
