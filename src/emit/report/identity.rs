//! Part 2: every role, its concrete actions, why it has them and which line says so.

use serde::Serialize;

use crate::derive::access::{Carrier, Effect, Filling, Principal, Reason, Statement};
use crate::emit::report::markdown::{Markdown, anchor};
use crate::emit::report::{Subject, code};
use crate::model::{DataClass, Never, Permit, Role, RoleId, ServiceId};
use crate::text::Span;

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Identity {
    matrix: Vec<MatrixRow>,
    services: Vec<RoleSection>,
    people: Vec<PeopleSection>,
    policies: Vec<PolicySection>,
    on_everything: Vec<StatementRow>,
    entries: Vec<EntryRow>,
}

/// One cell group of the permission matrix: who does what with which thing.
#[derive(Debug, Serialize)]
struct MatrixRow {
    principal: Markdown,
    verb: Markdown,
    resource: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct RoleSection {
    name: Markdown,
    title: Markdown,
    statements: usize,
    actions: usize,
    on_everything: usize,
    rows: Vec<StatementRow>,
}

#[derive(Debug, Serialize)]
struct StatementRow {
    principal: Markdown,
    deny: bool,
    actions: Markdown,
    resources: Markdown,
    conditions: Markdown,
    why: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct PeopleSection {
    anchor: String,
    name: Markdown,
    title: Markdown,
    group: Option<Markdown>,
    mfa: bool,
    session: Option<String>,
    break_glass: bool,
    boundary: bool,
    actions: usize,
    permits: Vec<PermitRow>,
    nevers: Vec<NeverRow>,
}

#[derive(Debug, Serialize)]
struct PermitRow {
    verb: Markdown,
    on: Markdown,
    budgets: bool,
    without: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct NeverRow {
    verb: Markdown,
    what: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct PolicySection {
    name: Markdown,
    rows: Vec<StatementRow>,
}

#[derive(Debug, Serialize)]
struct EntryRow {
    name: Markdown,
    pool: Option<Markdown>,
    public: Option<Markdown>,
}

pub(super) fn identity(subject: Subject<'_>) -> Identity {
    let model = &subject.review.model;
    let access = &subject.review.facts.access;
    let machines: Vec<ServiceId> = access
        .principals()
        .filter_map(|p| if let Principal::Service(id) = p { Some(*id) } else { None })
        .collect();
    let services: Vec<RoleSection> = machines.iter().map(|id| role_section(subject, *id)).collect();
    let wide = machines.iter().flat_map(|id| access.statements(&Principal::Service(*id)));
    Identity {
        matrix: matrix(subject),
        services,
        people: model.roles.iter().map(|(id, role)| people(subject, id, role)).collect(),
        policies: model.services.ids().filter_map(|id| policy(subject, id)).collect(),
        on_everything: wide
            .filter(|statement| statement.is_on_everything())
            .map(|statement| row(subject, statement))
            .collect(),
        entries: entries(subject),
    }
}

/// Services' grants that flows and statements ask for, one row a verb and thing.
fn matrix(subject: Subject<'_>) -> Vec<MatrixRow> {
    let mut rows: Vec<(ServiceId, String, Option<ServiceId>, Span)> = Vec::new();
    for grant in &subject.review.facts.access.grants {
        let (Principal::Service(who), false) = (&grant.principal, matches!(grant.reason, Reason::Base(_)))
        else {
            continue;
        };
        let key = (*who, grant.verb.clone(), grant.resource.service);
        let known = rows.iter().any(|(who, verb, on, _)| (*who, verb, *on) == (key.0, &key.1, key.2));
        if let Some(span) = grant.causes.first().filter(|_| !known) {
            rows.push((key.0, key.1, key.2, *span));
        }
    }
    rows.into_iter()
        .map(|(who, verb, on, span)| MatrixRow {
            principal: subject.name(who),
            verb: if verb.is_empty() { Markdown::own("—") } else { Markdown::code(verb) },
            resource: on.map_or_else(|| Markdown::code("*"), |on| subject.name(on)),
            place: Markdown::place(&subject.review.sources, span),
        })
        .collect()
}

fn role_section(subject: Subject<'_>, id: ServiceId) -> RoleSection {
    let access = &subject.review.facts.access;
    let principal = Principal::Service(id);
    let breadth = access.breadth(&principal);
    RoleSection {
        name: subject.name(id),
        title: Markdown::text(&subject.review.model.services[id].title),
        statements: breadth.statements,
        actions: breadth.actions,
        on_everything: breadth.on_everything,
        rows: access.statements(&principal).iter().map(|statement| row(subject, statement)).collect(),
    }
}

/// One statement with its reasons.
fn row(subject: Subject<'_>, statement: &Statement) -> StatementRow {
    let model = &subject.review.model;
    let arn = |resource: &crate::derive::access::Resource| {
        Filling::new(model, resource.service).fill(&resource.arn)
    };
    let condition = |((operator, key), values): (&(String, String), &Vec<String>)| {
        let filled: Vec<String> =
            values.iter().map(|value| Filling::new(model, statement.source).fill(value)).collect();
        Markdown::code(format!("{operator} {key} = {}", filled.join(", ")))
    };
    StatementRow {
        principal: principal(subject, &statement.principal),
        deny: statement.effect == Effect::Deny,
        actions: Markdown::list(statement.actions.iter().map(Markdown::code)),
        resources: Markdown::list(statement.resources.iter().map(arn).map(Markdown::code)),
        conditions: Markdown::list(statement.conditions.iter().map(condition)),
        why: why(subject, statement),
        place: Markdown::list(
            statement.causes.iter().take(3).map(|span| Markdown::place(&subject.review.sources, *span)),
        ),
    }
}

/// The reasons of the grants behind a statement: the line of a flow, or the kind's own need.
fn why(subject: Subject<'_>, statement: &Statement) -> Markdown {
    let grants = subject.review.facts.access.of(&statement.principal).iter();
    let behind = grants.filter(|grant| {
        grant.carrier == statement.carrier
            && grant.effect == statement.effect
            && statement.resources.contains(&grant.resource)
            && grant.actions.iter().any(|action| statement.actions.contains(action))
    });
    let mut reasons: Vec<Markdown> = behind
        .map(|grant| match &grant.reason {
            Reason::Base(why) => Markdown::message(why.say(subject.language)),
            Reason::Flow(_) | Reason::Notice(_) | Reason::Permit | Reason::Never | Reason::Explicit(_) => {
                let line = grant.causes.first().map_or("", |span| subject.review.sources.line(*span));
                Markdown::code(squeezed(line))
            }
        })
        .collect();
    reasons.dedup();
    Markdown::list(reasons)
}

/// A line of the model with single spaces.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn principal(subject: Subject<'_>, principal: &Principal) -> Markdown {
    match principal {
        Principal::Service(id) => subject.name(*id),
        Principal::Role(id) => code(&subject.review.model.roles[*id].name),
        Principal::Aws(name) => Markdown::code(name),
        Principal::Anyone => Markdown::code("*"),
    }
}

fn people(subject: Subject<'_>, id: RoleId, role: &Role) -> PeopleSection {
    let breadth = subject.review.facts.access.breadth(&Principal::Role(id));
    PeopleSection {
        anchor: anchor(&role.name),
        name: code(&role.name),
        title: Markdown::text(&role.title),
        group: role.group.as_ref().map(Markdown::text),
        mfa: role.mfa,
        session: role.session.map(|session| session.to_string()),
        break_glass: role.break_glass,
        boundary: role.boundary || !role.nevers.is_empty(),
        actions: breadth.actions,
        permits: role.permits.iter().map(|permit| permit_row(subject, permit)).collect(),
        nevers: role.nevers.iter().map(|never| never_row(subject, never)).collect(),
    }
}

fn permit_row(subject: Subject<'_>, permit: &Permit) -> PermitRow {
    PermitRow {
        verb: Markdown::code(&permit.verb),
        on: subject.names(permit.on.iter().copied()),
        budgets: permit.budgets,
        without: subject.names(permit.without.iter().copied()),
        place: Markdown::place(&subject.review.sources, permit.span),
    }
}

fn never_row(subject: Subject<'_>, never: &Never) -> NeverRow {
    let class = never.class.map(DataClass::name).map(Markdown::code);
    NeverRow {
        verb: Markdown::code(&never.verb),
        what: class.unwrap_or_else(|| subject.names(never.on.iter().copied())),
        place: Markdown::place(&subject.review.sources, never.span),
    }
}

/// The policy a thing carries itself, when it has one.
fn policy(subject: Subject<'_>, id: ServiceId) -> Option<PolicySection> {
    let statements = subject.review.facts.access.resource_statements(id);
    let rows: Vec<StatementRow> = statements
        .iter()
        .filter(|statement| statement.carrier != Carrier::Identity)
        .map(|s| row(subject, s))
        .collect();
    (!rows.is_empty()).then(|| PolicySection { name: subject.name(id), rows })
}

/// Every entry, and what guards it.
fn entries(subject: Subject<'_>) -> Vec<EntryRow> {
    let model = &subject.review.model;
    let entries = model
        .services
        .iter()
        .filter(|(_, service)| service.kind.has(crate::catalog::Trait::Entry) && !service.is_derived());
    entries
        .map(|(id, service)| EntryRow {
            name: subject.name(id),
            pool: service.settings.service("auth").map(|pool| subject.name(pool)),
            public: model
                .publics
                .iter()
                .find(|public| public.on == id)
                .and_then(|public| public.because.as_ref())
                .map(Markdown::text),
        })
        .collect()
}
