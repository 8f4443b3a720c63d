//! `archc kinds`.

use std::fmt::Write as _;

use clap::Args;

use crate::catalog::{Catalog, Kind, Price, SettingSpec, Verb};
use crate::driver::terminal::Stream;
use crate::shell::Status;
use crate::text::{Text, nearest};

/// Prints the catalogue.
#[derive(Debug, Args)]
pub(super) struct Kinds {
    /// The word of a kind, such as `sqs`
    #[arg(value_name = "KIND")]
    kind: Option<String>,
}

impl Kinds {
    pub(super) fn run(&self) -> Status {
        let catalog = Catalog::embedded();
        let Some(word) = &self.kind else { return Status::Clean.saying(Stream::Out, &table(&catalog)) };
        match catalog.by_word(word).or_else(|| catalog.kind(word)) {
            Some(kind) => Status::Clean.saying(Stream::Out, &page(kind, &catalog)),
            None => Status::Usage.saying(Stream::Err, &unknown(word, &catalog)),
        }
    }
}

fn unknown(word: &str, catalog: &Catalog) -> String {
    let meant = nearest(word, catalog.words()).map(|meant| format!("; did you mean `{meant}`?"));
    format!("archc: there is no kind `{}`{}\n", Text::new(word).terminal(), meant.unwrap_or_default())
}

/// One line a kind that can be declared, by category.
fn table(catalog: &Catalog) -> String {
    let mut kinds: Vec<&Kind> = catalog.kinds().filter(|kind| kind.declarable).collect();
    kinds.sort_by(|a, b| (&a.category, &a.word).cmp(&(&b.category, &b.word)));
    let mut out = String::new();
    let mut category = "";
    for kind in kinds {
        if kind.category != category {
            category = &kind.category;
            let _ = writeln!(out, "{}{category}", if out.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(out, "  {:<16}{}", kind.word, kind.name);
    }
    out.push_str("\n`archc kinds KIND` prints settings, verbs, flows and prices of one\n");
    out
}

fn page(kind: &Kind, catalog: &Catalog) -> String {
    let mut out = format!("{} - {}: {}\n", kind.word, kind.name, kind.role);
    section(&mut out, "settings", kind.all_settings().map(setting));
    section(&mut out, "verbs", kind.access.iter().map(|verb| self::verb(kind, verb)));
    section(&mut out, "flows to it", flows(catalog, kind, false).into_iter());
    section(&mut out, "flows from it", flows(catalog, kind, true).into_iter());
    section(&mut out, "prices (us-east-1, on demand)", kind.pricing.items.iter().map(price));
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n{title}\n{}", lines.concat());
    }
}

/// A setting with its form, bounds and default, and what it does.
fn setting(setting: &SettingSpec) -> String {
    let mut out = format!("  {:<22}{}", setting.name, form(setting));
    let bounds = [("from", &setting.min), ("to", &setting.max)];
    for (word, bound) in bounds {
        if let Some(bound) = bound {
            let _ = write!(out, ", {word} {bound}");
        }
    }
    if let Some(default) = setting.default_written() {
        let _ = write!(out, "; {default} when not stated");
    }
    format!("{out}\n  {:<22}{}\n", "", setting.doc)
}

/// What is written after a setting's name.
fn form(setting: &SettingSpec) -> String {
    let kind = format!("{:?}", setting.kind).to_lowercase();
    let keyword = setting.keyword.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
    let unit = setting.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let words = if setting.values.is_empty() { kind } else { setting.values.join(" | ") };
    if setting.optional { format!("[{keyword}{words}]{unit}") } else { format!("{keyword}{words}{unit}") }
}

/// A verb with the actions it stands for; those of the verbs it unites included.
fn verb(kind: &Kind, verb: &Verb) -> String {
    let actions: Vec<&str> = kind
        .expanded(verb)
        .iter()
        .flat_map(|part| part.allow.iter().flat_map(|allow| allow.actions.iter().map(String::as_str)))
        .collect();
    let who = if verb.is_human() { " (people)" } else { "" };
    let does = if actions.is_empty() { verb.note.clone() } else { actions.join(", ") };
    format!("  {:<22}{}\n", format!("{}{who}", verb.name), does)
}

/// The flows that are possible between this kind and others: the other kind's word, the verbs, the mechanism.
fn flows(catalog: &Catalog, kind: &Kind, starts: bool) -> Vec<String> {
    let pairs =
        catalog.flow_pairs().filter(|(from, to)| if starts { *from == kind.id } else { *to == kind.id });
    let line = |(from, to): (&str, &str)| {
        let other = catalog.kind(if starts { to } else { from })?;
        let written = catalog.mechanisms(from, to).filter(|row| !row.implicit);
        let ways: Vec<String> =
            written.map(|row| format!("{} ({})", row.verbs(to).join(", "), row.via)).collect();
        (!ways.is_empty()).then(|| format!("  {:<22}{}\n", other.word, ways.join("; ")))
    };
    pairs.filter_map(line).collect()
}

fn price(price: &Price) -> String {
    let each = if price.per == 1 { price.unit.clone() } else { format!("{} {}", price.per, price.unit) };
    format!("  {:<22}{} USD per {each} [{}]\n", price.id, dollars(price.pico_usd), price.src)
}

/// Picodollars as dollars, without trailing zeros.
fn dollars(pico: i128) -> String {
    let text = format!("{}.{:012}", pico / 1_000_000_000_000, pico % 1_000_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
