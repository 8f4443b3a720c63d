//! Containers, services and roles get their ids and names.

use std::sync::Arc;

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::rules::{BLOCK_DOES_NOT_FIT, UNKNOWN_KIND, UNKNOWN_WORD, WRONG_VALUE};
use crate::model::{
    Cidr, ContainerKind, Origin, Place, PlaceId, Role, Service, ServiceId, Settings, TierAccess,
};
use crate::syntax::ast::{self, Name, Setting, Statement};
use crate::text::{Ident, Phrase, Span, Text, did_you_mean, phrase};

/// One declared service with what was written about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared<'a> {
    /// Its id.
    pub id: ServiceId,
    /// Its statement.
    pub statement: &'a ast::Declaration,
    /// The prefix of its file.
    pub prefix: Option<&'a Ident>,
}

/// One container with the settings written in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contained<'a> {
    /// Its id.
    pub id: PlaceId,
    /// Its settings.
    pub settings: &'a [Setting],
    /// The prefix of its file.
    pub prefix: Option<&'a Ident>,
}

/// All that was declared, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Declarations<'a> {
    /// Services.
    pub services: Vec<Declared<'a>>,
    /// Containers.
    pub places: Vec<Contained<'a>>,
}

/// One statement still to be declared, and where it stands.
#[derive(Clone, Copy)]
struct Pending<'a> {
    statement: &'a Statement,
    prefix: Option<&'a Ident>,
    place: Option<PlaceId>,
}

/// Declares containers and services (an explicit stack, because containers nest) and then the roles.
pub(super) fn resolve<'a>(builder: &mut Builder<'_>, outline: &Outline<'a>) -> Declarations<'a> {
    let mut declared = Declarations::default();
    let pending = |item: &crate::model::resolve::environment::Item<'a>| Pending {
        statement: item.statement,
        prefix: item.prefix,
        place: None,
    };
    let mut stack: Vec<Pending<'a>> = outline.items.iter().rev().map(pending).collect();
    while let Some(next) = stack.pop() {
        match next.statement {
            Statement::Container(container) => {
                let place = add_place(builder, container, &next);
                declared.places.push(Contained {
                    id: place,
                    settings: &container.settings,
                    prefix: next.prefix,
                });
                let inner = |statement| Pending { statement, place: Some(place), ..next };
                stack.extend(container.body.iter().rev().map(inner));
            }
            Statement::Declaration(statement) => {
                declared.services.extend(add_service(builder, statement, &next));
            }
            Statement::Role(role) => add_role(builder, role, next.prefix),
            _ => (),
        }
    }
    named_places(builder, &declared);
    blocks_fit(builder);
    declared
}

/// The name a thing of an included file has in the whole model.
fn prefixed(name: &Ident, prefix: Option<&Ident>) -> Ident {
    prefix.map_or_else(|| name.clone(), |prefix| prefix.child(name.as_str()))
}

/// A title, or the name where none is stated.
fn title_or_name(title: Option<&ast::Quoted>, name: &Ident) -> Text {
    title.map_or_else(|| Text::new(name.as_str()), |title| title.value.clone())
}

fn add_place(builder: &mut Builder<'_>, container: &ast::Container, at: &Pending<'_>) -> PlaceId {
    let span = container.head;
    let fallback = || Ident::sanitized(&format!("unnamed{}", builder.model.places.len()));
    let name = container.name.as_ref().map_or_else(fallback, |name| prefixed(&name.value, at.prefix));
    let place = Place {
        kind: container.kind,
        title: title_or_name(container.title.as_ref(), &name),
        name: name.clone(),
        parent: at.place,
        access: None,
        cidr: None,
        settings: Settings::default(),
        derived: false,
        span,
    };
    let id = builder.model.places.add(place);
    if container.name.is_some() {
        builder.declare(&name, Symbol::Place(id), span);
    }
    builder.model.places[id].cidr =
        container.cidr.as_ref().and_then(|word| block(builder, &word.value, word.span));
    builder.model.places[id].access = tier_access(builder, container);
    id
}

/// The address block of a word; reports what is none.
fn block(builder: &mut Builder<'_>, word: &str, span: Span) -> Option<Cidr> {
    let cidr = Cidr::parse(word);
    if cidr.is_none() {
        let finding = WRONG_VALUE.at(span).message(Phrase::new(
            "this is no IPv4 address block",
            "esto no es un bloque de direcciones IPv4",
        ));
        builder.report(finding.help(Phrase::new(
            "write an address whose host bits are 0 and a prefix, for example `10.0.0.0/16`",
            "escribe una dirección con los bits de host en 0 y un prefijo, por ejemplo `10.0.0.0/16`",
        )));
    }
    cidr
}

/// Who can reach a tier; private when the model does not say.
fn tier_access(builder: &mut Builder<'_>, container: &ast::Container) -> Option<TierAccess> {
    const ACCESS: [(&str, TierAccess); 3] = [
        ("public", TierAccess::Public),
        ("private", TierAccess::Private),
        ("isolated", TierAccess::Isolated),
    ];
    if container.kind != ContainerKind::Tier {
        return None;
    }
    let Some(word) = &container.access else { return Some(TierAccess::Private) };
    let found = ACCESS.iter().find(|(name, _)| *name == word.value).map(|(_, access)| *access);
    if found.is_none() {
        let similar = did_you_mean(&word.value, ACCESS.iter().map(|(name, _)| *name));
        let finding = UNKNOWN_WORD.at(word.span).message(Phrase::new(
            "a tier is `public`, `private` or `isolated`",
            "un tier es `public`, `private` o `isolated`",
        ));
        builder.report(finding.maybe_help(similar));
    }
    found.or(Some(TierAccess::Private))
}

fn add_service<'a>(
    builder: &mut Builder<'_>,
    statement: &'a ast::Declaration,
    at: &Pending<'a>,
) -> Option<Declared<'a>> {
    let kind = known_kind(builder, statement)?;
    let name = prefixed(&statement.name.as_ref()?.value, at.prefix);
    let service = Service {
        title: title_or_name(statement.title.as_ref(), &name),
        name,
        kind,
        place: at.place,
        settings: Settings::default(),
        tags: indexmap::IndexMap::new(),
        was: None,
        config: Vec::new(),
        origin: Origin::Declared,
        span: statement.head,
    };
    let id = builder.add_service(service);
    Some(Declared { id, statement, prefix: at.prefix })
}

/// The kind of a declaration; reports an unknown word.
fn known_kind(builder: &mut Builder<'_>, statement: &ast::Declaration) -> Option<Arc<crate::catalog::Kind>> {
    let word = &statement.kind;
    if let Some(kind) = builder.catalog.by_word(&word.value).filter(|kind| kind.declarable) {
        return Some(Arc::clone(kind));
    }
    let shown = Ident::sanitized(&word.value);
    let similar = did_you_mean(&word.value, builder.catalog.words());
    let help =
        similar.unwrap_or_else(|| Phrase::new("`archc kinds` lists them", "`archc kinds` los enumera"));
    builder.report(
        UNKNOWN_KIND
            .at(word.span)
            .message(phrase!("`{shown}` is no kind of service", "`{shown}` no es un tipo de servicio"))
            .help(help),
    );
    None
}

/// Moves services that name their place (`in net`) there.
fn named_places(builder: &mut Builder<'_>, declared: &Declarations<'_>) {
    for service in &declared.services {
        let Some(name) = &service.statement.place else { continue };
        match builder.find(name, service.prefix) {
            Some(Symbol::Place(place)) => builder.model.services[service.id].place = Some(place),
            Some(other) => builder.wrong_sort(name, other, Phrase::new("a container", "un contenedor")),
            None => (),
        }
    }
}

/// Reports address blocks that lie outside their container's or overlap a sibling's.
fn blocks_fit(builder: &mut Builder<'_>) {
    let blocks: Vec<(PlaceId, Option<PlaceId>, Cidr, Span)> = builder
        .model
        .places
        .iter()
        .filter_map(|(id, place)| place.cidr.map(|cidr| (id, place.parent, cidr, place.span)))
        .collect();
    for (at, (_, parent, cidr, span)) in blocks.iter().enumerate() {
        let outer = parent.and_then(|parent| builder.model.places[parent].cidr);
        if outer.is_some_and(|outer| !outer.holds(*cidr)) {
            builder.reject(
                &BLOCK_DOES_NOT_FIT,
                *span,
                phrase!(
                    "{cidr} lies outside its container's block",
                    "{cidr} queda fuera del bloque de su contenedor"
                ),
            );
        }
        let clash = blocks
            .iter()
            .take(at)
            .find(|(_, other_parent, other, _)| other_parent == parent && overlap(*other, *cidr));
        if let Some((_, _, other, other_span)) = clash {
            let finding = BLOCK_DOES_NOT_FIT
                .at(*span)
                .message(phrase!("{cidr} overlaps {other}", "{cidr} se solapa con {other}"));
            builder.report(finding.label(*other_span, Phrase::new("the other block", "el otro bloque")));
        }
    }
}

const fn overlap(a: Cidr, b: Cidr) -> bool {
    a.holds(b) || b.holds(a)
}

fn add_role(builder: &mut Builder<'_>, role: &ast::Role, prefix: Option<&Ident>) {
    let Some(Name { value, span }) = &role.name else { return };
    let name = prefixed(value, prefix);
    let id = builder.model.roles.add(Role {
        title: title_or_name(role.title.as_ref(), &name),
        name: name.clone(),
        group: role.group.as_ref().map(|group| group.value.clone()),
        permits: Vec::new(),
        nevers: Vec::new(),
        mfa: false,
        session: None,
        break_glass: false,
        boundary: false,
        policies: Vec::new(),
        span: role.head,
    });
    builder.declare(&name, Symbol::Role(id), *span);
}
