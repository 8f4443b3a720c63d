//! `archc explain`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use clap::Args;

use crate::ask::{TOPICS, topic};
use crate::catalog::{Catalog, CheckText};
use crate::check::CHECKS;
use crate::diag::Rule;
use crate::driver::build::Question;
use crate::driver::read::Input;
use crate::driver::rules;
use crate::driver::terminal::Stream;
use crate::emit::svg;
use crate::shell::Status;
use crate::shell::query::{Form, put};
use crate::text::{Source, Text, nearest, one_of};
use crate::{model, syntax};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Prints what a code means, or what a figure or a right of a model rests on.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  archc explain NET-210\n  archc explain shop.arch cost products\n  archc explain shop.arch access sell\n  archc explain shop.arch load products\n  archc explain shop.arch availability buy"
)]
pub(super) struct Explain {
    /// The code of a finding, such as NET-210; or a model, with a topic behind it
    #[arg(value_name = "CODE or MODEL")]
    subject: String,
    /// What is explained of the model: `cost`, `access`, `load`, `capacity`, `availability`, `latency` or `budget`
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
    /// Of what: names as in a question of `archc query`; of everything when there is none
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Apply the overrides of this environment
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// How the explanation is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

impl Explain {
    pub(super) fn run(&self) -> Status {
        if let Some(topic) = &self.topic {
            return self.model(topic);
        }
        let catalog = Catalog::embedded();
        let code = self.subject.to_uppercase();
        match page(&code, &catalog) {
            Some(page) => Status::Clean.saying(Stream::Out, &page),
            None => Status::Usage.saying(Stream::Err, &unknown(&self.subject, &code, &catalog)),
        }
    }

    /// Explains a topic of a model.
    fn model(&self, name: &str) -> Status {
        let Some(topic) = topic(name) else {
            let meant = one_of(name, TOPICS.iter().map(|topic| topic.name));
            let shown = Text::new(name).terminal();
            let words = format!("archc: there is no topic `{shown}`; {}\n", meant.en().terminal());
            return Status::Usage.saying(Stream::Err, &words);
        };
        let names = if self.names.is_empty() { "all".to_owned() } else { self.names.join(" ") };
        let asked = Source::new("question", format!("{} {names}", topic.opening));
        let about = Question {
            input: Input::new(Path::new(&self.subject)),
            environment: self.env.clone(),
            today: None,
        };
        let title = format!("{name} {names}");
        put(asked, &title, &about, self.format, |index, parsed| topic.explain(index, parsed))
    }
}

/// The page of a code: its own, else one made of the catalogue's words, else the rule's title.
pub(super) fn page(code: &str, catalog: &Catalog) -> Option<String> {
    let own = PAGES.iter().find(|(known, _)| *known == code).map(|(_, page)| (*page).to_owned());
    let from_words = || catalog.check(code).map(words);
    let from_rule = || all_rules().get(code).map(|rule| heading(rule.code, rule.title, rule.severity.name()));
    own.or_else(from_words).or_else(from_rule)
}

/// Every rule that some room can report, by its code.
fn all_rules() -> BTreeMap<&'static str, &'static Rule> {
    let checks = CHECKS.iter().copied().flatten().map(|check| &check.rule);
    let reading = syntax::rules::RULES.into_iter().chain(model::RULES).chain(rules::RULES.iter().copied());
    checks.chain(reading).chain(svg::RULES).map(|rule| (rule.code, rule)).collect()
}

fn heading(code: &str, title: &str, severity: &str) -> String {
    format!("# {code}: {title}\n\nSeverity: {severity}.\n")
}

/// The page of a check that has words in the catalogue only.
fn words(check: &CheckText) -> String {
    let mut page = heading(&check.code, &check.title, check.severity.name());
    let _ = write!(page, "\n{}\n\n## What to do\n\n{}\n", check.rationale, check.fix);
    let _ =
        write!(page, "\n## What it looks for\n\n{}\n\nSources: {}\n", check.detects, check.source.join(", "));
    page
}

fn unknown(subject: &str, code: &str, catalog: &Catalog) -> String {
    if subject.contains('.') {
        return format!(
            "archc: say what of the model is to be explained, such as `archc explain {} cost`\n",
            Text::new(subject).terminal()
        );
    }
    let rules = all_rules();
    let known = catalog.check_codes().chain(rules.keys().copied()).chain(PAGES.iter().map(|(code, _)| *code));
    let meant = nearest(code, known).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    format!("archc: there is no finding with the code `{}`{meant}\n", Text::new(code).terminal())
}
