//! `archc build`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::diag::render::{Format, count_line, render};
use crate::diag::{Diagnostic, Severity};
use crate::driver::build::{Answer, Delivery, Order, Question, deliver, examine};
use crate::driver::lock;
use crate::driver::rules::{NOWHERE, OUT_KEPT};
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::driver::write::Outcome;
use crate::emit::OUTPUTS;
use crate::emit::pictures::{self, Drawing};
use crate::layout::Engine;
use crate::shell::Status;
use crate::shell::options::{Deny, Model, lang, shown};
use crate::text::{Language, Noun};

/// Writes the outputs of a model.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Build {
    #[command(flatten)]
    model: Model,
    /// Where to write; `out` beside the model when it is not given
    #[arg(short = 'o', long = "output", value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write these outputs only
    #[arg(long, value_name = "OUTPUTS", value_delimiter = ',', value_parser = outputs())]
    only: Vec<String>,
    /// The language of diagrams and report: `en` or `es`
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = lang)]
    lang: Language,
    /// Who lays out the pictures
    #[arg(long, value_name = "ENGINE", default_value = "layered", value_parser = engines())]
    engine: Engine,
    /// Write the pictures in these formats too; SVG is always written, PNG and PDF need the features `png` and `pdf`
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', value_parser = picture_formats())]
    format: Vec<String>,
    /// Put the font into each SVG, so that it looks the same where Inter is not installed
    #[arg(long)]
    embed_font: bool,
    /// Write one root module of Terraform a group, with contracts between them, instead of one for all
    #[arg(long)]
    split: bool,
    /// Write `layout.lock` beside the model: the next pictures keep everything where it stands now
    #[arg(long)]
    lock: bool,
    #[command(flatten)]
    deny: Deny,
    /// Print how long each stage took
    #[arg(long)]
    timings: bool,
}

fn outputs() -> PossibleValuesParser {
    PossibleValuesParser::new(OUTPUTS.iter().map(|output| output.name))
}

fn picture_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(pictures::formats())
}

/// Engines of pictures by their names.
const ENGINES: [(&str, Engine); 2] = [("layered", Engine::Layered), ("layout-rs", Engine::LayoutRs)];

fn engines() -> impl TypedValueParser<Value = Engine> {
    let named = |name: String| {
        let known = ENGINES.iter().find(|(known, _)| *known == name);
        known.map_or(Engine::default(), |(_, engine)| *engine)
    };
    PossibleValuesParser::new(ENGINES.iter().map(|(name, _)| *name)).map(named)
}

impl Build {
    pub(super) fn run(&self) -> Status {
        let mut watch = Stopwatch::default();
        let question = self.model.question();
        let mut answer = examine(&question, &mut watch);
        let (lock, broken) = lock::read(&question.input, &mut answer.review.sources);
        let order = Order {
            folder: self.output.clone(),
            only: self.only.clone(),
            lang: self.lang,
            drawing: Drawing {
                engine: self.engine,
                formats: self.format.iter().cloned().collect(),
                embed_font: self.embed_font,
                lock: (lock, lock::name_of(&question.input).to_string()),
            },
            is_split: self.split,
            is_locked: self.lock,
        };
        answer.review.findings.extend(broken);
        let outcome = attempt(&question, &mut answer, &order, &mut watch);
        let status = Status::of(&answer.review.findings, self.deny.level());
        let status = self.complain(status, &question, &answer);
        let mut words =
            outcome.map(|outcome| told(&order.folder(&question.input), &outcome)).unwrap_or_default();
        let _ = writeln!(words, "{}", count_line(&answer.review.findings));
        if self.timings {
            words.push_str(&table(&watch));
        }
        status.saying(Stream::Out, &words)
    }

    /// Prints a line for each finding that fails the run, and for trouble what can be done.
    fn complain(&self, status: Status, question: &Question, answer: &Answer) -> Status {
        let level = self.deny.level();
        let failing = |finding: &&Diagnostic| finding.waived.is_none() && finding.severity <= level;
        let failing: Vec<Diagnostic> = answer.review.findings.iter().filter(failing).cloned().collect();
        if failing.is_empty() {
            return status;
        }
        let mut words = render(Format::Short, &failing, &shown(question, answer), false);
        for help in failing.iter().filter(|finding| finding.span == NOWHERE).flat_map(|finding| &finding.help)
        {
            let _ = writeln!(words, "  {}", help.en().terminal());
        }
        // When nobody reads the complaints, the exit status still tells.
        let _ = Stream::Err.say(&words);
        status
    }
}

/// Writes what can be written; the trouble there is becomes a finding.
fn attempt(
    question: &Question,
    answer: &mut Answer,
    order: &Order,
    watch: &mut Stopwatch,
) -> Option<Outcome> {
    if !answer.is_readable() {
        return None;
    }
    match deliver(question, answer, order, watch) {
        Ok(Delivery { outcome, findings }) => {
            answer.review.findings.extend(findings);
            answer.review.findings.extend(outcome.kept.iter().map(|path| kept(path)));
            Some(outcome)
        }
        Err(trouble) => {
            answer.review.findings.insert(0, *trouble);
            None
        }
    }
}

/// An output that was edited by hand and is not made any more.
fn kept(path: &str) -> Diagnostic {
    OUT_KEPT.at(NOWHERE).message(format!("{}: `{path}`", OUT_KEPT.title)).severity(Severity::Low)
}

/// What was written, for a person.
fn told(folder: &Path, outcome: &Outcome) -> String {
    let shown = folder.display();
    let mut words = String::new();
    for path in &outcome.written {
        let _ = writeln!(words, "wrote {shown}/{path}");
    }
    for path in &outcome.removed {
        let _ = writeln!(words, "removed {shown}/{path}");
    }
    let written = Noun::english("file", "files").count(outcome.written.len());
    let same = outcome.unchanged.len();
    let _ =
        writeln!(words, "{shown}: {written} written, {same} unchanged, {} removed", outcome.removed.len());
    words
}

/// Stages and times, in milliseconds with three decimals.
fn table(watch: &Stopwatch) -> String {
    let mut words = String::new();
    let line = |words: &mut String, name: &str, time: Duration| {
        let micros = time.as_micros();
        let _ = writeln!(words, "{name:<14}{:>6}.{:03} ms", micros / 1_000, micros % 1_000);
    };
    for (stage, time) in watch.laps() {
        line(&mut words, stage, *time);
        for (part, time) in watch.parts().iter().filter(|_| *stage == "outputs") {
            line(&mut words, &format!("  {part}"), *time);
        }
    }
    line(&mut words, "total", watch.laps().iter().map(|(_, time)| *time).sum());
    words
}
