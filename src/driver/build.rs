//! One run: read, review, emit, write.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::Catalog;
use crate::check::Review;
use crate::diag::Diagnostic;
use crate::driver::lock;
use crate::driver::manifest::sha256;
use crate::driver::read::{Input, Project, read};
use crate::driver::rules::{self, Trouble};
use crate::driver::sink::Disk;
use crate::driver::timing::Stopwatch;
use crate::driver::today::today;
use crate::driver::write::{Outcome, write};
use crate::emit::pictures::{Drawing, locked};
use crate::emit::{Draft, Shared};
use crate::syntax::ast::Ast;
use crate::text::{Ident, Language, Sources};
use crate::units::Date;
use crate::{Inputs, emit, review, stages};

/// What is asked of a model.
#[derive(Debug, Clone)]
pub struct Question {
    /// The model.
    pub input: Input,
    /// The stage whose overrides apply.
    pub environment: Option<String>,
    /// The day the findings are for, when it is given.
    pub today: Option<Date>,
}

/// A model that was read and reviewed.
#[derive(Debug)]
pub struct Answer {
    /// The review. Without a readable model it is about an empty one, and its findings say why.
    pub review: Review,
    /// The catalogue with the project's own kinds.
    pub catalog: Catalog,
    /// The files that were read, links followed; nothing when the model cannot be read.
    pub paths: Vec<PathBuf>,
    /// The trees of the model's files, for its other stages.
    asts: Vec<(Ast, Option<Ident>)>,
}

impl Answer {
    /// Could the model be read?
    pub fn is_readable(&self) -> bool {
        !self.paths.is_empty()
    }
}

/// Reads and reviews a model.
pub fn examine(question: &Question, watch: &mut Stopwatch) -> Answer {
    let Project { sources, asts, catalog, findings, paths } = read(&question.input, watch);
    let environment = question.environment.as_deref();
    let today = today(question.today);
    if asts.is_empty() {
        let review = Review {
            sources,
            model: crate::model::Model::default(),
            facts: crate::derive::Facts::default(),
            findings,
            today,
        };
        return Answer { review, catalog, paths: Vec::new(), asts };
    }
    let inputs = Inputs { sources, asts: &asts, environment, today, findings };
    let review = review(inputs, &catalog, &mut |stage| watch.lap(stage));
    Answer { review, catalog, paths, asts }
}

/// What is to be written, and where.
#[derive(Debug, Clone)]
pub struct Order {
    /// The output folder; `out` beside the model when it is not given.
    pub folder: Option<PathBuf>,
    /// The names of the outputs that are wanted; all when there is none.
    pub only: Vec<String>,
    /// The language of what people read.
    pub lang: Language,
    /// How pictures are drawn.
    pub drawing: Drawing,
    /// One root module of Terraform a group, instead of one for all.
    pub is_split: bool,
    /// Is `layout.lock` written beside the model?
    pub is_locked: bool,
}

/// What came of an order.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What was done to files.
    pub outcome: Outcome,
    /// What was found while they were made.
    pub findings: Vec<Diagnostic>,
}

impl Order {
    /// Where the outputs of a model go.
    pub fn folder(&self, input: &Input) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| input.folder().join("out"))
    }

    fn wants(&self, output: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == output)
    }
}

/// Writes the outputs of a reviewed model.
///
/// # Errors
/// A coded finding when the folder is refused or cannot be written.
pub fn deliver(
    question: &Question,
    answer: &Answer,
    order: &Order,
    watch: &mut Stopwatch,
) -> Result<Delivery, Trouble> {
    let folder = order.folder(&question.input);
    refuse_sources(&question.input, &folder)?;
    let digest = digest(&answer.review.sources);
    let has_stages = question.environment.is_none() && (order.wants("terraform") || order.wants("policies"));
    let stages = if has_stages { stages(&answer.review, &answer.asts, &answer.catalog) } else { Vec::new() };
    let shared = Shared::default();
    let draft = Draft::new(&answer.review, &answer.catalog, &digest, &order.drawing, &shared);
    let draft = Draft { language: order.lang, is_split: order.is_split, stages: &stages, ..draft };
    let (batch, findings) =
        emit(draft, &|output| order.wants(output), &|output, work| watch.part(output, work));
    watch.lap("outputs");
    let outcome = write(&mut Disk::default(), &folder, &batch);
    watch.lap("write");
    let outcome = outcome?;
    if order.is_locked {
        lock::write(&question.input, &locked(draft))?;
    }
    Ok(Delivery { outcome, findings })
}

/// The first 12 digits of the SHA-256 of the model's files, names and texts.
fn digest(sources: &Sources) -> Ident {
    let mut all = Vec::new();
    for (_, source) in sources.iter() {
        for part in [&source.name, &source.text] {
            // Lengths keep two files from being taken for one.
            all.extend_from_slice(&(part.len() as u64).to_le_bytes());
            all.extend_from_slice(part.as_bytes());
        }
    }
    Ident::sanitized(&sha256(&all).chars().take(12).collect::<String>())
}

/// Refuses the root of the file system, and the folder of the model itself.
fn refuse_sources(input: &Input, folder: &Path) -> Result<(), Trouble> {
    let Ok(real) = fs::canonicalize(folder) else { return Ok(()) };
    let advice = "name a folder for outputs alone with `-o`";
    let own = input.folder();
    let own = if own.as_os_str().is_empty() { PathBuf::from(".") } else { own };
    let is_own = matches!(input, Input::File(_)) && fs::canonicalize(own).is_ok_and(|own| own == real);
    let refused = real.parent().is_none() || is_own;
    if refused { Err(rules::about(&rules::OUT_REFUSED, folder, advice)) } else { Ok(()) }
}
