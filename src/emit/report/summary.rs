//! The first page: what it is, whether it is sound, what to decide, and the picture.

use serde::Serialize;

use crate::check::claim::Outcome;
use crate::diag::Severity;
use crate::emit::report::decide::{Choice, decisions};
use crate::emit::report::evaluation::percent;
use crate::emit::report::growth::{GrowthRow, growth};
use crate::emit::report::markdown::Markdown;
use crate::emit::report::{Picture, Subject, code};
use crate::emit::svg::Plate;
use crate::model::{Origin, Target};
use crate::text::Noun;
use crate::units::PerBillion;

/// The first page.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    title: Markdown,
    name: Markdown,
    region: Markdown,
    env: Markdown,
    zones: String,
    owner: Option<Markdown>,
    account: Option<Markdown>,
    today: String,
    version: &'static str,
    sound: bool,
    errors: String,
    high: Option<String>,
    counts: Markdown,
    waived: Option<String>,
    services: String,
    derived: String,
    flows: String,
    money: Money,
    loads: Vec<LoadWords>,
    first: Option<GrowthRow>,
    objectives: Vec<ObjectiveWords>,
    claims: Option<ClaimWords>,
    decide: Vec<Choice>,
    deployment: Option<Picture>,
    views: Vec<Picture>,
    pages: Vec<Picture>,
}

/// The bill at three loads, against the first budget.
#[derive(Debug, Serialize)]
struct Money {
    zero: String,
    expected: String,
    max: String,
    limit: Option<String>,
    fits: bool,
    max_fits: bool,
}

#[derive(Debug, Serialize)]
struct LoadWords {
    on: Markdown,
    usual: String,
    peak: String,
}

#[derive(Debug, Serialize)]
struct ObjectiveWords {
    on: Markdown,
    objective: String,
    expected: Option<String>,
    met: bool,
}

#[derive(Debug, Serialize)]
struct ClaimWords {
    all: usize,
    hold: usize,
    every: bool,
}

const ERROR: Noun = Noun::new("error", "errors", "error", "errores");
const MATTER: Noun = Noun::new(
    "finding of high severity",
    "findings of high severity",
    "hallazgo de gravedad alta",
    "hallazgos de gravedad alta",
);
const ZONE: Noun =
    Noun::new("availability zone", "availability zones", "zona de disponibilidad", "zonas de disponibilidad");
const SERVICE: Noun =
    Noun::new("declared service", "declared services", "servicio declarado", "servicios declarados");
const DERIVED: Noun = Noun::new("derived", "derived", "derivado", "derivados");
const FLOW: Noun = Noun::new("declared flow", "declared flows", "flujo declarado", "flujos declarados");
/// What is counted of each severity.
const LEVELS: [(Severity, Noun); 5] = [
    (Severity::Error, ERROR),
    (Severity::High, Noun::new("high", "high", "alta", "altas")),
    (Severity::Medium, Noun::new("medium", "medium", "media", "medias")),
    (Severity::Low, Noun::new("low", "low", "baja", "bajas")),
    (Severity::Info, Noun::new("remark", "remarks", "nota", "notas")),
];

pub(super) fn summary(subject: Subject<'_>) -> Summary {
    let review = subject.review;
    let system = &review.model.system;
    let derived = review.model.services.values().filter(|service| service.is_derived()).count();
    let flows = review.model.whole_flows().filter(|(_, flow)| matches!(flow.origin, Origin::Declared));
    let waived = review.findings.iter().filter(|finding| finding.waived.is_some()).count();
    Summary {
        title: Markdown::text(&system.title),
        name: code(&system.name),
        region: Markdown::code(&system.region),
        env: code(&system.env),
        zones: subject.count(ZONE.count(system.zones)),
        owner: system.owner.as_ref().map(Markdown::text),
        account: system.account.as_ref().map(Markdown::code),
        today: review.today.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        sound: review.seal().is_some(),
        errors: subject.count(ERROR.count(open(subject, Severity::Error))),
        high: Some(open(subject, Severity::High))
            .filter(|high| *high > 0)
            .map(|high| subject.count(MATTER.count(high))),
        counts: counts(subject),
        waived: (waived > 0).then(|| waived.to_string()),
        services: subject.count(SERVICE.count(review.model.services.len() - derived)),
        derived: subject.count(DERIVED.count(derived)),
        flows: subject.count(FLOW.count(flows.count())),
        money: money(subject),
        loads: loads(subject),
        first: growth(subject).into_iter().next(),
        objectives: objectives(subject),
        claims: claims(subject),
        decide: decisions(subject),
        deployment: subject.picture("deployment"),
        views: views(subject),
        pages: subject.pictures.iter().filter(|plate| plate.is_page).map(Picture::of).collect(),
    }
}

/// How many open findings there are of a severity.
fn open(subject: Subject<'_>, severity: Severity) -> usize {
    let findings = subject.review.findings.iter();
    findings.filter(|finding| finding.waived.is_none() && finding.severity == severity).count()
}

/// How many open findings there are of each severity that has some.
fn counts(subject: Subject<'_>) -> Markdown {
    let of = LEVELS.iter().map(|(severity, noun)| (open(subject, *severity), noun));
    let some = of.filter(|(count, _)| *count > 0);
    let words = some.map(|(count, noun)| Markdown::own(subject.count(noun.count(count))));
    Markdown::series(words, subject.language)
}

fn money(subject: Subject<'_>) -> Money {
    let facts = &subject.review.facts;
    let totals = facts.cost.totals;
    let limit = subject.system_budget();
    Money {
        zero: totals.zero.usd(0),
        expected: totals.expected.usd(0),
        max: totals.max.usd(0),
        limit: limit.map(|(_, limit)| limit.usd(0)),
        fits: limit.is_some_and(|(found, limit)| found.cost.expected <= limit),
        max_fits: limit.is_some_and(|(found, limit)| found.cost.max <= limit),
    }
}

fn loads(subject: Subject<'_>) -> Vec<LoadWords> {
    let loads = subject.review.model.loads.iter();
    loads
        .map(|load| LoadWords {
            on: subject.name(load.on),
            usual: load.usual.to_string(),
            peak: load.peak.to_string(),
        })
        .collect()
}

fn objectives(subject: Subject<'_>) -> Vec<ObjectiveWords> {
    let (model, facts) = (&subject.review.model, &subject.review.facts);
    let words = |slo: &crate::model::Slo| {
        let (on, expected) = match slo.on.as_ref()? {
            Target::Service(id) => {
                let worst = facts.availability.worst_from(&facts.paths, *id);
                (subject.name(*id), worst.map(|found| found.chain.availability))
            }
            Target::Journey(at) => {
                let found = facts.availability.journeys.iter().find(|found| found.journey == *at);
                let title = model.journeys.get(*at).map(|journey| Markdown::text(&journey.title));
                (title.unwrap_or_default(), found.map(|found| found.accepts.availability))
            }
        };
        Some(ObjectiveWords {
            on,
            objective: slo.objective.percent(4),
            met: expected.is_some_and(|expected| expected >= PerBillion::from(slo.objective)),
            expected: expected.map(percent),
        })
    };
    model.slos.iter().filter_map(words).collect()
}

fn claims(subject: Subject<'_>) -> Option<ClaimWords> {
    let hold = subject.verdicts.iter().filter(|verdict| verdict.finding.outcome == Outcome::Holds).count();
    let all = subject.verdicts.len();
    (all > 0).then_some(ClaimWords { all, hold, every: all == hold })
}

/// Pictures that another chapter shows.
const ELSEWHERE: [&str; 5] = ["deployment.", "dataflow.", "permissions.", "cost.", "journey-"];

/// The pictures that no other place of the report shows: views that the model asks for, and the overview of an estate.
fn views(subject: Subject<'_>) -> Vec<Picture> {
    let is_shown = |plate: &Plate| {
        let name = plate.path.as_str().trim_start_matches("diagrams/");
        ELSEWHERE.iter().any(|known| name.starts_with(known))
    };
    let own = subject.pictures.iter().filter(|plate| !plate.is_page && !is_shown(plate));
    own.map(Picture::of).collect()
}
