//! Which things follow from others: they are folded into what uses them, or several are one.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::MergeRow;
use crate::import::flows::Ground;
use crate::import::plan::{Resource, ResourceId, at_path};
use crate::import::survey::is_region;
use crate::import::things::{Found, ThingId, label, legal};
use crate::text::Ident;

/// A setting that another resource says: of what, its name, its value.
pub type Stated = (ThingId, String, String);

/// Folds dead-letter queues and buckets of logs into what uses them.
pub fn children(ground: Ground<'_>, found: &mut Found) -> Vec<Stated> {
    let Ground { plan, references, catalog } = ground;
    let mut stated = Vec::new();
    let rows = &catalog.terraform_rows().folds;
    for (id, resource) in plan.resources.iter() {
        for row in rows {
            let paths = row.by.iter().filter_map(|by| by.strip_prefix(&resource.kind)?.strip_prefix('.'));
            let targets: BTreeSet<ResourceId> = paths.flat_map(|path| references.at(id, path)).collect();
            let users: Vec<ThingId> = found.owners(id).collect();
            for target in targets.into_iter().filter(|target| plan.resources[*target].kind == row.resource) {
                let owner: Vec<ThingId> = found.owners(target).collect();
                let [child] = owner.as_slice() else { continue };
                // Of several users the one it is called after: a mapping belongs to its stream and to its function.
                let name = found.things[*child].name.to_string();
                let others = || users.iter().filter(|user| *user != child);
                let is_namesake = |user: &&ThingId| {
                    name.strip_prefix(found.things[**user].name.as_str())
                        .is_some_and(|rest| rest.starts_with(['_', '-']))
                };
                let user = others().find(is_namesake).or_else(|| others().next());
                match (&row.setting, user) {
                    (None, _) => found.leave_out(*child, "archc makes the bucket of access logs itself"),
                    (Some(setting), Some(user)) => {
                        let parent = found.things[*user].name.clone();
                        let why = format!("it is `{setting}` of `{parent}`");
                        found.fold(*child, parent.child(&row.child), why);
                        let value = row.value.as_ref().and_then(|path| plan.resources[target].string(path));
                        let value = value.filter(|value| is_region(value));
                        stated.extend(value.map(|value| (*user, setting.clone(), value.to_owned())));
                    }
                    (Some(_), None) => {}
                }
            }
        }
    }
    stated
}

/// Folds keys that one thing alone uses.
pub fn keys(ground: Ground<'_>, found: &mut Found) -> Vec<ThingId> {
    let Ground { plan, references, catalog } = ground;
    let mut own_keys = Vec::new();
    let keys: BTreeMap<ResourceId, ThingId> = found
        .things
        .iter()
        .filter(|(_, thing)| thing.kind == "kms")
        .map(|(id, thing)| (thing.resource, id))
        .collect();
    let mut users: BTreeMap<ThingId, BTreeSet<Option<ThingId>>> = BTreeMap::new();
    let aside = |kind: &str| kind.starts_with("aws_iam") || kind.starts_with("aws_kms");
    for (id, _) in plan.resources.iter().filter(|(_, resource)| !resource.is_data && !aside(&resource.kind)) {
        for key in references.all(id).iter().filter_map(|target| keys.get(target)) {
            let owners: Vec<ThingId> = found.owners(id).collect();
            let named = users.entry(*key).or_default();
            if owners.is_empty() {
                named.insert(None);
            }
            named.extend(owners.into_iter().map(Some));
        }
    }
    for (key, users) in users {
        let parent = |id: ThingId| {
            let name = found.things[id].name.as_str().rsplit_once('.').map(|(parent, _)| parent);
            let named = |name: &str| found.things.iter().find(|(_, thing)| thing.name.as_str() == name);
            name.and_then(named).map_or(id, |(parent, _)| parent)
        };
        let users: BTreeSet<Option<ThingId>> = users.into_iter().map(|user| user.map(parent)).collect();
        let [Some(user)] = users.into_iter().collect::<Vec<_>>()[..] else { continue };
        let spec = found.kind(catalog, user).and_then(|kind| kind.setting("key"));
        if spec.is_some_and(|spec| spec.values.iter().any(|value| value == "own")) {
            let parent = found.things[user].name.clone();
            found.fold(key, parent.child("key"), format!("it is `key own` of `{parent}`"));
            own_keys.push(user);
        }
    }
    own_keys
}

/// Makes one thing of several resources.
pub fn merge(ground: Ground<'_>, found: &mut Found) {
    for row in &ground.catalog.terraform_rows().merges {
        let things: Vec<ThingId> = found
            .things
            .iter()
            .filter(|(_, thing)| thing.folded.is_none())
            .filter(|(_, thing)| ground.plan.resources[thing.resource].kind == row.resource)
            .map(|(id, _)| id)
            .collect();
        if let Some(path) = &row.group {
            merge_groups(ground, found, row, path, &things);
        }
        if row.twin {
            merge_twins(ground, found, row, &things);
        }
        if let Some(setting) = &row.setting {
            merge_kept(ground, found, (row, setting), &things);
        }
    }
}

/// Things that name one group and agree in what they are, under the group's name.
fn merge_groups(ground: Ground<'_>, found: &mut Found, row: &MergeRow, path: &str, things: &[ThingId]) {
    let mut groups: BTreeMap<ResourceId, Vec<ThingId>> = BTreeMap::new();
    for id in things {
        let named = ground.references.at(found.things[*id].resource, path);
        if let [group] = named.into_iter().collect::<Vec<_>>()[..] {
            groups.entry(group).or_default().push(*id);
        }
    }
    for (group, members) in groups {
        let what = |id: &ThingId| {
            let values = &ground.plan.resources[found.things[*id].resource].values;
            row.same.iter().map(|path| at_path(values, path)).collect::<Vec<_>>()
        };
        let Some((first, others)) = members.split_first() else { continue };
        if others.iter().any(|other| what(other) != what(first)) {
            continue;
        }
        let name = Ident::sanitized(&legal(&label(&ground.plan.resources[group])));
        let is_free = found.things.values().all(|thing| thing.name != name);
        if is_free {
            found.things[*first].name = name;
        }
        for other in others {
            found.merge(*first, *other, row.why.clone());
        }
    }
}

/// Things in another region that are called like one elsewhere, with their region behind.
fn merge_twins(ground: Ground<'_>, found: &mut Found, row: &MergeRow, things: &[ThingId]) {
    let resource = |id: ThingId| -> &Resource { &ground.plan.resources[found.things[id].resource] };
    let twin_of = |twin: ThingId| {
        let region = resource(twin).string("region")?;
        let own = resource(twin).label.strip_suffix(&format!("_{}", region.replace('-', "_")))?;
        let is_first =
            |id: &&ThingId| resource(**id).label == own && resource(**id).string("region") != Some(region);
        things.iter().find(is_first).copied()
    };
    let twins: Vec<(ThingId, ThingId)> =
        things.iter().filter_map(|twin| Some((twin_of(*twin)?, *twin))).collect();
    for (first, twin) in twins {
        found.merge(first, twin, row.why.clone());
    }
}

/// Things that only serve one other, whose setting stands for them.
fn merge_kept(ground: Ground<'_>, found: &mut Found, (row, setting): (&MergeRow, &str), things: &[ThingId]) {
    let binders = ground.plan.resources.iter().map(|(binder, resource)| {
        let paths = row.by.iter().filter_map(|by| by.strip_prefix(&resource.kind)?.strip_prefix('.'));
        paths.flat_map(|path| ground.references.at(binder, path)).collect::<BTreeSet<ResourceId>>()
    });
    let bound: Vec<BTreeSet<ThingId>> = binders.map(|named| found.owners_of(&named)).collect();
    for id in things {
        let with_it = bound.iter().filter(|owners| owners.contains(id)).flatten();
        let served: BTreeSet<ThingId> = with_it.copied().filter(|other| other != id).collect();
        let [only] = served.into_iter().collect::<Vec<_>>()[..] else { continue };
        let rows = &ground.catalog.terraform_rows().settings;
        let own =
            found.kind(ground.catalog, only).and_then(|kind| kind.setting(setting)).is_some_and(|spec| {
                let kind = &found.things[only].kind;
                let told = rows.iter().find(|row| row.kind == *kind && row.name == setting);
                let path = told.map(|row| row.path.as_str()).or(spec.terraform.as_deref());
                path.and_then(|path| path.strip_prefix(row.resource.as_str())).is_some()
            });
        if own {
            found.merge(only, *id, row.why.clone());
        }
    }
}
