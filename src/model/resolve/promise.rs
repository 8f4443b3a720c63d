//! What is promised and what is excused: objectives, recovery, claims, waivers.

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{
    OUT_OF_BOUNDS, REASON_MISSING, UNKNOWN_SETTING, UNKNOWN_WORD, WRONG_VALUE,
};
use crate::model::{Bound, Claim, Recovery, ServiceId, Slo, Target, Waiver};
use crate::syntax::ast::{self, Argument, Name, Setting, Statement};
use crate::text::{Ident, Phrase, Span, Spanned, one_of, phrase};
use crate::units::{Date, Dimension, Millis, Percent};

/// The predicates of claims.
pub const PREDICATES: &[&str] = &[
    "independent",
    "ordered",
    "fixed-cost",
    "reachable-only",
    "authenticated",
    "survives-zone-loss",
    "encrypted",
    "no-public-store",
    "recovers",
    "latency",
    "availability",
];

/// Resolves all of them.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        match item.statement {
            Statement::Slo(slo) => add_slo(builder, slo, item.prefix),
            Statement::Recover(recover) => add_recovery(builder, recover, item.prefix),
            Statement::Claim(claim) => add_claim(builder, claim, item.prefix),
            Statement::Waive(waive) => add_waiver(builder, waive),
            _ => (),
        }
    }
}

fn add_slo(builder: &mut Builder<'_>, slo: &ast::Slo, prefix: Option<&Ident>) {
    let Some(objective) = &slo.objective else { return };
    let objective_share = Percent(objective.value.amount);
    if objective_share > Percent::WHOLE {
        return builder.reject(
            &OUT_OF_BOUNDS,
            objective.span,
            Phrase::new("an objective is at most 100 %", "un objetivo es como máximo el 100 %"),
        );
    }
    let on = slo.on.as_ref().and_then(|name| target(builder, name, prefix));
    let latency =
        slo.settings.iter().find(|setting| setting.name.value == "latency").and_then(|s| latency(builder, s));
    let over = slo.over.as_ref().map(|over| Millis(over.value.amount));
    builder.model.slos.push(Slo { objective: objective_share, over, on, latency, span: slo.span });
}

/// A service or a journey.
fn target(builder: &mut Builder<'_>, name: &Name, prefix: Option<&Ident>) -> Option<Target> {
    if let Some(at) = builder.model.journeys.iter().position(|journey| journey.name == name.value) {
        return Some(Target::Journey(at));
    }
    builder.find_service(name, prefix).map(Target::Service)
}

/// `latency p99 500 ms`.
fn latency(builder: &mut Builder<'_>, setting: &Setting) -> Option<(u64, Millis)> {
    let mut reader = Reader::new(builder, setting);
    let place = reader.place();
    let word = reader.word(Phrase::new("a percentile such as `p99`", "un percentil como `p99`"))?;
    let percentile =
        word.strip_prefix('p').and_then(|digits| digits.parse().ok()).filter(|p| (1..=99).contains(p));
    let bound = reader.quantity(Dimension::Time)?;
    if percentile.is_none() {
        builder.reject(
            &WRONG_VALUE,
            place,
            Phrase::new("a percentile is `p50` to `p99`", "un percentil va de `p50` a `p99`"),
        );
    }
    Some((percentile?, Millis(bound)))
}

fn add_recovery(builder: &mut Builder<'_>, recover: &ast::Recover, prefix: Option<&Ident>) {
    let on = builder.find_services(&recover.on, prefix);
    let mut recovery = Recovery { on, rpo: None, rto: None, span: recover.span };
    for setting in &recover.settings {
        let bound = || Dimension::Time;
        match setting.name.value.as_str() {
            "rpo" => recovery.rpo = Reader::new(builder, setting).quantity(bound()).map(Millis),
            "rto" => recovery.rto = Reader::new(builder, setting).quantity(bound()).map(Millis),
            other => {
                let message = phrase!(
                    "`recover` takes `rpo` and `rto`, not `{}`",
                    "`recover` admite `rpo` y `rto`, no `{}`",
                    Ident::sanitized(other)
                );
                builder.reject(&UNKNOWN_SETTING, setting.name.span, message);
            }
        }
    }
    builder.model.recoveries.push(recovery);
}

fn add_claim(builder: &mut Builder<'_>, claim: &ast::Claim, prefix: Option<&Ident>) {
    let (Some(sentence), Some(predicate)) = (&claim.sentence, &claim.predicate) else { return };
    if !PREDICATES.contains(&predicate.value.as_str()) {
        return unknown_predicate(builder, predicate);
    }
    let mut result = Claim {
        sentence: sentence.value.clone(),
        negated: claim.negated,
        predicate: predicate.clone(),
        on: Vec::new(),
        by: Vec::new(),
        key: None,
        bound: None,
        span: claim.span,
    };
    claim_arguments(builder, claim, &mut result, prefix);
    builder.model.claims.push(result);
}

fn unknown_predicate(builder: &mut Builder<'_>, predicate: &ast::Word) {
    let message = phrase!(
        "`{}` is no predicate of a claim",
        "`{}` no es un predicado de una afirmación",
        Ident::sanitized(&predicate.value)
    );
    let help = one_of(&predicate.value, PREDICATES.iter().copied());
    builder.report(UNKNOWN_WORD.at(predicate.span).message(message).help(help));
}

/// Names before `by`, names or a field after it, and a bound after `<` or `>`.
fn claim_arguments(
    builder: &mut Builder<'_>,
    claim: &ast::Claim,
    result: &mut Claim,
    prefix: Option<&Ident>,
) {
    let (mut after_by, mut comparison) = (false, None);
    for argument in &claim.arguments {
        match &argument.value {
            Argument::Word(word) if matches!(word.as_str(), "by" | "on" | "of" | "from" | "within") => {
                after_by = word == "by";
            }
            Argument::Word(word) if word.starts_with(['<', '>']) => comparison = Some(word.starts_with('<')),
            Argument::Word(word) => claim_name(builder, result, (word, argument.span), (after_by, prefix)),
            Argument::Quantity(figure) => {
                let upper = comparison.unwrap_or(true);
                result.bound = Some(Bound { upper, figure: *figure });
            }
            _ => (),
        }
    }
}

fn claim_name(
    builder: &mut Builder<'_>,
    result: &mut Claim,
    (word, span): (&str, Span),
    (after_by, prefix): (bool, Option<&Ident>),
) {
    let name = Spanned::new(Ident::sanitized(word), span);
    if after_by && result.predicate.value == "ordered" {
        result.key = Some(word.to_owned());
        return;
    }
    let Some(symbol) = builder.find(&name, prefix) else { return };
    let found: Vec<ServiceId> = match symbol {
        Symbol::Service(id) => vec![id],
        Symbol::Place(place) => members(builder, place),
        Symbol::Role(_) => return builder.wrong_sort(&name, symbol, Phrase::new("a service", "un servicio")),
    };
    if after_by { result.by.extend(found) } else { result.on.extend(found) }
}

/// The declared services inside a container.
fn members(builder: &Builder<'_>, place: crate::model::PlaceId) -> Vec<ServiceId> {
    let inside = |id: ServiceId| {
        builder.model.enclosing(builder.model.services[id].place).any(|(outer, _)| outer == place)
    };
    let declared = builder.model.services.iter().filter(|(_, service)| !service.is_derived());
    declared.map(|(id, _)| id).filter(|id| inside(*id)).collect()
}

fn add_waiver(builder: &mut Builder<'_>, waive: &ast::Waive) {
    let Some(code) = &waive.code else { return };
    let until = waive.until.as_ref().and_then(|word| {
        let date = Date::parse(&word.value);
        if date.is_none() {
            builder.reject(
                &WRONG_VALUE,
                word.span,
                Phrase::new("a date is written `2027-06-30`", "una fecha se escribe `2027-06-30`"),
            );
        }
        date
    });
    if waive.because.is_none() {
        let finding = REASON_MISSING
            .at(waive.span.end_point())
            .message(Phrase::new("this `waive` gives no reason", "este `waive` no da ninguna razón"));
        builder.report(finding.help(Phrase::new("add `because \"…\"`", "añade `because \"…\"`")));
    }
    builder.model.waivers.push(Waiver {
        code: code.clone(),
        on: waive.on.clone(),
        until,
        because: waive.because.as_ref().map(|because| because.value.clone()),
        span: waive.span,
    });
}
