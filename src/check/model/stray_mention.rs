//! MODEL-708: prose that names something the model does not have.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::Model;
use crate::text::{Ident, Phrase, Span, Text, nearest, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "MODEL-708", title: "narrative and model differ", severity: Severity::Low },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let notes = case.model.notes.iter().map(|note| (&note.text, note.span));
    let decisions = case
        .model
        .decisions
        .iter()
        .flat_map(|decision| decision.parts.iter().map(move |(_, text)| (text, decision.span)));
    notes.chain(decisions).flat_map(|(text, span)| strays(case.model, text, span)).collect()
}

/// One finding for each `@name` that stands for nothing.
fn strays(model: &Model, text: &Text, span: Span) -> Vec<Diagnostic> {
    let unknown = mentions(text).into_iter().filter(|name| !is_known(model, name.as_str()));
    unknown
        .map(|name| {
            let names = model.services.values().map(|service| service.name.as_str());
            let close = nearest(name.as_str(), names);
            let edit = close.map(|close| Edit::word(span, name.as_str(), close));
            let similar =
                close.map(|similar| phrase!("did you mean `@{similar}`?", "¿quería decir `@{similar}`?"));
            let finding = CHECK.rule.at(span).message(phrase!(
                "the text speaks of `@{name}`, which is not in the model",
                "el texto habla de `@{name}`, que no está en el modelo"
            ));
            finding
                .fix(Phrase::new("correct the name", "corregir el nombre"), edit.into_iter().collect())
                .maybe_help(similar)
                .help(Phrase::new(
                    "correct the reference, or declare what it names",
                    "corrige la referencia, o declara lo que nombra",
                ))
                .subject(name.as_str())
        })
        .collect()
}

/// The names after `@`, once each; an `@` inside a word is an address.
fn mentions(text: &Text) -> Vec<Ident> {
    let mut found: Vec<Ident> = Vec::new();
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = c == '@' && !before.is_alphanumeric();
        before = c;
        if !begins {
            continue;
        }
        let mut word = String::new();
        while let Some(next) =
            rest.next_if(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '.'))
        {
            word.push(next);
        }
        before = word.chars().last().unwrap_or(before);
        let name = Ident::new(word.trim_end_matches(['.', '-']));
        found.extend(name.filter(|name| !found.contains(name)));
    }
    found
}

fn is_known(model: &Model, name: &str) -> bool {
    model.service(name).is_some()
        || model.system.name.as_str() == name
        || model.places.values().any(|place| place.name.as_str() == name)
        || model.roles.values().any(|role| role.name.as_str() == name)
        || model.journeys.iter().any(|journey| journey.name.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_mention() {
        let found = mentions(&Text::new("write to ops@example.com about @front, @sales.dlq. (@front) @"));
        let found: Vec<&str> = found.iter().map(Ident::as_str).collect();
        assert_eq!(found, ["front", "sales.dlq"]);
    }
}
