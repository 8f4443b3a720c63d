//! The model in the making.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Catalog, Kind, Mechanism};
use crate::diag::{Diagnostic, Rule};
use crate::model::resolve::names::{Names, Symbol};
use crate::model::resolve::rules::{DUPLICATE_NAME, UNKNOWN_NAME, WRONG_SORT};
use crate::model::{Model, PlaceId, RoleId, Service, ServiceId, Value};
use crate::syntax::ast::Name;
use crate::text::{Ident, Language, Phrase, Span, phrase};

/// The model in the making, the names declared so far and what was found wrong.
pub(super) struct Builder<'a> {
    /// What AWS offers.
    pub catalog: &'a Catalog,
    /// The model.
    pub model: Model,
    /// Its names.
    pub names: Names,
    findings: Vec<Diagnostic>,
    mechanisms: BTreeMap<u16, Arc<Mechanism>>,
    /// What is assumed of each kind, by its identifier: settings with their values.
    pub assumptions: BTreeMap<String, Assumptions>,
}

/// What the catalogue assumes of a kind: settings with their values.
pub(super) type Assumptions = Arc<[(String, Value)]>;

impl<'a> Builder<'a> {
    /// An empty model.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            model: Model::default(),
            names: Names::default(),
            findings: Vec::new(),
            mechanisms: BTreeMap::new(),
            assumptions: BTreeMap::new(),
        }
    }

    /// The model and its findings.
    pub(super) fn finish(mut self) -> (Model, Vec<Diagnostic>) {
        self.model.complete();
        (self.model, self.findings)
    }

    /// Adds a finding.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// A kind by its identifier.
    pub(super) fn kind(&self, id: &str) -> Option<Arc<Kind>> {
        self.catalog.kind(id).cloned()
    }

    /// The shared copy of a mechanism.
    pub(super) fn share_mechanism(&mut self, mechanism: &Mechanism) -> Arc<Mechanism> {
        let shared = self.mechanisms.entry(mechanism.id).or_insert_with(|| Arc::new(mechanism.clone()));
        Arc::clone(shared)
    }

    /// Declares a name, or reports both places when it is taken.
    pub(super) fn declare(&mut self, name: &Ident, symbol: Symbol, span: Span) {
        let Err(earlier) = self.names.declare(name.clone(), symbol, span) else { return };
        let finding = DUPLICATE_NAME
            .at(span)
            .message(phrase!("`{name}` is declared twice", "`{name}` se declara dos veces"));
        self.report(
            finding
                .note(Phrase::new("declared again here", "declarado otra vez aquí"))
                .label(earlier, Phrase::new("declared here first", "declarado aquí primero"))
                .subject(name.as_str()),
        );
    }

    /// Adds a service under its name.
    pub(super) fn add_service(&mut self, service: Service) -> ServiceId {
        let (name, span) = (service.name.clone(), service.span);
        let id = self.model.services.add(service);
        self.declare(&name, Symbol::Service(id), span);
        id
    }

    /// What a name stands for; reports an unknown one.
    pub(super) fn find(&mut self, name: &Name, prefix: Option<&Ident>) -> Option<Symbol> {
        let found = self.names.find(&name.value, prefix);
        if found.is_none() {
            let similar = self.names.similar(&name.value);
            let finding = UNKNOWN_NAME.at(name.span).message(phrase!(
                "nothing is called `{}`",
                "nada se llama `{}`",
                name.value
            ));
            self.report(finding.maybe_help(similar).subject(name.value.as_str()));
        }
        found
    }

    /// The service of a name; reports an unknown one and one of another sort.
    pub(super) fn find_service(&mut self, name: &Name, prefix: Option<&Ident>) -> Option<ServiceId> {
        match self.find(name, prefix)? {
            Symbol::Service(id) => Some(id),
            other => {
                self.wrong_sort(name, other, Phrase::new("a service", "un servicio"));
                None
            }
        }
    }

    /// The services of names, without those that were reported.
    pub(super) fn find_services(&mut self, names: &[Name], prefix: Option<&Ident>) -> Vec<ServiceId> {
        names.iter().filter_map(|name| self.find_service(name, prefix)).collect()
    }

    /// Reports a name that stands for something of another sort than wanted.
    pub(super) fn wrong_sort(&mut self, name: &Name, found: Symbol, wanted: impl Into<Phrase>) {
        let wanted = wanted.into();
        let sort = found.sort();
        let say = |language| wanted.say(language).terminal();
        let message = Phrase::new(
            format!("`{}` is {}, not {}", name.value, sort.en, say(Language::En)),
            format!("`{}` es {}, no {}", name.value, sort.es, say(Language::Es)),
        );
        self.report(WRONG_SORT.at(name.span).message(message));
    }

    /// Reports a rule at a place with a message.
    pub(super) fn reject(&mut self, rule: &Rule, span: Span, message: impl Into<Phrase>) {
        self.report(rule.at(span).message(message));
    }
}

/// What a name stands for, as one sort of id.
impl Symbol {
    /// The service, when it is one.
    pub(super) const fn service(self) -> Option<ServiceId> {
        if let Self::Service(id) = self { Some(id) } else { None }
    }

    /// The container, when it is one.
    pub(super) const fn place(self) -> Option<PlaceId> {
        if let Self::Place(id) = self { Some(id) } else { None }
    }

    /// The role, when it is one.
    pub(super) const fn role(self) -> Option<RoleId> {
        if let Self::Role(id) = self { Some(id) } else { None }
    }
}
