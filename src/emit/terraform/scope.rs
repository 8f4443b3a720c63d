//! What every emitter reads: the review, and how things of the model are called in Terraform and in AWS.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::Checked;
use crate::derive::Facts;
use crate::emit::terraform::balance::{self, Target};
use crate::emit::terraform::hcl::{Expr, code, template};
use crate::emit::terraform::module::Home;
use crate::model::{ContainerKind, Flow, FlowId, Model, PlaceId, Service, ServiceId, TierAccess};
use crate::text::{Sources, Span};

/// The most causes a block names in its comments.
const MOST_CAUSES: usize = 3;
/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 120;

/// The review as emitters see it.
#[derive(Debug)]
pub struct Scope<'r> {
    /// The model.
    pub model: &'r Model,
    /// What follows from it.
    pub facts: &'r Facts,
    sources: &'r Sources,
    labels: Vec<String>,
    outgoing: Vec<Vec<FlowId>>,
    incoming: Vec<Vec<FlowId>>,
    keys: BTreeMap<ServiceId, ServiceId>,
    groups: BTreeSet<ServiceId>,
    targets: OnceCell<Vec<Target>>,
}

impl<'r> Scope<'r> {
    /// Looks at a sound review.
    pub fn new(checked: Checked<'r>) -> Self {
        let review = checked.review();
        let model = &review.model;
        Self {
            model,
            facts: &review.facts,
            sources: &review.sources,
            labels: unique_labels(model),
            outgoing: by_end(model, |flow| flow.from),
            incoming: by_end(model, |flow| flow.to),
            keys: own_keys(model),
            groups: review.facts.network.groups.iter().copied().collect(),
            targets: OnceCell::new(),
        }
    }

    /// Every service behind a load balancer, found once.
    pub fn targets(&self) -> &[Target] {
        self.targets.get_or_init(|| balance::targets(self))
    }

    /// A service.
    pub fn service(&self, id: ServiceId) -> &'r Service {
        &self.model.services[id]
    }

    /// Is the service of this kind?
    pub fn is_a(&self, id: ServiceId, kind: &str) -> bool {
        self.service(id).is_a(kind)
    }

    /// The label of a service's blocks.
    pub fn label(&self, id: ServiceId) -> &str {
        self.labels.get(id.index()).map_or("_", String::as_str)
    }

    /// The label of the role that a service's code runs under.
    pub fn role_label(&self, id: ServiceId) -> &str {
        self.label(self.model.runs_as(id))
    }

    /// A reference to an attribute of a block of the service.
    pub fn attribute(&self, kind: &str, id: ServiceId, attribute: &str) -> Expr {
        code(format!("{kind}.{}.{attribute}", self.label(id)))
    }

    /// The name of a service in AWS: the system's name, then its own.
    pub fn name(&self, id: ServiceId) -> Expr {
        template(&format!("${{local.name}}-{}", self.service(id).name.dashed()))
    }

    /// The service's own name in lower case with hyphens.
    pub fn lower(&self, id: ServiceId) -> String {
        let dashed = self.service(id).name.dashed().to_lowercase();
        let mut parts: Vec<&str> = dashed.split('-').collect();
        parts.retain(|part| !part.is_empty());
        parts.join("-")
    }

    /// [`Scope::name`] followed by `suffix`, cut so that it keeps to `limit` characters with the default project and
    /// environment; a cut name ends in a number made from the whole one.
    pub fn name_within(&self, id: ServiceId, suffix: &str, limit: usize) -> Expr {
        let own = format!("{}{suffix}", self.lower(id));
        let room = limit.saturating_sub(self.prefix().chars().count() + 1);
        let kept = shortened(&own, room);
        template(&format!("${{local.name}}-{kept}"))
    }

    /// The value of `local.name` with default variables.
    pub fn prefix(&self) -> String {
        format!("{}-{}", self.project(), self.model.system.env.dashed().to_lowercase())
    }

    /// The default of the project variable.
    pub fn project(&self) -> String {
        let name = self.model.system.name.dashed().to_lowercase();
        let starts = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        let whole = if starts { name } else { format!("s-{name}") };
        shortened(&whole, 20)
    }

    /// The region a service runs in.
    pub fn region_name(&self, id: ServiceId) -> &'r str {
        let service = self.service(id);
        let is_waf_edge = service.is_a("waf") && service.settings.word("scope") == Some("cloudfront");
        let is_edge = service.is_a("cloudfront") || is_waf_edge || self.is_edge_certificate(id);
        if is_edge { "us-east-1" } else { self.model.region_of(id) }
    }

    /// Is it a certificate that CloudFront uses? Those live in one region.
    fn is_edge_certificate(&self, id: ServiceId) -> bool {
        let uses = |service: &Service| {
            service.is_a("cloudfront") && service.settings.service("certificate") == Some(id)
        };
        self.is_a(id, "acm")
            && (self.model.services.values().any(uses)
                || self.flows_from(id).any(|(_, flow)| self.is_a(flow.to, "cloudfront")))
    }

    /// The region of a service as an expression.
    pub fn region(&self, id: ServiceId) -> Expr {
        self.region_expr(self.region_name(id))
    }

    /// A region as an expression.
    pub fn region_expr(&self, region: &str) -> Expr {
        if region == self.model.system.region { code("var.region") } else { region.into() }
    }

    /// A region as a piece of a template pattern.
    pub fn region_pattern(&self, region: &str) -> String {
        let safe: String = region.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        if region == self.model.system.region { "${var.region}".to_owned() } else { safe }
    }

    /// A region as a label.
    pub fn region_label(region: &str) -> String {
        region.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    }

    /// The label of something the system has once a region: `main`, `main_eu_west_1`.
    pub fn regional_label(&self, word: &str, region: &str) -> String {
        let is_home = region == self.model.system.region;
        if is_home { word.to_owned() } else { format!("{word}_{}", Self::region_label(region)) }
    }

    /// The root module a service belongs to when the system is split: that of the innermost group around it.
    pub fn home(&self, id: ServiceId) -> Home {
        self.model.place_of(id, ContainerKind::Group).map_or(Home::Shared, Home::Group)
    }

    /// The VPC a service stands in.
    pub fn vpc_of(&self, id: ServiceId) -> Option<PlaceId> {
        self.model.place_of(id, ContainerKind::Vpc)
    }

    /// The label of a place's blocks: the VPC's name, with the tier's.
    pub fn place_label(&self, place: PlaceId) -> String {
        let named = |kind: ContainerKind| {
            let found = self.model.enclosing(Some(place)).find(|(_, place)| place.kind == kind);
            found.map(|(_, place)| place.name.label())
        };
        let label = match (named(ContainerKind::Vpc), named(ContainerKind::Tier)) {
            (Some(vpc), Some(tier)) if tier.starts_with(&format!("{vpc}_")) => tier,
            (Some(vpc), Some(tier)) => format!("{vpc}_{tier}"),
            (vpc, tier) => vpc.or(tier).unwrap_or_default(),
        };
        safe_label(&label)
    }

    /// The tier whose subnets a service uses: its own, else the first of its VPC with the wanted access.
    pub fn tier_of(&self, id: ServiceId, wanted: &[TierAccess]) -> Option<PlaceId> {
        self.model.place_of(id, ContainerKind::Tier).or_else(|| {
            let vpc = self.vpc_of(id)?;
            let vpc = self.facts.network.vpc(vpc)?;
            let with = |access: &TierAccess| vpc.tiers.iter().find(|(_, known)| known == access);
            wanted.iter().find_map(with).or(vpc.tiers.first()).map(|(tier, _)| *tier)
        })
    }

    /// The ids of the subnets of a tier, as a list expression.
    pub fn subnet_ids(&self, tier: PlaceId) -> Expr {
        code(format!("[for subnet in aws_subnet.{} : subnet.id]", self.place_label(tier)))
    }

    /// The ids of the subnets a service uses.
    pub fn subnets_of(&self, id: ServiceId, wanted: &[TierAccess]) -> Option<Expr> {
        self.tier_of(id, wanted).map(|tier| self.subnet_ids(tier))
    }

    /// The id of the security group of a service.
    pub fn group(&self, id: ServiceId) -> Expr {
        self.attribute("aws_security_group", id, "id")
    }

    /// Has the service a security group?
    pub fn has_group(&self, id: ServiceId) -> bool {
        self.groups.contains(&id)
    }

    /// Whole and derived flows that begin at a service.
    pub fn flows_from(&self, id: ServiceId) -> impl Iterator<Item = (FlowId, &'r Flow)> {
        self.among(&self.outgoing, id)
    }

    /// Whole and derived flows that end at a service.
    pub fn flows_to(&self, id: ServiceId) -> impl Iterator<Item = (FlowId, &'r Flow)> {
        self.among(&self.incoming, id)
    }

    fn among<'s>(
        &'s self,
        index: &'s [Vec<FlowId>],
        id: ServiceId,
    ) -> impl Iterator<Item = (FlowId, &'r Flow)> + use<'s, 'r> {
        let model = self.model;
        index.get(id.index()).into_iter().flatten().map(move |flow| (*flow, &model.flows[*flow]))
    }

    /// Services of a kind.
    pub fn services_of(&self, kind: &'static str) -> impl Iterator<Item = ServiceId> {
        self.model.services.iter().filter(move |(_, service)| service.is_a(kind)).map(|(id, _)| id)
    }

    /// The key of its own that a service's data is encrypted with, when it has one.
    pub fn own_key(&self, id: ServiceId) -> Option<ServiceId> {
        self.keys.get(&id).copied()
    }

    /// The ARN of [`Scope::own_key`].
    pub fn own_key_arn(&self, id: ServiceId) -> Option<Expr> {
        self.own_key(id).map(|key| self.attribute("aws_kms_key", key, "arn"))
    }

    /// Does AWS hold its servers, because the model says `mode serverless`?
    pub fn is_without_servers(&self, id: ServiceId) -> bool {
        self.service(id).settings.word("mode") == Some("serverless")
    }

    /// Does the system run in production?
    pub fn is_production(&self) -> bool {
        self.model.is_production()
    }

    /// Should AWS refuse to delete it?
    pub fn is_protected(&self, id: ServiceId) -> bool {
        let settings = &self.service(id).settings;
        let off = settings.is_stated("deletion-protection") && !settings.is_on("deletion-protection");
        self.is_production() && !off
    }

    /// Comment lines that say which lines of the model cause a block.
    pub fn provenance(&self, causes: &[Span]) -> Vec<String> {
        let lines: BTreeSet<(Span, String)> = causes.iter().map(|span| (*span, self.cause(*span))).collect();
        let mut seen = BTreeSet::new();
        let mut lines: Vec<String> =
            lines.into_iter().map(|(_, line)| line).filter(|line| seen.insert(line.clone())).collect();
        if lines.len() > MOST_CAUSES {
            let more = lines.len() - MOST_CAUSES;
            lines.truncate(MOST_CAUSES);
            lines.push(format!("and {more} more"));
        }
        lines
    }

    fn cause(&self, span: Span) -> String {
        let mut line = self.sources.place(span);
        for word in self.sources.line(span).split_whitespace() {
            line.push(' ');
            line.push_str(word);
        }
        if let Some((end, _)) = line.char_indices().nth(LONGEST_COMMENT) {
            line.truncate(end);
            line.push_str(" …");
        }
        line
    }
}

/// The flows of a model by one of their ends.
fn by_end(model: &Model, end: impl Fn(&Flow) -> ServiceId) -> Vec<Vec<FlowId>> {
    let mut index = vec![Vec::new(); model.services.len()];
    for (id, flow) in model.flows.iter() {
        if let Some(flows) = index.get_mut(end(flow).index()) {
            flows.push(id);
        }
    }
    index
}

/// Keys by the services whose data they encrypt: `NAME.key`, or a key that the service has a flow to.
fn own_keys(model: &Model) -> BTreeMap<ServiceId, ServiceId> {
    let is_key = |id: ServiceId| model.services[id].is_a("kms");
    let mut keys: BTreeMap<ServiceId, ServiceId> =
        model.flows.values().filter(|flow| is_key(flow.to)).map(|flow| (flow.from, flow.to)).collect();
    let names: BTreeMap<&str, ServiceId> =
        model.services.iter().map(|(id, service)| (service.name.as_str(), id)).collect();
    for (id, service) in model.services.iter().filter(|(id, _)| is_key(*id)) {
        let owner = service.name.as_str().strip_suffix(".key").and_then(|name| names.get(name));
        keys.extend(owner.map(|owner| (*owner, id)));
    }
    keys
}

/// The numbers of days a log group may keep its entries (`PutRetentionPolicy`).
const RETENTIONS: [u64; 23] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    3653,
];

/// The smallest accepted number of days that is not less than `days`.
pub fn retention(days: u64) -> u64 {
    RETENTIONS.into_iter().find(|known| *known >= days).unwrap_or(3653)
}

/// A label for each service, by its place in the arena; equal ones are numbered.
fn unique_labels(model: &Model) -> Vec<String> {
    let mut used = BTreeSet::new();
    let mut labels = Vec::with_capacity(model.services.len());
    for service in model.services.values() {
        let label = safe_label(&service.name.label());
        let numbered = (2..).map(|number| format!("{label}_{number}"));
        let free = std::iter::once(label.clone()).chain(numbered).find(|label| !used.contains(label));
        let chosen = free.unwrap_or(label);
        used.insert(chosen.clone());
        labels.push(chosen);
    }
    labels
}

/// A label begins with a letter or `_`.
pub fn safe_label(label: &str) -> String {
    let starts = label.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts { label.to_owned() } else { format!("_{label}") }
}

/// A name cut to `room` characters; a cut one ends in four digits made from the whole.
pub fn shortened(name: &str, room: usize) -> String {
    if name.chars().count() <= room {
        return name.to_owned();
    }
    let sum = name.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 65_521);
    let kept: String = name.chars().take(room.saturating_sub(5)).collect();
    format!("{}-{sum:04x}", kept.trim_end_matches('-'))
}
