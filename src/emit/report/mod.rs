//! The report: a design review in Markdown, from the templates of one language.
//!
//! Every chapter is a typed context built here and a template in `templates/LANGUAGE/`. What reaches a template is
//! [`markdown::Markdown`] already, so templates escape nothing and can be broken by nothing.

mod argument;
mod decide;
mod evaluation;
mod findings;
mod growth;
mod identity;
mod infrastructure;
mod interactions;
pub mod markdown;
mod resources;
mod sources;
mod summary;
mod template;
mod verbs;

use handlebars::{Context, JsonValue as Value, to_json};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Serialize;

use crate::ask::simulate::Growth;
use crate::catalog::Catalog;
use crate::check::claim::{Verdict, verdicts};
use crate::check::{Case, Review};
use crate::derive::budget::BudgetFacts;
use crate::emit::Artifact;
use crate::emit::report::markdown::Markdown;
use crate::emit::svg::Plate;
use crate::model::{Scope, ServiceId};
use crate::text::{Counted, Ident, Language, Phrase, RelPath, Span, Text};
use crate::units::MicroUsd;

/// What a chapter is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The review.
    pub review: &'a Review,
    /// Words of kinds and checks.
    pub catalog: &'a Catalog,
    /// The language.
    pub language: Language,
    /// The diagrams that are written beside the report.
    pub pictures: &'a [Plate],
    /// How the system bears a growing load, when one is stated.
    pub growth: Option<&'a Growth>,
    /// What the facts say of each claim.
    pub verdicts: &'a [Verdict],
}

impl Subject<'_> {
    /// The name of a service, as a link to its section.
    fn name(&self, id: ServiceId) -> Markdown {
        Markdown::link(&self.review.model.services[id].name)
    }

    /// Names of services.
    fn names(&self, ids: impl IntoIterator<Item = ServiceId>) -> Markdown {
        Markdown::list(ids.into_iter().map(|id| self.name(id)))
    }

    /// Names of services, as a sentence gives them.
    fn series(&self, ids: impl IntoIterator<Item = ServiceId>) -> Markdown {
        Markdown::series(ids.into_iter().map(|id| self.name(id)), self.language)
    }

    /// The picture of a view, when it is written.
    fn picture(&self, view: &str) -> Option<Picture> {
        let path = format!("diagrams/{view}.svg");
        let found = self.pictures.iter().find(|plate| plate.path.as_str() == path);
        found.map(Picture::of)
    }

    /// What the first budget of the whole system comes to, and its limit.
    fn system_budget(&self) -> Option<(&BudgetFacts, MicroUsd)> {
        let budgets = &self.review.model.budgets;
        let found = self.review.facts.budgets.iter().filter_map(|found| {
            let budget = budgets.get(found.budget).filter(|budget| budget.scope == Scope::System)?;
            Some((found, budget.limit))
        });
        found.min_by_key(|(found, _)| found.budget)
    }

    /// So many of something, in the report's language.
    fn count(&self, counted: Counted) -> String {
        match self.language {
            Language::En => format!("{counted}"),
            Language::Es => format!("{counted:#}"),
        }
    }

    /// A sentence of archc, in the report's language.
    fn sentence(&self, phrase: &Phrase) -> Markdown {
        Markdown::message(phrase.say(self.language))
    }

    /// Where the first of some lines stands.
    fn place(&self, spans: &[Span]) -> Markdown {
        spans.first().map_or_else(Markdown::default, |span| Markdown::place(&self.review.sources, *span))
    }

    /// One of two words, by language.
    fn say<'w>(&self, english: &'w str, spanish: &'w str) -> &'w str {
        match self.language {
            Language::En => english,
            Language::Es => spanish,
        }
    }
}

/// A diagram.
#[derive(Debug, Serialize)]
struct Picture {
    path: String,
    name: Markdown,
}

impl Picture {
    fn of(plate: &Plate) -> Self {
        Self { path: plate.path.to_string(), name: Markdown::text(&plate.title) }
    }
}

/// Writes `report.md` in one language; `pictures` are the diagrams that are written beside it.
///
/// A template that asks for something its context lacks is a mistake of archc, not of a model: it is written into the
/// report instead of being hidden, and a test renders every model in every language to keep it from happening.
pub fn emit(review: &Review, catalog: &Catalog, language: Language, pictures: &[Plate]) -> Vec<Artifact> {
    let grown = growth::grown(review, catalog);
    let case = Case { model: &review.model, facts: &review.facts, catalog, today: review.today };
    let verdicts = verdicts(&case);
    let subject =
        Subject { review, catalog, language, pictures, growth: grown.as_ref(), verdicts: &verdicts };
    let text = chapters(subject).unwrap_or_else(|error| format!("{error}\n"));
    RelPath::new("report.md").map(|path| Artifact { path, bytes: text.into_bytes() }).into_iter().collect()
}

/// All chapters in order, each filled by itself.
fn chapters(subject: Subject<'_>) -> Result<String, String> {
    let templates = template::templates(subject.language)?;
    let fill = |name: &str, chapter: Value| {
        let context = Context::from(chapter);
        templates.render_with_context(name, &context).map_err(|error| error.to_string())
    };
    let chapters: [&(dyn Fn() -> Result<String, String> + Sync); 8] = [
        &|| fill("summary", to_json(summary::summary(subject))),
        &|| fill("infrastructure", to_json(infrastructure::infrastructure(subject))),
        &|| fill("identity", to_json(identity::identity(subject))),
        &|| fill("resources", to_json(resources::resources(subject))),
        &|| fill("interactions", to_json(interactions::interactions(subject))),
        &|| fill("evaluation", to_json(evaluation::evaluation(subject))),
        &|| fill("findings", to_json(findings::findings(subject))),
        &|| fill("sources", to_json(sources::sources(subject))),
    ];
    let texts: Result<Vec<String>, String> = chapters.par_iter().map(|chapter| chapter()).collect();
    Ok(tidy(&texts?.join("\n")))
}

/// Blank lines left by empty blocks become one.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// What a thing is called; nothing when that is its name.
fn titled(name: &Ident, title: &Text) -> Markdown {
    if title.is(name.as_str()) { Markdown::default() } else { Markdown::text(title) }
}

/// A line of the model with single spaces.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name that a system or a role has, as code.
fn code(name: &Ident) -> Markdown {
    Markdown::code(name)
}
