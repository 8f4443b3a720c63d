//! Loads, objectives, budgets, journeys, claims and waivers.

use crate::syntax::ast::{
    Alarms, Alert, Budget, BudgetAction, Claim, Journey, Load, Name, Quantity, Recover, Scale, Slo,
    Statement, UserRule, Waive, Word,
};
use crate::syntax::lower::structure::bad_word;
use crate::syntax::lower::{no_statement, people, values};
use crate::syntax::parse::Rule;
use crate::syntax::parts::{Parts, names};
use crate::syntax::rules;
use crate::text::{Phrase, Spanned, Wording, phrase};
use crate::units::Dimension;

/// `load front 20 rps, peak 100 rps for 60 h/month`
pub(super) fn load(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.name();
    let usual = values::quantity(parts, Dimension::Rate);
    let (peak, peak_time, ramp) = parts.within(Rule::peak, peak).unwrap_or_default();
    Statement::Load(Load { on, usual, peak, peak_time, ramp, span: parts.span() })
}

/// A quantity that may be left out.
type Maybe = Option<Spanned<Quantity>>;

/// The rate at peak, how long a month it lasts, and how soon it is reached.
fn peak(parts: &mut Parts<'_, '_>) -> (Maybe, Maybe, Maybe) {
    let rate = values::quantity(parts, Dimension::Rate);
    let time = values::quantity(parts, Dimension::TimePerMonth);
    (rate, time, parts.within(Rule::ramp, |parts| values::quantity(parts, Dimension::Time)).flatten())
}

/// `scale products, clients 2..6 on cpu 50%`
pub(super) fn scale(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.names();
    let setting = people::implied("scale", parts);
    Statement::Scale(Scale { on, setting, span: parts.span() })
}

/// `slo 99.8% over 30 d on front`
pub(super) fn slo(parts: &mut Parts<'_, '_>) -> Statement {
    let objective = values::quantity(parts, Dimension::Percent);
    let over = values::quantity(parts, Dimension::Time);
    let on = parts.name();
    let settings = values::block(parts);
    Statement::Slo(Slo { objective, over, on, settings, span: parts.span() })
}

/// `recover orders { rpo 5 min; rto 1 h }`
pub(super) fn recover(parts: &mut Parts<'_, '_>) -> Statement {
    let on = parts.names();
    let settings = values::block(parts);
    Statement::Recover(Recover { on, settings, span: parts.span() })
}

/// `budget 700 USD monthly for shop { … }`
pub(super) fn budget(parts: &mut Parts<'_, '_>) -> Statement {
    let limit = values::quantity(parts, Dimension::Money);
    let period = period(parts);
    let on = parts.name();
    let budget = Budget {
        limit,
        period,
        on,
        alerts: Vec::new(),
        actions: Vec::new(),
        settings: Vec::new(),
        span: parts.span(),
    };
    Statement::Budget(
        parts.within(Rule::budget_block, |parts| budget_lines(parts, budget.clone())).unwrap_or(budget),
    )
}

/// The period of a budget; words that are none are reported.
fn period(parts: &mut Parts<'_, '_>) -> Option<Word> {
    const PERIODS: [&str; 4] = ["monthly", "daily", "quarterly", "annually"];
    let word = parts.word(Rule::period)?;
    if PERIODS.contains(&word.value.as_str()) {
        return Some(word);
    }
    bad_word(
        parts,
        &word,
        Wording::new("the period of a budget is", "el periodo de un presupuesto es"),
        &PERIODS,
    );
    None
}

fn budget_lines(parts: &mut Parts<'_, '_>, mut budget: Budget) -> Budget {
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::alert => budget.alerts.push(parts.inside(pair, alert)),
            Rule::budget_action => budget.actions.push(parts.inside(pair, budget_action)),
            Rule::setting => budget.settings.push(parts.inside(pair, values::setting)),
            Rule::junk => no_statement(&pair, parts.notes()),
            _ => {}
        }
    }
    budget
}

/// `alert 80% actual, 100% forecast -> ops`
fn alert(parts: &mut Parts<'_, '_>) -> Alert {
    let mut thresholds = Vec::new();
    while let Some(threshold) = parts.within(Rule::threshold, threshold) {
        thresholds.extend(threshold);
    }
    parts.arrow();
    let to = targets(parts);
    Alert { thresholds, to, span: parts.span() }
}

fn threshold(parts: &mut Parts<'_, '_>) -> Option<(Spanned<Quantity>, Option<Word>)> {
    let share = values::quantity(parts, Dimension::Percent);
    let basis = parts.word(Rule::basis);
    share.map(|share| (share, basis))
}

/// `at 120% actual deny new ec2`
fn budget_action(parts: &mut Parts<'_, '_>) -> BudgetAction {
    let at = values::quantity(parts, Dimension::Percent);
    let kind = parts.word(Rule::basis);
    let mut what = Vec::new();
    while let Some(word) = parts.word(Rule::word) {
        what.push(word);
    }
    BudgetAction { at, kind, what, span: parts.span() }
}

/// The names behind an arrow.
fn targets(parts: &mut Parts<'_, '_>) -> Vec<Name> {
    parts.within(Rule::to, names).unwrap_or_default()
}

/// `alarms auto -> ops`
pub(super) fn alarms(parts: &mut Parts<'_, '_>) -> Statement {
    let mode = parts.word(Rule::word);
    parts.arrow();
    let to = targets(parts);
    Statement::Alarms(Alarms { mode, to, span: parts.span() })
}

/// `journey buy "Venta" { customer -> front -> sales }`
pub(super) fn journey(parts: &mut Parts<'_, '_>) -> Statement {
    let name = parts.name();
    let title = parts.quoted();
    let steps = parts.within(Rule::steps_block, journey_lines).unwrap_or_default();
    Statement::Journey(Journey { name, title, steps, span: parts.span() })
}

fn journey_lines(parts: &mut Parts<'_, '_>) -> Vec<Vec<Name>> {
    let mut all = Vec::new();
    while let Some(pair) = parts.next() {
        match pair.as_rule() {
            Rule::steps => all.extend(parts.inside(pair, steps)),
            Rule::junk => no_statement(&pair, parts.notes()),
            _ => {}
        }
    }
    all
}

fn steps(parts: &mut Parts<'_, '_>) -> Vec<Vec<Name>> {
    let mut all = Vec::new();
    while let Some(rule) = parts.peek() {
        match rule {
            Rule::arrow => parts.arrow(),
            Rule::step => all.extend(parts.within(Rule::step, names)),
            _ => break,
        }
    }
    all
}

/// `claim "…" : independent products, clients`
pub(super) fn claim(parts: &mut Parts<'_, '_>) -> Statement {
    let sentence = parts.quoted();
    let negated = parts.flag(Rule::k_not);
    let predicate = parts.word(Rule::word);
    let arguments = values::arguments(parts);
    Statement::Claim(Claim { sentence, negated, predicate, arguments, span: parts.span() })
}

/// `rule "…" { forbid flow from * to postgres }`
pub(super) fn rule(parts: &mut Parts<'_, '_>) -> Statement {
    let sentence = parts.quoted();
    let clauses = values::block(parts);
    Statement::Rule(UserRule { sentence, clauses, span: parts.span() })
}

/// `waive NET-210 on front until 2027-06-30 because "…"`
pub(super) fn waive(parts: &mut Parts<'_, '_>) -> Statement {
    let code = parts.word(Rule::code);
    let on = parts.name();
    let until = until(parts);
    let because = parts.because();
    Statement::Waive(Waive { code, on, until, because, span: parts.span() })
}

/// The last day of a waiver; a day that does not exist is reported.
fn until(parts: &mut Parts<'_, '_>) -> Option<Word> {
    let word = parts.word(Rule::date)?;
    if is_date(&word.value) {
        return Some(word);
    }
    let finding = rules::BAD_DATE.at(word.span).message(phrase!(
        "`{}` is not a date",
        "`{}` no es una fecha",
        word.value
    ));
    parts.notes().add(finding.help(Phrase::new(
        "a date is written year-month-day, such as `2027-06-30`",
        "una fecha se escribe año-mes-día, como `2027-06-30`",
    )));
    None
}

/// Is it a day of the Gregorian calendar, `YYYY-MM-DD`?
fn is_date(text: &str) -> bool {
    let fits =
        |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let shape = text.len() == 10 && text.bytes().enumerate().all(fits);
    let numbers: Vec<u32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [year, month, day] if shape => (1..=days(*year, *month)).contains(day),
        _ => false,
    }
}

/// How many days a month has; 0 when there is no such month.
const fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_exist_in_the_calendar() {
        for good in ["2027-06-30", "2028-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in
            ["2027-02-29", "2027-13-01", "2027-6-30", "27-06-30", "2027-06-31", "1900-02-29", "2027-06-+1"]
        {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
