//! Services and the flows between them.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalog::{Kind, Mechanism};
use crate::model::{DataClass, PlaceId, Settings};
use crate::text::{Ident, Phrase, Span, Text};
use crate::units::{Bytes, Id, Millis, Percent};

pub use crate::catalog::Mode;

/// The id of a service.
pub type ServiceId = Id<Service>;
/// The id of a flow.
pub type FlowId = Id<Flow>;

/// Where a thing of the model comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The user wrote it.
    Declared,
    /// It follows from what the user wrote.
    Derived {
        /// Why, as an English clause: `front calls services inside net`.
        why: Phrase,
        /// The lines that cause it; at least one.
        causes: Vec<Span>,
    },
}

/// A node of the system: a service, an actor, an external system; declared or derived.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name; of a derived thing a dotted one: `sales.dlq`, `net.alb`.
    pub name: Ident,
    /// What it is called in pictures and reports; the name when no title is stated.
    pub title: Text,
    /// Its kind.
    pub kind: Arc<Kind>,
    /// The innermost container it stands in.
    pub place: Option<PlaceId>,
    /// Its settings, assumptions included.
    pub settings: Settings,
    /// Its tags.
    pub tags: IndexMap<String, Text>,
    /// Its former name, when it was renamed.
    pub was: Option<Ident>,
    /// Configuration values (`config NAME KEY "value"`), with their places.
    pub config: Vec<(String, Text, Span)>,
    /// Declared or derived.
    pub origin: Origin,
    /// Its head; of a derived thing, the first cause.
    pub span: Span,
}

impl Service {
    /// Does it follow from the model instead of standing in it?
    pub fn is_derived(&self) -> bool {
        matches!(self.origin, Origin::Derived { .. })
    }

    /// Is it of this kind (by the catalogue's identifier)?
    pub fn is_a(&self, kind: &str) -> bool {
        self.kind.id == kind
    }

    /// Which classes of data it keeps.
    pub fn holds(&self) -> impl Iterator<Item = DataClass> {
        self.settings.words("holds").iter().filter_map(|word| DataClass::from_name(word))
    }

    /// The lines that cause it: its own, or those it follows from.
    pub fn causes(&self) -> &[Span] {
        match &self.origin {
            Origin::Declared => std::slice::from_ref(&self.span),
            Origin::Derived { causes, .. } => causes,
        }
    }
}

/// One interaction: data goes from one service to another by one verb.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Where data starts.
    pub from: ServiceId,
    /// Where data goes.
    pub to: ServiceId,
    /// The verb, by its canonical name in the catalogue.
    pub verb: String,
    /// The row of the catalogue that makes it possible; nothing for an impossible flow (reported).
    pub mechanism: Option<Arc<Mechanism>>,
    /// The caller lives without it.
    pub soft: bool,
    /// Which part of the caller's load goes this way.
    pub share: Option<Percent>,
    /// Which classes of data it carries.
    pub carries: Vec<DataClass>,
    /// The size of one message.
    pub size: Option<Bytes>,
    /// After which the caller gives up.
    pub timeout: Option<Millis>,
    /// How often the caller tries again.
    pub retries: Option<u64>,
    /// The key that makes repetition harmless.
    pub idempotent: Option<String>,
    /// `tls on` or `tls off`, when stated.
    pub tls: Option<bool>,
    /// The path of an HTTP route, when stated.
    pub path: Option<Text>,
    /// What it is for.
    pub remark: Text,
    /// Derived things it passes, in order: `front -> products` passes the VPC link and the load balancer.
    pub through: Vec<ServiceId>,
    /// The declared flow this derived hop belongs to. Load, latency and cost read whole flows, security groups read hops.
    pub part_of: Option<FlowId>,
    /// Declared or derived.
    pub origin: Origin,
    /// The arrow; of a derived flow, the first cause.
    pub span: Span,
}

impl Flow {
    /// How it is carried; an impossible flow counts as synchronous.
    pub fn mode(&self) -> Mode {
        self.mechanism.as_ref().map_or(Mode::Sync, |mechanism| mechanism.mode_of(&self.verb))
    }

    /// The service whose verb is used: what is acted upon.
    pub fn resource(&self) -> ServiceId {
        match self.mechanism.as_ref().map(|mechanism| mechanism.verb_on) {
            Some(crate::catalog::End::From) => self.from,
            _ => self.to,
        }
    }

    /// The service that opens the call: the consumer of a queue, otherwise where data starts.
    pub fn initiator(&self) -> ServiceId {
        match self.mechanism.as_ref().map(|mechanism| mechanism.initiator) {
            Some(crate::catalog::End::To) => self.to,
            _ => self.from,
        }
    }

    /// Is it a whole flow, not one hop of another?
    pub fn is_whole(&self) -> bool {
        self.part_of.is_none()
    }

    /// Does the caller wait for it?
    pub fn is_sync(&self) -> bool {
        self.mode() == Mode::Sync
    }
}
