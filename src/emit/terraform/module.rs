//! One Terraform root module as it is being put together: blocks by file, variables, and what several blocks share.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, map};
use crate::emit::terraform::scope::Scope;
use crate::model::{PlaceId, ServiceId};
use crate::text::Span;

/// The files of a module, in the order a reader would open them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// Versions of Terraform and providers, backend, provider settings.
    Versions,
    /// What the model does not say.
    Variables,
    /// Names and tags.
    Locals,
    /// What root modules tell one another.
    Contracts,
    /// VPCs, subnets, routes, endpoints, flow logs.
    Network,
    /// Security groups and their rules.
    SecurityGroups,
    /// Roles and policies of services.
    Iam,
    /// Roles of people.
    People,
    /// Keys.
    Kms,
    /// Instances.
    Compute,
    /// Containers and batch jobs.
    Containers,
    /// Load balancers.
    LoadBalancing,
    /// APIs.
    Api,
    /// Distributions, firewalls, names and certificates.
    Edge,
    /// User pools.
    Identity,
    /// Queues, topics, buses and schedules.
    Messaging,
    /// Functions.
    Functions,
    /// State machines and jobs.
    Workflows,
    /// Streams.
    Streaming,
    /// Databases, tables and caches.
    Data,
    /// Buckets and file systems.
    Storage,
    /// Secrets and parameters.
    Secrets,
    /// Catalogues, queries, search and models.
    Analytics,
    /// Logs and alarms.
    Observability,
    /// Backup plans.
    Backup,
    /// Budgets.
    Budgets,
    /// What a user of the module needs to know.
    Outputs,
    /// Renamed things.
    Moved,
}

/// Every file with its name.
pub const FILES: &[(File, &str)] = &[
    (File::Versions, "versions"),
    (File::Variables, "variables"),
    (File::Locals, "locals"),
    (File::Contracts, "contracts"),
    (File::Network, "network"),
    (File::SecurityGroups, "security_groups"),
    (File::Iam, "iam"),
    (File::People, "people"),
    (File::Kms, "kms"),
    (File::Compute, "compute"),
    (File::Containers, "containers"),
    (File::LoadBalancing, "load_balancing"),
    (File::Api, "api"),
    (File::Edge, "edge"),
    (File::Identity, "identity"),
    (File::Messaging, "messaging"),
    (File::Functions, "functions"),
    (File::Workflows, "workflows"),
    (File::Streaming, "streaming"),
    (File::Data, "data"),
    (File::Storage, "storage"),
    (File::Secrets, "secrets"),
    (File::Analytics, "analytics"),
    (File::Observability, "observability"),
    (File::Backup, "backup"),
    (File::Budgets, "budgets"),
    (File::Outputs, "outputs"),
    (File::Moved, "moved"),
];

/// The variables that name a stage.
const NAMING: [&str; 3] = ["project", "environment", "region"];

/// The root module a block belongs to when a system is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Home {
    /// Networks, security groups, and what every part needs.
    #[default]
    Foundation,
    /// Services that stand in no group.
    Shared,
    /// A group of the model.
    Group(PlaceId),
    /// People, budgets, and what looks at all parts.
    Operations,
}

/// A block and where it belongs.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The root module it belongs to.
    pub home: Home,
    /// The block.
    pub block: Block,
}

/// Something that several blocks share and that is written once; regional things name their region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The system's own key for logs, topics and environments.
    Key(String),
    /// The bucket of access logs.
    LogBucket(String),
    /// The newest Amazon Linux image of an architecture.
    Image(String, String),
    /// The trust policy of a service principal.
    Trust(String),
    /// The role that lets RDS write its monitoring figures.
    DatabaseMonitoring,
    /// The account's role that lets API Gateway write logs.
    ApiLogging(String),
    /// The addresses of CloudFront.
    EdgeAddresses(String),
    /// The cluster that a region's containers share.
    Cluster(String),
    /// The zone data of a region's provider alias.
    Region(String),
    /// The subnet group of a VPC's databases, by the label of the tier.
    SubnetGroup(String),
}

/// One input variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// What it is for, as a sentence.
    pub description: String,
    /// Its type, as Terraform writes it.
    pub kind: &'static str,
    /// Its default; a variable without one must be set.
    pub default: Option<Expr>,
    /// A value that would work, for the example file; needed without a default.
    pub example: Option<Expr>,
    /// A condition over the variable and what to say when it does not hold.
    pub validation: Option<(String, &'static str)>,
    /// Must it be kept out of logs and plans?
    pub sensitive: bool,
}

impl Variable {
    /// A variable that must be set, with a value that would work.
    pub fn required(kind: &'static str, description: impl Into<String>, example: impl Into<Expr>) -> Self {
        Self {
            description: description.into(),
            kind,
            default: None,
            example: Some(example.into()),
            validation: None,
            sensitive: false,
        }
    }

    /// A variable with a default.
    pub fn optional(kind: &'static str, description: impl Into<String>, default: impl Into<Expr>) -> Self {
        Self { default: Some(default.into()), example: None, ..Self::required(kind, description, "") }
    }

    /// The same variable with a condition.
    #[must_use]
    pub fn checked(mut self, condition: impl Into<String>, message: &'static str) -> Self {
        self.validation = Some((condition.into(), message));
        self
    }
}

/// A root module.
#[derive(Debug, Default)]
pub struct Module {
    blocks: BTreeMap<File, Vec<Placed>>,
    home: Home,
    stage: String,
    values: Vec<(String, Body)>,
    variables: IndexMap<String, Variable>,
    needs: BTreeSet<Need>,
    claimed: BTreeSet<String>,
    beside: BTreeMap<&'static str, String>,
}

impl Module {
    /// Adds a block for a service: it tells its causes, stands in the service's region and moves with the service's name.
    pub fn add(&mut self, scope: &Scope<'_>, id: ServiceId, file: File, block: Block) {
        self.add_caused(scope, id, file, block, scope.service(id).causes());
    }

    /// [`Module::add`] with other causes than the service's own.
    pub fn add_caused(
        &mut self,
        scope: &Scope<'_>,
        id: ServiceId,
        file: File,
        block: Block,
        causes: &[Span],
    ) {
        let region = scope.region_name(id).to_owned();
        self.add_moved(scope, id, &block);
        let block = scope.provenance(causes).iter().fold(block, |block, line| block.comment(line));
        self.add_in(scope, &region, file, block);
    }

    /// Adds a block in a region.
    pub fn add_in(&mut self, scope: &Scope<'_>, region: &str, file: File, mut block: Block) {
        if region != scope.model.system.region && block.resource_kind().starts_with("aws_") {
            self.needs.insert(Need::Region(region.to_owned()));
            block.body_mut().push_first("provider", code(format!("aws.{}", Scope::region_label(region))));
        }
        self.push(file, block);
    }

    /// Adds a block that belongs to no service and no region.
    pub fn push(&mut self, file: File, block: Block) {
        let is_base = matches!(file, File::Network | File::SecurityGroups);
        let home = if is_base { Home::Foundation } else { self.home };
        self.blocks.entry(file).or_default().push(Placed { home, block });
    }

    /// What is added from now on belongs to this root module.
    pub fn stand(&mut self, home: Home) {
        self.home = home;
    }

    /// Every block with its file, in the order in which they are printed.
    pub fn pieces(&self) -> impl Iterator<Item = (File, &Placed)> {
        self.blocks.iter().flat_map(|(file, placed)| placed.iter().map(move |placed| (*file, placed)))
    }

    /// Every block, to be changed, in the order in which they are printed.
    pub fn blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.blocks.values_mut().flatten().map(|placed| &mut placed.block)
    }

    /// Adds a file that is no Terraform, for a program that reads the folder.
    pub fn beside(&mut self, name: &'static str, text: String) {
        self.beside.insert(name, text);
    }

    /// The stage whose values `STAGE.tfvars` holds.
    pub fn name_stage(&mut self, stage: String) {
        self.stage = stage;
    }

    /// What its stage is called.
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// The values of a stage: `STAGE.tfvars`.
    pub fn add_values(&mut self, stage: String, values: Body) {
        self.values.push((stage, values));
    }

    /// The variables that name a stage, with their values.
    pub fn naming(&self) -> Vec<(String, Expr)> {
        let value = |name: &&str| Some(((*name).to_owned(), self.variables.get(*name)?.default.clone()?));
        NAMING.iter().filter_map(value).collect()
    }

    /// The other variables of this module that another has with another default, with that.
    pub fn defaults_of(&self, other: &Self) -> Vec<(String, Expr)> {
        let own = self.variables.iter().filter(|(name, _)| !NAMING.contains(&name.as_str()));
        let differs = |(name, variable): (&String, &Variable)| {
            let default = other.variables.get(name)?.default.clone()?;
            (variable.default.as_ref() != Some(&default)).then(|| (name.clone(), default))
        };
        own.filter_map(differs).collect()
    }

    /// Has it a variable of this name?
    pub fn has_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// A block by its file and number.
    pub fn block(&self, file: File, number: usize) -> Option<&Block> {
        self.blocks.get(&file)?.get(number).map(|placed| &placed.block)
    }

    /// The same block, to be changed.
    pub fn block_mut(&mut self, file: File, number: usize) -> Option<&mut Block> {
        self.blocks.get_mut(&file)?.get_mut(number).map(|placed| &mut placed.block)
    }

    /// Takes over the stage, and the variables of another module that are among `used`.
    pub fn adopt_variables(&mut self, other: &Self, used: &BTreeSet<String>) {
        self.stage.clone_from(&other.stage);
        let taken = other.variables.iter().filter(|(name, _)| used.contains(*name));
        self.variables.extend(taken.map(|(name, variable)| (name.clone(), variable.clone())));
    }

    fn add_moved(&mut self, scope: &Scope<'_>, id: ServiceId, block: &Block) {
        let Some(was) = &scope.service(id).was else { return };
        let address = block.address();
        let Some((kind, label)) = address.split_once('.').filter(|(kind, _)| kind.starts_with("aws_")) else {
            return;
        };
        if let Some(rest) = label.strip_prefix(scope.label(id)) {
            let from = code(format!("{kind}.{}{rest}", was.label()));
            let to = code(address.clone());
            self.push(File::Moved, Block::new("moved", &[], body! { from = from; to = to; }));
        }
    }

    /// Claims an address that several things would write; only the first succeeds.
    pub fn claim(&mut self, address: &str) -> bool {
        self.claimed.insert(address.to_owned())
    }

    /// Says that something shared is needed.
    pub fn need(&mut self, need: Need) {
        self.needs.insert(need);
    }

    /// What is needed.
    pub fn needs(&self) -> impl Iterator<Item = &Need> {
        self.needs.iter()
    }

    /// Is it needed?
    pub fn has_need(&self, need: &Need) -> bool {
        self.needs.contains(need)
    }

    /// Declares a variable and refers to it.
    pub fn variable(&mut self, name: &str, variable: Variable) -> Expr {
        self.variables.entry(name.to_owned()).or_insert(variable);
        code(format!("var.{name}"))
    }

    /// Adds an output.
    pub fn output(&mut self, name: &str, description: &str, value: Expr) {
        let body = body! { description = description; value = value; };
        self.push(File::Outputs, Block::new("output", &[name], body));
    }

    /// The types of its resources and data sources.
    pub fn types(&self) -> BTreeSet<String> {
        let kinds = self.pieces().map(|(_, placed)| placed.block.resource_kind());
        kinds.filter(|kind| !kind.is_empty()).map(str::to_owned).collect()
    }

    /// Declares the variables that the blocks use; the last step.
    pub(super) fn complete(&mut self) {
        let blocks: Vec<Block> =
            self.variables.iter().map(|(name, each)| variable_block(name, each)).collect();
        for block in blocks {
            self.push(File::Variables, block);
        }
    }

    /// The text of each file that has content, in order, without folder.
    pub fn print(&self) -> Vec<(String, String)> {
        let example = self.example();
        let named = FILES.iter().filter_map(|(file, name)| Some((name, self.blocks.get(file)?)));
        let mut files: Vec<(String, String)> =
            named.map(|(name, blocks)| (format!("{name}.tf"), print_all(blocks))).collect();
        if !example.is_empty() {
            files.push(("terraform.tfvars.example".to_owned(), example));
        }
        let words = "What this stage has; `-var-file` takes it.";
        let stages = self.values.iter().map(|(stage, values)| {
            let block = Block::new("", &[], values.clone()).comment(words);
            (format!("{stage}.tfvars"), block.print_inside())
        });
        files.extend(stages);
        files.extend(self.beside.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
        files
    }

    /// The variables that must be set, with values that would work.
    fn example(&self) -> String {
        let required = self.variables.iter().filter(|(_, variable)| variable.default.is_none());
        let blocks: Vec<String> = required
            .filter_map(|(name, variable)| {
                let mut body = Body::default();
                body.push(name, variable.example.clone()?);
                let block = Block::new("", &[], body).comment(&variable.description);
                Some(block.print_inside())
            })
            .collect();
        blocks.join("\n")
    }
}

fn print_all(blocks: &[Placed]) -> String {
    let printed: Vec<String> = blocks.iter().map(|placed| placed.block.print()).collect();
    printed.join("\n")
}

fn variable_block(name: &str, variable: &Variable) -> Block {
    let validation = variable.validation.as_ref().map(|(condition, message)| {
        body! { condition = code(condition.as_str()); error_message = *message; }
    });
    let body = body! {
        description = variable.description.as_str();
        type = code(variable.kind);
        default ?= variable.default.clone();
        sensitive ?= variable.sensitive.then_some(true);
        validation ?{ validation }
    };
    Block::new("variable", &[name], body)
}

/// A tag map with a name of its own; the system's tags come from the provider.
pub fn named_tags(name: Expr) -> Expr {
    map([("Name", name)])
}
