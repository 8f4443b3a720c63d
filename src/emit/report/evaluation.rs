//! Part 5: why these services, what holds of the claims, how available it is, what was decided.

use serde::Serialize;

use crate::check::claim::{Outcome, Verdict};
use crate::derive::availability::{Chain, Change, Step};
use crate::emit::report::Subject;
use crate::emit::report::argument::{Argument, argument};
use crate::emit::report::markdown::Markdown;
use crate::model::{Decision, Slo, Target};
use crate::text::Text;
use crate::units::{Millis, PerBillion};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Evaluation {
    argument: Argument,
    claims: Vec<ClaimRow>,
    journeys: Vec<JourneyRow>,
    objectives: Vec<ObjectiveRow>,
    decisions: Vec<DecisionSection>,
    notes: Vec<Markdown>,
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
    lost: String,
    worst: Markdown,
    completes: Option<String>,
    within: Option<String>,
    without: Markdown,
    changes: Vec<ChangeRow>,
}

/// One step that would help, and by how much.
#[derive(Debug, Serialize)]
struct ChangeRow {
    name: Markdown,
    redundant: bool,
    after: String,
    saves: String,
}

#[derive(Debug, Serialize)]
struct ObjectiveRow {
    on: Markdown,
    objective: String,
    expected: Option<String>,
    met: bool,
    changes: Vec<ChangeRow>,
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

pub(super) fn evaluation(subject: Subject<'_>) -> Evaluation {
    let review = subject.review;
    Evaluation {
        argument: argument(subject),
        claims: subject.verdicts.iter().filter_map(|verdict| claim_row(subject, verdict)).collect(),
        journeys: journeys(subject),
        objectives: review.model.slos.iter().map(|slo| objective(subject, slo)).collect(),
        decisions: review.model.decisions.iter().map(|made| decision(subject, made)).collect(),
        notes: review
            .model
            .notes
            .iter()
            .filter(|note| note.on.is_none())
            .map(|note| Markdown::blocks(&note.text))
            .collect(),
    }
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
pub(super) fn percent(figure: PerBillion) -> String {
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
                lost: found.accepts.downtime.spoken(),
                worst: found.accepts.worst.map(|id| subject.name(id)).unwrap_or_default(),
                completes: found.completes.as_ref().map(|chain| percent(chain.availability)),
                within: found.within.map(Millis::spoken),
                without: subject.series(found.without.iter().copied()),
                changes: changes(subject, &found.accepts),
            })
        })
        .collect()
}

/// How many steps are told of each way.
const STEPS: usize = 5;

/// The single steps that gain most, the best first.
fn changes(subject: Subject<'_>, chain: &Chain) -> Vec<ChangeRow> {
    let row = |change: &Change| ChangeRow {
        name: subject.name(change.service),
        redundant: change.step == Step::Redundant,
        after: percent(change.after),
        saves: change.saves.spoken(),
    };
    chain.changes.iter().filter(|change| change.saves.0 > 0).take(STEPS).map(row).collect()
}

fn objective(subject: Subject<'_>, slo: &Slo) -> ObjectiveRow {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let (on, chain) = match slo.on {
        Some(Target::Service(id)) => {
            let worst = facts.availability.worst_from(&facts.paths, id).map(|found| &found.chain);
            (subject.name(id), worst)
        }
        Some(Target::Journey(at)) => {
            let journey =
                model.journeys.get(at).map(|journey| Markdown::text(&journey.title)).unwrap_or_default();
            let found = facts.availability.journeys.iter().find(|found| found.journey == at);
            (journey, found.map(|found| &found.accepts))
        }
        None => (Markdown::default(), None),
    };
    let expected = chain.map(|chain| chain.availability);
    ObjectiveRow {
        on,
        objective: slo.objective.percent(4),
        met: expected.is_some_and(|expected| expected >= PerBillion::from(slo.objective)),
        expected: expected.map(percent),
        // Of a journey they stand with it already.
        changes: chain
            .filter(|_| matches!(slo.on, Some(Target::Service(_))))
            .map(|chain| changes(subject, chain))
            .unwrap_or_default(),
        place: Markdown::place(&subject.review.sources, slo.span),
    }
}

/// What the parts and states of a decision are called in Spanish; others stand as they are written.
const DECIDED_ES: [(&str, &str); 10] = [
    ("accepted", "aceptada"),
    ("alternatives", "alternativas"),
    ("consequence", "consecuencia"),
    ("consequences", "consecuencias"),
    ("context", "contexto"),
    ("decision", "decisión"),
    ("deprecated", "en desuso"),
    ("proposed", "propuesta"),
    ("rejected", "rechazada"),
    ("superseded", "sustituida"),
];

/// A word of a decision in the report's language.
fn decided(subject: Subject<'_>, word: &str) -> Markdown {
    let spanish = DECIDED_ES.iter().find(|(known, _)| *known == word).map_or(word, |(_, spanish)| spanish);
    Markdown::text(&Text::new(subject.say(word, spanish)))
}

fn decision(subject: Subject<'_>, decision: &Decision) -> DecisionSection {
    let part = |(name, text): &(String, Text)| DecisionPart {
        name: decided(subject, name),
        text: Markdown::text(text),
    };
    DecisionSection {
        title: Markdown::text(&decision.title),
        status: decided(subject, &decision.status),
        parts: decision.parts.iter().map(part).collect(),
    }
}
