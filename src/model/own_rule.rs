//! The architect's own rules: predicates over the model and its facts, with names and units resolved.

use crate::catalog::Trait;
use crate::diag::Severity;
use crate::model::{ContainerKind, DataClass, PlaceId, RoleId, ServiceId, TierAccess};
use crate::text::{Phrase, Span, Text};
use crate::units::Dimension;

/// `rule "sentence" { forbid …; require …; severity high; advice "…" }`.
#[derive(Debug, Clone)]
pub struct OwnRule {
    /// What it says.
    pub sentence: Text,
    /// What it forbids and requires; each clause stands alone.
    pub clauses: Vec<OwnClause>,
    /// How much it matters when it is broken.
    pub severity: Severity,
    /// What to do then, when the architect says it.
    pub advice: Option<Text>,
    /// Its head.
    pub span: Span,
}

/// One clause: what it is about, and what of that it forbids or requires.
#[derive(Debug, Clone)]
pub struct OwnClause {
    /// `forbid` instead of `require`.
    pub forbids: bool,
    /// What it is about.
    pub subject: Subject,
    /// Only those of which this holds.
    pub only: Condition,
    /// What must hold of each of them; nothing for `forbid`.
    pub demand: Condition,
    /// Those of which this holds are left out.
    pub unless: Condition,
    /// All of it.
    pub span: Span,
}

/// What a clause is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Declared flows between two selections.
    Flow(Selection, Selection),
    /// Declared services.
    Service(Selection),
    /// Roles of people; all when none is named.
    Role(Vec<RoleId>),
}

/// Services by what they are; nothing stands for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection(pub Vec<Selector>);

/// One way to pick services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// This one.
    Service(ServiceId),
    /// All inside a container.
    Place(PlaceId),
    /// All of a kind, by the catalogue's identifier.
    Kind(String),
    /// All of a category of the catalogue.
    Category(String),
    /// All that are so.
    Trait(Trait),
    /// All that hold a class of data.
    Holds(DataClass),
    /// What stands outside AWS.
    Outside,
}

/// Tests joined by `and`, and those by `or`; without any, nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition(pub Vec<Vec<Test>>);

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Its word follows `not`.
    pub negated: bool,
    /// What is asked.
    pub property: Property,
    /// Where it stands.
    pub span: Span,
}

/// What a test asks of a flow, a service or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// A flow: do both ends stand in the same container of this sort?
    Same(ContainerKind),
    /// A flow: is its verb one of these?
    Verb(Vec<String>),
    /// A flow: does it carry one of these classes?
    Carries(Vec<DataClass>),
    /// A flow: does it pass one of these?
    Through(Selection),
    /// A flow: is it encrypted on its last hop?
    Encrypted,
    /// A flow: does the caller wait?
    Sync,
    /// A flow: does the caller live without it?
    Soft,
    /// A flow: does it name the key that makes repetition harmless?
    Idempotent,
    /// A service: is it one of these?
    Is(Selection),
    /// A service: does it stand in one of these containers?
    In(Vec<PlaceId>),
    /// A service: can its tier be reached so?
    InTier(TierAccess),
    /// A service: does it hold one of these classes?
    Holds(Vec<DataClass>),
    /// A service: does it have this tag, with this value when one is given?
    Tag(String, Option<Text>),
    /// A service or a role: is its name of this form, in which `*` stands for anything?
    Named(String),
    /// A service: does one of these act on it?
    CalledBy(Selection),
    /// A service: does it act on one of these?
    Calls(Selection),
    /// A service: can anybody reach it?
    Public,
    /// A service: does an alarm watch it?
    Watched,
    /// A service: is this setting stated, or one of these words?
    Setting(String, Vec<String>),
    /// A service: how does this setting compare?
    SettingFigure(String, Comparison),
    /// A role: must its members present a second factor?
    Mfa,
    /// A role: does a boundary limit it?
    Bounded,
    /// A role: may it use one of these verbs?
    May(Vec<String>),
    /// `changes orders`: a role may change one of these, by itself or through what it may run.
    Changes(Selection),
    /// How does a figure compare? Without a comparison: is it stated at all?
    Figure(Figure, Option<Comparison>),
}

/// A comparison with a figure, in the scale of its dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub order: Order,
    /// With what.
    pub bound: u64,
    /// What the bound measures.
    pub dimension: Dimension,
}

/// How two figures compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
}

impl Comparison {
    /// Does a figure of the same scale satisfy it?
    pub const fn holds(self, figure: u64) -> bool {
        match self.order {
            Order::Below => figure < self.bound,
            Order::AtMost => figure <= self.bound,
            Order::Above => figure > self.bound,
            Order::AtLeast => figure >= self.bound,
            Order::Equal => figure == self.bound,
        }
    }
}

/// A figure that the model states or that follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A flow's stated timeout.
    Timeout,
    /// A flow's stated repetitions.
    Retries,
    /// A flow's stated size of a message.
    Size,
    /// A flow's stated share.
    Share,
    /// A flow's usual rate.
    Rate,
    /// A flow's rate at peak.
    PeakRate,
    /// A service's expected cost a month.
    Cost,
    /// A service's cost a month at its maximum.
    MaxCost,
    /// How many services act on it.
    Callers,
    /// How many services it acts on.
    Targets,
    /// The availability of the least available way from an entry.
    Availability,
    /// The mean time of the slowest way from an entry.
    Latency,
    /// A role's session.
    Session,
    /// How many actions a role may use.
    Actions,
}

/// What a clause is about, as a word of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `flow`
    Flow,
    /// `service`
    Service,
    /// `role`
    Role,
}

impl Subject {
    /// Which sort of thing it is.
    pub const fn sort(&self) -> Sort {
        match self {
            Self::Flow(..) => Sort::Flow,
            Self::Service(_) => Sort::Service,
            Self::Role(_) => Sort::Role,
        }
    }
}

impl Sort {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Service => "service",
            Self::Role => "role",
        }
    }
}

impl OwnRule {
    /// The headline of a finding about a thing that breaks it.
    pub fn headline(&self, thing: &str) -> Phrase {
        let sentence: String = self.sentence.chars().collect();
        Phrase::from(format!("{thing}: {sentence}"))
    }
}
