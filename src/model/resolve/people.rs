//! Roles of people, and exceptions: grants apart from flows, public things, open ports.

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{
    OUT_OF_BOUNDS, REASON_MISSING, UNKNOWN_NAME, UNKNOWN_SETTING, UNKNOWN_WORD,
};
use crate::model::{
    Cidr, DataClass, Grant, Grantee, Never, Open, OpenFrom, Permit, Public, Role, RoleId, ServiceId,
};
use crate::syntax::ast::{self, Name, RoleClause, Setting, Statement, Word};
use crate::text::{Ident, Phrase, Span, Spanned, did_you_mean, one_of, phrase};
use crate::units::{Dimension, Millis};

/// A setting of a role and the function that takes it.
type RoleSetting = fn(&mut Builder<'_>, &Setting, RoleId);

/// The settings of a role.
const SETTINGS: &[(&str, RoleSetting)] = &[
    ("mfa", |builder, setting, id| {
        let off = Reader::new(builder, setting).keyword("off");
        builder.model.roles[id].mfa = !off;
    }),
    ("session", |builder, setting, id| {
        builder.model.roles[id].session = Reader::new(builder, setting).quantity(Dimension::Time).map(Millis);
    }),
    ("break-glass", |builder, _, id| builder.model.roles[id].break_glass = true),
    ("boundary", |builder, _, id| builder.model.roles[id].boundary = true),
    ("policy", |builder, setting, id| {
        if let Some(text) = Reader::new(builder, setting).text() {
            builder.model.roles[id].policies.push(Spanned::new(text, setting.span));
        }
    }),
];

/// Resolves roles and exceptions.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        match item.statement {
            Statement::Role(role) => fill_role(builder, role, item.prefix),
            Statement::Grant(grant) => add_grant(builder, grant, item.prefix),
            Statement::Public(public) => add_public(builder, public, item.prefix),
            Statement::Open(open) => add_open(builder, open, item.prefix),
            _ => (),
        }
    }
}

fn fill_role(builder: &mut Builder<'_>, role: &ast::Role, prefix: Option<&Ident>) {
    let Some(id) =
        role.name.as_ref().and_then(|name| builder.names.find(&name.value, prefix)).and_then(Symbol::role)
    else {
        return;
    };
    if builder.model.roles[id].span != role.head {
        return;
    }
    for setting in &role.settings {
        take_setting(builder, setting, id);
    }
    for clause in &role.clauses {
        if clause.never {
            never(builder, clause, (id, prefix));
        } else {
            permit(builder, clause, (id, prefix));
        }
    }
}

fn take_setting(builder: &mut Builder<'_>, setting: &Setting, id: RoleId) {
    let name = setting.name.value.as_str();
    if let Some((_, take)) = SETTINGS.iter().find(|(known, _)| *known == name) {
        return take(builder, setting, id);
    }
    let message =
        phrase!("a role has no setting `{}`", "un rol no tiene el ajuste `{}`", Ident::sanitized(name));
    let help = one_of(name, SETTINGS.iter().map(|(known, _)| *known));
    builder.report(UNKNOWN_SETTING.at(setting.name.span).message(message).help(help));
}

/// The human verbs that any kind offers, for did-you-mean.
fn human_verbs(builder: &Builder<'_>) -> Vec<String> {
    let of = |role: &Role| role.permits.iter().map(|permit| permit.verb.clone()).collect::<Vec<_>>();
    let offered = builder
        .model
        .services
        .values()
        .flat_map(|service| service.kind.access.iter().map(|verb| verb.name.clone()));
    let mut verbs: Vec<String> = offered.chain(builder.model.roles.values().flat_map(of)).collect();
    verbs.sort();
    verbs.dedup();
    verbs
}

fn permit(builder: &mut Builder<'_>, clause: &RoleClause, (id, prefix): (RoleId, Option<&Ident>)) {
    let mut permit = Permit {
        verb: clause.verb.value.clone(),
        on: Vec::new(),
        all: false,
        budgets: false,
        without: Vec::new(),
        span: clause.span,
    };
    for name in &clause.on {
        match name.value.as_str() {
            "all" => permit_all(builder, &mut permit),
            "budget" | "budgets" => permit.budgets = true,
            _ => permit_one(builder, &mut permit, name, prefix),
        }
    }
    if permit.all && permit.on.is_empty() {
        unknown_verb(builder, &clause.verb);
    }
    builder.model.roles[id].permits.push(permit);
}

/// Every declared service whose kind offers the verb; the others are remembered for the report.
fn permit_all(builder: &Builder<'_>, permit: &mut Permit) {
    permit.all = true;
    permit.budgets = permit.verb == "observe" || permit.verb == "administer";
    for (id, service) in
        builder.model.services.iter().filter(|(_, service)| !service.kind.outside && !service.is_derived())
    {
        let list =
            if service.kind.verb(&permit.verb).is_some() { &mut permit.on } else { &mut permit.without };
        list.push(id);
    }
}

fn permit_one(builder: &mut Builder<'_>, permit: &mut Permit, name: &Name, prefix: Option<&Ident>) {
    let Some(symbol) = builder.find(name, prefix) else { return };
    let found: Vec<ServiceId> = match symbol {
        Symbol::Service(id) => vec![id],
        Symbol::Place(place) => inside(builder, place),
        Symbol::Role(_) => return builder.wrong_sort(name, symbol, Phrase::new("a service", "un servicio")),
    };
    for id in found {
        let offers = builder.model.services[id].kind.verb(&permit.verb).is_some();
        match (offers, symbol.service()) {
            (true, _) => permit.on.push(id),
            (false, None) => permit.without.push(id),
            (false, Some(_)) => verb_not_offered(builder, id, &permit.verb, name.span),
        }
    }
}

/// The services inside a container.
fn inside(builder: &Builder<'_>, place: crate::model::PlaceId) -> Vec<ServiceId> {
    let holds = |id: ServiceId| {
        builder.model.enclosing(builder.model.services[id].place).any(|(outer, _)| outer == place)
    };
    builder.model.services.ids().filter(|id| holds(*id)).collect()
}

fn verb_not_offered(builder: &mut Builder<'_>, id: ServiceId, verb: &str, span: Span) {
    let service = &builder.model.services[id];
    let offered: Vec<&str> = service.kind.access.iter().map(|known| known.name.as_str()).collect();
    let help = did_you_mean(verb, offered.iter().copied()).unwrap_or_else(|| {
        phrase!("`{}` offers {}", "`{}` ofrece {}", service.kind.word, offered.join(", "))
    });
    let message = phrase!(
        "`{}` cannot be the object of `{}`",
        "`{}` no puede ser el objeto de `{}`",
        service.name,
        Ident::sanitized(verb)
    );
    builder.report(UNKNOWN_WORD.at(span).message(message).help(help));
}

fn unknown_verb(builder: &mut Builder<'_>, verb: &Word) {
    let verbs = human_verbs(builder);
    let others = verbs.iter().map(String::as_str).filter(|known| *known != verb.value);
    let message = phrase!(
        "no service of the model offers `{}`",
        "ningún servicio del modelo ofrece `{}`",
        Ident::sanitized(&verb.value)
    );
    let help = did_you_mean(&verb.value, others);
    builder.report(UNKNOWN_WORD.at(verb.span).message(message).maybe_help(help));
}

/// `never read pii`: a class of data, or services.
fn never(builder: &mut Builder<'_>, clause: &RoleClause, (id, prefix): (RoleId, Option<&Ident>)) {
    for name in &clause.on {
        let class = DataClass::from_name(name.value.as_str());
        let on = match class {
            Some(_) => Vec::new(),
            None => builder.find_service(name, prefix).into_iter().collect(),
        };
        let never = Never { verb: clause.verb.value.clone(), class, on, span: clause.span };
        builder.model.roles[id].nevers.push(never);
    }
}

fn add_grant(builder: &mut Builder<'_>, grant: &ast::Grant, prefix: Option<&Ident>) {
    let Some(principal) = grant.principal.as_ref().and_then(|name| grantee(builder, name, prefix)) else {
        return;
    };
    reason_given(builder, grant.because.is_some(), grant.span, "grant");
    let everything = grant.on.iter().find(|word| word.value == "*").map(|word| word.span);
    let mut on = Vec::new();
    for word in grant.on.iter().filter(|word| word.value != "*") {
        let name = Spanned::new(Ident::sanitized(&word.value), word.span);
        on.extend(builder.find_service(&name, prefix).map(|id| Spanned::new(id, word.span)));
    }
    builder.model.grants.push(Grant {
        principal,
        verbs: grant.verbs.clone(),
        actions: grant.actions.clone(),
        on,
        everything,
        conditions: grant
            .conditions
            .iter()
            .map(|(key, value)| (key.value.clone(), value.value.clone()))
            .collect(),
        because: grant.because.clone(),
        span: grant.span,
    });
}

fn grantee(builder: &mut Builder<'_>, name: &Name, prefix: Option<&Ident>) -> Option<Spanned<Grantee>> {
    if matches!(name.value.as_str(), "anyone" | "everyone")
        && builder.names.find(&name.value, prefix).is_none()
    {
        return Some(Spanned::new(Grantee::Anyone, name.span));
    }
    let grantee = match builder.find(name, prefix)? {
        Symbol::Service(id) => Grantee::Service(id),
        Symbol::Role(id) => Grantee::Role(id),
        place @ Symbol::Place(_) => {
            builder.wrong_sort(name, place, Phrase::new("a service or a role", "un servicio o un rol"));
            return None;
        }
    };
    Some(Spanned::new(grantee, name.span))
}

/// Reports an exception without `because`.
fn reason_given(builder: &mut Builder<'_>, given: bool, span: Span, what: &str) {
    if !given {
        let finding = REASON_MISSING
            .at(span.end_point())
            .message(phrase!("this `{what}` gives no reason", "este `{what}` no da ninguna razón"));
        builder.report(finding.help(Phrase::new(
            "add `because \"…\"`: exceptions outlive their reason when nobody writes it down",
            "añade `because \"…\"`: las excepciones sobreviven a su razón si nadie la escribe",
        )));
    }
}

fn add_public(builder: &mut Builder<'_>, public: &ast::Public, prefix: Option<&Ident>) {
    let Some(on) = public.on.as_ref().and_then(|name| builder.find_service(name, prefix)) else { return };
    reason_given(builder, public.because.is_some(), public.span, "public");
    let because = public.because.as_ref().map(|because| because.value.clone());
    builder.model.publics.push(Public { on, because, span: public.span });
}

fn add_open(builder: &mut Builder<'_>, open: &ast::Open, prefix: Option<&Ident>) {
    let on = open.on.as_ref().and_then(|name| builder.find_service(name, prefix));
    let from = open.from.as_ref().and_then(|word| open_from(builder, word, prefix));
    reason_given(builder, open.because.is_some(), open.span, "open");
    let Some(stated) = &open.port else { return };
    let Some(port) = u16::try_from(stated.value).ok().filter(|port| *port > 0) else {
        return builder.reject(
            &OUT_OF_BOUNDS,
            stated.span,
            Phrase::new("a port is 1 to 65535", "un puerto va de 1 a 65535"),
        );
    };
    let (Some(on), Some(from)) = (on, from) else { return };
    let because = open.because.as_ref().map(|because| because.value.clone());
    builder.model.opens.push(Open { port, on, from, because, span: open.span });
}

fn open_from(builder: &mut Builder<'_>, word: &Word, prefix: Option<&Ident>) -> Option<OpenFrom> {
    if let Some(cidr) = Cidr::parse(&word.value) {
        return Some(OpenFrom::Cidr(cidr));
    }
    let Some(name) = Ident::new(&word.value) else {
        builder.reject(
            &UNKNOWN_NAME,
            word.span,
            Phrase::new(
                "this is neither an address block nor a name",
                "esto no es ni un bloque de direcciones ni un nombre",
            ),
        );
        return None;
    };
    builder.find_service(&Spanned::new(name, word.span), prefix).map(OpenFrom::Service)
}
