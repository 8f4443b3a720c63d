//! Reading Terraform plans and states, and writing the model that is read from one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::driver::build::Answer;
use crate::driver::file::{self, Refusal};
use crate::driver::read::LARGEST_PROJECT;
use crate::driver::rules::{self, NOWHERE, Trouble};
use crate::import::{self, Import, Survey};
use crate::text::{FileId, Ident, Source, Sources, Text};

/// A plan that was looked at.
#[derive(Debug)]
pub struct Reading {
    /// The plan's text, for findings.
    pub sources: Sources,
    /// What is in it; nothing when it cannot be read.
    pub survey: Option<Survey>,
    /// What is wrong with it, and what is worth saying about it.
    pub findings: Vec<Diagnostic>,
}

/// Reads a plan or a state; `-` is standard input. `first` are the files that stand before it in findings.
pub fn read(path: &Path, first: Sources, catalog: &Catalog, name: Option<&Ident>) -> Reading {
    let mut sources = first;
    let most = LARGEST_PROJECT as u64;
    let text = if path == Path::new("-") {
        file::read_within(io::stdin().lock(), most, too_large)
    } else {
        file::load_within(path, most, too_large)
    };
    let text = match text {
        Ok(text) => text,
        Err(refusal) => {
            let findings = vec![refused(path, refusal)];
            return Reading { sources, survey: None, findings };
        }
    };
    let file: FileId = sources.add(Source::new(path.display().to_string(), text));
    let surveyed = sources.get(file).map(|source| import::survey(file, source, catalog, name));
    match surveyed {
        Some(Ok((survey, findings))) => Reading { sources, survey: Some(survey), findings },
        Some(Err(finding)) => Reading { sources, survey: None, findings: vec![*finding] },
        None => Reading { sources, survey: None, findings: Vec::new() },
    }
}

fn too_large() -> Refusal {
    let advice = format!("a plan has at most {} MiB; plan one root module at a time", LARGEST_PROJECT >> 20);
    Refusal::Rule(&rules::PLAN_LARGE, advice)
}

fn refused(path: &Path, refusal: Refusal) -> Diagnostic {
    let shown = path.display();
    let about = |rule: &crate::diag::Rule| {
        let message = format!("{}: `{shown}`", rule.title);
        rule.at(NOWHERE).message(message).subject(shown.to_string())
    };
    match refusal {
        Refusal::Rule(rule, advice) if rule == &rules::EMPTY => {
            let _ = advice;
            about(&rules::PLAN_EMPTY).help("write it with `terraform show -json tfplan > plan.json`")
        }
        Refusal::Rule(rule, advice) if rule == &rules::NOT_REGULAR => {
            let _ = advice;
            about(rule).help("pipe it in and write `--plan -`")
        }
        Refusal::Rule(rule, advice) => about(rule).maybe_help((!advice.is_empty()).then_some(advice)),
        Refusal::System(error) => about(&rules::UNREADABLE).help(format!("the system says: {error}")),
        Refusal::Encoding(..) => about(&rules::NOT_UTF8)
            .help("the file `terraform plan -out` writes is binary: `terraform show -json` reads it"),
    }
}

/// The model of a plan.
pub fn model(path: &Path, catalog: &Catalog, name: Option<&Ident>) -> (Reading, Option<Import>) {
    let mut reading = read(path, Sources::default(), catalog, name);
    let origin = path.file_name().map_or("-".into(), |name| name.to_string_lossy());
    let text = reading.survey.as_ref().map(|survey| import::write(survey, catalog, &Text::new(origin)));
    let text = text.map(|text| {
        let formatted = crate::syntax::format(&Source::new("imported.arch", text.clone()));
        formatted.unwrap_or(text)
    });
    let findings = std::mem::take(&mut reading.findings);
    let import = text.map(|text| Import { text, findings: findings.clone() });
    reading.findings = findings;
    (reading, import)
}

/// What differs between a reviewed model and a plan; `sources` are the model's files as the user knows them.
pub fn differences(path: &Path, answer: &Answer, sources: Sources) -> (Sources, Vec<Diagnostic>) {
    let reading = read(path, sources, &answer.catalog, None);
    let mut findings = reading.findings;
    if let Some(survey) = &reading.survey {
        // What a model cannot say is no difference.
        findings.retain(|finding| finding.code != import::rules::UNKNOWN_TYPE.code);
        findings.splice(0..0, import::compare(&answer.review, survey, &answer.catalog));
        findings.sort_by_key(|finding| finding.severity);
    }
    (reading.sources, findings)
}

/// Writes a model where nothing stands yet.
///
/// # Errors
/// A coded finding when something stands there, or the system refuses.
pub fn save(path: &Path, text: &str) -> Result<(), Trouble> {
    let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
    match file.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(rules::about(&rules::OUT_FOREIGN, path, "a model is not overwritten; name another file"))
        }
        Err(error) => Err(rules::refused(&rules::OUT_FAILED, path, &error, "nothing was written")),
    }
}
