//! The first page: what it is, whether it is sound, what to decide.

use serde::Serialize;

use crate::diag::Severity;
use crate::emit::report::findings::{Line, line};
use crate::emit::report::markdown::Markdown;
use crate::emit::report::{Subject, code};
use crate::emit::svg::Plate;

/// How many decisions the first page asks for.
const DECISIONS: usize = 5;

/// The first page.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    title: Markdown,
    name: Markdown,
    region: Markdown,
    env: Markdown,
    zones: u64,
    owner: Option<Markdown>,
    account: Option<Markdown>,
    data: Vec<DataRow>,
    today: String,
    version: &'static str,
    sound: bool,
    errors: usize,
    high: usize,
    medium: usize,
    low: usize,
    waived: usize,
    services: usize,
    derived: usize,
    flows: usize,
    expected: String,
    decide: Vec<Line>,
    pictures: Vec<Picture>,
    pages: Vec<Picture>,
}

#[derive(Debug, Serialize)]
struct DataRow {
    class: Markdown,
    meaning: Markdown,
}

#[derive(Debug, Serialize)]
struct Picture {
    path: String,
    name: Markdown,
}

pub(super) fn summary(subject: Subject<'_>, pictures: &[Plate]) -> Summary {
    let review = subject.review;
    let system = &review.model.system;
    let open = || review.findings.iter().filter(|finding| finding.waived.is_none());
    let count = |severity| open().filter(|finding| finding.severity == severity).count();
    let derived = review.model.services.values().filter(|service| service.is_derived()).count();
    let data = system.data.iter();
    let shown = |is_page| {
        let wanted = pictures.iter().filter(move |plate| plate.is_page == is_page);
        let picture =
            |plate: &Plate| Picture { path: plate.path.to_string(), name: Markdown::text(&plate.title) };
        wanted.map(picture).collect()
    };
    Summary {
        title: Markdown::text(&system.title),
        name: code(&system.name),
        region: Markdown::code(&system.region),
        env: code(&system.env),
        zones: system.zones,
        owner: system.owner.as_ref().map(Markdown::text),
        account: system.account.as_ref().map(Markdown::code),
        data: data
            .map(|(class, text)| DataRow {
                class: Markdown::code(class.name()),
                meaning: Markdown::text(text),
            })
            .collect(),
        today: review.today.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        sound: review.seal().is_some(),
        errors: count(Severity::Error),
        high: count(Severity::High),
        medium: count(Severity::Medium),
        low: count(Severity::Low),
        waived: review.findings.iter().filter(|finding| finding.waived.is_some()).count(),
        services: review.model.services.len() - derived,
        derived,
        flows: review
            .model
            .whole_flows()
            .filter(|(_, flow)| matches!(flow.origin, crate::model::Origin::Declared))
            .count(),
        expected: review.facts.cost.totals.expected.usd(0),
        decide: open()
            .filter(|finding| finding.severity <= Severity::Medium)
            .take(DECISIONS)
            .map(|f| line(subject, f))
            .collect(),
        pictures: shown(false),
        pages: shown(true),
    }
}
