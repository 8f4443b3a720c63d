//! One price at a time: quantity, free units, tiers, money.

use std::collections::BTreeMap;

use crate::catalog::{Kind, Price, Quantity, Size};
use crate::derive::assumption::{Assumption, OWN};
use crate::derive::capacity::{Capacity, Given};
use crate::derive::cost::quote::{self, Quote};
use crate::derive::cost::{CostLine, Point, Points, drivers};
use crate::derive::size;
use crate::model::{Service, ServiceId, Value};
use crate::text::{Span, phrase};
use crate::units::MicroUsd;

/// Millionths, in which quantities are reckoned.
pub(super) const MICRO: u128 = 1_000_000;

/// The bill in the making.
pub(super) struct Reckoning<'a> {
    pub given: Given<'a>,
    pub capacity: &'a Capacity,
    pub lines: Vec<CostLine>,
    pub assumptions: Vec<Assumption>,
    /// Free units already used, by kind and item, at each point, in thousandths.
    used: BTreeMap<(String, String), Points<u64>>,
}

/// A quantity of one price: what is needed for a line, apart from the price itself.
pub(super) struct Counted {
    pub service: Option<ServiceId>,
    pub quantity: Points<u64>,
    pub causes: Vec<Span>,
}

/// What a number of units is made of; each amount in millionths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Where the count begins: one, or what the price or the model states.
    pub base: u128,
    /// The drivers with their amounts, in the catalogue's words.
    pub factors: Vec<(String, u128)>,
    /// Hours of a month for what is priced by the hour and stands all the time; otherwise 1.
    pub hours: u64,
    /// 2 where a standby in a second zone doubles it; otherwise 1.
    pub copies: u64,
}

impl Parts {
    /// Their product in thousandths of a unit.
    fn thousandths(&self) -> u64 {
        let factors = self.factors.iter();
        let product = factors.fold(self.base, |product, (_, amount)| product.saturating_mul(*amount) / MICRO);
        let all = product.saturating_mul(self.hours.into()).saturating_mul(self.copies.into());
        u64::try_from(all.saturating_add(500) / 1_000).unwrap_or(u64::MAX)
    }
}

impl<'a> Reckoning<'a> {
    pub fn new(given: Given<'a>, capacity: &'a Capacity) -> Self {
        Self { given, capacity, lines: Vec::new(), assumptions: Vec::new(), used: BTreeMap::new() }
    }

    /// Adds the lines of a service.
    pub fn service(&mut self, id: ServiceId) {
        let service = &self.given.model.services[id];
        for price in &service.kind.pricing.items {
            if applies(service, price) {
                let quantity = Points::from(|point| self.quantity(id, price, point));
                let sized = price
                    .table
                    .as_ref()
                    .and_then(|_| size::size_of(self.given.model, self.given.catalog, id));
                self.assume_size(id, price, sized);
                let counted = Counted { service: Some(id), quantity, causes: service.causes().to_vec() };
                self.line(&service.kind, price, sized, counted);
            }
        }
    }

    /// Adds a line, unless it comes to nothing.
    pub fn line(&mut self, kind: &Kind, price: &Price, sized: Option<&Size>, counted: Counted) {
        let Quote { pico_usd, per, source, from_memory, basis, region } =
            quote::quote(self.given, kind, price, sized, counted.service);
        let free = kind.pricing.free_units(&price.id).saturating_mul(1_000);
        let billed = self.after_free(kind, price, counted.quantity, free);
        let tier = Tier::of(kind, price);
        let cost = billed.map(|quantity| money(pico_usd, per, tier.part(quantity)));
        if cost.is_zero() {
            return;
        }
        self.lines.push(CostLine {
            service: counted.service,
            kind: kind.id.clone(),
            item: price.id.clone(),
            unit: price.unit.clone(),
            quantity: counted.quantity,
            free,
            pico_usd,
            per,
            cost,
            source,
            from_memory,
            region,
            basis,
            causes: counted.causes,
        });
    }

    /// What is left after the account's free units, which go to the services in model order.
    fn after_free(&mut self, kind: &Kind, price: &Price, quantity: Points<u64>, free: u64) -> Points<u64> {
        let used = self.used.entry((kind.id.clone(), price.id.clone())).or_default();
        let left = used.map(|used| free.saturating_sub(used));
        *used = Points {
            zero: used.zero.saturating_add(quantity.zero),
            expected: used.expected.saturating_add(quantity.expected),
            max: used.max.saturating_add(quantity.max),
        };
        Points {
            zero: quantity.zero.saturating_sub(left.zero),
            expected: quantity.expected.saturating_sub(left.expected),
            max: quantity.max.saturating_sub(left.max),
        }
    }

    /// How many units a month, in thousandths.
    fn quantity(&self, id: ServiceId, price: &Price, point: Point) -> u64 {
        self.parts(id, price, point).thousandths()
    }

    /// What the number of units is made of.
    pub(super) fn parts(&self, id: ServiceId, price: &Price, point: Point) -> Parts {
        let driver = drivers::Driver { reckoning: self, id, price, point };
        let base = match (&price.scales, &price.default_qty) {
            (Some(_), Some(Quantity::Count(each))) => {
                own_volume(self, id).unwrap_or(u128::from(*each) * MICRO)
            }
            (None, Some(Quantity::Count(each))) => u128::from(*each) * MICRO,
            (None, Some(Quantity::Of(name))) => driver.factor(name).amount,
            (None, None) if STANDING.contains(&price.unit.as_str()) => MICRO,
            (None, None) => 0,
            (Some(_), _) => MICRO,
        };
        let scales = price.scales.as_deref().unwrap_or_default();
        let factors: Vec<(&str, drivers::Factor)> = scales
            .split('*')
            .filter(|name| !name.is_empty())
            .map(|name| (name, driver.factor(name)))
            .collect();
        let standing = factors.iter().all(|(_, factor)| factor.standing);
        let counts_hours = standing && price.unit.to_lowercase().ends_with("hour");
        let hours = if counts_hours { u64::from(self.given.catalog.hours_per_month()) } else { 1 };
        let service = &self.given.model.services[id];
        let copies = price.multi_az_factor.filter(|_| service.settings.is_on("multi-az")).unwrap_or(1);
        let factors = factors.into_iter().map(|(name, factor)| (name.to_owned(), factor.amount)).collect();
        Parts { base, factors, hours, copies }
    }

    fn assume_size(&mut self, id: ServiceId, price: &Price, sized: Option<&Size>) {
        let service = &self.given.model.services[id];
        if let Some(name) = size::size_name(service).filter(|_| price.table.is_some() && sized.is_none()) {
            let what = phrase!("price of the size of `{}`", "precio del tamaño de `{}`", service.name);
            let value = format!("{} USD an hour", money(price.pico_usd, 1, 1_000).usd(4));
            let state = format!("size {name} {{ vcpu 2; memory 4 GB; price 0.10 USD/h }}");
            self.assumptions.push(Assumption::new(what, value, OWN, service.span, state));
        }
    }
}

/// Units of things that stand there once when nothing drives their number.
const STANDING: [&str; 3] = ["hour", "month", "rule-month"];

/// The disk that a service states for each of its units, in millionths of a GiB.
fn own_volume(reckoning: &Reckoning<'_>, id: ServiceId) -> Option<u128> {
    reckoning.given.model.services[id].settings.bytes("volume").map(drivers::gibibytes)
}

/// Is it billed to a service with these settings?
fn applies(service: &Service, price: &Price) -> bool {
    let value = |name: &str| service.settings.0.get(name).map(|setting| written(&setting.value));
    !price.optional && price.when.as_ref().is_none_or(|when| when.applies(value))
}

/// A setting's value as a condition compares it.
fn written(value: &Value) -> &str {
    match value {
        Value::Flag(false) => "off",
        Value::Word(word) | Value::Transition(word, _) => word,
        _ => "on",
    }
}

/// The units of a month that one price of several covers, in thousandths.
struct Tier {
    from: u64,
    to: u64,
}

impl Tier {
    /// The last tier that is known covers all that is above it.
    fn of(kind: &Kind, price: &Price) -> Self {
        let next = |to: &u64| kind.pricing.items.iter().any(|other| other.tier_from == Some(*to));
        Self {
            from: price.tier_from.unwrap_or(0).saturating_mul(1_000),
            to: price.tier_to.filter(next).map_or(u64::MAX, |to| to.saturating_mul(1_000)),
        }
    }

    fn part(&self, quantity: u64) -> u64 {
        quantity.min(self.to).saturating_sub(self.from)
    }
}

/// The price of `thousandths / 1000` units at `pico_usd` for each `per`, rounded half up to a microdollar.
pub fn priced(pico_usd: i128, per: u64, thousandths: u64) -> MicroUsd {
    money(pico_usd, per, thousandths)
}

fn money(pico_usd: i128, per: u64, thousandths: u64) -> MicroUsd {
    let divisor = i128::from(per.max(1)).saturating_mul(1_000_000_000);
    let product = pico_usd.saturating_mul(i128::from(thousandths));
    let rounded = product.saturating_mul(2).saturating_add(divisor) / divisor.saturating_mul(2);
    MicroUsd(i64::try_from(rounded).unwrap_or(i64::MAX))
}
