//! Floor 7: which things of a system a picture shows, grouped how, and what is said of each.
//!
//! A view is words and structure only. This room must not know sizes, coordinates, colours or markup.

mod cost;
mod dataflow;
mod deployment;
mod gather;
mod governance;
mod hops;
mod journey;
mod overview;
mod parts;
mod permissions;
mod user;
mod words;

pub use journey::{Lane, Message, Sequence};
pub use words::{Word, word};

use crate::check::Review;
use crate::diag::Severity;
use crate::text::{Ident, Language, Text};

/// Where flows point in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Whichever reads better.
    #[default]
    Auto,
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}

/// A picture of boxes and lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The name of its file, without an ending.
    pub name: String,
    /// What it shows.
    pub title: Text,
    /// Where flows point.
    pub direction: Direction,
    /// The pages it is a part of, the outermost first.
    pub trail: Vec<Link>,
    /// Containers; a parent stands before its children.
    pub groups: Vec<Group>,
    /// Services and people, in model order.
    pub nodes: Vec<Node>,
    /// Flows, in model order.
    pub edges: Vec<Edge>,
}

/// Another picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it shows.
    pub title: Text,
    /// The name of its file, without an ending.
    pub picture: String,
}

/// What sort of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// All that runs in the account.
    Cloud,
    /// An AWS region.
    Region,
    /// A network.
    Vpc,
    /// Subnets with a route to the internet gateway.
    TierPublic,
    /// Subnets with a route out only.
    TierPrivate,
    /// Subnets without a route out.
    TierIsolated,
    /// A team or bounded context.
    Group,
    /// Inside is trusted more than outside.
    Boundary,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, unique among groups and nodes of the view.
    pub id: Ident,
    /// Which sort.
    pub kind: GroupKind,
    /// Its title.
    pub title: Text,
    /// What is said beside the title: an address block, subnets. May be empty.
    pub note: Text,
    /// The container around it, an index into [`View::groups`].
    pub parent: Option<usize>,
    /// Does it follow from the model?
    pub derived: bool,
    /// Does it stand side by side with others of its sort?
    pub peer: bool,
}

/// How a cell at the foot of a card is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// An availability zone in use.
    Zone,
    /// An availability zone not in use.
    Idle,
    /// A class of data that needs care.
    Sensitive,
    /// Something to know.
    Plain,
    /// A share of the cost, from 0 (least) to 4 (most).
    Heat(u8),
}

/// A cell at the foot of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// A word or two.
    pub label: Text,
    /// How it is meant.
    pub tone: Tone,
}

/// Findings about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The worst of them.
    pub severity: Severity,
    /// How many.
    pub count: usize,
    /// Their codes and headlines, a line each.
    pub lines: Vec<Text>,
}

/// A service, an actor or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, unique among groups and nodes of the view.
    pub id: Ident,
    /// Its title.
    pub title: Text,
    /// What it is.
    pub subtitle: Text,
    /// How much of it: `2–6 × t3.medium`. May be empty.
    pub detail: Text,
    /// The catalogue's name of its icon.
    pub icon: String,
    /// The catalogue's category: its colour.
    pub category: String,
    /// The container it stands in, an index into [`View::groups`].
    pub parent: Option<usize>,
    /// Does it follow from the model?
    pub derived: bool,
    /// Zones, classes of data, money.
    pub cells: Vec<Cell>,
    /// Findings about it.
    pub badge: Option<Badge>,
    /// What a tooltip says: why it is there, what it keeps.
    pub hint: Text,
    /// The anchor of its section in the report.
    pub anchor: Option<Ident>,
    /// The picture it stands for, by the name of its file without an ending.
    pub opens: Option<String>,
}

/// What a line is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// An index into [`View::nodes`].
    Node(usize),
    /// An index into [`View::groups`].
    Group(usize),
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stroke {
    /// The caller waits.
    Sync,
    /// The caller goes on.
    Async,
    /// Nothing flows per request: an authorizer, a key.
    Attach,
    /// A permission.
    Grant,
}

/// A flow, a hop of flows, or a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Its name, unique among the edges of the view and stable under edits elsewhere.
    pub id: Ident,
    /// Where it starts.
    pub from: End,
    /// Where it points.
    pub to: End,
    /// What stands on the line; may be empty.
    pub label: Text,
    /// Sensitive data goes this way; the label names the classes.
    pub sensitive: bool,
    /// What a tooltip says.
    pub hint: Text,
    /// Does it follow from the model?
    pub derived: bool,
    /// Does the caller live without it?
    pub soft: bool,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// Which pictures a system gives, in the order of a reader.
pub fn views(review: &Review, language: Language) -> Vec<View> {
    let mut pages = overview::pages(review, language).into_iter();
    let mut views: Vec<View> = pages.next().into_iter().collect();
    views.push(deployment::deployment(review, language));
    views.extend(dataflow::dataflow(review, language));
    views.extend(permissions::permissions(review, language));
    views.extend(cost::cost(review, language));
    views.extend(user::views(review, language));
    views.extend(pages);
    views
}

/// One sequence a journey.
pub fn sequences(review: &Review, language: Language) -> Vec<Sequence> {
    journey::sequences(&review.model, language)
}

impl View {
    /// Is it a page of a large system: the overview, or one that it opens?
    pub fn is_page(&self) -> bool {
        self.name == overview::NAME || !self.trail.is_empty()
    }

    /// The name of what an end of a line is tied to.
    pub fn end_id(&self, end: End) -> Option<&Ident> {
        match end {
            End::Node(node) => self.nodes.get(node).map(|node| &node.id),
            End::Group(group) => self.groups.get(group).map(|group| &group.id),
        }
    }

    /// The title of what an end of a line is tied to.
    pub fn end_title(&self, end: End) -> Option<&Text> {
        match end {
            End::Node(node) => self.nodes.get(node).map(|node| &node.title),
            End::Group(group) => self.groups.get(group).map(|group| &group.title),
        }
    }
}
