//! `archc dev`: what those who work on archc look at.

use clap::{Args, Subcommand};

use crate::driver::build::{Answer, examine};
use crate::driver::generate::generate;
use crate::driver::proof::prove;
use crate::driver::read::read;
use crate::driver::stability::stability;
use crate::driver::terminal::Stream;
use crate::driver::timing::Stopwatch;
use crate::emit::pictures::scenes;
use crate::shell::Status;
use crate::shell::options::Model;

/// The commands for those who work on archc.
#[derive(Debug, Subcommand)]
pub(super) enum Dev {
    /// Print a well-typed model of a given size; the same one for the same seed
    Generate(Generate),
    /// Print the syntax trees of a model and its includes
    Ast(Model),
    /// Print the model after resolving
    Model(Model),
    /// Print what follows from a model
    Facts(Model),
    /// Print the drawings of a model as JSON: boxes, lines and labels in pixels, and how good they are
    Scene(Model),
    /// Put each possible service into a model of one file, draw it again and count what else moved, a table a view
    Stability(Stability),
    /// Draw every picture of many generated models and print the defects found
    Proof(Proof),
}

/// What to generate.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// How many services it declares
    #[arg(long, value_name = "N", default_value_t = 50)]
    services: usize,
    /// Which of the models of this size
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

/// Of what the stability is measured.
#[derive(Debug, Args)]
pub(super) struct Stability {
    #[command(flatten)]
    model: Model,
    /// Draw with a lock of the drawing before
    #[arg(long)]
    lock: bool,
}

/// How many drawings are proven.
#[derive(Debug, Args)]
pub(super) struct Proof {
    /// How many models
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    models: u64,
    /// At most how many services each declares
    #[arg(long, value_name = "N", default_value_t = 48)]
    services: usize,
}

impl Dev {
    pub(super) fn run(&self) -> Status {
        match self {
            Self::Generate(wanted) => {
                Status::Clean.saying(Stream::Out, &generate(wanted.services, wanted.seed))
            }
            Self::Ast(model) => {
                let project = read(&model.question().input, &mut Stopwatch::default());
                Status::Clean.saying(Stream::Out, &format!("{:#?}\n", project.asts))
            }
            Self::Model(model) => examined(model, |answer| format!("{:#?}\n", answer.review.model)),
            Self::Scene(model) => examined(model, |answer| format!("{:#}\n", scenes(&answer.review))),
            Self::Proof(wanted) => {
                let proof = prove(wanted.models, wanted.services);
                let status = if proof.defects.is_empty() { Status::Clean } else { Status::Findings };
                status.saying(Stream::Out, &proof.to_string())
            }
            Self::Stability(Stability { model, lock }) => {
                let project = read(&model.question().input, &mut Stopwatch::default());
                let first = project.sources.iter().next();
                let table =
                    first.map(|(_, source)| stability(&source.name, &source.text, &project.catalog, *lock));
                Status::Clean.saying(Stream::Out, &table.unwrap_or_default().to_string())
            }
            Self::Facts(model) => examined(model, |answer| format!("{:#?}\n", answer.review.facts)),
        }
    }
}

fn examined(model: &Model, show: fn(&Answer) -> String) -> Status {
    let answer = examine(&model.question(), &mut Stopwatch::default());
    Status::Clean.saying(Stream::Out, &show(&answer))
}
