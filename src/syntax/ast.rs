//! The syntax tree: what was written, with its places; nothing is looked up yet.
//!
//! A part that is missing in the text is `None` here and a SYN finding beside the tree.

use crate::text::{FileId, Ident, Span, Spanned, Text};
use crate::units::Dimension;

/// A name as written: `sales`, or a dotted path such as `sales.dlq`.
pub type Name = Spanned<Ident>;
/// A quoted string as written, without its quotes and escapes.
pub type Quoted = Spanned<Text>;
/// A bare word: a kind, a verb, a setting, an instance size. Any printable characters but spaces and punctuation.
pub type Word = Spanned<String>;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ast {
    /// The file it was read from.
    pub file: FileId,
    /// Its statements in order.
    pub statements: Vec<Statement>,
}

/// A number with its unit, scaled to the dimension's own integer (see [`crate::units`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The amount in the scale of `dimension`; for [`Dimension::Count`] in thousandths, so that `1.5` is 1 500.
    pub amount: u64,
    /// What it measures.
    pub dimension: Dimension,
}

/// One argument of a setting or clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// `t3.medium`, `after`, `pii`, a name.
    Word(String),
    /// `"text"`.
    Text(Text),
    /// `20 rps`, `5`, `60%`.
    Quantity(Quantity),
    /// A number with a unit that does not exist: the unit as written (a UNIT finding was reported).
    BadQuantity(String),
    /// `2..6`, in units.
    Range(u64, u64),
    /// `0.5..8`: a range with decimals, in thousandths.
    FineRange(u64, u64),
    /// `10.0.0.0/16`, as written.
    Cidr(String),
    /// `,` between arguments.
    Comma,
}

/// `name argument … [{ … }]`: a setting of a declaration, a clause of a role, of a budget, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The first word.
    pub name: Word,
    /// What follows it on the line.
    pub arguments: Vec<Spanned<Argument>>,
    /// A nested block, when there is one.
    pub block: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `system shop "Tienda web" in us-east-1 { … }`
    System(System),
    /// `ec2 products "Productos" { … }`: the first word is a kind.
    Declaration(Declaration),
    /// `vpc`, `tier`, `region`, `group`: things stand inside.
    Container(Container),
    /// `a -> b, c : verb`
    Flow(Flow),
    /// `load front 20 rps, peak 100 rps for 60 h/month`
    Load(Load),
    /// `role developers for group "dev" { … }`
    Role(Role),
    /// `grant P : verbs on R because "…"`
    Grant(Grant),
    /// `public NAME because "…"`
    Public(Public),
    /// `open port 22 on NAME from 10.0.0.0/8 because "…"`
    Open(Open),
    /// `config NAME KEY "value"`
    Config(Config),
    /// `scale NAMES 2..6 on METRIC`
    Scale(Scale),
    /// `slo 99.8% over 30 d on front`
    Slo(Slo),
    /// `recover NAMES { rpo 5 min; rto 1 h }`
    Recover(Recover),
    /// `budget 700 USD monthly for shop { … }`
    Budget(Budget),
    /// `alarms auto -> ops`
    Alarms(Alarms),
    /// `journey buy "Venta" { a -> b -> c, d }`
    Journey(Journey),
    /// `claim "…" : predicate …`
    Claim(Claim),
    /// `rule "…" { … }`: an architect's own rule.
    Rule(UserRule),
    /// `waive CODE on X until DATE because "…"`
    Waive(Waive),
    /// `view NAME { … }`
    View(View),
    /// `tags NAMES { team "web" }`
    Tags(Tags),
    /// `include "file.arch" as prefix`
    Include(Include),
    /// `catalog "dir"`
    Catalog(CatalogFolder),
    /// `size m7i.2xlarge { vcpu 8; … }`
    Size(Size),
    /// `defaults KIND { … }`
    Defaults(Defaults),
    /// `environment NAME { overrides }`
    Environment(Environment),
    /// `backend s3 { … }`
    Backend(Backend),
    /// `note NAME "…"`
    Note(Note),
    /// `decision "…" { … }`
    Decision(Decision),
}

/// The system: one a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Its name.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// The region after `in`.
    pub region: Option<Word>,
    /// `env`, `zones`, `owner`, `data`, `account`, …
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// A declared service, actor or other thing of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The kind's word.
    pub kind: Word,
    /// Its name.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// `in PLACE` or `in NAME`: a place named instead of nested.
    pub place: Option<Name>,
    /// Its settings.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
    /// Kind, name and title only.
    pub head: Span,
}

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContainerKind {
    /// A virtual private cloud with an address block.
    Vpc,
    /// A set of subnets, one a zone.
    Tier,
    /// An AWS region.
    Region,
    /// A team or bounded context, without meaning for AWS.
    Group,
}

/// A place that holds others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Which sort.
    pub kind: ContainerKind,
    /// Its name; of a region, the region.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// The address block of a VPC or tier.
    pub cidr: Option<Word>,
    /// `public`, `private` or `isolated`, of a tier.
    pub access: Option<Word>,
    /// Settings lines of the block (`flow-logs 30 d`, `nat one`, `endpoints auto`): those that are no statement and whose
    /// first word is no kind cannot be told apart here, so every line of the form `word argument…` that is not a statement
    /// is a [`Statement::Declaration`] if it has the form `WORD NAME …`, and a setting otherwise.
    pub settings: Vec<Setting>,
    /// What stands inside.
    pub body: Vec<Statement>,
    /// All of it.
    pub span: Span,
    /// The head line without the block.
    pub head: Span,
}

/// One arrow, or several when it has several ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Where data starts; usually one.
    pub from: Vec<Name>,
    /// Where data goes.
    pub to: Vec<Name>,
    /// What is done, hence what is permitted.
    pub verbs: Vec<Word>,
    /// `?`: the caller lives without it.
    pub soft: bool,
    /// `share 60%`, `carries pii`, `size 8 KB`, `timeout 2 s`, `retries 3`, `idempotent by X`, `tls off`, `path "/x"`, …
    pub extras: Vec<Setting>,
    /// A remark: what the flow is for.
    pub remark: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// The load at an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The entry.
    pub on: Option<Name>,
    /// The usual rate.
    pub usual: Option<Spanned<Quantity>>,
    /// The rate at peak.
    pub peak: Option<Spanned<Quantity>>,
    /// Hours a month at peak.
    pub peak_time: Option<Spanned<Quantity>>,
    /// How soon the peak is reached.
    pub ramp: Option<Spanned<Quantity>>,
    /// All of it.
    pub span: Span,
}

/// One permission line of a role: `operate products, clients` or `never read pii`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleClause {
    /// `never …`: a boundary instead of a grant.
    pub never: bool,
    /// The verb.
    pub verb: Word,
    /// The resources; a data class after `never read`; `all`.
    pub on: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A role of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// The identity provider's group after `for group`.
    pub group: Option<Quoted>,
    /// What its members may do.
    pub clauses: Vec<RoleClause>,
    /// `mfa`, `session 1 h`, `break-glass`, `boundary`, `policy "arn:…"`: lines whose first word is one of these.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
    /// The head without the block.
    pub head: Span,
}

/// A grant written apart from a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub principal: Option<Name>,
    /// Verbs; empty when raw actions are given.
    pub verbs: Vec<Word>,
    /// Raw IAM actions after `actions`.
    pub actions: Vec<Quoted>,
    /// On what; the word `*` is kept as written.
    pub on: Vec<Word>,
    /// Why.
    pub because: Option<Quoted>,
    /// `if "aws:SourceArn" "value"`: conditions, key and value.
    pub conditions: Vec<(Quoted, Quoted)>,
    /// All of it.
    pub span: Span,
}

/// A thing that may be reached without authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// What.
    pub on: Option<Name>,
    /// Why.
    pub because: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// A network rule written by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The port.
    pub port: Option<Spanned<u64>>,
    /// On what.
    pub on: Option<Name>,
    /// A CIDR, or the name of a service.
    pub from: Option<Word>,
    /// Why.
    pub because: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// One configuration value of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Of what.
    pub on: Option<Name>,
    /// The key.
    pub key: Option<Word>,
    /// The value.
    pub value: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// A scaling rule for several services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// Of what.
    pub on: Vec<Name>,
    /// The setting `scale 2..6 on METRIC TARGET` as if written in each of them.
    pub setting: Setting,
    /// All of it.
    pub span: Span,
}

/// A service level objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slo {
    /// The objective.
    pub objective: Option<Spanned<Quantity>>,
    /// The window.
    pub over: Option<Spanned<Quantity>>,
    /// The entry or journey.
    pub on: Option<Name>,
    /// `latency p99 500 ms` and other clauses.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Recovery objectives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recover {
    /// Of what.
    pub on: Vec<Name>,
    /// `rpo 5 min`, `rto 1 h`.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// One alert of a budget: `alert 80% actual, 100% forecast -> ops`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Thresholds, each with `actual` or `forecast`.
    pub thresholds: Vec<(Spanned<Quantity>, Option<Word>)>,
    /// Who hears of it.
    pub to: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// One action of a budget: `at 120% actual deny new ec2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetAction {
    /// At which share.
    pub at: Option<Spanned<Quantity>>,
    /// `actual` or `forecast`.
    pub kind: Option<Word>,
    /// `deny new ec2`, `stop products`: the words.
    pub what: Vec<Word>,
    /// All of it.
    pub span: Span,
}

/// A limit of spending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// The limit.
    pub limit: Option<Spanned<Quantity>>,
    /// `monthly`, `daily`, `quarterly`, `annually`.
    pub period: Option<Word>,
    /// The system or a group.
    pub on: Option<Name>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Actions.
    pub actions: Vec<BudgetAction>,
    /// Other lines: `tag "team" "web"`.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Where alarms go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarms {
    /// `auto` or `off`.
    pub mode: Option<Word>,
    /// Who hears of them.
    pub to: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A way through the system: steps in order, each one or several at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Its name.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// `a -> b -> c, d` is `[[a], [b], [c, d]]`; several lines are joined.
    pub steps: Vec<Vec<Name>>,
    /// All of it.
    pub span: Span,
}

/// A sentence of the evaluation bound to a predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The sentence.
    pub sentence: Option<Quoted>,
    /// `not`: the claim is that the predicate does not hold.
    pub negated: bool,
    /// The predicate's word.
    pub predicate: Option<Word>,
    /// What follows it: names, prepositions, quantities; `<` is a word.
    pub arguments: Vec<Spanned<Argument>>,
    /// All of it.
    pub span: Span,
}

/// An architect's own rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRule {
    /// What it says.
    pub sentence: Option<Quoted>,
    /// `forbid flow from * to postgres unless same group`, `severity high`.
    pub clauses: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// A finding that is accepted for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waive {
    /// The code.
    pub code: Option<Word>,
    /// The thing it is about.
    pub on: Option<Name>,
    /// The last day, `YYYY-MM-DD`.
    pub until: Option<Word>,
    /// Why.
    pub because: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// A picture the user composes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: Option<Name>,
    /// Its title.
    pub title: Option<Quoted>,
    /// `show …`, `hide …`, `neighbours 1`, `direction right`.
    pub clauses: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Tags for several things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    /// On what.
    pub on: Vec<Name>,
    /// `team "web"`.
    pub tags: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Another file of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// The path, relative to this file.
    pub path: Option<Quoted>,
    /// The prefix of its names.
    pub prefix: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// A folder with the project's own kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogFolder {
    /// The path, relative to this file.
    pub path: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// A size the catalogue does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Its name: `m7i.2xlarge`.
    pub name: Option<Word>,
    /// `vcpu 8`, `memory 32 GB`, `price 0.40 USD/h`.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Settings for every declaration of a kind that does not state them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// The kind's word.
    pub kind: Option<Word>,
    /// The settings.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// One stage: what differs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: Option<Name>,
    /// `products { scale 1..2 … }`: settings of a declared thing, by its name.
    pub overrides: Vec<Setting>,
    /// Whole statements that replace the model's (`load …`, `budget …`, `slo …`) or add to it.
    pub statements: Vec<Statement>,
    /// All of it.
    pub span: Span,
}

/// Where Terraform keeps its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// `s3`, `local`, …
    pub kind: Option<Word>,
    /// Its arguments.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}

/// Markdown for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// About what; the system when missing.
    pub on: Option<Name>,
    /// The text.
    pub text: Option<Quoted>,
    /// All of it.
    pub span: Span,
}

/// An architecture decision record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its title.
    pub title: Option<Quoted>,
    /// `status accepted`, `context "…"`, `consequence "…"`.
    pub settings: Vec<Setting>,
    /// All of it.
    pub span: Span,
}
