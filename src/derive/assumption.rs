//! What a figure had to assume because the model does not say it.

use serde::Serialize;

use crate::catalog::Trait;
use crate::derive::order::Touching;
use crate::model::{Model, Service, ServiceId, SettingSource};
use crate::text::{Phrase, Span, Wording, phrase};

/// One assumption: a figure that nobody stated, and how to state it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Assumption {
    /// What is assumed, as a noun phrase with names in back-ticks.
    pub what: Phrase,
    /// The value taken, with its unit.
    pub value: String,
    /// Where the value comes from.
    pub source: Wording,
    /// The line of the model it is about.
    pub span: Span,
    /// What to write instead, in the language.
    pub state: String,
}

impl Assumption {
    /// An assumption about `span`.
    pub fn new(what: Phrase, value: impl Into<String>, source: Wording, span: Span, state: String) -> Self {
        Self { what, value: value.into(), source, span, state }
    }
}

/// The source of the project's own rules of thumb.
pub(crate) const OWN: Wording = Wording::new("own rule of thumb", "regla práctica propia");

/// The source of what the catalogue assumes of a kind.
const DEFAULT: Wording =
    Wording::new("catalogue: default of the setting", "catálogo: valor habitual del ajuste");

/// The settings that figures are reckoned from: capacity, cost, times and limits.
const FIGURES: [&str; 25] = [
    "brokers",
    "concurrency",
    "input",
    "ingest",
    "item",
    "memory",
    "message",
    "mode",
    "nodes",
    "object",
    "output",
    "per",
    "pool",
    "record",
    "replicas",
    "retries",
    "scanned",
    "shards",
    "size",
    "steps",
    "storage",
    "vcpu",
    "volume",
    "work",
    "workers",
];

/// Figures that have no default in the catalogue and are reckoned with something all the same: the setting, what is taken, and
/// what to write.
const UNSTATED: [(&str, &str, &str); 2] = [("users", "0", "1000"), ("scanned", "0 B", "100 GB")];

/// Defaults of the catalogue that figures rest on, of every declared service.
pub(super) fn of_settings(model: &Model, touching: &Touching) -> Vec<Assumption> {
    let declared =
        model.services.iter().filter(|(_, service)| !service.is_derived() && !service.kind.is_outside());
    declared.flat_map(|(id, service)| of_service(model, touching, id, service)).collect()
}

fn of_service(model: &Model, touching: &Touching, id: ServiceId, service: &Service) -> Vec<Assumption> {
    let waits = |sql: bool| {
        touching.from(id).iter().map(|flow| &model.flows[*flow]).any(|flow| {
            flow.from == id
                && flow.is_sync()
                && (!sql || model.services[flow.to].kind.has(Trait::ConnectionLimited))
        })
    };
    let counts = |name: &str| match name {
        "pool" => waits(true),
        "retries" => waits(false),
        _ => true,
    };
    let assumed = FIGURES.iter().filter(|name| counts(name)).filter_map(|name| {
        let setting =
            service.settings.0.get(*name).filter(|setting| setting.source == SettingSource::Assumed)?;
        let value = setting.value.figure()?;
        Some(about(service, name, (value.clone(), &value), DEFAULT))
    });
    let unstated = UNSTATED.iter().filter(|(name, ..)| {
        let known = service.kind.setting(name).is_some_and(|spec| !spec.optional);
        known && !service.settings.0.contains_key(*name)
    });
    let unstated =
        unstated.map(|(name, taken, example)| about(service, name, ((*taken).to_owned(), example), OWN));
    let unbounded = service.kind.quota("concurrency-per-region").filter(|_| {
        let settings = &service.settings;
        settings.count("concurrency").is_none() && settings.scaling().is_none()
    });
    let unbounded = unbounded.map(|quota| {
        let most = quota.value.to_string();
        about(service, "concurrency", (most.clone(), &most), QUOTA)
    });
    assumed.chain(unstated).chain(unbounded).collect()
}

/// The source of a bound that only the account sets.
const QUOTA: Wording = Wording::new("catalogue: the account's quota", "catálogo: la cuota de la cuenta");

/// One setting of a service: what is taken, and what to write.
fn about(service: &Service, setting: &str, (taken, written): (String, &str), source: Wording) -> Assumption {
    let name = &service.name;
    let keyword = service.kind.setting(setting).and_then(|spec| spec.keyword.as_ref());
    let keyword = keyword.map(|word| format!("{word} ")).unwrap_or_default();
    let state = format!("{} {name} {{ {setting} {keyword}{written} }}", service.kind.word);
    let what = phrase!("`{setting}` of `{name}`", "`{setting}` de `{name}`");
    Assumption::new(what, taken, source, service.span, state)
}
