//! Part 5, the argument: what makes the system resilient, secure, scalable and worth its price, from the facts.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalog::Trait;
use crate::derive::access::Principal;
use crate::derive::availability::is_redundant;
use crate::derive::recovery::Recoverable;
use crate::emit::report::Subject;
use crate::emit::report::growth::{GrowthRow, growth};
use crate::emit::report::markdown::Markdown;
use crate::model::{DataClass, Mode, Service, ServiceId};
use crate::text::{Noun, noun};
use crate::units::Millis;

/// The argument, for the template to put into sentences.
#[derive(Debug, Serialize)]
pub(super) struct Argument {
    zones: u64,
    spread: Markdown,
    single: Markdown,
    buffers: Vec<BufferRow>,
    shared: Vec<SharedRow>,
    recoveries: Vec<RecoveryRow>,
    roles: String,
    statements: String,
    actions: String,
    on_everything: usize,
    wildcards: usize,
    guarded: Markdown,
    open: Markdown,
    own_keys: Markdown,
    groups: bool,
    short: Markdown,
    first: Option<GrowthRow>,
    fixed: Option<String>,
    expected: String,
    budget: Option<BudgetWords>,
}

/// Where work waits, so that who hands it over need not.
#[derive(Debug, Serialize)]
struct BufferRow {
    name: Markdown,
    from: Markdown,
    to: Markdown,
    dead: Option<Markdown>,
}

/// A store without which several services fail together.
#[derive(Debug, Serialize)]
struct SharedRow {
    name: Markdown,
    users: Markdown,
}

#[derive(Debug, Serialize)]
struct RecoveryRow {
    name: Markdown,
    whole: bool,
    loses: Option<String>,
    takes: String,
    rpo: Option<String>,
    rto: Option<String>,
    met: bool,
}

#[derive(Debug, Serialize)]
struct BudgetWords {
    limit: String,
    share: String,
    fits: bool,
}

const ROLE: Noun =
    Noun::new("role of a service", "roles of services", "rol de servicio", "roles de servicios");

pub(super) fn argument(subject: Subject<'_>) -> Argument {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let zonal = || model.services.iter().filter(|(_, s)| s.kind.zonal && !s.is_derived());
    let with = |redundant: bool| {
        let found = zonal().filter(|(id, _)| is_redundant(model, *id) == redundant);
        subject.series(found.map(|(id, _)| id))
    };
    let machines: Vec<&Principal> =
        facts.access.principals().filter(|principal| matches!(principal, Principal::Service(_))).collect();
    let breadth: Vec<_> = machines.iter().map(|principal| facts.access.breadth(principal)).collect();
    let actions = facts.access.grants.iter().flat_map(|grant| &grant.actions);
    let groups = &facts.capacity.groups;
    Argument {
        zones: model.system.zones,
        spread: with(true),
        single: with(false),
        buffers: buffers(subject),
        shared: shared(subject),
        recoveries: facts.recovery.iter().filter_map(|found| recovery(subject, found)).collect(),
        roles: subject.count(ROLE.count(machines.len())),
        statements: subject.count(noun::STATEMENT.count(breadth.iter().map(|b| b.statements).sum::<usize>())),
        actions: subject.count(noun::ACTION.count(breadth.iter().map(|b| b.actions).sum::<usize>())),
        on_everything: breadth.iter().map(|b| b.on_everything).sum(),
        wildcards: actions.filter(|action| action.contains('*')).count(),
        guarded: entries(subject, |service| service.settings.service("auth").is_some()),
        open: subject.series(model.publics.iter().map(|public| public.on)),
        own_keys: own_keys(subject),
        groups: !groups.is_empty(),
        short: subject
            .series(groups.iter().filter(|group| group.peak.units > group.max).map(|group| group.service)),
        first: growth(subject).into_iter().next(),
        fixed: facts.cost.fixed_share().map(|share| share.percent(0)),
        expected: facts.cost.totals.expected.usd(0),
        budget: budget(subject),
    }
}

/// The declared entries of which something holds.
fn entries(subject: Subject<'_>, wanted: impl Fn(&Service) -> bool) -> Markdown {
    let services = subject.review.model.services.iter();
    let found = services.filter(|(_, s)| s.kind.has(Trait::Entry) && !s.is_derived() && wanted(s));
    subject.series(found.map(|(id, _)| id))
}

/// Stores of sensitive data that have a key of their own.
fn own_keys(subject: Subject<'_>) -> Markdown {
    let services = subject.review.model.services.iter();
    let found = services
        .filter(|(_, s)| s.holds().any(DataClass::is_sensitive) && s.settings.word("key") == Some("own"));
    subject.series(found.map(|(id, _)| id))
}

fn buffers(subject: Subject<'_>) -> Vec<BufferRow> {
    let services = subject.review.model.services.iter();
    let declared = services.filter(|(_, s)| s.kind.has(Trait::Buffer) && !s.is_derived());
    declared.filter_map(|(id, service)| buffer(subject, id, service)).collect()
}

fn buffer(subject: Subject<'_>, id: ServiceId, service: &Service) -> Option<BufferRow> {
    let model = &subject.review.model;
    let dead = model.service(service.name.child("dlq").as_str());
    let from: BTreeSet<ServiceId> = model.whole_flows_to(id).map(|(_, flow)| flow.from).collect();
    let to: BTreeSet<ServiceId> = model.whole_flows_from(id).map(|(_, flow)| flow.to).collect();
    let is_used = !from.is_empty() && !to.is_empty();
    is_used.then(|| BufferRow {
        name: subject.name(id),
        from: subject.series(from),
        to: subject.series(to),
        dead: dead.map(|id| subject.name(id)),
    })
}

/// Stores that several services cannot do without.
fn shared(subject: Subject<'_>) -> Vec<SharedRow> {
    let model = &subject.review.model;
    let stores = model.services.iter().filter(|(_, s)| s.kind.has(Trait::Datastore) && !s.is_derived());
    let row = |id: ServiceId| {
        let needing = model
            .whole_flows_to(id)
            .map(|(_, flow)| flow)
            .filter(|flow| !flow.soft && matches!(flow.mode(), Mode::Sync) && flow.initiator() == flow.from);
        let users: BTreeSet<ServiceId> = needing.map(|flow| flow.from).collect();
        (users.len() > 1).then(|| SharedRow { name: subject.name(id), users: subject.series(users) })
    };
    stores.filter_map(|(id, _)| row(id)).collect()
}

fn recovery(subject: Subject<'_>, found: &Recoverable) -> Option<RecoveryRow> {
    let wanted = subject.review.model.recoveries.get(found.recovery)?;
    Some(RecoveryRow {
        name: subject.name(found.service),
        whole: found.loses == Some(Millis(0)),
        loses: found.loses.map(Millis::spoken),
        takes: found.takes.spoken(),
        rpo: wanted.rpo.map(Millis::spoken),
        rto: wanted.rto.map(Millis::spoken),
        met: found.is_in_time(wanted) && found.keeps_enough(wanted),
    })
}

/// The budget of the whole system and how much of it is needed.
fn budget(subject: Subject<'_>) -> Option<BudgetWords> {
    let (found, limit) = subject.system_budget()?;
    Some(BudgetWords {
        limit: limit.usd(0),
        share: found.expected_share?.percent(0),
        fits: found.cost.expected <= limit,
    })
}
