//! Part 5: why these services, what holds of the claims, how available it is, what was decided.

use serde::Serialize;

use crate::check::Case;
use crate::check::claim::{Outcome, Verdict, verdicts};
use crate::derive::availability::{Chain, Step};
use crate::emit::report::Subject;
use crate::emit::report::markdown::Markdown;
use crate::model::{Decision, Model, Slo, Target};
use crate::text::Text;
use crate::units::PerBillion;

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Evaluation {
    choices: Vec<ChoiceRow>,
    claims: Vec<ClaimRow>,
    journeys: Vec<JourneyRow>,
    objectives: Vec<ObjectiveRow>,
    decisions: Vec<DecisionSection>,
    notes: Vec<Markdown>,
    security: Security,
}

#[derive(Debug, Serialize)]
struct ChoiceRow {
    kind: Markdown,
    role: Markdown,
    used: Markdown,
}

#[derive(Debug, Serialize)]
struct ClaimRow {
    sentence: Markdown,
    holds: bool,
    fails: bool,
    because: Markdown,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct JourneyRow {
    title: Markdown,
    accepts: String,
    minutes: String,
    worst: Markdown,
    completes: Option<String>,
    within: Option<String>,
    best: Option<String>,
}

#[derive(Debug, Serialize)]
struct ObjectiveRow {
    on: Markdown,
    objective: String,
    expected: Option<String>,
    met: bool,
    place: Markdown,
}

#[derive(Debug, Serialize)]
struct DecisionSection {
    title: Markdown,
    status: Markdown,
    parts: Vec<DecisionPart>,
}

#[derive(Debug, Serialize)]
struct DecisionPart {
    name: Markdown,
    text: Markdown,
}

/// How the policies add up.
#[derive(Debug, Serialize)]
struct Security {
    roles: usize,
    statements: usize,
    actions: usize,
    on_everything: usize,
    wildcards: usize,
}

pub(super) fn evaluation(subject: Subject<'_>) -> Evaluation {
    let review = subject.review;
    let case =
        Case { model: &review.model, facts: &review.facts, catalog: subject.catalog, today: review.today };
    Evaluation {
        choices: choices(subject),
        claims: verdicts(&case).iter().filter_map(|verdict| claim_row(subject, verdict)).collect(),
        journeys: journeys(subject),
        objectives: review.model.slos.iter().map(|slo| objective(subject, slo)).collect(),
        decisions: review.model.decisions.iter().map(decision).collect(),
        notes: review
            .model
            .notes
            .iter()
            .filter(|note| note.on.is_none())
            .map(|note| Markdown::blocks(&note.text))
            .collect(),
        security: security(subject),
    }
}

/// Each kind once, with what it is for and which services are of it.
fn choices(subject: Subject<'_>) -> Vec<ChoiceRow> {
    let services = &subject.review.model.services;
    let mut kinds = Vec::new();
    for service in services.values().filter(|service| !service.kind.is_outside()) {
        if !kinds.iter().any(|known: &std::sync::Arc<crate::catalog::Kind>| known.id == service.kind.id) {
            kinds.push(std::sync::Arc::clone(&service.kind));
        }
    }
    kinds
        .iter()
        .map(|kind| ChoiceRow {
            kind: Markdown::own(subject.say(&kind.name, &kind.name_es)),
            role: Markdown::own(subject.say(&kind.role, &kind.role_es)),
            used: subject
                .names(services.iter().filter(|(_, service)| service.kind.id == kind.id).map(|(id, _)| id)),
        })
        .collect()
}

fn claim_row(subject: Subject<'_>, verdict: &Verdict) -> Option<ClaimRow> {
    let claim = subject.review.model.claims.get(verdict.claim)?;
    Some(ClaimRow {
        sentence: Markdown::text(&claim.sentence),
        holds: verdict.finding.outcome == Outcome::Holds,
        fails: verdict.finding.outcome == Outcome::Fails,
        because: subject.sentence(&verdict.finding.because),
        place: Markdown::place(&subject.review.sources, claim.span),
    })
}

/// A figure in parts per billion as percent with four decimals.
fn percent(figure: PerBillion) -> String {
    let rounded = (figure.0 + 500) / 1_000;
    format!("{}.{:04}", rounded / 10_000, rounded % 10_000)
}

fn journeys(subject: Subject<'_>) -> Vec<JourneyRow> {
    let (model, availability) = (&subject.review.model, &subject.review.facts.availability);
    availability
        .journeys
        .iter()
        .filter_map(|found| {
            let journey = model.journeys.get(found.journey)?;
            Some(JourneyRow {
                title: Markdown::text(&journey.title),
                accepts: percent(found.accepts.availability),
                minutes: minutes(&found.accepts),
                worst: found.accepts.worst.map(|id| subject.name(id)).unwrap_or_default(),
                completes: found.completes.as_ref().map(|chain| percent(chain.availability)),
                within: found.within.map(|within| within.to_string()),
                best: best(subject, model, &found.accepts),
            })
        })
        .collect()
}

/// Minutes of downtime in 30 days with one decimal.
fn minutes(chain: &Chain) -> String {
    let tenths = chain.downtime.0.div_ceil(6_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The single change that gains most.
fn best(subject: Subject<'_>, model: &Model, chain: &Chain) -> Option<String> {
    let change = chain.changes.first()?;
    let name = &model.services[change.service].name;
    let what = match change.step {
        Step::Redundant => subject.say("in several zones", "en varias zonas"),
        Step::Soft => subject.say("as a soft dependency", "como dependencia blanda"),
    };
    Some(format!("`{name}` {what}: {} %", percent(change.after)))
}

fn objective(subject: Subject<'_>, slo: &Slo) -> ObjectiveRow {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let (on, expected) = match slo.on {
        Some(Target::Service(id)) => {
            let worst = facts.availability.worst_from(&facts.paths, id).map(|found| found.chain.availability);
            (subject.name(id), worst)
        }
        Some(Target::Journey(at)) => {
            let journey =
                model.journeys.get(at).map(|journey| Markdown::text(&journey.title)).unwrap_or_default();
            let found = facts.availability.journeys.iter().find(|found| found.journey == at);
            (journey, found.map(|found| found.accepts.availability))
        }
        None => (Markdown::default(), None),
    };
    ObjectiveRow {
        on,
        objective: slo.objective.percent(4),
        met: expected.is_some_and(|expected| expected >= PerBillion::from(slo.objective)),
        expected: expected.map(percent),
        place: Markdown::place(&subject.review.sources, slo.span),
    }
}

fn decision(decision: &Decision) -> DecisionSection {
    let part = |(name, text): &(String, Text)| DecisionPart {
        name: Markdown::text(&Text::new(name.as_str())),
        text: Markdown::text(text),
    };
    DecisionSection {
        title: Markdown::text(&decision.title),
        status: Markdown::text(&Text::new(decision.status.as_str())),
        parts: decision.parts.iter().map(part).collect(),
    }
}

/// Statements and actions of the services' roles.
fn security(subject: Subject<'_>) -> Security {
    let access = &subject.review.facts.access;
    let machines: Vec<_> = access
        .principals()
        .filter(|principal| matches!(principal, crate::derive::access::Principal::Service(_)))
        .collect();
    let breadth: Vec<_> = machines.iter().map(|principal| access.breadth(principal)).collect();
    let wild =
        access.grants.iter().flat_map(|grant| &grant.actions).filter(|action| action.contains('*')).count();
    Security {
        roles: machines.len(),
        statements: breadth.iter().map(|breadth| breadth.statements).sum(),
        actions: breadth.iter().map(|breadth| breadth.actions).sum(),
        on_everything: breadth.iter().map(|breadth| breadth.on_everything).sum(),
        wildcards: wild,
    }
}
