//! How a run ends.

use std::process::ExitCode;

use crate::diag::{Diagnostic, Severity};
use crate::driver::rules;
use crate::driver::terminal::Stream;

/// The exit status, as its users know it; a worse one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// 0: no finding at or above the level of `--deny`.
    Clean,
    /// 1: a finding at or above it.
    Findings,
    /// 2: the command line is wrong.
    Usage,
    /// 3: something could not be read or written.
    Trouble,
}

impl Status {
    /// The status that findings give; waived ones count for nothing.
    pub fn of(findings: &[Diagnostic], deny: Severity) -> Self {
        let mut unwaived = findings.iter().filter(|finding| finding.waived.is_none());
        if findings.iter().any(rules::is_trouble) {
            Self::Trouble
        } else if unwaived.any(|finding| finding.severity <= deny) {
            Self::Findings
        } else {
            Self::Clean
        }
    }

    /// The same status after printing `text`; trouble when nobody can read it.
    #[must_use]
    pub fn saying(self, stream: Stream, text: &str) -> Self {
        if stream.say(text) { self } else { Self::Trouble }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Usage => 2,
            Status::Trouble => 3,
        })
    }
}
