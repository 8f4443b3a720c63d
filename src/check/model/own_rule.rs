//! MODEL-721: a rule that the architect wrote is broken.

use crate::check::case::{Case, Check};
use crate::derive::access::Principal;
use crate::derive::network::Network;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::own_rule::{
    Comparison, Condition, Figure, OwnClause, OwnRule, Property, Selection, Selector, Subject, Test,
};
use crate::model::{ContainerKind, Flow, FlowId, Origin, Role, RoleId, Service, ServiceId, Setting, Value};
use crate::text::{Phrase, Span};
use crate::units::Dimension;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-721", title: "rule of the model broken", severity: Severity::Medium },
    find,
};

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let clauses =
        case.model.rules.iter().flat_map(|rule| rule.clauses.iter().map(move |clause| (rule, clause)));
    clauses.flat_map(|(rule, clause)| broken(case, rule, clause)).collect()
}

/// One thing that a clause is about.
#[derive(Clone, Copy)]
enum Thing {
    Flow(FlowId),
    Service(ServiceId),
    Role(RoleId),
}

fn broken(case: &Case<'_>, rule: &OwnRule, clause: &OwnClause) -> Vec<Diagnostic> {
    let things = things(case, &clause.subject).into_iter().filter(|thing| breaks(case, clause, *thing));
    things.map(|thing| finding(case, rule, clause, thing)).collect()
}

/// The declared things a clause is about, in model order.
fn things(case: &Case<'_>, subject: &Subject) -> Vec<Thing> {
    let model = case.model;
    match subject {
        Subject::Flow(from, to) => {
            let declared = model.whole_flows().filter(|(_, flow)| matches!(flow.origin, Origin::Declared));
            let between =
                declared.filter(|(_, flow)| selects(case, from, flow.from) && selects(case, to, flow.to));
            between.map(|(id, _)| Thing::Flow(id)).collect()
        }
        Subject::Service(which) => {
            let declared = model.services.iter().filter(|(_, service)| !service.is_derived());
            // Who asks for all services means those of the system; what stands outside is asked for by name or kind.
            let own = declared.filter(|(_, service)| !which.0.is_empty() || !service.kind.is_outside());
            own.map(|(id, _)| id).filter(|id| selects(case, which, *id)).map(Thing::Service).collect()
        }
        Subject::Role(which) => {
            let named = |id: &RoleId| which.is_empty() || which.contains(id);
            model.roles.ids().filter(named).map(Thing::Role).collect()
        }
    }
}

fn selects(case: &Case<'_>, selection: &Selection, id: ServiceId) -> bool {
    selection.0.is_empty() || selection.0.iter().any(|selector| picks(case, selector, id))
}

fn picks(case: &Case<'_>, selector: &Selector, id: ServiceId) -> bool {
    let service = &case.model.services[id];
    match selector {
        Selector::Service(wanted) => id == *wanted,
        Selector::Place(wanted) => case.model.enclosing(service.place).any(|(place, _)| place == *wanted),
        Selector::Kind(kind) => service.is_a(kind),
        Selector::Category(category) => service.kind.category == *category,
        Selector::Trait(wanted) => service.kind.has(*wanted),
        Selector::Holds(class) => service.holds().any(|held| held == *class),
        Selector::Outside => service.kind.is_outside(),
    }
}

/// Does a thing break a clause? What a demand cannot be asked of satisfies it.
fn breaks(case: &Case<'_>, clause: &OwnClause, thing: Thing) -> bool {
    let holds = |condition: &Condition| condition_holds(case, condition, thing);
    let meant = clause.only.0.is_empty() || holds(&clause.only) == Some(true);
    let excused = !clause.unless.0.is_empty() && holds(&clause.unless) == Some(true);
    meant && !excused && (clause.forbids || holds(&clause.demand) == Some(false))
}

/// Does a condition hold? Nothing when none of its alternatives can be asked.
fn condition_holds(case: &Case<'_>, condition: &Condition, thing: Thing) -> Option<bool> {
    let alternatives = condition.0.iter().filter_map(|all| {
        let answers: Option<Vec<bool>> = all.iter().map(|test| test_holds(case, test, thing)).collect();
        answers.map(|answers| answers.into_iter().all(|holds| holds))
    });
    alternatives.reduce(|one, other| one || other)
}

/// Does a test hold? Nothing when it cannot be asked of the thing, as a setting that its kind does not have.
fn test_holds(case: &Case<'_>, test: &Test, thing: Thing) -> Option<bool> {
    let holds = match thing {
        Thing::Flow(id) => flow_holds(case, &test.property, id),
        Thing::Service(id) => service_holds(case, &test.property, id),
        Thing::Role(id) => role_holds(case, &test.property, id),
    }?;
    Some(holds != test.negated)
}

fn flow_holds(case: &Case<'_>, property: &Property, id: FlowId) -> Option<bool> {
    let flow = &case.model.flows[id];
    Some(match property {
        Property::Same(kind) => are_in_same(case, *kind, flow),
        Property::Verb(verbs) => verbs.contains(&flow.verb),
        Property::Carries(classes) => flow.carries.iter().any(|class| classes.contains(class)),
        Property::Through(which) => flow.through.iter().any(|passed| selects(case, which, *passed)),
        Property::Encrypted => Network::is_encrypted(case.model, id),
        Property::Sync => flow.is_sync(),
        Property::Soft => flow.soft,
        Property::Idempotent => flow.idempotent.is_some(),
        Property::Figure(figure, comparison) => compares(flow_figure(case, *figure, id, flow), *comparison),
        _ => return None,
    })
}

/// Do both ends stand in the same container of a sort? A region is one for everything that names no other.
fn are_in_same(case: &Case<'_>, kind: ContainerKind, flow: &Flow) -> bool {
    if kind == ContainerKind::Region {
        return case.model.region_of(flow.from) == case.model.region_of(flow.to);
    }
    let [from, to] = [flow.from, flow.to].map(|id| case.model.place_of(id, kind));
    from.is_some() && from == to
}

fn flow_figure(case: &Case<'_>, figure: Figure, id: FlowId, flow: &Flow) -> Option<u64> {
    match figure {
        Figure::Timeout => flow.timeout.map(|time| time.0),
        Figure::Retries => flow.retries,
        Figure::Size => flow.size.map(|size| size.0),
        Figure::Share => flow.share.map(|share| share.0),
        Figure::Rate => Some(case.facts.load.flow(id).usual.0),
        Figure::PeakRate => Some(case.facts.load.flow(id).peak.0),
        _ => None,
    }
}

/// Does a figure compare as wanted? Without a comparison: is it there?
fn compares(figure: Option<u64>, comparison: Option<Comparison>) -> bool {
    figure.is_some_and(|figure| comparison.is_none_or(|comparison| comparison.holds(figure)))
}

fn service_holds(case: &Case<'_>, property: &Property, id: ServiceId) -> Option<bool> {
    let service = &case.model.services[id];
    Some(match property {
        Property::Is(which) => selects(case, which, id),
        Property::In(places) => case.model.enclosing(service.place).any(|(place, _)| places.contains(&place)),
        Property::InTier(access) => {
            let tier = case.model.place_of(id, ContainerKind::Tier);
            tier.is_some_and(|tier| case.model.places[tier].access == Some(*access))
        }
        Property::Holds(classes) => service.holds().any(|class| classes.contains(&class)),
        Property::Tag(key, value) => {
            service.tags.get(key).is_some_and(|tag| value.as_ref().is_none_or(|value| value == tag))
        }
        Property::Named(pattern) => matches_pattern(pattern, service.name.as_str()),
        Property::CalledBy(which) => neighbours(case, id, Way::In).any(|caller| selects(case, which, caller)),
        Property::Calls(which) => neighbours(case, id, Way::Out).any(|target| selects(case, which, target)),
        Property::Public => is_public(case, id, service),
        Property::Watched => case.facts.operations.alarms.iter().any(|alarm| alarm.subject == id),
        Property::Setting(name, words) => return setting_is(service, name, words),
        Property::SettingFigure(name, comparison) => return setting_compares(service, name, *comparison),
        Property::Figure(figure, comparison) => compares(service_figure(case, *figure, id), *comparison),
        _ => return None,
    })
}

/// Towards a service, or away from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// The other ends of a service's declared flows, one way.
fn neighbours<'a>(case: &Case<'a>, id: ServiceId, way: Way) -> impl Iterator<Item = ServiceId> + use<'a> {
    let declared = case.model.whole_flows().filter(|(_, flow)| matches!(flow.origin, Origin::Declared));
    declared.filter_map(move |(_, flow)| match way {
        Way::In => (flow.to == id).then_some(flow.from),
        Way::Out => (flow.from == id).then_some(flow.to),
    })
}

/// Can anybody reach it: by a statement, by a setting, or because its tier is public?
fn is_public(case: &Case<'_>, id: ServiceId, service: &Service) -> bool {
    let tier = case.model.place_of(id, ContainerKind::Tier);
    service.settings.is_on("public")
        || case.model.publics.iter().any(|public| public.on == id)
        || tier.is_some_and(|tier| case.model.places[tier].access == Some(crate::model::TierAccess::Public))
}

/// A name against a pattern in which `*` stands for any characters.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(head) else { return false };
    let tails = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    tails.filter_map(|at| name.get(at..)).any(|tail| matches_pattern(rest, tail))
}

/// Is a setting on, or one of these words? Nothing when the kind does not have it.
fn setting_is(service: &Service, name: &str, words: &[String]) -> Option<bool> {
    service.kind.setting(name)?;
    if words.is_empty() {
        return Some(service.settings.is_on(name));
    }
    let stated = service.settings.0.get(name);
    Some(stated.is_some_and(|setting| match &setting.value {
        Value::Word(word) => words.contains(word),
        Value::Words(all) => all.iter().any(|word| words.contains(word)),
        Value::Flag(on) => words.iter().any(|word| (word == "on") == *on),
        Value::Text(text) => words.iter().any(|word| text.is(word)),
        _ => false,
    }))
}

/// How a setting's figure compares. Nothing when the kind does not have it; one that is not stated compares with nothing.
fn setting_compares(service: &Service, name: &str, comparison: Comparison) -> Option<bool> {
    service.kind.setting(name)?;
    let setting = service.settings.0.get(name);
    Some(
        setting
            .and_then(|setting| figure(setting, comparison.dimension))
            .is_some_and(|figure| comparison.holds(figure)),
    )
}

/// The figure of a setting, when it measures the same.
fn figure(setting: &Setting, dimension: Dimension) -> Option<u64> {
    match (&setting.value, dimension) {
        (Value::Count(count), Dimension::Count) => Some(*count),
        (Value::Scaling(policy), Dimension::Count) => Some(policy.max),
        (Value::Percent(share), Dimension::Percent) => Some(share.0),
        (Value::Time(time) | Value::Transition(_, time), Dimension::Time) => Some(time.0),
        (Value::Bytes(bytes), Dimension::Bytes) => Some(bytes.0),
        (Value::Rate(rate), Dimension::Rate) => Some(rate.0),
        (Value::Money(money), Dimension::Money) => u64::try_from(money.0).ok(),
        _ => None,
    }
}

fn service_figure(case: &Case<'_>, figure: Figure, id: ServiceId) -> Option<u64> {
    let count = |way| {
        let mut all: Vec<ServiceId> = neighbours(case, id, way).collect();
        all.sort_unstable();
        all.dedup();
        u64::try_from(all.len()).ok()
    };
    match figure {
        Figure::Cost => u64::try_from(case.facts.cost.of(id).expected.0).ok(),
        Figure::MaxCost => u64::try_from(case.facts.cost.of(id).max.0).ok(),
        Figure::Availability => {
            let worst = case.facts.availability.worst_from(&case.facts.paths, id);
            worst.map(|found| found.chain.availability.0 / 1_000)
        }
        Figure::Latency => slowest(case, id),
        Figure::Callers => count(Way::In),
        Figure::Targets => count(Way::Out),
        _ => None,
    }
}

/// The mean time of the slowest way that begins at a service, in milliseconds.
fn slowest(case: &Case<'_>, id: ServiceId) -> Option<u64> {
    let begins = |path: usize| case.facts.paths.all.get(path).is_some_and(|path| path.start == id);
    let ways = case.facts.latency.paths.iter().filter(|found| begins(found.path));
    ways.map(|found| found.mean.0.div_ceil(1_000)).max()
}

/// May a role change one of these, by itself or through what it may run?
fn changes(case: &Case<'_>, which: &Selection, id: RoleId) -> bool {
    let reach = case.facts.access.reach(&Principal::Role(id));
    reach.changes.iter().any(|changed| selects(case, which, *changed))
}

fn role_holds(case: &Case<'_>, property: &Property, id: RoleId) -> Option<bool> {
    let role = &case.model.roles[id];
    Some(match property {
        Property::Mfa => role.mfa,
        Property::Bounded => role.boundary || !role.nevers.is_empty(),
        Property::May(verbs) => role.permits.iter().any(|permit| verbs.contains(&permit.verb)),
        Property::Changes(which) => changes(case, which, id),
        Property::Named(pattern) => matches_pattern(pattern, role.name.as_str()),
        Property::Figure(figure, comparison) => compares(role_figure(case, *figure, id, role), *comparison),
        _ => return None,
    })
}

fn role_figure(case: &Case<'_>, figure: Figure, id: RoleId, role: &Role) -> Option<u64> {
    match figure {
        Figure::Session => role.session.map(|session| session.0),
        Figure::Actions => u64::try_from(case.facts.access.breadth(&Principal::Role(id)).actions).ok(),
        _ => None,
    }
}

/// A finding about a thing, under the name that a waiver can give it.
fn finding(case: &Case<'_>, rule: &OwnRule, clause: &OwnClause, thing: Thing) -> Diagnostic {
    let (span, subject, shown) = place(case, thing);
    let asks = if clause.forbids {
        Phrase::new("forbidden here", "se prohíbe aquí")
    } else {
        Phrase::new("required here", "se exige aquí")
    };
    let help = match &rule.advice {
        Some(advice) => Phrase::from(advice.clone()),
        None if clause.forbids => Phrase::new(
            "take it away, or say in the rule's `unless` why it may be",
            "quítalo, o di en el `unless` de la regla por qué puede ser",
        ),
        None => Phrase::new(
            "give it what the rule's `with` asks for, or say in its `unless` why not",
            "dale lo que pide el `with` de la regla, o di en su `unless` por qué no",
        ),
    };
    let finding = CHECK.rule.at(span).message(rule.headline(&shown)).severity(rule.severity);
    finding.label(clause.span, asks).help(help).subject(subject)
}

/// Where a thing stands, its name, and how a headline calls it.
fn place<'a>(case: &Case<'a>, thing: Thing) -> (Span, &'a str, String) {
    let model = case.model;
    match thing {
        Thing::Flow(id) => {
            let flow = &model.flows[id];
            let [from, to] = [flow.from, flow.to].map(|end| model.services[end].name.as_str());
            (flow.span, from, format!("`{from} -> {to}`"))
        }
        Thing::Service(id) => {
            let service = &model.services[id];
            (service.span, service.name.as_str(), format!("`{}`", service.name))
        }
        Thing::Role(id) => {
            let role = &model.roles[id];
            (role.span, role.name.as_str(), format!("`{}`", role.name))
        }
    }
}
