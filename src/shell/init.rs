//! `archc init`.

use std::path::Path;

use clap::Args;

use crate::diag::render::{Format, render};
use crate::driver::plan;
use crate::driver::starter::STARTER;
use crate::driver::terminal::Stream;
use crate::shell::Status;
use crate::text::{Ident, Sources};

/// Writes a starter model into the working directory.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The name of the system, and of the file
    #[arg(value_name = "NAME", default_value = "shop", value_parser = name)]
    name: Ident,
}

fn name(text: &str) -> Result<Ident, String> {
    let plain = Ident::new(text).filter(|name| !name.as_str().contains('.'));
    plain.ok_or_else(|| "a name is made of at most 64 ASCII letters, digits, `_` and `-`".to_owned())
}

impl Init {
    pub(super) fn run(&self) -> Status {
        let file = format!("{}.arch", self.name);
        let text = STARTER.replace("NAME", self.name.as_str());
        match plan::save(Path::new(&file), &text) {
            Ok(()) => {
                let words = format!("wrote {file}; build it with `archc build {file}`\n");
                Status::Clean.saying(Stream::Out, &words)
            }
            Err(trouble) => {
                let words = render(Format::Human, &[*trouble], &Sources::default(), false);
                Status::Trouble.saying(Stream::Err, &words)
            }
        }
    }
}
