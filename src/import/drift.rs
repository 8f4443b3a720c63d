//! What differs between a model and a plan or state, by severity.
//!
//! The plan is read into a model first, so that both sides are compared in the language's own words.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::check::waive::apply_to_drift;
use crate::check::{Case, Review};
use crate::derive::access::{Carrier, Effect, Principal};
use crate::derive::network::{Direction, Peer};
use crate::diag::{Diagnostic, Severity};
use crate::import::flows::knows;
use crate::import::plan::shown;
use crate::import::policies::matches;
use crate::import::rules;
use crate::import::survey::Survey;
use crate::import::text;
use crate::import::things::ThingId;
use crate::model::{ContainerKind, Model, ServiceId, Value};
use crate::syntax::parse;
use crate::text::{FileId, Source, Span, Text};

/// Settings whose difference is a risk, not a preference.
const GUARDS: [&str; 9] =
    ["multi-az", "backup", "public", "tls", "pitr", "key", "deletion-protection", "auth", "waf"];
/// The most names a remark lists.
const MOST_LISTED: usize = 8;

/// Compares a reviewed model with the survey of a plan.
pub fn compare(review: &Review, survey: &Survey, catalog: &Catalog) -> Vec<Diagnostic> {
    let back = imported(survey, catalog);
    let pairs = pairs(&review.model, survey);
    let comparison = Comparison { review, survey, catalog, back, pairs };
    let mut findings = comparison.services();
    findings.extend(comparison.settings());
    findings.extend(comparison.rights());
    findings.extend(comparison.network());
    findings.extend(comparison.outside());
    let case = Case { model: &review.model, facts: &review.facts, catalog, today: review.today };
    let mut findings = apply_to_drift(&case, findings);
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// The model that the plan alone gives.
fn imported(survey: &Survey, catalog: &Catalog) -> Model {
    let text = text::write(survey, catalog, &Text::new("plan"));
    let (ast, _) = parse(FileId(0), &Source::new("plan", text));
    crate::model::resolve(&[(ast, None)], None, catalog).0
}

/// Things with the services they are: by label, the form both names have in Terraform. What a service needs several of (the
/// schedules of a scheduler, a topic's twin in another region) begins with its label.
fn pairs(model: &Model, survey: &Survey) -> BTreeMap<ThingId, ServiceId> {
    let mut labels: BTreeMap<String, ServiceId> = BTreeMap::new();
    for (id, service) in model.services.iter() {
        labels.extend(service.was.as_ref().map(|was| (was.label(), id)));
        labels.insert(service.name.label(), id);
    }
    let of_label = |label: &str| labels.get(label).copied();
    let things = survey.found.things.iter();
    let paired = things.filter_map(|(id, thing)| {
        let label = &survey.plan.resources[thing.resource].label;
        let of_same_kind = |found: &ServiceId| model.services[*found].kind.id == thing.kind;
        let longer = label.match_indices('_').rev().filter_map(|(at, _)| of_label(label.get(..at)?));
        let exact = of_label(&thing.name.label()).or_else(|| of_label(label));
        Some((id, exact.or_else(|| longer.into_iter().find(of_same_kind))?))
    });
    paired.collect()
}

struct Comparison<'a> {
    review: &'a Review,
    survey: &'a Survey,
    catalog: &'a Catalog,
    back: Model,
    pairs: BTreeMap<ThingId, ServiceId>,
}

impl Comparison<'_> {
    fn model(&self) -> &Model {
        &self.review.model
    }

    fn span(&self, id: ServiceId) -> Span {
        self.model().services[id].span
    }

    /// Where a thing stands in the plan.
    fn place(&self, id: ThingId) -> Span {
        let plan = &self.survey.plan;
        plan.place(&plan.resources[self.survey.found.things[id].resource].address)
    }

    /// Services that one side lacks, or has as something else, or elsewhere.
    fn services(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let known: BTreeSet<ServiceId> = self.pairs.values().copied().collect();
        let rows = &self.catalog.terraform_rows().things;
        for (_, service) in self.model().services.iter().filter(|(id, _)| !known.contains(id)) {
            if !rows.iter().any(|row| row.kind == service.kind.id) {
                continue;
            }
            let name = &service.name;
            let finding = rules::MISSING.at(service.span).message(format!("`{name}` is not in the plan"));
            let severity = if service.is_derived() { Severity::Medium } else { Severity::High };
            let advice = format!("apply the model's Terraform, or take `{name}` out of the model");
            findings.push(finding.severity(severity).subject(name.as_str()).help(advice));
        }
        for (id, thing) in self.survey.found.things.iter() {
            match self.pairs.get(&id) {
                None if thing.folded.is_none() => findings.push(self.unmanaged(id)),
                None => {}
                Some(service) => findings.extend(self.kind(id, *service).or_else(|| self.tier(id, *service))),
            }
        }
        findings
    }

    fn unmanaged(&self, id: ThingId) -> Diagnostic {
        let thing = &self.survey.found.things[id];
        let word = self.survey.found.kind(self.catalog, id).map_or("", |kind| kind.word.as_str());
        let message = format!("`{}` (`{word}`) is not in the model", thing.name);
        let finding = rules::UNMANAGED.at(self.place(id)).message(message).subject(thing.name.as_str());
        finding.help(format!("declare `{word} {}`, or remove it from the Terraform", thing.name))
    }

    fn kind(&self, thing: ThingId, service: ServiceId) -> Option<Diagnostic> {
        let own = &self.model().services[service];
        let theirs = self.survey.found.kind(self.catalog, thing)?;
        (own.kind.id != theirs.id).then(|| {
            let message = format!(
                "`{}` is `{}` in the model and `{}` in the plan",
                own.name, own.kind.word, theirs.word
            );
            let finding = rules::OTHER_KIND.at(own.span).message(message).subject(own.name.as_str());
            finding.label(self.place(thing), "here in the plan")
        })
    }

    /// The tier a service stands in, by name.
    fn tier(&self, thing: ThingId, service: ServiceId) -> Option<Diagnostic> {
        let own = &self.model().services[service];
        let place = self.model().place_of(service, ContainerKind::Tier)?;
        let place = &self.model().places[place];
        let tiers = self.survey.networks.iter().flat_map(|network| &network.tiers);
        let theirs = tiers.into_iter().find(|tier| tier.things.contains(&thing))?;
        let differs = place.access.is_some_and(|access| access != theirs.access);
        differs.then(|| {
            let message = format!("`{}` stands in another sort of tier in the plan", own.name);
            let finding = rules::OTHER_TIER.at(own.span).message(message).subject(own.name.as_str());
            let access = |access: crate::model::TierAccess| format!("{access:?}").to_lowercase();
            let here = place.access.map(access).unwrap_or_default();
            finding.note(format!(
                "`{}` is {here}, `{}` is {}",
                place.name,
                theirs.name,
                access(theirs.access)
            ))
        })
    }

    /// Settings the model states and the plan tells, when they differ.
    fn settings(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (thing, service) in &self.pairs {
            let own = &self.model().services[*service];
            if own.is_derived() {
                continue;
            }
            let Some(back) = self.back.service(self.survey.found.things[*thing].name.as_str()) else {
                continue;
            };
            let back = &self.back.services[back].settings;
            for name in self.survey.told.get(thing).into_iter().flatten() {
                let (Some(ours), Some(theirs)) = (own.settings.0.get(name), back.0.get(name)) else {
                    continue;
                };
                if own.settings.is_stated(name) && !is_same(&ours.value, &theirs.value) {
                    findings.push(self.setting(*thing, *service, name, ours.span));
                }
            }
        }
        findings
    }

    fn setting(&self, thing: ThingId, service: ServiceId, name: &str, span: Span) -> Diagnostic {
        let own = &self.model().services[service].name;
        let message = format!("`{name}` of `{own}` differs from the plan");
        let written = self.survey.settings.get(&thing).into_iter().flatten().find(|(known, _)| known == name);
        let theirs = match written {
            Some((_, value)) if value.is_empty() => "on".to_owned(),
            Some((_, value)) => value.clone(),
            None => "the default".to_owned(),
        };
        let severity = if GUARDS.contains(&name) { Severity::High } else { Severity::Low };
        let finding = rules::OTHER_SETTING.at(span).message(message).severity(severity).subject(own.as_str());
        finding
            .note(format!("the plan has {}", Text::new(theirs).terminal()))
            .label(self.place(thing), "here in the plan")
    }

    /// What each service may do with each other one in the model.
    fn granted(&self) -> BTreeMap<(ServiceId, ServiceId), BTreeSet<&str>> {
        let mut granted: BTreeMap<(ServiceId, ServiceId), BTreeSet<&str>> = BTreeMap::new();
        for grant in &self.review.facts.access.grants {
            let (Principal::Service(actor), Some(on)) = (&grant.principal, grant.resource.service) else {
                continue;
            };
            if grant.carrier == Carrier::Identity && grant.effect == Effect::Allow {
                let kind = &self.model().services[on].kind;
                let known = grant.actions.iter().map(String::as_str).filter(|action| knows(kind, action));
                granted.entry((*actor, on)).or_default().extend(known);
            }
        }
        granted
    }

    /// Rights that one side has and the other has not.
    fn rights(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let granted = self.granted();
        let mut seen: BTreeMap<(ServiceId, ServiceId), BTreeSet<&str>> = BTreeMap::new();
        for ((actor, on), actions) in &self.survey.rights {
            let (Some(from), Some(to)) = (self.pairs.get(actor), self.pairs.get(on)) else { continue };
            if from == to || self.is_child(*from, *to) {
                continue;
            }
            seen.entry((*from, *to)).or_default().extend(actions.iter().map(String::as_str));
            let own = granted.get(&(*from, *to));
            let more = actions.iter().filter(|action| own.is_none_or(|own| !own.contains(action.as_str())));
            let more: Vec<&str> = more.map(String::as_str).collect();
            if !more.is_empty() {
                let words = "may do more with";
                let finding = self.right(&rules::MORE_RIGHTS, words, (*from, *to), &more);
                findings.push(finding.label(self.place(*actor), "its role in the plan says so"));
            }
        }
        for ((from, to), own) in &granted {
            let unproven =
                self.pairs.iter().any(|(thing, id)| id == from && self.survey.unproven.contains(thing));
            let paired = |id: &ServiceId| self.pairs.values().any(|known| known == id);
            if from == to || unproven || !paired(from) || !paired(to) {
                continue;
            }
            let theirs = seen.get(&(*from, *to));
            let has = |action: &&&str| {
                theirs.is_some_and(|theirs| theirs.iter().any(|known| matches(known, action)))
            };
            let less: Vec<&str> = own.iter().filter(|action| !has(action)).copied().collect();
            if !less.is_empty() {
                findings.push(self.right(&rules::LESS_RIGHTS, "may do less with", (*from, *to), &less));
            }
        }
        findings
    }

    /// Is the second a part of the first, such as its key?
    fn is_child(&self, of: ServiceId, id: ServiceId) -> bool {
        let (of, name) = (self.model().services[of].name.as_str(), self.model().services[id].name.as_str());
        name.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'))
    }

    fn right(
        &self,
        rule: &crate::diag::Rule,
        words: &str,
        (from, to): (ServiceId, ServiceId),
        actions: &[&str],
    ) -> Diagnostic {
        let (actor, on) = (&self.model().services[from].name, &self.model().services[to].name);
        let message = format!("`{actor}` {words} `{on}` than the model says");
        let finding = rule.at(self.span(from)).message(message).subject(actor.as_str());
        finding.note(format!("in the plan: {}", listed(actions)))
    }

    /// Ways between security groups that one side has and the other has not.
    fn network(&self) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let rules =
            self.review.facts.network.rules.iter().filter(|rule| rule.direction == Direction::Ingress);
        let ours: BTreeSet<(ServiceId, ServiceId)> = rules
            .filter_map(|rule| match rule.peer {
                Peer::Group(peer) => Some((peer, rule.group)),
                _ => None,
            })
            .collect();
        let mut theirs = BTreeSet::new();
        for (from, to) in &self.survey.bonds.groups {
            let (Some(start), Some(tip)) = (self.pairs.get(from), self.pairs.get(to)) else { continue };
            theirs.insert((*start, *tip));
            if start != tip && !ours.contains(&(*start, *tip)) {
                let finding = self.way(&rules::MORE_WAYS, (*start, *tip), "lets in", "the model does not");
                findings.push(finding.label(self.place(*to), "its security group in the plan says so"));
            }
        }
        let paired = |id: &ServiceId| self.pairs.values().any(|known| known == id);
        for (from, to) in ours.iter().filter(|way| !theirs.contains(*way) && paired(&way.0) && paired(&way.1))
        {
            findings.push(self.way(&rules::LESS_WAYS, (*from, *to), "keeps out", "the model lets it in"));
        }
        findings
    }

    fn way(
        &self,
        rule: &crate::diag::Rule,
        (from, to): (ServiceId, ServiceId),
        verb: &str,
        other: &str,
    ) -> Diagnostic {
        let (start, tip) = (&self.model().services[from].name, &self.model().services[to].name);
        let message = format!("in the plan, `{tip}` {verb} `{start}`; {other}");
        rule.at(self.span(to)).message(message).subject(tip.as_str())
    }

    /// What was changed outside Terraform, and what Terraform would still change.
    fn outside(&self) -> Vec<Diagnostic> {
        let plan = &self.survey.plan;
        let changed = plan.changed_outside.iter().map(|(address, names)| {
            let message = format!("`{}` was changed outside Terraform", shown(address));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let finding =
                rules::CHANGED_OUTSIDE.at(plan.place(address)).message(message).subject(address.as_str());
            finding.note(if names.is_empty() { "it is gone".to_owned() } else { listed(&names) })
        });
        // A plan that creates everything is one before the first apply.
        let is_new = plan.pending.iter().all(|(_, actions)| actions.iter().all(|action| action == "create"));
        let pending = plan.pending.iter().filter(|_| !is_new).map(|(address, actions)| {
            let message = format!("Terraform would {} `{}`", actions.join(" and "), shown(address));
            rules::PENDING.at(plan.place(address)).message(message).subject(address.as_str())
        });
        changed.chain(pending).collect()
    }
}

/// Do two values say the same? The order of a list is not Terraform's.
fn is_same(ours: &Value, theirs: &Value) -> bool {
    let sorted = |text: String| {
        let mut words: Vec<String> = text.split(',').map(|word| word.trim().to_lowercase()).collect();
        words.sort();
        words
    };
    match (ours, theirs) {
        (Value::Words(ours), Value::Words(theirs)) => sorted(ours.join(",")) == sorted(theirs.join(",")),
        (Value::Text(ours), Value::Text(theirs)) => {
            sorted(ours.chars().collect()) == sorted(theirs.chars().collect())
        }
        _ => ours == theirs,
    }
}

/// Some names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let list: Vec<String> = names.iter().take(MOST_LISTED).map(|name| format!("`{}`", shown(name))).collect();
    let more = names.len().saturating_sub(list.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", list.join(", "))
}
