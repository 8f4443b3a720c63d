//! What a priced thing costs where it stands: the project's own price, or the home region's brought to the region.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Kind, Price, PriceSubject, RegionFactor, Size};
use crate::derive::assumption::Assumption;
use crate::derive::capacity::Given;
use crate::derive::cost::{Basis, CostLine};
use crate::model::{Model, ServiceId};
use crate::text::{Noun, Wording, phrase};

/// The price of one line.
pub(super) struct Quote {
    pub pico_usd: i128,
    pub per: u64,
    pub source: String,
    pub from_memory: bool,
    pub basis: Basis,
    pub region: String,
}

/// The price of an item for a service, or for the system itself.
pub(super) fn quote(
    given: Given<'_>,
    kind: &Kind,
    price: &Price,
    sized: Option<&Size>,
    service: Option<ServiceId>,
) -> Quote {
    let Given { model, catalog, .. } = given;
    let region = service.map_or(model.system.region.as_str(), |id| model.region_of(id));
    if let Some(own) = own(given, kind, price, sized, region) {
        return own;
    }
    let (pico_usd, source, from_memory) = match sized {
        Some(size) => (size.pico_usd, &size.src, size.is_from_memory()),
        None => (price.pico_usd, &price.src, price.is_from_memory()),
    };
    let (per, home) = (price.per, catalog.home_region());
    let factor = if region == home { None } else { catalog.region_factor(region, &kind.id, &price.id) };
    let region = region.to_owned();
    match factor {
        Some(row) => {
            let source = format!("{source}; times {} for {region} ({})", times(row), row.src);
            let from_memory = from_memory || row.is_from_memory();
            Quote { pico_usd: scaled(pico_usd, row), per, source, from_memory, basis: Basis::Factor, region }
        }
        None if region == home => {
            Quote { pico_usd, per, source: source.clone(), from_memory, basis: Basis::List, region }
        }
        None => {
            let source = format!("{source}; borrowed from {home}");
            Quote { pico_usd, per, source, from_memory, basis: Basis::Borrowed, region }
        }
    }
}

/// What the project or the model states: a price of its file, the size's price, or the price of a kind of its own.
fn own(given: Given<'_>, kind: &Kind, price: &Price, sized: Option<&Size>, region: &str) -> Option<Quote> {
    let Given { model, catalog, .. } = given;
    let is_stated = sized.is_some_and(|size| {
        let table = kind.capacity.text("sizes_table").unwrap_or_default();
        model.sizes.contains_key(&size.name) || catalog.is_own_size(table, &size.name)
    });
    let quote = |pico_usd, per, source: &str, from_memory| Quote {
        pico_usd,
        per,
        source: source.to_owned(),
        from_memory,
        basis: Basis::Own,
        region: region.to_owned(),
    };
    let by_size = sized.map(|size| PriceSubject::Size(size.name.clone()));
    let subject = by_size.unwrap_or_else(|| PriceSubject::Item(price.id.clone()));
    if let Some(row) = catalog.own_price(&kind.id, &subject, region) {
        return Some(quote(row.pico_usd, row.per.unwrap_or(price.per), &row.src, false));
    }
    match sized {
        Some(size) if is_stated => Some(quote(size.pico_usd, price.per, &size.src, size.is_from_memory())),
        None if catalog.is_own_kind(&kind.id) => {
            Some(quote(price.pico_usd, price.per, &price.src, price.is_from_memory()))
        }
        _ => None,
    }
}

fn scaled(pico_usd: i128, row: &RegionFactor) -> i128 {
    pico_usd.saturating_mul(i128::from(row.factor.0)) / 1_000_000
}

/// A factor as a decimal number: `1.0962`.
fn times(row: &RegionFactor) -> String {
    let millionths = format!("{:06}", row.factor.0 % 1_000_000);
    let fraction = millionths.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}", row.factor.0 / 1_000_000)
}

/// Lines of the bill, by their prices.
const PRICES: Noun = Noun::new("price", "prices", "precio", "precios");

/// Where a borrowed price comes from.
const BORROWED: Wording = Wording::new(
    "no factor for the region is known; `prices.toml` in a folder named by `catalog` states prices",
    "no se conoce un factor para la región; `prices.toml` en una carpeta nombrada por `catalog` indica precios",
);
/// Where a factor comes from.
const FACTORS: Wording = Wording::new(
    "catalogue: `regions.toml`, each line of the bill with its source",
    "catálogo: `regions.toml`, cada línea de la factura con su fuente",
);

/// What was taken from another region, by region: borrowed prices, and factors.
pub(super) fn assumptions(model: &Model, catalog: &Catalog, lines: &[CostLine]) -> Vec<Assumption> {
    let mut regions: BTreeMap<(&str, Basis), usize> = BTreeMap::new();
    for line in lines {
        *regions.entry((line.region.as_str(), line.basis)).or_default() += 1;
    }
    let home = catalog.home_region();
    let told = regions.into_iter().filter_map(|((region, basis), count)| {
        let of = PRICES.count(count);
        let (what, value, source) = match basis {
            Basis::List | Basis::Own => return None,
            Basis::Borrowed => {
                let what = phrase!("{of} in `{region}`", "{of:#} en `{region}`");
                (what, home.to_owned(), BORROWED)
            }
            Basis::Factor => (
                phrase!("{of} in `{region}`, by factors", "{of:#} en `{region}`, por factores"),
                format!("× {home}"),
                FACTORS,
            ),
        };
        Some(Assumption::new(what, value, source, model.system.span, "catalog \"prices\"".to_owned()))
    });
    told.collect()
}
