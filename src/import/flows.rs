//! Arrows: what policies, mappings and security groups prove.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalog::{Catalog, Channel, GrantVia, JointRow, Kind, Mechanism, Trait};
use crate::import::folds::Stated;
use crate::import::plan::{Plan, ResourceId, strings};
use crate::import::policies::Policies;
use crate::import::refs::References;
use crate::import::settings::quoted;
use crate::import::things::{Found, ThingId, fits};
use crate::import::verbs;

/// One arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins.
    pub from: ThingId,
    /// Where it ends.
    pub to: ThingId,
    /// Its verb.
    pub verb: String,
    /// Actions that the verb stands for and the plan does not allow.
    pub lacks: Vec<String>,
    /// The resource that proves it.
    pub proof: ResourceId,
    /// The paths of HTTP requests that take it, when that is known.
    paths: BTreeSet<String>,
}

/// Rights that no verb stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// Who.
    pub actor: ThingId,
    /// On what.
    pub on: ThingId,
    /// Which actions.
    pub actions: Vec<String>,
}

/// What binds things.
#[derive(Debug, Default)]
pub struct Bonds {
    /// Arrows, each pair and verb once.
    pub arrows: Vec<Arrow>,
    /// Rights apart from arrows.
    pub extras: Vec<Extra>,
    /// Ways that security groups open: from, to.
    pub groups: BTreeSet<(ThingId, ThingId)>,
    /// Settings that name another thing: of what, which, what.
    pub names: Vec<(ThingId, String, ThingId)>,
    /// Settings that other resources say: of what, which, its value.
    pub stated: Vec<Stated>,
}

impl Bonds {
    fn add(&mut self, arrow: Arrow) {
        let same =
            |known: &&mut Arrow| known.from == arrow.from && known.to == arrow.to && known.verb == arrow.verb;
        match self.arrows.iter_mut().find(same) {
            Some(known) => known.paths.extend(arrow.paths),
            None => self.arrows.push(arrow),
        }
    }

    fn joins(&self, one: ThingId, other: ThingId) -> bool {
        self.arrows
            .iter()
            .any(|arrow| (arrow.from, arrow.to) == (one, other) || (arrow.to, arrow.from) == (one, other))
    }
}

/// What arrows are read from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its names.
    pub references: &'a References<'a>,
    /// The catalogue.
    pub catalog: &'a Catalog,
}

/// Finds all arrows; load balancers that the compiler would put between an API and what it calls are folded.
pub fn find(ground: Ground<'_>, found: &mut Found, policies: &Policies) -> Bonds {
    let mut bonds = Bonds::default();
    add_policies(ground, found, policies, &mut bonds);
    for row in &ground.catalog.terraform_rows().joints {
        add_joints(ground, found, row, &mut bonds);
    }
    fold_between(ground, found, &mut bonds);
    drop_named(ground, found, &mut bonds);
    let hidden = |id: ThingId| found.things[id].folded.is_some();
    bonds.arrows.retain(|arrow| !hidden(arrow.from) && !hidden(arrow.to));
    bonds.extras.retain(|extra| !hidden(extra.actor) && !hidden(extra.on));
    bonds.names.retain(|(of, _, what)| !hidden(*of) && !hidden(*what));
    bonds
}

/// Who may do what with what: actions, with the policy that says so first.
pub type Rights = BTreeMap<(ThingId, ThingId), (ResourceId, BTreeSet<String>)>;

/// The actions each thing may take on each other, with the policy that says so first.
pub fn rights(found: &Found, catalog: &Catalog, policies: &Policies) -> Rights {
    let mut rights = Rights::new();
    for allowance in &policies.allowances {
        let targets = found.owners_of(&allowance.on);
        for actor in found.owners(allowance.role) {
            for target in targets.iter().filter(|target| **target != actor) {
                let Some(kind) = found.kind(catalog, *target) else { continue };
                let actions_on = allowance.actions.iter().filter(|action| knows(kind, action)).cloned();
                let actions_on: Vec<String> = actions_on.collect();
                if actions_on.is_empty() {
                    continue;
                }
                let (_, actions) =
                    rights.entry((actor, *target)).or_insert_with(|| (allowance.policy, BTreeSet::new()));
                actions.extend(actions_on);
            }
        }
    }
    rights
}

fn add_policies(ground: Ground<'_>, found: &Found, policies: &Policies, bonds: &mut Bonds) {
    for ((actor, target), (proof, actions)) in rights(found, ground.catalog, policies) {
        let kinds = (found.kind(ground.catalog, actor), found.kind(ground.catalog, target));
        let (Some(from), Some(to)) = kinds else { continue };
        let reading = verbs::read(&verbs::candidates(ground.catalog, from, to), &actions);
        for choice in reading.choices {
            let (from, to) = if choice.forward { (actor, target) } else { (target, actor) };
            let paths = BTreeSet::new();
            bonds.add(Arrow { from, to, verb: choice.verb, lacks: choice.lacks, proof, paths });
        }
        let actions = reading.left;
        if !actions.is_empty() {
            bonds.extras.push(Extra { actor, on: target, actions });
        }
    }
}

/// Does a kind know the service of an action? Others (logs, keys) reach it only by a name they share.
pub fn knows(kind: &Kind, action: &str) -> bool {
    fn service(action: &str) -> &str {
        action.split(':').next().unwrap_or_default()
    }
    let own = kind.access.iter().flat_map(|verb| &verb.allow).flat_map(|allow| &allow.actions);
    own.map(|known| service(known)).any(|known| known == service(action)) || service(action) == "*"
}

fn add_joints(ground: Ground<'_>, found: &Found, row: &JointRow, bonds: &mut Bonds) {
    let resources = ground.plan.resources.iter();
    let resources = resources.filter(|(_, resource)| resource.kind == row.resource && !resource.is_data);
    for (id, _) in resources.filter(|(_, resource)| fits(&row.when, resource)) {
        let ends = |paths: &[String]| {
            let named = paths.iter().flat_map(|path| ground.references.at(id, path)).collect();
            found.owners_of(&named)
        };
        let (starts, tips) = (ends(&row.from), ends(&row.to));
        for from in &starts {
            for to in tips.iter().filter(|to| *to != from && !(starts.contains(*to) && tips.contains(from))) {
                join(ground, found, row, (id, *from, *to), bonds);
            }
        }
    }
}

fn join(
    ground: Ground<'_>,
    found: &Found,
    row: &JointRow,
    (proof, from, to): (ResourceId, ThingId, ThingId),
    bonds: &mut Bonds,
) {
    let (Some(start), Some(tip)) = (found.kind(ground.catalog, from), found.kind(ground.catalog, to)) else {
        return;
    };
    let mut said = row.says.iter().filter(|(setting, _)| tip.setting(setting).is_some()).peekable();
    if said.peek().is_some() {
        let values = said.filter_map(|(setting, path)| {
            let value = quoted(ground.plan.resources[proof].string(path)?)?;
            Some((to, setting.clone(), value))
        });
        bonds.stated.extend(values);
        return;
    }
    if let Some(setting) = &row.setting {
        let fits =
            tip.setting(setting).is_some_and(|spec| spec.kinds.is_empty() || spec.kinds.contains(&start.id));
        if fits && !bonds.names.iter().any(|(of, name, _)| *of == to && name == setting) {
            bonds.names.push((to, setting.clone(), from));
        }
        return;
    }
    if row.network {
        bonds.groups.insert((from, to));
        if bonds.joins(from, to) {
            return;
        }
    }
    let verb = if row.network {
        network_verb(ground.catalog, start, tip)
    } else {
        verb_of(ground.catalog, row, start, tip)
    };
    if let Some(verb) = verb {
        let paths = paths(ground, proof);
        bonds.add(Arrow { from, to, verb, lacks: Vec::new(), proof, paths });
    }
}

fn rows<'c>(catalog: &'c Catalog, from: &Kind, to: &Kind) -> impl Iterator<Item = &'c Mechanism> {
    catalog.mechanisms(&from.id, &to.id).filter(|row| !row.implicit)
}

/// The verb of a joint: of the mechanism that ends in its type, else of the first.
fn verb_of(catalog: &Catalog, joint: &JointRow, from: &Kind, to: &Kind) -> Option<String> {
    let exact = rows(catalog, from, to).find(|row| row.emit.contains(&joint.resource));
    exact.or_else(|| rows(catalog, from, to).next())?.verbs(&to.id).into_iter().next()
}

/// The verb that only needs the network, else the first that needs it at all.
fn network_verb(catalog: &Catalog, from: &Kind, to: &Kind) -> Option<String> {
    let opened =
        rows(catalog, from, to).filter(|row| row.grants.iter().any(|grant| grant.via == GrantVia::Sg));
    let verbs: Vec<String> = opened.flat_map(|row| row.verbs(&to.id)).collect();
    let needs = |verb: &&String, alone: bool| {
        let verb = to.verb(verb);
        verb.is_some_and(|verb| {
            verb.channel == Some(Channel::SecurityGroup) && (!alone || verb.allow.is_empty())
        })
    };
    verbs
        .iter()
        .find(|verb| needs(verb, true))
        .or_else(|| verbs.iter().find(|verb| needs(verb, false)))
        .cloned()
}

/// The paths of requests that a listener rule sends on.
fn paths(ground: Ground<'_>, rule: ResourceId) -> BTreeSet<String> {
    let conditions = ground.plan.resources[rule].values.get("condition").and_then(Value::as_array);
    let patterns =
        conditions.into_iter().flatten().filter_map(|condition| condition.pointer("/path_pattern/0/values"));
    patterns.flat_map(|values| strings(Some(values))).map(|path| stem(&path)).collect()
}

/// A path without its method, its wildcards and its last slash.
fn stem(path: &str) -> String {
    let path = path.split_whitespace().last().unwrap_or_default();
    let fixed = path.split(['*', '{']).next().unwrap_or_default();
    fixed.trim_end_matches('/').to_owned()
}

/// Leaves out the arrows that follow from a setting which names the other end.
fn drop_named(ground: Ground<'_>, found: &Found, bonds: &mut Bonds) {
    let follows = |arrow: &Arrow| {
        let named = bonds.names.iter().any(|(of, _, what)| (*of, *what) == (arrow.from, arrow.to));
        let kinds = (found.kind(ground.catalog, arrow.from), found.kind(ground.catalog, arrow.to));
        let (true, (Some(from), Some(to))) = (named, kinds) else { return false };
        let row = ground.catalog.mechanisms(&from.id, &to.id).next();
        row.and_then(|row| row.verbs(&to.id).into_iter().next()).as_ref() == Some(&arrow.verb)
    };
    let kept = bonds.arrows.iter().filter(|arrow| !follows(arrow)).cloned().collect();
    bonds.arrows = kept;
}

/// Folds what stands between an API and the services it calls: the compiler puts it there itself.
fn fold_between(ground: Ground<'_>, found: &mut Found, bonds: &mut Bonds) {
    let balancers: Vec<ThingId> = found
        .things
        .ids()
        .filter(|id| {
            found
                .kind(ground.catalog, *id)
                .is_some_and(|kind| kind.has(Trait::L7) && kind.has(Trait::OwnsSecurityGroup))
        })
        .collect();
    for middle in balancers {
        let callers: Vec<ThingId> = ends(bonds, |arrow| (arrow.to == middle).then_some(arrow.from));
        let inserted = |from: ThingId, to: ThingId| {
            let kinds = (found.kind(ground.catalog, from), found.kind(ground.catalog, to));
            let (Some(from), Some(to), Some(own)) = (kinds.0, kinds.1, found.kind(ground.catalog, middle))
            else {
                return None;
            };
            let row = rows(ground.catalog, from, to).find(|row| row.inserts.contains(&own.id))?;
            row.verbs(&to.id).into_iter().next()
        };
        let onward: Vec<Arrow> = bonds.arrows.iter().filter(|arrow| arrow.from == middle).cloned().collect();
        let is_inner = !callers.is_empty()
            && !onward.is_empty()
            && callers.iter().all(|from| onward.iter().all(|arrow| inserted(*from, arrow.to).is_some()));
        if !is_inner {
            continue;
        }
        let mut made = Vec::new();
        for from in &callers {
            let own = entry_paths(ground, found, *from);
            for arrow in onward.iter().filter(|arrow| takes(&own, &arrow.paths)) {
                let verb = inserted(*from, arrow.to).unwrap_or_default();
                made.push(Arrow { from: *from, verb, ..arrow.clone() });
            }
        }
        bonds.arrows.retain(|arrow| arrow.from != middle && arrow.to != middle);
        for arrow in made {
            bonds.add(arrow);
        }
        found.leave_out(middle, "a load balancer follows from an API that calls into a network");
    }
}

fn ends(bonds: &Bonds, end: impl Fn(&Arrow) -> Option<ThingId>) -> Vec<ThingId> {
    bonds.arrows.iter().filter_map(end).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Do requests of an API's paths take an arrow of these paths? Without paths on one side, all do.
fn takes(own: &BTreeSet<String>, paths: &BTreeSet<String>) -> bool {
    own.is_empty() || paths.is_empty() || own.iter().any(|path| path.is_empty() || paths.contains(path))
}

/// The paths of an API's routes.
fn entry_paths(ground: Ground<'_>, found: &Found, api: ThingId) -> BTreeSet<String> {
    let parts: Vec<ResourceId> = found.owned(api).collect();
    let known = parts.iter().map(|id| &ground.plan.resources[*id]);
    let keys = known.filter_map(|part| part.string("route_key").or_else(|| part.string("path")));
    let mut paths: BTreeSet<String> = keys.filter(|key| key.contains('/')).map(stem).collect();
    // Of a REST API that does not exist yet only the parts of paths are known; those at the root are whole.
    let is_below = |id: &ResourceId| {
        let above = ground.references.at(*id, "parent_id");
        above.iter().any(|id| ground.plan.resources[*id].string("path_part").is_some())
    };
    let roots = parts.iter().filter(|id| !is_below(id)).map(|id| &ground.plan.resources[*id]);
    let roots = roots.filter_map(|part| part.string("path_part")).filter(|part| !part.starts_with('{'));
    paths.extend(roots.map(|part| format!("/{part}")));
    paths
}
