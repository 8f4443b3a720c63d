//! Part 2: every role, its concrete actions, why it has them and which line says so.

use serde::Serialize;

use crate::derive::access::{Carrier, Effect, Filling, Principal, Reason, Statement};
use crate::emit::report::markdown::{Markdown, anchor};
use crate::emit::report::{Picture, Subject, code, squeezed, titled, verbs};
use crate::model::{DataClass, Never, Permit, Role, RoleId, ServiceId};
use crate::text::{Span, noun};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Identity {
    picture: Option<Picture>,
    matrix: Vec<MatrixRow>,
    services: Vec<RoleSection>,
    people: Vec<PeopleSection>,
    policies: Vec<StatementRow>,
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
    statements: String,
    actions: String,
    on_everything: Option<String>,
    rows: Vec<StatementRow>,
}

#[derive(Debug, Serialize)]
struct StatementRow {
    principal: Markdown,
    carrier: Markdown,
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
    actions: String,
    permits: Vec<PermitRow>,
    nevers: Vec<NeverRow>,
    rows: Vec<StatementRow>,
}

#[derive(Debug, Serialize)]
struct PermitRow {
    verb: Markdown,
    word: Markdown,
    all: Option<String>,
    on: Markdown,
    budgets: bool,
    without: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct NeverRow {
    verb: Markdown,
    word: Markdown,
    class: bool,
    what: Markdown,
    place: Markdown,
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
    Identity {
        picture: subject.picture("permissions"),
        matrix: matrix(subject),
        services: machines.iter().map(|id| role_section(subject, *id)).collect(),
        people: model.roles.iter().map(|(id, role)| people(subject, id, role)).collect(),
        policies: model.services.ids().flat_map(|id| policy(subject, id)).collect(),
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

/// A role with its statements: what flows ask for first, then what the kind needs to live.
fn role_section(subject: Subject<'_>, id: ServiceId) -> RoleSection {
    let access = &subject.review.facts.access;
    let service = &subject.review.model.services[id];
    let principal = Principal::Service(id);
    let breadth = access.breadth(&principal);
    let statements = access.statements(&principal);
    let (asked, base): (Vec<_>, Vec<_>) =
        statements.iter().partition(|statement| !statement.causes.contains(&service.span));
    RoleSection {
        name: subject.name(id),
        title: titled(&service.name, &service.title),
        statements: subject.count(noun::STATEMENT.count(breadth.statements)),
        actions: subject.count(noun::ACTION.count(breadth.actions)),
        on_everything: (breadth.on_everything > 0)
            .then(|| subject.count(noun::STATEMENT.count(breadth.on_everything))),
        rows: asked.into_iter().chain(base).map(|statement| row(subject, statement)).collect(),
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
    let mut resources: Vec<Markdown> = statement.resources.iter().map(arn).map(Markdown::code).collect();
    resources.dedup();
    let mut places: Vec<Markdown> =
        statement.causes.iter().map(|span| Markdown::place(&subject.review.sources, *span)).collect();
    places.dedup();
    places.truncate(3);
    StatementRow {
        principal: principal(subject, &statement.principal),
        carrier: Markdown::default(),
        deny: statement.effect == Effect::Deny,
        actions: Markdown::list(statement.actions.iter().map(Markdown::code)),
        resources: Markdown::list(resources),
        conditions: Markdown::list(statement.conditions.iter().map(condition)),
        why: why(subject, statement),
        place: Markdown::list(places),
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

fn principal(subject: Subject<'_>, principal: &Principal) -> Markdown {
    match principal {
        Principal::Service(id) => subject.name(*id),
        Principal::Role(id) => code(&subject.review.model.roles[*id].name),
        Principal::Aws(name) => Markdown::code(name),
        Principal::Anyone => Markdown::code("*"),
    }
}

fn people(subject: Subject<'_>, id: RoleId, role: &Role) -> PeopleSection {
    let access = &subject.review.facts.access;
    let principal = Principal::Role(id);
    let statements = access.statements(&principal);
    PeopleSection {
        anchor: anchor(&role.name),
        name: code(&role.name),
        title: titled(&role.name, &role.title),
        group: role.group.as_ref().map(Markdown::text),
        mfa: role.mfa,
        session: role.session.map(|session| session.to_string()),
        break_glass: role.break_glass,
        boundary: role.boundary || !role.nevers.is_empty(),
        actions: subject.count(noun::ACTION.count(access.breadth(&principal).actions)),
        permits: permits(subject, role),
        nevers: role.nevers.iter().map(|never| never_row(subject, never)).collect(),
        rows: statements.iter().map(|statement| row(subject, statement)).collect(),
    }
}

/// What a role may do; what another line of it says already is not said again.
fn permits(subject: Subject<'_>, role: &Role) -> Vec<PermitRow> {
    let says_already = |permit: &Permit| {
        permit.on.is_empty()
            && role.permits.iter().any(|other| {
                other.verb == permit.verb && !other.on.is_empty() && other.budgets >= permit.budgets
            })
    };
    let told = role.permits.iter().filter(|permit| !says_already(permit));
    told.map(|permit| permit_row(subject, permit)).collect()
}

fn permit_row(subject: Subject<'_>, permit: &Permit) -> PermitRow {
    let declared =
        subject.review.model.services.values().filter(|s| !s.is_derived() && !s.kind.is_outside()).count();
    let is_all = declared > 1 && permit.on.len() + permit.without.len() >= declared;
    PermitRow {
        verb: Markdown::code(&permit.verb),
        word: Markdown::own(verbs::of_people(&permit.verb, subject.language)),
        all: is_all.then(|| subject.count(noun::THING.count(permit.on.len()))),
        on: subject.series(permit.on.iter().copied()),
        budgets: permit.budgets,
        without: subject.series(permit.without.iter().copied()),
        place: Markdown::place(&subject.review.sources, permit.span),
    }
}

fn never_row(subject: Subject<'_>, never: &Never) -> NeverRow {
    let class = never.class.map(DataClass::name).map(Markdown::code);
    NeverRow {
        verb: Markdown::code(&never.verb),
        word: Markdown::own(verbs::of_people(&never.verb, subject.language)),
        class: class.is_some(),
        what: class.unwrap_or_else(|| subject.series(never.on.iter().copied())),
        place: Markdown::place(&subject.review.sources, never.span),
    }
}

/// The policy a thing carries itself, when it has one.
fn policy(subject: Subject<'_>, id: ServiceId) -> Vec<StatementRow> {
    let statements = subject.review.facts.access.resource_statements(id);
    let own = statements.iter().filter(|statement| statement.carrier != Carrier::Identity);
    own.map(|statement| StatementRow { carrier: subject.name(id), ..row(subject, statement) }).collect()
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
