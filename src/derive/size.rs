//! What one unit of a service is made of: processors and memory, from its size or its settings.

use crate::catalog::{Catalog, Size};
use crate::model::{Model, Service, ServiceId};
use crate::units::Bytes;

/// The size a service runs on: the model's own, otherwise the catalogue's; nothing when the kind has no sizes or nobody knows it.
pub fn size_of<'a>(model: &'a Model, catalog: &'a Catalog, service: ServiceId) -> Option<&'a Size> {
    let service = &model.services[service];
    let table = service.kind.capacity.text("sizes_table")?;
    let name = size_name(service)?;
    model.sizes.get(name).or_else(|| catalog.size(table, name))
}

/// The name of the size: stated, otherwise the kind's usual one.
pub fn size_name(service: &Service) -> Option<&str> {
    service.settings.word("size").or_else(|| service.kind.capacity.text("default_size"))
}

/// Thousandths of a processor that one unit has; nothing when the kind does not count processors.
pub fn processors(model: &Model, catalog: &Catalog, id: ServiceId) -> Option<u64> {
    if let Some(size) = size_of(model, catalog, id) {
        return Some(u64::from(size.vcpu).saturating_mul(1_000));
    }
    let settings = &model.services[id].settings;
    let stated = settings.word("vcpu").and_then(thousandths);
    let counted = settings.count("vcpu").map(|count| count.saturating_mul(1_000));
    stated.or(counted).or_else(|| {
        let figure = model.services[id].kind.capacity.millionths("default_vcpu")?;
        Some(figure / 1_000)
    })
}

/// The memory of one unit, from its size or its settings.
pub fn memory(model: &Model, catalog: &Catalog, id: ServiceId) -> Option<Bytes> {
    let sized = size_of(model, catalog, id).map(|size| size.memory);
    sized.or_else(|| model.services[id].settings.bytes("memory"))
}

/// `0.25` as 250; nothing when it is no decimal number.
pub(crate) fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{digits}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_thousandths() {
        assert_eq!(thousandths("0.25"), Some(250));
        assert_eq!(thousandths("16"), Some(16_000));
        assert_eq!(thousandths("x"), None);
    }
}
