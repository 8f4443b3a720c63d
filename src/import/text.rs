//! From a survey to the text of a model.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::import::places::{Network, Tier};
use crate::import::settings::quoted;
use crate::import::survey::{Survey, is_region};
use crate::import::things::ThingId;
use crate::model::{Cidr, TierAccess};
use crate::text::Text;

/// The most addresses of one type that are listed.
const MOST_LISTED: usize = 20;

/// Writes the model of a survey; `origin` is what the plan is called.
pub fn write(survey: &Survey, catalog: &Catalog, origin: &Text) -> String {
    let writer = Writer { survey, catalog };
    let mut out = format!("# Read from {} by `archc import`.\n", origin.terminal());
    out.push_str("# People, loads, objectives and budgets are not in a plan: add them.\n\n");
    writer.push_system(&mut out);
    writer.push_things(&mut out);
    writer.push_flows(&mut out);
    writer.push_people(&mut out);
    writer.push_rest(&mut out);
    out
}

struct Writer<'s> {
    survey: &'s Survey,
    catalog: &'s Catalog,
}

const ACCESSES: [(TierAccess, &str); 3] =
    [(TierAccess::Public, "public"), (TierAccess::Private, "private"), (TierAccess::Isolated, "isolated")];

impl Writer<'_> {
    fn name(&self, id: ThingId) -> &str {
        self.survey.found.things[id].name.as_str()
    }

    fn is_written(&self, id: ThingId) -> bool {
        self.survey.found.things[id].folded.is_none()
    }

    fn push_system(&self, out: &mut String) {
        let system = &self.survey.system;
        let region = system.region.as_deref().unwrap_or("us-east-1");
        let mut settings = Vec::new();
        settings.extend(system.env.as_ref().map(|env| format!("env {env}")));
        let tiers = self.survey.networks.iter().flat_map(|network| &network.tiers);
        let zones = tiers.map(|tier| tier.subnets.len()).max().unwrap_or(0);
        settings.extend((1..=6).contains(&zones).then(|| format!("zones {zones}")));
        let owner = system.owner.as_ref().and_then(|owner| quoted(&owner.chars().collect::<String>()));
        settings.extend(owner.map(|owner| format!("owner {owner}")));
        let _ = writeln!(out, "system {} in {region} {{ {} }}\n", system.name, settings.join("; "));
    }

    /// Declarations: first what stands in no network, then networks; those of other regions inside a `region`.
    fn push_things(&self, out: &mut String) {
        let placed: BTreeSet<ThingId> = self.tiers().flat_map(|tier| tier.things.iter().copied()).collect();
        let home = self.survey.system.region.as_deref().unwrap_or("us-east-1");
        let mut regions: BTreeMap<&str, (Vec<ThingId>, Vec<&Network>)> =
            BTreeMap::from([("", Default::default())]);
        for id in self.survey.found.things.ids().filter(|id| self.is_written(*id) && !placed.contains(id)) {
            let region = self.region(id).filter(|region| *region != home).unwrap_or("");
            regions.entry(region).or_default().0.push(id);
        }
        for network in &self.survey.networks {
            let region = network.region.as_deref().filter(|region| is_region(region) && *region != home);
            regions.entry(region.unwrap_or("")).or_default().1.push(network);
        }
        for (region, (things, networks)) in regions {
            let indent = if region.is_empty() { "" } else { "  " };
            if !region.is_empty() {
                let _ = writeln!(out, "region {region} {{");
            }
            for id in things {
                self.push_thing(out, indent, id);
            }
            for network in networks {
                self.push_network(out, indent, network);
            }
            out.push_str(if region.is_empty() { "" } else { "}\n" });
        }
        out.push('\n');
    }

    fn tiers(&self) -> impl Iterator<Item = &Tier> {
        self.survey.networks.iter().flat_map(|network| &network.tiers)
    }

    fn region(&self, id: ThingId) -> Option<&str> {
        let resource = &self.survey.plan.resources[self.survey.found.things[id].resource];
        let is_edge = self.survey.found.kind(self.catalog, id).is_some_and(|kind| {
            !matches!(kind.placement, crate::catalog::Placement::Regional) && !kind.placement.is_vpc()
        });
        resource.string("region").filter(|region| !is_edge && is_region(region))
    }

    fn push_network(&self, out: &mut String, indent: &str, network: &Network) {
        let cidr = network.cidr.as_deref().filter(|cidr| Cidr::parse(cidr).is_some());
        let cidr = cidr.map(|cidr| format!(" {cidr}")).unwrap_or_default();
        let _ = writeln!(out, "{indent}vpc {}{cidr} {{", network.name);
        for tier in &network.tiers {
            let things: Vec<ThingId> =
                tier.things.iter().copied().filter(|id| self.is_written(*id)).collect();
            // The public tier of NAT gateways and load balancers follows by itself.
            if things.is_empty() && tier.access == TierAccess::Public {
                continue;
            }
            let access =
                ACCESSES.iter().find(|(access, _)| *access == tier.access).map_or("", |(_, word)| word);
            let _ = writeln!(out, "{indent}  tier {} {access} {{", tier.name);
            for id in things {
                self.push_thing(out, &format!("{indent}    "), id);
            }
            let _ = writeln!(out, "{indent}  }}");
        }
        let _ = writeln!(out, "{indent}}}");
    }

    fn push_thing(&self, out: &mut String, indent: &str, id: ThingId) {
        let word = self.survey.found.kind(self.catalog, id).map_or("", |kind| kind.word.as_str());
        let settings = self.survey.settings.get(&id).map_or(&[][..], Vec::as_slice);
        let keyword = |name: &str| {
            let kind = self.survey.found.kind(self.catalog, id)?;
            kind.setting(name)?.keyword.as_deref()
        };
        let written: Vec<String> = settings
            .iter()
            .map(|(name, value)| match (keyword(name), value.as_str()) {
                (_, "") => name.clone(),
                (Some(keyword), value) if value != "off" => format!("{name} {keyword} {value}"),
                (_, value) => format!("{name} {value}"),
            })
            .collect();
        let body = if written.is_empty() { String::new() } else { format!(" {{ {} }}", written.join("; ")) };
        let _ = writeln!(out, "{indent}{word} {}{body}", self.name(id));
    }

    fn push_flows(&self, out: &mut String) {
        let mut arrows: Vec<_> = self.survey.bonds.arrows.iter().collect();
        arrows.sort_by_key(|arrow| (arrow.from, arrow.to));
        for arrow in arrows {
            let _ = write!(out, "{} -> {} : {}", self.name(arrow.from), self.name(arrow.to), arrow.verb);
            if !arrow.lacks.is_empty() {
                let _ = write!(out, "  # the plan does not allow {}", arrow.lacks.join(", "));
            }
            out.push('\n');
        }
        let why = quoted("found in the plan").unwrap_or_default();
        for extra in &self.survey.bonds.extras {
            let is_known = |action: &&String| self.catalog.action(action).is_some();
            let actions: Vec<String> =
                extra.actions.iter().filter(is_known).filter_map(|action| quoted(action)).collect();
            if !actions.is_empty() {
                let (who, on) = (self.name(extra.actor), self.name(extra.on));
                let _ = writeln!(out, "grant {who} : actions {} on {on} because {why}", actions.join(", "));
            }
        }
        out.push('\n');
    }

    fn push_people(&self, out: &mut String) {
        for person in &self.survey.people {
            let mut parts: Vec<String> = Vec::new();
            for permit in &person.permits {
                let names: Vec<&str> = permit.on.iter().map(|id| self.name(*id)).collect();
                let on = if permit.all { "all".to_owned() } else { names.join(", ") };
                parts.push(format!("{} {on}", permit.verb));
            }
            parts.extend(person.mfa.then(|| "mfa".to_owned()));
            parts.extend(person.boundary.then(|| "boundary".to_owned()));
            parts.extend(person.hours.map(|hours| format!("session {hours} h")));
            let _ = writeln!(out, "role {} {{ {} }}", person.name, parts.join("; "));
            let left: Vec<&str> = person.left.iter().map(String::as_str).collect();
            if !left.is_empty() {
                let words = Text::new(format!("the plan also allows {}: {}", person.name, left.join(", ")));
                let _ = writeln!(out, "# {}", words.terminal());
            }
        }
        let topics: Vec<&str> =
            self.survey.alarmed.iter().filter(|id| self.is_written(**id)).map(|id| self.name(*id)).collect();
        if !topics.is_empty() {
            let _ = writeln!(out, "alarms auto -> {}", topics.join(", "));
        }
    }

    /// What is not in the model, as remarks.
    fn push_rest(&self, out: &mut String) {
        let folded =
            self.survey.found.things.values().filter_map(|thing| Some((thing, thing.folded.as_ref()?)));
        let lines: Vec<String> = folded
            .map(|(thing, why)| {
                let address = Text::new(self.survey.plan.resources[thing.resource].address.as_str());
                format!("#   {}: {why}\n", address.terminal())
            })
            .collect();
        if !lines.is_empty() {
            out.push_str("\n# Left out, because it follows from the rest:\n");
            out.extend(lines);
        }
        if !self.survey.unknown.is_empty() {
            out.push_str("\n# Not known to archc, and not in this model:\n");
        }
        for (kind, addresses) in &self.survey.unknown {
            for address in addresses.iter().take(MOST_LISTED) {
                let _ = writeln!(out, "#   {}", Text::new(address.as_str()).terminal());
            }
            if addresses.len() > MOST_LISTED {
                let more = addresses.len() - MOST_LISTED;
                let _ = writeln!(out, "#   and {more} more of {}", Text::new(kind.as_str()).terminal());
            }
        }
    }
}
