//! Networks: VPCs, tiers, and which services stand in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::catalog::Placement;
use crate::import::plan::{Plan, Resource, ResourceId};
use crate::import::refs::References;
use crate::import::things::{self, Found, ThingId};
use crate::model::TierAccess;

/// A network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Its addresses, when they are known.
    pub cidr: Option<String>,
    /// Its region, when that is known.
    pub region: Option<String>,
    /// Its tiers.
    pub tiers: Vec<Tier>,
}

/// A tier of a network: subnets of one use.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// Who can reach it.
    pub access: TierAccess,
    /// Its subnets.
    pub subnets: BTreeSet<ResourceId>,
    /// The services in it.
    pub things: Vec<ThingId>,
}

/// All networks of a plan, without services.
pub fn networks(plan: &Plan, references: &References<'_>) -> Vec<Network> {
    let map = Map::new(plan, references);
    let vpcs: Vec<ResourceId> = of_kind(plan, "aws_vpc").collect();
    let mut names = BTreeSet::new();
    let networks = vpcs.iter().map(|vpc| {
        let resource = &plan.resources[*vpc];
        let name = free(&things::legal(&named(resource)), &mut names);
        Network {
            cidr: resource.string("cidr_block").map(str::to_owned),
            region: resource.string("region").map(str::to_owned),
            tiers: map.tiers(*vpc, vpcs.len() == 1, &name, &mut names),
            name,
        }
    });
    networks.collect()
}

/// The name of a resource with the key of its instance.
fn named(resource: &Resource) -> String {
    let key =
        resource.key.as_ref().map(|key| format!("_{}", key.as_str().map_or(key.to_string(), str::to_owned)));
    format!("{}{}", things::label(resource), key.unwrap_or_default())
}

fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let chosen = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let chosen = chosen.unwrap_or_default();
    taken.insert(chosen.clone());
    chosen
}

fn of_kind<'p>(plan: &'p Plan, kind: &'p str) -> impl Iterator<Item = ResourceId> {
    plan.resources
        .iter()
        .filter(move |(_, resource)| resource.kind == kind && !resource.is_data)
        .map(|(id, _)| id)
}

/// Routes, looked up once.
struct Map<'a> {
    plan: &'a Plan,
    references: &'a References<'a>,
    /// By route table.
    routes: BTreeMap<ResourceId, TierAccess>,
    /// Route tables by subnet.
    tables: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
}

impl<'a> Map<'a> {
    fn new(plan: &'a Plan, references: &'a References<'a>) -> Self {
        let mut map = Self { plan, references, routes: BTreeMap::new(), tables: BTreeMap::new() };
        for route in of_kind(plan, "aws_route") {
            let access = map.access(route, "gateway_id", "nat_gateway_id");
            for table in references.at(route, "route_table_id") {
                map.open(table, access);
            }
        }
        for table in of_kind(plan, "aws_route_table") {
            let access = map.access(table, "route.gateway_id", "route.nat_gateway_id");
            map.open(table, access);
        }
        for association in of_kind(plan, "aws_route_table_association") {
            let tables = references.at(association, "route_table_id");
            for subnet in references.at(association, "subnet_id") {
                map.tables.entry(subnet).or_default().extend(&tables);
            }
        }
        map
    }

    fn open(&mut self, table: ResourceId, access: TierAccess) {
        let known = self.routes.entry(table).or_insert(TierAccess::Isolated);
        *known = access.min(*known);
    }

    /// What a route opens.
    fn access(&self, id: ResourceId, gateway: &str, nat: &str) -> TierAccess {
        let leads = |path: &str, kind: &str| {
            self.references.at(id, path).iter().any(|target| self.plan.resources[*target].kind == kind)
        };
        if leads(gateway, "aws_internet_gateway") {
            TierAccess::Public
        } else if leads(nat, "aws_nat_gateway") || leads(nat, "aws_instance") {
            TierAccess::Private
        } else {
            TierAccess::Isolated
        }
    }

    fn tiers(&self, vpc: ResourceId, only: bool, network: &str, names: &mut BTreeSet<String>) -> Vec<Tier> {
        let mut groups: BTreeMap<(String, TierAccess), BTreeSet<ResourceId>> = BTreeMap::new();
        for subnet in of_kind(self.plan, "aws_subnet") {
            let vpcs = self.references.at(subnet, "vpc_id");
            if vpcs.contains(&vpc) || (only && vpcs.is_empty()) {
                let tables = self.tables.get(&subnet).into_iter().flatten();
                let access = tables.filter_map(|table| self.routes.get(table)).min().copied();
                let key = (
                    tier_name(&self.plan.resources[subnet], network),
                    access.unwrap_or(TierAccess::Isolated),
                );
                groups.entry(key).or_default().insert(subnet);
            }
        }
        let mut tiers: Vec<Tier> = groups
            .into_iter()
            .map(|((name, access), subnets)| Tier {
                name: free(&name, names),
                access,
                subnets,
                things: Vec::new(),
            })
            .collect();
        tiers.sort_by_key(|tier| tier.access);
        tiers
    }
}

/// The name of the tier a subnet belongs to: its label without the network's name and without the zone.
fn tier_name(subnet: &Resource, network: &str) -> String {
    let label = &subnet.label;
    let bare = label.strip_prefix(network).map_or(label.as_str(), |rest| rest.trim_start_matches(['_', '-']));
    let kept = if subnet.key.is_some() { bare } else { without_zone(bare) };
    let kept = kept.strip_suffix("_subnet").or_else(|| kept.strip_suffix("-subnet")).unwrap_or(kept);
    things::legal(if kept.is_empty() { label } else { kept })
}

/// `private_a` and `private-2` without the last part.
fn without_zone(label: &str) -> &str {
    match label.rsplit_once(['_', '-']) {
        Some((head, tail)) if tail.len() <= 2 && !head.is_empty() => head,
        _ => label,
    }
}

/// Puts services into the tiers whose subnets they or their parts name.
pub fn place(networks: &mut [Network], found: &Found, references: &References<'_>, catalog: &Catalog) {
    for id in found.things.ids() {
        let Some(kind) = found.kind(catalog, id) else { continue };
        let may_stand = kind.placement.is_vpc() || kind.placement_optional.is_some_and(Placement::is_vpc);
        if found.things[id].folded.is_some() || !may_stand && kind.id != "lambda" {
            continue;
        }
        let mut named: BTreeSet<ResourceId> = found.owned(id).flat_map(|part| references.all(part)).collect();
        let is_placed = |named: &BTreeSet<ResourceId>| {
            networks.iter().flat_map(|network| &network.tiers).any(|tier| !tier.subnets.is_disjoint(named))
        };
        if !is_placed(&named) && kind.placement.is_vpc() {
            // What is run on demand stands where whoever runs it says.
            let own = found.things[id].resource;
            let runners = references.resources().map(|runner| references.all(runner));
            named.extend(runners.filter(|all| all.contains(&own)).flatten());
        }
        let tiers = networks.iter_mut().flat_map(|network| &mut network.tiers);
        let mut best: Vec<(usize, &mut Tier)> = tiers
            .map(|tier| (tier.subnets.intersection(&named).count(), tier))
            .filter(|(count, _)| *count > 0)
            .collect();
        best.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        if let Some((_, tier)) = best.into_iter().next() {
            tier.things.push(id);
        }
    }
}
