//! The tree of a question.

use crate::syntax::ast::{Quoted, Word};
use crate::text::Span;

/// One question to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// `who can write orders`
    Who {
        /// What is done.
        verb: Word,
        /// With what.
        on: Things,
    },
    /// `what can developers write`
    May {
        /// Who acts.
        who: Things,
        /// What is done.
        verb: Word,
    },
    /// `access developers`
    Access {
        /// Who acts.
        who: Things,
    },
    /// `path customer -> orders`
    Path {
        /// Where it begins.
        from: Things,
        /// Where it ends.
        to: Things,
    },
    /// `blast-radius products`
    Blast {
        /// Who is taken over.
        who: Things,
    },
    /// `what breaks if products_db fails`
    Failure {
        /// What fails.
        of: Things,
    },
    /// `what breaks without zone a`
    Zone {
        /// The zone's letter.
        zone: Word,
    },
    /// `cost of group sales`
    Cost {
        /// Of what.
        of: Things,
    },
}

/// Things or people, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Things {
    /// Each of them.
    pub each: Vec<Thing>,
    /// From the first to the last.
    pub span: Span,
}

/// One name in a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// A bare name: of a service, a role, a place, a class, a kind, or `all`.
    Named(Word),
    /// A name with its sort: `group sales`.
    Sorted {
        /// What it is said to be, in lower case.
        sort: Word,
        /// Its name.
        name: Word,
    },
    /// `tag team "web"`
    Tagged {
        /// The tag's name.
        key: Word,
        /// The tag's value, when only that one is meant.
        value: Option<Quoted>,
    },
}
