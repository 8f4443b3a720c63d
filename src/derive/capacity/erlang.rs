//! Waiting in a queue with c servers: Erlang's formulas in fixed point.
//!
//! A service with c processors, Poisson arrivals at rate lambda and a mean service time s is offered a = lambda·s erlangs.
//! Erlang B by its recursion B(k) = a·B(k-1) / (k + a·B(k-1)); C = B / (1 - rho·(1 - B)); mean wait = C·s / (c - a).
//! Probabilities are integers in 10^-12, offered load in 10^-6 erlang. Source: Erlang 1917; textbook values in the tests.

use crate::units::{Micros, Millis, PerSecond, Percent};

/// One, as a probability.
const ONE: u128 = 1_000_000_000_000;
/// Beyond this many servers the chance to wait at [`Bounds::busy`] is below a millionth, and the bound on use alone decides.
const MANY: u64 = 100_000;

/// Offered load in millionths of an erlang: rate times mean service time, which is exact in these units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MicroErlang(pub u64);

impl MicroErlang {
    /// The load that `rate` requests of `work` each offer.
    pub fn offered(rate: PerSecond, work: Millis) -> Self {
        Self(rate.0.saturating_mul(work.0))
    }
}

/// How a group of servers fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Queueing {
    /// Mean use of each server; above 100 % the queue grows without end.
    pub busy: Percent,
    /// The chance that a request waits.
    pub waiting: Percent,
    /// The mean wait; nothing when the queue grows without end.
    pub wait: Option<Micros>,
}

/// What is asked of a group of servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The highest mean use of a server.
    pub busy: Percent,
    /// The longest mean wait.
    pub wait: Micros,
}

/// The bounds this project plans with: 60 % use, 50 ms mean wait.
pub const BOUNDS: Bounds = Bounds { busy: Percent(600_000), wait: Micros(50_000) };

/// The chance that all of `servers` are busy, in parts per million (Erlang C).
pub fn waiting(servers: u64, offered: MicroErlang) -> Percent {
    queueing(servers, offered, Millis(0)).waiting
}

/// Is there so much room that practically nobody waits? With c servers and free ones numbering at least the root of 30·c the
/// chance to wait is below a millionth (normal approximation of the Poisson distribution: Halfin and Whitt 1981).
fn never_waits(servers: u64, offered: MicroErlang) -> bool {
    let all = u128::from(servers) * 1_000_000;
    let free = all.saturating_sub(offered.0.into());
    free.checked_mul(free).is_some_and(|square| square >= 30 * 1_000_000 * all)
}

/// How `servers` fare under an offered load whose requests take `work` each.
pub fn queueing(servers: u64, offered: MicroErlang, work: Millis) -> Queueing {
    let is_overloaded = u128::from(offered.0) >= u128::from(servers) * 1_000_000;
    if is_overloaded || never_waits(servers, offered) {
        return outcome(servers, offered, work, 0);
    }
    let reckoned = servers.min(MANY);
    let blocked = (1..=reckoned).fold(ONE, |blocked, k| next_blocking(blocked, k, offered));
    outcome(servers, offered, work, blocked)
}

/// One step of the Erlang B recursion.
fn next_blocking(blocked: u128, k: u64, offered: MicroErlang) -> u128 {
    let busy = u128::from(offered.0).saturating_mul(blocked) / 1_000_000;
    let all = u128::from(k) * ONE + busy;
    busy.checked_mul(ONE).map_or(ONE, |scaled| scaled / all.max(1))
}

fn outcome(servers: u64, offered: MicroErlang, work: Millis, blocked: u128) -> Queueing {
    let (servers, offered) = (u128::from(servers.max(1)) * 1_000_000, u128::from(offered.0));
    let busy = Percent(narrow((offered * 1_000_000 + servers / 2) / servers));
    if offered >= servers {
        return Queueing { busy, waiting: Percent::WHOLE, wait: None };
    }
    let use_of = offered * ONE / servers;
    let waiting = blocked * ONE / (ONE - use_of * (ONE - blocked.min(ONE)) / ONE).max(1);
    let micros = waiting.saturating_mul(u128::from(work.0)).saturating_mul(1_000) / 1_000_000;
    let wait = micros / (servers - offered);
    Queueing {
        busy,
        waiting: Percent(narrow((waiting + 500_000) / 1_000_000)),
        wait: Some(Micros(narrow(wait))),
    }
}

fn narrow(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// The least number of units of `servers_each` processors that keeps both bounds, and how they fare; at least one.
pub fn least_units(offered: MicroErlang, work: Millis, servers_each: u64, bounds: Bounds) -> (u64, Queueing) {
    let each = servers_each.max(1);
    let by_use = u128::from(offered.0).div_ceil((u128::from(bounds.busy.0) * u128::from(each)).max(1));
    let start = narrow(by_use).max(1);
    let is_enough = start.saturating_mul(each);
    if is_enough > MANY || never_waits(is_enough, offered) {
        return (start, queueing(start.saturating_mul(each), offered, work));
    }
    let mut blocked = ONE;
    let mut reckoned = 0;
    for units in start.. {
        let servers = units.saturating_mul(each);
        blocked = (reckoned + 1..=servers).fold(blocked, |blocked, k| next_blocking(blocked, k, offered));
        reckoned = servers;
        let found = outcome(servers, offered, work, blocked);
        if servers > MANY || found.wait.is_some_and(|wait| wait <= bounds.wait) {
            return (units, found);
        }
    }
    (start, queueing(start.saturating_mul(each), offered, work))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erlangs(thousandths: u64) -> MicroErlang {
        MicroErlang(thousandths * 1_000)
    }

    #[test]
    fn textbook_values_hold() {
        assert_eq!(waiting(2, erlangs(1_000)), Percent(333_333));
        assert_eq!(waiting(1, erlangs(500)), Percent(500_000));
        let ten = waiting(10, erlangs(8_000)).0;
        assert!((409_150..=409_250).contains(&ten), "{ten}");
    }

    #[test]
    fn one_server_is_the_single_queue() {
        for load in 1..20 {
            let found = queueing(1, erlangs(load * 50), Millis(100));
            assert_eq!(found.waiting.0, load * 50_000);
            let expected = load * 50 * 100_000 / (1_000 - load * 50);
            assert!(found.wait.is_some_and(|wait| wait.0.abs_diff(expected) <= 1), "rho {load}");
        }
    }

    #[test]
    fn overload_has_no_mean_wait() {
        let found = queueing(2, erlangs(2_000), Millis(10));
        assert_eq!((found.busy, found.waiting, found.wait), (Percent::WHOLE, Percent::WHOLE, None));
    }

    #[test]
    fn extreme_inputs_saturate() {
        let offered = MicroErlang::offered(PerSecond(u64::MAX), Millis(u64::MAX));
        let (units, found) = least_units(offered, Millis(u64::MAX), 2, BOUNDS);
        assert!(units > 1_000_000_000 && found.wait.is_some());
        assert_eq!(least_units(MicroErlang(0), Millis(0), 0, BOUNDS).0, 1);
        assert!(queueing(0, offered, Millis(1)).wait.is_none());
    }

    #[test]
    fn the_bounds_are_kept_and_one_unit_less_breaks_them() {
        for rate in [1, 7, 60, 333, 5_000, 90_000] {
            for work in [5, 20, 40, 900] {
                let (rate, work) = (PerSecond(rate * 1_000), Millis(work));
                let offered = MicroErlang::offered(rate, work);
                let (units, found) = least_units(offered, work, 2, BOUNDS);
                assert!(found.busy <= BOUNDS.busy && found.wait.unwrap() <= BOUNDS.wait);
                if units > 1 {
                    let less = queueing((units - 1) * 2, offered, work);
                    assert!(less.busy > BOUNDS.busy || less.wait.is_none_or(|wait| wait > BOUNDS.wait));
                }
            }
        }
    }
}
