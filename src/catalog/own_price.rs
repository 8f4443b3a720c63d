//! A project's own price file: read, and every row held against the catalogue.

use toml::Spanned;

use crate::catalog::kind::Kind;
use crate::catalog::project::{of_this_schema, parse, span};
use crate::catalog::region::{
    FactorRow, OwnPrice, PriceFile, PriceRow, PriceSubject, RegionFactor, is_region,
};
use crate::catalog::store::Catalog;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{FileId, Ident, Phrase, Source, did_you_mean, phrase};
use crate::units::Date;

/// A row of `prices.toml` names what the catalogue does not have.
pub const UNKNOWN_PRICE: Rule =
    Rule { code: "CAT-006", title: "price of something unknown", severity: Severity::Error };
/// A row of `prices.toml` says what no price can be, or does not say where it comes from.
pub const WRONG_PRICE: Rule =
    Rule { code: "CAT-007", title: "price that cannot be, or without a source", severity: Severity::Error };

/// The name of a project's price file.
pub(super) const PRICE_FILE: &str = "prices.toml";

/// Dearer than this, a unit is a slip of the pen: a million dollars.
const DEAREST: i128 = 1_000_000_000_000_000_000;

/// A row that is refused.
type Refused = Box<Diagnostic>;

/// The file a row stands in, and what is said of all of its rows.
struct Origin {
    file: FileId,
    /// `source (date)`.
    src: String,
}

impl Origin {
    fn at<T>(&self, rule: &Rule, place: &Spanned<T>, message: Phrase) -> Diagnostic {
        rule.at(span(self.file, place.span())).message(message)
    }
}

impl Catalog {
    /// Takes the rows of a price file that can be; a finding for each other one.
    pub(super) fn take_prices(&mut self, file: FileId, source: &Source) -> Result<Vec<Diagnostic>, Refused> {
        let prices: PriceFile = parse(file, source)?;
        of_this_schema(file, source, prices.schema)?;
        let origin = origin(file, &prices)?;
        let mut findings = Vec::new();
        for row in prices.price {
            match self.own_price_of(&origin, row) {
                Ok(price) => self.own_prices.push(price),
                Err(finding) => findings.push(*finding),
            }
        }
        for row in prices.factor {
            match self.own_factor_of(&origin, row) {
                Ok(factor) => self.own_factors.push(factor),
                Err(finding) => findings.push(*finding),
            }
        }
        Ok(findings)
    }

    fn own_price_of(&self, origin: &Origin, row: PriceRow) -> Result<OwnPrice, Refused> {
        let kind = self.priced_kind(origin, &row.kind)?.clone();
        if !(0..=DEAREST).contains(&row.usd) {
            let message = Phrase::new(
                "a price lies between 0 and 1 000 000 USD",
                "un precio está entre 0 y 1 000 000 USD",
            );
            return Err(Box::new(origin.at(&WRONG_PRICE, &row.kind, message)));
        }
        if let Some(per) = row.per.as_ref().filter(|per| *per.get_ref() == 0) {
            let message = Phrase::new("a price is of at least 1 unit", "un precio es de al menos 1 unidad");
            return Err(Box::new(origin.at(&WRONG_PRICE, per, message)));
        }
        let subject = subject(origin, &kind, &row)?;
        Ok(OwnPrice {
            region: row.region.map(|region| known_region(origin, region)).transpose()?,
            kind: kind.id,
            subject,
            pico_usd: row.usd,
            per: row.per.map(Spanned::into_inner),
            src: origin.src.clone(),
        })
    }

    /// The kind of a word or an identifier.
    fn priced_kind(&self, origin: &Origin, name: &Spanned<String>) -> Result<&Kind, Refused> {
        let word = name.get_ref().as_str();
        let found = self.by_word(word).or_else(|| self.kind(word)).map(std::convert::AsRef::as_ref);
        found.ok_or_else(|| {
            let message = phrase!(
                "the catalogue has no kind `{}`",
                "el catálogo no tiene el tipo `{}`",
                Ident::sanitized(word)
            );
            let near = did_you_mean(word, self.kinds().map(|kind| kind.word.as_str()));
            Box::new(origin.at(&UNKNOWN_PRICE, name, message).maybe_help(near))
        })
    }

    fn own_factor_of(&self, origin: &Origin, row: FactorRow) -> Result<RegionFactor, Refused> {
        /// Above this, a factor is a slip of the pen.
        const GREATEST: u64 = 100_000_000;
        if !(1..=GREATEST).contains(&row.factor.0) {
            let message = Phrase::new(
                "a factor lies above 0 and at most 100",
                "un factor es mayor que 0 y como mucho 100",
            );
            return Err(Box::new(origin.at(&WRONG_PRICE, &row.region, message)));
        }
        let kinds: Result<Vec<String>, Refused> =
            row.kinds.iter().map(|kind| Ok(self.priced_kind(origin, kind)?.id.clone())).collect();
        Ok(RegionFactor {
            region: known_region(origin, row.region)?,
            kinds: kinds?,
            items: Vec::new(),
            factor: row.factor,
            src: origin.src.clone(),
        })
    }
}

/// What a row is the price of: one price of the kind, or a size.
fn subject(origin: &Origin, kind: &Kind, row: &PriceRow) -> Result<PriceSubject, Refused> {
    match (&row.item, &row.size) {
        (Some(item), None) if kind.pricing.item(item.get_ref()).is_some() => {
            Ok(PriceSubject::Item(item.get_ref().clone()))
        }
        (Some(item), None) => {
            let message = phrase!(
                "`{}` has no price `{}`",
                "`{}` no tiene el precio `{}`",
                kind.word,
                Ident::sanitized(item.get_ref())
            );
            let known: Vec<&str> = kind.pricing.items.iter().map(|price| price.id.as_str()).collect();
            let near = did_you_mean(item.get_ref(), known.iter().copied());
            let found = origin.at(&UNKNOWN_PRICE, item, message).maybe_help(near);
            let (en, es) = (format!("it has {}", known.join(", ")), format!("tiene {}", known.join(", ")));
            Err(Box::new(found.help(Phrase::new(en, es))))
        }
        (None, Some(size)) if kind.capacity.text("sizes_table").is_some() => {
            Ok(PriceSubject::Size(size.get_ref().clone()))
        }
        (None, Some(size)) => {
            let message = phrase!("`{}` has no sizes", "`{}` no tiene tamaños", kind.word);
            Err(Box::new(origin.at(&UNKNOWN_PRICE, size, message)))
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = Phrase::new(
                "a price is of one `item` or of one `size`",
                "un precio es de un `item` o de un `size`",
            );
            Err(Box::new(origin.at(&WRONG_PRICE, &row.kind, message)))
        }
    }
}

/// What all rows of a file share: it must say where its prices come from, and when.
fn origin(file: FileId, prices: &PriceFile) -> Result<Origin, Refused> {
    let mut origin = Origin { file, src: String::new() };
    if prices.source.get_ref().trim().is_empty() {
        let message = Phrase::new("`source` says nothing", "`source` no dice nada");
        return Err(Box::new(origin.at(&WRONG_PRICE, &prices.source, message)));
    }
    if Date::parse(prices.date.get_ref()).is_none() {
        let message =
            Phrase::new("`date` is no day such as 2026-11-01", "`date` no es un día como 2026-11-01");
        return Err(Box::new(origin.at(&WRONG_PRICE, &prices.date, message)));
    }
    origin.src = format!("{} ({})", prices.source.get_ref().trim(), prices.date.get_ref());
    Ok(origin)
}

fn known_region(origin: &Origin, region: Spanned<String>) -> Result<String, Refused> {
    if is_region(region.get_ref()) {
        return Ok(region.into_inner());
    }
    let shown = Ident::sanitized(region.get_ref());
    let message =
        phrase!("`{shown}` is no region such as eu-west-1", "`{shown}` no es una región como eu-west-1");
    Err(Box::new(origin.at(&WRONG_PRICE, &region, message)))
}
