//! From actions back to verbs: which verbs of the catalogue a set of allowed actions stands for.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, End, GrantResource, GrantVia, Kind, Level, Principal, Verb};
use crate::import::policies::matches;

/// A verb that one thing may have on another, as an arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Does the arrow begin at the one who acts?
    pub forward: bool,
    /// The verb on the arrow.
    pub verb: String,
    /// The actions it stands for, without those that have no resource.
    pub wanted: BTreeSet<String>,
    level: Level,
    expands: Vec<String>,
}

/// A verb that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Does the arrow begin at the one who acts?
    pub forward: bool,
    /// The verb.
    pub verb: String,
    /// Actions the verb stands for and the policy does not allow.
    pub lacks: Vec<String>,
}

/// What a set of allowed actions stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Verbs, the widest first.
    pub choices: Vec<Choice>,
    /// Actions that no verb stands for.
    pub left: Vec<String>,
}

/// The actions of a verb that name a resource of the kind; its log group belongs to nothing that can be seen in a plan.
pub fn wanted(kind: &Kind, verb: &Verb) -> BTreeSet<String> {
    let allows = kind.expanded(verb).into_iter().flat_map(|row| &row.allow);
    let is_log = |on: &str| on.starts_with("logs:") && kind.id != "logs";
    allows
        .filter(|allow| allow.on != "*" && !is_log(&allow.on))
        .flat_map(|allow| allow.actions.iter().cloned())
        .collect()
}

/// Every arrow by which one who acts gets rights on a resource.
pub fn candidates(catalog: &Catalog, actor: &Kind, resource: &Kind) -> Vec<Candidate> {
    let mut found = Vec::new();
    for forward in [true, false] {
        let (from, to) = if forward { (actor, resource) } else { (resource, actor) };
        let (own, other) = if forward { (End::From, End::To) } else { (End::To, End::From) };
        for row in catalog.mechanisms(&from.id, &to.id).filter(|row| !row.implicit) {
            let grants = row.grants.iter().filter(|grant| {
                let ends =
                    grant.principal == Principal::End(own) && grant.resource == GrantResource::End(other);
                ends && grant.via == GrantVia::Identity
            });
            for grant in grants {
                for verb in row.verbs(&to.id) {
                    let name = if grant.verb == "*" { &verb } else { &grant.verb };
                    let Some(meant) = resource.verb(name) else { continue };
                    let wanted = grant
                        .action
                        .as_ref()
                        .map_or_else(|| wanted(resource, meant), |action| BTreeSet::from([action.clone()]));
                    let expands = meant.expands.clone();
                    found.push(Candidate { forward, verb, wanted, level: meant.level, expands });
                }
            }
        }
    }
    found.retain(|candidate| !candidate.wanted.is_empty());
    found
}

/// The verbs for people of a kind.
pub fn human(kind: &Kind) -> Vec<Candidate> {
    let verbs = kind.access.iter().filter(|verb| verb.is_human());
    let candidates = verbs.map(|verb| Candidate {
        forward: true,
        verb: verb.name.clone(),
        wanted: wanted(kind, verb),
        level: verb.level,
        expands: verb.expands.clone(),
    });
    candidates.filter(|candidate| !candidate.wanted.is_empty()).collect()
}

fn is_allowed(patterns: &BTreeSet<String>, action: &str) -> bool {
    patterns.contains(action) || patterns.iter().any(|pattern| matches(pattern, action))
}

/// The fewest verbs that the allowed actions make up: first verbs that are allowed as a whole, then those that are allowed by half.
pub fn read(candidates: &[Candidate], patterns: &BTreeSet<String>) -> Reading {
    let all = candidates.iter().flat_map(|candidate| &candidate.wanted);
    let mut rest: BTreeSet<&str> =
        all.map(String::as_str).filter(|action| is_allowed(patterns, action)).collect();
    let allowed = rest.clone();
    let mut chosen: Vec<&Candidate> = Vec::new();
    for share in [1, 2] {
        let mut is_open = true;
        while is_open {
            let best = candidates
                .iter()
                .filter(|candidate| is_likely(candidate, &allowed, share))
                .map(|candidate| (gain(candidate, &rest), candidate.level, candidate))
                .filter(|(gain, ..)| *gain > 0)
                // Of equals, the first.
                .rev()
                .max_by_key(|(gain, level, candidate)| {
                    (*gain, std::cmp::Reverse(candidate.wanted.len()), *level)
                });
            is_open = best.is_some();
            if let Some((_, _, candidate)) = best {
                rest.retain(|action| !candidate.wanted.contains(*action));
                chosen.push(candidate);
            }
        }
    }
    let known: BTreeSet<&str> = chosen.iter().flat_map(|one| &one.wanted).map(String::as_str).collect();
    let is_left = |action: &&String| !action.contains(['*', '?']) && !known.contains(action.as_str());
    let left = patterns.iter().filter(is_left).cloned().collect();
    let choices = joined(candidates, &chosen).into_iter().map(|one| choice(one, &allowed)).collect();
    Reading { choices, left }
}

fn gain(candidate: &Candidate, rest: &BTreeSet<&str>) -> usize {
    candidate.wanted.iter().filter(|action| rest.contains(action.as_str())).count()
}

/// Is enough of it allowed: the whole, or the `share`th part?
fn is_likely(candidate: &Candidate, allowed: &BTreeSet<&str>, share: usize) -> bool {
    gain(candidate, allowed) * share >= candidate.wanted.len()
}

/// Verbs that together are another one, as that one.
fn joined<'c>(candidates: &'c [Candidate], chosen: &[&'c Candidate]) -> Vec<&'c Candidate> {
    let has =
        |verb: &String, forward: bool| chosen.iter().any(|one| one.verb == *verb && one.forward == forward);
    let whole = candidates
        .iter()
        .find(|one| one.expands.len() > 1 && one.expands.iter().all(|part| has(part, one.forward)));
    let Some(whole) = whole else { return chosen.to_vec() };
    let is_part = |one: &&&Candidate| whole.expands.contains(&one.verb) && one.forward == whole.forward;
    std::iter::once(whole).chain(chosen.iter().filter(|one| !is_part(one)).copied()).collect()
}

fn choice(candidate: &Candidate, allowed: &BTreeSet<&str>) -> Choice {
    let lacks =
        candidate.wanted.iter().filter(|action| !allowed.contains(action.as_str())).cloned().collect();
    Choice { forward: candidate.forward, verb: candidate.verb.clone(), lacks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(actor: &str, resource: &str, actions: &[&str]) -> Vec<(String, bool, usize)> {
        let catalog = Catalog::embedded();
        let candidates = candidates(&catalog, catalog.kind(actor).unwrap(), catalog.kind(resource).unwrap());
        let patterns = actions.iter().map(|action| (*action).to_owned()).collect();
        let reading = read(&candidates, &patterns);
        reading.choices.into_iter().map(|choice| (choice.verb, choice.forward, choice.lacks.len())).collect()
    }

    #[test]
    fn actions_become_the_fewest_verbs() {
        let object = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
        let read = reading("ec2_service", "s3", &object);
        assert!(read.contains(&("readwrite".to_owned(), true, 1)), "{read:?}");
        assert!(read.contains(&("delete".to_owned(), true, 0)), "{read:?}");
        assert_eq!(reading("lambda", "s3", &["s3:Get*"]), [("read".to_owned(), true, 0)]);
        let queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
        assert_eq!(reading("lambda", "sqs", &queue), [("consume".to_owned(), false, 0)]);
        assert_eq!(reading("lambda", "sqs", &["sqs:SendMessage"]), [("send".to_owned(), true, 0)]);
        assert_eq!(
            reading("lambda", "rds_postgres", &["rds-db:connect"]),
            [("readwrite".to_owned(), true, 0)]
        );
        assert_eq!(reading("lambda", "sqs", &["sqs:TagQueue"]), []);
    }
}
