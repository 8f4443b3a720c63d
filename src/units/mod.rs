//! Floor 0: quantities as integers with their units in their types, and dense ids.
//!
//! This room knows arithmetic. It must not know texts, the language or AWS.

mod arena;
mod date;
pub mod logarithm;
mod quantity;
mod unit;

#[cfg(test)]
pub(crate) use arena::WORK;
pub use arena::{Arena, Id};
pub use date::Date;
pub use quantity::{Bytes, MicroUsd, Micros, Millis, PerBillion, PerSecond, Percent};
pub use unit::{Dimension, UNITS, Unit, unit};
