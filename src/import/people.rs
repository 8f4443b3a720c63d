//! Roles of people: those that a person's role or an identity provider may assume, with what they may do in verbs.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::import::plan::{Plan, ResourceId};
use crate::import::policies::{self, Policies};
use crate::import::refs::References;
use crate::import::things::{self, Found, ThingId};
use crate::import::verbs;

/// A role of people.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its name.
    pub name: String,
    /// The role's resource.
    pub role: ResourceId,
    /// Verbs with what they are on.
    pub permits: Vec<Permit>,
    /// Actions that no verb stands for.
    pub left: BTreeSet<String>,
    /// Must they present a second factor?
    pub mfa: bool,
    /// Has the role a boundary?
    pub boundary: bool,
    /// The longest session in hours.
    pub hours: Option<u64>,
}

/// One verb of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// The verb.
    pub verb: String,
    /// On what.
    pub on: Vec<ThingId>,
    /// Is that everything that offers the verb?
    pub all: bool,
}

/// The roles of people of a plan; names that are `taken` get an ending.
pub fn find(
    plan: &Plan,
    references: &References<'_>,
    catalog: &Catalog,
    found: &Found,
    policies: &Policies,
    taken: &BTreeSet<String>,
) -> Vec<Person> {
    let roles =
        plan.resources.iter().filter(|(_, resource)| resource.kind == "aws_iam_role" && !resource.is_data);
    let mut people = Vec::new();
    for (role, resource) in roles.filter(|(id, _)| found.owners(*id).next().is_none()) {
        let trust = policies::trust(plan, references, role);
        if !trust.contains_key("AWS") && !trust.contains_key("Federated") {
            continue;
        }
        let key = resource.key.as_ref().and_then(|key| key.as_str());
        let name = things::legal(key.unwrap_or(&resource.label));
        let name = if taken.contains(&name) { format!("{name}_role") } else { name };
        let seconds = resource.values.get("max_session_duration").and_then(serde_json::Value::as_u64);
        let (permits, left) = permits(catalog, found, policies, role);
        people.push(Person {
            name,
            role,
            permits,
            left,
            mfa: trust.get("mfa").is_some_and(|asked| !asked.is_empty()),
            hours: seconds.map(|seconds| seconds / 3_600).filter(|hours| *hours > 0),
            boundary: resource.string("permissions_boundary").is_some()
                || !references.at(role, "permissions_boundary").is_empty(),
        });
    }
    people
}

/// The verbs of a role, each with all it is on, and the actions that no verb stands for.
fn permits(
    catalog: &Catalog,
    found: &Found,
    policies: &Policies,
    role: ResourceId,
) -> (Vec<Permit>, BTreeSet<String>) {
    let mut rights: BTreeMap<ThingId, BTreeSet<String>> = BTreeMap::new();
    for allowance in policies.allowances.iter().filter(|allowance| allowance.role == role) {
        for thing in found.owners_of(&allowance.on) {
            rights.entry(thing).or_default().extend(allowance.actions.iter().cloned());
        }
    }
    let mut verbs: BTreeMap<String, Vec<ThingId>> = BTreeMap::new();
    let mut left = BTreeSet::new();
    for (thing, actions) in &rights {
        let Some(kind) = found.kind(catalog, *thing) else { continue };
        let candidates = verbs::human(kind);
        let reading = verbs::read(&candidates, actions);
        let (whole, partial): (Vec<_>, Vec<_>) =
            reading.choices.into_iter().partition(|choice| choice.lacks.is_empty());
        left.extend(reading.left);
        let of_partial = |action: &&String| {
            partial.iter().any(|choice| {
                let meant = candidates.iter().find(|one| one.verb == choice.verb);
                meant.is_some_and(|one| one.wanted.contains(*action))
            })
        };
        let of_whole = |action: &&String| {
            whole.iter().any(|choice| {
                let meant = candidates.iter().find(|one| one.verb == choice.verb);
                meant.is_some_and(|one| one.wanted.contains(*action))
            })
        };
        left.extend(actions.iter().filter(of_partial).filter(|action| !of_whole(action)).cloned());
        for choice in whole {
            verbs.entry(choice.verb).or_default().push(*thing);
        }
    }
    let offers = |verb: &str, id: ThingId| {
        let kind = found.kind(catalog, id);
        kind.is_some_and(|kind| verbs::human(kind).iter().any(|candidate| candidate.verb == verb))
    };
    let declared: Vec<ThingId> = found.things.ids().filter(|id| found.things[*id].folded.is_none()).collect();
    let permits = verbs.into_iter().map(|(verb, on)| {
        let all = declared.iter().all(|id| !offers(&verb, *id) || on.contains(id)) && on.len() > 1;
        Permit { verb, on, all }
    });
    // Log groups belong to nothing that can be seen, so that no verb counts their actions.
    left.retain(|action: &String| !action.starts_with("logs:"));
    (permits.collect(), left)
}
