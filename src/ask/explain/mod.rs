//! Figures and rights with everything they rest on: the formula with its numbers, where each comes from, and the line.

mod access;
mod availability;
mod budget;
mod capacity;
mod cost;
mod latency;
mod load;

use crate::ask::answer::{Answer, Cell, Column, column};
use crate::ask::index::Index;
use crate::ask::select::{Asked, services};
use crate::derive::paths::Path;
use crate::model::{ServiceId, SettingSource, Value};
use crate::syntax::query::ast::{Question, Things};
use crate::text::Span;
use crate::units::{Millis, Percent};

/// What can be explained.
pub struct Topic {
    /// Its name.
    pub name: &'static str,
    /// How a question begins that names the same things.
    pub opening: &'static str,
    explain: fn(&Index<'_>, &Things) -> Asked<Answer>,
}

/// Everything that can be explained.
pub static TOPICS: [Topic; 7] = [
    about("cost", |index, of| {
        let found = services(index, of, SERVICES)?;
        Ok(cost::cost(index, &found.services, &found.words))
    }),
    Topic { name: "access", opening: "access", explain: access::access },
    about("load", |index, of| Ok(load::load(index, &services(index, of, SERVICES)?.services))),
    about("capacity", |index, of| Ok(capacity::capacity(index, &services(index, of, SERVICES)?.services))),
    about("availability", availability::availability),
    about("latency", |index, of| Ok(latency::latency(index, &services(index, of, SERVICES)?.services))),
    about("budget", budget::budget),
];

/// What is explained under a name.
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// What to name when a role was named.
const SERVICES: &str = "name a service, a container, a kind or `all`";

/// A topic about services.
const fn about(name: &'static str, explain: fn(&Index<'_>, &Things) -> Asked<Answer>) -> Topic {
    Topic { name, opening: "cost of", explain }
}

impl Topic {
    /// Explains it for the things of a question.
    ///
    /// # Errors
    /// A finding at a name that the model does not know, or that has nothing to do with the topic.
    pub fn explain(&self, index: &Index<'_>, question: &Question) -> Asked<Answer> {
        match question {
            Question::Access { who: things } | Question::Cost { of: things } => (self.explain)(index, things),
            _ => Ok(Answer::default()),
        }
    }
}

/// The columns of figures with their formulas.
const FIGURES: &[Column] = &[
    column("service", "service"),
    column("figure", "figure"),
    column("formula", "formula"),
    column("value", "value"),
    column("source", "source"),
    column("lines", "lines"),
];

/// One figure with what it rests on.
#[derive(Default)]
struct Line {
    /// Whose; nothing when it is nobody's own.
    service: Option<ServiceId>,
    figure: String,
    formula: String,
    value: String,
    source: String,
    spans: Vec<Span>,
}

impl Line {
    fn new(service: ServiceId, figure: impl Into<String>, formula: impl Into<String>) -> Self {
        Self { service: Some(service), figure: figure.into(), formula: formula.into(), ..Self::default() }
    }

    fn formula(self, formula: impl Into<String>) -> Self {
        Self { formula: formula.into(), ..self }
    }

    fn value(self, value: impl std::fmt::Display) -> Self {
        Self { value: format!("{value}"), ..self }
    }

    fn source(self, source: impl Into<String>) -> Self {
        Self { source: source.into(), ..self }
    }

    fn at(self, spans: Vec<Span>) -> Self {
        Self { spans, ..self }
    }

    fn cells(self, index: &Index<'_>) -> Vec<Cell> {
        let service = self.service.map_or(Cell::Nothing, |id| Cell::words(index.name(id)));
        let words = [self.figure, self.formula, self.value, self.source].map(Cell::Words);
        std::iter::once(service).chain(words).chain([Cell::places(self.spans)]).collect()
    }
}

/// A share with at most two decimals.
fn share_of(share: Percent) -> String {
    format!("{} %", share.percent(2))
}

/// `front -> products -> products_db`
fn way(index: &Index<'_>, path: &Path) -> String {
    let names: Vec<&str> = path.services(index.model).iter().map(|id| index.name(*id)).collect();
    names.join(" -> ")
}

/// Does a way pass one of these services?
fn passes(index: &Index<'_>, path: &Path, ids: &[ServiceId]) -> bool {
    path.services(index.model).iter().any(|id| ids.binary_search(id).is_ok())
}

/// Millionths with at most `digits` decimals.
fn decimal(millionths: u128, digits: u32) -> String {
    Percent(u64::try_from(millionths / 100).unwrap_or(u64::MAX)).percent(digits)
}

fn thousandths(amount: u64) -> String {
    decimal(u128::from(amount) * 1_000, 3)
}

/// A time of a month in hours with one decimal.
fn hours(time: Millis) -> String {
    format!("{} h", decimal(u128::from(time.0) * 1_000 / 3_600, 1))
}

/// A driver's name in words.
fn said(name: &str) -> String {
    name.replace('_', " ")
}

/// A setting and who gave it.
fn stated(index: &Index<'_>, id: ServiceId, name: &str) -> Option<(String, &'static str, Vec<Span>)> {
    const SOURCES: [(SettingSource, &str); 4] = [
        (SettingSource::Stated, "stated"),
        (SettingSource::Defaults, "`defaults` of the kind"),
        (SettingSource::Environment, "the environment"),
        (SettingSource::Assumed, "assumed: the catalogue's default"),
    ];
    let setting = index.model.services[id].settings.0.get(name)?;
    let value = match &setting.value {
        Value::Flag(on) => if *on { "on" } else { "off" }.to_owned(),
        value => value.figure()?,
    };
    let source = SOURCES.iter().find(|(source, _)| *source == setting.source).map_or("", |(_, words)| *words);
    Some((format!("{name} {value}"), source, vec![setting.span]))
}
