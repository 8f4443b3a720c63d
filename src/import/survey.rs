//! The survey of a plan: everything that was found in it, before it becomes a model or is compared with one.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::import::flows::{self, Bonds, Ground};
use crate::import::folds;
use crate::import::people::{self, Person};
use crate::import::places::{self, Network};
use crate::import::plan::{self, Plan, ResourceId, shown};
use crate::import::policies::{self, Policies};
use crate::import::refs::References;
use crate::import::rules;
use crate::import::settings::{self, Written};
use crate::import::things::{self, Found, ThingId};
use crate::text::{FileId, Ident, Source, Text};

/// What a plan holds.
#[derive(Debug)]
pub struct Survey {
    pub(super) plan: Plan,
    pub(super) found: Found,
    pub(super) networks: Vec<Network>,
    pub(super) bonds: Bonds,
    pub(super) people: Vec<Person>,
    pub(super) settings: BTreeMap<ThingId, Vec<Written>>,
    pub(super) system: SystemFacts,
    /// Types without a counterpart, with the addresses of their resources.
    pub(super) unknown: BTreeMap<String, Vec<String>>,
    /// The settings the plan tells, whether or not they are the defaults.
    pub(super) told: BTreeMap<ThingId, BTreeSet<String>>,
    /// The actions each thing may take on each other.
    pub(super) rights: BTreeMap<(ThingId, ThingId), BTreeSet<String>>,
    /// Things with a policy that is not known before it is applied.
    pub(super) unproven: BTreeSet<ThingId>,
    /// The topic that alarms tell.
    pub(super) alarmed: BTreeSet<ThingId>,
}

/// What a plan says of the whole.
#[derive(Debug, Clone, Default)]
pub struct SystemFacts {
    pub(super) name: String,
    pub(super) region: Option<String>,
    pub(super) env: Option<String>,
    pub(super) owner: Option<Text>,
}

/// A model read from a plan.
#[derive(Debug)]
pub struct Import {
    /// The text of the model.
    pub text: String,
    /// What is worth saying about the plan.
    pub findings: Vec<Diagnostic>,
}

/// Reads a plan.
///
/// # Errors
/// One finding when nothing can be read of it.
pub fn survey(
    file: FileId,
    source: &Source,
    catalog: &Catalog,
    name: Option<&Ident>,
) -> Result<(Survey, Vec<Diagnostic>), Box<Diagnostic>> {
    let (plan, mut findings) = plan::read(file, source)?;
    let rows = catalog.terraform_rows();
    let references = References::new(&plan, rows);
    let mut networks = places::networks(&plan, &references);
    let taken = network_names(&networks);
    let mut found = things::find(&plan, &references, catalog, taken);
    let ground = Ground { plan: &plan, references: &references, catalog };
    let stated = folds::children(ground, &mut found);
    folds::merge(ground, &mut found);
    let own_keys = folds::keys(ground, &mut found);
    let policies = policies::read(&plan, &references);
    let mut bonds = flows::find(ground, &mut found, &policies);
    bonds.stated.extend(stated);
    places::place(&mut networks, &found, &references, catalog);
    let mut taken: BTreeSet<String> = found.things.values().map(|thing| thing.name.to_string()).collect();
    taken.extend(network_names(&networks));
    let people = people::find(&plan, &references, catalog, &found, &policies, &taken);
    let settings = all_settings(&plan, catalog, &found, &bonds, &own_keys);
    let alarmed = alarmed(&plan, &references, &found);
    let unknown = unknown(&plan, catalog, &found);
    findings.extend(remarks(&plan, catalog, &found, &policies, &people, &unknown));
    findings.extend(open_groups(&plan, &references, &found, catalog));
    let system = system(&plan, name);
    let told = found.things.ids().map(|id| (id, settings::told(&plan, catalog, &found, id))).collect();
    let rights = flows::rights(&found, catalog, &policies)
        .into_iter()
        .map(|(pair, (_, actions))| (pair, actions))
        .collect();
    let unproven = policies.unknown.iter().flat_map(|policy| references.at(*policy, "role")).collect();
    let unproven = found.owners_of(&unproven);
    let survey = Survey {
        plan,
        found,
        networks,
        bonds,
        people,
        settings,
        system,
        unknown,
        told,
        rights,
        unproven,
        alarmed,
    };
    Ok((survey, findings))
}

fn network_names(networks: &[Network]) -> BTreeSet<String> {
    let tiers = networks.iter().flat_map(|network| network.tiers.iter().map(|tier| tier.name.clone()));
    networks.iter().map(|network| network.name.clone()).chain(tiers).collect()
}

fn all_settings(
    plan: &Plan,
    catalog: &Catalog,
    found: &Found,
    bonds: &Bonds,
    own_keys: &[ThingId],
) -> BTreeMap<ThingId, Vec<Written>> {
    let mut all = BTreeMap::new();
    for id in found.things.ids() {
        let mut own = settings::of_thing(plan, catalog, found, id);
        for (_, setting, what) in bonds.names.iter().filter(|(of, ..)| *of == id) {
            own.retain(|(name, _)| name != setting);
            own.push((setting.clone(), found.things[*what].name.to_string()));
        }
        for (_, setting, value) in bonds.stated.iter().filter(|(of, ..)| *of == id) {
            if own.iter().all(|(name, _)| name != setting) {
                own.push((setting.clone(), value.clone()));
            }
        }
        own.extend(own_keys.contains(&id).then(|| ("key".to_owned(), "own".to_owned())));
        let folded = |child: &str| {
            let name = found.things[id].name.child(child);
            found.things.values().any(|thing| thing.folded.is_some() && thing.name == name)
        };
        if folded("dlq") && !own.iter().any(|(name, _)| name == "dlq") {
            own.push(("dlq".to_owned(), String::new()));
        }
        all.insert(id, own);
    }
    all
}

/// The topics that alarms tell.
fn alarmed(plan: &Plan, references: &References<'_>, found: &Found) -> BTreeSet<ThingId> {
    let alarms = plan.resources.iter().filter(|(_, resource)| resource.kind == "aws_cloudwatch_metric_alarm");
    let told = alarms.flat_map(|(id, _)| references.at(id, "alarm_actions")).collect();
    let topics = found.owners_of(&told);
    topics.into_iter().filter(|id| found.things[*id].kind == "sns").collect()
}

/// Resources that are neither things nor parts nor bonds nor without meaning.
fn unknown(plan: &Plan, catalog: &Catalog, found: &Found) -> BTreeMap<String, Vec<String>> {
    let rows = catalog.terraform_rows();
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, resource) in plan.resources.iter().filter(|(_, resource)| !resource.is_data) {
        let is_known = rows.ignored.contains(&resource.kind)
            || rows.common_parts.contains(&resource.kind)
            || rows.joints.iter().any(|joint| joint.resource == resource.kind)
            || found.owners(id).next().is_some();
        if !is_known {
            unknown.entry(resource.kind.clone()).or_default().push(resource.address.clone());
        }
    }
    unknown
}

fn remarks(
    plan: &Plan,
    catalog: &Catalog,
    found: &Found,
    policies: &Policies,
    people: &[Person],
    unknown: &BTreeMap<String, Vec<String>>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if found.things.is_empty() {
        findings.push(
            rules::NOTHING_FOUND
                .at(plan.place(""))
                .help("archc reads resources of the provider hashicorp/aws"),
        );
    }
    for (kind, addresses) in unknown {
        let first = addresses.first().map_or("", String::as_str);
        let message = format!("`{}` has no counterpart in a model", shown(kind));
        let count = format!("{} of them; they are listed at the end of the model", addresses.len());
        findings.push(
            rules::UNKNOWN_TYPE.at(plan.place(first)).message(message).note(count).subject(kind.as_str()),
        );
    }
    for id in &policies.unknown {
        let address = &plan.resources[*id].address;
        let finding = rules::UNPROVEN.at(plan.place(address));
        let message = format!("what `{}` allows is not known before it is applied", shown(address));
        let advice = "import the state after `terraform apply`: `terraform show -json > state.json`";
        findings.push(finding.message(message).subject(address.as_str()).help(advice));
    }
    findings.extend(wide(plan, catalog, found, policies, people));
    findings.extend(managed(plan, policies));
    findings
}

/// Policies with patterns, or about everything where AWS would let them name something.
fn wide(
    plan: &Plan,
    catalog: &Catalog,
    found: &Found,
    policies: &Policies,
    people: &[Person],
) -> Vec<Diagnostic> {
    let is_ours = |role: ResourceId| {
        found.owners(role).next().is_some() || people.iter().any(|person| person.role == role)
    };
    let mut wide: BTreeMap<ResourceId, BTreeSet<&str>> = BTreeMap::new();
    for allowance in policies.allowances.iter().filter(|allowance| is_ours(allowance.role)) {
        let is_wide = |action: &&String| {
            action.contains('*')
                || allowance.everything
                    && catalog.action(action).is_some_and(|facts| !facts.is_without_resource())
        };
        let actions = allowance.actions.iter().filter(is_wide).map(String::as_str);
        let known = wide.entry(allowance.role).or_default();
        known.extend(actions);
    }
    let told = wide.into_iter().filter(|(_, actions)| !actions.is_empty()).map(|(role, actions)| {
        let address = &plan.resources[role].address;
        let has_pattern = actions.iter().any(|action| action.contains('*'));
        let message = format!("`{}` may do more than a model can say", shown(address));
        let list: Vec<String> = actions.iter().take(6).map(|action| format!("`{}`", shown(action))).collect();
        let more = actions.len().saturating_sub(list.len());
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let finding = rules::TOO_WIDE.at(plan.place(address)).message(message).subject(address.as_str());
        let finding = if has_pattern { finding } else { finding.severity(crate::diag::Severity::Low) };
        finding.note(format!("{}{rest}", list.join(", "))).help("name actions and resources in the policy")
    });
    told.collect()
}

/// Where rules of security groups stand: the type, its addresses, the group.
const OPENINGS: [(&str, &[&str], &str); 3] = [
    ("aws_vpc_security_group_ingress_rule", &["cidr_ipv4", "cidr_ipv6"], "security_group_id"),
    ("aws_security_group_rule", &["cidr_blocks", "ipv6_cidr_blocks"], "security_group_id"),
    ("aws_security_group", &["ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"], "self"),
];

/// Policies of AWS's own: what they allow is not in the plan. Those that a service needs for itself say nothing.
fn managed(plan: &Plan, policies: &Policies) -> Vec<Diagnostic> {
    const OWN: [&str; 3] = ["service-role/", "AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"];
    let foreign = policies.managed.iter().filter(|(_, name)| !OWN.iter().any(|own| name.starts_with(own)));
    let told = foreign.map(|(role, name)| {
        let address = &plan.resources[*role].address;
        let message = format!("`{}` may do what AWS's `{}` allows", shown(address), shown(name));
        let finding = rules::MANAGED.at(plan.place(address)).message(message).subject(address.as_str());
        finding.help("give it a policy of its own that names its actions and resources, and import again")
    });
    told.collect()
}

/// Rules that let in any address where no public entry stands.
fn open_groups(
    plan: &Plan,
    references: &References<'_>,
    found: &Found,
    catalog: &Catalog,
) -> Vec<Diagnostic> {
    use crate::catalog::Trait;
    let anywhere = ["0.0.0.0/0", "::/0"];
    let mut findings = Vec::new();
    for (id, rule) in plan.resources.iter() {
        let Some((_, path, group)) = OPENINGS.iter().find(|(kind, ..)| *kind == rule.kind) else { continue };
        let is_outward = rule.string("type").is_some_and(|way| way != "ingress");
        let addresses = path.iter().flat_map(|path| settings::each(&rule.values, path));
        let is_open =
            addresses.into_iter().any(|known| known.as_str().is_some_and(|known| anywhere.contains(&known)));
        if is_outward || !is_open {
            continue;
        }
        for thing in found.owners_of(&references.at(id, group)) {
            let is_entry =
                found.kind(catalog, thing).is_some_and(|kind| kind.has(Trait::L7) || kind.has(Trait::L4));
            if !is_entry {
                let name = &found.things[thing].name;
                let message = format!("`{name}` lets in any address");
                let finding =
                    rules::OPEN_GROUP.at(plan.place(&rule.address)).message(message).subject(name.as_str());
                findings.push(finding.help("let in a security group, or put a load balancer in front"));
            }
        }
    }
    findings
}

fn system(plan: &Plan, name: Option<&Ident>) -> SystemFacts {
    let variable = |name: &str| plan.variables.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let tag = |name: &str| {
        let tags = plan
            .resources
            .values()
            .filter_map(|resource| resource.values.get("tags_all")?.get(name)?.as_str());
        most_common(tags)
    };
    let regions = plan
        .resources
        .values()
        .filter(|resource| !resource.is_data)
        .filter_map(|resource| resource.string("region"));
    let project = variable("project").or_else(|| variable("name")).or_else(|| tag("Project"));
    SystemFacts {
        name: name.map_or_else(
            || things::legal(&project.unwrap_or_else(|| "imported".to_owned())),
            ToString::to_string,
        ),
        region: most_common(regions).or_else(|| variable("region")).filter(|region| is_region(region)),
        env: variable("environment").or_else(|| tag("Environment")).map(|env| things::legal(&env)),
        owner: tag("Owner").map(Text::from),
    }
}

/// Has it the form of a region's name?
pub(super) fn is_region(text: &str) -> bool {
    text.len() <= 25
        && text.contains('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn most_common<'t>(texts: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(text, _)| text.to_owned())
}
