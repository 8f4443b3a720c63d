//! The system, declarations, containers and flows.

use pest::iterators::Pair;

use crate::syntax::ast::{
    Container, ContainerKind, Declaration, Flow, Quoted, Setting, Statement, System, Word,
};
use crate::syntax::lower::{statement, values};
use crate::syntax::parse::Rule;
use crate::syntax::parts::{Parts, names, quoted};
use crate::syntax::rules;
use crate::text::{Phrase, Span, Spanned, Wording, nearest, phrase};

/// `system shop "Tienda web" in us-east-1 { … }`
pub(super) fn system(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.name();
    let title = parts.quoted();
    let region = parts.word(Rule::word);
    let settings = values::block(parts);
    Statement::System(System { name, title, region, settings, span: parts.span() })
}

/// `ec2 products "Productos" in app { … }`
pub(super) fn declaration(parts: &mut Parts<'_, '_>) -> Statement {
    let kind = parts.word(Rule::word).unwrap_or_else(|| Spanned::new(String::new(), parts.span()));
    let name = parts.name();
    let title = parts.quoted();
    let head = parts.span();
    let place = parts.name();
    let settings = values::block(parts);
    Statement::Declaration(Declaration { kind, name, title, place, settings, span: parts.span(), head })
}

/// Which container a node is.
const CONTAINERS: [(Rule, ContainerKind); 4] = [
    (Rule::vpc, ContainerKind::Vpc),
    (Rule::tier, ContainerKind::Tier),
    (Rule::region, ContainerKind::Region),
    (Rule::group, ContainerKind::Group),
];

/// What may stand between a container's name and its block, in any order.
#[derive(Default)]
struct Traits {
    title: Option<Quoted>,
    cidr: Option<Word>,
    access: Option<Word>,
}

/// `vpc net 10.0.0.0/16 { … }`, `tier app private { … }`, …
pub(super) fn container(parts: &mut Parts<'_, '_>) -> Statement {
    let rule = parts.statement();
    let kind =
        CONTAINERS.iter().find(|(node, _)| *node == rule).map_or(ContainerKind::Group, |(_, kind)| *kind);
    let name = parts.name();
    let mut traits = Traits::default();
    while let Some(Rule::string | Rule::cidr | Rule::access) = parts.peek() {
        container_trait(parts, kind, &mut traits);
    }
    let head = parts.span();
    let (settings, body) = parts.within(Rule::body, body).unwrap_or_default();
    let Traits { title, cidr, access } = traits;
    Statement::Container(Container {
        kind,
        name,
        title,
        cidr,
        access,
        settings,
        body,
        span: parts.span(),
        head,
    })
}

fn container_trait(parts: &mut Parts<'_, '_>, kind: ContainerKind, traits: &mut Traits) {
    let Some(pair) = parts.next() else { return };
    match pair.as_rule() {
        Rule::string => traits.title = Some(parts.quoted_of(&pair)),
        Rule::cidr => {
            values::check_cidr(parts, &pair);
            traits.cidr = Some(parts.word_of(&pair));
        }
        _ => traits.access = access(parts, kind, &pair).or(traits.access.take()),
    }
}

/// `public`, `private` or `isolated` of a tier; anything else is reported.
fn access<'i>(parts: &mut Parts<'_, 'i>, kind: ContainerKind, pair: &Pair<'i, Rule>) -> Option<Word> {
    const ACCESS: [&str; 3] = ["public", "private", "isolated"];
    let word = parts.word_of(pair);
    if kind == ContainerKind::Tier && ACCESS.contains(&word.value.as_str()) {
        return Some(word);
    }
    if kind != ContainerKind::Tier {
        let message = phrase!("unexpected `{}`", "`{}` no va aquí", word.value);
        parts.notes().add(rules::UNEXPECTED.at(word.span).message(message));
        return None;
    }
    bad_word(parts, &word, Wording::new("a tier is", "un tier es"), &ACCESS);
    None
}

/// Reports a word where only a few are possible.
pub(super) fn bad_word(parts: &mut Parts<'_, '_>, word: &Word, before: Wording, possible: &[&str]) {
    let meant = nearest(&word.value, possible.iter().copied());
    let Wording { en, es } = before;
    let message =
        Phrase::new(format!("{en} {}", listed(possible, "or")), format!("{es} {}", listed(possible, "o")));
    let meant = meant.map(|meant| phrase!("did you mean `{meant}`?", "¿quería decir `{meant}`?"));
    parts.notes().add(rules::BAD_WORD.at(word.span).message(message).maybe_help(meant));
}

/// `a`, `b` or `c`
fn listed(words: &[&str], or: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {or} {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The lines of a container: its own settings, and what stands inside.
fn body(parts: &mut Parts<'_, '_>) -> (Vec<Setting>, Vec<Statement>) {
    let (mut settings, mut statements) = (Vec::new(), Vec::new());
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::container_setting | Rule::bare_setting => {
                settings.push(parts.inside(pair, values::setting));
            }
            _ => statements.extend(statement(pair, parts.notes())),
        }
    }
    (settings, statements)
}

/// `a, b -> c, d : verb, verb ? share 60% "remark"`
pub(super) fn flow(parts: &mut Parts<'_, '_>) -> Statement {
    let from = parts.within(Rule::from, names).unwrap_or_default();
    parts.arrow();
    let to = parts.within(Rule::to, names).unwrap_or_default();
    let verbs = parts.within(Rule::verbs, |parts| parts.words(Rule::verb)).unwrap_or_default();
    let mut flow =
        Flow { from, to, verbs, soft: false, extras: Vec::new(), remark: None, span: Span::default() };
    while flow_part(parts, &mut flow) {}
    Statement::Flow(flow)
}

/// Takes one part behind the verbs; false when there is none.
fn flow_part(parts: &mut Parts<'_, '_>, flow: &mut Flow) -> bool {
    if !matches!(parts.peek(), Some(Rule::soft | Rule::remark | Rule::extra)) {
        return false;
    }
    let Some(pair) = parts.next() else { return false };
    match pair.as_rule() {
        Rule::soft => flow.soft = true,
        Rule::remark => flow.remark = parts.inside(pair, quoted),
        _ => flow.extras.push(parts.inside(pair, values::setting)),
    }
    true
}
