//! Cost: what the system costs a month without load, as expected, and when every scaler stands at its maximum.
//!
//! A month has 730 hours. Each priced item of a service's kind becomes a line: quantity times price, with tiers, free
//! units (once an account), the standby's factor and the lines of the model that cause it. Expected weighs the usual and
//! the peak rate by their time; the maximum is the peak rate all month with every scaler at its most. List prices of
//! us-east-1, on demand, brought to the region of the service by factors, unless the project states its own. Sources: the catalogue's `[pricing]`, row by row, and `sizes.toml`.

mod drivers;
mod item;
mod quote;
mod transfer;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::derive::assumption::Assumption;
use crate::derive::capacity::{Capacity, Given};
use crate::derive::load::Load;
use crate::derive::operations::{self, Operations};
use crate::derive::order::Touching;
use crate::model::{Model, ServiceId};
use crate::text::Span;
use crate::units::{MicroUsd, Percent};

pub use item::{Parts, priced};

/// A figure at the three points of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Points<T> {
    /// Without load.
    pub zero: T,
    /// As expected: usual and peak rate, each for its time.
    pub expected: T,
    /// At peak all month, with every scaler at its maximum.
    pub max: T,
}

impl<T> Points<T> {
    /// The figure that `each` gives at each point.
    pub fn from(each: impl Fn(Point) -> T) -> Self {
        Self { zero: each(Point::Zero), expected: each(Point::Expected), max: each(Point::Max) }
    }
}

impl<T: Copy> Points<T> {
    /// The figure at one point.
    pub const fn at(self, point: Point) -> T {
        match point {
            Point::Zero => self.zero,
            Point::Expected => self.expected,
            Point::Max => self.max,
        }
    }

    /// Another figure made from each.
    pub fn map<U>(self, each: impl Fn(T) -> U) -> Points<U> {
        Points { zero: each(self.zero), expected: each(self.expected), max: each(self.max) }
    }
}

impl Points<MicroUsd> {
    /// The sum, point by point.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            zero: self.zero + other.zero,
            expected: self.expected + other.expected,
            max: self.max + other.max,
        }
    }

    /// Is it nothing at every point?
    pub fn is_zero(self) -> bool {
        self.zero.0 == 0 && self.expected.0 == 0 && self.max.0 == 0
    }
}

/// One of the three points of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Without load.
    Zero,
    /// As expected.
    Expected,
    /// At peak all month.
    Max,
}

/// One line of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostLine {
    /// The service that causes it; nothing for what belongs to the whole system.
    pub service: Option<ServiceId>,
    /// The kind whose price it is.
    pub kind: String,
    /// The price's identifier within the kind.
    pub item: String,
    /// What is counted.
    pub unit: String,
    /// How much, in thousandths of the unit, before free units.
    pub quantity: Points<u64>,
    /// Units of the month that are free for this line, in thousandths, at most.
    pub free: u64,
    /// The price of `per` units, in picodollars (10^-12 USD).
    pub pico_usd: i128,
    /// How many units the price buys.
    pub per: u64,
    /// What it comes to a month.
    pub cost: Points<MicroUsd>,
    /// Where the price comes from.
    pub source: String,
    /// Is the price unverified?
    pub from_memory: bool,
    /// Which region it is paid in.
    pub region: String,
    /// How the price came to that region.
    pub basis: Basis,
    /// The lines of the model that cause it; at least one.
    pub causes: Vec<Span>,
}

/// How a price holds in the region it is paid in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The list price of the region, which is the catalogue's home.
    List,
    /// Stated by the model or the project.
    Own,
    /// The home region's list price times a factor for the region.
    Factor,
    /// The home region's list price, because nobody knows the region's.
    Borrowed,
}

impl Basis {
    /// What programs call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Own => "own",
            Self::Factor => "factor",
            Self::Borrowed => "borrowed",
        }
    }
}

/// The bill.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    /// Its lines, by service in model order; what belongs to the whole system last. Lines that come to nothing are left out.
    pub lines: Vec<CostLine>,
    /// Their sums.
    pub totals: Points<MicroUsd>,
    /// What had to be assumed.
    pub assumptions: Vec<Assumption>,
}

impl Cost {
    /// What a service costs.
    pub fn of(&self, service: ServiceId) -> Points<MicroUsd> {
        self.sum(|line| line.service == Some(service))
    }

    /// What the lines that `wanted` picks cost.
    pub fn sum(&self, wanted: impl Fn(&CostLine) -> bool) -> Points<MicroUsd> {
        self.lines.iter().filter(|line| wanted(line)).fold(Points::default(), |sum, line| sum.plus(line.cost))
    }

    /// The lines of a service.
    pub fn lines_of(&self, service: ServiceId) -> impl Iterator<Item = &CostLine> {
        self.lines.iter().filter(move |line| line.service == Some(service))
    }

    /// The part of the expected cost that is there without load; nothing when nothing costs anything.
    pub fn fixed_share(&self) -> Option<Percent> {
        share(self.totals.zero, self.totals.expected)
    }
}

/// `part` of `whole`, rounded to the nearest millionth; nothing when there is no whole.
pub fn share(part: MicroUsd, whole: MicroUsd) -> Option<Percent> {
    let (part, whole) = (u128::from(part.0.max(0).unsigned_abs()), u128::from(whole.0.max(0).unsigned_abs()));
    let rounded = (part * 1_000_000 + whole / 2).checked_div(whole)?;
    u64::try_from(rounded).ok().map(Percent)
}

/// Derives the cost of a model under its load.
pub fn derive(
    model: &Model,
    catalog: &Catalog,
    load: &Load,
    capacity: &Capacity,
    operations: &Operations,
) -> Cost {
    let touching = Touching::new(model);
    let given = Given { model, catalog, load, touching: &touching };
    let mut reckoning = item::Reckoning::new(given, capacity);
    for id in model.services.ids() {
        reckoning.service(id);
    }
    transfer::add(&mut reckoning, operations);
    let item::Reckoning { lines, mut assumptions, .. } = reckoning;
    assumptions.extend(quote::assumptions(model, catalog, &lines));
    let totals = lines.iter().fold(Points::default(), |sum, line| sum.plus(line.cost));
    Cost { lines, totals, assumptions }
}

/// What the quantity of a line is made of at a point of load; nothing for traffic, logs and alarms, which no price of the
/// service's own kind counts.
pub fn parts_of(
    model: &Model,
    catalog: &Catalog,
    (load, capacity): (&Load, &Capacity),
    (line, point): (&CostLine, Point),
) -> Option<Parts> {
    let id = line.service?;
    let price = model.services[id].kind.pricing.item(&line.item)?;
    let touching = Touching::new(model);
    let given = Given { model, catalog, load, touching: &touching };
    let is_own = model.services[id].kind.id == line.kind;
    is_own.then(|| item::Reckoning::new(given, capacity).parts(id, price, point))
}

/// What a change of the model would save a month, expected: the same derivation on the changed model.
pub fn what_if(model: &Model, catalog: &Catalog, change: impl FnOnce(&mut Model)) -> Cost {
    let mut changed = model.clone();
    change(&mut changed);
    let load = crate::derive::load::derive(&changed, catalog);
    let capacity = crate::derive::capacity::derive(&changed, catalog, &load);
    let network = crate::derive::network::derive(&changed, catalog);
    let operations = operations::derive(&changed, catalog, &network);
    derive(&changed, catalog, &load, &capacity, &operations)
}
