//! `archc simulate`.

use std::path::PathBuf;

use clap::Args;

use crate::ask::simulate::{Factor, Growth, Target, grow, growth_answer};
use crate::driver::build::examine;
use crate::driver::chart;
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::emit::svg::{draw_growth, stamp};
use crate::shell::Status;
use crate::shell::options::{Model, lang, shown};
use crate::shell::query::{Form, complain, told};
use crate::text::{Ident, Language};

/// Lets the load of a model grow.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    target: Goal,
    /// How many loads are reckoned, from today's to the target
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(2..=2_000))]
    points: u16,
    /// How the answer is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Where the chart is written; `growth.svg` in the folder `out` beside the model when it is not given
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Write no chart
    #[arg(long, conflicts_with = "chart")]
    no_chart: bool,
    /// The language of the chart: `en` or `es`
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    lang: Language,
}

/// How far the load grows; one of both.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Goal {
    /// So many times the stated load, such as `10x` or `2.5x`
    #[arg(long, value_name = "TIMES", value_parser = times, allow_hyphen_values = true)]
    load: Option<Factor>,
    /// Until all stated peaks together are so many requests a second, such as `50000` or `1e6`
    #[arg(long, value_name = "RATE", value_parser = rate, allow_hyphen_values = true)]
    rps: Option<u128>,
}

/// Reads the value of `--load`.
fn times(text: &str) -> Result<Factor, String> {
    let number = text.strip_suffix(['x', 'X']).ok_or("write how many times, such as `10x`")?;
    match millionths(number) {
        Some(factor) if factor > Factor::ONE.0 => Ok(Factor(factor)),
        Some(_) => Err("the load only grows: write more than `1x`".to_owned()),
        None => Err(format!("`{}` is no number; write `10x`, `2.5x` or `1e3x`", shortened(number))),
    }
}

/// Reads the value of `--rps`, in millionths.
fn rate(text: &str) -> Result<u128, String> {
    let found = millionths(text).filter(|rate| *rate > 0);
    found.ok_or_else(|| format!("`{}` is no rate; write `50000` or `1e6`", shortened(text)))
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// `2.5`, `1e6` or `1.5e3` in millionths; what is too large to write becomes the largest, and is held back later.
fn millionths(text: &str) -> Option<u128> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let is_number = !whole.is_empty() && digits(whole) && digits(fraction) && !mantissa.ends_with('.');
    let exponent: u32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|_| is_number)?;
    let six: String = fraction.chars().take(6).collect();
    let value = format!("{whole}{six:0<6}");
    let number: u128 = value
        .trim_start_matches('0')
        .parse()
        .or_else(|_| if value.trim_matches('0').is_empty() { Ok(0) } else { Err(()) })
        .unwrap_or(u128::MAX);
    Some(number.saturating_mul(10_u128.checked_pow(exponent.min(60)).unwrap_or(u128::MAX)))
}

impl Simulate {
    pub(super) fn run(&self) -> Status {
        let about = self.model.question();
        let found = examine(&about, &mut Stopwatch::default());
        let sources = shown(&about, &found);
        if !found.is_readable() {
            return complain(Status::Trouble, &found.review.findings, &sources);
        }
        let review = &found.review;
        let factor = self.target.load.map(Target::Times);
        let target = factor.or(self.target.rps.map(Target::Rate)).unwrap_or(Target::Times(Factor::ONE));
        let grown = grow(&review.model, &found.catalog, &review.facts.operations, target, self.points.into());
        let growth = match grown {
            Ok(growth) => growth,
            Err(finding) => return complain(Status::Findings, &[*finding], &sources),
        };
        let is_json = self.format == Form::Json;
        let answer = growth_answer(&growth, is_json);
        let printed = self.format.print("simulate", &answer, &sources);
        let mut status = told(&review.findings).saying(Stream::Out, &printed);
        if !growth.findings.is_empty() {
            status = status.max(complain(status, &growth.findings, &sources));
        }
        status.max(self.draw(&about, review, &growth))
    }

    /// Writes the chart, unless nobody wants one.
    fn draw(
        &self,
        about: &crate::driver::build::Question,
        review: &crate::check::Review,
        growth: &Growth,
    ) -> Status {
        let own = about.input.folder().join("out").join("growth.svg");
        let path = match (&self.chart, self.no_chart || self.format == Form::Json) {
            (Some(path), _) => path.clone(),
            (None, true) => return Status::Clean,
            (None, false) => own,
        };
        let stamp = stamp(&review.model, Ident::sanitized(review.model.system.name.as_str()));
        let drawing = draw_growth(growth, &stamp, self.lang);
        match chart::write(&path, &drawing) {
            Ok(()) => Status::Clean.saying(Stream::Err, &format!("wrote {}\n", path.display())),
            Err(error) => {
                let words = format!("archc: cannot write `{}`: {error}\n", path.display());
                Status::Trouble.saying(Stream::Err, &words)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_refused() {
        let cases = [
            ("10", Some(10_000_000)),
            ("2.5", Some(2_500_000)),
            ("1e6", Some(1_000_000_000_000)),
            ("1.5E+3", Some(1_500_000_000)),
            ("0", Some(0)),
            ("1e99", Some(u128::MAX)),
            ("", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("1.", None),
            ("1e", None),
            ("1e-3", None),
            ("ten", None),
        ];
        for (text, expected) in cases {
            let found = millionths(text);
            assert!(
                found == expected || (expected == Some(u128::MAX) && found > Some(1 << 100)),
                "{text}: {found:?}"
            );
        }
        assert!(times("0.5x").is_err() && times("10").is_err() && times("1x").is_err());
        assert_eq!(times("10x"), Ok(Factor(10_000_000)));
    }
}
