//! Which resources are services, which belong to one, and how services are called.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::catalog::{Catalog, Kind, TerraformRows, ThingRow};
use crate::import::plan::{Plan, Resource, ResourceId};
use crate::import::refs::References;
use crate::text::Ident;
use crate::units::{Arena, Id};

/// The id of a thing.
pub type ThingId = Id<Thing>;

/// A service found in a plan.
#[derive(Debug, Clone)]
pub struct Thing {
    /// Its name; of a folded thing the dotted one.
    pub name: Ident,
    /// Its kind, by the catalogue's identifier.
    pub kind: String,
    /// The resource.
    pub resource: ResourceId,
    /// Why it is not written into the model, when it is not.
    pub folded: Option<String>,
}

/// What was found: services, and to which of them each resource belongs.
#[derive(Debug, Default)]
pub struct Found {
    /// Services in the order of the catalogue's rows, then of the plan.
    pub things: Arena<Thing>,
    owners: BTreeMap<ResourceId, BTreeSet<ThingId>>,
    owned: BTreeMap<ThingId, BTreeSet<ResourceId>>,
}

impl Found {
    /// The services a resource belongs to.
    pub fn owners(&self, resource: ResourceId) -> impl Iterator<Item = ThingId> {
        self.owners.get(&resource).into_iter().flatten().copied()
    }

    /// The resources of a service, itself included.
    pub fn owned(&self, thing: ThingId) -> impl Iterator<Item = ResourceId> {
        self.owned.get(&thing).into_iter().flatten().copied()
    }

    /// The services that several resources belong to.
    pub fn owners_of(&self, resources: &BTreeSet<ResourceId>) -> BTreeSet<ThingId> {
        resources.iter().flat_map(|resource| self.owners(*resource)).collect()
    }

    /// The kind of a thing.
    pub fn kind<'c>(&self, catalog: &'c Catalog, id: ThingId) -> Option<&'c Kind> {
        catalog.kind(&self.things[id].kind).map(AsRef::as_ref)
    }

    /// Changes a thing to a child of another.
    pub fn fold(&mut self, id: ThingId, name: Ident, why: impl Into<String>) {
        let thing = &mut self.things[id];
        thing.name = name;
        thing.folded = Some(why.into());
    }

    /// Makes one thing of two: what belongs to the other belongs to the first, and the other is not written.
    pub fn merge(&mut self, into: ThingId, other: ThingId, why: impl Into<String>) {
        for resource in self.owned.remove(&other).unwrap_or_default() {
            let owners = self.owners.entry(resource).or_default();
            owners.remove(&other);
            owners.insert(into);
            self.owned.entry(into).or_default().insert(resource);
        }
        self.leave_out(other, why);
    }

    /// Says that a thing is not written.
    pub fn leave_out(&mut self, id: ThingId, why: impl Into<String>) {
        self.things[id].folded = Some(why.into());
    }

    fn own(&mut self, resource: ResourceId, thing: ThingId) -> bool {
        self.owned.entry(thing).or_default().insert(resource);
        self.owners.entry(resource).or_default().insert(thing)
    }
}

/// Finds all services of a plan.
pub fn find(plan: &Plan, references: &References<'_>, catalog: &Catalog, taken: BTreeSet<String>) -> Found {
    let rows = catalog.terraform_rows();
    let mut found = Found::default();
    let mut names = Names { taken };
    for row in &rows.things {
        let Some(kind) = catalog.kind(&row.kind) else { continue };
        let used: BTreeSet<ResourceId> = if row.lone {
            found.things.values().flat_map(|thing| references.all(thing.resource)).collect()
        } else {
            BTreeSet::new()
        };
        let resources = plan.resources.iter().filter(|(id, _)| !used.contains(id));
        for (id, resource) in resources.filter(|(_, resource)| is_thing(row, resource)) {
            let name = match &row.derived {
                // It is never written, so it takes no name from others.
                Some(_) => Ident::sanitized(&legal(&label(resource))),
                None => names.name(resource, &kind.word),
            };
            let thing = Thing { name, kind: row.kind.clone(), resource: id, folded: row.derived.clone() };
            found.things.add(thing);
        }
    }
    assign(plan, references, catalog, &mut found);
    found
}

/// Does a row speak of a resource? An attribute that is not known counts as any value.
pub fn is_thing(row: &ThingRow, resource: &Resource) -> bool {
    !resource.is_data && row.resource == resource.kind && fits(&row.when, resource)
}

/// Have the attributes these values, as far as they are known?
pub fn fits(when: &indexmap::IndexMap<String, String>, resource: &Resource) -> bool {
    when.iter().all(|(path, wanted)| resource.string(path).is_none_or(|known| known == wanted))
}

/// Gives each resource to the services it belongs to: first what names a service or a part of one (a stage names its API), then
/// what those name (a function names its role). Never back up again, or a shared role would join those that share it.
fn assign(plan: &Plan, references: &References<'_>, catalog: &Catalog, found: &mut Found) {
    let rows = catalog.terraform_rows();
    let down: Vec<BTreeSet<ResourceId>> = plan.resources.ids().map(|id| references.all(id)).collect();
    let mut up: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
    for (from, targets) in plan.resources.ids().zip(&down) {
        for target in targets {
            up.entry(*target).or_default().push(from);
        }
    }
    let things: BTreeSet<ResourceId> = found.things.values().map(|thing| thing.resource).collect();
    for id in found.things.ids() {
        let Some(kind) = found.kind(catalog, id) else { continue };
        let own = found.things[id].resource;
        let walk = Walk { plan, rows, kind, things: &things, down: &down, up: &up };
        for resource in walk.parts(own) {
            found.own(resource, id);
        }
    }
}

struct Walk<'a> {
    plan: &'a Plan,
    rows: &'a TerraformRows,
    kind: &'a Kind,
    things: &'a BTreeSet<ResourceId>,
    down: &'a [BTreeSet<ResourceId>],
    up: &'a BTreeMap<ResourceId, Vec<ResourceId>>,
}

impl Walk<'_> {
    /// A service's resource and all that belongs to it.
    fn parts(&self, own: ResourceId) -> BTreeSet<ResourceId> {
        let mut found = BTreeSet::from([own]);
        let mut open = VecDeque::from([(own, true)]);
        while let Some((at, may_climb)) = open.pop_front() {
            let above = self.up.get(&at).into_iter().flatten().filter(|_| may_climb);
            for id in above.copied().filter(|id| self.is_part(*id, false)) {
                if found.insert(id) {
                    open.push_back((id, true));
                }
            }
            let below = self.down.get(at.index()).into_iter().flatten();
            for id in below.copied().filter(|id| self.is_part(*id, true)) {
                if found.insert(id) {
                    open.push_back((id, false));
                }
            }
        }
        found
    }

    fn is_part(&self, id: ResourceId, is_named: bool) -> bool {
        let resource = &self.plan.resources[id];
        let of_kind = self.kind.terraform.contains(&resource.kind);
        let common = is_named && self.rows.common_parts.contains(&resource.kind);
        // A policy or role that names a thing speaks of it; it belongs to who acts.
        let speaks = !is_named && resource.kind.starts_with("aws_iam_");
        !resource.is_data && !speaks && !self.things.contains(&id) && (of_kind || common)
    }
}

/// Names that are given once each.
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A name for a resource: its instance's key, else its label, else that of its module.
    fn name(&mut self, resource: &Resource, word: &str) -> Ident {
        let own = match &resource.key {
            Some(Value::String(key)) => key.clone(),
            Some(key) => format!("{}_{key}", label(resource)),
            None => label(resource),
        };
        let is_pale = resource.key.is_none() && PALE.contains(&own.as_str());
        let first = legal(&if is_pale { word.replace('-', "_") } else { own });
        let with_word = format!("{first}_{}", word.replace('-', "_"));
        let candidates = [first, with_word.clone()].into_iter();
        let numbered = (2..).map(|number| format!("{with_word}_{number}"));
        let free = candidates.chain(numbered).find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(free.clone());
        Ident::sanitized(&free)
    }
}

/// Labels that say nothing.
const PALE: [&str; 4] = ["this", "main", "default", "self"];

/// The label of a resource; of one that is called `this` or `main` in a module, the key of the module's instance or its name.
pub fn label(resource: &Resource) -> String {
    let module = resource.module.rsplit("module.").next().unwrap_or_default();
    let (name, key) = module.split_once('[').unwrap_or((module, ""));
    let key = key.trim_end_matches(']');
    let is_pale = PALE.contains(&resource.label.as_str()) && !module.is_empty();
    match (is_pale, key.trim_matches('"')) {
        (false, _) => resource.label.clone(),
        (true, "") => name.to_owned(),
        (true, own) if key.starts_with('"') => own.to_owned(),
        (true, number) => format!("{name}_{number}"),
    }
}

/// A name the language accepts: letters, digits and `_`, at most 40 of them, beginning with a letter.
pub fn legal(name: &str) -> String {
    const LONGEST: usize = 40;
    let kept: String = name
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
        .collect();
    let starts = kept.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    if starts { kept } else { format!("x{kept}") }
}
