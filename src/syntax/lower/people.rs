//! Roles, grants and the exceptions that need a reason.

use crate::syntax::ast::{
    Config, Grant, Name, Open, Public, Quoted, Role, RoleClause, Setting, Statement, Word,
};
use crate::syntax::lower::{no_statement, values};
use crate::syntax::parse::Rule;
use crate::syntax::parts::Parts;
use crate::text::{Span, Spanned};
use crate::units::Dimension;

/// `role developers "Equipo" for group "dev" { … }`
pub(super) fn role(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.name();
    let title = if parts.peek() == Some(Rule::string) { parts.quoted() } else { None };
    let group = parts.quoted();
    let head = parts.span();
    let (clauses, settings) = parts.within(Rule::role_block, role_lines).unwrap_or_default();
    Statement::Role(Role { name, title, group, clauses, settings, span: parts.span(), head })
}

fn role_lines(parts: &mut Parts<'_, '_>) -> (Vec<RoleClause>, Vec<Setting>) {
    let (mut clauses, mut settings) = (Vec::new(), Vec::new());
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::role_clause => clauses.extend(parts.inside(pair, role_clause)),
            Rule::setting => settings.push(parts.inside(pair, values::setting)),
            Rule::junk => no_statement(&pair, parts.notes()),
            _ => {}
        }
    }
    (clauses, settings)
}

/// `operate products, clients`; without a verb it says nothing.
fn role_clause(parts: &mut Parts<'_, '_>) -> Option<RoleClause> {
    let never = parts.flag(Rule::k_never);
    let verb = parts.word(Rule::verb)?;
    let on = parts.names();
    Some(RoleClause { never, verb, on, span: parts.span() })
}

/// `grant reports : read on orders because "…"`
pub(super) fn grant(parts: &mut Parts<'_, '_>) -> Statement {
    let principal = parts.name();
    let actions = parts.within(Rule::actions, strings).unwrap_or_default();
    let verbs = parts.within(Rule::verbs, |parts| parts.words(Rule::verb)).unwrap_or_default();
    let on = parts.within(Rule::resources, |parts| parts.words(Rule::word)).unwrap_or_default();
    let conditions = conditions(parts);
    let because = parts.because();
    Statement::Grant(Grant { principal, verbs, actions, on, because, conditions, span: parts.span() })
}

/// Strings with commas between them.
fn strings(parts: &mut Parts<'_, '_>) -> Vec<Quoted> {
    let mut all: Vec<Quoted> = Vec::new();
    while let Some(Rule::string | Rule::comma) = parts.peek() {
        all.extend(parts.quoted());
    }
    all
}

/// `if "key" "value"`, any number of times.
fn conditions(parts: &mut Parts<'_, '_>) -> Vec<(Quoted, Quoted)> {
    let mut all = Vec::new();
    while let Some(condition) = parts.within(Rule::condition, |parts| parts.quoted().zip(parts.quoted())) {
        all.extend(condition);
    }
    all
}

/// `public front because "…"`
pub(super) fn public(parts: &mut Parts<'_, '_>) -> Statement {
    let on: Option<Name> = parts.name();
    let because = parts.because();
    Statement::Public(Public { on, because, span: parts.span() })
}

/// `open port 22 on bastion from 10.0.0.0/8 because "…"`
pub(super) fn open(parts: &mut Parts<'_, '_>) -> Statement {
    let port = values::quantity(parts, Dimension::Count).map(|port| port.map(|port| port.amount / 1_000));
    let on = parts.name();
    let from: Option<Word> = parts.word(Rule::origin);
    let because = parts.because();
    Statement::Open(Open { port, on, from, because, span: parts.span() })
}

/// `config products LOG_LEVEL "info"`
pub(super) fn config(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.name();
    let key = parts.word(Rule::word);
    let value = parts.quoted();
    Statement::Config(Config { on, key, value, span: parts.span() })
}

/// A setting named by the statement itself.
pub(super) fn implied(name: &str, parts: &mut Parts<'_, '_>) -> Setting {
    let arguments = values::arguments(parts);
    let span: Span = arguments.first().map_or(parts.span(), |first| first.span.to(parts.span().end_point()));
    Setting { name: Spanned::new(name.to_owned(), span), arguments, block: Vec::new(), span }
}
