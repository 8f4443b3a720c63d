//! From a path to a project: the model, the files it includes, and the kinds it adds to the catalogue.
//!
//! An include is a path relative to its file, inside the folder of the model; each file is read once.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::catalog::{Catalog, PROJECT_FILE};
use crate::diag::{Diagnostic, Rule};
use crate::driver::file::{self, Refusal};
use crate::driver::include;
use crate::driver::rules::{self, NOWHERE};
use crate::driver::timing::Stopwatch;
use crate::syntax::ast::{Ast, Quoted, Statement};
use crate::syntax::parse;
use crate::text::{FileId, Ident, Phrase, Source, Sources, Span, nearest, phrase};

/// How deep includes may be nested.
pub const DEEPEST_INCLUDE: usize = 16;
/// The most bytes a project may have.
pub const LARGEST_PROJECT: usize = 64 << 20;
/// The most files a project may have.
pub const MOST_FILES: usize = 10_000;

/// Where a model is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input; includes are relative to the working directory.
    Stdin,
}

impl Input {
    /// What was typed for the model: a path, or `-`.
    pub fn new(typed: &Path) -> Self {
        if typed == Path::new("-") { Self::Stdin } else { Self::File(typed.to_owned()) }
    }

    /// The folder of the model, as typed (empty for the working directory); includes do not leave it.
    pub fn folder(&self) -> PathBuf {
        match self {
            Self::File(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
            Self::Stdin => PathBuf::new(),
        }
    }

    /// What the model is called below its folder.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Stdin => "-".to_owned(),
        }
    }
}

/// All that is read of a model.
#[derive(Debug)]
pub struct Project {
    /// The files; the model's own is the first. Names are relative to the model's folder, so that they are the same
    /// wherever the project lies.
    pub sources: Sources,
    /// Their syntax trees, each with the prefix of its names; empty when the model itself cannot be read.
    pub asts: Vec<(Ast, Option<Ident>)>,
    /// The catalogue with the project's own kinds.
    pub catalog: Catalog,
    /// What is wrong with files and texts.
    pub findings: Vec<Diagnostic>,
    /// The files that were read, links followed: outputs never replace them.
    pub paths: Vec<PathBuf>,
}

/// Reads a model; what is wrong is in the project's findings.
pub fn read(input: &Input, watch: &mut Stopwatch) -> Project {
    let mut reader = Reader::new(input, watch);
    let text = match input {
        Input::Stdin => file::read_whole(io::stdin().lock()),
        Input::File(path) => file::load(path),
    };
    let name = input.name();
    match text {
        Ok(text) => {
            reader.take_model(name, text);
            reader.take_settings();
        }
        Err(refusal) => reader.refuse_model(input, refusal),
    }
    let project = reader.finish();
    watch.lap("read");
    project
}

/// One file on the way from the model to where the reader is.
#[derive(Debug, Clone)]
struct Step {
    /// Where the file really is, links followed.
    real: PathBuf,
    /// Where it is below the model's folder, with `/`.
    place: String,
}

/// One `include` or `catalog` statement.
#[derive(Debug, Clone)]
struct Reference {
    typed: String,
    /// Of the quoted path.
    span: Span,
    prefix: Option<Ident>,
    is_catalog: bool,
}

struct Reader<'w> {
    root: PathBuf,
    /// The root with links followed.
    real_root: PathBuf,
    sources: Sources,
    asts: Vec<(Ast, Option<Ident>)>,
    findings: Vec<Diagnostic>,
    /// Files that were read, with the prefix they were included under and the place of the include.
    seen: BTreeMap<PathBuf, (Option<Ident>, Span)>,
    kinds: Vec<FileId>,
    bytes: usize,
    is_full: bool,
    watch: &'w mut Stopwatch,
}

impl<'w> Reader<'w> {
    fn new(input: &Input, watch: &'w mut Stopwatch) -> Self {
        let typed = input.folder();
        let root = if typed.as_os_str().is_empty() { PathBuf::from(".") } else { typed };
        Self {
            real_root: fs::canonicalize(&root).unwrap_or_else(|_| root.clone()),
            root,
            sources: Sources::default(),
            asts: Vec::new(),
            findings: Vec::new(),
            seen: BTreeMap::new(),
            kinds: Vec::new(),
            bytes: 0,
            is_full: false,
            watch,
        }
    }

    fn finish(self) -> Project {
        let Self { sources, asts, mut findings, kinds, seen, .. } = self;
        let files: Vec<(FileId, &Source)> =
            kinds.iter().filter_map(|id| sources.get(*id).map(|source| (*id, source))).collect();
        let (catalog, more) = Catalog::embedded().with_project(&files);
        findings.extend(more);
        Project { asts, catalog, findings, sources, paths: seen.into_keys().collect() }
    }

    fn take_model(&mut self, name: String, text: String) {
        let path = self.root.join(&name);
        let real = fs::canonicalize(&path).unwrap_or(path);
        self.seen.insert(real.clone(), (None, NOWHERE));
        self.take(text, None, &[Step { real, place: name }]);
    }

    /// Takes the project's own settings when they stand beside the model.
    fn take_settings(&mut self) {
        let path = self.root.join(PROJECT_FILE);
        let Ok(real) = fs::canonicalize(&path) else { return };
        if !real.starts_with(&self.real_root) || !real.is_file() {
            return;
        }
        match file::load(&path) {
            Ok(text) => {
                self.bytes += text.len();
                self.seen.insert(real, (None, NOWHERE));
                let file = self.sources.add(Source::new(PROJECT_FILE, text));
                self.kinds.push(file);
            }
            Err(Refusal::Rule(rule, _)) if rule == &rules::EMPTY => (),
            Err(refusal) => {
                let finding = self.refusal(refusal, NOWHERE, PROJECT_FILE, PROJECT_FILE);
                self.findings.push(finding);
            }
        }
    }

    fn refuse_model(&mut self, input: &Input, refusal: Refusal) {
        let typed = match input {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "-".to_owned(),
        };
        let meant = matches!(refusal, Refusal::Rule(rule, _) if rule == &rules::MISSING);
        let neighbour = if meant { self.neighbour(&input.name()) } else { None };
        let finding = self.refusal(refusal, NOWHERE, &typed, &input.name());
        self.findings.push(finding.maybe_help(neighbour));
    }

    /// The model beside a missing one whose name is the nearest.
    fn neighbour(&self, name: &str) -> Option<String> {
        let entries = fs::read_dir(&self.root).ok()?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        let whole = names.iter().map(String::as_str);
        let found = nearest(name, whole.clone()).or_else(|| {
            // `webshop` for `webshop.arch`.
            whole.clone().find(|other| other.strip_suffix(".arch") == Some(name))
        })?;
        Some(format!("did you mean `{}`?", self.shown(found)))
    }

    /// A path below the model's folder as the user would type it.
    fn shown(&self, place: &str) -> String {
        let path = self.root.join(place);
        path.strip_prefix(".").unwrap_or(&path).display().to_string()
    }

    /// The finding of a file that is no text; one that is not UTF-8 gets a source, so that the place can be shown.
    fn refusal(&mut self, refusal: Refusal, span: Span, typed: &str, place: &str) -> Diagnostic {
        let plain = |rule: &Rule| {
            rule.at(span).message(rule.heading().followed_by(&format!(": `{typed}`"))).subject(typed)
        };
        match refusal {
            Refusal::Rule(rule, advice) if rule == &rules::MISSING && span != NOWHERE => {
                plain(&rules::INCLUDE_MISSING).maybe_help((!advice.is_empty()).then_some(advice))
            }
            Refusal::Rule(rule, advice) => plain(rule).maybe_help((!advice.is_empty()).then_some(advice)),
            Refusal::System(error) => plain(&rules::UNREADABLE).help(system_says(&error)),
            Refusal::Encoding(before, wrong) => {
                let end = u32::try_from(before.len()).unwrap_or(u32::MAX);
                let file = self.sources.add(Source::new(place, before));
                let bytes: Vec<String> = wrong.iter().map(|byte| format!("0x{byte:02x}")).collect();
                let finding = rules::NOT_UTF8.at(Span::new(file, end, end)).subject(typed);
                let note = phrase!("here stands {}", "aquí está {}", bytes.join(" "));
                finding.note(note).help(Phrase::new("save the file as UTF-8", "guarda el archivo como UTF-8"))
            }
        }
    }

    /// Takes one text: its tree, and what it includes.
    fn take(&mut self, text: String, prefix: Option<&Ident>, trail: &[Step]) {
        let place = trail.last().map_or("", |step| step.place.as_str());
        self.bytes += text.len();
        let file = self.sources.add(Source::new(place, text));
        let Some(source) = self.sources.get(file) else { return };
        self.watch.lap("read");
        let (ast, findings) = parse(file, source);
        self.watch.lap("parse");
        self.findings.extend(findings);
        let references: Vec<Reference> = ast.statements.iter().filter_map(reference).collect();
        self.asts.push((ast, prefix.cloned()));
        for reference in references {
            self.follow(&reference, prefix, trail);
        }
    }

    fn follow(&mut self, reference: &Reference, outer: Option<&Ident>, trail: &[Step]) {
        let from = trail.last().map_or("", |step| step.place.as_str());
        let found = include::place(from, &reference.typed).map_err(|stray| {
            let finding = rules::INCLUDE_OUTSIDE.at(reference.span).subject(reference.typed.as_str());
            Box::new(finding.help(stray.advice()))
        });
        let result = found.and_then(|place| {
            let step = self.step(reference, place)?;
            if reference.is_catalog {
                self.take_kinds(reference, &step)
            } else {
                self.include(reference, outer, trail, step)
            }
        });
        self.findings.extend(result.err().map(|finding| *finding));
    }

    /// Where a reference really leads. A link may lead to another place of the project, not out of it.
    fn step(&mut self, reference: &Reference, place: String) -> Result<Step, Box<Diagnostic>> {
        let path = self.root.join(&place);
        let real = match fs::canonicalize(&path) {
            Ok(real) => real,
            Err(error) => {
                let rule =
                    if reference.is_catalog { &rules::CATALOG_MISSING } else { &rules::INCLUDE_MISSING };
                let finding = rule.at(reference.span).subject(reference.typed.as_str());
                let shown = self.shown(&place);
                let looked = phrase!(
                    "looked for `{shown}`; the system says: {error}",
                    "se buscó `{shown}`; el sistema dice: {error}"
                );
                return Err(Box::new(finding.help(looked)));
            }
        };
        if real.starts_with(&self.real_root) {
            return Ok(Step { real, place });
        }
        let finding = rules::INCLUDE_OUTSIDE.at(reference.span).subject(reference.typed.as_str());
        Err(Box::new(finding.help(Phrase::new(
            "a link on this path leads out of the folder of the model",
            "un enlace de esta ruta sale de la carpeta del modelo",
        ))))
    }

    fn include(
        &mut self,
        reference: &Reference,
        outer: Option<&Ident>,
        trail: &[Step],
        step: Step,
    ) -> Result<(), Box<Diagnostic>> {
        if let Some(start) = trail.iter().position(|above| above.real == step.real) {
            return Err(cycle(reference, trail.get(start..).unwrap_or(trail), &step));
        }
        if trail.len() > DEEPEST_INCLUDE {
            let advice = phrase!(
                "at most {DEEPEST_INCLUDE} files may include one another in a row",
                "como mucho {DEEPEST_INCLUDE} archivos pueden incluirse uno tras otro"
            );
            return Err(Box::new(rules::INCLUDE_DEEP.at(reference.span).help(advice)));
        }
        let prefix = joined(outer, reference.prefix.as_ref());
        if let Some((other, place)) = self.seen.get(&step.real) {
            return same_prefix(reference, prefix.as_ref(), other.as_ref(), *place);
        }
        self.seen.insert(step.real.clone(), (prefix.clone(), reference.span));
        let text = self.load(&step, reference)?;
        let trail: Vec<Step> = trail.iter().cloned().chain([step]).collect();
        self.take(text, prefix.as_ref(), &trail);
        Ok(())
    }

    /// The characters of a file of the project, as long as the project is not too large.
    fn load(&mut self, step: &Step, reference: &Reference) -> Result<String, Box<Diagnostic>> {
        let is_full = self.bytes > LARGEST_PROJECT || self.seen.len() > MOST_FILES;
        if is_full || self.is_full {
            let advice = phrase!(
                "a project has at most {} MiB in {MOST_FILES} files",
                "un proyecto tiene como mucho {} MiB en {MOST_FILES} archivos",
                LARGEST_PROJECT >> 20
            );
            let finding = rules::PROJECT_LARGE.at(reference.span).help(advice);
            self.is_full = true;
            return Err(Box::new(finding));
        }
        file::load(&step.real)
            .map_err(|refusal| Box::new(self.refusal(refusal, reference.span, &reference.typed, &step.place)))
    }

    /// Takes the files of a folder of kinds, in the order of their names.
    fn take_kinds(&mut self, reference: &Reference, step: &Step) -> Result<(), Box<Diagnostic>> {
        let unreadable = |error: io::Error| {
            let finding = rules::CATALOG_MISSING.at(reference.span).subject(reference.typed.as_str());
            Box::new(finding.help(phrase!(
                "`catalog` names a folder; the system says: {error}",
                "`catalog` nombra una carpeta; el sistema dice: {error}"
            )))
        };
        let entries = fs::read_dir(&step.real).map_err(unreadable)?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        for name in names.iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "toml")) {
            let inner = self.step(reference, format!("{}/{name}", step.place))?;
            if self.seen.insert(inner.real.clone(), (None, reference.span)).is_none() {
                let text = self.load(&inner, reference)?;
                self.bytes += text.len();
                let file = self.sources.add(Source::new(inner.place, text));
                self.kinds.push(file);
            }
        }
        Ok(())
    }
}

fn system_says(error: &io::Error) -> Phrase {
    phrase!("the system says: {error}", "el sistema dice: {error}")
}

/// The file or folder a statement refers to.
fn reference(statement: &Statement) -> Option<Reference> {
    let build = |path: &Quoted, prefix: Option<Ident>, is_catalog| Reference {
        typed: path.value.chars().collect(),
        span: path.span,
        prefix,
        is_catalog,
    };
    match statement {
        Statement::Include(include) => {
            let prefix = include.prefix.as_ref().map(|name| name.value.clone());
            Some(build(include.path.as_ref()?, prefix, false))
        }
        Statement::Catalog(folder) => Some(build(folder.path.as_ref()?, None, true)),
        _ => None,
    }
}

/// The prefix of a file included under `own` by one that stands under `outer`.
fn joined(outer: Option<&Ident>, own: Option<&Ident>) -> Option<Ident> {
    match (outer, own) {
        (Some(outer), Some(own)) => Some(outer.child(own.as_str())),
        (outer, own) => own.or(outer).cloned(),
    }
}

/// A file that is included again: nothing to do under the same prefix, a mistake under another.
fn same_prefix(
    reference: &Reference,
    prefix: Option<&Ident>,
    other: Option<&Ident>,
    place: Span,
) -> Result<(), Box<Diagnostic>> {
    if prefix == other {
        return Ok(());
    }
    let finding = rules::INCLUDE_TWICE.at(reference.span).subject(reference.typed.as_str());
    let finding = finding.label(place, Phrase::new("it is included here already", "ya se incluye aquí"));
    Err(Box::new(finding.help(Phrase::new(
        "a file is part of a model once; copy it to have its services twice",
        "un archivo es parte del modelo una vez; cópialo para tener sus servicios dos veces",
    ))))
}

fn cycle(reference: &Reference, circle: &[Step], back: &Step) -> Box<Diagnostic> {
    let places: Vec<&str> = circle.iter().chain([back]).map(|step| step.place.as_str()).collect();
    let finding = rules::INCLUDE_CYCLE.at(reference.span).subject(reference.typed.as_str());
    Box::new(
        finding
            .note(Phrase::new("this closes the circle", "esto cierra el círculo"))
            .help(places.join(" -> ")),
    )
}
