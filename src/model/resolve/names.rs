//! What each name stands for.

use std::collections::BTreeMap;

use crate::model::{PlaceId, RoleId, ServiceId};
use crate::text::{Ident, Phrase, Span, Wording, did_you_mean};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A service.
    Service(ServiceId),
    /// A container.
    Place(PlaceId),
    /// A role of people.
    Role(RoleId),
}

impl Symbol {
    /// What to call it in a message.
    pub(super) const fn sort(self) -> Wording {
        match self {
            Self::Service(_) => Wording::new("a service", "un servicio"),
            Self::Place(_) => Wording::new("a container", "un contenedor"),
            Self::Role(_) => Wording::new("a role", "un rol"),
        }
    }
}

/// The names of a model.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    table: BTreeMap<Ident, (Symbol, Span)>,
}

impl Names {
    /// Declares a name; the earlier place when it is taken.
    pub(super) fn declare(&mut self, name: Ident, symbol: Symbol, span: Span) -> Result<(), Span> {
        if let Some((_, earlier)) = self.table.get(&name) {
            return Err(*earlier);
        }
        self.table.insert(name, (symbol, span));
        Ok(())
    }

    /// Adds another name for something, unless that name is taken.
    pub(super) fn alias(&mut self, name: Ident, symbol: Symbol, span: Span) {
        self.table.entry(name).or_insert((symbol, span));
    }

    /// What a name stands for in a file with this prefix: a name of that file first, then one of the whole model.
    pub(super) fn find(&self, name: &Ident, prefix: Option<&Ident>) -> Option<Symbol> {
        let inner = prefix.and_then(|prefix| self.table.get(&prefix.child(name.as_str())));
        inner.or_else(|| self.table.get(name)).map(|(symbol, _)| *symbol)
    }

    /// A question for the known name nearest to a misspelt one.
    pub(super) fn similar(&self, name: &Ident) -> Option<Phrase> {
        did_you_mean(name.as_str(), self.table.keys().map(Ident::as_str))
    }
}
