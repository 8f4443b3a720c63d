//! The table of outputs: a new one is a file beside this one and a row here.

use std::sync::OnceLock;

use crate::catalog::Catalog;
use crate::check::{Checked, Review};
use crate::diag::Diagnostic;
use crate::emit::pictures::{self, Drawing};
use crate::emit::terraform::Deployment;
use crate::emit::{Artifact, deployer, json, matrix, policies, report, svg, terraform};
use crate::text::{Ident, Language};
use crate::view::{self, View};

/// What several outputs read, put together by the first that does.
#[derive(Debug, Default)]
pub struct Shared {
    views: OnceLock<Vec<View>>,
    terraform: OnceLock<Deployment>,
}

/// What outputs are made from.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// The model with its facts and findings, sound or not.
    pub review: &'a Review,
    /// What AWS offers, and the project's own kinds.
    pub catalog: &'a Catalog,
    /// The language of what people read.
    pub language: Language,
    /// The first characters of the digest of the model's files: pictures carry it.
    pub digest: &'a Ident,
    /// How pictures are drawn.
    pub drawing: &'a Drawing,
    /// One root module of Terraform a group, instead of one for all.
    pub is_split: bool,
    /// The model's other stages, one an environment; none when one was chosen, or none is wanted.
    pub stages: &'a [Review],
    /// What outputs share.
    pub shared: &'a Shared,
}

impl<'a> Draft<'a> {
    /// A draft in English, in one piece, of one stage.
    pub fn new(
        review: &'a Review,
        catalog: &'a Catalog,
        digest: &'a Ident,
        drawing: &'a Drawing,
        shared: &'a Shared,
    ) -> Self {
        Self {
            review,
            catalog,
            language: Language::En,
            digest,
            drawing,
            is_split: false,
            stages: &[],
            shared,
        }
    }

    /// The views of the model.
    pub fn views(self) -> &'a [View] {
        self.shared.views.get_or_init(|| view::views(self.review, self.language))
    }

    fn terraform(self, checked: Checked<'_>) -> &'a Deployment {
        self.shared.terraform.get_or_init(|| terraform::deployment(checked, self.is_split, self.stages))
    }
}

/// What an output gives.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Its files.
    pub files: Vec<Artifact>,
    /// What was found while they were made: defects of drawings.
    pub findings: Vec<Diagnostic>,
}

/// How an output is made.
#[derive(Debug, Clone, Copy)]
pub enum Maker {
    /// From any model, with its findings in it.
    Draft(fn(Draft<'_>) -> Vec<Artifact>),
    /// The same, with findings of its own.
    Drawn(fn(Draft<'_>) -> Made),
    /// From a sound one only: there is no way to make it from another.
    Sound(fn(Checked<'_>, Draft<'_>) -> Vec<Artifact>),
}

/// One output: a file or a folder.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub doc: &'static str,
    /// How it is made.
    pub maker: Maker,
}

/// Every output, in the order in which they are written.
pub const OUTPUTS: &[Output] = &[
    Output {
        name: "diagrams",
        doc: "deployment, data flow, permissions, cost, journeys and the user's own views, as SVG (and more with `--format`) with a text twin",
        maker: Maker::Drawn(pictures::write),
    },
    Output {
        name: "report",
        doc: "the design review: `report.md`, and its charts",
        maker: Maker::Draft(report),
    },
    Output {
        name: "terraform",
        doc: "the configuration of the system, ready for `terraform plan`",
        maker: Maker::Sound(|checked, draft| terraform::print_deployment(draft.terraform(checked))),
    },
    Output {
        name: "policies",
        doc: "one IAM policy a role or resource, and what Terraform itself needs, as JSON",
        maker: Maker::Sound(allowances),
    },
    Output {
        name: "matrix",
        doc: "who may do what with what, and why: `access.csv`",
        maker: Maker::Draft(|draft| matrix::write(draft.review)),
    },
    Output {
        name: "model",
        doc: "the model and what follows from it, for other programs: `model.json`",
        maker: Maker::Draft(json::write),
    },
];

/// The policies of roles and resources, and those of whoever runs Terraform.
fn allowances(checked: Checked<'_>, draft: Draft<'_>) -> Vec<Artifact> {
    let mut files = policies::write(checked);
    files.extend(deployer::write(checked, draft.catalog, &draft.terraform(checked).roots));
    files
}

fn report(draft: Draft<'_>) -> Vec<Artifact> {
    let plates = svg::plates(draft.review, draft.views(), draft.language);
    let mut files = report::emit(draft.review, draft.catalog, draft.language, &plates);
    files.extend(svg::charts(draft.review, draft.language));
    files
}

impl Output {
    /// Does it need a model without errors?
    pub const fn needs_soundness(&self) -> bool {
        matches!(self.maker, Maker::Sound(_))
    }

    /// Its files; none when it needs a sound model and this one is not.
    pub fn make(&self, draft: Draft<'_>) -> Made {
        let files = match self.maker {
            Maker::Drawn(make) => return make(draft),
            Maker::Draft(make) => make(draft),
            Maker::Sound(make) => draft.review.seal().map(|checked| make(checked, draft)).unwrap_or_default(),
        };
        Made { files, findings: Vec::new() }
    }
}
