//! `explain MODEL access`: every grant of somebody with what it rests on.

use crate::ask::answer::{Answer, Cell, Column, Table, column};
use crate::ask::index::Index;
use crate::ask::rules::OUT_OF_PLACE;
use crate::ask::select::{Asked, select};
use crate::catalog::Catalog;
use crate::derive::access::{Effect, Grant, Principal, Reason};
use crate::syntax::query::ast::Things;
use crate::text::noun;

const ACCESS: &[Column] = &[
    column("who", "who"),
    column("effect", "effect"),
    column("verb", "verb"),
    column("actions", "actions"),
    column("resource", "on"),
    column("conditions", "if"),
    column("because", "because"),
    column("source", "source"),
    column("lines", "lines"),
];

/// Every grant of somebody: the verb, what it stands for, on what, why, and which line asks for it.
pub(super) fn access(index: &Index<'_>, who: &Things) -> Asked<Answer> {
    let found = select(index, who)?;
    let mut rows = Vec::new();
    for principal in found.principals() {
        rows.extend(
            index.facts.access.of(&principal).iter().map(|grant| access_row(index, &principal, grant)),
        );
    }
    if rows.is_empty() {
        let message = format!("{} holds no grant", found.words);
        let help =
            "its flows need none, or nothing has its name; `archc query MODEL access NAME` lists flows too";
        return Err(Box::new(OUT_OF_PLACE.at(who.span).message(message).help(help)));
    }
    let statements: usize =
        found.principals().iter().map(|one| index.facts.access.statements(one).len()).sum();
    let (grants, statements) = (noun::GRANT.count(rows.len()), noun::STATEMENT.count(statements));
    Ok(Answer::new(format!("{} holds {grants} in {statements} of its policies", found.words)).table(Table {
        key: "grants",
        title: "grants",
        columns: ACCESS,
        rows,
    }))
}

fn access_row(index: &Index<'_>, principal: &Principal, grant: &Grant) -> Vec<Cell> {
    let effect = if grant.effect == Effect::Allow { "allow" } else { "deny" };
    let role = if grant.role.is_empty() { String::new() } else { format!(" ({} role)", grant.role) };
    let conditions = grant
        .conditions
        .iter()
        .map(|((operator, key), values)| format!("{operator} {key} {}", values.join(" ")));
    vec![
        Cell::Words(format!("{}{role}", index.principal(principal))),
        Cell::words(effect),
        Cell::words(grant.verb.as_str()),
        Cell::List(grant.actions.clone()),
        Cell::words(grant.resource.arn.as_str()),
        Cell::List(conditions.collect()),
        Cell::Words(because(index, &grant.reason)),
        Cell::Words(origin(index.catalog, index, grant)),
        Cell::places(grant.causes.iter().copied()),
    ]
}

fn because(index: &Index<'_>, reason: &Reason) -> String {
    match reason {
        Reason::Flow(id) => {
            let flow = &index.model.flows[*id];
            format!("`{} -> {} : {}`", index.name(flow.from), index.name(flow.to), flow.verb)
        }
        Reason::Base(why) => format!("it needs this to live: {}", why.en().terminal()),
        Reason::Permit => "its role says so".to_owned(),
        Reason::Never => "a boundary: `never`".to_owned(),
        Reason::Explicit(_) => "a grant by hand".to_owned(),
        Reason::Notice(why) => why.en.to_owned(),
    }
}

/// Which row of the catalogue the actions come from.
fn origin(catalog: &Catalog, index: &Index<'_>, grant: &Grant) -> String {
    let kind = grant.resource.service.map(|id| &index.model.services[id].kind);
    let Some(kind) = kind else { return "catalogue".to_owned() };
    let known = catalog.kind(&kind.id).is_some();
    let file =
        if known { format!("catalog/kinds/{}.toml", kind.id) } else { "the project's own kind".to_owned() };
    if grant.verb.is_empty() { file } else { format!("{file}, verb `{}`", grant.verb) }
}
