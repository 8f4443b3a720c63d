//! Blast radius: what is lost when a service or a person's role is taken over.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::access::{reached, targets};
use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::select::Selection;
use crate::ask::who::{Wanted, holders};
use crate::derive::access::Principal;
use crate::model::{DataClass, ServiceId};
use crate::text::{Ident, Span, noun};

/// How deep a taken-over principal reaches into a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Uses,
    Reads,
    Changes,
}

/// What happens to one thing.
struct Loss {
    depth: Depth,
    through: BTreeSet<String>,
    causes: BTreeSet<Span>,
}

const COLUMNS: &[Column] = &[
    column("on", "what"),
    column("depth", "can be"),
    column("holds", "holds"),
    column("through", "through"),
    column("lines", "lines"),
];

const CONTROLLED: &[Column] = &[column("service", "service"), column("lines", "lines")];

/// `blast-radius products`
pub(super) fn blast(index: &Index<'_>, who: &Selection) -> Answer {
    let mut losses: BTreeMap<ServiceId, Loss> = BTreeMap::new();
    let mut controlled: BTreeMap<Principal, BTreeSet<Span>> = BTreeMap::new();
    let own: BTreeSet<Principal> = who.principals().into_iter().collect();
    for principal in &own {
        for (actor, lines) in reached(index, principal) {
            add_losses(index, &actor, !own.contains(&actor), &lines, &mut losses);
            if !own.contains(&actor) {
                controlled.entry(actor).or_default().extend(lines);
            }
        }
    }
    let at_least = |depth: Depth| losses.values().filter(|loss| loss.depth >= depth).count();
    let classes: BTreeSet<DataClass> = losses
        .iter()
        .filter(|(_, loss)| loss.depth >= Depth::Reads)
        .flat_map(|(id, _)| index.model.services[*id].holds())
        .collect();
    let said: Vec<&str> = classes.iter().rev().map(|class| class.name()).collect();
    let data = if said.is_empty() {
        "no classified data".to_owned()
    } else {
        format!("data of class {}", said.join(", "))
    };
    let headline = format!(
        "whoever takes over {} can change {} and read {}: {data}",
        who.words,
        noun::THING.count(at_least(Depth::Changes)),
        losses.values().filter(|loss| loss.depth == Depth::Reads).count(),
    );
    Answer::new(headline)
        .table(Table { key: "losses", title: "within reach", columns: COLUMNS, rows: rows(index, &losses) })
        .table(Table {
            key: "controlled",
            title: "services it controls",
            columns: CONTROLLED,
            rows: controlled
                .iter()
                .map(|(actor, lines)| {
                    vec![Cell::words(index.principal(actor)), Cell::places(lines.iter().copied())]
                })
                .collect(),
        })
        .remark((!controlled.is_empty()).then(|| {
            "what a service does is not bound by the boundary of the role that controls it".to_owned()
        }))
}

fn add_losses(
    index: &Index<'_>,
    actor: &Principal,
    is_other: bool,
    lines: &BTreeSet<Span>,
    losses: &mut BTreeMap<ServiceId, Loss>,
) {
    for on in targets(index, actor) {
        // What a service needs to live is no loss to others.
        if *actor == Principal::Service(on) {
            continue;
        }
        let Some((depth, causes)) = depth_on(index, actor, on) else { continue };
        let loss =
            losses.entry(on).or_insert(Loss { depth, through: BTreeSet::new(), causes: BTreeSet::new() });
        loss.depth = loss.depth.max(depth);
        if is_other {
            loss.through.insert(index.principal(actor));
            loss.causes.extend(lines);
        }
        loss.causes.extend(causes);
    }
}

/// How deep an actor reaches into a thing by itself.
fn depth_on(index: &Index<'_>, actor: &Principal, on: ServiceId) -> Option<(Depth, BTreeSet<Span>)> {
    let kind = &index.model.services[on].kind;
    let by = |word: &str| {
        let wanted = Wanted::of(kind, word)?;
        holders(index, &wanted, on).allowed.remove(actor).map(|holder| holder.causes)
    };
    let configures = || {
        let own = index.facts.access.of(actor).iter();
        let about = own.filter(|grant| grant.resource.service == Some(on) && grant.is_change());
        let kept =
            about.filter(|grant| grant.actions.iter().any(|action| !index.is_denied(grant, action, on)));
        let causes: BTreeSet<Span> = kept.flat_map(|grant| grant.causes.iter().copied()).collect();
        (!causes.is_empty()).then_some(causes)
    };
    let changes = by("write").or_else(configures).map(|causes| (Depth::Changes, causes));
    let reads = || by("read").map(|causes| (Depth::Reads, causes));
    changes.or_else(reads).or_else(|| by("access").map(|causes| (Depth::Uses, causes)))
}

const fn depth_word(depth: Depth) -> &'static str {
    match depth {
        Depth::Uses => "used",
        Depth::Reads => "read",
        Depth::Changes => "changed",
    }
}

/// The deepest and most sensitive first.
fn rows(index: &Index<'_>, losses: &BTreeMap<ServiceId, Loss>) -> Vec<Vec<Cell>> {
    let holds = |id: ServiceId| -> BTreeSet<DataClass> { index.model.services[id].holds().collect() };
    let mut sorted: Vec<(&ServiceId, &Loss)> = losses.iter().collect();
    sorted.sort_by_key(|(id, loss)| (std::cmp::Reverse((loss.depth, holds(**id).last().copied())), **id));
    sorted
        .into_iter()
        .map(|(id, loss)| {
            let classes = holds(*id).iter().map(|class| Ident::sanitized(class.name()).to_string()).collect();
            vec![
                Cell::words(index.name(*id)),
                Cell::words(depth_word(loss.depth)),
                Cell::List(classes),
                Cell::List(loss.through.iter().cloned().collect()),
                Cell::places(loss.causes.iter().copied()),
            ]
        })
        .collect()
}
