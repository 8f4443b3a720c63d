//! Cases: models with the findings they must have, written under the lines they are about.
//!
//! ```text
//! flow -> : call
//! #      ^ SYN-001 expected the name of a target
//! ```
//! The carets stand under the finding's columns (one caret for a place without width), then come the code and a part
//! of the message. A finding at column 1 cannot have a caret there, so its columns are written: `#~ 1-4 SYN-016 text`.
//! The findings and the expectations must be the same, one by one. With `ARCHC_BLESS=1` the files are rewritten.

#![expect(clippy::disallowed_methods, reason = "tests read and bless their cases")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use archc::diag::Diagnostic;
use archc::text::Source;

/// One expectation, or one finding in the same form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    line: usize,
    from: usize,
    to: usize,
    code: String,
    message: String,
}

/// Checks every `*.arch` file of `tests/cases/AREA` with `find`, which returns the findings of a model.
pub fn check(area: &str, find: impl Fn(&Source) -> Vec<Diagnostic>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(area);
    let mut failures = String::new();
    let files = files(&folder);
    assert!(!files.is_empty(), "no cases in {}", folder.display());
    for file in files {
        check_file(&file, &find, &mut failures);
    }
    assert!(failures.is_empty(), "{failures}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of cases can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "arch")).collect();
    files.sort();
    files
}

fn check_file(file: &Path, find: &impl Fn(&Source) -> Vec<Diagnostic>, failures: &mut String) {
    let text = std::fs::read_to_string(file).expect("a case can be read");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Source::new(name.clone(), text.clone());
    let found: Vec<Mark> = find(&source).iter().map(|finding| mark(&source, finding)).collect();
    let expected = expectations(&text);
    if same(&found, &expected) {
        return;
    }
    if std::env::var("ARCHC_BLESS").is_ok() {
        std::fs::write(file, blessed(&text, &found)).expect("a case can be written");
        return;
    }
    write!(failures, "\n== {name} is expected to be\n{}", blessed(&text, &found))
        .expect("a string takes everything");
}

/// Each finding is expected, and each expectation found.
fn same(found: &[Mark], expected: &[Mark]) -> bool {
    let matches = |found: &Mark, wanted: &Mark| {
        (found.line, found.from, found.to, &found.code) == (wanted.line, wanted.from, wanted.to, &wanted.code)
            && found.message.contains(&wanted.message)
    };
    let mut left: Vec<&Mark> = expected.iter().collect();
    let all_expected = found.iter().all(|mark| {
        let at = left.iter().position(|wanted| matches(mark, wanted));
        at.map(|at| left.remove(at)).is_some()
    });
    all_expected && left.is_empty()
}

fn mark(source: &Source, finding: &Diagnostic) -> Mark {
    let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
    let from = start.column as usize;
    let to = if end.line == start.line { (end.column as usize).max(from + 1) } else { from + 1 };
    let message = finding.message.en().terminal();
    Mark { line: start.line as usize, from, to, code: finding.code.to_owned(), message }
}

/// Is the line an expectation?
fn is_expectation(line: &str) -> bool {
    line.starts_with("#~ ") || line.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with('^'))
}

/// The expectations of a text, each about the last line before it that is none.
fn expectations(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut about = 0;
    for (number, line) in text.split('\n').enumerate() {
        if is_expectation(line) {
            marks.push(expectation(line, about));
        } else {
            about = number + 1;
        }
    }
    marks
}

fn expectation(line: &str, about: usize) -> Mark {
    let (from, to, rest) = columns(line);
    let (code, message) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    Mark { line: about, from, to, code: code.to_owned(), message: message.trim().to_owned() }
}

/// The columns an expectation names, and the text behind.
fn columns(line: &str) -> (usize, usize, &str) {
    if let Some(rest) = line.strip_prefix("#~ ") {
        let (columns, rest) = rest.split_once(' ').expect("columns and a code");
        let (from, to) = columns.split_once('-').expect("two columns");
        return (from.parse().expect("a column"), to.parse::<usize>().expect("a column") + 1, rest);
    }
    let from = line.find('^').expect("a caret");
    let rest = line[from..].trim_start_matches('^');
    (from + 1, line.len() - rest.len() + 1, rest)
}

/// The text with the expectations its findings would satisfy.
fn blessed(text: &str, found: &[Mark]) -> String {
    let mut out = String::new();
    let mut lines = text.split('\n').enumerate().filter(|(_, line)| !is_expectation(line)).peekable();
    while let Some((number, line)) = lines.next() {
        let here = found.iter().filter(|mark| mark.line == number + 1);
        let marks: Vec<String> = here.map(written).collect();
        out.push_str(line);
        if lines.peek().is_some() || !marks.is_empty() {
            out.push('\n');
        }
        for mark in marks {
            writeln!(out, "{mark}").expect("a string takes everything");
        }
    }
    out
}

fn written(mark: &Mark) -> String {
    if mark.from == 1 {
        return format!("#~ {}-{} {} {}", mark.from, mark.to - 1, mark.code, mark.message);
    }
    let carets = "^".repeat(mark.to - mark.from);
    format!("#{}{carets} {} {}", " ".repeat(mark.from - 2), mark.code, mark.message)
}
