//! From the names of a question to services and principals.

use crate::ask::index::{Index, Named};
use crate::ask::rules::{OUT_OF_PLACE, UNKNOWN_NAME};
use crate::catalog::Trait;
use crate::derive::access::Principal;
use crate::diag::Diagnostic;
use crate::model::{DataClass, FlowId, RoleId, ServiceId};
use crate::syntax::ast::{ContainerKind, Word};
use crate::syntax::query::ast::{Thing, Things};
use crate::text::{Ident, Phrase, Text, did_you_mean};

/// What the names of a question stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selection {
    /// Services in model order, each once.
    pub services: Vec<ServiceId>,
    /// Roles in model order, each once.
    pub roles: Vec<RoleId>,
    /// Classes of data that were asked for.
    pub classes: Vec<DataClass>,
    /// The names as they are said back.
    pub words: String,
}

/// A question that cannot be answered, with why.
pub(super) type Asked<T> = Result<T, Box<Diagnostic>>;

impl Selection {
    /// Everything that can act: the services and roles.
    pub fn principals(&self) -> Vec<Principal> {
        let services = self.services.iter().map(|id| Principal::Service(*id));
        services.chain(self.roles.iter().map(|id| Principal::Role(*id))).collect()
    }

    fn add(&mut self, other: Self) {
        self.services.extend(other.services);
        self.roles.extend(other.roles);
        self.classes.extend(other.classes);
    }
}

/// All that the names stand for.
pub(super) fn select(index: &Index<'_>, things: &Things) -> Asked<Selection> {
    let mut found = Selection::default();
    let mut words = Vec::new();
    for thing in &things.each {
        found.add(one(index, thing)?);
        words.push(said(thing));
    }
    found.services.sort();
    found.services.dedup();
    found.roles.sort();
    found.roles.dedup();
    found.words = words.join(", ");
    Ok(found)
}

/// Services only; a role has no place here.
pub(super) fn services(index: &Index<'_>, things: &Things, advice: &str) -> Asked<Selection> {
    let found = select(index, things)?;
    if found.roles.is_empty() {
        return Ok(found);
    }
    let message = format!("{} is a role of people, and this question is about services", found.words);
    Err(Box::new(OUT_OF_PLACE.at(things.span).message(message).help(advice.to_owned())))
}

/// How a thing is said back. Words of a question are the user's, so only their legal characters are.
fn said(thing: &Thing) -> String {
    let legal = |word: &Word| Ident::sanitized(&word.value);
    match thing {
        Thing::Named(word) => format!("`{}`", legal(word)),
        Thing::Sorted { sort, name } => format!("{} `{}`", legal(sort), legal(name)),
        Thing::Tagged { key, .. } => format!("tag `{}`", legal(key)),
    }
}

fn one(index: &Index<'_>, thing: &Thing) -> Asked<Selection> {
    match thing {
        Thing::Named(word) => bare(index, word),
        Thing::Sorted { sort, name } => sorted(index, sort, name),
        Thing::Tagged { key, value } => tagged(index, key, value.as_ref().map(|value| &value.value)),
    }
}

/// A bare name is a name of the model, otherwise the system's own or `all`, a class, or a kind.
fn bare(index: &Index<'_>, word: &Word) -> Asked<Selection> {
    let name = word.value.as_str();
    if let Some(named) = index.named(name) {
        return Ok(named_thing(index, named));
    }
    let lower = name.to_lowercase();
    // The system's own name means everything in it.
    let is_all = ["all", "everything"].contains(&lower.as_str()) || name == index.model.system.name.as_str();
    let all = is_all.then(|| Selection { services: declared(index), ..Selection::default() });
    let found = all.or_else(|| DataClass::from_name(&lower).map(|class| of_class(index, class)));
    found.or_else(|| of_kind(index, &lower)).ok_or_else(|| unknown(index, word))
}

fn named_thing(index: &Index<'_>, named: Named) -> Selection {
    match named {
        Named::Service(id) => Selection { services: vec![id], ..Selection::default() },
        Named::Role(id) => Selection { roles: vec![id], ..Selection::default() },
        Named::Place(id) => Selection { services: index.within(id), ..Selection::default() },
    }
}

/// All services, derived ones too, when everything that the model declares is among `ids`.
pub(super) fn whole(index: &Index<'_>, ids: &[ServiceId]) -> Option<Vec<ServiceId>> {
    let declared = declared(index);
    let is_whole = declared.len() > 1 && declared.iter().all(|id| ids.binary_search(id).is_ok());
    is_whole.then(|| index.model.services.ids().collect())
}

/// Everything the model declares.
fn declared(index: &Index<'_>) -> Vec<ServiceId> {
    let all = index.model.services.iter();
    all.filter(|(_, service)| !service.is_derived()).map(|(id, _)| id).collect()
}

/// What keeps data of a class: stores that say so, and queues that a flow passes which carries it.
fn of_class(index: &Index<'_>, class: DataClass) -> Selection {
    let holds = |id: &ServiceId| {
        let service = &index.model.services[*id];
        let carried = |flow: &FlowId| index.model.flows[*flow].carries.contains(&class);
        let passes_on = || {
            let (into, out) = (index.touching.reaching(*id), index.touching.from(*id));
            service.kind.has(Trait::Buffer) && into.iter().chain(out).any(carried)
        };
        service.holds().any(|held| held == class) || passes_on()
    };
    let services = index.model.services.ids().filter(holds).collect();
    Selection { services, classes: vec![class], ..Selection::default() }
}

/// The services of a kind, by its word or its identifier; nothing when there is no such kind.
fn of_kind(index: &Index<'_>, word: &str) -> Option<Selection> {
    let kind = index.catalog.by_word(word).or_else(|| index.catalog.kind(word))?;
    let all = index.model.services.iter().filter(|(_, service)| service.is_a(&kind.id));
    Some(Selection { services: all.map(|(id, _)| id).collect(), ..Selection::default() })
}

/// Containers by the word that declares them.
const CONTAINERS: [(&str, ContainerKind); 4] = [
    ("group", ContainerKind::Group),
    ("tier", ContainerKind::Tier),
    ("vpc", ContainerKind::Vpc),
    ("region", ContainerKind::Region),
];

fn sorted(index: &Index<'_>, sort: &Word, name: &Word) -> Asked<Selection> {
    let lower = name.value.to_lowercase();
    let found = match sort.value.as_str() {
        "kind" | "any" => of_kind(index, &lower),
        "class" => DataClass::from_name(&lower).map(|class| of_class(index, class)),
        "region" => region(index, name.value.as_str()),
        sort => index
            .named(&name.value)
            .filter(|named| is_of(index, *named, sort))
            .map(|named| named_thing(index, named)),
    };
    found.ok_or_else(|| unknown_of(index, sort, name))
}

fn is_of(index: &Index<'_>, named: Named, sort: &str) -> bool {
    match named {
        Named::Service(_) => sort == "service",
        Named::Role(_) => sort == "role",
        Named::Place(id) => {
            let kind = index.model.places[id].kind;
            CONTAINERS.iter().any(|(word, container)| *word == sort && *container == kind)
        }
    }
}

/// What runs in a region, the system's own included.
fn region(index: &Index<'_>, name: &str) -> Option<Selection> {
    let model = index.model;
    let is_region =
        |place: &crate::model::Place| place.kind == ContainerKind::Region && place.name.as_str() == name;
    let known = model.system.region == name || model.places.iter().any(|(_, place)| is_region(place));
    let inside = |id: &ServiceId| !model.services[*id].kind.is_outside() && model.region_of(*id) == name;
    known.then(|| Selection {
        services: model.services.ids().filter(inside).collect(),
        ..Selection::default()
    })
}

fn tagged(index: &Index<'_>, key: &Word, value: Option<&Text>) -> Asked<Selection> {
    let has = |service: &crate::model::Service| {
        service.tags.get(&key.value).is_some_and(|tag| value.is_none_or(|value| value == tag))
    };
    let all = index.model.services.iter().filter(|(_, service)| has(service));
    let services: Vec<ServiceId> = all.map(|(id, _)| id).collect();
    if !services.is_empty() {
        return Ok(Selection { services, ..Selection::default() });
    }
    let shown = Ident::sanitized(&key.value);
    let message = match value {
        None => format!("nothing has a tag `{shown}`"),
        Some(_) => format!("nothing has a tag `{shown}` with this value"),
    };
    let keys = index.model.services.iter().flat_map(|(_, service)| service.tags.keys().map(String::as_str));
    let help = did_you_mean(&key.value, keys);
    Err(Box::new(UNKNOWN_NAME.at(key.span).message(message).maybe_help(help)))
}

fn unknown(index: &Index<'_>, word: &Word) -> Box<Diagnostic> {
    let message = format!("nothing is called `{}`", shown(word));
    let classes = DataClass::NAMES.into_iter();
    let known = index.names().chain(classes).chain(index.catalog.words());
    let help = did_you_mean(&word.value, known);
    let names =
        "a name is that of a service, role or container, a class such as `pii`, or a kind such as `postgres`";
    let finding = UNKNOWN_NAME.at(word.span).message(message);
    Box::new(match help {
        Some(help) => finding.help(help),
        None => finding.help(names),
    })
}

/// A word of the question for a message.
fn shown(word: &Word) -> String {
    word.value.chars().take(64).collect()
}

fn unknown_of(index: &Index<'_>, sort: &Word, name: &Word) -> Box<Diagnostic> {
    let sort = sort.value.as_str();
    let message = match sort {
        "any" => format!("there is no kind `{}`", shown(name)),
        _ => format!("there is no {sort} `{}`", shown(name)),
    };
    let finding = UNKNOWN_NAME.at(name.span).message(message);
    let of_sort: Vec<&str> = match sort {
        "kind" | "any" => index.catalog.words().collect(),
        "class" => DataClass::NAMES.to_vec(),
        _ => index
            .names()
            .filter(|known| index.named(known).is_some_and(|named| is_of(index, named, sort)))
            .collect(),
    };
    let other = index.named(&name.value);
    let other = other.map(|named| Phrase::from(format!("`{}` is {}", shown(name), sort_of(index, named))));
    let help = other.or_else(|| did_you_mean(&name.value, of_sort.iter().copied()));
    let few =
        (1..=12).contains(&of_sort.len()).then(|| Phrase::from(format!("possible: {}", of_sort.join(", "))));
    Box::new(finding.maybe_help(help.or(few)))
}

/// What to call the sort of a named thing.
fn sort_of(index: &Index<'_>, named: Named) -> String {
    match named {
        Named::Service(id) => format!("a service of kind `{}`", index.model.services[id].kind.word),
        Named::Role(_) => "a role".to_owned(),
        Named::Place(id) => {
            let kind = index.model.places[id].kind;
            let word = CONTAINERS
                .iter()
                .find(|(_, container)| *container == kind)
                .map_or("container", |(word, _)| word);
            format!("a {word}")
        }
    }
}
