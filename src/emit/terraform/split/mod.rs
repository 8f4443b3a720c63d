//! One system as several root modules: a foundation, one a group of the model, what stands in none, and operations.
//!
//! Nothing is emitted anew. The blocks of the whole are dealt out, and where one refers to a block in another root module, the
//! value goes through a parameter of Systems Manager: one root module writes it, the others read it. Data sources and locals are
//! no contracts: they are repeated where they are used.

mod contract;
mod cut;
mod pieces;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::emit::Artifact;
use crate::emit::terraform::module::{File, Home, Module, Need};
use crate::emit::terraform::scope::{Scope, shortened};
use crate::emit::terraform::split::contract::Contracts;
use crate::emit::terraform::split::cut::Cut;
use crate::emit::terraform::split::pieces::Pieces;
use crate::emit::terraform::{self, artifact};
use crate::model::Backend;
use crate::text::{Ident, Text};

/// One root module.
#[derive(Debug)]
pub struct Root {
    /// Its folder; nothing when it is the only one.
    pub name: Option<String>,
    /// The root modules that are applied before it.
    pub needs: Vec<String>,
    /// What it holds.
    pub module: Module,
}

impl Root {
    /// The only root module of a system.
    pub const fn only(module: Module) -> Self {
        Self { name: None, needs: Vec::new(), module }
    }

    fn files(&self) -> impl Iterator<Item = Artifact> {
        let folder = self.name.as_ref().map(|name| format!("{name}/")).unwrap_or_default();
        self.module
            .print()
            .into_iter()
            .filter_map(move |(name, text)| artifact(&format!("{folder}{name}"), text))
    }
}

/// The files of root modules; several come with a page that says in which order they are applied.
pub fn print(roots: &[Root]) -> Vec<Artifact> {
    let mut files: Vec<Artifact> = roots.iter().flat_map(Root::files).collect();
    if roots.iter().any(|root| root.name.is_some()) {
        files.extend(artifact("README.md", page(roots)));
        files.extend(artifact("roots.json", order(roots)));
    }
    files
}

/// What stands above the table of root modules.
const HEAD: &str = "\
# Root modules

Each folder is a root module with a state of its own. Apply them from top to bottom, destroy them from bottom to top:

```
terraform -chdir=FOLDER init
terraform -chdir=FOLDER apply
```

What one tells another goes through parameters of Systems Manager below `/NAME/FOLDER/`; both sides stand in `contracts.tf`.
`roots.json` says the same for programs.

| folder | waits for | resources | tells |
|---|---|---|---|
";

fn page(roots: &[Root]) -> String {
    let row = |root: &Root| {
        let name = root.name.as_deref().unwrap_or_default();
        let counted = |file: Option<File>| {
            let resources = root.module.pieces().filter(|(_, placed)| placed.block.kind() == "resource");
            resources.filter(|(at, _)| file.is_none_or(|file| file == *at)).count()
        };
        let (all, told) = (counted(None), counted(Some(File::Contracts)));
        format!("| {name} | {} | {} | {told} |\n", root.needs.join(", "), all - told)
    };
    format!("{HEAD}{}", roots.iter().map(row).collect::<String>())
}

fn order(roots: &[Root]) -> String {
    let row = |root: &Root| json!({ "folder": root.name, "waits_for": root.needs });
    let rows: Vec<Value> = roots.iter().map(row).collect();
    format!("{:#}\n", Value::Array(rows))
}

/// The root modules of a system, each after those it needs; their variables are not declared yet.
pub fn roots(scope: &Scope<'_>) -> Vec<Root> {
    let whole = terraform::assemble(scope);
    let pieces = Pieces::of(&whole);
    let cut = Cut::of(&pieces);
    let names = names(scope, cut.homes());
    let contracts = Contracts::between(&pieces, &cut, &names);
    let made = names.iter().enumerate().map(|(unit, name)| {
        let mut module = Module::default();
        contracts.fill(unit, &mut module);
        terraform::waivers::apply(scope, &mut module);
        adopt(&whole, &mut module);
        terraform::emit_versions(scope, &mut module, Some(name));
        let needs = cut.needs(unit).filter_map(|other| names.get(other).cloned()).collect();
        Root { name: Some(name.clone()), needs, module }
    });
    made.collect()
}

/// Takes over the regions and those variables of the whole that a root module uses.
fn adopt(whole: &Module, module: &mut Module) {
    let regions: Vec<Need> = whole.needs().filter(|need| matches!(need, Need::Region(_))).cloned().collect();
    for need in regions {
        module.need(need);
    }
    let mut used = BTreeSet::from(["region".to_owned()]);
    let mut see = |code: &str| {
        used.extend(pieces::words(code).filter_map(|(_, word)| word.strip_prefix("var.")).map(first_part));
    };
    module.pieces().for_each(|(_, placed)| placed.block.codes(&mut see));
    module.adopt_variables(whole, &used);
}

fn first_part(path: &str) -> String {
    path.split('.').next().unwrap_or_default().to_owned()
}

/// The folders of root modules; the second part of one that had to be cut is numbered.
fn names(scope: &Scope<'_>, homes: impl Iterator<Item = Home>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let named = homes.map(|home| {
        let base = match home {
            Home::Foundation => "foundation".to_owned(),
            Home::Shared => "shared".to_owned(),
            Home::Operations => "operations".to_owned(),
            Home::Group(place) => shortened(&scope.model.places[place].name.dashed().to_lowercase(), 40),
        };
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name));
        let name = free.unwrap_or(base);
        taken.insert(name.clone());
        name
    });
    named.collect()
}

/// Where backends keep a state: the argument, and what stands there when the model says nothing.
const STATES: &[(&str, &str, &str)] = &[
    ("azurerm", "key", "terraform.tfstate"),
    ("cos", "prefix", "terraform.tfstate"),
    ("gcs", "prefix", "terraform.tfstate"),
    ("local", "path", "terraform.tfstate"),
    ("oss", "key", "terraform.tfstate"),
    ("s3", "key", "terraform.tfstate"),
];

/// The argument that gives a root module a state of its own: `shop.tfstate` becomes `shop/ROOT.tfstate`.
pub fn state(backend: &Backend, root: &str) -> Vec<(String, Text)> {
    let row = STATES.iter().find(|(kind, ..)| *kind == backend.kind.as_str());
    let own = row.map(|(_, argument, default)| {
        let stated = backend.settings.get(&Ident::sanitized(argument));
        let whole: String = stated.map_or_else(|| (*default).to_owned(), |text| text.chars().collect());
        let stem = whole.strip_suffix(".tfstate").unwrap_or(&whole).trim_end_matches('/');
        ((*argument).to_owned(), Text::new(format!("{stem}/{root}.tfstate")))
    });
    own.into_iter().collect()
}
