//! What a run says on its two streams.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Which stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Results: what is asked for.
    Out,
    /// Remarks on the run.
    Err,
}

impl Stream {
    /// Writes a text; `false` when nobody can read it any more (a closed pipe, a full disk), which is no reason to panic.
    #[must_use]
    pub fn say(self, text: &str) -> bool {
        let result = match self {
            Self::Out => write_all(io::stdout().lock(), text),
            Self::Err => write_all(io::stderr().lock(), text),
        };
        match result {
            Ok(()) => true,
            Err(error) => {
                if self == Self::Out && error.kind() != ErrorKind::BrokenPipe {
                    let _ =
                        write_all(io::stderr().lock(), &format!("archc: cannot write the result: {error}\n"));
                }
                false
            }
        }
    }

    /// Is it a terminal that wants colours? `NO_COLOR` says no.
    pub fn wants_color(self) -> bool {
        let is_terminal = match self {
            Self::Out => io::stdout().is_terminal(),
            Self::Err => io::stderr().is_terminal(),
        };
        is_terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }
}

fn write_all(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}
