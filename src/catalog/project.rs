//! A project's own kinds, flows and sizes: the same files as the catalogue's, with findings at the place of a mistake.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::catalog::embedded::{FLOWS, KINDS};
use crate::catalog::flow::{Impossible, Mechanism};
use crate::catalog::kind::Kind;
use crate::catalog::own_price::PRICE_FILE;
use crate::catalog::size::Sizes;
use crate::catalog::store::Catalog;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{FileId, Ident, Phrase, Source, Span, did_you_mean, nearest, one_of, phrase};

/// The file is not what the schema says.
pub const UNREADABLE: Rule = Rule {
    code: "CAT-001",
    title: "file of the project's catalogue is not valid",
    severity: Severity::Error,
};
/// Two kinds have one word.
pub const WORD_TAKEN: Rule =
    Rule { code: "CAT-002", title: "word of a kind is already taken", severity: Severity::Error };
/// A row of flows names what is not there.
pub const UNKNOWN_NAME: Rule =
    Rule { code: "CAT-003", title: "row of flows names an unknown kind or verb", severity: Severity::Error };
/// The file was written for another version of the schema.
pub const OTHER_SCHEMA: Rule =
    Rule { code: "CAT-004", title: "file has another schema version than 1", severity: Severity::Error };

/// A line of `archc.toml` names no check, or says what cannot be.
pub const WRONG_LEVEL: Rule =
    Rule { code: "CAT-005", title: "severity that cannot be set", severity: Severity::Error };

/// A project's `archc.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    severity: BTreeMap<String, String>,
}

/// A project's `flows.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flows {
    schema: u32,
    #[serde(default)]
    flow: Vec<Mechanism>,
    #[serde(default)]
    impossible: Vec<Impossible>,
}

/// The file beside a model that says how much findings matter in the project.
pub const PROJECT_FILE: &str = "archc.toml";

/// Why a severity cannot be set: the words it is about, what is said of them, and what was meant.
struct WrongLevel {
    place: String,
    message: Phrase,
    help: Option<Phrase>,
}

impl Catalog {
    /// Adds a project's files: `archc.toml`, `flows.toml`, `sizes.toml` and `prices.toml` by their names, every other file is one
    /// kind. A kind of the catalogue's own identifier replaces it. What cannot be read is left out, and said.
    pub fn with_project(mut self, files: &[(FileId, &Source)]) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let is_late = |source: &Source| LATE.iter().any(|name| is_named(source, name));
        for (file, source) in files.iter().filter(|(_, source)| !is_late(source)) {
            let taken = if source.name == PROJECT_FILE {
                self.take_levels(*file, source, &mut findings)
            } else if is_named(source, "sizes.toml") {
                self.take_sizes(*file, source)
            } else {
                self.take_kind(*file, source)
            };
            findings.extend(taken.err().map(|finding| *finding));
        }
        for (file, source) in files.iter().filter(|(_, source)| is_late(source)) {
            let taken = if is_named(source, PRICE_FILE) {
                self.take_prices(*file, source)
            } else {
                self.take_flows(*file, source)
            };
            match taken {
                Ok(unknown) => findings.extend(unknown),
                Err(finding) => findings.push(*finding),
            }
        }
        (self, findings)
    }

    fn take_kind(&mut self, file: FileId, source: &Source) -> Result<(), Box<Diagnostic>> {
        let kind: Kind = parse(file, source)?;
        of_this_schema(file, source, kind.schema)?;
        let theirs = self.own_kinds.values().map(|other| (other.id.as_str(), other.word.as_str()));
        let ours = KINDS.iter().map(|other| (other.id, other.word));
        if let Some((id, word)) = theirs.chain(ours).find(|(id, word)| *word == kind.word && *id != kind.id) {
            let finding = WORD_TAKEN.at(find(file, source, word));
            return Err(Box::new(finding.message(phrase!(
                "`{word}` is already the word of the kind `{id}`",
                "`{word}` ya es la palabra del tipo `{id}`"
            ))));
        }
        let kind = self.with_shared(kind);
        self.own_kinds.insert(kind.id.clone(), kind);
        Ok(())
    }

    /// Takes the severities that can be set; a finding for each other one.
    fn take_levels(
        &mut self,
        file: FileId,
        source: &Source,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(), Box<Diagnostic>> {
        let settings: Settings = parse(file, source)?;
        for (code, word) in settings.severity {
            match self.known_level(&code, &word) {
                Ok(level) => {
                    self.levels.insert(code, level);
                }
                Err(wrong) => findings.push(
                    WRONG_LEVEL
                        .at(find(file, source, &wrong.place))
                        .message(wrong.message)
                        .maybe_help(wrong.help),
                ),
            }
        }
        Ok(())
    }

    /// The severity of a word for a check; an error stays one, because what is unsound must not be written.
    fn known_level(&self, code: &str, word: &str) -> Result<Severity, WrongLevel> {
        let shown = Ident::sanitized(code);
        let Some(check) = self.check(code) else {
            let message = phrase!("there is no check `{shown}`", "no existe la comprobación `{shown}`");
            return Err(WrongLevel {
                place: code.to_owned(),
                message,
                help: did_you_mean(code, self.check_codes()),
            });
        };
        if check.severity == Severity::Error {
            let message =
                phrase!("`{shown}` is an error and stays one", "`{shown}` es un error y lo seguirá siendo");
            return Err(WrongLevel { place: code.to_owned(), message, help: None });
        }
        Severity::from_name(word).ok_or_else(|| {
            let message = phrase!("`{}` is no severity", "`{}` no es una gravedad", Ident::sanitized(word));
            WrongLevel {
                place: word.to_owned(),
                message,
                help: Some(one_of(word, Severity::all().map(Severity::name))),
            }
        })
    }

    fn take_sizes(&mut self, file: FileId, source: &Source) -> Result<(), Box<Diagnostic>> {
        let sizes: Sizes = parse(file, source)?;
        of_this_schema(file, source, sizes.schema)?;
        match &mut self.own_sizes {
            Some(own) => own.extend(sizes),
            None => self.own_sizes = Some(sizes.named()),
        }
        Ok(())
    }

    /// Takes the rows whose names are all known; a finding for each other one.
    fn take_flows(&mut self, file: FileId, source: &Source) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let flows: Flows = parse(file, source)?;
        of_this_schema(file, source, flows.schema)?;
        let mut findings = Vec::new();
        for row in flows.flow {
            match self.unknown_name(&row) {
                Some(name) => findings.push(self.unknown(find(file, source, &name), &name)),
                None => self.own_flows.push(row),
            }
        }
        for (row, id) in self.own_flows.iter_mut().zip(FLOWS.len()..) {
            row.id = u16::try_from(id).unwrap_or(u16::MAX);
        }
        self.own_impossible.extend(flows.impossible);
        Ok(findings)
    }

    /// The first kind or verb of a row that the catalogue does not know.
    fn unknown_name(&self, row: &Mechanism) -> Option<String> {
        let kinds = row.from.iter().chain(&row.to).chain(&row.inserts);
        let kind = kinds.into_iter().find(|kind| self.kind(kind).is_none());
        kind.cloned().or_else(|| if row.implicit { None } else { self.unknown_verb(row) })
    }

    fn unknown_verb(&self, row: &Mechanism) -> Option<String> {
        let pairs = row.from.iter().flat_map(|from| row.to.iter().map(move |to| (from, to)));
        pairs.into_iter().find_map(|(from, to)| {
            let kind = self.kind(row.verb_kind(from, to))?;
            row.verbs(to).into_iter().find(|verb| kind.verb(verb).is_none())
        })
    }

    fn unknown(&self, span: Span, name: &str) -> Diagnostic {
        let near = nearest(name, self.kinds().map(|kind| kind.id.as_str()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        UNKNOWN_NAME
            .at(span)
            .message(phrase!("the catalogue has no `{name}`", "el catálogo no tiene `{name}`"))
            .maybe_help(help)
    }
}

/// Files about kinds, which are taken when all kinds are known.
const LATE: [&str; 2] = ["flows.toml", PRICE_FILE];

/// Is the last part of the source's name this?
fn is_named(source: &Source, name: &str) -> bool {
    source.name.rsplit(['/', '\\']).next() == Some(name)
}

/// The file as a `T`, or the finding at the place that is wrong.
pub(super) fn parse<T: DeserializeOwned>(file: FileId, source: &Source) -> Result<T, Box<Diagnostic>> {
    toml::from_str(&source.text).map_err(|error| {
        let span = error.span().map_or_else(|| Span::new(file, 0, 0), |range| span(file, range));
        let reason = error.message().lines().next().unwrap_or_default().to_owned();
        Box::new(UNREADABLE.at(span).note(reason).help(phrase!(
            "every key is explained in docs/reference/catalog.md",
            "cada clave se explica en docs/reference/catalog.md"
        )))
    })
}

pub(super) fn of_this_schema(file: FileId, source: &Source, schema: u32) -> Result<(), Box<Diagnostic>> {
    if schema == 1 {
        return Ok(());
    }
    let finding = OTHER_SCHEMA.at(find(file, source, "schema"));
    Err(Box::new(finding.message(phrase!(
        "the schema is {schema}, this program reads 1",
        "el esquema es {schema}, este programa lee el 1"
    ))))
}

pub(super) fn span(file: FileId, range: Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(range.start), offset(range.end))
}

/// The first place where a word stands in quotes or begins a key; the file's start when it does not.
fn find(file: FileId, source: &Source, word: &str) -> Span {
    let quoted = source.text.find(&format!("\"{word}\"")).map(|at| at + 1);
    let start = quoted.or_else(|| source.text.find(word));
    start.map_or_else(|| Span::new(file, 0, 0), |start| span(file, start..start + word.len()))
}
