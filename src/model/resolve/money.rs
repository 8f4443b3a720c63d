//! Loads, budgets and alarms.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::rules::{
    LOAD_ON_NOTHING, OUT_OF_BOUNDS, PEAK_BELOW_USUAL, UNKNOWN_WORD, WRONG_SORT,
};
use crate::model::{
    Alarms, Budget, BudgetAction, Deed, Load, Model, Period, Scope, ServiceId, Spending, Threshold,
};
use crate::syntax::ast::{self, Name, Quantity, Statement, Word};
use crate::text::{Ident, Phrase, Span, Spanned, did_you_mean, one_of, phrase};
use crate::units::{MicroUsd, Millis, PerSecond, Percent};

/// Hours of a month in the catalogue's prices.
const MONTH: Millis = Millis(730 * 3_600_000);

/// No budget is larger: a million million dollars.
const DEAREST: MicroUsd = MicroUsd(1_000_000_000_000_000_000);

const PERIODS: [(&str, Period); 4] = [
    ("monthly", Period::Monthly),
    ("daily", Period::Daily),
    ("quarterly", Period::Quarterly),
    ("annually", Period::Annually),
];

/// Resolves all of them.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    let mut entries = Entries::new(&builder.model);
    for item in &outline.items {
        match item.statement {
            Statement::Load(load) => add_load(builder, &mut entries, load, item.prefix),
            Statement::Budget(budget) => add_budget(builder, budget, item.prefix),
            Statement::Alarms(alarms) => add_alarms(builder, alarms, item.prefix),
            _ => (),
        }
    }
}

/// What can take a load, and what has one.
struct Entries {
    in_flows: BTreeSet<ServiceId>,
    loaded: BTreeMap<ServiceId, Span>,
}

impl Entries {
    fn new(model: &Model) -> Self {
        let in_flows = model.whole_flows().flat_map(|(_, flow)| [flow.from, flow.to]).collect();
        Self { in_flows, loaded: BTreeMap::new() }
    }
}

fn add_load(builder: &mut Builder<'_>, entries: &mut Entries, load: &ast::Load, prefix: Option<&Ident>) {
    let Some(on) = load.on.as_ref().and_then(|name| builder.find_service(name, prefix)) else { return };
    let Some(usual) = &load.usual else { return };
    let usual = rate(builder, usual);
    let peak = load.peak.as_ref().map_or(usual, |peak| rate(builder, peak));
    if peak < usual {
        let message = phrase!(
            "the peak ({peak}) is below the usual load ({usual})",
            "el pico ({peak}) está por debajo de la carga habitual ({usual})"
        );
        builder.reject(&PEAK_BELOW_USUAL, load.span, message);
    }
    let peak_time = load.peak_time.as_ref().map_or(Millis(0), |time| Millis(time.value.amount));
    if peak_time > MONTH {
        builder.reject(
            &OUT_OF_BOUNDS,
            load.span,
            Phrase::new("a month has 730 hours", "un mes tiene 730 horas"),
        );
    }
    takes_load(builder, entries, on, load.span);
    let ramp = load.ramp.as_ref().map(|time| Millis(time.value.amount));
    let peak_time = peak_time.min(MONTH);
    builder.model.loads.push(Load { on, usual, peak, peak_time, ramp, span: load.span });
}

/// A rate that can be: no system is asked more than a million million times a second.
fn rate(builder: &mut Builder<'_>, stated: &Spanned<Quantity>) -> PerSecond {
    const FASTEST: PerSecond = PerSecond(1_000_000_000_000_000);
    let rate = PerSecond(stated.value.amount);
    if rate > FASTEST {
        let message = phrase!("a load is at most {FASTEST}", "una carga es como mucho de {FASTEST}");
        builder.reject(&OUT_OF_BOUNDS, stated.span, message);
    }
    rate.min(FASTEST)
}

/// Reports load on something that nothing can call, or that has a load already.
fn takes_load(builder: &mut Builder<'_>, entries: &mut Entries, on: ServiceId, span: Span) {
    let service = &builder.model.services[on];
    let name = service.name.clone();
    if !entries.in_flows.contains(&on) {
        let finding = LOAD_ON_NOTHING
            .at(span)
            .message(phrase!("`{name}` takes no part in any flow", "`{name}` no participa en ningún flujo"));
        builder.report(
            finding
                .help(Phrase::new(
                    "state the load where it enters the system",
                    "indica la carga donde entra al sistema",
                ))
                .subject(name.as_str()),
        );
    }
    if let Some(earlier) = entries.loaded.get(&on).copied() {
        let finding = LOAD_ON_NOTHING.at(span).message(phrase!(
            "the load of `{name}` is stated twice",
            "la carga de `{name}` se indica dos veces"
        ));
        builder.report(finding.label(earlier, Phrase::new("stated here first", "indicada aquí primero")));
    }
    entries.loaded.entry(on).or_insert(span);
}

fn add_budget(builder: &mut Builder<'_>, budget: &ast::Budget, prefix: Option<&Ident>) {
    let Some(limit) = &budget.limit else { return };
    if limit.value.amount > DEAREST.0.unsigned_abs() {
        let message = phrase!("a budget is at most {DEAREST}", "un presupuesto es como mucho de {DEAREST}");
        builder.reject(&OUT_OF_BOUNDS, limit.span, message);
    }
    let limit = MicroUsd(i64::try_from(limit.value.amount).unwrap_or(i64::MAX)).min(DEAREST);
    let period = budget.period.as_ref().map_or(Some(Period::Monthly), |word| period(builder, word));
    let scope = budget.on.as_ref().map_or(Some(Scope::System), |name| scope(builder, name, prefix));
    let alerts = budget.alerts.iter().flat_map(|alert| alerts(builder, alert, prefix)).collect();
    let actions = budget.actions.iter().filter_map(|action| action_of(builder, action, prefix)).collect();
    let (Some(period), Some(scope)) = (period, scope) else { return };
    builder.model.budgets.push(Budget { limit, period, scope, alerts, actions, span: budget.span });
}

fn period(builder: &mut Builder<'_>, word: &Word) -> Option<Period> {
    let found = PERIODS.iter().find(|(name, _)| *name == word.value).map(|(_, period)| *period);
    if found.is_none() {
        let finding = UNKNOWN_WORD.at(word.span).message(Phrase::new(
            "a budget is `monthly`, `daily`, `quarterly` or `annually`",
            "un presupuesto es `monthly`, `daily`, `quarterly` o `annually`",
        ));
        builder.report(finding.maybe_help(did_you_mean(&word.value, PERIODS.iter().map(|(name, _)| *name))));
    }
    found
}

/// The system by its name, a container, or a service.
fn scope(builder: &mut Builder<'_>, name: &Name, prefix: Option<&Ident>) -> Option<Scope> {
    if name.value == builder.model.system.name && builder.names.find(&name.value, prefix).is_none() {
        return Some(Scope::System);
    }
    match builder.find(name, prefix)? {
        Symbol::Service(id) => Some(Scope::Service(id)),
        Symbol::Place(id) => Some(Scope::Place(id)),
        role @ Symbol::Role(_) => {
            builder.wrong_sort(
                name,
                role,
                Phrase::new("the system, a group or a service", "el sistema, un grupo o un servicio"),
            );
            None
        }
    }
}

fn alerts(
    builder: &mut Builder<'_>,
    alert: &ast::Alert,
    prefix: Option<&Ident>,
) -> Vec<(Threshold, Vec<ServiceId>)> {
    let to = builder.find_services(&alert.to, prefix);
    let thresholds =
        alert.thresholds.iter().filter_map(|(share, of)| threshold(builder, *share, of.as_ref()));
    thresholds.map(|threshold| (threshold, to.clone())).collect()
}

fn threshold(builder: &mut Builder<'_>, share: Spanned<Quantity>, of: Option<&Word>) -> Option<Threshold> {
    let span = of.map_or(share.span, |word| share.span.to(word.span));
    let of = match of.map(|word| word.value.as_str()) {
        None | Some("actual") => Spending::Actual,
        Some("forecast" | "forecasted") => Spending::Forecast,
        Some(other) => {
            let message = phrase!(
                "a threshold is `actual` or `forecast`, not `{}`",
                "un umbral es `actual` o `forecast`, no `{}`",
                Ident::sanitized(other)
            );
            builder.reject(&UNKNOWN_WORD, of.map_or(share.span, |word| word.span), message);
            return None;
        }
    };
    Some(Threshold { share: Percent(share.value.amount), of, span })
}

fn action_of(
    builder: &mut Builder<'_>,
    action: &ast::BudgetAction,
    prefix: Option<&Ident>,
) -> Option<BudgetAction> {
    let at = threshold(builder, action.at?, action.kind.as_ref())?;
    let deed = deed(builder, action, prefix)?;
    Some(BudgetAction { at, what: action.what.clone(), deed, span: action.span })
}

/// `deny new KIND…` or `stop NAME…`.
fn deed(builder: &mut Builder<'_>, action: &ast::BudgetAction, prefix: Option<&Ident>) -> Option<Deed> {
    let words: Vec<&str> = action.what.iter().map(|word| word.value.as_str()).collect();
    match words.as_slice() {
        ["deny", "new", _, ..] => denied(builder, action.what.get(2..)?),
        ["stop", _, ..] => stopped(builder, action.what.get(1..)?, prefix),
        _ => {
            let message = Phrase::new(
                "a budget does `deny new KIND` or `stop DATABASE`",
                "un presupuesto hace `deny new TIPO` o `stop BASE`",
            );
            builder.reject(&UNKNOWN_WORD, action.what.first().map_or(action.span, |word| word.span), message);
            None
        }
    }
}

/// The IAM actions that make new things of kinds.
fn denied(builder: &mut Builder<'_>, kinds: &[Word]) -> Option<Deed> {
    let creations = builder.catalog.creations();
    let mut actions = BTreeSet::new();
    for kind in kinds {
        let Some(known) = creations.get(&kind.value) else {
            let message = phrase!(
                "no budget can refuse new `{}`",
                "ningún presupuesto puede impedir nuevos `{}`",
                Ident::sanitized(&kind.value)
            );
            let help = one_of(&kind.value, creations.keys().map(String::as_str));
            builder.report(UNKNOWN_WORD.at(kind.span).message(message).help(help));
            return None;
        };
        actions.extend(known.iter().cloned());
    }
    Some(Deed::Deny(actions))
}

/// The databases that AWS Budgets can stop; RDS starts them again after a week.
fn stopped(builder: &mut Builder<'_>, names: &[Word], prefix: Option<&Ident>) -> Option<Deed> {
    let mut found = Vec::new();
    for word in names {
        let name = Spanned::new(Ident::sanitized(&word.value), word.span);
        let id = builder.find_service(&name, prefix)?;
        let kind = &builder.model.services[id].kind;
        if !kind.terraform.iter().any(|kind| kind == "aws_db_instance") {
            let message = phrase!(
                "AWS Budgets stops databases of RDS alone, and `{}` is none",
                "AWS Budgets solo detiene bases de datos de RDS, y `{}` no lo es",
                name.value
            );
            builder.reject(&WRONG_SORT, word.span, message);
            return None;
        }
        found.push(id);
    }
    Some(Deed::Stop(found))
}

fn add_alarms(builder: &mut Builder<'_>, alarms: &ast::Alarms, prefix: Option<&Ident>) {
    let auto = match alarms.mode.as_ref().map(|word| word.value.as_str()) {
        None | Some("auto") => true,
        Some("off" | "none") => false,
        Some(_) => {
            let span = alarms.mode.as_ref().map_or(alarms.span, |word| word.span);
            return builder.reject(
                &UNKNOWN_WORD,
                span,
                Phrase::new("alarms are `auto` or `off`", "las alarmas son `auto` u `off`"),
            );
        }
    };
    let to = builder.find_services(&alarms.to, prefix);
    builder.model.alarms = Some(Alarms { auto, to, span: alarms.span });
}
