//! What drives the number of a priced thing: one small function a driver, by the catalogue's name.

use crate::catalog::{Mode, Price, Trait};
use crate::derive::capacity::limits::passing;
use crate::derive::cost::Point;
use crate::derive::cost::item::{MICRO, Reckoning};
use crate::derive::size;
use crate::model::{Flow, Service, ServiceId, Settings};
use crate::units::{Bytes, Millis, Percent};

/// One factor of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Factor {
    /// Millionths of a unit.
    pub amount: u128,
    /// Does it stand there all month, so that an hourly price counts every hour?
    pub standing: bool,
}

/// What a driver reads.
#[derive(Clone, Copy)]
pub(super) struct Driver<'a> {
    pub reckoning: &'a Reckoning<'a>,
    pub id: ServiceId,
    pub price: &'a Price,
    pub point: Point,
}

/// A driver's name, whether it stands all month, and its function to millionths.
type Row = (&'static str, bool, fn(Driver<'_>) -> u128);

const DRIVERS: [Row; 35] = [
    ("acu", true, |driver| driver.units()),
    ("alarms", true, |driver| driver.count("count", 1)),
    ("azs", true, |driver| driver.zones()),
    ("brokers", true, |driver| driver.count("brokers", 2)),
    ("cross_az_gb", false, |_| 0),
    ("dpu_hours", false, |driver| {
        driver
            .events()
            .saturating_mul(hours(driver.work()).saturating_mul(driver.count("workers", 2)) / MICRO)
            / MICRO
    }),
    ("duration_h", false, |driver| hours(driver.work())),
    ("duration_s", false, |driver| u128::from(driver.work().0) * 1_000),
    ("egress_gb", false, |driver| driver.egress()),
    ("ingest_gb", false, |driver| gigabytes(driver.monthly().saturating_mul(driver.record()))),
    ("input_tokens", false, |driver| driver.count("input", 1_000)),
    ("instances", true, |driver| driver.instances()),
    ("inter_region_gb", false, |_| 0),
    ("io_requests", false, |driver| driver.events()),
    ("lcu", true, |driver| driver.balancer_units()),
    ("log_gb", false, |driver| driver.bytes("ingest")),
    ("mau", false, |driver| if driver.point == Point::Zero { 0 } else { driver.count("users", 0) }),
    ("memory_gb", false, |driver| driver.memory()),
    ("nlcu", true, |driver| driver.balancer_units()),
    ("nodes", true, |driver| driver.nodes()),
    ("output_tokens", false, |driver| driver.count("output", 300)),
    ("put_units", false, |driver| driver.events().saturating_mul(chunks(driver.record(), 25_600))),
    ("queries", false, |driver| driver.stated_count("queries").unwrap_or_else(|| driver.events())),
    ("read_units", false, |driver| driver.calls(false).saturating_mul(chunks(driver.record(), 4_096))),
    ("reads", false, |driver| driver.calls(false)),
    ("requests", false, |driver| driver.events()),
    ("scanned_tb", false, |driver| {
        driver.settings().bytes("scanned").map_or(0, |bytes| gibibytes(bytes) / 1_024)
    }),
    ("shards", true, |driver| driver.count("shards", 1)),
    ("storage_gb", true, |driver| driver.storage()),
    ("target_vcpus", true, |driver| driver.target_processors()),
    ("tasks", true, |driver| driver.tasks()),
    ("transitions", false, |driver| driver.events().saturating_mul(driver.count("steps", 5)) / MICRO),
    ("vcpus", false, |driver| driver.count("vcpu", 1)),
    ("write_units", false, |driver| driver.calls(true).saturating_mul(chunks(driver.record(), 1_024))),
    ("writes", false, |driver| driver.calls(true)),
];

/// Bytes as millionths of a GiB.
pub(super) fn gibibytes(bytes: Bytes) -> u128 {
    u128::from(bytes.0) * MICRO / (1 << 30)
}

/// Bytes as millionths of 10^9 bytes, in which traffic is billed here.
pub(super) fn gigabytes(bytes: u128) -> u128 {
    bytes / 1_000
}

/// Time as millionths of an hour.
fn hours(time: Millis) -> u128 {
    u128::from(time.0) * MICRO / 3_600_000
}

/// How many pieces of a size something is cut into; at least one.
fn chunks(bytes: u128, each: u128) -> u128 {
    bytes.div_ceil(each).max(1)
}

/// The part of a verb's calls that write.
const WRITING: [(&str, u64); 6] =
    [("read", 0), ("list", 0), ("readwrite", 300_000), ("presign", 300_000), ("scan", 0), ("query", 0)];

impl<'a> Driver<'a> {
    /// The factor of a name; an unknown one is nothing.
    pub fn factor(self, name: &str) -> Factor {
        let row = DRIVERS.iter().find(|(known, ..)| *known == name);
        row.map_or(Factor { amount: 0, standing: false }, |(_, standing, amount)| Factor {
            amount: amount(self),
            standing: *standing,
        })
    }

    fn service(self) -> &'a Service {
        &self.reckoning.given.model.services[self.id]
    }

    fn settings(self) -> &'a Settings {
        &self.service().settings
    }

    fn stated_count(self, setting: &str) -> Option<u128> {
        self.settings().count(setting).map(|count| u128::from(count) * MICRO)
    }

    fn count(self, setting: &str, otherwise: u64) -> u128 {
        self.stated_count(setting).unwrap_or(u128::from(otherwise) * MICRO)
    }

    fn bytes(self, setting: &str) -> u128 {
        self.settings().bytes(setting).map_or(0, gibibytes)
    }

    fn work(self) -> Millis {
        self.settings().time("work").unwrap_or(Millis(200))
    }

    /// The size of one record, item or message, in bytes.
    fn record(self) -> u128 {
        let settings = self.settings();
        let found = ["record", "item", "message"].iter().find_map(|name| settings.bytes(name));
        u128::from(found.unwrap_or(Bytes(1_024)).0)
    }

    /// Scratch space above the free half gigabyte of a function, the stored amount of anything else.
    fn storage(self) -> u128 {
        let all = self.bytes("storage");
        if self.price.unit == "GB-second" { all.saturating_sub(MICRO / 2) } else { all }
    }

    /// Memory of one unit, in millionths of a GiB.
    fn memory(self) -> u128 {
        let given = self.reckoning.given;
        size::memory(given.model, given.catalog, self.id).map_or(0, gibibytes)
    }

    /// Zones a thing stands in.
    fn zones(self) -> u128 {
        let once = self.settings().word("per") == Some("vpc");
        if once { MICRO } else { u128::from(self.reckoning.given.model.system.zones.max(1)) * MICRO }
    }

    /// What reaches the service in a month: its own load, otherwise what passes it, otherwise what it guards.
    fn monthly(self) -> u128 {
        let given = self.reckoning.given;
        let load = given.load.service(self.id);
        let own = self.at(load.expected, load.max);
        if own > 0 {
            return own;
        }
        let passing: u128 =
            passing(given, self.id).iter().map(|(_, load)| self.at(load.expected, load.max)).sum();
        if passing > 0 { passing } else { self.guarded() }
    }

    fn at(self, expected: u64, max: u64) -> u128 {
        match self.point {
            Point::Zero => 0,
            Point::Expected => u128::from(expected),
            Point::Max => u128::from(max),
        }
    }

    /// What reaches the things that a guard stands before.
    fn guarded(self) -> u128 {
        let given = self.reckoning.given;
        if !self.service().kind.has(Trait::Guard) {
            return 0;
        }
        let from = given.touching.from(self.id).iter().map(|id| &given.model.flows[*id]);
        let attached = from.filter(|flow| flow.mode() == Mode::Attach);
        let loads = attached.map(|flow| given.load.service(flow.to));
        loads.map(|load| self.at(load.expected, load.max)).sum()
    }

    /// Billed calls a month: what reaches the service times the calls that one event takes.
    fn events(self) -> u128 {
        let each = self.service().kind.capacity.count("requests_per_event").unwrap_or(1);
        let chunk = self
            .service()
            .kind
            .capacity
            .count("chunk_bytes")
            .map_or(1, |size| chunks(self.record(), size.into()));
        self.monthly().saturating_mul(u128::from(each)).saturating_mul(chunk).saturating_mul(MICRO)
    }

    /// Reads or writes a month, by the verbs of the flows that use the service. A store of items is both read and written by
    /// `readwrite`; a store of objects is written by three of ten such calls.
    fn calls(self, writing: bool) -> u128 {
        let given = self.reckoning.given;
        let both = self.service().kind.capacity.count("operations_per_event");
        let each = |(flow, load): (&Flow, crate::derive::load::FlowLoad)| {
            let uses = self.at(load.expected, load.max).saturating_mul(MICRO);
            let writes =
                WRITING.iter().find(|(verb, _)| *verb == flow.verb).map_or(1_000_000, |(_, part)| *part);
            let part = if writing { writes } else { 1_000_000 - writes };
            match both {
                Some(count) => uses.saturating_mul(u128::from(count)).saturating_mul(u128::from(part > 0)),
                None => uses.saturating_mul(u128::from(Percent(part).0)) / 1_000_000,
            }
        };
        passing(given, self.id).into_iter().map(each).fold(0, u128::saturating_add)
    }

    /// Units that run on average, in millionths: usual and peak, each for its time.
    fn units(self) -> u128 {
        let given = self.reckoning.given;
        let group = self.reckoning.capacity.group(self.id);
        let policy = self.settings().scaling();
        let bounds =
            group.map(|group| (group.min, group.max)).or(policy.map(|policy| (policy.min, policy.max)));
        let (min, max) = bounds.unwrap_or((1, 1));
        let (usual, peak) = group.map_or((min, max), |group| (group.usual.running, group.peak.running));
        let smallest =
            given.model.services[self.id].kind.scaling.step.map_or(0, |step| u128::from(step) * 1_000);
        let units = match self.point {
            Point::Zero => u128::from(min) * MICRO,
            Point::Max => u128::from(max) * MICRO,
            Point::Expected => self.mean(u128::from(usual) * MICRO, u128::from(peak) * MICRO),
        };
        units.max(smallest)
    }

    /// The mean over a month of what is `peak` for the peak time and `usual` otherwise.
    fn mean(self, usual: u128, peak: u128) -> u128 {
        let given = self.reckoning.given;
        let month = u128::from(given.catalog.hours_per_month()) * 3_600_000;
        let carried = given.load.service(self.id).peak_time;
        let time = if carried.0 > 0 { carried } else { given.load.longest_peak };
        let at_peak = u128::from(time.0).min(month);
        usual.saturating_mul(month - at_peak).saturating_add(peak.saturating_mul(at_peak)) / month.max(1)
    }

    fn instances(self) -> u128 {
        if self.reckoning.capacity.group(self.id).is_some() {
            return self.units();
        }
        self.count("replicas", 0) + MICRO
    }

    fn nodes(self) -> u128 {
        let stated = self.stated_count("nodes");
        let copies = (self.count("replicas", 1) + MICRO).saturating_mul(self.count("shards", 1)) / MICRO;
        match (stated, self.reckoning.capacity.group(self.id), self.settings().scaling()) {
            (Some(nodes), ..) => nodes,
            (None, None, None) => copies,
            _ => self.units(),
        }
    }

    /// Processors or gigabytes of all tasks.
    fn tasks(self) -> u128 {
        let given = self.reckoning.given;
        let processors = size::processors(given.model, given.catalog, self.id)
            .map_or(MICRO, |milli| u128::from(milli) * 1_000);
        let each = if self.price.unit.starts_with("GB") { self.memory() } else { processors };
        self.units().saturating_mul(each) / MICRO
    }

    /// Processors of the stores behind a pool of connections.
    fn target_processors(self) -> u128 {
        let given = self.reckoning.given;
        let behind = given.touching.from(self.id).iter().map(|id| given.model.flows[*id].to);
        let each = behind.filter_map(|to| size::processors(given.model, given.catalog, to));
        each.map(|milli| u128::from(milli) * 1_000).max().unwrap_or(2 * MICRO)
    }

    fn balancer_units(self) -> u128 {
        let found = self.reckoning.capacity.balancer(self.id);
        let (usual, peak) = found.map_or((0, 0), |found| (u128::from(found.usual), u128::from(found.peak)));
        match self.point {
            Point::Zero => 0,
            Point::Max => peak * 1_000,
            Point::Expected => self.mean(usual * 1_000, peak * 1_000),
        }
    }

    /// Traffic that passes: stated, otherwise what its flows move.
    fn egress(self) -> u128 {
        let stated = self.settings().bytes("egress").filter(|_| self.point != Point::Zero);
        stated.map_or_else(|| gigabytes(self.passing_bytes()), gibibytes)
    }

    fn passing_bytes(self) -> u128 {
        let moved = passing(self.reckoning.given, self.id)
            .into_iter()
            .map(|(_, load)| self.at(load.expected, load.max).saturating_mul(u128::from(load.message.0)));
        moved.fold(0, u128::saturating_add)
    }
}
