//! The templates of the report, put together from what the build read.
//!
//! Handlebars reads a template at some thousand instructions a byte; `build.rs` does that once, and a run only copies.

use handlebars::template::{
    ExpressionSpec, ExpressionSpecBuilder, HelperTemplate, Parameter, Template, TemplateElement,
};
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, Path, PathSeg, RenderContext,
    RenderErrorReason, Renderable as _,
};
use serde::Deserialize;

use crate::text::Language;

include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// What stands in a template.
#[derive(Debug, Deserialize)]
enum Part {
    /// Copied as it is.
    Text(String),
    /// A value of the context.
    Value(Word),
    /// A helper with what it is called with, its body and its `else`.
    Block(Word, Vec<Word>, Vec<Self>, Option<Vec<Self>>),
}

/// A name, or the way to a value.
#[derive(Debug, Deserialize)]
enum Word {
    /// A helper.
    Name(String),
    /// Its steps, and how the template writes it.
    Path(Vec<String>, String),
    /// Of a helper, so many blocks up: `@last`.
    Local(usize, String, String),
}

/// `{{#one count}}unit{{else}}units{{/one}}`: the words for one of it, or those for any other number.
struct One;

impl HelperDef for One {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let count = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("one", 0))?.value();
        let is_one = count.as_u64() == Some(1) || count.as_str() == Some("1");
        let words = if is_one { helper.template() } else { helper.inverse() };
        words.map_or(Ok(()), |words| words.render(registry, context, state, out))
    }
}

/// The templates of a language; a missing value is an error (strict mode), and nothing is escaped: values are Markdown.
pub(super) fn templates(language: Language) -> Result<Handlebars<'static>, String> {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(handlebars::no_escape);
    handlebars.register_helper("one", Box::new(One));
    let texts = match language {
        Language::En => ENGLISH,
        Language::Es => SPANISH,
    };
    for (name, json) in texts {
        let parts: Vec<Part> = serde_json::from_str(json).map_err(|error| format!("{name}: {error}"))?;
        handlebars.register_template(name, template(parts)?);
    }
    Ok(handlebars)
}

fn template(parts: Vec<Part>) -> Result<Template, String> {
    let mut template = Template::new();
    template.elements = parts.into_iter().map(element).collect::<Result<_, _>>()?;
    Ok(template)
}

fn element(part: Part) -> Result<TemplateElement, String> {
    Ok(match part {
        Part::Text(text) => TemplateElement::RawString(text),
        Part::Value(value) => {
            TemplateElement::Expression(Box::new(HelperTemplate::new(call(value, Vec::new())?, false, false)))
        }
        Part::Block(helper, of, body, otherwise) => {
            let mut block = HelperTemplate::new(call(helper, of)?, true, false);
            block.template = Some(template(body)?);
            block.inverse = otherwise.map(template).transpose()?;
            TemplateElement::HelperBlock(Box::new(block))
        }
    })
}

/// What is called, and with what.
fn call(name: Word, of: Vec<Word>) -> Result<ExpressionSpec, String> {
    ExpressionSpecBuilder::default()
        .name(parameter(name))
        .params(of.into_iter().map(parameter).collect::<Vec<_>>())
        .hash([].into())
        .omit_pre_ws(false)
        .omit_pro_ws(false)
        .build()
        .map_err(|error| error.to_string())
}

fn parameter(word: Word) -> Parameter {
    match word {
        Word::Name(name) => Parameter::Name(name),
        Word::Path(steps, written) => {
            Parameter::Path(Path::Relative((steps.into_iter().map(PathSeg::Named).collect(), written)))
        }
        Word::Local(level, name, written) => Parameter::Path(Path::Local((level, name, written))),
    }
}
