//! Settings, arguments and quantities.

use pest::iterators::Pair;

use crate::syntax::ast::{Argument, Quantity, Setting};
use crate::syntax::parse::Rule;
use crate::syntax::parts::Parts;
use crate::syntax::rules;
use crate::text::{Phrase, Span, Spanned, nearest, phrase};
use crate::units::{Dimension, UNITS, unit};

/// The settings of the block that stands next, if one does.
pub(super) fn block(parts: &mut Parts<'_, '_>) -> Vec<Setting> {
    parts.within(Rule::block, settings).unwrap_or_default()
}

/// The settings between two braces.
fn settings(parts: &mut Parts<'_, '_>) -> Vec<Setting> {
    let mut all = Vec::new();
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::setting => all.push(parts.inside(pair, setting)),
            Rule::junk => super::no_statement(&pair, parts.notes()),
            _ => {}
        }
    }
    all
}

/// `name argument … { … }`
pub(super) fn setting(parts: &mut Parts<'_, '_>) -> Setting {
    let name = parts.next().map(|pair| parts.word_of(&pair));
    let name = name.unwrap_or_else(|| Spanned::new(String::new(), parts.span()));
    if parts.peek() == Some(Rule::colon) {
        foreign_colon(parts);
    }
    let arguments = arguments(parts);
    let block = block(parts);
    Setting { name, arguments, block, span: parts.span() }
}

/// `name: value` is how other languages write a setting.
fn foreign_colon(parts: &mut Parts<'_, '_>) {
    if let Some(pair) = parts.next() {
        let span = parts.notes().place(&pair);
        parts.foreign(
            span,
            Phrase::new(
                "a setting and its value stand side by side, without `:`",
                "un ajuste y su valor van uno junto al otro, sin `:`",
            ),
            "",
        );
    }
}

/// The arguments that stand next.
pub(super) fn arguments(parts: &mut Parts<'_, '_>) -> Vec<Spanned<Argument>> {
    let mut all = Vec::new();
    while let Some(rule) = parts.peek() {
        let Some((_, read)) = ARGUMENTS.iter().find(|(kind, _)| *kind == rule) else { break };
        let Some(pair) = parts.next() else { break };
        let span = parts.notes().place(&pair);
        if all.is_empty() && pair.as_str() == "=" {
            parts.foreign(
                span,
                Phrase::new(
                    "a setting and its value stand side by side, without `=`",
                    "un ajuste y su valor van uno junto al otro, sin `=`",
                ),
                "",
            );
            continue;
        }
        all.push(Spanned::new(read(parts, &pair), span));
    }
    all
}

/// Reads one argument.
type Read = for<'c, 'i> fn(&mut Parts<'c, 'i>, &Pair<'i, Rule>) -> Argument;

/// Which function reads which argument.
const ARGUMENTS: [(Rule, Read); 6] = [
    (Rule::word, |_, pair| Argument::Word(pair.as_str().to_owned())),
    (Rule::quantity, |parts, pair| measured(parts, pair).unwrap_or_else(|bad| bad)),
    (Rule::comma, |_, _| Argument::Comma),
    (Rule::string, |parts, pair| Argument::Text(parts.quoted_of(pair).value)),
    (Rule::range, range_argument),
    (Rule::cidr, cidr_argument),
];

/// `2..6`, or with decimals `0.5..8`.
fn range_argument<'i>(parts: &mut Parts<'_, 'i>, pair: &Pair<'i, Rule>) -> Argument {
    let text = pair.as_str();
    let (low, high) = text.split_once("..").unwrap_or((text, text));
    let ends = match text.matches('.').count() {
        2 => number(low, 1, 1).zip(number(high, 1, 1)).map(|(low, high)| Argument::Range(low, high)),
        _ => number(low, 1_000, 1)
            .zip(number(high, 1_000, 1))
            .map(|(low, high)| Argument::FineRange(low, high)),
    };
    ends.unwrap_or_else(|| {
        too_large(parts, pair);
        Argument::BadQuantity(text.to_owned())
    })
}

/// Reports a number beyond 64 bits.
fn too_large<'i>(parts: &mut Parts<'_, 'i>, pair: &Pair<'i, Rule>) {
    let span = parts.notes().place(pair);
    parts.notes().add(rules::TOO_LARGE.at(span));
}

/// `10.0.0.0/16`; numbers that make no address block are reported.
fn cidr_argument<'i>(parts: &mut Parts<'_, 'i>, pair: &Pair<'i, Rule>) -> Argument {
    check_cidr(parts, pair);
    Argument::Cidr(pair.as_str().to_owned())
}

/// Reports numbers that make no address block.
pub(super) fn check_cidr<'i>(parts: &mut Parts<'_, 'i>, pair: &Pair<'i, Rule>) {
    let text = pair.as_str();
    let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
    let bytes = address.split('.').all(|part| part.parse::<u8>().is_ok());
    if bytes && prefix.parse::<u8>().is_ok_and(|bits| bits <= 32) {
        return;
    }
    let span = parts.notes().place(pair);
    let help = Phrase::new(
        "an address block is four numbers up to 255 and a prefix up to 32, such as `10.0.0.0/16`",
        "un bloque de direcciones son cuatro números hasta 255 y un prefijo hasta 32, como `10.0.0.0/16`",
    );
    parts.notes().add(
        rules::BAD_CIDR
            .at(span)
            .message(phrase!("`{text}` is not an address block", "`{text}` no es un bloque de direcciones"))
            .help(help),
    );
}

/// The quantity that stands next, if it measures `wanted`; another unit, or none, is reported.
pub(super) fn quantity(parts: &mut Parts<'_, '_>, wanted: Dimension) -> Option<Spanned<Quantity>> {
    let pair = parts.take(Rule::quantity)?;
    let span = parts.notes().place(&pair);
    let Ok(Argument::Quantity(quantity)) = measured(parts, &pair) else { return None };
    if quantity.dimension != wanted {
        wrong_unit(parts, (pair.as_str(), span), quantity.dimension, wanted);
        return None;
    }
    Some(Spanned::new(quantity, span))
}

/// Reports a quantity of another dimension than the one the statement fixes.
fn wrong_unit(parts: &mut Parts<'_, '_>, (text, span): (&str, Span), found: Dimension, wanted: Dimension) {
    let (units, es) = (wanted.unit_names("or"), wanted.unit_names("o"));
    let finding = match (found, wanted) {
        (Dimension::Count, _) => rules::NO_UNIT
            .at(span)
            .message(phrase!("`{text}` needs a unit: {units}", "`{text}` necesita una unidad: {es}")),
        (_, Dimension::Count) => rules::WRONG_UNIT.at(span).message(phrase!(
            "`{text}` has a unit, a bare number is wanted",
            "`{text}` lleva unidad y se espera un número solo"
        )),
        _ => rules::WRONG_UNIT.at(span).message(phrase!(
            "`{text}` has the wrong unit: {units} wanted",
            "`{text}` lleva otra unidad: se espera {es}"
        )),
    };
    parts.notes().add(finding);
}

/// The quantity in `pair`, or what stands in its place after a finding.
fn measured<'i>(parts: &mut Parts<'_, 'i>, pair: &Pair<'i, Rule>) -> Result<Argument, Argument> {
    let mut inner = pair.clone().into_inner();
    let amount = inner.next().map_or("", |amount| amount.as_str());
    let written = inner.next();
    let name = written.as_ref().map_or("", Pair::as_str);
    let scale = match unit(name) {
        None if name.is_empty() => Some((Dimension::Count, 1_000, 1)),
        known => known.map(|unit| (unit.dimension, unit.numerator, unit.denominator)),
    };
    let Some((dimension, numerator, denominator)) = scale else {
        return Err(unknown_unit(parts, pair, written.as_ref()));
    };
    let Some(amount) = number(amount, numerator, denominator) else {
        too_large(parts, pair);
        return Err(Argument::BadQuantity(name.to_owned()));
    };
    Ok(Argument::Quantity(Quantity { amount, dimension }))
}

/// Reports a unit that does not exist. `1y` and `3y` are words: the terms of a commitment.
fn unknown_unit<'i>(
    parts: &mut Parts<'_, 'i>,
    pair: &Pair<'i, Rule>,
    unit: Option<&Pair<'i, Rule>>,
) -> Argument {
    let name = unit.map_or("", Pair::as_str);
    if name == "y" && !pair.as_str().contains(' ') {
        return Argument::Word(pair.as_str().to_owned());
    }
    let span = parts.notes().place(unit.unwrap_or(pair));
    let names: Vec<&str> = UNITS.iter().map(|unit| unit.name).collect();
    let meant = foreign_unit(name).or_else(|| nearest(name, names.iter().copied()));
    let finding = rules::UNKNOWN_UNIT
        .at(span)
        .message(phrase!("there is no unit `{name}`", "no existe la unidad `{name}`"));
    let finding =
        finding.maybe_help(meant.map(|unit| phrase!("did you mean `{unit}`?", "¿quería decir `{unit}`?")));
    let all = names.join(", ");
    parts.notes().add(finding.help(phrase!("the units are {all}", "las unidades son {all}")));
    Argument::BadQuantity(name.to_owned())
}

/// What people write for a unit, and the unit.
const FOREIGN_UNITS: [(&str, &str); 30] = [
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("ki", "KB"),
    ("kib", "KB"),
    ("mi", "MB"),
    ("mib", "MB"),
    ("m", "MB"),
    ("gi", "GB"),
    ("gib", "GB"),
    ("g", "GB"),
    ("ti", "TB"),
    ("tib", "TB"),
    ("percent", "%"),
    ("tps", "rps"),
    ("qps", "rps"),
    ("req/s", "rps"),
    ("dollars", "USD"),
    ("usd", "USD"),
];

fn foreign_unit(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    FOREIGN_UNITS.iter().find(|(foreign, _)| *foreign == name).map(|(_, unit)| *unit)
}

/// `figure × numerator / denominator`, rounded half up; nothing when it does not fit 64 bits or has more than
/// nine decimals.
fn number(figure: &str, numerator: u64, denominator: u64) -> Option<u64> {
    let (whole, decimals) = figure.split_once('.').unwrap_or((figure, ""));
    let digits = format!("{whole}{decimals}").parse::<u64>().ok()?;
    let places = u32::try_from(decimals.len()).ok().filter(|places| *places <= 9)?;
    let divisor = u128::from(denominator) * 10_u128.pow(places);
    let product = u128::from(digits) * u128::from(numerator);
    u64::try_from((product * 2 + divisor) / (divisor * 2)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_scaled_exactly() {
        assert_eq!(number("0.0416", 1_000_000, 1), Some(41_600));
        assert_eq!(number("1000", 1_000, 60), Some(16_667));
        assert_eq!(number("99.8", 10_000, 1), Some(998_000));
        assert_eq!(number("99999999999999999999", 1, 1), None);
        assert_eq!(number("18446744073709551615", 1_000, 1), None);
    }
}
