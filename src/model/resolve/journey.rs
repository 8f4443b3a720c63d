//! Journeys and the pictures a user composes.

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{DUPLICATE_NAME, STEP_WITHOUT_FLOW, UNKNOWN_SETTING, WRONG_SORT};
use crate::model::{FlowId, Journey, Selector, ServiceId, UserView};
use crate::syntax::ast::{self, Argument, Quoted, Setting, Statement};
use crate::text::{Ident, Phrase, Span, Spanned, Text, one_of, phrase};

/// Resolves journeys and views.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        match item.statement {
            Statement::Journey(journey) => add_journey(builder, journey, item.prefix),
            Statement::View(view) => add_view(builder, view, item.prefix),
            _ => (),
        }
    }
}

fn title(title: Option<&Quoted>, name: &Ident) -> Text {
    title.map_or_else(|| Text::new(name.as_str()), |title| title.value.clone())
}

fn add_journey(builder: &mut Builder<'_>, journey: &ast::Journey, prefix: Option<&Ident>) {
    let Some(name) = &journey.name else { return };
    if let Some(earlier) =
        builder.model.journeys.iter().find(|known| known.name == name.value).map(|known| known.span)
    {
        let finding = DUPLICATE_NAME.at(name.span).message(phrase!(
            "the journey `{}` is declared twice",
            "el recorrido `{}` se declara dos veces",
            name.value
        ));
        builder.report(finding.label(earlier, Phrase::new("declared here first", "declarado aquí primero")));
    }
    let places: Vec<Span> =
        journey.steps.iter().filter_map(|step| Some(step.first()?.span.to(step.last()?.span))).collect();
    let steps: Vec<Vec<ServiceId>> =
        journey.steps.iter().map(|step| builder.find_services(step, prefix)).collect();
    let mut flows = Vec::new();
    for ((from, to), place) in steps.iter().zip(steps.iter().skip(1)).zip(places.iter().skip(1)) {
        flows.push(step_flows(builder, from, to, *place));
    }
    let title = title(journey.title.as_ref(), &name.value);
    builder.model.journeys.push(Journey {
        name: name.value.clone(),
        title,
        steps,
        flows,
        span: journey.span,
    });
}

/// The flows between one step and the next; reports members that none reaches.
fn step_flows(builder: &mut Builder<'_>, from: &[ServiceId], to: &[ServiceId], place: Span) -> Vec<FlowId> {
    let mut all = Vec::new();
    for &target in to {
        let between: Vec<FlowId> = builder
            .model
            .whole_flows()
            .filter(|(_, flow)| flow.to == target && from.contains(&flow.from))
            .map(|(id, _)| id)
            .collect();
        if between.is_empty() && !from.is_empty() {
            let name = builder.model.services[target].name.clone();
            let sources: Vec<String> =
                from.iter().map(|id| format!("`{}`", builder.model.services[*id].name)).collect();
            let message = Phrase::new(
                format!("no flow goes from {} to `{name}`", sources.join(" or ")),
                format!("ningún flujo va de {} a `{name}`", sources.join(" o ")),
            );
            builder.report(STEP_WITHOUT_FLOW.at(place).message(message).help(Phrase::new(
                "draw the arrow, or take the step out",
                "dibuja la flecha, o quita el paso",
            )));
        }
        all.extend(between);
    }
    all
}

fn add_view(builder: &mut Builder<'_>, view: &ast::View, prefix: Option<&Ident>) {
    let Some(name) = &view.name else { return };
    let mut result = UserView {
        title: title(view.title.as_ref(), &name.value),
        name: name.value.clone(),
        show: Vec::new(),
        hide: Vec::new(),
        neighbours: 0,
        direction: None,
        span: view.span,
    };
    for clause in &view.clauses {
        match clause.name.value.as_str() {
            "show" => result.show.extend(selectors(builder, clause, prefix)),
            "hide" => result.hide.extend(selectors(builder, clause, prefix)),
            "neighbours" => result.neighbours = Reader::new(builder, clause).count().unwrap_or(1),
            "direction" => {
                let wanted = Phrase::new("`right` or `down`", "`right` o `down`");
                let mut reader = Reader::new(builder, clause);
                let known = ["right", "down"].into_iter().find(|word| reader.keyword(word));
                result.direction = known.map(str::to_owned).or_else(|| reader.want(wanted));
            }
            other => unknown_clause(builder, other, clause.name.span),
        }
    }
    if result.show.is_empty() {
        result.show.push(Selector::All);
    }
    builder.model.views.push(result);
}

fn unknown_clause(builder: &mut Builder<'_>, word: &str, span: Span) {
    let finding = UNKNOWN_SETTING.at(span).message(phrase!(
        "a view has no clause `{}`",
        "una vista no tiene la cláusula `{}`",
        Ident::sanitized(word)
    ));
    builder.report(finding.help(one_of(word, ["show", "hide", "neighbours", "direction"])));
}

/// `products, net, postgres, all`, or `tag team "web"`.
fn selectors(builder: &mut Builder<'_>, clause: &Setting, prefix: Option<&Ident>) -> Vec<Selector> {
    let mut reader = Reader::new(builder, clause);
    if reader.keyword("tag") || reader.keyword("tags") {
        let Some(key) = reader.word(Phrase::new("a tag", "una etiqueta")) else { return Vec::new() };
        return vec![Selector::Tag(key, reader.text_if_any())];
    }
    let words = clause.arguments.iter().filter_map(|argument| match &argument.value {
        Argument::Word(word) => Some((word, argument.span)),
        _ => None,
    });
    words.filter_map(|(word, span)| selector(builder, word, span, prefix)).collect()
}

fn selector(builder: &mut Builder<'_>, word: &str, span: Span, prefix: Option<&Ident>) -> Option<Selector> {
    if word == "all" || word == "*" {
        return Some(Selector::All);
    }
    let name = Spanned::new(Ident::sanitized(word), span);
    if builder.names.find(&name.value, prefix).is_none()
        && let Some(kind) = builder.catalog.by_word(word)
    {
        return Some(Selector::Kind(kind.id.clone()));
    }
    match builder.find(&name, prefix)? {
        Symbol::Service(id) => Some(Selector::Service(id)),
        Symbol::Place(id) => Some(Selector::Place(id)),
        Symbol::Role(_) => {
            builder.reject(
                &WRONG_SORT,
                span,
                phrase!(
                    "`{}` is a role; views show services",
                    "`{}` es un rol; las vistas muestran servicios",
                    name.value
                ),
            );
            None
        }
    }
}
