//! The report: a design review in Markdown, from the templates of one language.
//!
//! Every chapter is a typed context built here and a template in `templates/LANGUAGE/`. What reaches a template is
//! [`markdown::Markdown`] already, so templates escape nothing and can be broken by nothing.

mod evaluation;
mod findings;
mod identity;
mod infrastructure;
mod interactions;
pub mod markdown;
mod resources;
mod summary;
mod template;
mod verbs;

use handlebars::{Context, JsonValue as Value, to_json};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::catalog::Catalog;
use crate::check::Review;
use crate::emit::Artifact;
use crate::emit::report::markdown::Markdown;
use crate::emit::svg::Plate;
use crate::model::ServiceId;
use crate::text::{Ident, Language, Phrase, RelPath, Span};

/// What a chapter is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The review.
    pub review: &'a Review,
    /// Words of kinds and checks.
    pub catalog: &'a Catalog,
    /// The language.
    pub language: Language,
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

/// What groups scale by, in Spanish; the words of the language stand for themselves in English.
const METRICS_ES: &[(&str, &str)] = &[
    ("requests_per_target", "peticiones por unidad"),
    ("backlog_per_unit", "mensajes pendientes por unidad"),
    ("memory", "memoria"),
];

/// What a group scales by, in words.
fn metric_words(language: Language, metric: &str) -> String {
    let spanish = METRICS_ES.iter().find(|(known, _)| *known == metric && language == Language::Es);
    spanish.map_or_else(|| metric.replace('_', " "), |(_, words)| (*words).to_owned())
}

/// Writes `report.md` in one language; `pictures` are the diagrams that are written beside it.
///
/// A template that asks for something its context lacks is a mistake of archc, not of a model: it is written into the
/// report instead of being hidden, and a test renders every model in every language to keep it from happening.
pub fn emit(review: &Review, catalog: &Catalog, language: Language, pictures: &[Plate]) -> Vec<Artifact> {
    let subject = Subject { review, catalog, language };
    let text = chapters(subject, pictures).unwrap_or_else(|error| format!("{error}\n"));
    RelPath::new("report.md").map(|path| Artifact { path, bytes: text.into_bytes() }).into_iter().collect()
}

/// All chapters in order, each filled by itself.
fn chapters(subject: Subject<'_>, pictures: &[Plate]) -> Result<String, String> {
    let templates = template::templates(subject.language)?;
    let fill = |name: &str, chapter: Value| {
        let context = Context::from(chapter);
        templates.render_with_context(name, &context).map_err(|error| error.to_string())
    };
    let chapters: [&(dyn Fn() -> Result<String, String> + Sync); 7] = [
        &|| fill("summary", to_json(summary::summary(subject, pictures))),
        &|| fill("infrastructure", to_json(infrastructure::infrastructure(subject))),
        &|| fill("identity", to_json(identity::identity(subject))),
        &|| fill("resources", to_json(resources::resources(subject))),
        &|| fill("interactions", to_json(interactions::interactions(subject))),
        &|| fill("evaluation", to_json(evaluation::evaluation(subject))),
        &|| fill("findings", to_json(findings::findings(subject))),
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

/// A name that a system or a role has, as code.
fn code(name: &Ident) -> Markdown {
    Markdown::code(name)
}
