//! Who can do what with a thing: by grants, by flows, and through services that somebody can run or rewrite.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::ask::answer::{Answer, Cell, Column, Table, column, listed};
use crate::ask::index::Index;
use crate::ask::rules::UNKNOWN_VERB;
use crate::ask::select::{Asked, Selection};
use crate::catalog::{Kind, Level, Verb};
use crate::derive::access::{Control, Grant, Principal, control_of};
use crate::model::{Flow, ServiceId};
use crate::syntax::ast::Word;
use crate::text::{Ident, Span, did_you_mean, noun};

/// The word for any access at all.
const ANY: &str = "access";

/// Words that mean a depth of access rather than one verb.
const DEPTHS: [(&str, Level); 3] = [("read", Level::Read), ("write", Level::Write), ("list", Level::List)];

/// What is asked of a kind.
#[derive(Debug, Clone)]
pub(super) enum Wanted<'a> {
    /// Anything.
    Any,
    /// Some action that reaches this deep and is not for people only, each with the level it is granted at.
    Depth(Level, BTreeSet<(Level, &'a str)>),
    /// All that a verb stands for: depths and actions.
    Verb(&'a Verb, Vec<(Level, &'a str)>),
}

impl<'a> Wanted<'a> {
    /// What a word means for a kind; nothing when the kind does not offer it.
    pub fn of(kind: &'a Kind, word: &str) -> Option<Self> {
        if word == ANY {
            return Some(Self::Any);
        }
        if let Some((_, level)) = DEPTHS.iter().find(|(name, _)| *name == word) {
            let rows: Vec<&Verb> = kind.access.iter().filter(|row| reaches(row, *level)).collect();
            let pairs = rows.iter().flat_map(|row| actions(row).map(|action| (row.level, action)));
            return (!rows.is_empty()).then(|| Self::Depth(*level, pairs.collect()));
        }
        let verb = kind.verb(word)?;
        let rows = kind.expanded(verb);
        let pairs = rows.iter().flat_map(|row| actions(row).map(|action| (row.level, action)));
        Some(Self::Verb(verb, pairs.collect()))
    }
}

impl Wanted<'_> {
    /// The actions that would do; anything at all is not asked by actions.
    fn actions(&self) -> impl Iterator<Item = &str> {
        let (depths, verbs) = match self {
            Self::Any => (None, None),
            Self::Depth(_, pairs) => (Some(pairs), None),
            Self::Verb(_, pairs) => (None, Some(pairs)),
        };
        let pairs = depths.into_iter().flatten().chain(verbs.into_iter().flatten());
        pairs.map(|(_, action)| *action)
    }
}

/// Does a verb for services reach this deep? Who reads and writes by one verb also reads, and who only opens a connection
/// with a password may do what the database lets its user do.
fn reaches(row: &Verb, level: Level) -> bool {
    let both = row.name == "readwrite" && level == Level::Read;
    let connects = row.level == Level::Network && row.credentials.is_some();
    let by_password = connects && matches!(level, Level::Read | Level::Write);
    let word = DEPTHS.iter().find(|(_, depth)| *depth == level).map_or("", |(word, _)| *word);
    let also_called = row.aliases.iter().any(|alias| alias == word);
    !row.is_human() && (row.level == level || both || by_password || also_called)
}

/// Has the kind an action that this one, perhaps with `*`, stands for?
pub(super) fn has_action(kind: &Kind, own: &str) -> bool {
    kind.access.iter().flat_map(actions).any(|action| matches(own, action))
}

/// The actions of one verb on the thing itself.
fn actions(row: &Verb) -> impl Iterator<Item = &str> {
    row.allow
        .iter()
        .filter(|allow| allow.on != "*")
        .flat_map(|allow| allow.actions.iter().map(String::as_str))
}

/// Depths with their names in grants.
fn level_of(name: &str) -> Option<Level> {
    const NAMES: [(&str, Level); 5] = [
        ("network", Level::Network),
        ("list", Level::List),
        ("read", Level::Read),
        ("write", Level::Write),
        ("permissions", Level::Permissions),
    ];
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
}

/// Somebody who may, with the verbs and lines that say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holder {
    pub verbs: BTreeSet<String>,
    pub causes: BTreeSet<Span>,
}

impl Holder {
    fn take(&mut self, verb: &str, causes: impl IntoIterator<Item = Span>) {
        if !verb.is_empty() {
            self.verbs.insert(verb.to_owned());
        }
        self.causes.extend(causes);
    }
}

/// Who may do something with one thing, and who would if no boundary took it back.
#[derive(Debug, Clone, Default)]
pub(super) struct Holders {
    pub allowed: BTreeMap<Principal, Holder>,
    pub denied: BTreeMap<Principal, Holder>,
}

/// Who may do what is wanted with a thing.
pub(super) fn holders(index: &Index<'_>, wanted: &Wanted<'_>, on: ServiceId) -> Holders {
    let mut found = Holders::default();
    let mut grants: BTreeMap<&Principal, Vec<&Grant>> = BTreeMap::new();
    for grant in index.grants_on(on).iter().copied().chain(index.grants_everywhere(wanted.actions())) {
        grants.entry(&grant.principal).or_default().push(grant);
    }
    for (principal, grants) in grants {
        if let Some(holder) = granted(index, wanted, &grants, on, false) {
            found.allowed.insert(principal.clone(), holder);
        } else if let Some(holder) = granted(index, wanted, &grants, on, true) {
            found.denied.insert(principal.clone(), holder);
        }
    }
    for (actor, flow) in flows_on(index, on) {
        if flow_offers(index, wanted, flow) {
            let holder = found.allowed.entry(Principal::Service(actor)).or_default();
            holder.take(&flow.verb, [flow.span]);
        }
    }
    found
}

/// The whole flows by which somebody uses a thing, with whoever does.
pub(super) fn flows_on<'a>(
    index: &'a Index<'_>,
    on: ServiceId,
) -> impl Iterator<Item = (ServiceId, &'a Flow)> {
    let from = index.touching.from(on).iter();
    let into = index.touching.reaching(on).iter();
    let flows = from.chain(into).map(|id| &index.model.flows[*id]);
    flows.filter(move |flow| flow.resource() == on && flow.mechanism.is_some()).filter_map(move |flow| {
        let actor = if flow.to == on { flow.from } else { flow.to };
        (flow.to == on || flow.from == on).then_some((actor, flow))
    })
}

/// Does a flow's verb include what is wanted of the thing it uses?
fn flow_offers(index: &Index<'_>, wanted: &Wanted<'_>, flow: &Flow) -> bool {
    let kind = &index.model.services[flow.resource()].kind;
    let rows = kind.verb(&flow.verb).map(|verb| kind.expanded(verb)).unwrap_or_default();
    match wanted {
        Wanted::Any => true,
        Wanted::Depth(level, _) => rows.iter().any(|row| reaches(row, *level)),
        Wanted::Verb(verb, _) => {
            let wanted = kind.expanded(verb);
            flow.verb == verb.name
                || (!wanted.is_empty()
                    && wanted.iter().all(|part| rows.iter().any(|row| row.name == part.name)))
        }
    }
}

/// What the grants of one principal give of what is wanted; with `ignoring` also what a boundary takes back.
fn granted(
    index: &Index<'_>,
    wanted: &Wanted<'_>,
    grants: &[&Grant],
    on: ServiceId,
    ignoring: bool,
) -> Option<Holder> {
    let holds = |grant: &Grant, action: &str| {
        grant.actions.iter().any(|own| matches(own, action) && (ignoring || !index.is_denied(grant, own, on)))
    };
    let used: Vec<&Grant> = match wanted {
        Wanted::Any => {
            let about = grants.iter().filter(|grant| grant.resource.service == Some(on));
            about.copied().filter(|grant| grant.actions.iter().any(|own| holds(grant, own))).collect()
        }
        Wanted::Depth(level, pairs) => {
            let fits = |grant: &&Grant| {
                let deep = level_of(&grant.level);
                let raw = grant.verb.is_empty() && grant.resource.service == Some(on) && deep == Some(*level);
                let gives = |(own, action): &(Level, &str)| {
                    deep.is_none_or(|deep| deep == *own) && holds(grant, action)
                };
                raw && grant.actions.iter().any(|own| holds(grant, own)) || pairs.iter().any(gives)
            };
            grants.iter().copied().filter(|grant| fits(grant)).collect()
        }
        Wanted::Verb(_, pairs) => {
            let gives = |grant: &Grant, (level, action): &(Level, &str)| {
                level_of(&grant.level).is_none_or(|own| own == *level) && holds(grant, action)
            };
            let complete =
                !pairs.is_empty() && pairs.iter().all(|pair| grants.iter().any(|grant| gives(grant, pair)));
            let part = |grant: &&Grant| complete && pairs.iter().any(|pair| gives(grant, pair));
            grants.iter().copied().filter(part).collect()
        }
    };
    let mut holder = Holder::default();
    for grant in &used {
        holder.take(&grant.verb, grant.causes.iter().copied());
    }
    (!used.is_empty()).then_some(holder)
}

/// Does an action of a grant, perhaps with `*`, stand for this one?
fn matches(own: &str, action: &str) -> bool {
    match own.split_once('*') {
        None => own == action,
        Some((before, after)) => {
            action.strip_prefix(before).is_some_and(|rest| after.is_empty() || rest.ends_with(after))
        }
    }
}

/// One who may through another: who, through whom, how, and by which lines.
pub(super) struct Indirect {
    pub who: Principal,
    pub through: ServiceId,
    pub control: Control,
    pub causes: Vec<Span>,
}

/// Who can make one of `direct` act: by running or rewriting it, or something that can. The nearest come first.
pub(super) fn through(index: &Index<'_>, direct: &BTreeSet<Principal>) -> Vec<Indirect> {
    let mut seen = direct.clone();
    let mut open: VecDeque<ServiceId> = direct.iter().filter_map(service_of).collect();
    let mut found = Vec::new();
    while let Some(service) = open.pop_front() {
        for grant in index.controls_of(service) {
            let Some(control) = effective_control(index, grant, service) else { continue };
            if seen.insert(grant.principal.clone()) {
                open.extend(service_of(&grant.principal));
                let (who, causes) = (grant.principal.clone(), grant.causes.clone());
                found.push(Indirect { who, through: service, control, causes });
            }
        }
    }
    found
}

fn service_of(principal: &Principal) -> Option<ServiceId> {
    match principal {
        Principal::Service(id) => Some(*id),
        _ => None,
    }
}

/// The power a grant gives after what boundaries take back.
pub(super) fn effective_control(index: &Index<'_>, grant: &Grant, on: ServiceId) -> Option<Control> {
    let left: Vec<String> =
        grant.actions.iter().filter(|action| !index.is_denied(grant, action, on)).cloned().collect();
    if left.len() == grant.actions.len() {
        return control_of(grant);
    }
    control_of(&Grant { actions: left, ..grant.clone() })
}

/// How power over a service is said.
pub(super) const fn control_word(control: Control) -> &'static str {
    match control {
        Control::Run => "runs it",
        Control::Rewrite => "can rewrite it",
    }
}

const DIRECT: &[Column] =
    &[column("who", "who"), column("on", "on"), column("by", "by"), column("lines", "lines")];
const THROUGH: &[Column] =
    &[column("who", "who"), column("through", "through"), column("how", "how"), column("lines", "lines")];

/// `who can write orders`
pub(super) fn who(index: &Index<'_>, verb: &Word, on: &Selection) -> Asked<Answer> {
    let word = verb.value.to_lowercase();
    let mut direct = BTreeSet::new();
    let (mut rows, mut denied) = (Vec::new(), Vec::new());
    let mut offered = false;
    for service in &on.services {
        let Some(wanted) = Wanted::of(&index.model.services[*service].kind, &word) else { continue };
        offered = true;
        let found = holders(index, &wanted, *service);
        direct.extend(found.allowed.keys().cloned());
        rows.extend(found.allowed.iter().map(|(who, holder)| row(index, who, *service, holder)));
        denied.extend(found.denied.iter().map(|(who, holder)| row(index, who, *service, holder)));
    }
    if !offered && !on.services.is_empty() {
        return Err(unknown_verb(index, verb, &on.services));
    }
    let indirect = through(index, &direct);
    let names: Vec<String> = direct.iter().map(|who| ticked(index, who)).collect();
    Ok(Answer::new(headline(&word, on, &names, indirect.len()))
        .table(Table { key: "direct", title: "directly", columns: DIRECT, rows })
        .table(Table {
            key: "through",
            title: "through others",
            columns: THROUGH,
            rows: indirect.iter().map(|found| through_row(index, found)).collect(),
        })
        .table(Table {
            key: "denied",
            title: "granted, and denied by a boundary",
            columns: DIRECT,
            rows: denied,
        }))
}

/// A principal's name in back-ticks, with what it is.
fn ticked(index: &Index<'_>, who: &Principal) -> String {
    match who {
        Principal::Role(id) => format!("role `{}`", index.model.roles[*id].name),
        other => format!("`{}`", index.principal(other)),
    }
}

fn headline(word: &str, on: &Selection, names: &[String], indirect: usize) -> String {
    let word = Ident::sanitized(word);
    let what = &on.words;
    if on.services.is_empty() {
        return format!("nothing is meant by {what}, so nobody can {word} it");
    }
    if names.is_empty() {
        return format!("nobody can {word} {what}");
    }
    let more = if indirect > 0 { format!("; {indirect} more through others") } else { String::new() };
    format!("{} can {word} {what}{more}", listed(names))
}

fn row(index: &Index<'_>, who: &Principal, on: ServiceId, holder: &Holder) -> Vec<Cell> {
    vec![
        Cell::words(index.principal(who)),
        Cell::words(index.name(on)),
        Cell::List(holder.verbs.iter().cloned().collect()),
        Cell::places(holder.causes.iter().copied()),
    ]
}

fn through_row(index: &Index<'_>, found: &Indirect) -> Vec<Cell> {
    vec![
        Cell::words(index.principal(&found.who)),
        Cell::words(index.name(found.through)),
        Cell::words(control_word(found.control)),
        Cell::places(found.causes.iter().copied()),
    ]
}

/// Nothing asked about offers the verb: what it offers instead.
pub(super) fn unknown_verb(
    index: &Index<'_>,
    verb: &Word,
    services: &[ServiceId],
) -> Box<crate::diag::Diagnostic> {
    let offered: BTreeSet<&str> = services
        .iter()
        .flat_map(|id| index.model.services[*id].kind.access.iter())
        .flat_map(|row| std::iter::once(row.name.as_str()).chain(row.aliases.iter().map(String::as_str)))
        .collect();
    let shown: String = verb.value.chars().take(40).collect();
    let one = (services.len() == 1).then(|| services.first().map(|id| index.name(*id))).flatten();
    let message = match one {
        Some(name) => format!("`{name}` offers no verb `{shown}`"),
        None => format!("none of the {} offers a verb `{shown}`", noun::THING.count(services.len())),
    };
    let meant = did_you_mean(&verb.value, offered.iter().copied().chain([ANY]));
    let all: Vec<&str> = offered.into_iter().chain([ANY]).collect();
    let help = meant.unwrap_or_else(|| format!("possible: {}", all.join(", ")).into());
    Box::new(UNKNOWN_VERB.at(verb.span).message(message).help(help))
}
