//! `scale 2..6 on requests 1000/min`, as a setting and as a statement.

use crate::catalog::Kind;
use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{
    BOUNDS_INVERTED, SETTING_TWICE, UNKNOWN_SETTING, UNKNOWN_WORD, WRONG_VALUE,
};
use crate::model::resolve::setting;
use crate::model::{ScalePolicy, ServiceId, Setting, SettingSource, Value};
use crate::syntax::ast::{Argument, Quantity, Scale, Statement};
use crate::text::{Ident, Phrase, Span, one_of, phrase};
use crate::units::Dimension;

/// The rule with its metric by the catalogue's name; reports a metric that the kind does not offer.
pub(super) fn named(builder: &mut Builder<'_>, kind: &Kind, value: Value, span: Span) -> Option<Value> {
    let Value::Scaling(policy) = value else { return Some(value) };
    let Some(word) = policy.metric.clone() else { return Some(Value::Scaling(policy)) };
    let metrics = &kind.scaling.metrics;
    if let Some(metric) = metrics.iter().find(|metric| metric.word == word || metric.name == word) {
        return Some(Value::Scaling(ScalePolicy { metric: Some(metric.name.clone()), ..policy }));
    }
    let message = phrase!(
        "`{}` cannot be scaled on `{}`",
        "`{}` no se puede escalar por `{}`",
        kind.word,
        Ident::sanitized(&word)
    );
    let help = one_of(&word, metrics.iter().map(|metric| metric.word.as_str()));
    builder.report(UNKNOWN_WORD.at(span).message(message).help(help));
    None
}

/// Reads the rule after the word `scale`; its metric is still the word that was written.
pub(super) fn read(reader: &mut Reader<'_, '_, '_>) -> Option<ScalePolicy> {
    let span = reader.place();
    let (min, max, exact) = bounds(reader)?;
    if min > max {
        let message = phrase!(
            "the fewest units ({min}) are more than the most ({max})",
            "el mínimo de unidades ({min}) supera al máximo ({max})"
        );
        reader.builder().reject(&BOUNDS_INVERTED, span, message);
        return None;
    }
    if !reader.keyword("on") {
        return Some(ScalePolicy { min, max, exact, metric: None, target: None });
    }
    let word = reader
        .word(Phrase::new("a metric, such as `cpu` or `requests`", "una métrica, como `cpu` o `requests`"))?;
    Some(ScalePolicy { min, max, exact, metric: Some(word), target: target(reader) })
}

/// Whole bounds, and the exact ones in thousandths when they are not whole.
type Bounds = (u64, u64, Option<(u64, u64)>);

/// `2..6`, `0.5..8`, or one number for a fixed size.
fn bounds(reader: &mut Reader<'_, '_, '_>) -> Option<Bounds> {
    let bounds = match reader.peek().map(|argument| &argument.value) {
        Some(Argument::Range(min, max)) => (*min, *max, None),
        Some(Argument::FineRange(min, max)) => (min / 1_000, max.div_ceil(1_000), Some((*min, *max))),
        _ => return reader.count().map(|fixed| (fixed, fixed, None)),
    };
    reader.next();
    Some(bounds)
}

/// The target in the metric's own unit: percent, events a minute, or a bare number.
fn target(reader: &mut Reader<'_, '_, '_>) -> Option<u64> {
    let Some(Argument::Quantity(Quantity { amount, dimension })) =
        reader.peek().map(|argument| &argument.value)
    else {
        return None;
    };
    let target = match dimension {
        Dimension::Count => Some(amount / 1_000),
        Dimension::Percent => Some(amount / 10_000),
        Dimension::Rate => {
            Some((u128::from(*amount) * 60 + 500) / 1_000).and_then(|target| u64::try_from(target).ok())
        }
        Dimension::Bytes | Dimension::Time => Some(*amount),
        Dimension::Money | Dimension::MoneyPerHour | Dimension::TimePerMonth => None,
    };
    let place = reader.place();
    reader.next();
    if target.is_none() {
        reader.builder().reject(
            &WRONG_VALUE,
            place,
            Phrase::new(
                "a target is a percentage, a rate or a number",
                "un objetivo es un porcentaje, una tasa o un número",
            ),
        );
    }
    target
}

/// Applies `scale NAMES …` statements as if the setting stood in each of the services.
pub(super) fn from_statements(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        let Statement::Scale(scale) = item.statement else { continue };
        for id in builder.find_services(&scale.on, item.prefix) {
            apply(builder, id, scale);
        }
    }
}

fn apply(builder: &mut Builder<'_>, id: ServiceId, scale: &Scale) {
    let service = &builder.model.services[id];
    let (name, kind) = (service.name.clone(), std::sync::Arc::clone(&service.kind));
    if let Some(earlier) = service.settings.span("scale") {
        let finding = SETTING_TWICE
            .at(scale.span)
            .message(phrase!("`{name}` is scaled twice", "`{name}` se escala dos veces"));
        return builder.report(
            finding
                .label(earlier, Phrase::new("as a setting here", "aquí como ajuste"))
                .help(Phrase::new("keep one of the two", "deja uno de los dos")),
        );
    }
    let Some(spec) = kind.setting("scale") else {
        return builder.reject(
            &UNKNOWN_SETTING,
            scale.span,
            phrase!(
                "`{name}` does not scale: `{}` has no units",
                "`{name}` no escala: `{}` no tiene unidades",
                kind.word
            ),
        );
    };
    let read = setting::read(builder, spec, &scale.setting, None);
    if let Some(value) = read.and_then(|value| named(builder, &kind, value, scale.span)) {
        let stated = Setting { value, span: scale.span, source: SettingSource::Stated };
        builder.model.services[id].settings.0.insert("scale".to_owned(), stated);
    }
}
