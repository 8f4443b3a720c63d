//! What somebody may do: all of it, or one verb.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::rules::OUT_OF_PLACE;
use crate::ask::select::{Asked, Selection};
use crate::ask::who::{Holder, Wanted, effective_control, flows_on, has_action, holders, unknown_verb};
use crate::derive::access::{Effect, Principal};
use crate::model::ServiceId;
use crate::syntax::ast::Word;
use crate::text::{Span, noun};

const RIGHTS: &[Column] = &[
    column("who", "who"),
    column("on", "on"),
    column("by", "by"),
    column("actions", "actions"),
    column("lines", "lines"),
];

/// What one principal may do with one thing.
#[derive(Default)]
struct Right {
    verbs: BTreeSet<String>,
    actions: BTreeSet<String>,
    causes: BTreeSet<Span>,
}

/// Rights by what they are about; nothing stands for everything.
type Rights = BTreeMap<Option<ServiceId>, Right>;

/// `access developers`
pub(super) fn access(index: &Index<'_>, who: &Selection, asked: &str) -> Answer {
    let (mut allowed, mut denied) = (Vec::new(), Vec::new());
    let mut things = BTreeSet::new();
    for principal in who.principals() {
        let rights = rights_of(index, &principal, Effect::Allow);
        things.extend(rights.keys().flatten().copied());
        allowed.extend(rights.iter().map(|(on, right)| row(index, &principal, *on, right)));
        let taken = rights_of(index, &principal, Effect::Deny);
        denied.extend(taken.iter().map(|(on, right)| row(index, &principal, *on, right)));
    }
    let on = noun::THING.count(things.len());
    let headline = if allowed.is_empty() {
        format!("{asked} has no access to anything")
    } else {
        format!("{asked} has access to {on}")
    };
    Answer::new(headline)
        .table(Table { key: "allowed", title: "allowed", columns: RIGHTS, rows: allowed })
        .table(Table { key: "denied", title: "denied by a boundary", columns: RIGHTS, rows: denied })
}

fn rights_of(index: &Index<'_>, principal: &Principal, effect: Effect) -> Rights {
    let mut rights = Rights::new();
    for grant in index.facts.access.of(principal).iter().filter(|grant| grant.effect == effect) {
        let on = grant.resource.service;
        let kept = |action: &&String| {
            effect == Effect::Deny || on.is_none_or(|on| !index.is_denied(grant, action, on))
        };
        let actions: Vec<&String> = grant.actions.iter().filter(kept).collect();
        if actions.is_empty() && !grant.actions.is_empty() {
            continue;
        }
        let right = rights.entry(on).or_default();
        right.actions.extend(actions.into_iter().cloned());
        right.verbs.extend((!grant.verb.is_empty()).then(|| grant.verb.clone()));
        right.causes.extend(grant.causes.iter().copied());
    }
    if let (Principal::Service(id), Effect::Allow) = (principal, effect) {
        add_flows(index, *id, &mut rights);
    }
    rights
}

/// What a service uses by flows, with or without grants.
fn add_flows(index: &Index<'_>, service: ServiceId, rights: &mut Rights) {
    let from = index.touching.from(service).iter();
    let flows = from.chain(index.touching.reaching(service)).map(|id| &index.model.flows[*id]);
    for flow in flows.filter(|flow| flow.mechanism.is_some() && flow.resource() != service) {
        if flow.from == service || flow.to == service {
            let right = rights.entry(Some(flow.resource())).or_default();
            right.verbs.insert(flow.verb.clone());
            right.causes.insert(flow.span);
        }
    }
}

fn row(index: &Index<'_>, who: &Principal, on: Option<ServiceId>, right: &Right) -> Vec<Cell> {
    vec![
        Cell::words(index.principal(who)),
        Cell::words(on.map_or("everything (no resource-level support)", |on| index.name(on))),
        Cell::List(right.verbs.iter().cloned().collect()),
        Cell::List(right.actions.iter().cloned().collect()),
        Cell::places(right.causes.iter().copied()),
    ]
}

const DIRECT: &[Column] =
    &[column("who", "who"), column("on", "on"), column("by", "by"), column("lines", "lines")];
const THROUGH: &[Column] = &[
    column("who", "who"),
    column("on", "on"),
    column("through", "through"),
    column("by", "by"),
    column("lines", "lines"),
];

/// `what can developers write`
pub(super) fn may(index: &Index<'_>, who: &Selection, verb: &Word) -> Asked<Answer> {
    let word = verb.value.to_lowercase();
    let (mut direct, mut through) = (Vec::new(), Vec::new());
    let mut things = BTreeSet::new();
    let mut is_offered = false;
    for principal in who.principals() {
        let reached = reached(index, &principal);
        for (actor, lines) in &reached {
            for on in targets(index, actor) {
                let Some(wanted) = Wanted::of(&index.model.services[on].kind, &word) else { continue };
                is_offered = true;
                let Some(holder) = holders(index, &wanted, on).allowed.remove(actor) else { continue };
                things.insert(on);
                if *actor == principal {
                    direct.push(may_row(index, &principal, on, None, &holder));
                } else {
                    let holder =
                        Holder { causes: holder.causes.iter().chain(lines).copied().collect(), ..holder };
                    through.push(may_row(index, &principal, on, Some(actor), &holder));
                }
            }
        }
    }
    if things.is_empty() && !is_offered {
        refuse_unknown(index, verb)?;
    }
    let shown = crate::text::Ident::sanitized(&word);
    let headline = match things.len() {
        0 => format!("{} can {shown} nothing", who.words),
        count => format!("{} can {shown} {}", who.words, noun::THING.count(count)),
    };
    Ok(Answer::new(headline)
        .table(Table { key: "direct", title: "directly", columns: DIRECT, rows: direct })
        .table(Table {
            key: "through",
            title: "through services it controls",
            columns: THROUGH,
            rows: through,
        }))
}

/// A verb that no kind offers is a mistake; one that nothing here offers is an answer.
fn refuse_unknown(index: &Index<'_>, verb: &Word) -> Asked<()> {
    let word = verb.value.to_lowercase();
    let all: Vec<ServiceId> = index.model.services.ids().collect();
    let offered = all.iter().any(|id| Wanted::of(&index.model.services[*id].kind, &word).is_some());
    if offered { Ok(()) } else { Err(unknown_verb(index, verb, &all)) }
}

fn may_row(
    index: &Index<'_>,
    who: &Principal,
    on: ServiceId,
    through: Option<&Principal>,
    holder: &Holder,
) -> Vec<Cell> {
    let mut cells = vec![Cell::words(index.principal(who)), Cell::words(index.name(on))];
    cells.extend(through.map(|actor| Cell::words(index.principal(actor))));
    cells.push(Cell::List(holder.verbs.iter().cloned().collect()));
    cells.push(Cell::places(holder.causes.iter().copied()));
    cells
}

/// Everything somebody holds a grant or a flow on.
pub(super) fn targets(index: &Index<'_>, principal: &Principal) -> BTreeSet<ServiceId> {
    let grants = index.facts.access.of(principal).iter();
    let by_grant = grants.clone().filter_map(|grant| grant.resource.service);
    let mut found: BTreeSet<ServiceId> = by_grant.collect();
    let everywhere = grants.filter(|grant| grant.resource.arn == "*" && grant.verb.is_empty());
    let actions: BTreeSet<&str> = everywhere.flat_map(|grant| &grant.actions).map(String::as_str).collect();
    found.extend(index.of_kinds(|kind| actions.iter().any(|own| has_action(kind, own))));
    if let Principal::Service(id) = principal {
        let from = index.touching.from(*id).iter();
        let flows = from.chain(index.touching.reaching(*id)).map(|id| &index.model.flows[*id]);
        let used = flows.map(crate::model::Flow::resource).filter(|on| on != id);
        let used: Vec<ServiceId> =
            used.filter(|on| flows_on(index, *on).any(|(actor, _)| actor == *id)).collect();
        found.extend(used);
    }
    found
}

/// A principal and the services it controls in the end, each with the lines that lead to it.
pub(super) fn reached(index: &Index<'_>, principal: &Principal) -> Vec<(Principal, BTreeSet<Span>)> {
    let mut seen = BTreeSet::from([principal.clone()]);
    let mut found = vec![(principal.clone(), BTreeSet::new())];
    let mut next = 0;
    while let Some((actor, lines)) = found.get(next).cloned() {
        next += 1;
        for grant in index.facts.access.of(&actor) {
            let Some(service) = grant.resource.service else { continue };
            let controls = effective_control(index, grant, service).is_some();
            if controls && seen.insert(Principal::Service(service)) {
                let lines = lines.iter().copied().chain(grant.causes.iter().copied()).collect();
                found.push((Principal::Service(service), lines));
            }
        }
    }
    found
}

/// Who acts: services that can, and roles.
pub(super) fn actors(
    index: &Index<'_>,
    who: Selection,
    word: &crate::syntax::query::ast::Things,
) -> Asked<Selection> {
    if who.classes.is_empty() && !(who.services.is_empty() && who.roles.is_empty()) {
        return Ok(who);
    }
    let message = if who.classes.is_empty() {
        format!("nothing in the model is meant by {}", who.words)
    } else {
        format!("{} is a class of data, which does nothing by itself", who.words)
    };
    let known = index.model.roles.iter().next().map(|(_, role)| format!(", such as `{}`", role.name));
    let help = format!("name a role or a service{}", known.unwrap_or_default());
    Err(Box::new(OUT_OF_PLACE.at(word.span).message(message).help(help)))
}
