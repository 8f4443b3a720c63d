//! Who may do what: roles of people and of services, by verbs, on resources.

use std::collections::BTreeMap;

use crate::check::Review;
use crate::derive::access::{Effect, Grant, Principal};
use crate::model::{Never, Permit, Role, RoleId, ServiceId};
use crate::text::{Ident, Language, Text};
use crate::view::deployment;
use crate::view::gather;
use crate::view::words::{Word, text, word};
use crate::view::{Cell, Direction, Edge, End, Group, GroupKind, Node, Stroke, Tone, View};

/// Who acts and on what; nothing as the target means all of them.
type Pair = (Actor, Option<ServiceId>);

/// One who acts, in the order of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Actor {
    Role(RoleId),
    Anyone,
    Service(ServiceId),
}

/// The permissions view; nothing when nobody may do anything.
pub(super) fn permissions(review: &Review, language: Language) -> Option<View> {
    let mut verbs: BTreeMap<Pair, Vec<String>> = BTreeMap::new();
    for (pair, verb) in role_verbs(review, language).into_iter().chain(granted_verbs(review)) {
        let known = verbs.entry(pair).or_default();
        if !known.contains(&verb) {
            known.push(verb);
        }
    }
    if verbs.is_empty() {
        return None;
    }
    let mut view = View {
        name: "permissions".to_owned(),
        title: text(Word::Permissions, language),
        direction: Direction::Auto,
        groups: groups(language),
        ..View::default()
    };
    let places = place(review, &verbs, &mut view, language);
    for ((actor, target), verbs) in &verbs {
        let to =
            target.map_or(Some(End::Group(RESOURCES)), |target| places.get(&Actor::Service(target)).copied());
        if let (Some(from), Some(to)) = (places.get(actor).copied(), to) {
            let edge = edge(&view, (from, to), verbs);
            view.edges.extend(edge);
        }
    }
    Some(view)
}

/// The places of the two groups.
const PEOPLE: usize = 0;
const RESOURCES: usize = 1;

fn groups(language: Language) -> Vec<Group> {
    let group = |id: &str, kind, title| Group {
        id: Ident::sanitized(id),
        kind,
        title: text(title, language),
        note: Text::default(),
        parent: None,
        derived: false,
        peer: false,
    };
    vec![
        group("aws.people", GroupKind::Group, Word::People),
        group("aws.resources", GroupKind::Cloud, Word::Everything),
    ]
}

/// What roles may do, by the lines that say so; `all` stands for the whole group.
fn role_verbs(review: &Review, language: Language) -> Vec<(Pair, String)> {
    let mut found = Vec::new();
    for (id, role) in review.model.roles.iter() {
        for permit in &role.permits {
            let targets: Vec<Option<ServiceId>> =
                if permit.all { vec![None] } else { permit.on.iter().copied().map(Some).collect() };
            let verb = verb_of(permit, language);
            found.extend(targets.into_iter().map(|target| ((Actor::Role(id), target), verb.clone())));
        }
    }
    found
}

/// The verb; of all services, with how many of them offer it.
fn verb_of(permit: &Permit, language: Language) -> String {
    if !permit.all {
        return permit.verb.clone();
    }
    let (on, without) = (permit.on.len(), permit.without.len());
    format!("{} · {on} {} {}", permit.verb, word(Word::OfAll, language), on + without)
}

/// What services may do; a derived key goes without saying.
fn granted_verbs(review: &Review) -> impl Iterator<Item = (Pair, String)> {
    let shown = |((_, target), _): &(Pair, String)| {
        target.is_none_or(|target| !deployment::is_mere_key(&review.model, target))
    };
    review.facts.access.grants.iter().filter_map(granted).filter(shown)
}

/// What a grant of a service, or of anyone, says, when it comes from a verb that is more than reaching the network.
fn granted(grant: &Grant) -> Option<(Pair, String)> {
    let actor = match grant.principal {
        Principal::Service(id) => Actor::Service(id),
        Principal::Anyone => Actor::Anyone,
        Principal::Role(_) | Principal::Aws(_) => return None,
    };
    let target = grant.resource.service?;
    let says = !grant.verb.is_empty() && grant.level != "network" && grant.effect == Effect::Allow;
    (says && actor != Actor::Service(target)).then(|| ((actor, Some(target)), grant.verb.clone()))
}

/// Adds everyone who acts and everything acted upon; says where they stand.
fn place(
    review: &Review,
    verbs: &BTreeMap<Pair, Vec<String>>,
    view: &mut View,
    language: Language,
) -> BTreeMap<Actor, End> {
    let actors = verbs.keys().map(|(actor, _)| *actor);
    let targets = verbs.keys().filter_map(|(_, target)| target.map(Actor::Service));
    let all: std::collections::BTreeSet<Actor> = actors.chain(targets).collect();
    let mut places = BTreeMap::new();
    for actor in all {
        places.insert(actor, End::Node(view.nodes.len()));
        view.nodes.push(match actor {
            Actor::Role(id) => role(&review.model.roles[id], language),
            Actor::Anyone => anyone(),
            Actor::Service(id) => service(review, id, language),
        });
    }
    places
}

/// A service; what it keeps says how much a permission on it matters.
fn service(review: &Review, id: ServiceId, language: Language) -> Node {
    let service = &review.model.services[id];
    let breadth = review.facts.access.breadth(&Principal::Service(id));
    let detail = match breadth.actions {
        0 => String::new(),
        actions => format!("{}: {actions}", word(Word::Actions, language)),
    };
    Node {
        parent: Some(RESOURCES),
        detail: Text::new(detail),
        cells: gather::class_cells(service),
        ..gather::node(review, service, language)
    }
}

/// A role of people with its conditions; its boundaries are cells.
fn role(role: &Role, language: Language) -> Node {
    let group: String = role.group.iter().flat_map(Text::chars).collect();
    let subtitle =
        if group.is_empty() { String::new() } else { format!("{} {group}", word(Word::Group, language)) };
    let factor = role.mfa.then(|| word(Word::SecondFactor, language).to_owned());
    let session = role.session.map(|session| format!("≤ {session}"));
    let conditions: Vec<String> = factor.into_iter().chain(session).collect();
    Node {
        id: role.name.child("role"),
        title: role.title.clone(),
        subtitle: Text::new(subtitle),
        detail: Text::new(conditions.join(" · ")),
        icon: "people".to_owned(),
        category: "identity".to_owned(),
        parent: Some(PEOPLE),
        derived: false,
        cells: role.nevers.iter().map(|never| boundary(never, language)).collect(),
        badge: None,
        hint: Text::default(),
        anchor: None,
        opens: None,
    }
}

fn boundary(never: &Never, language: Language) -> Cell {
    let class = never.class.map_or("", crate::model::DataClass::name);
    Cell {
        label: Text::new(format!("{} {} {class}", word(Word::Never, language), never.verb)),
        tone: Tone::Sensitive,
    }
}

fn anyone() -> Node {
    Node {
        id: Ident::sanitized("aws.anyone"),
        title: Text::new("*"),
        subtitle: Text::default(),
        detail: Text::default(),
        icon: "globe".to_owned(),
        category: "external".to_owned(),
        parent: None,
        derived: false,
        cells: Vec::new(),
        badge: None,
        hint: Text::default(),
        anchor: None,
        opens: None,
    }
}

fn edge(view: &View, (from, to): (End, End), verbs: &[String]) -> Option<Edge> {
    let words = verbs.join(", ");
    Some(Edge {
        id: gather::edge_id(
            &view.edges,
            view.end_id(from)?,
            view.end_id(to)?,
            &verbs.join("-").replace([' ', '·'], ""),
        ),
        from,
        to,
        label: Text::new(words),
        sensitive: false,
        hint: Text::default(),
        derived: false,
        soft: false,
        stroke: Stroke::Grant,
    })
}
