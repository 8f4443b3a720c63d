//! Statements that are a head and a block of settings: views, tags, files, sizes, stages and records.

use crate::syntax::ast::{
    Backend, CatalogFolder, Decision, Defaults, Environment, Include, Note, Setting, Size, Statement, Tags,
    View,
};
use crate::syntax::lower::{statement, values};
use crate::syntax::parse::Rule;
use crate::syntax::parts::Parts;

/// `view money "Costes" { show …; hide … }`
pub(super) fn view(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.name();
    let title = parts.quoted();
    let clauses = values::block(parts);
    Statement::View(View { name, title, clauses, span: parts.span() })
}

/// `tags products, clients { team "web" }`
pub(super) fn tags(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.names();
    let tags = values::block(parts);
    Statement::Tags(Tags { on, tags, span: parts.span() })
}

/// `include "payments.arch" as pay`
pub(super) fn include(parts: &mut Parts<'_, '_>) -> Statement {
    let path = parts.quoted();
    let prefix = parts.name();
    Statement::Include(Include { path, prefix, span: parts.span() })
}

/// `catalog "kinds"`
pub(super) fn catalog(parts: &mut Parts<'_, '_>) -> Statement {
    let path = parts.quoted();
    Statement::Catalog(CatalogFolder { path, span: parts.span() })
}

/// `size m7i.2xlarge { vcpu 8; memory 32 GB; price 0.40 USD/h }`
pub(super) fn size(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.word(Rule::word);
    let settings = values::block(parts);
    Statement::Size(Size { name, settings, span: parts.span() })
}

/// `defaults lambda { memory 1 GB }`
pub(super) fn defaults(parts: &mut Parts<'_, '_>) -> Statement {
    let kind = parts.word(Rule::word);
    let settings = values::block(parts);
    Statement::Defaults(Defaults { kind, settings, span: parts.span() })
}

/// `environment dev { zones 1; products { size t3.micro } }`
pub(super) fn environment(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.name();
    let (overrides, statements) = parts.within(Rule::stage, stage).unwrap_or_default();
    Statement::Environment(Environment { name, overrides, statements, span: parts.span() })
}

/// The lines of an environment: settings of declared things and of the system, and statements.
fn stage(parts: &mut Parts<'_, '_>) -> (Vec<Setting>, Vec<Statement>) {
    let (mut overrides, mut statements) = (Vec::new(), Vec::new());
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::change | Rule::stage_setting | Rule::bare_setting => {
                overrides.push(parts.inside(pair, values::setting));
            }
            _ => statements.extend(statement(pair, parts.notes())),
        }
    }
    (overrides, statements)
}

/// `backend s3 { bucket "state" }`
pub(super) fn backend(parts: &mut Parts<'_, '_>) -> Statement {
    let kind = parts.word(Rule::word);
    let settings = values::block(parts);
    Statement::Backend(Backend { kind, settings, span: parts.span() })
}

/// `note products """…"""`
pub(super) fn note(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.name();
    let text = parts.quoted();
    Statement::Note(Note { on, text, span: parts.span() })
}

/// `decision "…" { status accepted; context "…" }`
pub(super) fn decision(parts: &mut Parts<'_, '_>) -> Statement {
    let title = parts.quoted();
    let settings = values::block(parts);
    Statement::Decision(Decision { title, settings, span: parts.span() })
}
