//! Which statements count: those of all files, with the overrides of the chosen environment.

use std::collections::BTreeMap;

use crate::model::resolve::builder::Builder;
use crate::model::resolve::rules::UNKNOWN_ENVIRONMENT;
use crate::syntax::ast::{Ast, Environment, Setting, Statement};
use crate::text::{Ident, Span, nearest, phrase};

/// One statement and the prefix of its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The prefix its file was included under.
    pub prefix: Option<&'a Ident>,
}

/// The statements that count, in order, and the environment's settings.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline<'a> {
    /// The statements.
    pub items: Vec<Item<'a>>,
    /// Settings of the chosen environment: `products { scale 1..2 }`, `zones 1`.
    pub overrides: Vec<(&'a Setting, Option<&'a Ident>)>,
}

/// The names of the environments of a model's files, each once, and where they are written.
pub fn environments(files: &[(Ast, Option<Ident>)]) -> BTreeMap<&Ident, Vec<Span>> {
    let mut found: BTreeMap<&Ident, Vec<Span>> = BTreeMap::new();
    for statement in files.iter().flat_map(|(ast, _)| &ast.statements) {
        if let Statement::Environment(Environment { name: Some(name), span, .. }) = statement {
            found.entry(&name.value).or_default().push(*span);
        }
    }
    found
}

/// Reads the outline of all files.
pub(super) fn outline<'a>(
    builder: &mut Builder<'_>,
    files: &'a [(Ast, Option<Ident>)],
    chosen: Option<&str>,
) -> Outline<'a> {
    let mut outline = Outline::default();
    let mut known = Vec::new();
    for (ast, prefix) in files {
        for statement in &ast.statements {
            match statement {
                Statement::Environment(environment) => known.push((environment, prefix.as_ref())),
                other => outline.items.push(Item { statement: other, prefix: prefix.as_ref() }),
            }
        }
    }
    if let Some(chosen) = chosen {
        choose(builder, &mut outline, &known, chosen);
    }
    outline
}

/// Applies the environment called `chosen`.
fn choose<'a>(
    builder: &mut Builder<'_>,
    outline: &mut Outline<'a>,
    known: &[(&'a Environment, Option<&'a Ident>)],
    chosen: &str,
) {
    let is_chosen = |environment: &Environment| {
        environment.name.as_ref().is_some_and(|name| name.value.as_str() == chosen)
    };
    let mut found = false;
    for (environment, prefix) in known.iter().filter(|(environment, _)| is_chosen(environment)) {
        found = true;
        builder.model.environment.clone_from(&environment.name.as_ref().map(|name| name.value.clone()));
        outline.overrides.extend(environment.overrides.iter().map(|setting| (setting, *prefix)));
        for statement in &environment.statements {
            replace(outline, Item { statement, prefix: *prefix });
        }
    }
    if !found {
        unknown(builder, known, chosen);
    }
}

/// Puts a statement of the environment in the place of the one it overrides; otherwise adds it.
fn replace<'a>(outline: &mut Outline<'a>, item: Item<'a>) {
    let key = override_key(item.statement);
    let old = outline.items.iter_mut().find(|old| key.is_some() && override_key(old.statement) == key);
    match old {
        Some(old) => *old = item,
        None => outline.items.push(item),
    }
}

/// What a statement is about, when another one about the same replaces it.
fn override_key(statement: &Statement) -> Option<(&'static str, String)> {
    let name =
        |name: Option<&crate::syntax::ast::Name>| name.map(|name| name.value.to_string()).unwrap_or_default();
    Some(match statement {
        Statement::Load(load) => ("load", name(load.on.as_ref())),
        Statement::Slo(slo) => ("slo", name(slo.on.as_ref())),
        Statement::Budget(budget) => ("budget", name(budget.on.as_ref())),
        Statement::Alarms(_) => ("alarms", String::new()),
        Statement::Backend(_) => ("backend", String::new()),
        Statement::System(_) => ("system", String::new()),
        _ => return None,
    })
}

fn unknown(builder: &mut Builder<'_>, known: &[(&Environment, Option<&Ident>)], chosen: &str) {
    let names: Vec<&str> =
        known.iter().filter_map(|(e, _)| e.name.as_ref().map(|name| name.value.as_str())).collect();
    let shown = Ident::sanitized(chosen);
    let finding = UNKNOWN_ENVIRONMENT
        .at(known.first().map_or(Span::default(), |(environment, _)| environment.span))
        .message(phrase!(
            "the model has no environment `{shown}`",
            "el modelo no tiene el entorno `{shown}`"
        ));
    let help = match nearest(chosen, names.iter().copied()) {
        Some(similar) => phrase!("did you mean `--env {similar}`?", "¿quería decir `--env {similar}`?"),
        None if names.is_empty() => phrase!(
            "write `environment {shown} {{ }}` with what differs there",
            "escribe `environment {shown} {{ }}` con lo que allí cambia"
        ),
        None => phrase!("known environments: {}", "entornos conocidos: {}", names.join(", ")),
    };
    builder.report(finding.help(help));
}
