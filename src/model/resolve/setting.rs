//! Settings get their types: stated ones, `defaults`, the environment's, and the catalogue's assumptions.

use std::sync::Arc;

use crate::catalog::{Kind, SettingSpec, SettingType};
use crate::model::resolve::builder::{Assumptions, Builder};
use crate::model::resolve::declare::Declarations;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::{Reader, plain_number};
use crate::model::resolve::rules::{
    OUT_OF_BOUNDS, SETTING_TWICE, UNKNOWN_NAME, UNKNOWN_SETTING, UNKNOWN_WORD, WRONG_SORT,
};
use crate::model::resolve::scaling;
use crate::model::resolve::system::is_system_setting;
use crate::model::{ServiceId, Setting, SettingSource, Value};
use crate::syntax::ast::{self, Argument, Quantity, Statement};
use crate::text::{Ident, Phrase, Span, Spanned, Text, did_you_mean, one_of, phrase};
use crate::units::{Bytes, Dimension, MicroUsd, Millis, PerSecond, Percent, unit};

/// Gives every declared service and container its settings.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>, declared: &Declarations<'_>) {
    for service in &declared.services {
        for setting in &service.statement.settings {
            take(builder, service.id, setting, (SettingSource::Stated, service.prefix));
        }
    }
    scaling::from_statements(builder, outline);
    for item in &outline.items {
        if let Statement::Defaults(defaults) = item.statement {
            apply_defaults(builder, defaults, item.prefix);
        }
    }
    for (setting, prefix) in outline.overrides.iter().filter(|(setting, _)| !is_system_setting(setting)) {
        apply_override(builder, setting, *prefix);
    }
    for id in builder.model.services.ids() {
        assume(builder, id);
    }
    places(builder, declared);
}

/// Takes one written setting of a service.
fn take(
    builder: &mut Builder<'_>,
    id: ServiceId,
    setting: &ast::Setting,
    (source, prefix): (SettingSource, Option<&Ident>),
) {
    let name = setting.name.value.clone();
    if name == "was" {
        builder.model.services[id].was = former_name(setting);
        return;
    }
    let kind = Arc::clone(&builder.model.services[id].kind);
    let Some(spec) = kind.setting(&name) else { return unknown(builder, &kind, setting) };
    let earlier = builder.model.services[id].settings.0.get(&name).filter(|earlier| earlier.source == source);
    if let Some(earlier) = earlier.map(|earlier| earlier.span) {
        let finding = SETTING_TWICE
            .at(setting.span)
            .message(phrase!("`{name}` is given twice", "`{name}` se da dos veces"));
        builder.report(finding.label(earlier, Phrase::new("given here first", "dado aquí primero")));
        return;
    }
    let value = read(builder, spec, setting, prefix);
    if let Some(value) = value.and_then(|value| scaling::named(builder, &kind, value, setting.span)) {
        let typed = Setting { value, span: setting.span, source };
        builder.model.services[id].settings.0.insert(name, typed);
    }
}

fn former_name(setting: &ast::Setting) -> Option<Ident> {
    setting.arguments.iter().find_map(|argument| match &argument.value {
        Argument::Word(word) => Ident::new(word),
        _ => None,
    })
}

fn unknown(builder: &mut Builder<'_>, kind: &Kind, setting: &ast::Setting) {
    let name = &setting.name.value;
    let similar = did_you_mean(name, kind.all_settings().map(|spec| spec.name.as_str()));
    let help = similar.unwrap_or_else(|| {
        phrase!("`archc kinds {}` lists its settings", "`archc kinds {}` enumera sus ajustes", kind.word)
    });
    let message = phrase!(
        "`{}` has no setting `{}`",
        "`{}` no tiene el ajuste `{}`",
        kind.word,
        Ident::sanitized(name)
    );
    builder.report(UNKNOWN_SETTING.at(setting.name.span).message(message).help(help));
}

fn apply_defaults(builder: &mut Builder<'_>, defaults: &ast::Defaults, prefix: Option<&Ident>) {
    let Some(word) = &defaults.kind else { return };
    let Some(kind) = builder.catalog.by_word(&word.value).map(|kind| kind.id.clone()) else {
        let similar = did_you_mean(&word.value, builder.catalog.words());
        let finding = crate::model::resolve::rules::UNKNOWN_KIND.at(word.span);
        let message = phrase!(
            "`{}` is no kind of service",
            "`{}` no es un tipo de servicio",
            Ident::sanitized(&word.value)
        );
        return builder.report(finding.message(message).maybe_help(similar));
    };
    let of_kind: Vec<ServiceId> = builder
        .model
        .services
        .iter()
        .filter(|(_, service)| service.kind.id == kind)
        .map(|(id, _)| id)
        .collect();
    for id in of_kind {
        for setting in &defaults.settings {
            if is_open(builder, id, setting) {
                take(builder, id, setting, (SettingSource::Defaults, prefix));
            }
        }
    }
}

/// Does the declaration itself leave this setting open?
fn is_open(builder: &Builder<'_>, id: ServiceId, setting: &ast::Setting) -> bool {
    let stated = builder.model.services[id].settings.0.get(&setting.name.value);
    stated.is_none_or(|stated| stated.source != SettingSource::Stated)
}

/// Applies `products { … }` or `postgres { … }` of the chosen environment.
fn apply_override(builder: &mut Builder<'_>, block: &ast::Setting, prefix: Option<&Ident>) {
    let word = &block.name;
    let named =
        Ident::new(&word.value).and_then(|name| builder.names.find(&name, prefix)).and_then(Symbol::service);
    let kind = builder.catalog.by_word(&word.value).map(|kind| kind.id.clone());
    let targets: Vec<ServiceId> = match (named, kind) {
        (Some(id), _) => vec![id],
        (None, Some(kind)) => builder
            .model
            .services
            .iter()
            .filter(|(_, service)| service.kind.id == kind)
            .map(|(id, _)| id)
            .collect(),
        (None, None) => {
            let message =
                phrase!("nothing is called `{}`", "nada se llama `{}`", Ident::sanitized(&word.value));
            let similar = builder.names.similar(&Ident::sanitized(&word.value));
            return builder.report(UNKNOWN_NAME.at(word.span).message(message).maybe_help(similar));
        }
    };
    for id in targets {
        for setting in &block.block {
            take(builder, id, setting, (SettingSource::Environment, prefix));
        }
    }
}

/// Adds the catalogue's assumptions for what nobody stated.
pub(super) fn assume(builder: &mut Builder<'_>, id: ServiceId) {
    let kind = Arc::clone(&builder.model.services[id].kind);
    let span = builder.model.services[id].span;
    let assumptions = assumptions(builder, &kind, span);
    let settings = &mut builder.model.services[id].settings.0;
    for (name, value) in assumptions.iter() {
        if !settings.contains_key(name) {
            let setting = Setting { value: value.clone(), span, source: SettingSource::Assumed };
            settings.insert(name.clone(), setting);
        }
    }
}

/// What is assumed of a kind, read once; `span` is where a default that cannot be read is reported.
fn assumptions(builder: &mut Builder<'_>, kind: &Kind, span: Span) -> Assumptions {
    if let Some(known) = builder.assumptions.get(&kind.id) {
        return Arc::clone(known);
    }
    let specs = kind.all_settings().filter(|spec| !spec.optional);
    let read: Assumptions = specs
        .filter_map(|spec| {
            let value = assumed_value(builder, spec, spec.default_written()?, span)?;
            Some((spec.name.clone(), value))
        })
        .collect();
    builder.assumptions.insert(kind.id.clone(), Arc::clone(&read));
    read
}

/// The catalogue's default of a setting as a value.
pub(super) fn assumed_value(
    builder: &mut Builder<'_>,
    spec: &SettingSpec,
    written: &str,
    span: Span,
) -> Option<Value> {
    match spec.kind {
        SettingType::Text => return Some(Value::Text(Text::new(written))),
        SettingType::Word => return Some(Value::Word(written.to_owned())),
        _ => (),
    }
    let arguments = plain_arguments(written, span);
    let name = Spanned::new(spec.name.clone(), span);
    let setting = ast::Setting { name, arguments, block: Vec::new(), span };
    let bare = SettingSpec { keyword: None, ..spec.clone() };
    read(builder, &bare, &setting, None)
}

/// The arguments of a default, which the catalogue writes as the language does: numbers, units and words.
fn plain_arguments(written: &str, span: Span) -> Vec<Spanned<Argument>> {
    let mut arguments: Vec<Spanned<Argument>> = Vec::new();
    let mut words = written.split_whitespace().flat_map(|word| word.split_inclusive(',')).peekable();
    while let Some(word) = words.next() {
        let (word, comma) = word.strip_suffix(',').map_or((word, false), |word| (word, true));
        let following = words.peek().copied().and_then(unit).map(|unit| unit.name);
        let (value, took_unit) = plain_argument(word, following.filter(|_| !comma));
        if took_unit {
            words.next();
        }
        arguments.push(Spanned::new(value, span));
        if comma {
            arguments.push(Spanned::new(Argument::Comma, span));
        }
    }
    arguments
}

/// `2..6` or `0.5..8`.
fn plain_range(word: &str) -> Option<Argument> {
    let (min, max) = word.split_once("..")?;
    let (min, max) = (thousandths(min)?, thousandths(max)?);
    let whole = min.is_multiple_of(1_000) && max.is_multiple_of(1_000);
    Some(if whole { Argument::Range(min / 1_000, max / 1_000) } else { Argument::FineRange(min, max) })
}

/// One argument, and whether it used the word that follows as its unit.
fn plain_argument(word: &str, following: Option<&str>) -> (Argument, bool) {
    if let Some(range) = plain_range(word) {
        return (range, false);
    }
    let digits = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let (number, suffix) = word.split_at_checked(digits).unwrap_or((word, ""));
    let name = if suffix.is_empty() { following } else { Some(suffix) };
    let quantity = thousandths(number).and_then(|thousandths| match name.map(unit) {
        None => Some(Quantity { amount: thousandths, dimension: Dimension::Count }),
        Some(unit) => {
            let unit = unit?;
            Some(Quantity { amount: unit.scale(thousandths)?, dimension: unit.dimension })
        }
    });
    match quantity {
        Some(quantity) => (Argument::Quantity(quantity), suffix.is_empty() && following.is_some()),
        None => (Argument::Word(word.to_owned()), false),
    }
}

/// A decimal number in thousandths; digits after the third are dropped.
fn thousandths(number: &str) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = fraction.bytes().chain(*b"000").take(3);
    let parts = digits.map(|digit| char::from(digit).to_digit(10).map(u64::from));
    let parts = parts.reduce(|sum, digit| Some(sum? * 10 + digit?))??;
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(parts)
}

/// Reads a setting as its type; reports what does not fit.
pub(super) fn read(
    builder: &mut Builder<'_>,
    spec: &SettingSpec,
    setting: &ast::Setting,
    prefix: Option<&Ident>,
) -> Option<Value> {
    let mut reader = Reader::new(builder, setting);
    if reader.is_done() && spec.optional {
        return alone(builder, spec, setting.span);
    }
    if may_be_off(spec) && reader.keyword("off") {
        return Some(Value::Flag(false));
    }
    if let Some(keyword) = &spec.keyword
        && !reader.keyword(keyword)
    {
        return reader.want(phrase!("`{keyword}` and a value", "`{keyword}` y un valor"));
    }
    let value = read_typed(&mut reader, spec, prefix)?;
    reader.end();
    within_bounds(builder, spec, setting, &value).then_some(value)
}

/// Is `off` a value: of an optional setting, and of one that lists the word?
fn may_be_off(spec: &SettingSpec) -> bool {
    spec.optional || (spec.kind != SettingType::Word && spec.values.iter().any(|value| value == "off"))
}

/// What an optional setting means when it stands alone: its default, or just that it is on.
fn alone(builder: &mut Builder<'_>, spec: &SettingSpec, span: Span) -> Option<Value> {
    match spec.default_written() {
        Some(written) => {
            assumed_value(builder, &SettingSpec { optional: false, ..spec.clone() }, written, span)
        }
        None => Some(Value::Flag(true)),
    }
}

fn read_typed(reader: &mut Reader<'_, '_, '_>, spec: &SettingSpec, prefix: Option<&Ident>) -> Option<Value> {
    Some(match spec.kind {
        SettingType::Flag => Value::Flag(flag(reader)),
        SettingType::Count => Value::Count(reader.count()?),
        SettingType::Percent => Value::Percent(Percent(reader.quantity(Dimension::Percent)?)),
        SettingType::Time => Value::Time(Millis(reader.quantity(Dimension::Time)?)),
        SettingType::Bytes => Value::Bytes(Bytes(reader.quantity(Dimension::Bytes)?)),
        SettingType::Rate => Value::Rate(PerSecond(reader.quantity(Dimension::Rate)?)),
        SettingType::Money => Value::Money(money(reader)?),
        SettingType::Word => Value::Word(known_word(reader, spec)?),
        SettingType::Words => Value::Words(words(reader, spec)),
        SettingType::Text => Value::Text(reader.text()?),
        SettingType::Name => Value::Service(service(reader, spec, prefix)?),
        SettingType::Names => Value::Services(services(reader, spec, prefix)),
        SettingType::Scaling => Value::Scaling(scaling::read(reader)?),
        SettingType::Transition => transition(reader)?,
        SettingType::Cidr => cidr(reader)?,
    })
}

fn flag(reader: &mut Reader<'_, '_, '_>) -> bool {
    let is_on = !reader.keyword("off");
    reader.keyword("on");
    is_on
}

fn money(reader: &mut Reader<'_, '_, '_>) -> Option<MicroUsd> {
    let place = reader.place();
    let amount = reader.quantity(Dimension::Money)?;
    let money = i64::try_from(amount).ok().map(MicroUsd);
    if money.is_none() {
        let message =
            Phrase::new("so much money cannot be reckoned", "no se puede calcular con tanto dinero");
        reader.builder().reject(&OUT_OF_BOUNDS, place, message);
    }
    money
}

/// A word that is one of the setting's values, when it has a list of them.
fn known_word(reader: &mut Reader<'_, '_, '_>, spec: &SettingSpec) -> Option<String> {
    let place = reader.place();
    let word = match reader.peek().map(|argument| &argument.value) {
        Some(Argument::Quantity(Quantity { amount, dimension: Dimension::Count })) => {
            reader.next();
            number_word(*amount, spec)
        }
        _ => reader.word(wanted_words(spec))?,
    };
    if spec.values.is_empty() || spec.values.contains(&word) {
        return Some(word);
    }
    let message = phrase!(
        "`{}` is no value of `{}`",
        "`{}` no es un valor de `{}`",
        Ident::sanitized(&word),
        spec.name
    );
    let help = one_of(&word, spec.values.iter().map(String::as_str));
    reader.builder().report(UNKNOWN_WORD.at(place).message(message).help(help));
    None
}

/// A version such as `5.0` reads as a number; the setting's value that means the same number is the word.
fn number_word(amount: u64, spec: &SettingSpec) -> String {
    let same = spec.values.iter().find(|value| thousandths(value) == Some(amount));
    same.cloned().unwrap_or_else(|| plain_number(amount))
}

fn wanted_words(spec: &SettingSpec) -> Phrase {
    if spec.values.is_empty() {
        return Phrase::new("a word", "una palabra");
    }
    phrase!("one of {}", "uno de {}", spec.values.join(", "))
}

fn words(reader: &mut Reader<'_, '_, '_>, spec: &SettingSpec) -> Vec<String> {
    let mut words = Vec::new();
    loop {
        words.extend(known_word(reader, spec));
        if !reader.comma() {
            return words;
        }
    }
}

/// A service of the right kind by its name.
fn service(reader: &mut Reader<'_, '_, '_>, spec: &SettingSpec, prefix: Option<&Ident>) -> Option<ServiceId> {
    let span = reader.place();
    let word = reader.word(Phrase::new("a name", "un nombre"))?;
    let name = Spanned::new(Ident::sanitized(&word), span);
    let id = reader.builder().find_service(&name, prefix)?;
    let builder = reader.builder();
    let kind = Arc::clone(&builder.model.services[id].kind);
    if spec.kinds.is_empty() || spec.kinds.contains(&kind.id) {
        return Some(id);
    }
    let words: Vec<String> =
        spec.kinds.iter().filter_map(|id| Some(format!("`{}`", builder.catalog.kind(id)?.word))).collect();
    let message = phrase!("`{}` cannot be the `{}`", "`{}` no puede ser `{}`", name.value, spec.name);
    let finding = WRONG_SORT.at(span).message(message).note(phrase!(
        "it is of kind `{}`",
        "es del tipo `{}`",
        kind.word
    ));
    builder.report(finding.help(Phrase::new(
        format!("name one of kind {}", words.join(" or ")),
        format!("nombra uno del tipo {}", words.join(" o ")),
    )));
    None
}

fn services(reader: &mut Reader<'_, '_, '_>, spec: &SettingSpec, prefix: Option<&Ident>) -> Vec<ServiceId> {
    let mut services = Vec::new();
    loop {
        services.extend(service(reader, spec, prefix));
        if !reader.comma() {
            return services;
        }
    }
}

fn transition(reader: &mut Reader<'_, '_, '_>) -> Option<Value> {
    let class = reader.word(Phrase::new("a storage class", "una clase de almacenamiento"))?;
    let after = reader.quantity(Dimension::Time)?;
    Some(Value::Transition(class, Millis(after)))
}

fn cidr(reader: &mut Reader<'_, '_, '_>) -> Option<Value> {
    let word = reader.word(Phrase::new(
        "an address block such as 10.0.0.0/16",
        "un bloque de direcciones como 10.0.0.0/16",
    ))?;
    crate::model::Cidr::parse(&word).map(Value::Cidr)
}

/// Is the value within the setting's bounds? Reports it when not.
fn within_bounds(
    builder: &mut Builder<'_>,
    spec: &SettingSpec,
    setting: &ast::Setting,
    value: &Value,
) -> bool {
    let Some(amount) = magnitude(value) else { return true };
    let bound = |written: &Option<String>| written.as_deref().and_then(bound_of);
    let (min, max) = (bound(&spec.min), bound(&spec.max));
    let inside = min.is_none_or(|min| amount >= min) && max.is_none_or(|max| amount <= max);
    if !inside {
        let (least, most) = (spec.min.as_deref().unwrap_or("0"), spec.max.as_deref().unwrap_or("any"));
        let message =
            phrase!("`{}` lies outside {least} to {most}", "`{}` queda fuera de {least} a {most}", spec.name);
        builder.report(
            OUT_OF_BOUNDS
                .at(setting.span)
                .message(message)
                .help(Phrase::new(spec.doc.clone(), "`archc kinds KIND` explica cada ajuste")),
        );
    }
    inside
}

/// The bound as a number in the scale of its dimension.
fn bound_of(written: &str) -> Option<u64> {
    let mut words = written.split_whitespace();
    let number = words.next()?;
    let following = words.next().and_then(unit).map(|unit| unit.name);
    match plain_argument(number, following).0 {
        Argument::Quantity(Quantity { amount, dimension: Dimension::Count }) => Some(amount / 1_000),
        Argument::Quantity(quantity) => Some(quantity.amount),
        _ => None,
    }
}

/// A value as a number in the scale of its dimension.
fn magnitude(value: &Value) -> Option<u64> {
    match value {
        Value::Count(amount)
        | Value::Percent(Percent(amount))
        | Value::Time(Millis(amount))
        | Value::Bytes(Bytes(amount))
        | Value::Rate(PerSecond(amount)) => Some(*amount),
        Value::Money(MicroUsd(amount)) => u64::try_from(*amount).ok(),
        _ => None,
    }
}

/// Containers have settings too: a VPC those of its kind.
fn places(builder: &mut Builder<'_>, declared: &Declarations<'_>) {
    for place in &declared.places {
        let Some(kind) = place_kind(builder, place.id) else { continue };
        for setting in place.settings {
            let Some(spec) = kind.setting(&setting.name.value) else {
                unknown(builder, &kind, setting);
                continue;
            };
            let Some(value) = read(builder, spec, setting, place.prefix) else { continue };
            let typed = Setting { value, span: setting.span, source: SettingSource::Stated };
            builder.model.places[place.id].settings.0.insert(setting.name.value.clone(), typed);
        }
        assume_place(builder, place.id, &kind);
    }
}

/// The catalogue's kind of a container; regions and groups have none.
fn place_kind(builder: &mut Builder<'_>, id: crate::model::PlaceId) -> Option<Arc<Kind>> {
    use crate::model::ContainerKind::{Group, Region, Tier, Vpc};
    match builder.model.places[id].kind {
        Vpc => builder.kind("vpc"),
        Tier => builder.kind("subnet"),
        Region | Group => None,
    }
}

fn assume_place(builder: &mut Builder<'_>, id: crate::model::PlaceId, kind: &Kind) {
    let span = builder.model.places[id].span;
    for spec in kind.all_settings() {
        let open = !builder.model.places[id].settings.0.contains_key(&spec.name);
        let Some(written) = spec.default_written().filter(|_| open) else { continue };
        let spec = SettingSpec { optional: false, ..spec.clone() };
        if let Some(value) = assumed_value(builder, &spec, written, span) {
            let setting = Setting { value, span, source: SettingSource::Assumed };
            builder.model.places[id].settings.0.insert(spec.name, setting);
        }
    }
}
