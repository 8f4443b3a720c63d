//! Recovery: how much a store may lose and how long it takes to bring it back, by the copies it keeps.
//!
//! A log of changes (`pitr`, or the backups of a relational database) brings back any moment but the last five minutes;
//! versions of objects lose nothing; a daily backup loses up to a day. A restore is reckoned as 15 minutes plus the stored
//! amount at 200 GiB an hour, an own rule of thumb: measure it in a restore test.

use crate::catalog::Trait;
use crate::model::{Model, Recovery, Service, ServiceId};
use crate::units::{Bytes, Millis};

/// What the copies of one store give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recoverable {
    /// The statement that asks for it, by its position in the model.
    pub recovery: usize,
    /// The store.
    pub service: ServiceId,
    /// How much may be lost, as time; nothing when no copy is kept.
    pub loses: Option<Millis>,
    /// How long a restore takes.
    pub takes: Millis,
}

impl Recoverable {
    /// Is no more lost than a statement allows?
    pub fn keeps_enough(&self, asked: &Recovery) -> bool {
        asked.rpo.is_none_or(|rpo| self.loses.is_some_and(|loses| loses <= rpo))
    }

    /// Is the store back as soon as a statement asks?
    pub fn is_in_time(&self, asked: &Recovery) -> bool {
        asked.rto.is_none_or(|rto| self.takes <= rto)
    }
}

/// Change logs of AWS's databases reach up to five minutes before now.
const LOGGED: Millis = Millis(5 * 60_000);
/// Backups without a change log are daily.
const DAILY: Millis = Millis(86_400_000);
/// What every restore takes, whatever is stored.
const START: Millis = Millis(15 * 60_000);
/// Gibibytes restored in an hour.
const SPEED: u64 = 200;

/// Derives what each `recover` statement may count on.
pub fn derive(model: &Model) -> Vec<Recoverable> {
    let each = model
        .recoveries
        .iter()
        .enumerate()
        .flat_map(|(at, recovery)| recovery.on.iter().map(move |service| (at, *service)));
    each.map(|(recovery, service)| {
        let (loses, takes) = copies(&model.services[service]);
        Recoverable { recovery, service, loses, takes }
    })
    .collect()
}

fn copies(service: &Service) -> (Option<Millis>, Millis) {
    let on = |setting: &str| service.settings.is_on(setting);
    let logged = on("pitr") || (on("backup") && service.kind.has(Trait::Sql));
    let kept = [(on("versioning"), Millis(0)), (logged, LOGGED), (on("backup"), DAILY)];
    let loses = kept.into_iter().find(|(keeps, _)| *keeps).map(|(_, loses)| loses);
    (loses, START + restore(service.settings.bytes("storage").unwrap_or_default()))
}

/// How long an amount takes to be read back.
fn restore(stored: Bytes) -> Millis {
    let millis = u128::from(stored.0) * 3_600_000 / (u128::from(SPEED) << 30);
    Millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restore_takes_its_start_and_its_bytes() {
        assert_eq!(restore(Bytes(50 << 30)), Millis(900_000));
        assert_eq!(restore(Bytes(u64::MAX)).0 / 3_600_000, u64::MAX / (200 << 30));
    }
}
