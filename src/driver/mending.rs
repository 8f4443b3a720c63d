//! Applying the fixes of findings to the files of a model, until nothing is left that a fix would answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::diag::{Diagnostic, Mended, Severity, mend};
use crate::driver::build::{Answer, Question, examine};
use crate::driver::formatting::replace;
use crate::driver::timing::Stopwatch;
use crate::text::Sources;

/// How often the changed model is read again. One fix may uncover another finding; more than a few never do.
const ROUNDS: usize = 8;

/// What was mended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mending {
    /// The codes of the findings that are gone, one each, in the order of the rounds.
    pub codes: Vec<&'static str>,
    /// The files that were changed.
    pub files: BTreeSet<PathBuf>,
}

/// Applies the fixes of findings that nobody waived, file by file and at once for each file. A round that brings an error is
/// taken back, and its fixes are not tried again together.
///
/// # Errors
/// Why a file cannot be written, as words; what was changed before stands.
pub fn mend_files(question: &Question) -> Result<(Answer, Mending), String> {
    let mut answer = examine(question, &mut Stopwatch::default());
    let mut mending = Mending::default();
    let mut refused: BTreeSet<String> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let chosen: Vec<Diagnostic> =
            fixable(&answer).filter(|finding| !refused.contains(&key(finding))).cloned().collect();
        if chosen.is_empty() {
            break;
        }
        let round = Round { question, answer: &answer };
        let mut progress = round.try_all(&chosen)?;
        if progress.is_none() {
            // One of them does harm. Alone they are tried one a round, the first first.
            let first = chosen.get(..1).unwrap_or_default();
            refused.extend(first.iter().map(key));
            progress = round.try_all(first)?;
        }
        if let Some((next, gone, files)) = progress {
            mending.codes.extend(gone);
            mending.files.extend(files);
            answer = next;
        }
    }
    Ok((answer, mending))
}

/// Findings that somebody could mend by a text edit.
fn fixable(answer: &Answer) -> impl Iterator<Item = &Diagnostic> {
    let open = answer.review.findings.iter().filter(|finding| finding.waived.is_none());
    open.filter(|finding| finding.fix.is_some())
}

/// What makes a finding the same one in the next round.
fn key(finding: &Diagnostic) -> String {
    let subject: String = finding.subject.iter().flat_map(|subject| subject.chars()).collect();
    let message: String = finding.message.en().chars().collect();
    [finding.code, &subject, &message].join("\u{1f}")
}

fn errors(answer: &Answer) -> usize {
    answer.review.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// One reading of the model, and what is tried with it.
struct Round<'q> {
    question: &'q Question,
    answer: &'q Answer,
}

/// What became of a round: the model read again, the codes that are gone, the files that were changed.
type Progress = (Answer, Vec<&'static str>, Vec<PathBuf>);

impl Round<'_> {
    /// Writes the fixes and reads the model again. Nothing, and the old texts stand, when that is no better than before.
    fn try_all(&self, chosen: &[Diagnostic]) -> Result<Option<Progress>, String> {
        let sources = &self.answer.review.sources;
        let mended = mend(chosen, sources);
        self.write(&mended)?;
        let next = examine(self.question, &mut Stopwatch::default());
        let left: BTreeSet<String> = next.review.findings.iter().map(key).collect();
        let gone: Vec<&'static str> = chosen
            .iter()
            .filter(|finding| !left.contains(&key(finding)))
            .map(|finding| finding.code)
            .collect();
        if errors(&next) > errors(self.answer) || gone.is_empty() {
            self.write(&before(&mended, sources))?;
            return Ok(None);
        }
        Ok(Some((next, gone, mended.iter().filter_map(|mended| self.path(mended)).collect())))
    }

    fn path(&self, mended: &Mended) -> Option<PathBuf> {
        let source = self.answer.review.sources.get(mended.file)?;
        Some(self.question.input.folder().join(&source.name))
    }

    fn write(&self, mended: &[Mended]) -> Result<(), String> {
        for one in mended {
            let Some(path) = self.path(one) else { continue };
            let same = fs::read_to_string(&path).is_ok_and(|text| text == one.text);
            if !same {
                replace(&path, &one.text).map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// The texts as they stood.
fn before(mended: &[Mended], sources: &Sources) -> Vec<Mended> {
    let old = |one: &Mended| Some(Mended { file: one.file, text: sources.get(one.file)?.text.clone() });
    mended.iter().filter_map(old).collect()
}
