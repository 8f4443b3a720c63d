//! The findings of input and output, as one table: `IO-` for what is read, `OUT-` for what is written.
//!
//! Any of them ends the run with exit status 3.

use std::io;
use std::path::Path;

use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{FileId, Span};

const fn rule(code: &'static str, title: &'static str) -> Rule {
    Rule { code, title, severity: Severity::Error }
}

/// There is nothing at the path.
pub const MISSING: Rule = rule("IO-001", "there is no such file");
/// The path is a folder.
pub const IS_FOLDER: Rule = rule("IO-002", "the model is a folder");
/// The path is a device, a pipe or a socket.
pub const NOT_REGULAR: Rule = rule("IO-003", "the model is not a regular file");
/// The file is larger than a model may be.
pub const TOO_LARGE: Rule = rule("IO-004", "the file is too large for a model");
/// The bytes are not UTF-8.
pub const NOT_UTF8: Rule = rule("IO-005", "the file is not UTF-8 text");
/// There is nothing in the file.
pub const EMPTY: Rule = rule("IO-006", "the model is empty");
/// The system refuses to read.
pub const UNREADABLE: Rule = rule("IO-007", "the file cannot be read");
/// An included file is not there.
pub const INCLUDE_MISSING: Rule = rule("IO-101", "the included file is not there");
/// An include leads out of the project.
pub const INCLUDE_OUTSIDE: Rule = rule("IO-102", "the include leads out of the project");
/// Files include each other in a circle.
pub const INCLUDE_CYCLE: Rule = rule("IO-103", "files include each other in a circle");
/// Includes are nested too deep.
pub const INCLUDE_DEEP: Rule = rule("IO-104", "includes are nested too deep");
/// The project is too large.
pub const PROJECT_LARGE: Rule = rule("IO-105", "the project is too large");
/// One file is included under two prefixes.
pub const INCLUDE_TWICE: Rule = rule("IO-106", "one file is included under two prefixes");
/// A folder of kinds is not there.
pub const CATALOG_MISSING: Rule = rule("IO-107", "the folder of kinds is not there");
/// The plan is larger than a plan may be.
pub const PLAN_LARGE: Rule = rule("IO-201", "the file is too large for a plan");
/// There is nothing in the plan.
pub const PLAN_EMPTY: Rule = rule("IO-202", "the plan is empty");
/// The file system's root, or the model's own folder, as output folder.
pub const OUT_REFUSED: Rule = rule("OUT-901", "outputs are not written into this folder");
/// The output folder's path is taken by something else.
pub const OUT_NOT_FOLDER: Rule = rule("OUT-902", "the output folder is not a folder");
/// A link stands where outputs would go.
pub const OUT_LINK: Rule = rule("OUT-903", "a link stands in the way of an output");
/// Something archc did not write stands where an output would go.
pub const OUT_FOREIGN: Rule = rule("OUT-904", "a file that archc did not write stands in the way");
/// Another build is writing there.
pub const OUT_BUSY: Rule = rule("OUT-905", "another build is writing into this folder");
/// The system refuses to write; nothing was changed.
pub const OUT_FAILED: Rule = rule("OUT-906", "the outputs cannot be written");
/// The system refuses to finish; the next build will.
pub const OUT_UNFINISHED: Rule = rule("OUT-907", "the outputs are not all in their places yet");
/// An old output was edited and is left to the user.
pub const OUT_KEPT: Rule =
    Rule { code: "OUT-908", title: "an old output was edited by hand and is kept", severity: Severity::Low };

/// All of them.
pub const RULES: &[&Rule] = &[
    &MISSING,
    &IS_FOLDER,
    &NOT_REGULAR,
    &TOO_LARGE,
    &NOT_UTF8,
    &EMPTY,
    &UNREADABLE,
    &INCLUDE_MISSING,
    &INCLUDE_OUTSIDE,
    &INCLUDE_CYCLE,
    &INCLUDE_DEEP,
    &PROJECT_LARGE,
    &INCLUDE_TWICE,
    &CATALOG_MISSING,
    &PLAN_LARGE,
    &PLAN_EMPTY,
    &OUT_REFUSED,
    &OUT_NOT_FOLDER,
    &OUT_LINK,
    &OUT_FOREIGN,
    &OUT_BUSY,
    &OUT_FAILED,
    &OUT_UNFINISHED,
    &OUT_KEPT,
];

/// The place of a finding that is about no line of the model: a span of a file that no run can have.
pub const NOWHERE: Span = Span::new(FileId(u16::MAX), 0, 0);

/// A finding that ends a run; boxed, because results that carry it are mostly good.
pub type Trouble = Box<Diagnostic>;

/// A finding about a path outside the model's text.
pub fn about(rule: &Rule, path: &Path, advice: &str) -> Trouble {
    let shown = path.display();
    let finding = rule.at(NOWHERE).message(format!("{}: `{shown}`", rule.title)).subject(shown.to_string());
    Box::new(finding.help(advice))
}

/// A finding about a path, with the system's own reason.
pub fn refused(rule: &Rule, path: &Path, error: &io::Error, advice: &str) -> Trouble {
    let finding = about(rule, path, advice);
    Box::new(finding.help(format!("the system says: {error}")))
}

/// Is it trouble with input or output (exit status 3)?
pub fn is_trouble(finding: &Diagnostic) -> bool {
    let plans = crate::import::rules::TROUBLE;
    let mut rules = RULES.iter().chain(plans);
    rules.any(|rule| rule.code == finding.code && finding.severity == Severity::Error)
}
