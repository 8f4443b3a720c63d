//! `archc explain`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;

use crate::catalog::{Catalog, CheckText};
use crate::check::CHECKS;
use crate::diag::Rule;
use crate::driver::rules;
use crate::driver::terminal::Stream;
use crate::emit::svg;
use crate::shell::Status;
use crate::text::nearest;
use crate::{model, syntax};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Prints what a code means.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code of a finding, such as NET-210
    #[arg(value_name = "CODE")]
    code: String,
}

impl Explain {
    pub(super) fn run(&self) -> Status {
        let catalog = Catalog::embedded();
        let code = self.code.to_uppercase();
        match page(&code, &catalog) {
            Some(page) => Status::Clean.saying(Stream::Out, &page),
            None => Status::Usage.saying(Stream::Err, &unknown(&code, &catalog)),
        }
    }
}

/// The page of a code: its own, else one made of the catalogue's words, else the rule's title.
fn page(code: &str, catalog: &Catalog) -> Option<String> {
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

fn unknown(code: &str, catalog: &Catalog) -> String {
    let rules = all_rules();
    let known = catalog.check_codes().chain(rules.keys().copied()).chain(PAGES.iter().map(|(code, _)| *code));
    let meant = nearest(code, known).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    format!("archc: there is no finding with the code `{}`{meant}\n", crate::text::Text::new(code).terminal())
}
