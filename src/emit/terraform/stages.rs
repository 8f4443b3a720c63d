//! One Terraform for several stages: where their blocks differ in values alone, the values become variables, and each stage has
//! a file of them. A stage whose blocks differ in more needs a Terraform of its own, and is told why.

use std::collections::BTreeMap;

use crate::emit::terraform::Root;
use crate::emit::terraform::hcl::{Block, Body, Difference, Expr, Step, code, differences};
use crate::emit::terraform::module::{File, Module, Variable};
use crate::text::Ident;

/// What another stage of the model is made of.
#[derive(Debug)]
pub struct Other {
    /// The environment.
    pub environment: Ident,
    /// Its root modules; none when its model has errors.
    pub roots: Vec<Root>,
}

/// A stage as the page of stages tells it.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The environment; none for the model without one.
    pub environment: Option<Ident>,
    /// What the stage is called.
    pub name: String,
    /// Why it needs a Terraform of its own, when it does.
    pub why: Option<String>,
}

/// The place of a value in a root module: file, number of the block in it, path in the block.
type Place = (File, usize, Vec<Step>);
/// What one stage has at the places in which it differs from the model's own.
type Values = BTreeMap<Place, Difference>;

/// Makes the root modules serve the other stages as far as they can; tells what became of each stage.
pub fn unite(roots: &mut [Root], others: &[Other]) -> Vec<Stage> {
    let own = roots.first().map(|root| root.module.stage().to_owned()).unwrap_or_default();
    let mut told = vec![Stage { environment: None, name: own.clone(), why: None }];
    let mut served: Vec<(&Other, Vec<Values>)> = Vec::new();
    for other in others {
        let stage = other.roots.first().map(|root| root.module.stage());
        let name = stage.unwrap_or(other.environment.as_str()).to_owned();
        let is_taken = told.iter().any(|stage| stage.name == name && stage.why.is_none());
        let compared = if other.roots.is_empty() {
            Err("its model has errors (`archc check MODEL --env` says which)".to_owned())
        } else if is_taken {
            Err(format!("another stage is called `{name}` as well"))
        } else {
            compare(roots, &other.roots)
        };
        let (values, why) = match compared {
            Ok(values) => (Some(values), None),
            Err(why) => (None, Some(why)),
        };
        served.extend(values.map(|values| (other, values)));
        told.push(Stage { environment: Some(other.environment.clone()), name, why });
    }
    for (at, root) in roots.iter_mut().enumerate() {
        let stages: Vec<(&Module, &Values)> = served
            .iter()
            .filter_map(|(other, values)| Some((&other.roots.get(at)?.module, values.get(at)?)))
            .collect();
        lift(&mut root.module, &stages);
    }
    told
}

/// The values in which each root module of a stage differs.
fn compare(own: &[Root], other: &[Root]) -> Result<Vec<Values>, String> {
    let names = |roots: &[Root]| roots.iter().map(|root| root.name.clone()).collect::<Vec<_>>();
    if names(own) != names(other) {
        return Err("it has other root modules".to_owned());
    }
    own.iter().zip(other).map(|(own, other)| compare_modules(&own.module, &other.module)).collect()
}

fn compare_modules(own: &Module, other: &Module) -> Result<Values, String> {
    let addresses = |module: &Module| -> Vec<(File, String)> {
        module.pieces().map(|(file, placed)| (file, placed.block.address())).collect()
    };
    let (mine, theirs) = (addresses(own), addresses(other));
    let lacking = |one: &[(File, String)], two: &[(File, String)]| {
        one.iter().find(|address| !two.contains(address)).map(|(_, address)| address.clone())
    };
    if let Some(address) = lacking(&mine, &theirs) {
        return Err(format!("it has no `{address}`"));
    }
    if let Some(address) = lacking(&theirs, &mine) {
        return Err(format!("it has `{address}` beside the others"));
    }
    if mine != theirs {
        return Err("its blocks have another order".to_owned());
    }
    let mut values = Values::new();
    let mut numbers: BTreeMap<File, usize> = BTreeMap::new();
    for ((file, one), (_, two)) in own.pieces().zip(other.pieces()) {
        let number = numbers.entry(file).or_default();
        let found = differences(&one.block, &two.block)
            .map_err(|part| format!("`{part}` of `{}` differs in more than a value", one.block.address()))?;
        values.extend(found.into_iter().map(|found| ((file, *number, found.path.clone()), found)));
        *number += 1;
    }
    Ok(values)
}

/// Puts variables in the places in which stages differ, and gives each stage its values.
fn lift(module: &mut Module, stages: &[(&Module, &Values)]) {
    let mut places: BTreeMap<&Place, &Difference> = BTreeMap::new();
    for (_, values) in stages {
        places.extend(values.iter());
    }
    let mut names: Vec<(String, &Place, Expr)> = Vec::new();
    for (place, difference) in places {
        let (file, number, path) = place;
        let Some(address) = module.block(*file, *number).map(Block::address) else { continue };
        let argument = path.iter().map(Step::word).collect::<Vec<_>>().join(".");
        let name = free_name(module, &address, path);
        let own = difference.own.clone().unwrap_or_else(|| code("null"));
        let about = if address.is_empty() { argument.clone() } else { format!("{argument} of {address}") };
        let description = format!("{about}; it differs between stages.");
        let variable = Variable::optional(difference.kind, description, own.clone());
        let reference = module.variable(&name, variable);
        if let Some(block) = module.block_mut(*file, *number) {
            block.put(path, reference);
        }
        names.push((name, place, own));
    }
    let own: Vec<(String, Expr)> = names.iter().map(|(name, _, own)| (name.clone(), own.clone())).collect();
    let stage = module.stage().to_owned();
    module.add_values(stage, body(module.naming(), own));
    for (other, values) in stages {
        let theirs = names.iter().map(|(name, place, own)| {
            let other = values.get(*place).map(|found| found.other.clone().unwrap_or_else(|| code("null")));
            (name.clone(), other.unwrap_or_else(|| own.clone()))
        });
        let stage = other.naming().into_iter().chain(module.defaults_of(other)).collect();
        let values = body(stage, theirs.collect());
        module.add_values(other.stage().to_owned(), values);
    }
}

fn body(named: Vec<(String, Expr)>, values: Vec<(String, Expr)>) -> Body {
    named.into_iter().chain(values).fold(Body::default(), |body, (name, value)| body.with(&name, value))
}

/// The name of a new variable: the block's label and the way to the value.
fn free_name(module: &Module, address: &str, path: &[Step]) -> String {
    let words = path.iter().map(Step::word);
    let label = address.rsplit('.').next().unwrap_or_default().to_owned();
    let short =
        std::iter::once(label).chain(words).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let short: String =
        short.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let kind = address.trim_start_matches("data.").split('.').next().unwrap_or_default();
    let long = format!("{}_{short}", kind.trim_start_matches("aws_"));
    let numbered = (2..).map(|number| format!("{long}_{number}"));
    let candidates = [short, long.clone()].into_iter().chain(numbered);
    candidates.into_iter().find(|name| !module.has_variable(name)).unwrap_or(long)
}

/// What stands above the table of stages.
const HEAD: &str = "\
# Stages

The files here serve every stage with a file of values. Each stage keeps a state of its own: another `key` of the backend
(`terraform init -reconfigure -backend-config=\"key=STAGE/…\"`), or without a backend another folder or workspace.

```
terraform plan -var-file=STAGE.tfvars
```

| stage | environment | values | else by itself, because |
|---|---|---|---|
";

/// The page that tells what became of each stage.
pub fn page(stages: &[Stage]) -> String {
    let row = |stage: &Stage| {
        let environment = stage.environment.as_ref().map_or("(the model without one)", Ident::as_str);
        match &stage.why {
            None => format!("| {} | {environment} | `{}.tfvars` | |\n", stage.name, stage.name),
            Some(why) => format!(
                "| {} | {environment} | none | {why}: `archc build MODEL --env {environment} -o out/{environment}` |\n",
                stage.name
            ),
        }
    };
    format!("{HEAD}{}", stages.iter().map(row).collect::<String>())
}
