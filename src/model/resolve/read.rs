//! Reading the arguments of a setting from left to right.

use crate::model::resolve::builder::Builder;
use crate::model::resolve::rules::{WRONG_UNIT, WRONG_VALUE};
use crate::syntax::ast::{Argument, Quantity, Setting};
use crate::text::{Ident, Language, Phrase, Span, Spanned, Text, Wording, phrase};
use crate::units::Dimension;

/// A cursor over the arguments of one setting; what does not fit is reported.
pub(super) struct Reader<'b, 'a, 's> {
    builder: &'b mut Builder<'a>,
    setting: &'s Setting,
    at: usize,
}

/// How a quantity of each dimension is written.
const EXAMPLES: [(Dimension, &str); 7] = [
    (Dimension::Time, "15 min"),
    (Dimension::Bytes, "512 MB"),
    (Dimension::Percent, "60%"),
    (Dimension::Rate, "20 rps"),
    (Dimension::Money, "700 USD"),
    (Dimension::MoneyPerHour, "0.40 USD/h"),
    (Dimension::TimePerMonth, "60 h/month"),
];

impl<'b, 'a, 's> Reader<'b, 'a, 's> {
    /// Begins at the first argument.
    pub(super) fn new(builder: &'b mut Builder<'a>, setting: &'s Setting) -> Self {
        Self { builder, setting, at: 0 }
    }

    /// The argument the cursor stands at.
    pub(super) fn peek(&self) -> Option<&'s Spanned<Argument>> {
        self.setting.arguments.get(self.at)
    }

    /// Takes the argument the cursor stands at.
    pub(super) fn next(&mut self) -> Option<&'s Spanned<Argument>> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    /// Is there nothing left?
    pub(super) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Takes the word `keyword` when it stands here.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let here = matches!(self.peek().map(|argument| &argument.value), Some(Argument::Word(word)) if word == keyword);
        self.at += usize::from(here);
        here
    }

    /// Takes a comma when one stands here.
    pub(super) fn comma(&mut self) -> bool {
        let here = matches!(self.peek().map(|argument| &argument.value), Some(Argument::Comma));
        self.at += usize::from(here);
        here
    }

    /// Where the cursor stands; after the name when nothing is left.
    pub(super) fn place(&self) -> Span {
        self.peek().map_or(self.setting.span.end_point(), |argument| argument.span)
    }

    /// Reports that something else is wanted here.
    pub(super) fn want<T>(&mut self, what: impl Into<Phrase>) -> Option<T> {
        let (name, what) = (Ident::sanitized(&self.setting.name.value), what.into());
        let [en, es] = [Language::En, Language::Es].map(|language| what.say(language).terminal());
        let message = match self.peek() {
            Some(_) => phrase!("`{name}` wants {en} here", "`{name}` espera {es} aquí"),
            None => phrase!("`{name}` wants {en}", "a `{name}` le falta {es}"),
        };
        self.builder.report(WRONG_VALUE.at(self.place()).message(message));
        None
    }

    /// A word.
    pub(super) fn word(&mut self, what: impl Into<Phrase>) -> Option<String> {
        match self.peek().map(|argument| &argument.value) {
            Some(Argument::Word(word) | Argument::Cidr(word)) => {
                self.at += 1;
                Some(word.clone())
            }
            _ => self.want(what),
        }
    }

    /// Quoted text.
    pub(super) fn text(&mut self) -> Option<Text> {
        self.text_if_any().or_else(|| self.want(Phrase::new("text in quotes", "un texto entre comillas")))
    }

    /// Quoted text when it stands here.
    pub(super) fn text_if_any(&mut self) -> Option<Text> {
        let Some(Argument::Text(text)) = self.peek().map(|argument| &argument.value) else { return None };
        self.at += 1;
        Some(text.clone())
    }

    /// A quantity of a dimension, in the dimension's own scale.
    pub(super) fn quantity(&mut self, dimension: Dimension) -> Option<u64> {
        match self.peek().map(|argument| &argument.value) {
            Some(Argument::Quantity(quantity)) if quantity.dimension == dimension => {
                self.at += 1;
                Some(quantity.amount)
            }
            Some(Argument::BadQuantity(_)) => {
                self.at += 1;
                None
            }
            Some(Argument::Quantity(quantity)) => self.wrong_unit(*quantity, dimension),
            _ => {
                let (en, es) = (dimension.unit_names("or"), dimension.unit_names("o"));
                self.want(phrase!("a number with the unit {en}", "un número con la unidad {es}"))
            }
        }
    }

    /// A whole number without a unit.
    pub(super) fn count(&mut self) -> Option<u64> {
        match self.peek().map(|argument| &argument.value) {
            Some(Argument::Quantity(Quantity { amount, dimension: Dimension::Count }))
                if amount.is_multiple_of(1_000) =>
            {
                self.at += 1;
                Some(amount / 1_000)
            }
            _ => self.want(Phrase::new("a whole number without a unit", "un número entero sin unidad")),
        }
    }

    fn wrong_unit(&mut self, found: Quantity, wanted: Dimension) -> Option<u64> {
        let name = Ident::sanitized(&self.setting.name.value);
        let has = if found.dimension == Dimension::Count {
            Wording::new("no unit", "ninguna unidad")
        } else {
            Wording::new("another unit", "otra unidad")
        };
        let Wording { en, es } = has;
        let message = Phrase::new(
            format!("`{name}` wants {}, and this has {en}", wanted.unit_names("or")),
            format!("`{name}` espera {}, y esto tiene {es}", wanted.unit_names("o")),
        );
        let finding = WRONG_UNIT.at(self.place()).message(message);
        let example = EXAMPLES.iter().find(|(of, _)| *of == wanted).map_or("20", |(_, example)| example);
        self.builder.report(finding.help(phrase!(
            "write the number with its unit, for example `{example}`",
            "escribe el número con su unidad, por ejemplo `{example}`"
        )));
        self.at += 1;
        None
    }

    /// Reports what is left over.
    pub(super) fn end(&mut self) {
        if !self.is_done() {
            let name = Ident::sanitized(&self.setting.name.value);
            self.builder.report(
                WRONG_VALUE
                    .at(self.place())
                    .message(phrase!("`{name}` takes nothing more here", "`{name}` no admite nada más aquí")),
            );
        }
    }

    /// The builder, for findings of the caller.
    pub(super) fn builder(&mut self) -> &mut Builder<'a> {
        self.builder
    }
}

/// A number in thousandths as it is written: `16`, `8.0` as `8`, `1.5`.
pub(super) fn plain_number(thousandths: u64) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:03}").trim_end_matches('0').to_owned() }
}
