//! From the grammar's nodes to the tree, one small function for each statement.

mod objectives;
mod people;
mod settings;
mod structure;
mod values;

use pest::iterators::{Pair, Pairs};

use crate::syntax::ast::Statement;
use crate::syntax::parse::Rule;
use crate::syntax::parts::{Notes, Parts};
use crate::syntax::rules;
use crate::syntax::strings;
use crate::text::{Phrase, Span, phrase};

/// Reads the parts of one statement.
type Lower = fn(&mut Parts<'_, '_>) -> Statement;

/// Which function reads which statement.
const LOWERINGS: [(Rule, Lower); 33] = [
    (Rule::flow, structure::flow),
    (Rule::declaration, structure::declaration),
    (Rule::lost_arrow, structure::flow),
    (Rule::system, structure::system),
    (Rule::vpc, structure::container),
    (Rule::tier, structure::container),
    (Rule::region, structure::container),
    (Rule::group, structure::container),
    (Rule::load, objectives::load),
    (Rule::role, people::role),
    (Rule::grant, people::grant),
    (Rule::public, people::public),
    (Rule::open, people::open),
    (Rule::config, people::config),
    (Rule::scale, objectives::scale),
    (Rule::slo, objectives::slo),
    (Rule::recover, objectives::recover),
    (Rule::budget, objectives::budget),
    (Rule::alarms, objectives::alarms),
    (Rule::journey, objectives::journey),
    (Rule::claim, objectives::claim),
    (Rule::own_rule, objectives::rule),
    (Rule::waive, objectives::waive),
    (Rule::view, settings::view),
    (Rule::tags, settings::tags),
    (Rule::include, settings::include),
    (Rule::catalog, settings::catalog),
    (Rule::size, settings::size),
    (Rule::defaults, settings::defaults),
    (Rule::environment, settings::environment),
    (Rule::backend, settings::backend),
    (Rule::note, settings::note),
    (Rule::decision, settings::decision),
];

/// The statements of a file.
pub(super) fn statements<'i>(pairs: Pairs<'i, Rule>, notes: &mut Notes<'i>) -> Vec<Statement> {
    let inside = pairs.flat_map(Pair::into_inner);
    inside.filter_map(|pair| statement(pair, notes)).collect()
}

/// The statement of a node; a line that is none is reported.
fn statement<'i>(pair: Pair<'i, Rule>, notes: &mut Notes<'i>) -> Option<Statement> {
    let rule = pair.as_rule();
    if rule == Rule::junk {
        no_statement(&pair, notes);
        return None;
    }
    let (_, lower) = LOWERINGS.iter().find(|(statement, _)| *statement == rule)?;
    let mut parts = Parts::new(pair, notes);
    let mut statement = lower(&mut parts);
    parts.finish();
    *span_of(&mut statement) = parts.span();
    Some(statement)
}

/// Reports a line that begins no statement.
fn no_statement(pair: &Pair<'_, Rule>, notes: &mut Notes<'_>) {
    let (text, span) = notes.line_rest(pair);
    let message = phrase!("`{}` begins no statement", "`{}` no comienza nada", strings::shortened(text, 40));
    let help = Phrase::new(
        "a statement begins with a word: a kind, a service's name before `->`, or a word of the language",
        "una línea comienza con una palabra: un tipo, el nombre de un servicio antes de `->`, o una palabra del lenguaje",
    );
    notes.add(rules::NO_STATEMENT.at(span).message(message).help(help));
}

/// The place of a statement, for the one function that knows where it ends.
fn span_of(statement: &mut Statement) -> &mut Span {
    match statement {
        Statement::System(x) => &mut x.span,
        Statement::Declaration(x) => &mut x.span,
        Statement::Container(x) => &mut x.span,
        Statement::Flow(x) => &mut x.span,
        Statement::Load(x) => &mut x.span,
        Statement::Role(x) => &mut x.span,
        Statement::Grant(x) => &mut x.span,
        Statement::Public(x) => &mut x.span,
        Statement::Open(x) => &mut x.span,
        Statement::Config(x) => &mut x.span,
        Statement::Scale(x) => &mut x.span,
        Statement::Slo(x) => &mut x.span,
        Statement::Recover(x) => &mut x.span,
        Statement::Budget(x) => &mut x.span,
        Statement::Alarms(x) => &mut x.span,
        Statement::Journey(x) => &mut x.span,
        Statement::Claim(x) => &mut x.span,
        Statement::Rule(x) => &mut x.span,
        Statement::Waive(x) => &mut x.span,
        Statement::View(x) => &mut x.span,
        Statement::Tags(x) => &mut x.span,
        Statement::Include(x) => &mut x.span,
        Statement::Catalog(x) => &mut x.span,
        Statement::Size(x) => &mut x.span,
        Statement::Defaults(x) => &mut x.span,
        Statement::Environment(x) => &mut x.span,
        Statement::Backend(x) => &mut x.span,
        Statement::Note(x) => &mut x.span,
        Statement::Decision(x) => &mut x.span,
    }
}
